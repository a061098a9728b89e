//! Services beside AWS Organizations: administrators that a service names itself, and policy types that need
//! a service first.

use super::{Finding, Scene, is_create};
use crate::plan::{Notice, Refusal};
use crate::spec::Desired;
use glidepath_model::Address;
use glidepath_model::services::{Administrator, Services};
use glidepath_model::text::printable;

/// The refusals and notices about services.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let Ok(services) = Services::published() else { return Vec::new() };
    let created = scene.changes.values().filter(|change| is_create(change)).map(|change| &change.address);
    created
        .filter_map(|address| match address {
            Address::DelegatedAdministrator { service, .. } => own_call(services, address, service),
            Address::PolicyType(ty) => {
                let principal = &services.needed_by(*ty)?.principal;
                (!will_be_on(scene, principal)).then(|| {
                    Finding::Refusal(Refusal {
                        code: "policy-type-needs-service".into(),
                        addresses: vec![address.clone()],
                        summary: format!(
                            "the policy type `{ty}` needs trusted access of `{principal}`, which is off"
                        ),
                        help: format!("add `{principal}` to `trustedAccess:`"),
                    })
                })
            }
            _ => None,
        })
        .collect()
}

fn own_call(services: &Services, address: &Address, service: &str) -> Option<Finding> {
    let Administrator::Service { operation, .. } = &services.get(service)?.administrator else { return None };
    Some(Finding::Notice(Notice {
        address: Some(address.clone()),
        text: format!(
            "`{}` names its administrator by its own call `{operation}` too, which is not made here",
            printable(service)
        ),
    }))
}

fn will_be_on(scene: &Scene<'_>, principal: &str) -> bool {
    let wanted = scene.world.zone.desired.get(&Address::TrustedAccess(principal.to_owned()));
    match wanted {
        Some(Desired::Present(_)) => true,
        Some(Desired::Absent) => false,
        None => scene.world.snapshot.trusted_access.contains(principal),
    }
}
