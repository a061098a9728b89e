//! Accounts frozen where they are: one policy, attached to each of them, that denies everything to everybody
//! but those who respond and those whom no guardrail binds.
//!
//! An account is not moved for it: leaving its unit would take its recorders, flow logs and detectors away
//! in the middle of an incident. One that is to be closed is frozen first: the last days show whom its end surprises,
//! and nothing new begins in it.

use crate::kind::attachment::AttachmentSpec;
use crate::kind::policy::PolicySpec;
use crate::ownership::marked;
use crate::spec::{Desired, Spec};
use crate::world::World;
use glidepath_guardrails::ExemptPrincipals;
use glidepath_manifest::Manifest;
use glidepath_model::{Address, PolicyType, Tags, Target};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The policy's name; the manifest's own policies cannot have it.
pub const NAME: &str = "glidepath-quarantine";

/// What such a policy does not stop.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
pub const NOT_STOPPED: &str = "it does not stop service-linked roles, programs that already run without calling AWS, \
                               or what resource policies open to principals outside the account";

/// The address of the policy on an account.
#[must_use]
pub fn attachment(account: &str) -> Address {
    Address::Attachment {
        ty: PolicyType::Scp,
        policy: NAME.to_owned(),
        target: Target::Account(account.to_owned()),
    }
}

/// Whether an address is the policy's on an account.
#[must_use]
pub fn is_attachment(address: &Address) -> bool {
    matches!(address, Address::Attachment { ty: PolicyType::Scp, policy, .. } if policy == NAME)
}

/// The policy and its attachments, where an account is under quarantine.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let frozen: Vec<Address> = manifest
        .accounts
        .iter()
        .filter(|(_, account)| account.is_frozen())
        .map(|(name, _)| attachment(name))
        .collect();
    if frozen.is_empty() {
        return Vec::new();
    }
    let address = Address::Policy { ty: PolicyType::Scp, name: NAME.to_owned() };
    let policy = PolicySpec {
        description: "Freezes an account: nobody but those who respond does anything in it".to_owned(),
        document: document(&spared(manifest)),
        tags: marked(&Tags::new(), &manifest.organization.name.value, &address),
    };
    let attached = AttachmentSpec { aws_managed: false };
    std::iter::once((address, Desired::Present(Spec::Policy(policy))))
        .chain(
            frozen.into_iter().map(|address| (address, Desired::Present(Spec::Attachment(attached.clone())))),
        )
        .collect()
}

/// Whether something that is not there is wanted for nothing but accounts that have left already: the policy, and the
/// type that it needs.
#[must_use]
pub fn is_idle(world: &World<'_>, address: &Address) -> bool {
    let of_policy =
        |address: &Address| matches!(address, Address::Policy { ty: PolicyType::Scp, name } if name == NAME);
    let other = |address: &Address| match address {
        Address::Policy { ty: PolicyType::Scp, .. } => !of_policy(address),
        Address::Attachment { ty: PolicyType::Scp, .. } => !is_attachment(address),
        _ => false,
    };
    let needed = match address {
        Address::PolicyType(PolicyType::Scp) => {
            world.zone.stated_types.contains(&PolicyType::Scp) || world.zone.desired.keys().any(other)
        }
        _ if of_policy(address) => false,
        _ => return false,
    };
    let left = |name: &String| {
        let found = world.identity.account_id(name).and_then(|id| world.snapshot.accounts.get(id));
        !found.is_some_and(|account| account.state.is_usable())
    };
    !needed
        && world
            .zone
            .accounts
            .iter()
            .all(|(name, account)| !account.is_frozen() || (account.close && left(name)))
}

fn document(spared: &BTreeSet<String>) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "Quarantine",
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": spared}},
        }],
    })
}

/// Who goes on working. An account's root user never does: its password may be what was taken.
fn spared(manifest: &Manifest) -> BTreeSet<String> {
    let stack_sets = ExemptPrincipals::new([]).map(|always| always.patterns().to_vec()).unwrap_or_default();
    let roles = crate::guardrail::platform_roles(manifest).into_keys();
    let named = manifest.roles.responders.iter().map(|role| role.value.clone());
    let sets = manifest.identity.iter().flat_map(|identity| &identity.permission_sets);
    let signed_in = sets.filter(|(_, set)| set.responder).map(|(name, _)| role_of_set(name));
    stack_sets
        .into_iter()
        .chain(roles)
        .filter(|arn| !arn.ends_with(":root"))
        .chain(named)
        .chain(signed_in)
        .collect()
}

/// The roles that IAM Identity Center makes of a permission set, some with the Region in their path.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
fn role_of_set(name: &str) -> String {
    format!("arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_{name}_*")
}
