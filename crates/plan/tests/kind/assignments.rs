//! Assignments: which accounts a line reaches, until when, and what becomes of those whom nobody promised anything.

use crate::support::identity_center::principal_id;
use crate::support::{address, made, options, plan, plan_of, replan, steps, today, zone};
use glidepath_model::identity_center::Assignment;
use glidepath_model::organization::Snapshot;
use glidepath_model::{AccountId, Principal};
use glidepath_plan::drift::{DriftReport, Why};
use glidepath_plan::{Desired, PlanOptions, Spec};

const UNITS: &str = "units: {Workloads: {units: {Prod: {accounts: {shop: {tags: {stage: prod}}, till: }}}, accounts: {lab: }}}\n";

fn body(lines: &str) -> String {
    format!(
        "{UNITS}identity:\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}}}\n  assignments: [{lines}]\n"
    )
}

fn line(rest: &str) -> String {
    format!("{{group: platform, permissionSet: Admin, {rest}}}")
}

fn members(lines: &str) -> Vec<String> {
    match &zone(&body(lines)).desired[&address("assignments/Admin/group:platform")] {
        Desired::Present(Spec::Assignments(spec)) => spec.members.iter().cloned().collect(),
        Desired::Absent => Vec::new(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_line_reaches_the_member_accounts_of_its_selectors_but_for_those_it_spares() {
    assert_eq!(members(&line("on: [Workloads]")), ["lab", "shop", "till"]);
    assert_eq!(members(&line("on: [/], except: [Workloads/Prod]")), ["lab"]);
    assert_eq!(members(&line("on: [\"tag:stage=prod\"]")), ["shop"]);
    assert_eq!(members(&[line("on: [account/lab]"), line("on: [account/till]")].join(", ")), ["lab", "till"]);
}

#[test]
fn the_management_account_is_reached_by_its_name_alone() {
    assert_eq!(members(&line("on: [/]")), ["lab", "shop", "till"]);
    assert_eq!(members(&line("on: [account/acme-root]")), ["acme-root"]);
    let plan = plan_of(&body(&line("on: [account/acme-root]")), "");
    let notes = &plan.change(&address("assignments/Admin/group:platform")).unwrap().notes;
    assert_eq!(notes, &["it reaches the management account, where no SCP holds"]);
}

#[test]
fn a_day_that_has_passed_takes_the_access_away_and_drift_says_that_it_is_overdue() {
    let before = body(&line("on: [Workloads]"));
    let lines = [line("on: [account/lab]"), line("on: [account/shop], until: 2026-11-23")].join(", ");
    let zone = zone(&body(&lines));
    assert_eq!(zone.findings.iter().map(|found| found.code).collect::<Vec<_>>(), ["GP1010"]);
    let plan = plan(&zone, &made(&before));
    assert_eq!(steps(&plan), ["update assignments/Admin/group:platform"]);
    assert_eq!(plan.changes[0].notes, ["it ended on 2026-11-23 in `shop`"]);
    let report = DriftReport::of(&plan, &zone);
    assert_eq!(report.unmanaged[0].address, address("assignments/Admin/group:platform@shop"));
    assert_eq!(report.unmanaged[0].why, Why::Overdue("2026-11-23".parse().unwrap()));
}

#[test]
fn the_last_day_itself_still_holds_and_is_told_of() {
    let lines = line(&format!("on: [account/lab], until: {}", today()));
    assert_eq!(members(&lines), ["lab"]);
    assert_eq!(zone(&body(&lines)).findings[0].code, "GP1011");
}

#[test]
fn access_all_of_which_is_over_goes_and_is_overdue() {
    let before = body(&line("on: [account/lab]"));
    let zone = zone(&body(&line("on: [account/lab], until: 2026-01-31")));
    let plan = plan(&zone, &made(&before));
    assert_eq!(steps(&plan), ["delete assignments/Admin/group:platform"]);
    let report = DriftReport::of(&plan, &zone);
    assert_eq!(report.unmanaged[0].why, Why::Overdue("2026-01-31".parse().unwrap()));
}

#[test]
fn a_line_on_nothing_takes_the_access_away_everywhere() {
    let plan = replan(&body(&line("on: [Workloads]")), "", &body(&line("on: []")));
    assert_eq!(steps(&plan), ["delete assignments/Admin/group:platform"]);
}

/// A world in which somebody whom the manifest does not name has the permission set in an account.
fn with_stranger(all: &str, account: &str) -> Snapshot {
    let mut snapshot = made(all);
    let stranger = principal_id(&Principal::User("mallory".to_owned()));
    let id: AccountId = snapshot.accounts.values().find(|one| one.name == account).unwrap().id.clone();
    let center = &mut snapshot.identity_center;
    let set = center.permission_sets.values_mut().next().unwrap();
    set.accounts.insert(id.clone());
    center.names.insert(stranger.clone(), "mallory".to_owned());
    center.whole.insert((set.arn.clone(), id.clone()));
    let assignment = Assignment { permission_set: set.arn.clone(), principal: stranger, account: id };
    center.assignments.insert(assignment);
    snapshot
}

#[test]
fn whoever_was_promised_nothing_loses_our_permission_sets() {
    let all = body(&line("on: [account/lab]"));
    let plan = plan(&zone(&all), &with_stranger(&all, "shop"));
    assert_eq!(steps(&plan), ["delete assignments/Admin/user:mallory"]);
}

#[test]
fn accounts_of_which_nobody_was_asked_for_strangers_are_said_not_to_be_checked() {
    let all = body(&line("on: [Workloads]"));
    let mut snapshot = made(&all);
    snapshot.identity_center.whole.clear();
    let plan = plan(&zone(&all), &snapshot);
    assert!(plan.changes.is_empty());
    assert_eq!(
        plan.notices[0].text,
        "not checked: whether anybody whom the manifest does not name has one of its permission sets (1) where it names \
         others; `--deep` asks AWS, which takes 3 calls more"
    );
}

#[test]
fn a_name_that_the_directory_does_not_have_is_refused_with_the_nearest() {
    let all = body(
        &[line("on: [Workloads]"), "{user: bela, permissionSet: Admin, on: [Workloads]}".to_owned()]
            .join(", "),
    );
    let mut snapshot = made(UNITS);
    let center = &mut snapshot.identity_center;
    center.missing.insert(Principal::Group("platform".to_owned()), Some("platforms".to_owned()));
    center
        .principals
        .extend([Principal::User("bela".to_owned())].map(|who| (who.clone(), principal_id(&who))));
    let plan = plan(&zone(&all), &snapshot);
    assert_eq!(
        steps(&plan),
        ["create permission-set/Admin", "create assignments/Admin/user:bela"],
        "nothing is planned for who is not there"
    );
    let refusal = &plan.refusals[0];
    assert_eq!(
        (refusal.code.as_str(), refusal.summary.as_str()),
        ("unknown-principal", "the directory has no group `platform`")
    );
    assert!(refusal.help.starts_with("did you mean `platforms`?"), "{}", refusal.help);
}

#[test]
fn without_an_instance_the_plan_is_refused_and_says_what_to_do() {
    let mut snapshot = made(UNITS);
    snapshot.identity_center.instance = None;
    let plan = plan(&zone(&body(&line("on: [Workloads]"))), &snapshot);
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(plan.refusals[0].code, "identity-center-missing");
    assert!(plan.refusals[0].help.contains("choose Enable"), "{}", plan.refusals[0].help);
}

#[test]
fn one_account_of_assignments_can_be_asked_for() {
    let targets = vec![address("assignments/Admin/group:platform@shop")];
    let options = PlanOptions { targets, ..options() };
    let plan = glidepath_plan::plan(&zone(&body(&line("on: [Workloads]"))), &made(UNITS), &options);
    assert_eq!(steps(&plan), ["create permission-set/Admin", "create assignments/Admin/group:platform"]);
    let Some(Spec::Assignments(spec)) = plan.changes[1].action.after() else { panic!() };
    assert_eq!(spec.members.iter().collect::<Vec<_>>(), ["shop"]);
}

#[test]
fn a_suspended_account_is_left_as_it_is() {
    let all = body(&line("on: [Workloads]"));
    let mut snapshot = made(&all);
    for account in snapshot.accounts.values_mut().filter(|account| account.name == "till") {
        account.state = glidepath_model::organization::AccountState::Suspended;
    }
    assert_eq!(steps(&plan(&zone(&all), &snapshot)), Vec::<String>::new());
}
