//! Whether two key policies say the same.
//!
//! AWS gives a policy back in its own order, with accounts by the ARN of their root, and with deleted principals by
//! ids. Texts are compared after that is taken out of them. Where they still differ, the policy engine is asked, for
//! each set of principals by itself and for what is allowed and denied apart: only what it proves to be the same is.

use glidepath_iam::difference::{DocumentLevel, Reach, compare};
use glidepath_iam::document::{self, Document, Effect, Principal, Scope, Statement, Version};
use glidepath_model::AccountId;
use serde_json::Value;
use std::collections::BTreeMap;

/// Whether two documents say the same. What is no policy document is compared as it stands.
#[must_use]
pub fn says_the_same(one: &Value, two: &Value) -> bool {
    if one == two {
        return true;
    }
    let read = |value: &Value| document::parse(&value.to_string()).ok();
    let (Some(one), Some(two)) = (read(one), read(two)) else { return false };
    if one.has_variables() != two.has_variables() && (has_variable(&one) || has_variable(&two)) {
        return false;
    }
    let (one, two) = (parts(one), parts(two));
    one == two || proved(&one, &two)
}

/// Whom a statement is about, in one order: the element itself where there is one.
type Whom = Option<(bool, Vec<Principal>)>;

/// The statements for each set of principals and effect, without their names, in one order.
type Parts = BTreeMap<(Whom, Effect), Vec<Said>>;

/// What a statement says, in one order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    actions: (bool, Vec<String>),
    resources: Option<(bool, Vec<String>)>,
    conditions: Vec<(String, String, Vec<String>)>,
}

fn parts(document: Document) -> Parts {
    let mut parts = Parts::new();
    for statement in document.statements {
        let whom = statement.principals.as_ref().map(|scope| {
            let mut all: Vec<Principal> = scope.patterns().iter().map(normal).collect();
            sorted(&mut all);
            (scope.is_negated(), all)
        });
        parts.entry((whom, statement.effect)).or_default().push(said(&statement));
    }
    for statements in parts.values_mut() {
        sorted(statements);
    }
    parts
}

fn said(statement: &Statement) -> Said {
    let scope = |scope: &Scope<String>, lower: fn(&str) -> String| {
        let mut all: Vec<String> = scope.patterns().iter().map(|text| lower(text)).collect();
        sorted(&mut all);
        (scope.is_negated(), all)
    };
    let mut conditions: Vec<(String, String, Vec<String>)> = statement
        .conditions
        .iter()
        .map(|condition| {
            let mut values = condition.values.clone();
            sorted(&mut values);
            (condition.operator.to_string(), condition.key.to_ascii_lowercase(), values)
        })
        .collect();
    sorted(&mut conditions);
    Said {
        actions: scope(&statement.actions, str::to_ascii_lowercase),
        resources: statement.resources.as_ref().map(|resources| scope(resources, str::to_owned)),
        conditions,
    }
}

fn sorted<T: Ord>(all: &mut Vec<T>) {
    all.sort();
    all.dedup();
}

/// A principal in AWS's own form.
fn normal(principal: &Principal) -> Principal {
    match principal {
        Principal::Aws(text) if AccountId::parse(text).is_ok() => {
            // The partition does not matter where both sides are read alike.
            Principal::Aws(format!("root of {text}"))
        }
        Principal::Aws(text) => {
            let account = text.strip_suffix(":root").and_then(|rest| rest.rsplit(':').next());
            match account {
                Some(account) => Principal::Aws(format!("root of {account}")),
                None => principal.clone(),
            }
        }
        Principal::Anyone | Principal::Service(_) | Principal::Federated(_) | Principal::CanonicalUser(_) => {
            principal.clone()
        }
    }
}

fn has_variable(document: &Document) -> bool {
    let held = |texts: &[String]| texts.iter().any(|text| text.contains("${"));
    document.statements.iter().any(|statement| {
        statement.resources.as_ref().is_some_and(|scope| held(scope.patterns()))
            || statement.conditions.iter().any(|condition| held(&condition.values))
    })
}

/// Whether the policy engine proves each part to be the same on both sides.
///
/// A Deny is asked about as what it covers: it takes from all Allows, also from those for other principals, so that
/// only equal cover is equal effect.
fn proved(one: &Parts, two: &Parts) -> bool {
    one.len() == two.len()
        && one.iter().all(|(key, old)| {
            let Some(new) = two.get(key) else { return false };
            if old == new {
                return true;
            }
            let (Some(old), Some(new)) = (levels(old), levels(new)) else { return false };
            compare(&old, &new, Reach::Everyone).is_equivalence()
        })
}

fn levels(statements: &[Said]) -> Option<[DocumentLevel; 1]> {
    let scope = |(negated, texts): &(bool, Vec<String>)| {
        if *negated { Scope::AllBut(texts.clone()) } else { Scope::Only(texts.clone()) }
    };
    let statements: Option<Vec<Statement>> = statements
        .iter()
        .map(|said| {
            let conditions: Option<Vec<document::Condition>> = said
                .conditions
                .iter()
                .map(|(operator, key, values)| {
                    let operator = document::Operator::parse(operator)?;
                    Some(document::Condition { operator, key: key.clone(), values: values.clone() })
                })
                .collect();
            Some(Statement {
                sid: None,
                effect: Effect::Allow,
                principals: None,
                actions: scope(&said.actions),
                resources: said.resources.as_ref().map(scope),
                conditions: conditions?,
            })
        })
        .collect();
    let document = Document { version: Some(Version::V2012), id: None, statements: statements? };
    Some([DocumentLevel { name: "key".to_owned(), documents: vec![("policy".to_owned(), document)] }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy(statements: &Value) -> Value {
        json!({"Version": "2012-10-17", "Statement": statements})
    }

    fn allow(principal: &Value, action: &Value) -> Value {
        json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"})
    }

    #[test]
    fn order_names_and_the_spelling_of_accounts_say_nothing() {
        let one = policy(&json!([
            allow(&json!(["111122223333", "444455556666"]), &json!(["kms:Decrypt", "kms:DescribeKey"])),
            allow(&json!("111122223333"), &json!("kms:PutKeyPolicy")),
        ]));
        let root = |id: &str| format!("arn:aws:iam::{id}:root");
        let mut named = allow(&json!(root("111122223333")), &json!(["kms:putkeypolicy"]));
        named["Sid"] = json!("Administration");
        let two = policy(&json!([
            named,
            allow(
                &json!([root("444455556666"), root("111122223333")]),
                &json!(["kms:DescribeKey", "kms:Decrypt"])
            ),
        ]));
        assert!(says_the_same(&one, &two));
    }

    #[test]
    fn what_is_split_or_covered_already_is_proved_to_be_the_same() {
        let root = json!("arn:aws:iam::111122223333:root");
        let whole = policy(&json!([allow(&root, &json!(["kms:Get*", "kms:List*"]))]));
        let split = policy(&json!([
            allow(&root, &json!("kms:List*")),
            allow(&root, &json!("kms:Get*")),
            allow(&root, &json!("kms:GetKeyPolicy")),
        ]));
        assert!(says_the_same(&whole, &split));
    }

    #[test]
    fn more_less_and_other_rights_are_differences() {
        let root = json!("arn:aws:iam::111122223333:root");
        let one = policy(&json!([allow(&root, &json!("kms:Get*"))]));
        assert!(!says_the_same(&one, &policy(&json!([allow(&root, &json!("kms:*"))]))));
        assert!(!says_the_same(&one, &policy(&json!([allow(&json!("*"), &json!("kms:Get*"))]))));
        let mut conditional = allow(&root, &json!("kms:Get*"));
        conditional["Condition"] = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
        assert!(!says_the_same(&one, &policy(&json!([conditional]))));
        let mut deny = allow(&json!("*"), &json!("kms:GetKeyPolicy"));
        deny["Effect"] = json!("Deny");
        assert!(!says_the_same(&one, &policy(&json!([allow(&root, &json!("kms:Get*")), deny]))));
        // A deleted role, as AWS shows it.
        let role = policy(&json!([allow(&json!("arn:aws:iam::111122223333:role/a"), &json!("kms:Get*"))]));
        let gone = policy(&json!([allow(&json!("AROAEXAMPLEEXAMPLE"), &json!("kms:Get*"))]));
        assert!(!says_the_same(&role, &gone));
    }
}
