//! A policy attached to a root, unit or account.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html>,
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DetachPolicy.html>

use super::super::{Context, ServiceError};
use super::organization::{Done, Organization};
use super::page::{Items, LOOK_AHEAD, Wanted, page};
use super::policy::{Policies, Policy, Summary, parse_type};
use super::refusal::{
    broken, constraint, invalid, policy_changes_in_progress, policy_not_found, policy_type_not_enabled,
    target_not_found,
};
use super::tree::{self, Node};
use super::{access, root};
use crate::world::{Dumped, Entity, World};
use glidepath_model::limits::Limits;
use glidepath_model::organization::PolicyTypeStatus;
use glidepath_model::{PolicyType, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An attachment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Attachment {
    pub(super) policy: String,
    pub(super) target: String,
    pub(super) ty: PolicyType,
    /// Its place among those of its type on the target: declarative policies merge in order of attachment.
    pub(super) order: u64,
    pub(super) attached: Timestamp,
}

impl Entity for Attachment {
    const TABLE: &'static str = "organizations.attachment";
    const DUMPED: Dumped = Dumped::Without(&["order", "attached"]);

    fn key(&self) -> String {
        key(&self.policy, &self.target)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![
            ("policy", self.policy.clone()),
            ("target", self.target.clone()),
            ("target and type", format!("{}/{}", self.target, self.ty)),
            ("type", self.ty.key().to_owned()),
        ]
    }
}

fn key(policy: &str, target: &str) -> String {
    format!("{policy}/{target}")
}

/// The attachments of one type to one target, in order of attachment.
pub(super) fn of_type(world: &World, target: &str, ty: PolicyType) -> Vec<Arc<Attachment>> {
    let mut found: Vec<_> = world.by::<Attachment>("target and type", &format!("{target}/{ty}")).collect();
    found.sort_by_key(|attachment| attachment.order);
    found
}

fn attach(world: &mut World, policy: &str, target: &str, ty: PolicyType, attached: Timestamp) {
    let order = of_type(world, target, ty).last().map_or(0, |last| last.order + 1);
    world.put(Attachment { policy: policy.to_owned(), target: target.to_owned(), ty, order, attached });
}

/// Attaches AWS's full-access policies to a new unit or account, for the types that are enabled.
pub(super) fn welcome(world: &mut World, target: &str, now: Timestamp) {
    for ty in PolicyType::ALL.iter().copied() {
        if let Some(full) = ty.full_access_policy()
            && root::policy_type(world, ty) == Some(PolicyTypeStatus::Enabled)
        {
            attach(world, full.id, target, ty, now);
        }
    }
}

/// Attaches AWS's full-access policy of a type to every target that lacks it.
pub(super) fn open(world: &mut World, ty: PolicyType, now: Timestamp) {
    let Some(full) = ty.full_access_policy() else { return };
    for target in tree::targets(world) {
        if world.get::<Attachment>(&key(full.id, &target)).is_none() {
            attach(world, full.id, &target, ty, now);
        }
    }
}

/// Detaches every policy of a type from everything.
pub(super) fn clear(world: &mut World, ty: PolicyType) {
    let keys: Vec<String> =
        world.by::<Attachment>("type", ty.key()).map(|attachment| attachment.key()).collect();
    for key in keys {
        world.delete::<Attachment>(&key);
    }
}

/// Detaches everything from a target that is gone.
pub(super) fn forget_target(world: &mut World, target: &str) {
    let keys: Vec<String> =
        world.by::<Attachment>("target", target).map(|attachment| attachment.key()).collect();
    for key in keys {
        world.delete::<Attachment>(&key);
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pair {
    policy_id: String,
    target_id: String,
}

impl Pair {
    /// The policy and the target, when both exist and the caller may join or part them.
    fn resolve(&self, context: &Context<'_>, operation: &str) -> Result<(Arc<Policy>, Node), ServiceError> {
        let organization = access::may_ask(context, operation)?;
        let policy = context.world.get::<Policy>(&self.policy_id).ok_or_else(policy_not_found)?;
        let target =
            tree::node(context.world, &organization, &self.target_id).ok_or_else(target_not_found)?;
        let resources = [policy.arn(&organization), target.arn.clone()];
        access::writer(context, &organization, operation, &resources, Some(policy.ty))?;
        Ok((policy, target))
    }
}

pub(super) fn attach_policy(context: &mut Context<'_>, request: Pair) -> Result<Done, ServiceError> {
    let (policy, target) = request.resolve(context, "AttachPolicy")?;
    match root::policy_type(context.world, policy.ty) {
        Some(PolicyTypeStatus::Enabled) => {}
        Some(PolicyTypeStatus::PendingDisable) => return Err(policy_changes_in_progress()),
        Some(PolicyTypeStatus::PendingEnable) | None => return Err(policy_type_not_enabled()),
    }
    if context.world.get::<Attachment>(&key(&policy.id, &target.id)).is_some() {
        return Err(ServiceError::new(
            "DuplicatePolicyAttachmentException",
            "The policy is already attached to the target.",
        ));
    }
    let limit = Limits::published().map_err(broken)?.policy(policy.ty).attached_at_most;
    if of_type(context.world, &target.id, policy.ty).len() as u64 >= limit {
        return Err(constraint(
            "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            "You have attached the maximum number of policies of this type to the target.",
        ));
    }
    attach(context.world, &policy.id, &target.id, policy.ty, context.now);
    Ok(Done {})
}

pub(super) fn detach_policy(context: &mut Context<'_>, request: Pair) -> Result<Done, ServiceError> {
    let (policy, target) = request.resolve(context, "DetachPolicy")?;
    if policy.ty.full_access_policy().is_some_and(|full| full.id == policy.id && !full.detachable) {
        return Err(invalid("NON_DETACHABLE_POLICY", "You can't detach this AWS managed policy."));
    }
    if root::policy_type(context.world, policy.ty) == Some(PolicyTypeStatus::PendingDisable) {
        return Err(policy_changes_in_progress());
    }
    let pair = key(&policy.id, &target.id);
    if context.world.get::<Attachment>(&pair).is_none() {
        return Err(ServiceError::new(
            "PolicyNotAttachedException",
            "The policy isn't attached to the specified target.",
        ));
    }
    let least = Limits::published().map_err(broken)?.policy(policy.ty).attached_at_least;
    if of_type(context.world, &target.id, policy.ty).len() as u64 <= least {
        return Err(constraint(
            "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            "You can't detach the last policy of this type from the target.",
        ));
    }
    context.world.delete::<Attachment>(&pair);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListForTarget {
    target_id: String,
    filter: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

pub(super) fn list_policies_for_target(
    context: &mut Context<'_>,
    request: ListForTarget,
) -> Result<Policies, ServiceError> {
    let organization = access::reader(context, "ListPoliciesForTarget")?;
    let ty = parse_type(&request.filter)?;
    let target = tree::node(context.world, &organization, &request.target_id).ok_or_else(target_not_found)?;
    let of = format!("{}/{ty}", target.id);
    let wanted = Wanted {
        listing: format!("ListPoliciesForTarget/{of}"),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| -> Items<'_, _> {
        let found: Vec<_> =
            world.by_after::<Attachment>("target and type", &of, after.as_deref()).take(LOOK_AHEAD).collect();
        Box::new(found.into_iter().map(|attachment| (attachment.key(), attachment)))
    })?;
    let policies = page.items.iter().filter_map(|attachment| context.world.get::<Policy>(&attachment.policy));
    let policies = policies.map(|policy| Summary::of(&organization, &policy)).collect();
    Ok(Policies { policies, next_token: page.next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTargets {
    policy_id: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    target_id: String,
    arn: String,
    name: String,
    #[serde(rename = "Type")]
    kind: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Targets {
    targets: Vec<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_targets_for_policy(
    context: &mut Context<'_>,
    request: ListTargets,
) -> Result<Targets, ServiceError> {
    let organization = access::reader(context, "ListTargetsForPolicy")?;
    let id = &request.policy_id;
    if context.world.get::<Policy>(id).is_none() {
        return Err(policy_not_found());
    }
    let wanted = Wanted {
        listing: format!("ListTargetsForPolicy/{id}"),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| -> Items<'_, _> {
        let found: Vec<_> =
            world.by_after::<Attachment>("policy", id, after.as_deref()).take(LOOK_AHEAD).collect();
        Box::new(found.into_iter().map(|attachment| (attachment.key(), attachment)))
    })?;
    let targets = page.items.iter().filter_map(|attachment| target(context.world, &organization, attachment));
    Ok(Targets { targets: targets.collect(), next_token: page.next })
}

fn target(world: &World, organization: &Organization, attachment: &Attachment) -> Option<Target> {
    let Node { id, kind, name, arn } = tree::node(world, organization, &attachment.target)?;
    Some(Target { target_id: id, arn, name, kind: kind.api_name() })
}
