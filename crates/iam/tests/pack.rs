//! Packing statements into documents.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use glidepath_iam::difference::{DocumentLevel, Reach, compare};
use glidepath_iam::document::{self, Document, Statement, minified};
use glidepath_iam::pack::{Capacity, PackError, Packed, Portion, pack};
use proptest::prelude::*;
use serde_json::{Value, json};

const WIDE: Capacity = Capacity { characters: 10_240, documents: 9 };

fn statements(all: &Value) -> Vec<Statement> {
    document::parse(&json!({"Version": "2012-10-17", "Statement": all}).to_string()).unwrap().statements
}

fn portion(source: &str, all: &Value) -> Portion {
    Portion { source: source.to_owned(), statements: statements(all) }
}

fn deny(actions: &Value, condition: &Value) -> Value {
    json!({"Effect": "Deny", "Action": actions, "Resource": "*", "Condition": condition})
}

fn texts(packed: &[Packed]) -> Vec<String> {
    packed.iter().map(|packed| minified(&packed.document)).collect()
}

/// Whether the packed documents are proved to decide as the portions do.
fn is_same(portions: &[Portion], packed: &[Packed]) -> bool {
    let full = || {
        document::parse(&json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}).to_string()).unwrap()
    };
    let level = |documents: Vec<Document>| {
        let named = documents
            .into_iter()
            .chain([full()])
            .enumerate()
            .map(|(at, document)| (at.to_string(), document));
        vec![DocumentLevel { name: "root".into(), documents: named.collect() }]
    };
    let before = portions.iter().map(|portion| Document {
        version: Some(document::Version::V2012),
        id: None,
        statements: portion.statements.clone(),
    });
    let after = packed.iter().map(|packed| packed.document.clone());
    compare(&level(before.collect()), &level(after.collect()), Reach::Principals).is_equivalence()
}

#[test]
fn statements_that_differ_only_in_actions_become_one_and_covered_actions_go() {
    let none = json!({});
    let portions = [
        portion("b", &deny(&json!(["s3:PutObject", "s3:*", "ec2:RunInstances"]), &none)),
        portion("a", &deny(&json!(["EC2:runinstances", "iam:CreateUser"]), &none)),
    ];
    let packed = pack(&portions, WIDE).unwrap();
    assert_eq!(
        texts(&packed),
        [
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":["EC2:runinstances","iam:CreateUser","s3:*"],"Resource":"*"}}"#
        ]
    );
    assert!(is_same(&portions, &packed));
}

#[test]
fn statements_that_exclude_are_never_merged() {
    let but = |action: &str| json!({"Effect": "Deny", "NotAction": action, "Resource": "*"});
    let portions = [portion("a", &but("s3:*")), portion("b", &but("ec2:*"))];
    let packed = pack(&portions, WIDE).unwrap();
    assert_eq!(packed.first().unwrap().document.statements.len(), 2);
    assert!(is_same(&portions, &packed));
}

#[test]
fn a_statement_that_is_too_long_is_divided_and_one_that_cannot_be_is_refused() {
    let many: Vec<String> = (0..60).map(|at| format!("service{at}:Action{at}")).collect();
    let portions = [portion("a", &deny(&json!(many), &json!({})))];
    let packed = pack(&portions, Capacity { characters: 600, documents: 5 }).unwrap();
    assert!(packed.len() > 1 && texts(&packed).iter().all(|text| text.chars().count() <= 600));
    assert!(is_same(&portions, &packed));
    let error = pack(&portions, Capacity { characters: 600, documents: 1 }).unwrap_err();
    assert!(matches!(error, PackError::Documents { capacity: 1, .. }));
    let error = pack(&portions, Capacity { characters: 60, documents: 99 }).unwrap_err();
    assert!(matches!(error, PackError::Statement { .. }), "{error}");
}

fn guardrails(count: usize) -> Vec<Portion> {
    (0..count)
        .map(|at| {
            let actions: Vec<String> = (0..12).map(|n| format!("service{at}:Action{n}")).collect();
            portion(
                &format!("guardrail-{at:02}"),
                &deny(&json!(actions), &json!({"StringNotEquals": {"aws:PrincipalTag/n": at.to_string()}})),
            )
        })
        .collect()
}

#[test]
fn taking_one_guardrail_out_leaves_most_documents_as_they_are() {
    let all = guardrails(40);
    let before = texts(&pack(&all, Capacity { characters: 3_000, documents: 40 }).unwrap());
    for gone in [0, 13, 39] {
        let mut fewer = all.clone();
        fewer.remove(gone);
        let after = texts(&pack(&fewer, Capacity { characters: 3_000, documents: 40 }).unwrap());
        let changed = after.iter().filter(|text| !before.contains(text)).count();
        assert!(changed <= 1, "taking out {gone} changed {changed} of {} documents", after.len());
    }
}

#[test]
fn where_room_is_short_documents_are_filled_to_the_brim() {
    let all = guardrails(40);
    let roomy = pack(&all, Capacity { characters: 3_000, documents: 40 }).unwrap().len();
    let dense =
        (1..=roomy).find_map(|documents| pack(&all, Capacity { characters: 3_000, documents }).ok()).unwrap();
    assert!(dense.len() < roomy, "{} of {roomy}", dense.len());
    assert!(texts(&dense).iter().all(|text| text.chars().count() <= 3_000));
    let sources: usize = dense.iter().map(|packed| packed.sources.len()).sum();
    assert_eq!(sources, 40);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_packed_is_proved_to_decide_as_before_whatever_the_order(
        picks in proptest::collection::vec((0usize..6, 0usize..4, 0usize..3), 1..8),
        documents in 1usize..4,
    ) {
        let actions = [json!("s3:*"), json!(["s3:Get*", "ec2:*"]), json!("iam:CreateUser"), json!(["iam:*"]), json!("*:Delete*"), json!("kms:Decrypt")];
        let resources = ["*", "arn:aws:s3:::logs/*", "arn:aws:s3:::*/x", "arn:aws:s3:::${aws:PrincipalAccount}/*"];
        let conditions = [json!({}), json!({"StringNotEquals": {"aws:RequestedRegion": ["r2", "r1"]}}), json!({"BoolIfExists": {"aws:ViaAWSService": "false"}})];
        let mut portions: Vec<Portion> = picks.iter().enumerate().map(|(at, (action, resource, condition))| {
            portion(&format!("g{at}"), &json!({"Effect": "Deny", "Action": actions[*action], "Resource": resources[*resource], "Condition": conditions[*condition]}))
        }).collect();
        let Ok(packed) = pack(&portions, Capacity { characters: 900, documents }) else { return Ok(()) };
        // Lists with variables are only compared with themselves, so that a merged one is not proved.
        if picks.iter().all(|(_, resource, _)| *resource != 3) {
            prop_assert!(is_same(&portions, &packed));
        }
        portions.reverse();
        prop_assert_eq!(texts(&pack(&portions, Capacity { characters: 900, documents }).unwrap()), texts(&packed));
    }
}
