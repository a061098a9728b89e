//! The plan file: what is written is read back, and nothing else is.

use crate::support::{plan_of, replan};
use glidepath_plan::Plan;
use glidepath_plan::file::{DifferenceKind, FileError, compare, read, write};
use serde_json::{Value, json};

fn some_plan() -> Plan {
    let before =
        "units: {A: {accounts: {one: }}, B: }\npolicies: {p: {type: tag, document: {tags: {}}, on: [A]}}";
    replan(before, "units: {A/Hand: {}}", "units: {A: {tags: {x: y}}, B: {accounts: {one: }}, C: }")
}

/// A plan file changed by hand.
fn changed(change: impl Fn(&mut Value)) -> String {
    let mut file: Value = serde_json::from_str(&write(&some_plan())).unwrap();
    change(&mut file);
    file.to_string()
}

#[test]
fn a_plan_comes_back_from_its_file_as_it_was() {
    let plan = some_plan();
    let back = read(&write(&plan)).unwrap();
    assert_eq!(Plan { physical_ids: plan.physical_ids.clone(), ..back }, plan);
}

#[test]
fn key_order_and_spacing_of_a_file_do_not_matter() {
    assert!(read(&changed(|_| ())).is_ok());
}

#[test]
fn another_version_is_refused_before_anything_else_is_read() {
    let text = changed(|file| *file = json!({"format_version": 2, "tool": "9.9.9", "news": true}));
    assert_eq!(read(&text), Err(FileError::Version { found: "2".into(), tool: "9.9.9".into() }));
}

#[test]
fn a_file_that_was_changed_is_refused() {
    let text = changed(|file| file["plan"]["organization"] = json!("globex"));
    assert_eq!(read(&text), Err(FileError::Digest));
}

#[test]
fn unknown_and_missing_fields_are_refused() {
    assert!(matches!(read(&changed(|file| file["more"] = json!(1))), Err(FileError::Form(_))));
    assert_eq!(read("{}"), Err(FileError::Missing("format_version")));
    assert!(matches!(read("plan"), Err(FileError::Json(_))));
    let inner = changed(|file| {
        file["plan"]["more"] = json!(1);
        file["digest"] = json!(glidepath_model::Digest::of(&file["plan"]).as_str());
    });
    assert!(matches!(read(&inner), Err(FileError::Form(fault)) if fault.contains("more")));
}

#[test]
fn equal_plans_do_not_differ_and_others_differ_by_address() {
    let one = plan_of("units: {A: {tags: {x: y}}, B: }", "units: {A: {mark: acme}}");
    let two = plan_of("units: {A: {tags: {x: z}}, C: }", "units: {A: {mark: acme}}");
    assert_eq!(compare(&one, &one), []);
    let shown: Vec<String> = compare(&one, &two)
        .into_iter()
        .map(|difference| match difference.kind {
            DifferenceKind::OnlyReviewed => format!("- {}", difference.address),
            DifferenceKind::OnlyNow => format!("+ {}", difference.address),
            DifferenceKind::Differs(fields) => {
                format!("~ {} {}", difference.address, fields[0].path.join("."))
            }
        })
        .collect();
    assert_eq!(shown, ["~ unit/A update.after.unit.tags.x", "- unit/B", "+ unit/C"]);
}

#[test]
fn a_plan_of_another_organization_differs_even_if_it_changes_nothing() {
    let one = plan_of("units: {A: }", "units: {A: {mark: acme}}");
    let two = Plan { organization_id: None, ..one.clone() };
    assert_eq!(compare(&one, &two).len(), 1);
}
