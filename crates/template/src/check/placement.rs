//! Dynamic references where they may not stand, and those that are malformed.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html>.

use crate::fault::{Fault, Path};
use crate::resolve::dynamic::{DynamicReference, Part, parts};
use crate::template::Template;
use serde_json::Value;

/// The properties that take secure texts of the parameter store.
const SECURE: &[(&str, &str)] = &[
    ("AWS::DirectoryService::MicrosoftAD", "Password"),
    ("AWS::DirectoryService::SimpleAD", "Password"),
    ("AWS::ElastiCache::ReplicationGroup", "AuthToken"),
    ("AWS::IAM::User", "LoginProfile/Password"),
    ("AWS::KinesisFirehose::DeliveryStream", "RedshiftDestinationConfiguration/Password"),
    ("AWS::RDS::DBCluster", "MasterUserPassword"),
    ("AWS::RDS::DBInstance", "MasterUserPassword"),
    ("AWS::Redshift::Cluster", "MasterUserPassword"),
];

pub(super) fn check(template: &Template, faults: &mut Vec<Fault>) {
    let resources = Path::Root.key("Resources");
    for (name, resource) in template.resources() {
        let path = &resources.key(name);
        walk(&resource.properties, &path.key("Properties"), &mut |path, part| match part {
            Part::Reference(DynamicReference { service: "ssm-secure", .. }) => {
                let whole = path.to_string();
                let inner = whole.split_once("/Properties/").map_or("", |(_, inner)| inner);
                if !SECURE.iter().any(|(ty, way)| *ty == resource.ty && *way == inner) {
                    let message = format!(
                        "SSM Secure reference is not supported in: [{}/Properties/{inner}]",
                        resource.ty
                    );
                    faults.push(Fault { path: whole, message });
                }
            }
            Part::Malformed(_) => faults.push(malformed(path)),
            Part::Reference(_) | Part::Text(_) => {}
        });
    }
    let outputs = Path::Root.key("Outputs");
    for (name, output) in template.outputs() {
        walk(&output.value, &outputs.key(name).key("Value"), &mut |path, part| match part {
            Part::Reference(DynamicReference { service, .. }) if *service != "ssm" => {
                let message = format!(
                    "Template format error: Output {name} is malformed. It must not tell a secret of {service}"
                );
                faults.push(Fault::new(path, message));
            }
            Part::Malformed(_) => faults.push(malformed(path)),
            Part::Reference(_) | Part::Text(_) => {}
        });
    }
}

/// Shows every part of every text in a value.
fn walk(value: &Value, path: &Path<'_>, see: &mut dyn FnMut(&Path<'_>, &Part<'_>)) {
    match value {
        Value::String(text) => {
            for part in parts(text) {
                see(path, &part);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &path.item(at), see);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                walk(member, &path.key(key), see);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn malformed(path: &Path<'_>) -> Fault {
    let message = "Template format error: an incorrectly formatted dynamic reference; it is \
                   {{resolve:service-name:reference-key}} with the service ssm, ssm-secure or secretsmanager";
    Fault::new(path, message)
}
