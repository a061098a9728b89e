//! Files of expectations: what is read, and what is said about files that are wrong.
#![expect(clippy::unwrap_used, reason = "a failing test shows where")]

use glidepath_manifest::render::{Colour, human};
use glidepath_manifest::{Expected, Manifest, expectations_schema, load_expectations, load_text};
use std::path::{Path, PathBuf};

const MANIFEST: &str = "\
glidepath: 1
organization:
  name: acme
  management: {name: acme-root, id: \"111122223333\"}
  home: eu-west-1
  regions: [eu-west-1]
  email: aws+{account}@example.com
units:
  Sandbox: {accounts: {play: {tags: {stage: dev}}}}
";

fn manifest() -> Manifest {
    load_text("m.yaml", MANIFEST).manifest.unwrap()
}

/// What is said about a file of this text.
fn said(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("e.yaml");
    std::fs::write(&path, text).unwrap();
    let loaded = load_expectations(&[path], &manifest());
    let text = human(&loaded.diagnostics, &loaded.sources, Colour::Never);
    text.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn a_file_is_read_with_lists_single_values_and_absent_keys() {
    let folder = tempfile::tempdir().unwrap();
    let file = "\
expectations:
  - says: nobody leaves
    expect: denied
    on: [Sandbox, \"tag:stage=dev\"]
    as: role/developer
    action: [organizations:LeaveOrganization, account:CloseAccount]
    context: {\"aws:RequestedRegion\": us-east-1, \"aws:MultiFactorAuthPresent\": , \"aws:TagKeys\": [a, b]}
";
    std::fs::write(folder.path().join("e.yaml"), file).unwrap();
    let loaded = load_expectations(&[folder.path().to_owned()], &manifest());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    assert_eq!(loaded.expectations.len(), 1);
    let one = &loaded.expectations[0];
    assert_eq!((one.wants, one.on.len(), one.actions.len()), (Expected::Denied, 2, 2));
    assert_eq!(one.resources, ["*"]);
    assert_eq!(one.context["aws:TagKeys"], ["a", "b"]);
    assert!(one.context["aws:MultiFactorAuthPresent"].is_empty());
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_the_nearest_name() {
    let text = said(
        "expectations:\n  - {says: a, expect: refused, on: [Sandbx], as: developer, action: s3:Get*}\n  \
         - {says: b, expect: allowed, as: role/x, action: s3:GetObject, resource: bucket, resourceAccount: pay, of: x}\n",
    );
    for wanted in [
        "`refused` is no answer",
        "there is no unit `Sandbx`",
        "Sandbox",
        "`developer` is not a principal",
        "`s3:Get*` is not an action",
        "`bucket` is not a resource",
        "there is no account `pay`",
        "has no key `of`",
    ] {
        assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
    }
}

#[test]
fn a_file_that_is_not_there_and_one_that_is_no_yaml_are_told() {
    let nowhere = load_expectations(&[PathBuf::from("/no/such/file.yaml")], &manifest());
    assert_eq!(nowhere.diagnostics.len(), 1);
    assert!(said("expectations: [").contains("GP0004"));
    assert!(said("").contains("expectations"), "an empty file misses its key");
}

#[test]
fn the_schema_accepts_the_files_of_the_examples() {
    let validator = jsonschema::validator_for(&expectations_schema()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/enterprise/expectations");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let value: serde_json::Value = serde_yaml::from_str(&text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}
