//! Policies: found by type and name; nobody's are adopted, those of others never touched.

use crate::support::{replan, steps};

const P: &str = "units: {A: }\npolicies: {p: {type: tag, document: {tags: {a: {}}}}}";

#[test]
fn a_document_that_somebody_changed_is_shown_field_by_field() {
    let plan = replan(P, "policies: {tag/p: {mark: acme, document: {tags: {a: {}, b: {}}}}}", P);
    let paths: Vec<String> =
        plan.changes[0].action.fields().iter().map(|field| field.path.join(".")).collect();
    assert_eq!(paths, ["document.tags.b"]);
}

#[test]
fn a_document_written_in_another_way_is_the_same() {
    let before = P.replace("{tags: {a: {}}}", "{\"tags\": {\"a\": {  }}}");
    assert_eq!(steps(&replan(&before, "{}", P)), Vec::<String>::new());
}

#[test]
fn a_policy_that_left_the_manifest_is_deleted_and_one_without_our_mark_is_not() {
    let world = "policies: {tag/theirs: {document: {}}, scp/glidepath-lock: {mark: acme, document: {}}}";
    let plan = replan(P, &format!("policyTypes: {{scp: enabled}}\n{world}"), "units: {A: }");
    assert_eq!(steps(&plan), ["delete policy/tag/p"]);
    assert_eq!(plan.foreign.get("policy"), Some(&1));
}

#[test]
fn a_policy_whose_tags_were_not_read_is_not_changed() {
    let plan = replan(P, "policies: {tag/p: {mark: unread, document: {tags: {}}}}", P);
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(plan.withheld.len(), 1);
}
