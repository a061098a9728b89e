//! Policies of resources let in nobody from outside: a service only on behalf of somebody named, and everyone only
//! within the organization.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>.

use super::{Scene, items, on};
use glidepath_template::Fault;
use serde_json::Value as Json;

/// Where a type keeps the policy of the resource.
const POLICIES: &[(&str, &str)] = &[
    ("AWS::Backup::BackupVault", "AccessPolicy"),
    ("AWS::Events::EventBus", "Policy"),
    ("AWS::Events::EventBusPolicy", "Statement"),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
    ("AWS::KMS::Key", "KeyPolicy"),
    ("AWS::KMS::ReplicaKey", "KeyPolicy"),
    ("AWS::S3::AccessPoint", "Policy"),
    ("AWS::S3::BucketPolicy", "PolicyDocument"),
    ("AWS::SNS::TopicPolicy", "PolicyDocument"),
    ("AWS::SQS::QueuePolicy", "PolicyDocument"),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),
];

/// Condition keys that say on whose behalf a service acts.
const SOURCES: &[&str] = &[
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "kms:calleraccount",
    "kms:encryptioncontext:",
    "kms:viaservice",
];

/// Condition keys that keep a principal within the organization or one account.
const PRINCIPALS: &[&str] = &[
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
];

pub(super) fn check(scene: &Scene<'_>, faults: &mut Vec<Fault>) {
    for (id, resource) in scene.template.resources() {
        if resource.ty == "AWS::Lambda::Permission" {
            permission(id, &resource.properties, faults);
        }
        for (ty, property) in POLICIES {
            let Some(policy) = resource.properties.get(property).filter(|_| resource.ty == *ty) else {
                continue;
            };
            let statements = policy.get("Statement").unwrap_or(policy);
            // Whoever takes on a role for a service is the service itself, in the role's own account.
            let services_are_free = resource.ty == "AWS::IAM::Role";
            for statement in items(statements).iter().flat_map(branches) {
                if statement.get("Effect").is_some_and(|effect| effect == "Allow") {
                    judge(id, statement, services_are_free, faults);
                }
            }
        }
    }
}

/// A statement, or those that an `Fn::If` chooses from.
fn branches(statement: &Json) -> Vec<&Json> {
    match statement.get("Fn::If").and_then(Json::as_array) {
        Some(choice) => choice.iter().skip(1).flat_map(branches).collect(),
        None => vec![statement],
    }
}

fn judge(id: &str, statement: &Json, services_are_free: bool, faults: &mut Vec<Fault>) {
    let sid = statement.get("Sid").and_then(Json::as_str).unwrap_or("without a Sid");
    let Some(principal) = statement.get("Principal") else { return };
    let conditions = condition_keys(statement);
    let within = |wanted: &[&str]| {
        conditions.iter().any(|key| wanted.iter().any(|known| key == known || is_of_family(key, known)))
    };
    if !services_are_free && principal.get("Service").is_some() && !within(SOURCES) {
        let message = format!(
            "statement `{sid}` lets a service in for anyone: add `aws:SourceOrgID`, `aws:SourceAccount` or the like"
        );
        faults.push(on(id, message));
    }
    let everyone =
        principal == "*" || principal.get("AWS").is_some_and(|aws| items(aws).contains(&"*".into()));
    if everyone && !within(PRINCIPALS) {
        let message = format!("statement `{sid}` lets everyone in: add `aws:PrincipalOrgID` or the like");
        faults.push(on(id, message));
    }
}

/// Whether a key is one of a family that ends with a colon, `kms:encryptioncontext:aws:logs:arn`.
fn is_of_family(key: &str, family: &str) -> bool {
    family.ends_with(':') && key.starts_with(family)
}

/// The condition keys of a statement, in lower case.
fn condition_keys(statement: &Json) -> Vec<String> {
    let operators = statement.get("Condition").and_then(Json::as_object).into_iter().flatten();
    let keys = operators.flat_map(|(_, keys)| keys.as_object().into_iter().flatten());
    keys.map(|(key, _)| key.to_lowercase()).collect()
}

/// A permission of a function says for which source.
fn permission(id: &str, properties: &Json, faults: &mut Vec<Fault>) {
    let says = |name: &str| properties.get(name).is_some();
    if !says("SourceArn") && !says("SourceAccount") && !says("PrincipalOrgID") {
        faults.push(on(id, "the permission names its `SourceArn` or `SourceAccount`"));
    }
}
