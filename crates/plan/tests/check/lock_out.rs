//! The lock-out proof.

use crate::support::{plan_of, replan};
use glidepath_plan::{Allowances, GateName, Plan};
use std::collections::BTreeSet;

const BEFORE: &str = "units: {A: {accounts: {one: , two: }}}\n";

fn with_policy(statement: &str, roles: &str) -> Plan {
    let after = format!(
        "{BEFORE}{roles}policies:\n  p: {{type: scp, on: [A], document: {{Version: \"2012-10-17\", Statement: [{statement}]}}}}\n"
    );
    replan(BEFORE, "{}", &after)
}

fn locked_out(plan: &Plan) -> Vec<(&str, usize)> {
    let gates = plan.gates.iter().filter(|gate| gate.name == GateName::LockOut);
    gates.map(|gate| (gate.principal.as_deref().unwrap(), gate.addresses.len())).collect()
}

#[test]
fn a_deny_that_reaches_the_access_role_names_statement_and_request() {
    let plan = with_policy("{Sid: NoIam, Effect: Deny, Action: [\"iam:*\"], Resource: \"*\"}", "");
    assert_eq!(locked_out(&plan), [("arn:aws:iam::*:role/OrganizationAccountAccessRole", 2)]);
    let summary = &plan.gates.iter().find(|gate| gate.name == GateName::LockOut).unwrap().summary;
    assert!(summary.contains("`iam:AttachRolePolicy`"), "{summary}");
    assert!(summary.contains("statement `NoIam` of policy `p` on `A`"), "{summary}");
}

#[test]
fn only_the_principals_own_name_opens_it() {
    let plan = with_policy("{Effect: Deny, Action: [\"iam:*\"], Resource: \"*\"}", "");
    let by_name = Allowances { gates: BTreeSet::from(GateName::ALL), ..Allowances::default() };
    assert_eq!(plan.closed_gates(&by_name).len(), 1);
    let role = "arn:aws:iam::*:role/OrganizationAccountAccessRole".to_owned();
    let named = Allowances { locked_out: BTreeSet::from([role]), ..Allowances::default() };
    assert_eq!(plan.closed_gates(&named).len(), 0);
}

#[test]
fn an_exempted_repairer_is_not_locked_out() {
    let exempt = "{Effect: Deny, Action: [\"*\"], Resource: \"*\", Condition: {ArnNotLike: {\"aws:PrincipalArn\": \
                  [\"arn:aws:iam::*:role/OrganizationAccountAccessRole\", \"arn:aws:iam::*:role/stacksets-exec-*\"]}}}";
    assert_eq!(locked_out(&with_policy(exempt, "")), []);
}

#[test]
fn break_glass_is_asked_with_the_context_that_it_declares() {
    let roles = "roles: {breakGlass: [{arn: \"arn:aws:iam::*:role/break-glass\", context: {\"aws:MultiFactorAuthPresent\": \"true\"}}]}\n";
    let deny = |condition: &str| {
        format!(
            "{{Effect: Deny, Action: [\"iam:*\"], Resource: \"*\", Condition: {{{condition}, \
             ArnLike: {{\"aws:PrincipalArn\": \"arn:aws:iam::*:role/break-glass\"}}}}}}"
        )
    };
    let without_mfa = deny("BoolIfExists: {\"aws:MultiFactorAuthPresent\": \"false\"}");
    assert_eq!(locked_out(&with_policy(&without_mfa, roles)), []);
    // What it does not declare is not known, and then nobody can say that it is not denied.
    let without_tag = deny("StringNotEquals: {\"aws:PrincipalTag/team\": \"security\"}");
    let plan = with_policy(&without_tag, roles);
    assert_eq!(locked_out(&plan), [("arn:aws:iam::*:role/break-glass", 2)]);
    assert!(plan.gates[0].summary.contains("`aws:principaltag/team`"), "{}", plan.gates[0].summary);
}

#[test]
fn a_repairer_is_no_machine_unless_it_says_so() {
    let old = "{Effect: Deny, Action: [\"*\"], Resource: \"*\", Condition: {NumericLessThan: {\"ec2:RoleDelivery\": \"2.0\"}}}";
    let roles = |context: &str| {
        format!("roles: {{breakGlass: [{{arn: \"arn:aws:iam::*:role/break-glass\"{context}}}]}}\n")
    };
    assert_eq!(locked_out(&with_policy(old, &roles(""))), []);
    let declared = roles(", context: {\"ec2:RoleDelivery\": \"1.0\"}");
    assert_eq!(locked_out(&with_policy(old, &declared)), [("arn:aws:iam::*:role/break-glass", 2)]);
}

#[test]
fn who_was_locked_out_before_is_a_notice_so_that_a_repair_passes() {
    let before = format!(
        "{BEFORE}policies:\n  p: {{type: scp, on: [A], document: {{Version: \"2012-10-17\", Statement: \
         [{{Effect: Deny, Action: [\"iam:*\", \"s3:*\"], Resource: \"*\"}}]}}}}\n"
    );
    let plan = replan(&before, "{}", &before.replace(", \"s3:*\"", ""));
    assert_eq!(locked_out(&plan), []);
    assert!(plan.notices.iter().any(|notice| notice.text.contains("as it was before")), "{:?}", plan.notices);
}

#[test]
fn a_plan_that_touches_no_policy_asks_nothing() {
    let plan = plan_of(BEFORE, "{}");
    assert_eq!(locked_out(&plan), []);
}

fn summaries(plan: &Plan) -> Vec<&str> {
    let gates = plan.gates.iter().filter(|gate| gate.name == GateName::LockOut);
    gates.map(|gate| gate.summary.as_str()).collect()
}

#[test]
fn an_rcp_that_keeps_the_management_account_from_entering_is_a_lock_out() {
    let rcp = |condition: &str| {
        format!(
            "{BEFORE}policies:\n  p: {{type: rcp, on: [A], document: {{Version: \"2012-10-17\", Statement: [\
             {{Effect: Deny, Principal: \"*\", Action: \"sts:*\", Resource: \"*\", Condition: {{{condition}}}}}]}}}}\n"
        )
    };
    // The role that enters is of another account than the one it enters.
    let own = rcp("StringNotEquals: {\"aws:PrincipalAccount\": \"${aws:ResourceAccount}\"}");
    let plan = replan(BEFORE, "{}", &own);
    assert!(
        summaries(&plan).iter().any(|text| text.contains("`sts:AssumeRole` (to enter the account at all)"))
    );
    let ours = rcp("StringNotEquals: {\"aws:PrincipalAccount\": \"111122223333\"}");
    assert_eq!(locked_out(&replan(BEFORE, "{}", &ours)), []);
    let inside = rcp("StringNotEquals: {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}");
    assert_eq!(locked_out(&replan(BEFORE, "{}", &inside)), []);
}

#[test]
fn an_account_that_administers_a_service_has_to_keep_doing_so_where_it_moves() {
    let zone = |unit: &str| {
        let units = match unit {
            "A" => "units: {A: {accounts: {one: , two: }}, B: }\n",
            _ => "units: {A: {accounts: {two: }}, B: {accounts: {one: }}}\n",
        };
        format!(
            "{units}delegatedAdministrators: {{member.org.stacksets.cloudformation.amazonaws.com: [one]}}\n\
             policies:\n  p: {{type: scp, on: [B], document: {{Version: \"2012-10-17\", Statement: [{{Sid: NoSets, \
             Effect: Deny, Action: \"cloudformation:*StackSet*\", Resource: \"*\"}}]}}}}\n"
        )
    };
    let plan = replan(&zone("A"), "{}", &zone("B"));
    let [summary] = summaries(&plan)[..] else { panic!("{:?}", plan.gates) };
    assert!(summary.contains("`cloudformation:DescribeStackSet`"), "{summary}");
    assert!(summary.contains("administer stack sets"), "{summary}");
    let other = zone("A").replace("[one]", "[two]");
    assert_eq!(locked_out(&replan(&other, "{}", &zone("B").replace("[one]", "[two]"))), []);
}

#[test]
fn trusted_access_that_leads_into_accounts_goes_only_by_its_own_name() {
    let zone = |off: &str| {
        format!("{BEFORE}trustedAccess: {{sso.amazonaws.com: {off}, macie.amazonaws.com: {off}}}\n")
    };
    let plan = replan(&zone(""), "{}", &zone("{absent: true}"));
    assert_eq!(locked_out(&plan), [("sso.amazonaws.com", 1)]);
    let opened = Allowances {
        gates: BTreeSet::from(GateName::ALL),
        locked_out: BTreeSet::from(["sso.amazonaws.com".to_owned()]),
        ..Allowances::default()
    };
    assert_eq!(plan.closed_gates(&opened).len(), 0);
}

#[test]
fn a_delegation_policy_may_not_lose_the_role_that_applies_from_a_member_account() {
    let zone = |action: &str| {
        format!(
            "{BEFORE}roles: {{apply: \"arn:aws:iam::444455556666:role/apply\"}}\nresourcePolicy:\n  document: {{Version: \
             \"2012-10-17\", Statement: [{{Effect: Allow, Principal: {{AWS: \"arn:aws:iam::444455556666:root\"}}, \
             Action: \"{action}\", Resource: \"*\"}}]}}\n"
        )
    };
    let plan = replan(&zone("organizations:*"), "{}", &zone("organizations:List*"));
    let [summary] = summaries(&plan)[..] else { panic!("{:?}", plan.gates) };
    assert!(summary.contains("no longer allows `organizations:AttachPolicy`"), "{summary}");
    assert_eq!(locked_out(&replan(&zone("organizations:List*"), "{}", &zone("organizations:*"))), []);
}
