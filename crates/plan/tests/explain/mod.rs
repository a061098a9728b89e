//! Questions about single requests: who is reached, what is taken for granted, what stays open, and what
//! would have to change.

use crate::support::zone;
use glidepath_iam::decision::{Layer, Outcome};
use glidepath_plan::LandingZone;
use glidepath_plan::explain::{Explanation, Ground, Question, QuestionError, Remedy, StopKind, explain};
use std::collections::BTreeMap;

const TREE: &str = "\
units:
  Work: {accounts: {shop: {id: \"444455556666\"}, bank: {id: \"777788889999\"}}}
policies:
  regions:
    type: scp
    on: [Work]
    document: {Version: \"2012-10-17\", Statement: [{Sid: Regions, Effect: Deny, NotAction: \"iam:*\", Resource: \"*\",
      Condition: {StringNotEquals: {\"aws:RequestedRegion\": eu-west-1}}}]}
  no-mfa:
    type: scp
    on: [account/shop]
    document: {Version: \"2012-10-17\", Statement: [{Effect: Deny, Action: \"s3:Delete*\", Resource: \"*\",
      Condition: {BoolIfExists: {\"aws:MultiFactorAuthPresent\": \"false\"}}}]}
  inside:
    type: rcp
    on: [Work]
    document: {Version: \"2012-10-17\", Statement: [{Effect: Deny, Principal: \"*\", Action: \"s3:*\", Resource: \"*\",
      Condition: {StringNotEqualsIfExists: {\"aws:PrincipalOrgID\": \"${aws:ResourceOrgID}\"},
        BoolIfExists: {\"aws:PrincipalIsAWSService\": \"false\"}}}]}
";

fn question(principal: &str, action: &str) -> Question {
    Question {
        principal: principal.to_owned(),
        action: action.to_owned(),
        resource: Some("*".to_owned()),
        account: Some("shop".to_owned()),
        resource_account: None,
        context: BTreeMap::new(),
    }
}

fn with(mut question: Question, key: &str, values: &[&str]) -> Question {
    question.context.insert(key.to_owned(), values.iter().map(|value| (*value).to_owned()).collect());
    question
}

fn answer(zone: &LandingZone, question: &Question) -> Explanation {
    explain(&Ground::of_manifest(zone).asker(), question).unwrap()
}

#[test]
fn the_home_region_is_taken_for_granted_and_another_one_can_be_told() {
    let zone = zone(TREE);
    let here = answer(&zone, &question("role/dev", "ec2:RunInstances"));
    assert_eq!(here.outcome, Outcome::Allowed);
    assert_eq!(here.assumed["aws:RequestedRegion"], "eu-west-1");
    let there =
        answer(&zone, &with(question("role/dev", "ec2:RunInstances"), "aws:requestedregion", &["us-east-1"]));
    assert_eq!(there.outcome, Outcome::ExplicitlyDenied);
    assert!(!there.assumed.contains_key("aws:RequestedRegion"));
    let nowhere = answer(&zone, &with(question("role/dev", "ec2:RunInstances"), "aws:RequestedRegion", &[]));
    assert_eq!(nowhere.outcome, Outcome::ExplicitlyDenied, "a negated condition holds for an absent key");
}

#[test]
fn the_region_of_the_resource_counts_before_the_home_region() {
    let mut asked = question("role/dev", "ec2:RunInstances");
    asked.resource = Some("arn:{partition}:ec2:us-west-2:{account}:instance/*".to_owned());
    let zone = zone(TREE);
    let found = answer(&zone, &asked);
    assert_eq!(found.outcome, Outcome::ExplicitlyDenied);
    assert_eq!(found.resource.as_deref(), Some("arn:aws:ec2:us-west-2:444455556666:instance/*"));
}

#[test]
fn what_nobody_told_leaves_the_answer_open_and_names_the_key() {
    let zone = zone(TREE);
    let open = answer(&zone, &question("role/dev", "s3:DeleteBucket"));
    assert_eq!(open.outcome, Outcome::Maybe);
    assert_eq!(open.undecided.iter().collect::<Vec<_>>(), ["aws:multifactorauthpresent"]);
    assert!(open.stops.iter().all(|stop| !stop.certain));
    let told = with(question("role/dev", "s3:DeleteBucket"), "aws:MultiFactorAuthPresent", &["true"]);
    assert_eq!(answer(&zone, &told).outcome, Outcome::Allowed);
}

#[test]
fn nobody_is_denied_by_policies_that_do_not_reach_them() {
    let zone = zone(TREE);
    let outcome = |principal: &str| {
        let asked = with(question(principal, "s3:ListBucket"), "aws:RequestedRegion", &["us-east-1"]);
        let found = answer(&zone, &asked);
        (found.outcome, found.notes)
    };
    let (linked, notes) = outcome("role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig");
    assert_eq!(linked, Outcome::Allowed);
    assert!(notes.iter().any(|note| note.contains("SCPs do not reach service-linked roles")), "{notes:?}");
    let (service, _) = outcome("cloudtrail.amazonaws.com");
    assert_eq!(service, Outcome::Allowed);
    let (management, notes) = outcome("arn:aws:iam::111122223333:role/admin");
    assert_eq!(management, Outcome::Allowed);
    assert!(notes.iter().any(|note| note.contains("management account")), "{notes:?}");
    let (stranger, _) = outcome("arn:aws:iam::999988887777:role/app");
    assert_eq!(stranger, Outcome::ExplicitlyDenied, "an RCP reaches strangers");
    let (root, _) = outcome("root");
    assert_eq!(root, Outcome::ExplicitlyDenied, "an SCP reaches the root user of a member account");
}

#[test]
fn the_rcps_are_those_of_the_account_that_owns_the_resource() {
    let zone = zone(TREE);
    let mut asked = question("role/dev", "s3:GetObject");
    asked.resource_account = Some("bank".to_owned());
    let found = answer(&zone, &asked);
    let last = found.path.iter().rfind(|step| step.layer == Layer::Rcp).unwrap();
    assert_eq!(last.level, "account/bank");
    let last = found.path.iter().rfind(|step| step.layer == Layer::Scp).unwrap();
    assert_eq!(last.level, "account/shop");
}

#[test]
fn every_stop_is_told_with_where_it_comes_from() {
    let zone = zone(TREE);
    let asked = with(question("role/dev", "s3:DeleteBucket"), "aws:RequestedRegion", &["us-east-1"]);
    let found = answer(&zone, &with(asked, "aws:MultiFactorAuthPresent", &["false"]));
    let policies: Vec<&str> = found
        .stops
        .iter()
        .map(|stop| match &stop.kind {
            StopKind::Denied { policy, .. } => policy.as_str(),
            StopKind::NotAllowed { .. } => "nothing",
        })
        .collect();
    assert_eq!(policies, ["regions", "no-mfa"]);
    assert!(found.stops.iter().all(|stop| {
        stop.remedies.iter().any(|remedy| matches!(remedy, Remedy::Policy { span: Some(_), .. }))
    }));
    assert_eq!(
        found.because(),
        "by statement `Regions` of policy `regions` on `Work`, and by statement 1 of policy `no-mfa` on `account/shop`"
    );
}

#[test]
fn a_level_that_allows_nothing_is_told_with_what_is_attached_there() {
    let zone = zone(
        "units: {Work: {accounts: {shop: {id: \"444455556666\"}}}}\npolicies:\n  \
         FullAWSAccess: {type: scp, awsManaged: true, absent: [Work]}\n  \
         some: {type: scp, on: [Work], document: {Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: \"s3:*\", Resource: \"*\"}]}}\n",
    );
    assert_eq!(answer(&zone, &question("role/dev", "s3:GetObject")).outcome, Outcome::Allowed);
    let found = answer(&zone, &question("role/dev", "ec2:RunInstances"));
    assert_eq!(found.outcome, Outcome::ImplicitlyDenied);
    let [stop] = found.stops.as_slice() else { panic!("{:?}", found.stops) };
    assert_eq!(stop.kind, StopKind::NotAllowed { attached: vec!["some".to_owned()] });
}

#[test]
fn accounts_are_found_by_name_and_by_id_and_others_are_refused() {
    let zone = zone(TREE);
    let ground = Ground::of_manifest(&zone);
    let asked = |account: &str| {
        let mut asked = question("role/dev", "s3:GetObject");
        asked.account = Some(account.to_owned());
        explain(&ground.asker(), &asked).map(|found| found.principal_account)
    };
    assert_eq!(asked("444455556666"), Ok(Some("shop".to_owned())));
    let error = QuestionError::Account { name: "shpo".to_owned(), nearest: Some("shop".to_owned()) };
    assert_eq!(asked("shpo"), Err(error));
    let mut homeless = question("role/dev", "s3:GetObject");
    homeless.account = None;
    let refused = explain(&ground.asker(), &homeless);
    assert_eq!(refused, Err(QuestionError::NoAccount("role/dev".to_owned())));
}
