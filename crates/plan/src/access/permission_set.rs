//! What SCPs deny of what a permission set's inline policy grants.

use super::{Reached, in_words};
use glidepath_iam::difference::{DocumentLevel, Reach, compare};
use glidepath_iam::document;
use serde_json::{Map, Value, json};

/// How the roles are called that IAM Identity Center makes.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
const ROLE: &str = "AWSReservedSSO_";
/// The key that tells who asks.
const WHO: &str = "aws:PrincipalArn";

/// The parts of what an inline policy grants that these levels deny, as far as an example proves it; none where a
/// document cannot be read.
#[must_use]
pub fn denied_of(name: &str, inline: &Value, levels: Vec<DocumentLevel>) -> Option<Vec<Reached>> {
    let document = document::parse(&by_role(name, inline).to_string()).ok()?;
    let granted = DocumentLevel {
        name: "the permission set".to_owned(),
        documents: vec![("inline".to_owned(), document)],
    };
    let both: Vec<DocumentLevel> = std::iter::once(granted.clone()).chain(levels).collect();
    let comparison = compare(std::slice::from_ref(&granted), &both, Reach::Principals);
    let mut denied = in_words(&comparison).newly_denied;
    // What is not proved may be nothing at all.
    denied.retain(|reached| reached.example.is_some());
    for reached in &mut denied {
        reached.conditions.retain(|condition| !condition.contains(ROLE));
    }
    denied.sort();
    denied.dedup();
    Some(denied)
}

/// The document as it reaches the set's own role alone, in an account for all: what is denied to others, such as the root
/// user, is none of it. Patterns would not do, since a wildcard stands for whole ARNs.
fn by_role(name: &str, inline: &Value) -> Value {
    let role = format!(
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/{ROLE}{name}_0123456789abcdef"
    );
    let mut document = inline.clone();
    let statements: Vec<&mut Value> = match document.get_mut("Statement") {
        Some(Value::Array(list)) => list.iter_mut().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    for statement in statements {
        let Some(statement) = statement.as_object_mut() else { continue };
        let condition = statement.entry("Condition").or_insert_with(|| Value::Object(Map::new()));
        let Some(operators) = condition.as_object_mut() else { continue };
        let keys = operators.entry("StringEquals").or_insert_with(|| Value::Object(Map::new()));
        if let Some(keys) = keys.as_object_mut() {
            keys.entry(WHO).or_insert_with(|| json!(role));
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(document: &Value) -> DocumentLevel {
        let document = document::parse(&document.to_string()).unwrap();
        DocumentLevel { name: "Workloads".to_owned(), documents: vec![("guard".to_owned(), document)] }
    }

    #[test]
    fn what_is_denied_to_the_root_user_is_none_of_a_permission_set_s() {
        let inline = json!({"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]});
        let guard = |who: &str| {
            json!({"Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalArn": who}}},
            ]})
        };
        assert_eq!(
            denied_of("Deployer", &inline, vec![level(&guard("arn:aws:iam::*:root"))]),
            Some(Vec::new())
        );
        let denied = denied_of("Deployer", &inline, vec![level(&guard("arn:aws:iam::*:role/*"))]).unwrap();
        assert_eq!(denied[0].actions, "s3:PutObject");
    }
}
