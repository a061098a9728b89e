//! A template works in every partition and by itself: no `arn:aws:`, no value that somebody has to give at deployment,
//! and in member accounts none of what service-managed stack sets refuse.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html>.

use super::{Scene, on};
use crate::blueprint::Who;
use glidepath_template::Fault;
use serde_json::Value as Json;

pub(super) fn check(scene: &Scene<'_>, faults: &mut Vec<Fault>) {
    for (id, resource) in scene.template.resources() {
        if scene.blueprint.placement.who != Who::Management && resource.ty == "AWS::CloudFormation::Stack" {
            faults.push(on(id, "stack sets take no nested stacks"));
        }
    }
    let in_file = |message: String| Fault { path: String::new(), message };
    // In the text as it was written: an ARN that came in by an argument is in the right partition already.
    if scene.blueprint.template_text().contains("arn:aws:") {
        faults.push(in_file("an ARN names its partition: write `arn:${AWS::Partition}:`".to_owned()));
    }
    for (name, parameter) in scene.template.parameters() {
        if parameter.default.is_none() && !scene.later.values().any(|given| given == name) {
            faults
                .push(in_file(format!("parameter `{name}` has no default, and nobody to ask at deployment")));
        }
        if parameter.no_echo {
            faults.push(in_file(format!("parameter `{name}` is a secret: use a dynamic reference")));
        }
    }
    let transforms = scene.template.transforms();
    if scene.blueprint.placement.who != Who::Management && !transforms.is_empty() {
        faults.push(in_file(format!("stack sets take no transforms: {}", transforms.join(", "))));
    }
    if imports(scene.template.value()) {
        faults.push(in_file("`Fn::ImportValue` ties stacks together that are deployed apart".to_owned()));
    }
}

fn imports(value: &Json) -> bool {
    match value {
        Json::Object(members) => members.contains_key("Fn::ImportValue") || members.values().any(imports),
        Json::Array(items) => items.iter().any(imports),
        _ => false,
    }
}
