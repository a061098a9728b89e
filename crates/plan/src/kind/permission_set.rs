//! A permission set of IAM Identity Center, found by its name, which AWS never changes.
//!
//! That every account has what the set says is a field of it: AWS leaves the roles it has made as they are until it is
//! told to provision the set, so that an account whose role is behind is a difference like any other.

use crate::ownership::{Ownership, marked, settable};
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::{PermissionSet, PolicyBoundary};
use glidepath_model::identity_center::{Boundary, CustomerPolicy};
use glidepath_model::regions::region;
use glidepath_model::{Address, Tags};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A permission set; the name is the address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PermissionSetSpec {
    /// Its description; empty if none.
    pub description: String,
    /// How long a session lasts, in seconds.
    pub session: u32,
    /// Where a session begins; empty for the console's start page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub relay_state: String,
    /// The ARNs of AWS's own policies in it.
    pub managed: BTreeSet<String>,
    /// The policies of each account in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub customer_managed: BTreeSet<CustomerPolicy>,
    /// Its inline policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inline: Option<Value>,
    /// Its boundary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<Boundary>,
    /// Its tags, the mark included.
    pub tags: Tags,
    /// The accounts whose role is behind what the set says, by name; none is wanted.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_provisioned: BTreeSet<String>,
    /// What makes the policies of the accounts: it comes first.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub after: BTreeSet<Address>,
}

impl PermissionSetSpec {
    /// Whether the two say the same of what people may do and how: all but tags and accounts.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.description == other.description
            && self.session == other.session
            && self.relay_state == other.relay_state
            && self.managed == other.managed
            && self.customer_managed == other.customer_managed
            && self.inline == other.inline
            && self.boundary == other.boundary
    }
}

/// The name of one of AWS's own policies, with its path, by its ARN.
#[must_use]
pub fn managed_name(arn: &str) -> &str {
    arn.split_once(":policy/").map_or(arn, |(_, name)| name)
}

/// Every permission set of the manifest. `deployed` is what it deploys, which may make policies of accounts.
#[must_use]
pub fn desired(manifest: &Manifest, deployed: &BTreeMap<Address, Desired>) -> Vec<(Address, Desired)> {
    let organization = &manifest.organization.name.value;
    let partition =
        region(&manifest.organization.home.value).map_or("aws", |region| region.partition.as_str());
    let sets = manifest.identity.iter().flat_map(|identity| &identity.permission_sets);
    let one = |(name, set): (&String, &PermissionSet)| {
        let address = Address::PermissionSet(name.clone());
        let arn = |name: &str| format!("arn:{partition}:iam::aws:policy/{name}");
        let spec = PermissionSetSpec {
            description: set.description.clone(),
            session: set.session,
            relay_state: set.relay_state.clone(),
            managed: set.managed.iter().map(|policy| arn(&policy.value)).collect(),
            customer_managed: set.customer.iter().map(|policy| policy.value.clone()).collect(),
            inline: set.inline.as_ref().map(|inline| inline.document.value.clone()),
            boundary: set.boundary.as_ref().map(|boundary| match boundary {
                PolicyBoundary::Managed(name) => Boundary::Managed(arn(name)),
                PolicyBoundary::Customer(policy) => Boundary::Customer(policy.clone()),
            }),
            tags: marked(&set.tags, organization, &address),
            not_provisioned: BTreeSet::new(),
            after: makers(set, deployed),
        };
        (address, Desired::Present(Spec::PermissionSet(spec)))
    };
    sets.map(one).collect()
}

/// What makes the policies of accounts that a permission set refers to.
#[must_use]
pub fn makers(set: &PermissionSet, deployed: &BTreeMap<Address, Desired>) -> BTreeSet<Address> {
    let boundary = match &set.boundary {
        Some(PolicyBoundary::Customer(policy)) => Some(policy),
        Some(PolicyBoundary::Managed(_)) | None => None,
    };
    let wanted: BTreeSet<&CustomerPolicy> =
        set.customer.iter().map(|policy| &policy.value).chain(boundary).collect();
    if wanted.is_empty() {
        return BTreeSet::new();
    }
    let makes = |template: &Value| made(template).iter().any(|policy| wanted.contains(policy));
    deployed
        .iter()
        .filter_map(|(address, desired)| match (address, desired) {
            (Address::StackSet(name), Desired::Present(Spec::StackSet(spec))) if makes(&spec.template) => {
                Some(Address::StackSetTargets(name.clone()))
            }
            (Address::Stack { .. }, Desired::Present(Spec::Stack(spec))) if makes(&spec.template) => {
                Some(address.clone())
            }
            _ => None,
        })
        .collect()
}

/// The policies that a template makes, as far as their names stand in it.
fn made(template: &Value) -> Vec<CustomerPolicy> {
    let resources = template.get("Resources").and_then(Value::as_object);
    let policies = resources.into_iter().flat_map(|all| all.values());
    policies
        .filter(|resource| resource.get("Type").and_then(Value::as_str) == Some("AWS::IAM::ManagedPolicy"))
        .filter_map(|resource| {
            let properties = resource.get("Properties")?;
            let name = properties.get("ManagedPolicyName")?.as_str()?.to_owned();
            let path = match properties.get("Path") {
                None => "/".to_owned(),
                Some(path) => path.as_str()?.to_owned(),
            };
            Some(CustomerPolicy { name, path })
        })
        .collect()
}

/// Every permission set there is. Of those that are neither ours nor wanted only the owner is known.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let center = &world.snapshot.identity_center;
    let ours = center.permission_sets.values().map(|set| {
        let address = Address::PermissionSet(set.name.clone());
        // Only the manifest knows what makes the policies of accounts.
        let after = match world.zone.desired.get(&address) {
            Some(Desired::Present(Spec::PermissionSet(wanted))) => wanted.after.clone(),
            Some(_) | None => BTreeSet::new(),
        };
        let behind = set.stale.iter().filter_map(|id| world.workable_account(id));
        let spec = PermissionSetSpec {
            description: set.description.clone(),
            session: set.session,
            relay_state: set.relay_state.clone(),
            managed: set.managed.clone(),
            customer_managed: set.customer.clone(),
            inline: set.inline.as_deref().map(super::policy::parsed),
            boundary: set.boundary.clone(),
            tags: settable(&set.tags),
            not_provisioned: behind.map(str::to_owned).collect(),
            after,
        };
        (address, seen(world, &set.arn, spec, &set.tags))
    });
    let others = center.foreign_sets.values().map(|set| {
        let nothing = PermissionSetSpec {
            description: String::new(),
            session: 0,
            relay_state: String::new(),
            managed: BTreeSet::new(),
            customer_managed: BTreeSet::new(),
            inline: None,
            boundary: None,
            tags: settable(&set.tags),
            not_provisioned: BTreeSet::new(),
            after: BTreeSet::new(),
        };
        (Address::PermissionSet(set.name.clone()), seen(world, &set.arn, nothing, &set.tags))
    });
    ours.chain(others).collect()
}

fn seen(world: &World<'_>, arn: &str, spec: PermissionSetSpec, tags: &Tags) -> Observed {
    Observed {
        physical: arn.to_owned(),
        spec: Spec::PermissionSet(spec),
        ownership: Ownership::of(Some(tags), &world.zone.organization),
        leaving: Leaving::Delete,
    }
}

/// What makes the policies of accounts that it refers to.
#[must_use]
pub fn references(spec: &PermissionSetSpec) -> Vec<Address> {
    spec.after.iter().cloned().collect()
}
