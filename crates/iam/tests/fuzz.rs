//! The bodies of the fuzzers hold over every saved input, and over random bytes and pieces of policies.
//!
//! An input that broke a law once is saved in `corpus/` under a name that says what it is.

use glidepath_iam::fuzz::{self, Broken};
use proptest::prelude::*;
use std::path::Path;

type Body = fn(&[u8]) -> Result<(), Broken>;

const BODIES: [(&str, Body); 4] =
    [("parse", fuzz::parse), ("evaluate", fuzz::evaluate), ("compare", fuzz::compare), ("lint", fuzz::lint)];

/// What broke first, or nothing.
fn broken(bytes: &[u8]) -> Option<String> {
    let mut outcomes = BODIES.iter().map(|(body, run)| (body, run(bytes)));
    outcomes.find_map(|(body, outcome)| outcome.err().map(|broken| format!("{body}: {broken}")))
}

#[test]
fn every_law_holds_over_the_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(broken(&std::fs::read(&path).unwrap()), None, "{}", path.display());
        count += 1;
    }
    assert!(count > 30, "{count}");
}

/// Pieces that policies are made of, to get further than random bytes do.
fn any_policy() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        Just("*"),
        Just("s3:*"),
        Just("s3:Get*"),
        Just("S3:getobject"),
        Just("ec2:Run?nstances"),
        Just("iam:Create*"),
        Just("nothing:Here"),
        Just("arn:aws:s3:::data/*"),
        Just("arn:aws:iam"),
        Just("arn:*:iam::*:role/*"),
        Just("eu-west-1"),
        Just("${aws:PrincipalTag/team}"),
        Just("${aws:usrname, 'x'}/${*}"),
        Just("${"),
        Just("true"),
        Just("203.0.113.0/24"),
        Just("7"),
        Just("é\\u0000"),
        Just(""),
    ];
    let texts = proptest::collection::vec(text.clone(), 1..4).prop_map(|all| {
        format!("[{}]", all.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(","))
    });
    let action =
        prop_oneof![Just("*"), Just("s3:*"), Just("s3:Get*"), Just("ec2:Run?nstances"), Just("iam:Create*")];
    let key = prop_oneof![
        Just("aws:RequestedRegion"),
        Just("AWS:principalarn"),
        Just("aws:PrincipalTag/team"),
        Just("aws:SourceIp"),
        Just("aws:TagKeys"),
        Just("s3:x-amz-acl"),
        Just("moon"),
    ];
    let operator = prop_oneof![
        Just("StringEquals"),
        Just("StringNotLikeIfExists"),
        Just("StringLike"),
        Just("ArnNotLike"),
        Just("ArnEquals"),
        Just("Null"),
        Just("Bool"),
        Just("IpAddress"),
        Just("NumericLessThan"),
        Just("DateGreaterThanIfExists"),
        Just("ForAllValues:StringNotEquals"),
        Just("ForAnyValue:StringLike"),
    ];
    let condition = proptest::option::of((operator, key, texts.clone()));
    let statement = (any::<[bool; 3]>(), action, texts, condition).prop_map(
        |([deny, not_action, not_resource], action, resources, condition)| {
            let condition = condition.map(|(operator, key, values)| {
                format!(r#","Condition":{{"{operator}":{{"{key}":{values}}}}}"#)
            });
            format!(
                r#"{{"Effect":"{}","{}Action":"{action}","{}Resource":{resources}{}}}"#,
                if deny { "Deny" } else { "Allow" },
                if not_action { "Not" } else { "" },
                if not_resource { "Not" } else { "" },
                condition.unwrap_or_default()
            )
        },
    );
    proptest::collection::vec(statement, 1..4)
        .prop_map(|all| format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, all.join(",")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_law_holds_over_random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(broken(&bytes), None);
    }

    #[test]
    fn every_law_holds_over_random_policies(before in any_policy(), after in any_policy()) {
        prop_assert_eq!(broken(before.as_bytes()), None);
        prop_assert_eq!(broken(format!("{before}\n\n{after}").as_bytes()), None);
    }
}
