//! Comparing two sets of policies.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use glidepath_iam::context::Context;
use glidepath_iam::decision::Outcome;
use glidepath_iam::difference::{Comparison, DocumentLevel, Proof, Reach, compare};
use glidepath_iam::document;
use glidepath_iam::evaluate::{Layers, Level};
use glidepath_iam::request::{Principal, Request, Resource};
use glidepath_iam::statement::Policy;
use proptest::prelude::*;
use serde_json::{Value, json};

fn levels(all: &Value) -> Vec<DocumentLevel> {
    let policies = |level: &Value| {
        let list = level["policies"].as_array().unwrap();
        list.iter()
            .enumerate()
            .map(|(at, statements)| {
                let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
                (format!("policy-{at}"), document::parse(&text).unwrap())
            })
            .collect()
    };
    let list = all.as_array().unwrap();
    list.iter()
        .map(|level| DocumentLevel {
            name: level["level"].as_str().unwrap().into(),
            documents: policies(level),
        })
        .collect()
}

fn full() -> Value {
    json!({"Effect": "Allow", "Action": "*", "Resource": "*"})
}

/// One level with full access and these statements.
fn denying(statements: &Value) -> Value {
    json!([{"level": "root", "policies": [full(), statements]}])
}

fn changed(before: &Value, after: &Value) -> Comparison {
    compare(&levels(before), &levels(after), Reach::Principals)
}

fn told(comparison: &Comparison) -> String {
    let mut text = String::new();
    for (word, regions) in [("denied", &comparison.newly_denied), ("allowed", &comparison.newly_allowed)] {
        for region in regions {
            let words = region.cell.words();
            let sure = if matches!(region.proof, Proof::Example(_)) { "" } else { " (not proved)" };
            let when = if words.conditions.is_empty() {
                String::new()
            } else {
                format!(" when {}", words.conditions.join(" and "))
            };
            text.push_str(&format!("{word}: {} on {}{when}{sure}\n", words.actions, words.resources));
        }
    }
    text
}

#[test]
fn a_new_deny_is_told_with_what_it_covers() {
    let after =
        json!({"Effect": "Deny", "Action": ["s3:Put*", "s3:Delete*"], "Resource": "arn:aws:s3:::logs-*"});
    let comparison = changed(
        &denying(&json!([{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}])),
        &denying(&json!([{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}, after])),
    );
    assert_eq!(told(&comparison), "denied: s3:put*, s3:delete* on arn:aws:s3:::logs-*\n");
    assert!(comparison.is_difference());
}

#[test]
fn what_was_denied_already_is_not_told_again() {
    let before = denying(&json!([{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]));
    let after = denying(&json!([{"Effect": "Deny", "Action": ["s3:PutObject", "ec2:*"], "Resource": "*"}]));
    let comparison = changed(&before, &after);
    let text = told(&comparison);
    assert!(text.contains("denied: ec2:*") && text.contains("allowed: s3:* but not s3:putobject"), "{text}");
    assert!(!text.contains("denied: s3"), "{text}");
}

#[test]
fn the_same_in_other_words_is_proved_to_be_the_same() {
    let condition = |regions: Value| json!({"StringNotEquals": {"aws:RequestedRegion": regions}});
    let before = denying(&json!([
        {"Effect": "Deny", "Action": ["s3:*", "s3:Get*"], "Resource": "*", "Condition": condition(json!(["eu-west-1", "eu-north-1"]))},
        {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"},
    ]));
    let after = json!([
        {"level": "root", "policies": [full(), [{"Effect": "Deny", "Action": "EC2:*", "Resource": "*"}]]},
        {"level": "Prod", "policies": [full(), [{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition(json!(["eu-north-1", "eu-west-1"]))}]]},
    ]);
    assert!(changed(&before, &after).is_equivalence(), "{}", told(&changed(&before, &after)));
}

#[test]
fn a_wider_exemption_is_newly_allowed_for_whom_it_exempts() {
    let with = |arns: Value| {
        denying(
            &json!([{"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": arns}}}]),
        )
    };
    let comparison = changed(
        &with(json!(["arn:aws:iam::*:role/deploy"])),
        &with(json!(["arn:aws:iam::*:role/deploy", "arn:aws:iam::*:role/break-glass"])),
    );
    assert!(comparison.newly_denied.is_empty());
    let text = told(&comparison);
    assert!(text.contains("allowed: iam:*") && text.contains("break-glass"), "{text}");
    assert!(comparison.is_difference());
}

#[test]
fn a_level_that_allows_less_denies_the_rest() {
    let before = json!([{"level": "root", "policies": [full()]}, {"level": "Prod", "policies": [full()]}]);
    let after = json!([{"level": "root", "policies": [full()]}, {"level": "Prod", "policies": [{"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"}]}]);
    let text = told(&changed(&before, &after));
    assert!(text.starts_with("denied: anything but s3:*, ec2:* on any resource"), "{text}");
}

#[test]
fn what_cannot_be_looked_into_is_said_to_be_not_proved() {
    let with = |age: &str| {
        denying(
            &json!([{"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": age}, "DateLessThan": {"aws:CurrentTime": "soon"}}}]),
        )
    };
    let comparison = changed(&with("3600"), &with("3600.0"));
    assert!(!comparison.is_equivalence() && !comparison.is_difference());
    assert!(told(&comparison).contains("(not proved)"));
}

fn any_statement() -> impl Strategy<Value = Value> {
    let action = proptest::sample::select(vec![
        "*",
        "s3:*",
        "s3:Get*",
        "s3:GetObject",
        "ec2:*",
        "*:Get*",
        "s3:*Object",
    ]);
    let resource =
        proptest::sample::select(vec!["*", "arn:aws:s3:::a/*", "arn:aws:s3:::*/x", "arn:aws:s3:::a/x"]);
    let condition = proptest::sample::select(vec![
        json!({}),
        json!({"StringEquals": {"aws:RequestedRegion": "r1"}}),
        json!({"StringNotEquals": {"aws:RequestedRegion": ["r1", "r2"]}}),
        json!({"StringEqualsIfExists": {"aws:RequestedRegion": "r2"}}),
        json!({"StringLike": {"aws:PrincipalTag/t": "a*"}, "Null": {"aws:RequestedRegion": "false"}}),
        json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}),
        json!({"BoolIfExists": {"aws:ViaAWSService": "false"}}),
        json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "100"}}),
        json!({"NumericNotEquals": {"aws:MultiFactorAuthAge": "100"}}),
        json!({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}),
    ]);
    (any::<bool>(), any::<bool>(), any::<bool>(), action, resource, condition).prop_map(
        |(deny, not_action, not_resource, action, resource, condition)| {
            let actions = if not_action { "NotAction" } else { "Action" };
            let resources = if not_resource { "NotResource" } else { "Resource" };
            json!({"Effect": if deny { "Deny" } else { "Allow" }, actions: action, resources: resource, "Condition": condition})
        },
    )
}

fn any_levels() -> impl Strategy<Value = Value> {
    let policy = prop_oneof![
        2 => Just(json!([full()])),
        3 => proptest::collection::vec(any_statement(), 1..3).prop_map(Value::from),
    ];
    proptest::collection::vec(proptest::collection::vec(policy, 1..4), 1..3).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(at, policies)| json!({"level": format!("level-{at}"), "policies": policies}))
            .collect()
    })
}

fn any_request() -> impl Strategy<Value = Request> {
    let pick = |values: Vec<Option<&'static str>>| proptest::sample::select(values);
    (
        proptest::sample::select(vec!["s3:GetObject", "s3:PutObject", "ec2:RunInstances", "iam:GetRole"]),
        proptest::sample::select(vec!["*", "arn:aws:s3:::a/x", "arn:aws:s3:::b/x", "arn:aws:s3:::a/y"]),
        proptest::sample::select(vec![
            "arn:aws:iam::111122223333:role/deploy",
            "arn:aws:iam::111122223333:role/app",
        ]),
        pick(vec![None, Some("r1"), Some("r2"), Some("r3")]),
        pick(vec![None, Some("a1"), Some("b1")]),
        pick(vec![None, Some("true"), Some("False")]),
        pick(vec![None, Some("50"), Some("100"), Some("200")]),
        pick(vec![None, Some("a"), Some("b")]),
    )
        .prop_map(|(action, resource, principal, region, tag, via, age, key)| {
            let mut context = Context::new();
            let named = [
                ("aws:RequestedRegion", region),
                ("aws:PrincipalTag/t", tag),
                ("aws:ViaAWSService", via),
                ("aws:MultiFactorAuthAge", age),
                ("aws:TagKeys", key),
            ];
            for (name, value) in named {
                if let Some(value) = value {
                    context.set(name, value);
                }
            }
            let principal = Principal::parse(principal).unwrap();
            Request::new(principal, action, Resource::Arn(resource.into()), None, context).unwrap()
        })
}

fn decided(levels: &[DocumentLevel], request: &Request) -> bool {
    let ready = levels.iter().map(|level| Level {
        name: level.name.clone(),
        policies: level.documents.iter().map(|(name, document)| Policy::new(name, document)).collect(),
    });
    let everything =
        document::parse(&json!({"Version": "2012-10-17", "Statement": full()}).to_string()).unwrap();
    let identity = vec![Policy::new("everything", &everything)];
    let layers = Layers { scps: Some(ready.collect()), identity, ..Layers::default() };
    layers.outcome(request) == Outcome::Allowed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_difference_that_evaluation_finds_is_covered_by_a_region(
        before in any_levels(),
        after in any_levels(),
        requests in proptest::collection::vec(any_request(), 60),
    ) {
        let (before, after) = (levels(&before), levels(&after));
        let comparison = compare(&before, &after, Reach::Principals);
        for request in &requests {
            let regions = match (decided(&before, request), decided(&after, request)) {
                (true, false) => &comparison.newly_denied,
                (false, true) => &comparison.newly_allowed,
                _ => continue,
            };
            prop_assert!(regions.iter().any(|region| region.cell.covers(request)), "{:?}", request);
        }
    }

    #[test]
    fn a_set_is_equivalent_to_itself_whatever_the_order_of_its_policies(mut all in any_levels()) {
        let before = levels(&all);
        for level in all.as_array_mut().unwrap() {
            level["policies"].as_array_mut().unwrap().reverse();
        }
        let comparison = compare(&before, &levels(&all), Reach::Principals);
        prop_assert!(!comparison.is_difference(), "{}", told(&comparison));
    }
}
