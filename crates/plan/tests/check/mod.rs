//! Checks: what is gated, what is refused, what is told.

mod identity_center;
mod lock_out;
mod singletons;

use crate::support::{address, plan_of, replan};
use glidepath_plan::gate::{Allowances, NewAccounts};
use glidepath_plan::{GateName, Plan};

fn gates(plan: &Plan) -> Vec<GateName> {
    plan.gates.iter().map(|gate| gate.name).collect()
}

fn units(names: &str) -> String {
    names
        .split_whitespace()
        .map(|name| format!("  {name}: \n"))
        .fold("units:\n".to_owned(), |all, line| all + &line)
}

#[test]
fn removals_are_gated_above_share_and_number_and_not_below() {
    let of = |left: &str| gates(&replan(&units("A B C D E F G H I"), "{}", &units(left)));
    assert_eq!(of("A B C D E F G"), []);
    assert_eq!(of("A B C D E F"), [GateName::UnitDelete]);
}

#[test]
fn thresholds_come_from_the_manifest() {
    let strict = "safety: {removals: {percent: 0, atLeast: 1}}";
    let plan = replan(&units("A B C D"), "{}", &(units("A B C") + strict));
    assert_eq!(gates(&plan), [GateName::UnitDelete]);
}

#[test]
fn many_moves_are_gated() {
    let accounts = |here: &str, there: &str| {
        format!("units: {{A: {{accounts: {{{here}}}}}, B: {{accounts: {{{there}}}}}}}")
    };
    let before = accounts("a: , b: , c: , d: ", "");
    assert_eq!(gates(&replan(&before, "{}", &accounts("a: , b: ", "c: , d: "))), []);
    assert_eq!(gates(&replan(&before, "{}", &accounts("a: ", "b: , c: , d: "))), [GateName::AccountMove]);
}

#[test]
fn many_forgotten_accounts_are_gated() {
    let plan = replan("units: {A: {accounts: {a: , b: , c: , d: }}}", "{}", "units: {A: {accounts: {a: }}}");
    assert_eq!(gates(&plan), [GateName::AccountForget]);
}

#[test]
fn new_accounts_are_counted() {
    let plan = plan_of("units: {A: {accounts: {a: , b: }}}", "{}");
    let allow = |most| Allowances { new_accounts: NewAccounts::AtMost(most), ..Allowances::default() };
    assert_eq!(plan.closed_gates(&allow(1)).len(), 1);
    assert_eq!(plan.closed_gates(&allow(2)).len(), 0);
}

#[test]
fn an_account_that_moves_where_nothing_is_allowed_loses_its_last_allow() {
    let closed = "  FullAWSAccess: {type: scp, awsManaged: true, absent: [B]}\n  p: {type: scp, document: {Statement: [{Effect: Deny, Action: [\"s3:*\"], Resource: \"*\"}]}, on: [B]}\n";
    let before = format!("units: {{A: {{accounts: {{one: }}}}, B: }}\npolicies:\n{closed}");
    let after = format!("units: {{A: , B: {{accounts: {{one: }}}}}}\npolicies:\n{closed}");
    let plan = replan(&before, "{}", &after);
    assert_eq!(gates(&plan), [GateName::LastAllow, GateName::LockOut, GateName::LockOut]);
    assert_eq!(plan.gates[0].addresses, [address("account/one")]);
}

#[test]
fn the_last_policy_of_a_target_that_stays_is_refused_to_go() {
    let before = "units: {A: }\npolicies:\n  FullAWSAccess: {type: scp, awsManaged: true, absent: [A]}\n  list: {type: scp, document: {Statement: [{Effect: Allow, Action: [\"s3:*\"], Resource: \"*\"}]}, on: [A]}\n";
    let plan = replan(before, "{}", "units: {A: }");
    assert_eq!(plan.refusals[0].code, "last-policy");
}

#[test]
fn usage_counts_policies_of_aws_and_of_others_and_names_the_fullest_place() {
    let body = "units: {A: }\npolicies: {p: {type: scp, document: {Statement: [{Effect: Deny, Action: [\"s3:*\"], Resource: \"*\"}]}, on: [A]}}";
    let world = "policyTypes: {scp: enabled}\nunits: {A: {mark: acme}}\npolicies: {scp/theirs: {document: {Statement: []}}}\nattach: [scp/theirs@A]";
    let plan = plan_of(body, world);
    let shown: Vec<String> = plan
        .usage
        .iter()
        .map(|one| {
            let place = one.place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
            format!("{}: {} -> {} of {}{place}", one.limit, one.before, one.after, one.quota)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "accounts: 1 -> 1 of 10",
            "scp.attachedAtMost: 2 -> 3 of 10 at A",
            "scp.perOrganization: 1 -> 2 of 10000",
            "unitDepth: 1 -> 1 of 5",
            "units: 1 -> 1 of 2000",
        ]
    );
}

#[test]
fn more_accounts_than_the_default_quota_are_told_of_and_not_refused() {
    let names: Vec<String> = (0..12).map(|at| format!("a{at}: ")).collect();
    let plan = plan_of(&format!("units: {{A: {{accounts: {{{}}}}}}}", names.join(", ")), "{}");
    assert!(plan.refusals.is_empty());
    assert!(
        plan.notices
            .iter()
            .any(|notice| notice.text.contains("the quota `accounts` is 10, and 13 would be used"))
    );
}
