//! Who is in a group: everybody whom the manifest names and nobody else, where it names anybody.

use crate::support::{plan_of, replan, steps};
use glidepath_plan::Danger;
use glidepath_plan::danger::dangers;

fn body(members: &str) -> String {
    format!("identity: {{directory: managed, users: {{anna: , bela: }}, groups: {{platform: {members}}}}}\n")
}

#[test]
fn members_come_after_their_group_and_themselves() {
    assert_eq!(
        steps(&plan_of(&body("{members: [anna, bela]}"), "")),
        ["create group/platform", "create user/anna", "create user/bela", "create membership/platform"]
    );
}

#[test]
fn whoever_is_not_named_is_taken_out_which_is_dangerous() {
    let plan = replan(&body("{members: [anna, bela]}"), "", &body("{members: [anna]}"));
    assert_eq!(steps(&plan), ["update membership/platform"]);
    assert_eq!(dangers(&plan).into_values().collect::<Vec<_>>(), [Danger::Dangerous]);
}

#[test]
fn a_group_about_whose_members_nothing_is_said_keeps_them() {
    let plan = replan(&body("{members: [anna]}"), "", &body(""));
    assert_eq!(steps(&plan), Vec::<String>::new());
}

#[test]
fn a_new_group_of_nobody_is_made_without_members() {
    assert_eq!(steps(&plan_of(&body("{members: []}"), "")).len(), 3);
}
