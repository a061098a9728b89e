//! The effective policy of an account: what the declarative policies on its way from the root merge to.
//!
//! Four types have a documented merge; the others are answered with `NotImplemented`, which AWS does not know.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html>

use super::super::{Context, EpochSeconds, ServiceError};
use super::account::{self, Account, Shape};
use super::attachment::{self, Attachment};
use super::organization::Organization;
use super::page::{Wanted, page_of};
use super::policy::{Policy, parse_type};
use super::refusal::{access_denied, invalid, not_all_features, target_not_found};
use super::tree::{self, NodeKind};
use super::{access, root};
use crate::world::World;
use glidepath_iam::merge::{self, MergeError};
use glidepath_model::organization::PolicyTypeStatus;
use glidepath_model::{PolicyType, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// The policies of one type that reach an account.
struct Chain {
    levels: Vec<Vec<Value>>,
    policies: BTreeSet<String>,
    /// When the last of them was attached or changed.
    changed: Option<Timestamp>,
}

impl Chain {
    fn of(world: &World, account: &str, ty: PolicyType) -> Self {
        let mut chain = Self { levels: Vec::new(), policies: BTreeSet::new(), changed: None };
        for node in tree::lineage(world, account) {
            let attached = attachment::of_type(world, &node, ty);
            let level = attached.iter().filter_map(|attachment| chain.add(world, attachment)).collect();
            chain.levels.push(level);
        }
        chain
    }

    fn add(&mut self, world: &World, attachment: &Attachment) -> Option<Value> {
        let policy = world.get::<Policy>(&attachment.policy)?;
        self.policies.insert(policy.id.clone());
        self.changed = self.changed.max(Some(policy.updated.max(attachment.attached)));
        // It was checked when it was stored.
        serde_json::from_str(&policy.content).ok()
    }

    fn merge(&self, ty: PolicyType) -> Result<Value, MergeError> {
        merge::effective(ty, &self.levels)
    }
}

fn not_found() -> ServiceError {
    ServiceError::new("EffectivePolicyNotFoundException", "The account has no effective policy of this type.")
}

fn refuse_undocumented(ty: PolicyType) -> Result<(), ServiceError> {
    if merge::is_documented(ty) {
        return Ok(());
    }
    Err(ServiceError::new(
        "NotImplemented",
        format!("the sandbox cannot merge policies of type {}: AWS does not document how", ty.api_name()),
    ))
}

/// Refuses a type that is not in force, or not in force in an organization like this.
fn refuse_disabled(world: &World, organization: &Organization, ty: PolicyType) -> Result<(), ServiceError> {
    if !organization.has_all_features() {
        return Err(not_all_features());
    }
    match root::policy_type(world, ty) {
        Some(PolicyTypeStatus::Enabled) => Ok(()),
        Some(PolicyTypeStatus::PendingEnable | PolicyTypeStatus::PendingDisable) | None => Err(not_found()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    policy_type: String,
    target_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Effective {
    policy_content: String,
    last_updated_timestamp: EpochSeconds,
    target_id: String,
    policy_type: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EffectiveAnswer {
    effective_policy: Effective,
}

pub(super) fn describe_effective_policy(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<EffectiveAnswer, ServiceError> {
    let ty = parse_type(&request.policy_type)?;
    let organization = access::member(context)?;
    let own = context.caller.account.to_string();
    let target = request.target_id.unwrap_or_else(|| own.clone());
    // Any account may ask for itself; whoever reads the organization may ask for all.
    if target != own && access::reader(context, "DescribeEffectivePolicy").is_err() {
        return Err(access_denied());
    }
    let node = tree::node(context.world, &organization, &target).ok_or_else(target_not_found)?;
    if node.kind != NodeKind::Account {
        return Err(invalid("TARGET_NOT_SUPPORTED", "An effective policy can be asked for accounts only."));
    }
    refuse_disabled(context.world, &organization, ty)?;
    let chain = Chain::of(context.world, &target, ty);
    let changed = chain.changed.ok_or_else(not_found)?;
    refuse_undocumented(ty)?;
    // What cannot be merged is in force nowhere; ListEffectivePolicyValidationErrors tells why.
    let merged = chain.merge(ty).map_err(|_| not_found())?;
    Ok(EffectiveAnswer {
        effective_policy: Effective {
            policy_content: merged.to_string(),
            last_updated_timestamp: EpochSeconds(changed),
            target_id: target,
            policy_type: ty.api_name(),
        },
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListInvalid {
    policy_type: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InvalidAccounts {
    accounts: Vec<Shape>,
    policy_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_accounts_with_invalid_effective_policy(
    context: &mut Context<'_>,
    request: ListInvalid,
) -> Result<InvalidAccounts, ServiceError> {
    let ty = parse_type(&request.policy_type)?;
    let organization = access::reader(context, "ListAccountsWithInvalidEffectivePolicy")?;
    refuse_disabled(context.world, &organization, ty)?;
    refuse_undocumented(ty)?;
    let world = &*context.world;
    let shapes = world
        .all::<Account>()
        .filter(|account| account.parent.is_some())
        .filter(|account| Chain::of(world, account.id.as_str(), ty).merge(ty).is_err())
        .map(|account| (account.id.to_string(), Shape::of(world, &organization, &account)))
        .collect();
    let wanted = Wanted {
        listing: format!("ListAccountsWithInvalidEffectivePolicy/{ty}"),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page_of(world, &wanted, shapes)?;
    Ok(InvalidAccounts { accounts: page.items, policy_type: ty.api_name(), next_token: page.next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListErrors {
    account_id: String,
    policy_type: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ValidationError {
    error_code: &'static str,
    error_message: String,
    path_to_error: String,
    contributing_policies: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ValidationErrors {
    account_id: String,
    policy_type: &'static str,
    path: String,
    evaluation_timestamp: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    effective_policy_validation_errors: Vec<ValidationError>,
}

pub(super) fn list_effective_policy_validation_errors(
    context: &mut Context<'_>,
    request: ListErrors,
) -> Result<ValidationErrors, ServiceError> {
    let ty = parse_type(&request.policy_type)?;
    let organization = access::reader(context, "ListEffectivePolicyValidationErrors")?;
    let id = request.account_id;
    account::member(context.world, &id)?;
    refuse_disabled(context.world, &organization, ty)?;
    refuse_undocumented(ty)?;
    let chain = Chain::of(context.world, &id, ty);
    let changed = chain.changed.ok_or_else(not_found)?;
    let errors = match chain.merge(ty) {
        Ok(_) => Vec::new(),
        Err(error) => vec![(
            "1".to_owned(),
            ValidationError {
                error_code: "DATA_TYPE_INVALID",
                error_message: error.to_string(),
                path_to_error: match &error {
                    MergeError::NotAList(path) => path.clone(),
                    _ => String::new(),
                },
                contributing_policies: chain.policies.into_iter().collect(),
            },
        )],
    };
    let wanted = Wanted {
        listing: format!("ListEffectivePolicyValidationErrors/{ty}/{id}"),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page_of(context.world, &wanted, errors)?;
    Ok(ValidationErrors {
        path: tree::path(context.world, &organization, &id),
        account_id: id,
        policy_type: ty.api_name(),
        evaluation_timestamp: EpochSeconds(changed),
        next_token: page.next,
        effective_policy_validation_errors: page.items,
    })
}
