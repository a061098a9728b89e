//! The folded form: `world.json` with seed and time, and a file per service, each table an object of rows by key.

use super::{OpenError, StoreError, failed};
use crate::world::{TableInfo, World, WorldSeed};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The version of the files and the log. A reader refuses any other.
const FORMAT: u32 = 1;
/// The file of the world itself, without its ending.
const WORLD: &str = "world";

type Rows = BTreeMap<String, BTreeMap<String, Value>>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorldFile {
    format_version: u32,
    opened: u64,
    now: Timestamp,
    seed: WorldSeed,
    tables: Rows,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceFile {
    format_version: u32,
    tables: Rows,
}

/// A world as it was read.
pub(super) struct Read {
    pub(super) world: World,
    pub(super) opened: u64,
    pub(super) bytes: u64,
}

/// The names of the files, `world.json` first.
pub(super) fn names(tables: &[TableInfo]) -> Vec<String> {
    let files: BTreeSet<&str> = tables.iter().map(TableInfo::file).filter(|file| *file != WORLD).collect();
    [WORLD].into_iter().chain(files).map(|file| format!("{file}.json")).collect()
}

/// Reads the world of a directory; none when there is no `world.json`.
pub(super) fn read(dir: &Path, tables: &[TableInfo]) -> Result<Option<Read>, OpenError> {
    let path = dir.join("world.json");
    if !path.exists() {
        return Ok(None);
    }
    let broken = |path: &Path, what: String| OpenError::Broken { path: path.to_owned(), what };
    let text = std::fs::read(&path).map_err(failed("read", &path))?;
    let file: WorldFile = serde_json::from_slice(&text).map_err(|error| broken(&path, error.to_string()))?;
    if file.format_version != FORMAT {
        return Err(broken(&path, format!("its format is {}, not {FORMAT}", file.format_version)));
    }
    let mut bytes = text.len() as u64;
    let mut world = World::new(file.seed);
    world.advance(file.now);
    load(&mut world, file.tables, tables).map_err(|what| broken(&path, what))?;
    for name in names(tables).iter().skip(1) {
        let path = dir.join(name);
        if !path.exists() {
            continue;
        }
        let text = std::fs::read(&path).map_err(failed("read", &path))?;
        let file: ServiceFile =
            serde_json::from_slice(&text).map_err(|error| broken(&path, error.to_string()))?;
        if file.format_version != FORMAT {
            return Err(broken(&path, format!("its format is {}, not {FORMAT}", file.format_version)));
        }
        bytes += text.len() as u64;
        load(&mut world, file.tables, tables).map_err(|what| broken(&path, what))?;
    }
    Ok(Some(Read { world, opened: file.opened, bytes }))
}

fn load(world: &mut World, rows: Rows, tables: &[TableInfo]) -> Result<(), String> {
    for (name, rows) in rows {
        let table = tables.iter().find(|table| table.name == name);
        let table = table.ok_or_else(|| format!("there is no table `{name}`"))?;
        for (key, row) in rows {
            let row = (table.decode)(row).map_err(|error| format!("`{key}` of `{name}`: {error}"))?;
            world.replay(table.name, &key, Some(row));
        }
    }
    Ok(())
}

/// Writes every file beside its place and moves it there; returns the bytes written. `world.json` comes last: without
/// it a directory holds no world.
pub(super) fn write(dir: &Path, world: &World, opened: u64, tables: &[TableInfo]) -> Result<u64, StoreError> {
    let mut bytes = 0;
    for name in names(tables).iter().rev() {
        let mut rows = Rows::new();
        for table in tables.iter().filter(|table| Some(table.file()) == name.strip_suffix(".json")) {
            let values = world.rows(table.name).map(|(key, row)| (key.clone(), row.value()));
            rows.insert(table.name.to_owned(), values.collect());
        }
        let path = dir.join(name);
        let text = if name == "world.json" {
            let file = WorldFile {
                format_version: FORMAT,
                opened,
                now: world.now(),
                seed: world.seed().clone(),
                tables: rows,
            };
            serde_json::to_string_pretty(&file)
        } else {
            serde_json::to_string_pretty(&ServiceFile { format_version: FORMAT, tables: rows })
        };
        let text = text.map_err(|error| failed("write", &path)(error.into()))?;
        let beside = dir.join(format!("{name}.new"));
        std::fs::write(&beside, &text).map_err(failed("write", &beside))?;
        std::fs::rename(&beside, &path).map_err(failed("replace", &path))?;
        bytes += text.len() as u64;
    }
    Ok(bytes)
}
