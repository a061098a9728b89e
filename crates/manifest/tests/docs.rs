//! The generated pages and the schema are what the tables say; `UPDATE_DOCS=1` rewrites them.
#![expect(clippy::unwrap_used, reason = "a failing test shows where")]

use glidepath_manifest::{
    codes_markdown, expectations_markdown, expectations_schema, reference_markdown, schema,
};
use std::path::Path;

fn up_to_date(relative: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(relative);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{relative} is stale: run the tests once with UPDATE_DOCS=1");
}

#[test]
fn the_reference_page_is_up_to_date() {
    up_to_date("docs/reference/manifest.md", &reference_markdown());
}

#[test]
fn the_page_of_codes_is_up_to_date() {
    up_to_date("docs/reference/codes.md", &codes_markdown());
}

#[test]
fn the_schema_is_up_to_date() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    up_to_date("schema/glidepath.schema.json", &text);
}

#[test]
fn the_page_of_expectations_is_up_to_date() {
    up_to_date("docs/reference/expectations.md", &expectations_markdown());
}

#[test]
fn the_schema_of_expectations_is_up_to_date() {
    let text = serde_json::to_string_pretty(&expectations_schema()).unwrap() + "\n";
    up_to_date("schema/expectations.schema.json", &text);
}
