//! Buckets that come to be locked in compliance mode: nobody, AWS included, can delete what is written to them
//! before its time.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html>

use super::{Finding, Scene, counted, gate};
use crate::gate::GateName;
use crate::spec::Spec;
use serde_json::Value;
use std::collections::BTreeSet;

/// The gate on locks that cannot be undone.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let newly = |spec: Option<&Spec>| spec.map(locked).unwrap_or_default();
    let changed = scene.changed(|change| {
        let before = newly(change.action.before());
        newly(change.action.after()).iter().any(|bucket| !before.contains(bucket))
    });
    let deployments = counted(changed.len(), "deployment locks", "deployments lock");
    let summary = format!("{deployments} buckets in compliance mode, which nobody can ever undo");
    gate(GateName::ComplianceLock, changed, summary)
}

/// The buckets of a deployment whose objects are locked so, with for how long.
fn locked(spec: &Spec) -> BTreeSet<String> {
    let template = match spec {
        Spec::StackSet(set) => &set.template,
        Spec::Stack(stack) => &stack.template,
        _ => return BTreeSet::new(),
    };
    let resources = template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    resources
        .filter_map(|(id, resource)| {
            let rule = resource.pointer("/Properties/ObjectLockConfiguration/Rule/DefaultRetention")?;
            (rule.get("Mode")? == "COMPLIANCE").then(|| format!("{id} {rule}"))
        })
        .collect()
}
