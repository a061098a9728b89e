//! Users of a managed directory: made, changed in place, left alone, and deleted only where that is said.

use crate::support::{plan_of, replan, steps};
use glidepath_plan::Spec;

fn body(users: &str) -> String {
    format!("identity: {{directory: managed, users: {{{users}}}}}\n")
}

#[test]
fn a_user_is_made_with_a_name_to_show() {
    let plan = plan_of(&body("anna: {given: Anna, family: Example, email: anna@example.com}"), "");
    assert_eq!(steps(&plan), ["create user/anna"]);
    let Some(Spec::User(spec)) = plan.changes[0].action.after() else { panic!() };
    assert_eq!((spec.display.as_str(), spec.email.as_str()), ("Anna Example", "anna@example.com"));
}

#[test]
fn another_address_is_changed_in_place_and_a_user_who_leaves_stays() {
    let before = body("anna: {given: Anna, family: Example}, bela: ");
    let plan = replan(&before, "", &body("anna: {given: Anna, family: Example, email: a@example.com}"));
    assert_eq!(steps(&plan), ["update user/anna"]);
}

#[test]
fn a_user_who_is_stated_absent_goes() {
    let plan = replan(&body("anna: "), "", &body("anna: {absent: true}"));
    assert_eq!(steps(&plan), ["delete user/anna"]);
}
