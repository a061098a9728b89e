//! Reading and printing documents.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use glidepath_iam::document::{
    Comparison, Condition, Document, Effect, Operator, Principal, Quantifier, Scope, Statement, Version,
    minified, parse, pretty,
};
use proptest::prelude::*;

fn any_scope(item: impl Strategy<Value = String>) -> impl Strategy<Value = Scope<String>> {
    (proptest::collection::vec(item, 1..4), any::<bool>())
        .prop_map(|(list, negated)| if negated { Scope::AllBut(list) } else { Scope::Only(list) })
}

fn any_operator() -> impl Strategy<Value = Operator> {
    let quantifier =
        proptest::sample::select(vec![None, Some(Quantifier::ForAllValues), Some(Quantifier::ForAnyValue)]);
    (quantifier, proptest::sample::select(Comparison::ALL), any::<bool>()).prop_map(
        |(quantifier, comparison, if_exists)| {
            if comparison == Comparison::Null {
                Operator { quantifier: None, comparison, if_exists: false }
            } else {
                Operator { quantifier, comparison, if_exists }
            }
        },
    )
}

fn any_statement() -> impl Strategy<Value = Statement> {
    let conditions = proptest::collection::btree_map(
        (any_operator(), "[a-z]{2,5}:[A-Za-z/]{1,8}"),
        proptest::collection::vec(".{0,6}", 1..3),
        0..3,
    );
    let principal = proptest::sample::select(vec![
        None,
        Some(Scope::Only(vec![Principal::Anyone])),
        Some(Scope::AllBut(vec![
            Principal::Aws("111122223333".into()),
            Principal::Service("s3.amazonaws.com".into()),
        ])),
    ]);
    (
        proptest::option::of("[A-Za-z0-9]{1,8}"),
        any::<bool>(),
        principal,
        any_scope("[a-z0-9-]{1,6}:[A-Za-z*?]{1,8}"),
        proptest::option::of(any_scope(".{1,12}")),
        conditions,
    )
        .prop_map(|(sid, deny, principals, actions, resources, conditions)| Statement {
            sid,
            effect: if deny { Effect::Deny } else { Effect::Allow },
            principals,
            actions,
            resources,
            conditions: sorted(conditions),
        })
}

/// Conditions in the order in which a reader meets them: by the operator's text, then the key.
fn sorted(all: std::collections::BTreeMap<(Operator, String), Vec<String>>) -> Vec<Condition> {
    let mut list: Vec<Condition> =
        all.into_iter().map(|((operator, key), values)| Condition { operator, key, values }).collect();
    list.sort_by_key(|condition| (condition.operator.to_string(), condition.key.clone()));
    list
}

fn any_document() -> impl Strategy<Value = Document> {
    let version = proptest::sample::select(vec![None, Some(Version::V2008), Some(Version::V2012)]);
    (version, proptest::option::of("[a-z]{1,5}"), proptest::collection::vec(any_statement(), 1..4))
        .prop_map(|(version, id, statements)| Document { version, id, statements })
}

proptest! {
    #[test]
    fn any_document_comes_back_from_either_of_its_texts(document in any_document()) {
        prop_assert_eq!(&parse(&minified(&document)).unwrap(), &document);
        prop_assert_eq!(&parse(&pretty(&document)).unwrap(), &document);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_damage_to_a_document_makes_the_reader_panic(document in any_document(), at in any::<prop::sample::Index>(), put in ".?") {
        let text = pretty(&document);
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len());
        characters.splice(at..=at, put.chars());
        let _ = parse(&characters.into_iter().collect::<String>());
    }
}

fn complaints(text: &str) -> String {
    parse(text).unwrap_err().iter().map(|complaint| format!("{complaint}\n")).collect()
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_in_order() {
    let text = r#"{
  "Version": "2012-10-18",
  "Statement": [
    {"Sid": 7, "Effect": "Forbid", "Action": "GetObject", "Resource": [], "Why": 1},
    {"Effect": "Deny", "Action": "s3:*", "NotAction": "ec2:*",
     "Condition": {"StringMatches": {"a": "b"}, "Bool": {"aws:SecureTransport": null, "aws:SecureTransport": true}}},
    {"Effect": "Deny", "Resource": "*", "Principal": {"User": "maria"}}
  ]
}"#;
    assert_eq!(
        complaints(text),
        "2:14: `Version` is neither `2012-10-17` nor `2008-10-17`\n\
         4:13: `Sid` is a text, not a number\n\
         4:26: `Effect` is neither `Allow` nor `Deny`\n\
         4:46: `GetObject` is no action: `service:Name` or `*` is wanted\n\
         4:71: `Resource` is an empty list: at least one value is wanted\n\
         4:75: `Why` is no element of a statement: Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition are\n\
         5:42: `NotAction` stands beside `Action`: only one of them may\n\
         6:20: `StringMatches` is no condition operator\n\
         6:87: `aws:SecureTransport` stands here twice\n\
         7:5: the statement has neither `Action` nor `NotAction`\n\
         7:55: `User` is no kind of principal: AWS, Service, Federated, CanonicalUser are\n"
    );
}

#[test]
fn bad_json_is_said_alone_with_its_place() {
    assert_eq!(
        complaints("{\"Version\": \"2012-10-17\",\n \"Statement\": [}"),
        "2:16: not JSON: expected value\n"
    );
    assert_eq!(complaints("{} // no"), "1:4: not JSON: trailing characters\n");
    let deep = "[".repeat(100_000);
    assert!(complaints(&deep).contains("recursion limit exceeded"));
}
