//! The JSON Schema judged by another program: what loads is accepted, what has a wrong shape is refused.
#![expect(clippy::unwrap_used, reason = "a failing test shows where")]

use glidepath_manifest::render::short;
use glidepath_manifest::{load, schema};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn manifests() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario");
    let mut found: Vec<(String, PathBuf)> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path.join("manifest.yaml")))
        .filter(|(_, manifest)| manifest.is_file())
        .collect();
    found.sort();
    found
}

fn as_json(manifest: &Path) -> Option<Value> {
    serde_yaml::from_str(&std::fs::read_to_string(manifest).ok()?).ok()
}

#[test]
fn every_manifest_that_loads_is_accepted() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut count = 0;
    for (name, manifest) in manifests() {
        if load(&manifest).manifest.is_none() {
            continue;
        }
        let value = as_json(&manifest).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {}", errors.join("; "));
        count += 1;
    }
    assert!(count >= 5, "{count}");
}

/// The `*.yaml` files directly in a folder as one value, maps merged key by key.
fn merged(folder: &Path) -> Value {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    files.sort();
    let mut whole = Value::Object(serde_json::Map::new());
    for file in files {
        merge(&mut whole, as_json(&file).unwrap());
    }
    whole
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

#[test]
fn every_example_loads_and_is_accepted() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut count = 0;
    for folder in
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        let loaded = load(&folder);
        assert!(loaded.manifest.is_some(), "{}", short(&loaded.diagnostics, &loaded.sources));
        let errors: Vec<String> =
            validator.iter_errors(&merged(&folder)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {}", folder.display(), errors.join("; "));
        count += 1;
    }
    assert!(count >= 2, "{count}");
}

#[test]
fn what_has_a_wrong_shape_is_refused() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let wrong =
        ["GP0101-", "GP0102-missing", "GP0103-", "GP0105-", "GP0106-", "GP0110-", "GP0111-", "GP0201-"];
    let mut count = 0;
    for (name, manifest) in manifests() {
        if wrong.iter().any(|start| name.starts_with(start)) {
            assert!(!validator.is_valid(&as_json(&manifest).unwrap()), "{name}");
            count += 1;
        }
    }
    assert!(count >= wrong.len(), "{count}");
}
