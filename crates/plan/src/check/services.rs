//! Services that are not turned on by AWS Organizations alone, and policy types that need a service first.

use super::{Finding, Scene, is_create};
use crate::plan::{Notice, Refusal};
use crate::spec::Desired;
use glidepath_model::Address;
use glidepath_model::services::{Access, Administrator, Services};
use glidepath_model::text::printable;

/// The refusals and notices about services.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let Ok(services) = Services::published() else { return Vec::new() };
    let created = scene.changes.values().filter(|change| is_create(change)).map(|change| &change.address);
    created
        .filter_map(|address| match address {
            Address::TrustedAccess(principal) => match &services.get(principal)?.access {
                Access::Organizations => None,
                Access::Service { operation } => Some(Finding::Refusal(Refusal {
                    code: "service-turns-itself-on".into(),
                    addresses: vec![address.clone()],
                    summary: format!(
                        "trusted access of `{}` is turned on only by the service's own call `{operation}`",
                        printable(principal)
                    ),
                    help: "turn it on by that call, and the plan finds it done".into(),
                })),
            },
            Address::DelegatedAdministrator { service, .. } => {
                match &services.get(service)?.administrator {
                    Administrator::Organizations { .. } => None,
                    Administrator::Service { operation, .. } => Some(Finding::Notice(Notice {
                        address: Some(address.clone()),
                        text: format!(
                            "`{}` names its administrator by its own call `{operation}` too, which is not made here",
                            printable(service)
                        ),
                    })),
                    Administrator::None => Some(Finding::Refusal(Refusal {
                        code: "no-administrator".into(),
                        addresses: vec![address.clone()],
                        summary: format!("`{}` has no delegated administrators", printable(service)),
                        help: "take it out of `delegatedAdministrators:`".into(),
                    })),
                }
            }
            Address::PolicyType(ty) => {
                let principal = &services.needed_by(*ty)?.principal;
                let access = Address::TrustedAccess(principal.clone());
                let on = scene.world.snapshot.trusted_access.contains(principal)
                    || matches!(scene.world.zone.desired.get(&access), Some(Desired::Present(_)));
                (!on).then(|| Finding::Refusal(Refusal {
                    code: "policy-type-needs-service".into(),
                    addresses: vec![address.clone()],
                    summary: format!("the policy type `{ty}` needs trusted access of `{principal}`, which is off"),
                    help: format!("add `{principal}` to `trustedAccess:`"),
                }))
            }
            _ => None,
        })
        .collect()
}
