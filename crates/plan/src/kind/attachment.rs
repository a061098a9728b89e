//! A policy attached to the root, a unit or an account. It cannot be tagged: it is ours if its policy
//! is. Attachments of AWS's own full-access policies are additive switches.

use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use crate::zone::attachment_targets;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::PolicyBody;
use glidepath_model::Address;
use glidepath_model::organization::PolicyTypeStatus;
use serde::{Deserialize, Serialize};

/// An attachment; policy and target are the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AttachmentSpec {
    /// Whether the policy is AWS's own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aws_managed: bool,
}

/// Every attachment of every policy of the manifest.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let mut wanted = Vec::new();
    for (name, policy) in &manifest.policies {
        let aws_managed = matches!(policy.body, PolicyBody::AwsManaged);
        let mut add = |selectors: &[glidepath_manifest::Spanned<glidepath_model::Selector>],
                       desired: &Desired| {
            for selector in selectors {
                for target in attachment_targets(manifest, &selector.value) {
                    wanted.push((
                        Address::Attachment { ty: policy.ty, policy: name.clone(), target },
                        desired.clone(),
                    ));
                }
            }
        };
        add(&policy.on, &Desired::Present(Spec::Attachment(AttachmentSpec { aws_managed })));
        add(&policy.absent, &Desired::Absent);
    }
    wanted
}

/// Every attachment there is, of every policy of a type in force whose targets were read: AWS detaches all
/// policies of a type that it disables.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let mut found = Vec::new();
    for (id, targets) in &world.snapshot.attachments {
        let Some(policy) = world.snapshot.policies.get(id) else { continue };
        let status = world.snapshot.root.as_ref().and_then(|root| root.policy_types.get(&policy.ty));
        if matches!(status, None | Some(PolicyTypeStatus::PendingDisable)) {
            continue;
        }
        let (ownership, leaving) = if policy.aws_managed {
            (Ownership::Ours, Leaving::Keep)
        } else {
            match Ownership::of(world.snapshot.tags.get(&policy.arn), &world.zone.organization) {
                Ownership::Unclaimed => (Ownership::Foreign, Leaving::Keep),
                other => (other, Leaving::Delete),
            }
        };
        for node in targets {
            let Some(target) = world.identity.target(node) else { continue };
            let address = Address::Attachment { ty: policy.ty, policy: policy.name.clone(), target };
            let observed = Observed {
                physical: node.to_string(),
                spec: Spec::Attachment(AttachmentSpec { aws_managed: policy.aws_managed }),
                ownership: ownership.clone(),
                leaving,
            };
            found.push((address, observed));
        }
    }
    found
}

/// The policy (unless it is AWS's own), its type, and the target.
#[must_use]
pub fn references(address: &Address, spec: &AttachmentSpec) -> Vec<Address> {
    let Address::Attachment { ty, policy, target } = address else { return Vec::new() };
    let mut all = vec![Address::PolicyType(*ty), target.address()];
    if !spec.aws_managed {
        all.push(Address::Policy { ty: *ty, name: policy.clone() });
    }
    all
}
