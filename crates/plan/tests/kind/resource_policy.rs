//! The delegation policy: one for the organization, marked by tags.

use crate::support::{plan_of, replan, steps};

const POLICY: &str = "resourcePolicy: {document: {Version: \"2012-10-17\", Statement: [{Sid: a, Effect: Allow, Principal: {AWS: \"444455556666\"}, Action: \"organizations:ListAccounts\", Resource: \"*\"}]}}\nunits: {A: }";

#[test]
fn it_is_created_once_and_then_there() {
    assert!(steps(&plan_of(POLICY, "{}")).contains(&"create resource-policy".to_owned()));
    assert_eq!(steps(&replan(POLICY, "{}", POLICY)), Vec::<String>::new());
}

#[test]
fn nobodys_is_adopted_and_anothers_is_refused() {
    let world = |mark: &str| {
        format!("resourcePolicy: {{{mark} document: {{Statement: []}}}}\nunits: {{A: {{mark: acme}}}}")
    };
    assert_eq!(steps(&plan_of(POLICY, &world(""))), ["adopt resource-policy"]);
    let plan = plan_of(POLICY, &world("mark: globex,"));
    assert_eq!((steps(&plan), plan.refusals[0].code.as_str()), (Vec::new(), "other-owner"));
}

#[test]
fn nobodys_stays_where_the_manifest_is_silent() {
    let world = "resourcePolicy: {document: {Statement: []}}\nunits: {A: {mark: acme}}";
    assert_eq!(steps(&plan_of("units: {A: }", world)), Vec::<String>::new());
}
