//! Access that is taken away: in bulk, and from who plans.

use super::gates;
use crate::support::{made, options, replan, zone};
use glidepath_plan::{GateName, Plan, PlanOptions};

const UNITS: &str = "units: {W: {accounts: {a: , b: , c: , d: }}}\n";

fn body(lines: &str) -> String {
    format!(
        "{UNITS}identity:\n  directory: managed\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}, Reader: {{managed: [ReadOnlyAccess]}}}}\n  groups: {{platform: {{members: [anna]}}, others: {{members: [bela]}}}}\n  users: {{anna: , bela: }}\n  assignments: [{lines}]\n"
    )
}

fn line(group: &str, set: &str, on: &str) -> String {
    format!("{{group: {group}, permissionSet: {set}, on: [{on}]}}")
}

#[test]
fn much_access_taken_away_is_gated_and_access_by_another_set_is_not_taken_away() {
    let before = body(&line("platform", "Admin", "W"));
    assert_eq!(
        gates(&replan(&before, "", &body(&line("platform", "Admin", "account/a")))),
        [GateName::AccessRevoke]
    );
    assert_eq!(gates(&replan(&before, "", &body(&line("platform", "Reader", "W")))), []);
    let fewer = body(&line("platform", "Admin", "account/a, account/b, account/c"));
    assert_eq!(gates(&replan(&before, "", &fewer)), []);
}

/// The plan of somebody who signed in to the management account with the permission set Admin.
fn planned_by(user: &str, before: &str, after: &str) -> Plan {
    let arn = format!("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/{user}");
    let options = PlanOptions { caller: Some(arn), ..options() };
    glidepath_plan::plan(&zone(after), &made(before), &options)
}

#[test]
fn nobody_takes_their_own_access_away_unasked() {
    let both = [line("platform", "Admin", "account/acme-root"), line("others", "Admin", "account/acme-root")]
        .join(", ");
    let others = line("others", "Admin", "account/acme-root");
    let plan =
        planned_by("anna", &body(&both), &body(&[others.clone(), line("platform", "Admin", "")].join(", ")));
    assert_eq!(gates(&plan), [GateName::LockOut]);
    assert!(plan.gates[0].principal.as_deref().is_some_and(|name| name.ends_with("/anna")));
    let plan = planned_by("bela", &body(&both), &body(&[others, line("platform", "Admin", "")].join(", ")));
    assert_eq!(gates(&plan), [], "bela keeps it by the other group");
}

#[test]
fn whoever_is_in_groups_of_an_identity_provider_is_told_that_nobody_knows() {
    let external = |lines: &str| {
        format!(
            "{UNITS}identity:\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}}}\n  assignments: [{lines}]\n"
        )
    };
    let both = [
        line("platform", "Admin", "account/acme-root"),
        "{user: anna, permissionSet: Admin, on: [account/acme-root]}".to_owned(),
    ]
    .join(", ");
    let fewer = [
        line("platform", "Admin", "account/acme-root"),
        "{user: anna, permissionSet: Admin, on: []}".to_owned(),
    ]
    .join(", ");
    let plan = planned_by("anna", &external(&both), &external(&fewer));
    assert_eq!(gates(&plan), []);
    assert!(plan.notices.iter().any(|notice| notice.text.contains("is not known")), "{:?}", plan.notices);
}

#[test]
fn who_changes_the_set_they_work_by_is_told() {
    let before = body(&line("platform", "Admin", "account/acme-root"));
    let after = before.replace("[AdministratorAccess]", "[ReadOnlyAccess]");
    let plan = planned_by("anna", &before, &after);
    let told: Vec<&str> = plan.notices.iter().map(|notice| notice.text.as_str()).collect();
    assert!(
        told.contains(&"you signed in with this permission set: what you may do changes with it"),
        "{told:?}"
    );
}
