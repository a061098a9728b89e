//! `log.jsonl`: one line per call that changed something, with the whole rows it left behind.

use super::{OpenError, StoreError, failed};
use crate::world::{Change, Row, TableInfo};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A line as it is written. A row that is null was deleted.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    now: Timestamp,
    operation: String,
    rows: Vec<StoredRow>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredRow {
    table: String,
    key: String,
    row: Option<Value>,
}

/// A line as it is repeated.
pub(super) struct Line {
    pub(super) now: Timestamp,
    pub(super) rows: Vec<LineRow>,
}

pub(super) struct LineRow {
    pub(super) table: &'static str,
    pub(super) key: String,
    pub(super) row: Option<Arc<dyn Row>>,
}

/// The log, open at its end.
#[derive(Debug)]
pub(super) struct Log {
    file: File,
    path: PathBuf,
    bytes: u64,
}

impl Log {
    /// Reads the log, drops a last line that was not finished, and opens it for more.
    pub(super) fn open(path: &Path, tables: &[TableInfo]) -> Result<(Self, Vec<Line>), OpenError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed("read", path)(error).into()),
        };
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let finished = bytes.get(..whole).unwrap_or_default();
        let mut lines = Vec::new();
        for (at, text) in finished.split(|byte| *byte == b'\n').filter(|text| !text.is_empty()).enumerate() {
            let line = read_line(text, tables);
            lines.push(line.map_err(|what| OpenError::Broken {
                path: path.to_owned(),
                what: format!("line {}: {what}", at + 1),
            })?);
        }
        let opened = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let file = opened.map_err(failed("open", path))?;
        let mut log = Self { file, path: path.to_owned(), bytes: whole as u64 };
        log.cut()?;
        Ok((log, lines))
    }

    /// Cuts the file to what is known to be whole.
    fn cut(&mut self) -> Result<(), StoreError> {
        let cut = self.file.set_len(self.bytes).and_then(|()| self.file.seek(SeekFrom::Start(self.bytes)));
        cut.map(|_| ()).map_err(failed("cut", &self.path))
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends one line, in one write.
    pub(super) fn append(
        &mut self,
        now: Timestamp,
        operation: &str,
        changes: &[Change],
    ) -> Result<(), StoreError> {
        let rows = changes.iter().map(|change| StoredRow {
            table: change.table.to_owned(),
            key: change.key.clone(),
            row: change.after.as_ref().map(|row| row.value()),
        });
        let line = Stored { now, operation: operation.to_owned(), rows: rows.collect() };
        let text =
            serde_json::to_string(&line).map_err(|error| failed("write", &self.path)(error.into()))? + "\n";
        if let Err(error) = self.file.write_all(text.as_bytes()) {
            // Half a line must not stand before the next one.
            self.cut()?;
            return Err(failed("write", &self.path)(error));
        }
        self.bytes += text.len() as u64;
        Ok(())
    }

    pub(super) fn empty(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        self.cut()
    }
}

fn read_line(text: &[u8], tables: &[TableInfo]) -> Result<Line, String> {
    let stored: Stored = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let rows = stored.rows.into_iter().map(|row| {
        let table = tables.iter().find(|table| table.name == row.table);
        let table = table.ok_or_else(|| format!("there is no table `{}`", row.table))?;
        let decoded = row.row.map(table.decode).transpose().map_err(|error| error.to_string())?;
        Ok(LineRow { table: table.name, key: row.key, row: decoded })
    });
    Ok(Line { now: stored.now, rows: rows.collect::<Result<_, String>>()? })
}
