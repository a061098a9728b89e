//! What SCPs deny of what a permission set's inline policy grants.

use super::{Reached, told};
use glidepath_iam::difference::{DocumentLevel, Reach, compare};
use glidepath_iam::document;
use glidepath_model::PolicyType;
use serde_json::{Map, Value, json};

/// Who asks: a role that IAM Identity Center made. What is denied to others, such as the root user, is none of it.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
const ROLES: &str = "arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*";
/// The key that tells who asks.
const WHO: &str = "aws:PrincipalArn";

/// The parts of what an inline policy grants that these levels deny, as far as an example proves it; none where a
/// document cannot be read.
#[must_use]
pub fn denied_of(inline: &Value, levels: Vec<DocumentLevel>) -> Option<Vec<Reached>> {
    let document = document::parse(&by_roles(inline).to_string()).ok()?;
    let granted = DocumentLevel {
        name: "the permission set".to_owned(),
        documents: vec![("inline".to_owned(), document)],
    };
    let both: Vec<DocumentLevel> = std::iter::once(granted.clone()).chain(levels).collect();
    let comparison = compare(std::slice::from_ref(&granted), &both, Reach::Principals);
    let mut denied = told(PolicyType::Scp, Vec::new(), &comparison).newly_denied;
    // What is not proved may be nothing at all.
    denied.retain(|reached| reached.example.is_some());
    for reached in &mut denied {
        reached.conditions.retain(|condition| !condition.contains(ROLES));
    }
    denied.sort();
    denied.dedup();
    Some(denied)
}

/// The document as it reaches those roles alone.
fn by_roles(inline: &Value) -> Value {
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
        let keys = operators.entry("StringLike").or_insert_with(|| Value::Object(Map::new()));
        if let Some(keys) = keys.as_object_mut() {
            keys.entry(WHO).or_insert_with(|| json!(ROLES));
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
        assert_eq!(denied_of(&inline, vec![level(&guard("arn:aws:iam::*:root"))]), Some(Vec::new()));
        let denied = denied_of(&inline, vec![level(&guard("arn:aws:iam::*:role/*"))]).unwrap();
        assert_eq!(denied[0].actions, "s3:PutObject");
    }
}
