//! A policy type that needs a service's trusted access is enabled after that access is given, and that
//! access is taken away only after the type is disabled. What hangs on a type by reference follows from
//! rules (a) and (b).
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisableAWSServiceAccess.html>

use super::{Scene, Wait, Why};
use crate::change::Action;
use glidepath_model::Address;
use glidepath_model::services::Services;

/// The waits between policy types and the trusted access they need.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let Ok(services) = Services::published() else { return Vec::new() };
    let mut found = Vec::new();
    for (address, change) in scene.changes {
        let Address::PolicyType(ty) = address else { continue };
        let Some(service) = services.needed_by(*ty) else { continue };
        let access = Address::TrustedAccess(service.principal.clone());
        let (later, earlier) = match change.action {
            Action::Delete { .. } => (access, address.clone()),
            Action::Create { .. } | Action::Update { .. } | Action::Adopt { .. } | Action::Forget { .. } => {
                (address.clone(), access)
            }
        };
        found.push(Wait { why: Why::Firm, later, earlier });
    }
    found
}
