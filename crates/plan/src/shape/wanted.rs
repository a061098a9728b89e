//! The tree as the manifest alone tells it: what would be there if AWS held nothing else.

use super::{Shape, full_access_document};
use crate::spec::{Desired, Spec};
use crate::zone::LandingZone;
use glidepath_model::{Address, UnitPath};

impl Shape {
    /// The tree of a landing zone. The management account stands at the root, since the manifest does not
    /// say where it is; accounts that are to be closed are left out.
    #[must_use]
    pub fn wanted(zone: &LandingZone) -> Self {
        let mut shape = Self { units: zone.units.keys().cloned().collect(), ..Self::default() };
        shape.accounts.insert(zone.management_name.clone(), UnitPath::root());
        let mut removed = Vec::new();
        for (address, desired) in &zone.desired {
            match (address, desired) {
                (Address::Account(name), Desired::Present(Spec::Account(spec))) => {
                    shape.accounts.insert(name.clone(), spec.unit.clone());
                }
                (Address::PolicyType(ty), Desired::Present(_)) => {
                    shape.policy_types.insert(*ty);
                }
                (Address::Policy { ty, name }, Desired::Present(Spec::Policy(spec))) => {
                    shape.policies.insert((*ty, name.clone()), spec.document.clone());
                }
                (Address::Attachment { ty, policy, target }, Desired::Present(_)) => {
                    shape.attach(target.clone(), *ty, policy.clone());
                }
                (Address::Attachment { ty, policy, target }, Desired::Absent) => {
                    removed.push((target.clone(), *ty, policy.clone()));
                }
                _ => {}
            }
        }
        for ty in shape.policy_types.clone() {
            if let Some(full) = ty.full_access_policy() {
                shape.policies.insert((ty, full.name.to_owned()), full_access_document());
                shape.attach_everywhere(ty, full);
            }
        }
        for (target, ty, policy) in removed {
            if let Some(policies) = shape.attached.get_mut(&target).and_then(|types| types.get_mut(&ty)) {
                policies.remove(&policy);
            }
        }
        shape
    }
}
