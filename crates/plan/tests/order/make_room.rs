//! A full target makes room first, and says so.

use super::{scp, waits};
use crate::support::replan;

fn body(names: &[String]) -> String {
    let policies: Vec<String> = names.iter().map(|name| scp(name, "Deny", "s3:*", "A")).collect();
    format!("units: {{A: }}\npolicies:\n{}", policies.concat())
}

fn names(prefix: &str, numbers: std::ops::Range<u32>) -> Vec<String> {
    numbers.map(|at| format!("{prefix}{at}")).collect()
}

#[test]
fn without_a_free_place_one_is_detached_for_each_attached_and_the_moment_is_told() {
    let plan = replan(&body(&names("p", 0..9)), "{}", &body(&[names("p", 1..9), names("q", 0..1)].concat()));
    assert!(waits(&plan, "attachment/scp/q0@A", "attachment/scp/p0@A"));
    assert!(!waits(&plan, "attachment/scp/p0@A", "attachment/scp/q0@A"));
    let note = "an open moment: it comes before `attachment/scp/q0@A`, and until that is done something may be \
                allowed that is denied before and after";
    let notes = plan.changes.iter().flat_map(|change| &change.notes);
    assert_eq!(notes.filter(|note| note.contains("moment")).collect::<Vec<_>>(), [note]);
}

#[test]
fn with_a_free_place_attaching_comes_first() {
    let plan = replan(&body(&names("p", 0..8)), "{}", &body(&[names("p", 2..8), names("q", 0..2)].concat()));
    assert!(waits(&plan, "attachment/scp/p0@A", "attachment/scp/q0@A"));
    assert!(
        waits(&plan, "attachment/scp/q1@A", "attachment/scp/p0@A"),
        "one place is free, the second is made"
    );
}
