//! Groups of a managed directory: made, described anew, left alone, and deleted only where that is said.

use crate::support::{plan_of, replan, steps};

fn body(groups: &str) -> String {
    format!("identity: {{directory: managed, groups: {{{groups}}}}}\n")
}

#[test]
fn a_group_is_made_and_described_anew() {
    assert_eq!(steps(&plan_of(&body("platform: "), "")), ["create group/platform"]);
    let plan = replan(&body("platform: "), "", &body("platform: {description: Runs it}"));
    assert_eq!(steps(&plan), ["update group/platform"]);
}

#[test]
fn a_group_that_leaves_the_manifest_stays_and_is_another_s() {
    let plan = replan(&body("platform: , guests: "), "", &body("platform: "));
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(plan.foreign.get("group"), Some(&1));
}

#[test]
fn a_group_that_is_stated_absent_goes_after_its_access() {
    let sets = "units: {W: {accounts: {shop: }}}\n";
    let rest = "permissionSets: {Admin: {managed: [AdministratorAccess]}}";
    let before = format!(
        "{sets}identity: {{directory: managed, groups: {{guests: }}, {rest}, assignments: [{{group: guests, permissionSet: Admin, on: [W]}}]}}\n"
    );
    let after =
        format!("{sets}identity: {{directory: managed, groups: {{guests: {{absent: true}}}}, {rest}}}\n");
    let plan = replan(&before, "", &after);
    assert_eq!(steps(&plan), ["delete assignments/Admin/group:guests", "delete group/guests"]);
}

#[test]
fn a_directory_of_others_is_never_written() {
    let assigned = "units: {W: {accounts: {shop: }}}\nidentity: {permissionSets: {Admin: {managed: [AdministratorAccess]}}, \
                    assignments: [{group: platform, permissionSet: Admin, on: [W]}]}\n";
    let wrote = steps(&plan_of(assigned, ""));
    assert!(!wrote.iter().any(|step| step.contains("group/")), "{wrote:?}");
}
