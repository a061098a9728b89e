//! Keys that a plan retires: nothing that they encrypted can be read again.

use super::{Finding, Scene, counted, gate};
use crate::gate::GateName;
use crate::kind::key::KeyStanding;
use crate::spec::Spec;

/// The gate on retiring keys.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let retired = scene.changed(|change| {
        let retires = |spec: Option<&Spec>| {
            matches!(spec, Some(Spec::Key(key)) if key.standing == KeyStanding::Retiring)
        };
        retires(change.action.after()) && !retires(change.action.before())
    });
    let summary = format!(
        "{} retired: it works no more, and after 30 days nothing that it encrypted can be read again",
        counted(retired.len(), "key is", "keys are")
    );
    gate(GateName::KeyRetire, retired, summary)
}
