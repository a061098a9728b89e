//! Reads under eventual consistency.

use super::{MANAGEMENT, options};
use crate::service::tagging::put_tags;
use crate::{Consistency, Sandbox};
use glidepath_model::Tags;
use jiff::ToSpan as _;
use serde_json::json;

fn listed(sandbox: &Sandbox) -> usize {
    let answer =
        sandbox.call_json(MANAGEMENT, "resourcegroupstaggingapi", "GetResources", json!({})).unwrap();
    answer["ResourceTagMappingList"].as_array().unwrap().len()
}

fn tag(sandbox: &Sandbox, count: u32) {
    sandbox.change(|world| {
        for number in 0..count {
            let arn = format!("arn:aws:organizations::{MANAGEMENT}:account/o-a1b2c3d4e5/{number:012}");
            put_tags(world, &arn, Tags::from([("k".to_owned(), "v".to_owned())]));
        }
    });
}

#[test]
fn writes_become_visible_one_by_one_and_all_within_five_seconds() {
    let mut options = options();
    options.consistency = Consistency::Eventual;
    let sandbox = Sandbox::in_memory(options);
    let start = sandbox.now();
    tag(&sandbox, 20);
    let seen: Vec<usize> = (0..=5)
        .map(|second: i64| {
            sandbox.advance(start + second.seconds()).unwrap();
            listed(&sandbox)
        })
        .collect();
    assert!(seen[0] == 0 && seen[5] == 20 && seen.is_sorted(), "{seen:?}");
    assert!(seen[2] > 0 && seen[2] < 20, "delays vary: {seen:?}");
}

#[test]
fn what_is_not_visible_yet_survives_a_snapshot() {
    let mut options = options();
    options.consistency = Consistency::Eventual;
    let sandbox = Sandbox::in_memory(options.clone());
    tag(&sandbox, 20);
    let late = Sandbox::from_snapshot(sandbox.snapshot(), options.clone());
    assert_eq!(listed(&late), 0);
    options.consistency = Consistency::Strong;
    assert_eq!(listed(&Sandbox::from_snapshot(sandbox.snapshot(), options)), 20);
}
