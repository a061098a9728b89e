//! An organization policy of any type, found by type and name. AWS's own policies are no resources of
//! this kind; only their attachments are.

use crate::ownership::{Ownership, marked, settable};
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::PolicyBody;
use glidepath_model::{Address, Tags};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A policy; type and name are the address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicySpec {
    /// Its description; empty if none.
    pub description: String,
    /// The document.
    pub document: Value,
    /// Its tags, the mark included.
    pub tags: Tags,
}

/// The name of the unattached policy by which an apply holds its lock. It is no resource.
pub const LOCK_POLICY: &str = "glidepath-lock";

/// Whether a policy name belongs to AWS Control Tower: such a policy is never ours.
///
/// Source: <https://docs.aws.amazon.com/controltower/latest/controlreference/scp-controls.html>
#[must_use]
pub fn is_of_control_tower(name: &str) -> bool {
    name.starts_with("aws-guardrails-") || name.starts_with("aws-controltower-")
}

/// Every policy of the manifest that is not AWS's own.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let organization = &manifest.organization.name.value;
    manifest
        .policies
        .iter()
        .filter_map(|(name, policy)| match &policy.body {
            PolicyBody::AwsManaged => None,
            PolicyBody::Own { description, document, tags, .. } => {
                let address = Address::Policy { ty: policy.ty, name: name.clone() };
                let spec = PolicySpec {
                    description: description.clone(),
                    document: document.value.clone(),
                    tags: marked(tags, organization, &address),
                };
                Some((address, Desired::Present(Spec::Policy(spec))))
            }
        })
        .collect()
}

/// Every policy there is, AWS's own not included. One whose content was not read is left out; a gap
/// says so.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    world
        .snapshot
        .policies
        .values()
        .filter(|policy| !policy.aws_managed && policy.name != LOCK_POLICY)
        .map(|policy| {
            let tags = world.snapshot.tags.get(&policy.arn);
            let document = world.snapshot.contents.get(&policy.id).map_or(Value::Null, |text| parsed(text));
            let spec = PolicySpec {
                description: policy.description.clone(),
                document,
                tags: tags.map(settable).unwrap_or_default(),
            };
            let observed = Observed {
                physical: policy.id.to_string(),
                spec: Spec::Policy(spec),
                ownership: Ownership::of(tags, &world.zone.organization),
                leaving: Leaving::Delete,
            };
            (Address::Policy { ty: policy.ty, name: policy.name.clone() }, observed)
        })
        .collect()
}

/// A stored document as JSON; one that is no JSON is kept as the text it is.
#[must_use]
pub(crate) fn parsed(content: &str) -> Value {
    serde_json::from_str(content).unwrap_or_else(|_| Value::String(content.to_owned()))
}

/// The policy's type must be enabled first.
#[must_use]
pub fn references(address: &Address) -> Vec<Address> {
    match address {
        Address::Policy { ty, .. } => vec![Address::PolicyType(*ty)],
        _ => Vec::new(),
    }
}
