//! Any switch turned off: trusted access, a delegated administrator, a policy type, the delegation policy,
//! an attachment of AWS's own policies, attributes for access control, root access.

use super::{Finding, Scene, counted, gate, is_delete};
use crate::gate::GateName;
use crate::spec::Spec;

/// The gate on switches.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let off = scene.changed(|change| {
        let switch = match change.action.before() {
            Some(
                Spec::PolicyType(_)
                | Spec::TrustedAccess(_)
                | Spec::DelegatedAdministrator(_)
                | Spec::AccessControlAttributes(_)
                | Spec::RootAccess(_)
                | Spec::ResourcePolicy(_),
            ) => true,
            Some(Spec::Attachment(spec)) => spec.aws_managed,
            Some(
                Spec::Organization(_)
                | Spec::Unit(_)
                | Spec::Account(_)
                | Spec::Policy(_)
                | Spec::StackSet(_)
                | Spec::StackSetTargets(_)
                | Spec::Stack(_)
                | Spec::Key(_)
                | Spec::AccountSettings(_)
                | Spec::Group(_)
                | Spec::User(_)
                | Spec::Membership(_)
                | Spec::PermissionSet(_)
                | Spec::Assignments(_),
            )
            | None => false,
        };
        switch && is_delete(change)
    });
    let summary = format!("{} turned off", counted(off.len(), "switch is", "switches are"));
    gate(GateName::SwitchOff, off, summary)
}
