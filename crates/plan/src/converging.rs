//! What AWS is still carrying out: on its way to what the manifest says, and no drift until then.

use crate::plan::Converging;
use crate::spec::{Desired, Spec};
use crate::world::World;
use glidepath_model::Address;
use glidepath_model::organization::{AccountState, CreateAccountState, PolicyTypeStatus};
use glidepath_model::regions::OptInStatus;
use glidepath_model::text::printable;

/// Everything that AWS has begun, that the manifest wants, and that is not done.
#[must_use]
pub fn converging(world: &World<'_>) -> Vec<Converging> {
    let mut found = Vec::new();
    let types = world.snapshot.root.iter().flat_map(|root| &root.policy_types);
    for (ty, status) in types {
        let address = Address::PolicyType(*ty);
        let what = match (status, world.zone.desired.get(&address)) {
            (PolicyTypeStatus::PendingEnable, Some(Desired::Present(_))) => "AWS is enabling it",
            (PolicyTypeStatus::PendingDisable, Some(Desired::Absent)) => "AWS is disabling it",
            _ => continue,
        };
        found.push(Converging { address, what: what.into() });
    }
    for account in world.snapshot.accounts.values() {
        let Some(name) = world.identity.account_name(&account.id) else { continue };
        let closing = world.zone.accounts.get(name).is_some_and(|wanted| wanted.close);
        if closing && account.state == AccountState::PendingClosure {
            let address = Address::Account(name.to_owned());
            found.push(Converging { address, what: "AWS is closing it".into() });
        }
    }
    for (id, regions) in &world.snapshot.opt_ins {
        let Some(name) = world.identity.account_name(id) else { continue };
        let address = Address::Account(name.to_owned());
        let Some(Desired::Present(Spec::Account(wanted))) = world.zone.desired.get(&address) else {
            continue;
        };
        let open: Vec<String> = regions
            .iter()
            .filter(|(region, status)| **status == OptInStatus::Enabling && wanted.regions.contains(*region))
            .map(|(region, _)| format!("`{}`", printable(region)))
            .collect();
        if !open.is_empty() {
            let what = format!("AWS is enabling {} in it", open.join(", "));
            found.push(Converging { address, what });
        }
    }
    for request in &world.snapshot.create_requests {
        let name = &request.account_name;
        let wanted = world.zone.accounts.contains_key(name) && world.identity.account_id(name).is_none();
        if wanted && request.state == CreateAccountState::InProgress {
            let address = Address::Account(name.clone());
            found.push(Converging {
                address,
                what: "AWS is creating an account of this name; an apply joins that request".into(),
            });
        }
    }
    for seen in world.snapshot.deployments.stack_sets.values() {
        let address = Address::StackSetTargets(seen.set.name.clone());
        let wanted = world.zone.desired.contains_key(&address);
        if let (true, Some(operation)) = (wanted, seen.running.first()) {
            let what = format!("AWS is carrying out the operation `{}`", printable(&operation.id));
            found.push(Converging { address, what });
        }
    }
    for ((region, name), seen) in &world.snapshot.deployments.stacks {
        let address = Address::Stack { name: name.clone(), region: region.clone() };
        if seen.stack.is_busy() && world.zone.desired.contains_key(&address) {
            found.push(Converging {
                address,
                what: format!("AWS is at it: {}", printable(&seen.stack.status)),
            });
        }
    }
    found.sort_by(|one, two| one.address.cmp(&two.address));
    found
}
