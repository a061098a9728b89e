//! Accounts frozen where they are.

use crate::support::{address, replan, zone};
use glidepath_iam::decision::Outcome;
use glidepath_plan::explain::{Ground, Question, explain};
use glidepath_plan::{GateName, LandingZone};
use std::collections::BTreeMap;

fn body(account: &str) -> String {
    format!(
        "roles:\n  responders: [\"arn:aws:iam::*:role/incident-responder\"]\n  breakGlass: [{{arn: \"arn:aws:iam::*:role/break-glass\"}}, {{arn: \"arn:aws:iam::*:root\"}}]\n\
         units: {{W: {{accounts: {{shop: {{{account}}}, till: }}}}}}\n\
         identity:\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}, Responder: {{managed: [SecurityAudit], responder: true}}}}\n  \
         assignments: [{{group: platform, permissionSet: Admin, on: [W]}}, {{group: security, permissionSet: Responder, on: [W]}}]\n"
    )
}

const FROZEN: &str = "quarantine: true";
const POLICY: &str = "policy/scp/glidepath-quarantine";
const ATTACHED: &str = "attachment/scp/glidepath-quarantine@account/shop";

fn outcome(zone: &LandingZone, principal: &str) -> Outcome {
    let question = Question {
        principal: principal.to_owned(),
        action: "s3:GetObject".to_owned(),
        resource: Some("*".to_owned()),
        account: Some("shop".to_owned()),
        resource_account: None,
        context: BTreeMap::new(),
    };
    explain(&Ground::of_manifest(zone).asker(), &question).unwrap().outcome
}

#[test]
fn everybody_is_stopped_but_those_who_respond_and_the_platform() {
    let zone = zone(&body(FROZEN));
    for stopped in [
        "role/app",
        "user/maria",
        "root",
        "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b2c3d4e5f6071",
    ] {
        assert_eq!(outcome(&zone, stopped), Outcome::ExplicitlyDenied, "{stopped}");
    }
    for spared in [
        "role/incident-responder",
        "role/break-glass",
        "role/OrganizationAccountAccessRole",
        "role/stacksets-exec-0a1b",
        "role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Responder_0a1b2c3d4e5f6071",
    ] {
        assert_eq!(outcome(&zone, spared), Outcome::Allowed, "{spared}");
    }
}

#[test]
fn the_account_stays_where_it_is_and_only_responders_keep_their_assignment() {
    let plan = replan(&body(""), "", &body(FROZEN));
    let changed: Vec<String> = plan.changes.iter().map(|change| change.address.to_string()).collect();
    assert_eq!(changed, ["policy-type/scp", POLICY, ATTACHED, "assignments/Admin/group:platform"]);
    let notes = &plan.change(&address(ATTACHED)).unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("does not stop service-linked roles")), "{notes:?}");
}

#[test]
fn the_access_role_is_not_locked_out_and_a_root_user_named_as_break_glass_is_told() {
    let plan = replan(&body(""), "", &body(FROZEN));
    let locked: Vec<&str> = plan
        .gates
        .iter()
        .filter(|gate| gate.name == GateName::LockOut)
        .filter_map(|gate| gate.principal.as_deref())
        .collect();
    assert_eq!(locked, ["arn:aws:iam::*:root"]);
}

#[test]
fn without_the_line_everything_is_as_before() {
    let plan = replan(&body(FROZEN), "", &body(""));
    let changed: Vec<String> = plan.changes.iter().map(|change| change.address.to_string()).collect();
    assert_eq!(changed, [ATTACHED, POLICY, "assignments/Admin/group:platform"]);
    let text = format!("{:?}", plan.change(&address(ATTACHED)).unwrap().action);
    assert!(text.starts_with("Delete"), "{text}");
}

fn warned(guardrails: &str, account: &str) -> Vec<String> {
    let zone = zone(&format!("{}{guardrails}", body(account)));
    let found = zone.findings.iter().filter(|finding| finding.code == "GP0721");
    found.map(|finding| finding.summary.clone()).collect()
}

#[test]
fn a_responder_that_anyone_could_make_is_warned_of_before_the_incident() {
    let open = warned("", "");
    assert_eq!(open.len(), 1);
    assert!(
        open[0].contains("`account/shop` and 1 more spares `arn:aws:iam::*:role/incident-responder`"),
        "{open:?}"
    );
    let frozen = warned("", FROZEN);
    assert!(frozen.iter().any(|one| one.contains("role/OrganizationAccountAccessRole")), "{frozen:?}");
    let protect = |on: &str| {
        format!(
            "guardrails: [{{use: iam-protect-platform-roles, on: [{on}], with: {{protected_role_patterns: [\"arn:*:iam::*:role/incident-responder\", \
             \"arn:*:iam::*:role/stacksets-exec-*\", \"arn:*:iam::*:role/OrganizationAccountAccessRole\", \"arn:*:iam::*:role/break-glass\"]}}}}]\n"
        )
    };
    assert_eq!(warned(&protect("W"), ""), Vec::<String>::new());
    assert_eq!(warned(&protect("W"), FROZEN), Vec::<String>::new());
    assert_eq!(warned(&protect("account/till"), "").len(), 1);
}
