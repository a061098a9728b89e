//! The documented evaluation rules, one test each, named by the rule. What a rule says stands in the test.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use glidepath_iam::context::Context;
use glidepath_iam::decision::{Decision, Layer, Outcome};
use glidepath_iam::document;
use glidepath_iam::evaluate::{Layers, Level};
use glidepath_iam::request::{Principal, Request, Resource};
use glidepath_iam::statement::Policy;
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const BUCKET: &str = "arn:aws:s3:::data/key";

fn policy(name: &str, statements: &Value) -> Policy {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    Policy::new(name, &document::parse(&text).unwrap())
}

fn full_access() -> Policy {
    policy("FullAWSAccess", &json!({"Effect": "Allow", "Action": "*", "Resource": "*"}))
}

fn deny(actions: &Value) -> Policy {
    policy("deny", &json!({"Sid": "No", "Effect": "Deny", "Action": actions, "Resource": "*"}))
}

fn allow(actions: &Value) -> Policy {
    policy("allow", &json!({"Sid": "Yes", "Effect": "Allow", "Action": actions, "Resource": "*"}))
}

fn level(name: &str, policies: Vec<Policy>) -> Level {
    Level { name: name.to_owned(), policies }
}

/// Layers in which everything is allowed.
fn open() -> Layers {
    let path = || {
        vec![
            level("root", vec![full_access()]),
            level("Prod", vec![full_access()]),
            level("account", vec![full_access()]),
        ]
    };
    Layers { scps: Some(path()), rcps: Some(path()), identity: vec![full_access()], ..Layers::default() }
}

fn with_scps(levels: Vec<Level>) -> Layers {
    Layers { scps: Some(levels), ..open() }
}

fn ask_as(layers: &Layers, principal: &str, action: &str, resource: &str, context: Context) -> Decision {
    let principal = Principal::parse(principal).unwrap();
    let request = Request::new(principal, action, Resource::Arn(resource.to_owned()), None, context).unwrap();
    layers.decide(&request)
}

fn ask(layers: &Layers, action: &str) -> Outcome {
    ask_as(layers, ROLE, action, BUCKET, Context::new()).outcome
}

/// The outcome of one Deny statement with this condition, over full access.
fn denied_if(condition: &Value, context: Context) -> bool {
    let statement = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition});
    let layers = with_scps(vec![level("root", vec![full_access(), policy("p", &statement)])]);
    let outcome = ask_as(&layers, ROLE, "s3:GetObject", BUCKET, context).outcome;
    assert!(matches!(outcome, Outcome::Allowed | Outcome::ExplicitlyDenied), "{condition} gave {outcome:?}");
    outcome == Outcome::ExplicitlyDenied
}

fn holding(key: &str, values: &[&str]) -> Context {
    let mut context = Context::new();
    context.set_all(key, values.iter().map(|value| (*value).to_owned()).collect());
    context
}

#[test]
fn rule_01_an_explicit_deny_in_any_layer_wins_and_no_allow_in_a_layer_is_an_implicit_deny() {
    assert_eq!(ask(&open(), "s3:GetObject"), Outcome::Allowed);
    for layer in [Layer::Scp, Layer::Rcp, Layer::Identity, Layer::Boundary, Layer::Session] {
        let mut layers = open();
        let both = vec![full_access(), deny(&json!("s3:*"))];
        match layer {
            Layer::Scp => layers.scps = Some(vec![level("root", both)]),
            Layer::Rcp => layers.rcps = Some(vec![level("root", both)]),
            Layer::Identity => layers.identity = both,
            Layer::Boundary => layers.boundary = Some(deny(&json!("s3:*"))),
            Layer::Session | Layer::Resource => layers.session = Some(both),
        }
        let decision = ask_as(&layers, ROLE, "s3:GetObject", BUCKET, Context::new());
        assert_eq!((decision.outcome, decision.denied_by), (Outcome::ExplicitlyDenied, vec![layer]));
        assert_eq!(decision.by.unwrap().sid.as_deref(), Some("No"));
    }
    let nobody = Layers { identity: Vec::new(), ..open() };
    let decision = ask_as(&nobody, ROLE, "s3:GetObject", BUCKET, Context::new());
    assert_eq!((decision.outcome, decision.denied_by), (Outcome::ImplicitlyDenied, vec![Layer::Identity]));
}

#[test]
fn rule_02_every_node_must_allow_and_within_a_node_one_policy_is_enough() {
    let layers = with_scps(vec![
        level("root", vec![full_access()]),
        level("Prod", vec![allow(&json!("ec2:*")), allow(&json!("s3:*"))]),
        level("account", vec![allow(&json!("s3:Get*"))]),
    ]);
    assert_eq!(ask(&layers, "s3:GetObject"), Outcome::Allowed);
    let decision = ask_as(&layers, ROLE, "s3:PutObject", BUCKET, Context::new());
    assert_eq!(decision.outcome, Outcome::ImplicitlyDenied);
    assert_eq!(decision.by.unwrap().level.as_deref(), Some("account"));
}

#[test]
fn rule_03_a_node_with_nothing_but_denies_blocks_everything_below() {
    let layers =
        with_scps(vec![level("root", vec![full_access()]), level("Prod", vec![deny(&json!("iam:*"))])]);
    assert_eq!(ask(&layers, "s3:GetObject"), Outcome::ImplicitlyDenied);
}

#[test]
fn rule_04_a_child_cannot_grant_again_what_a_parent_lacks() {
    let layers =
        with_scps(vec![level("root", vec![allow(&json!("ec2:*"))]), level("account", vec![full_access()])]);
    assert_eq!(ask(&layers, "s3:GetObject"), Outcome::ImplicitlyDenied);
    assert_eq!(ask(&layers, "ec2:RunInstances"), Outcome::Allowed);
}

#[test]
fn rule_05_scps_follow_the_principal_and_rcps_the_resource() {
    let denied = || Some(vec![level("root", vec![full_access(), deny(&json!("s3:*"))])]);
    let scp = Layers { scps: denied(), principal_in_management_account: true, ..open() };
    assert_eq!(ask(&scp, "s3:GetObject"), Outcome::Allowed);
    let rcp = Layers { rcps: denied(), principal_in_management_account: true, ..open() };
    assert_eq!(ask(&rcp, "s3:GetObject"), Outcome::ExplicitlyDenied);
    let rcp = Layers { rcps: denied(), resource_in_management_account: true, ..open() };
    assert_eq!(ask(&rcp, "s3:GetObject"), Outcome::Allowed);
}

#[test]
fn rule_06_rcps_deny_along_the_whole_path() {
    let everyone = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"});
    let layers = Layers {
        rcps: Some(vec![
            level("root", vec![full_access()]),
            level("account", vec![full_access(), policy("p", &everyone)]),
        ]),
        ..open()
    };
    let decision = ask_as(&layers, ROLE, "s3:GetObject", BUCKET, Context::new());
    assert_eq!(decision.denied_by, [Layer::Rcp]);
    assert_eq!(ask(&layers, "kms:RetireGrant"), Outcome::Allowed);
}

#[test]
fn rule_07_a_layer_that_is_not_in_force_is_skipped() {
    let layers = Layers { scps: None, rcps: None, ..open() };
    assert_eq!(ask(&layers, "s3:GetObject"), Outcome::Allowed);
}

#[test]
fn rule_08_actions_match_without_regard_to_case_and_not_action_matches_the_rest() {
    for (pattern, hit) in [
        ("S3:getobject", true),
        ("s3:Get??ject", true),
        ("s3:Get?bject", true),
        ("s3:Get?ject", false),
        ("*:Get*", true),
    ] {
        let layers = with_scps(vec![level("root", vec![full_access(), deny(&json!(pattern))])]);
        assert_eq!(ask(&layers, "s3:GetObject") == Outcome::ExplicitlyDenied, hit, "{pattern}");
    }
    let but = json!([{"Effect": "Deny", "NotAction": ["s3:*", "iam:*"], "Resource": "*"}]);
    let layers = with_scps(vec![level("root", vec![full_access(), policy("p", &but)])]);
    assert_eq!(ask(&layers, "s3:GetObject"), Outcome::Allowed);
    assert_eq!(ask(&layers, "ec2:RunInstances"), Outcome::ExplicitlyDenied);
}

#[test]
fn rule_09_resources_match_by_segment_and_case() {
    let hit = |pattern: &str, resource: &str| {
        let statement = json!({"Effect": "Deny", "Action": "*", "Resource": pattern});
        let layers = with_scps(vec![level("root", vec![full_access(), policy("p", &statement)])]);
        ask_as(&layers, ROLE, "s3:GetObject", resource, Context::new()).outcome == Outcome::ExplicitlyDenied
    };
    assert!(hit("arn:aws:s3:::data/*", BUCKET));
    assert!(!hit("arn:aws:s3:::DATA/*", BUCKET));
    assert!(hit("arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"));
    assert!(hit("arn:aws:ec2:*", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"));
    assert!(!hit("arn:aws:ec2:e*1:111122223333:x", "arn:aws:ec2:eu:west-1:111122223333:x"));
}

#[test]
fn rule_10_a_short_arn_stands_for_all_behind_it() {
    let statement = json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs"});
    let layers = Layers { identity: vec![policy("p", &statement)], ..open() };
    let decision =
        ask_as(&layers, ROLE, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs", Context::new());
    assert_eq!(decision.outcome, Outcome::Allowed);
}

#[test]
fn rule_11_operators_and_keys_are_anded_and_values_ored_and_negated_values_nored() {
    let mut context = holding("aws:RequestedRegion", &["eu-west-1"]);
    context.set("aws:PrincipalTag/team", "web");
    let two_keys = json!({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-north-1"], "aws:PrincipalTag/team": "web"}});
    assert!(denied_if(&two_keys, context.clone()));
    let two_operators = json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}, "StringLike": {"aws:PrincipalTag/team": "data"}});
    assert!(!denied_if(&two_operators, context.clone()));
    let negated = json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-north-1"]}});
    assert!(!denied_if(&negated, context));
    assert!(denied_if(&negated, holding("aws:RequestedRegion", &["us-east-1"])));
}

#[test]
fn rule_12_key_names_compare_without_regard_to_case_and_values_by_it() {
    assert!(denied_if(
        &json!({"StringEquals": {"AWS:resourcetag/TEAM": "web"}}),
        holding("aws:ResourceTag/team", &["web"])
    ));
    assert!(!denied_if(
        &json!({"StringEquals": {"aws:ResourceTag/team": "Web"}}),
        holding("aws:ResourceTag/team", &["web"])
    ));
}

#[test]
fn rule_13_without_the_key_only_negated_operators_hold() {
    for operator in
        ["StringEquals", "StringLike", "ArnLike", "IpAddress", "NumericLessThan", "DateLessThan", "Bool"]
    {
        assert!(!denied_if(&json!({operator: {"aws:missing": "1"}}), Context::new()), "{operator}");
    }
    for operator in [
        "StringNotEquals",
        "StringNotLike",
        "ArnNotLike",
        "ArnNotEquals",
        "NotIpAddress",
        "NumericNotEquals",
        "DateNotEquals",
        "StringNotEqualsIgnoreCase",
    ] {
        assert!(denied_if(&json!({operator: {"aws:missing": "1"}}), Context::new()), "{operator}");
    }
}

#[test]
fn rule_14_if_exists_holds_without_the_key() {
    for operator in [
        "StringEqualsIfExists",
        "StringNotEqualsIfExists",
        "BoolIfExists",
        "NotIpAddressIfExists",
        "ForAnyValue:StringEqualsIfExists",
    ] {
        assert!(denied_if(&json!({operator: {"aws:missing": "1"}}), Context::new()), "{operator}");
    }
    assert!(!denied_if(&json!({"StringEqualsIfExists": {"aws:k": "1"}}), holding("aws:k", &["2"])));
}

#[test]
fn rule_15_null_asks_whether_the_key_is_there() {
    assert!(denied_if(&json!({"Null": {"aws:k": "true"}}), Context::new()));
    assert!(denied_if(&json!({"Null": {"aws:k": false}}), holding("aws:k", &["x"])));
    assert!(!denied_if(&json!({"Null": {"aws:k": "true"}}), holding("aws:k", &["x"])));
    assert!(document::Operator::parse("NullIfExists").is_none());
}

#[test]
fn rule_16_set_operators_quantify_over_the_values_of_the_request() {
    let tags = |values: &[&str]| holding("aws:TagKeys", values);
    let all = json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}});
    assert!(
        denied_if(&all, tags(&["a"]))
            && denied_if(&all, tags(&["a", "b"]))
            && denied_if(&all, Context::new())
    );
    assert!(!denied_if(&all, tags(&["a", "c"])));
    let any = json!({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}});
    assert!(
        denied_if(&any, tags(&["c", "b"]))
            && !denied_if(&any, tags(&["c"]))
            && !denied_if(&any, Context::new())
    );
    let none = json!({"ForAllValues:StringNotEquals": {"aws:TagKeys": ["a", "b"]}});
    assert!(denied_if(&none, tags(&["c"])) && !denied_if(&none, tags(&["c", "a"])));
    let some_other = json!({"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["a", "b"]}});
    assert!(denied_if(&some_other, tags(&["c", "a"])) && !denied_if(&some_other, tags(&["a"])));
}

#[test]
fn rule_17_for_all_values_of_a_missing_key_holds_negated_or_not() {
    assert!(denied_if(
        &json!({"ForAllValues:StringNotLike": {"aws:ResourceOrgPaths": "o-1/*"}}),
        Context::new()
    ));
    assert!(!denied_if(
        &json!({"ForAllValues:StringNotLike": {"aws:ResourceOrgPaths": "o-1/*"}}),
        holding("aws:ResourceOrgPaths", &["o-1/r-1/"])
    ));
}

#[test]
fn rule_18_a_plain_operator_on_several_values_is_certain_only_where_they_agree() {
    let statement = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "a"}}});
    let layers = with_scps(vec![level("root", vec![full_access(), policy("p", &statement)])]);
    let decision = ask_as(&layers, ROLE, "s3:GetObject", BUCKET, holding("aws:TagKeys", &["a", "b"]));
    assert_eq!(decision.outcome, Outcome::Maybe);
}

#[test]
fn rule_25_an_unresolved_variable_matches_nothing_and_a_negated_condition_holds() {
    assert!(!denied_if(
        &json!({"StringEquals": {"aws:k": "${aws:PrincipalTag/team}"}}),
        holding("aws:k", &["x"])
    ));
    assert!(denied_if(
        &json!({"StringNotEquals": {"aws:k": "${aws:PrincipalTag/team}"}}),
        holding("aws:k", &["x"])
    ));
    let statement =
        json!({"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/team}/*"});
    let layers = with_scps(vec![level("root", vec![full_access(), policy("p", &statement)])]);
    assert_eq!(ask(&layers, "s3:GetObject"), Outcome::Allowed);
}

#[test]
fn rule_27_one_value_and_a_list_of_one_are_the_same_and_duplicate_keys_are_refused() {
    let bare = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}"#;
    let listed =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["s3:*"],"Resource":["*"]}]}"#;
    assert_eq!(document::parse(bare), document::parse(listed));
    let twice = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Action":"ec2:*","Resource":"*"}]}"#;
    assert!(document::parse(twice).is_err());
}

#[test]
fn rule_28_an_allow_on_a_key_that_a_resource_lacks_fails_closed() {
    let statement = json!({"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {"StringEquals": {"ec2:InstanceType": "t3.micro"}}});
    let layers = Layers { identity: vec![policy("p", &statement)], ..open() };
    let subnet = ask_as(
        &layers,
        ROLE,
        "ec2:RunInstances",
        "arn:aws:ec2:eu-west-1:111122223333:subnet/s-1",
        Context::new(),
    );
    assert_eq!(subnet.outcome, Outcome::ImplicitlyDenied);
}

#[test]
fn rule_29_boundary_scp_and_identity_must_all_allow_and_an_scp_never_grants() {
    let scp_only = Layers { identity: Vec::new(), ..open() };
    assert_eq!(ask(&scp_only, "s3:GetObject"), Outcome::ImplicitlyDenied);
    let bounded = Layers { boundary: Some(allow(&json!("ec2:*"))), ..open() };
    let decision = ask_as(&bounded, ROLE, "s3:GetObject", BUCKET, Context::new());
    assert_eq!(decision.denied_by, [Layer::Boundary]);
}

#[test]
fn service_linked_roles_and_the_management_account_are_exempt_and_a_members_root_user_is_not() {
    let layers = with_scps(vec![level("root", vec![full_access(), deny(&json!("*"))])]);
    let linked =
        "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    assert_eq!(ask_as(&layers, linked, "s3:GetObject", BUCKET, Context::new()).outcome, Outcome::Allowed);
    let root = "arn:aws:iam::111122223333:root";
    assert_eq!(
        ask_as(&layers, root, "s3:GetObject", BUCKET, Context::new()).outcome,
        Outcome::ExplicitlyDenied
    );
}

#[test]
fn a_request_across_accounts_needs_both_sides() {
    let principal = Principal::parse(ROLE).unwrap();
    let request = Request::new(
        principal,
        "s3:GetObject",
        Resource::Arn(BUCKET.into()),
        Some("444455556666".into()),
        Context::new(),
    )
    .unwrap();
    let decision = open().decide(&request);
    assert_eq!((decision.outcome, decision.denied_by), (Outcome::ImplicitlyDenied, vec![Layer::Resource]));
    let shared = json!({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"});
    let layers = Layers { resource: Some(policy("bucket", &shared)), ..open() };
    assert_eq!(layers.decide(&request).outcome, Outcome::Allowed);
    let layers = Layers { identity: Vec::new(), ..layers };
    assert_eq!(layers.decide(&request).denied_by, [Layer::Identity]);
}

#[test]
fn inside_one_account_a_resource_policy_that_names_the_role_is_enough_but_for_the_boundary() {
    let named =
        json!({"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "s3:GetObject", "Resource": "*"});
    let layers = Layers { resource: Some(policy("bucket", &named)), identity: Vec::new(), ..open() };
    assert_eq!(ask(&layers, "s3:GetObject"), Outcome::Allowed);
    let bounded = Layers { boundary: Some(allow(&json!("ec2:*"))), ..layers };
    assert_eq!(ask(&bounded, "s3:GetObject"), Outcome::ImplicitlyDenied);
    let by_account = json!({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "*"});
    let layers = Layers { resource: Some(policy("bucket", &by_account)), identity: Vec::new(), ..open() };
    assert_eq!(ask(&layers, "s3:GetObject"), Outcome::ImplicitlyDenied);
}

#[test]
fn an_unknown_key_gives_maybe_and_names_itself_unless_nothing_hangs_on_it() {
    let statement = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}});
    let layers = with_scps(vec![level("root", vec![full_access(), policy("p", &statement)])]);
    let mut context = Context::new();
    context.set_unknown("aws:PrincipalOrgID");
    let decision = ask_as(&layers, ROLE, "s3:GetObject", BUCKET, context.clone());
    assert_eq!(decision.outcome, Outcome::Maybe);
    assert_eq!(decision.undecided_keys.into_iter().collect::<Vec<_>>(), ["aws:principalorgid"]);
    assert_eq!(ask_as(&layers, ROLE, "ec2:RunInstances", "*", context).outcome, Outcome::Allowed);
}
