//! Mutating calls from the wire to the disk: counted, journalled, undone, throttled, broken.

use super::{KEY, MANAGEMENT, answer, json_request, options};
use crate::{Consistency, Fault, Rates, Sandbox};
use jiff::ToSpan as _;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn call(sandbox: &Sandbox, operation: &str, request: &Value) -> (u16, Value) {
    let target = format!("AWSOrganizationsV20161128.{operation}");
    let (status, body) = answer(sandbox, json_request(KEY, &target, request));
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

/// A member of everything that a listing returns, over all pages.
fn listed(
    sandbox: &Sandbox,
    operation: &str,
    mut request: Value,
    (list, member): (&str, &str),
) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let page = sandbox.call_json(MANAGEMENT, "organizations", operation, request.clone()).unwrap();
        let items = page[list].as_array().unwrap();
        found.extend(items.iter().map(|item| item[member].as_str().unwrap().to_owned()));
        match page.get("NextToken") {
            Some(token) => request["NextToken"] = token.clone(),
            None => return found,
        }
    }
}

pub(super) fn root(sandbox: &Sandbox) -> String {
    listed(sandbox, "ListRoots", json!({}), ("Roots", "Id")).remove(0)
}

/// The names of the units under the root.
fn units(sandbox: &Sandbox) -> Vec<String> {
    let request = json!({"ParentId": root(sandbox)});
    listed(sandbox, "ListOrganizationalUnitsForParent", request, ("OrganizationalUnits", "Name"))
}

#[test]
fn a_mutating_call_is_counted_and_leaves_one_line_and_a_refused_one_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(dir.path(), options()).unwrap();
    let request = json!({"ParentId": root(&sandbox), "Name": "Security"});
    assert_eq!(call(&sandbox, "CreateOrganizationalUnit", &request).0, 200);
    let (status, refused) = call(&sandbox, "CreateOrganizationalUnit", &request);
    assert_eq!((status, &refused["__type"]), (400, &json!("DuplicateOrganizationalUnitException")));
    assert_eq!(units(&sandbox), ["Security"]);
    let log = std::fs::read_to_string(dir.path().join("log.jsonl")).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert_eq!(lines[0]["operation"], "organizations:CreateOrganizationalUnit");
    let calls = &sandbox.canonical_dump()["world.calls"];
    assert_eq!(calls["organizations:CreateOrganizationalUnit"]["times"], 1, "{calls}");
}

#[test]
fn the_same_calls_in_another_order_end_in_the_same_dump() {
    let make = |names: [&str; 3]| {
        let sandbox = Sandbox::in_memory(options());
        let parent = root(&sandbox);
        for name in names {
            sandbox.advance(sandbox.now() + 1.second()).unwrap();
            assert_eq!(
                call(&sandbox, "CreateOrganizationalUnit", &json!({"ParentId": parent, "Name": name})).0,
                200
            );
        }
        sandbox.canonical_dump()
    };
    assert_eq!(make(["One", "Two", "Three"]), make(["Three", "One", "Two"]));
    assert_ne!(make(["One", "Two", "Three"]), make(["Three", "One", "Four"]));
}

#[test]
fn a_request_that_breaks_a_shape_is_refused_with_its_reason() {
    let sandbox = Sandbox::in_memory(options());
    let (status, body) = call(&sandbox, "CreateOrganizationalUnit", &json!({"ParentId": "r-ab12"}));
    assert_eq!(status, 400);
    assert_eq!(
        (&body["__type"], &body["Reason"]),
        (&json!("InvalidInputException"), &json!("INPUT_REQUIRED"))
    );
    assert!(body["Message"].as_str().unwrap().contains("at 'name'"), "{body}");
}

#[test]
fn a_connection_that_breaks_after_the_effect_leaves_the_effect() {
    for (plan, wanted) in [("reset-after=1", vec!["Security"]), ("reset-before=1", vec![])] {
        let mut options = options();
        options.faults = Some(plan.parse().unwrap());
        let sandbox = Sandbox::in_memory(options);
        let request = json!({"ParentId": root(&sandbox), "Name": "Security"});
        let request = json_request(KEY, "AWSOrganizationsV20161128.CreateOrganizationalUnit", &request);
        let fault = sandbox.call(sandbox.now(), request).unwrap_err();
        assert_eq!(fault, Fault::ConnectionReset { after_effect: !wanted.is_empty() });
        assert_eq!(units(&sandbox), wanted);
    }
}

#[test]
fn conflicts_strike_writes_only_by_the_errors_they_have_and_leave_nothing() {
    let mut options = options();
    options.faults = Some("concurrent=1".parse().unwrap());
    let sandbox = Sandbox::in_memory(options);
    assert_eq!(call(&sandbox, "DescribeOrganization", &json!({})).0, 200);
    let root = root(&sandbox);
    let codes = |operation: &str, request: &Value| -> BTreeSet<String> {
        let each = (0..20).map(|_| call(&sandbox, operation, request).1);
        each.map(|body| body["__type"].as_str().unwrap().to_owned()).collect()
    };
    let concurrent = "ConcurrentModificationException".to_owned();
    let unit = codes("CreateOrganizationalUnit", &json!({"ParentId": root, "Name": "Security"}));
    assert_eq!(unit, BTreeSet::from([concurrent.clone()]));
    let attach = codes("AttachPolicy", &json!({"PolicyId": "p-12345678", "TargetId": root}));
    assert_eq!(attach, BTreeSet::from([concurrent, "PolicyChangesInProgressException".to_owned()]));
    assert_eq!(units(&sandbox), Vec::<String>::new());
}

#[test]
fn calls_above_the_published_rate_are_throttled_until_the_bucket_fills() {
    let mut options = options();
    options.rates = Rates::Published;
    let sandbox = Sandbox::in_memory(options);
    let describe = || call(&sandbox, "DescribeOrganization", &json!({}));
    assert_eq!([describe().0, describe().0], [200, 200]);
    let (status, body) = describe();
    assert_eq!((status, &body["__type"]), (400, &json!("TooManyRequestsException")));
    sandbox.advance(sandbox.now() + 1.second()).unwrap();
    assert_eq!(describe().0, 200);
}

#[test]
fn readers_see_a_write_late_and_writers_see_it_at_once() {
    let mut options = options();
    options.consistency = Consistency::Eventual;
    let sandbox = Sandbox::in_memory(options);
    let request = json!({"ParentId": root(&sandbox), "Name": "Security"});
    assert_eq!(call(&sandbox, "CreateOrganizationalUnit", &request).0, 200);
    assert_eq!(units(&sandbox), Vec::<String>::new());
    let (_, again) = call(&sandbox, "CreateOrganizationalUnit", &request);
    assert_eq!(again["__type"], "DuplicateOrganizationalUnitException");
    sandbox.advance(sandbox.now() + 5.seconds()).unwrap();
    assert_eq!(units(&sandbox), ["Security"]);
}
