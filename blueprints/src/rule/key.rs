//! Keys are rotated, and their account keeps the right to administer them.

use super::{Scene, items, mentions, of_type, on};
use glidepath_template::Fault;
use serde_json::Value as Json;

pub(super) fn check(scene: &Scene<'_>, faults: &mut Vec<Fault>) {
    for (id, key) in of_type(scene.template, "AWS::KMS::Key") {
        let property = |name: &str| key.properties.get(name);
        // Keys for signatures and custom material have no automatic rotation.
        let symmetric = property("KeySpec").is_none_or(|spec| spec == "SYMMETRIC_DEFAULT");
        if symmetric && property("EnableKeyRotation") != Some(&Json::Bool(true)) {
            faults.push(on(id, "`EnableKeyRotation` is true"));
        }
        let statements = property("KeyPolicy").and_then(|policy| policy.get("Statement"));
        let administered = statements.into_iter().flat_map(items).any(|statement| {
            statement.get("Effect").is_some_and(|effect| effect == "Allow")
                && statement.get("Action").is_some_and(|action| action == "kms:*")
                && statement.get("Principal").is_some_and(|principal| mentions(principal, ":root"))
        });
        if !administered {
            faults.push(on(
                id,
                "the key policy lets the account itself administer the key, or nobody can any more",
            ));
        }
    }
}
