//! Enabling and disabling policy types in the root, which takes AWS a moment.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html>,
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisablePolicyType.html>

use super::super::{Context, ServiceError};
use super::organization::Organization;
use super::policy::{parse_type, type_not_available};
use super::refusal::{
    broken, constraint, policy_changes_in_progress, policy_type_not_enabled, root_not_found,
};
use super::root::{self, Root, Shape};
use super::trusted_access::TrustedAccess;
use super::{access, attachment, schedule, tree};
use crate::world::{Due, World};
use glidepath_model::PolicyType;
use glidepath_model::organization::PolicyTypeStatus;
use glidepath_model::services::Services;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The due kind of a type that becomes enabled.
pub(super) const DUE_ENABLED: &str = "enable policy type";
/// The due kind of a type that becomes disabled.
pub(super) const DUE_DISABLED: &str = "disable policy type";

const SWITCHING_SECONDS: i64 = 5;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Switch {
    root_id: String,
    policy_type: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RootAnswer {
    root: Shape,
}

impl Switch {
    fn resolve(
        &self,
        context: &Context<'_>,
        operation: &str,
    ) -> Result<(Arc<Organization>, Root, PolicyType), ServiceError> {
        let ty = parse_type(&self.policy_type)?;
        let organization = access::may_ask(context, operation)?;
        let root = context.world.get::<Root>(&self.root_id).ok_or_else(root_not_found)?;
        let arn = tree::root_arn(&organization, &root.id);
        access::writer(context, &organization, operation, &[arn], Some(ty))?;
        Ok((organization, Root::clone(&root), ty))
    }
}

pub(super) fn enable_policy_type(
    context: &mut Context<'_>,
    request: Switch,
) -> Result<RootAnswer, ServiceError> {
    let (organization, root, ty) = request.resolve(context, "EnablePolicyType")?;
    if !organization.has_all_features() {
        return Err(type_not_available());
    }
    match root.policy_types.get(&ty) {
        None => {}
        Some(PolicyTypeStatus::PendingDisable) => return Err(policy_changes_in_progress()),
        Some(PolicyTypeStatus::Enabled | PolicyTypeStatus::PendingEnable) => {
            return Err(ServiceError::new(
                "PolicyTypeAlreadyEnabledException",
                "The specified policy type is already enabled.",
            ));
        }
    }
    if let Some(service) = Services::published().map_err(broken)?.needed_by(ty)
        && context.world.get::<TrustedAccess>(&service.principal).is_none()
    {
        return Err(constraint(
            "SERVICE_ACCESS_NOT_ENABLED",
            format!("Enable trusted access for {} first.", service.principal),
        ));
    }
    schedule(context.world, context.now, SWITCHING_SECONDS, DUE_ENABLED, ty.key());
    Ok(set(context, &organization, root, ty, PolicyTypeStatus::PendingEnable))
}

pub(super) fn disable_policy_type(
    context: &mut Context<'_>,
    request: Switch,
) -> Result<RootAnswer, ServiceError> {
    let (organization, root, ty) = request.resolve(context, "DisablePolicyType")?;
    match root.policy_types.get(&ty) {
        Some(PolicyTypeStatus::Enabled) => {}
        Some(PolicyTypeStatus::PendingEnable | PolicyTypeStatus::PendingDisable) => {
            return Err(policy_changes_in_progress());
        }
        None => return Err(policy_type_not_enabled()),
    }
    schedule(context.world, context.now, SWITCHING_SECONDS, DUE_DISABLED, ty.key());
    Ok(set(context, &organization, root, ty, PolicyTypeStatus::PendingDisable))
}

fn set(
    context: &mut Context<'_>,
    organization: &Organization,
    mut root: Root,
    ty: PolicyType,
    status: PolicyTypeStatus,
) -> RootAnswer {
    root.policy_types.insert(ty, status);
    let answer = RootAnswer { root: Shape::of(organization, &root) };
    context.world.put(root);
    answer
}

/// Makes a pending type enabled; SCPs and RCPs come with AWS's full-access policy everywhere.
pub(super) fn settle_enabled(world: &mut World, due: &Due) {
    if let Some((mut root, ty)) = pending(world, due, PolicyTypeStatus::PendingEnable) {
        root.policy_types.insert(ty, PolicyTypeStatus::Enabled);
        world.put(root);
        attachment::open(world, ty, due.at);
    }
}

/// Makes a pending type disabled, which detaches every policy of it.
pub(super) fn settle_disabled(world: &mut World, due: &Due) {
    if let Some((mut root, ty)) = pending(world, due, PolicyTypeStatus::PendingDisable) {
        root.policy_types.remove(&ty);
        world.put(root);
        attachment::clear(world, ty);
    }
}

fn pending(world: &World, due: &Due, status: PolicyTypeStatus) -> Option<(Root, PolicyType)> {
    let ty = PolicyType::from_key(&due.key).ok()?;
    let root = root::root(world)?;
    (root.policy_types.get(&ty) == Some(&status)).then(|| (Root::clone(&root), ty))
}
