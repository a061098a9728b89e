//! Quotas and sizes of AWS Organizations, and those of AWS Config that packs of rules meet, as data with source and date (`data/limits.yaml`).
//!
//! The published values are only where one starts: AWS raises some, tells others live, and changes all of
//! them without notice, so callers take a [`Limits`] and never a constant.

use crate::Date;
use crate::data::{DataError, parse};
use crate::policy_type::PolicyType;
use serde::Deserialize;
use std::sync::LazyLock;

static PUBLISHED: LazyLock<Result<Limits, DataError>> =
    LazyLock::new(|| parse("limits.yaml", include_str!("../data/limits.yaml")));

/// What AWS publishes, or what holds for one organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    /// The day on which the values were read.
    pub collected: Date,
    /// Limits of the organization, its accounts and its names.
    pub limits: OrganizationLimits,
    policies: PolicyLimitsByType,
}

impl Limits {
    /// The published values.
    ///
    /// # Errors
    /// [`DataError`] when the built-in file is broken.
    pub fn published() -> Result<&'static Self, DataError> {
        PUBLISHED.as_ref().map_err(Clone::clone)
    }

    /// The limits of a policy type.
    #[must_use]
    pub fn policy(&self, ty: PolicyType) -> &PolicyLimits {
        let all = &self.policies;
        match ty {
            PolicyType::Scp => &all.scp,
            PolicyType::Rcp => &all.rcp,
            PolicyType::Ec2 => &all.ec2,
            PolicyType::Tag => &all.tag,
            PolicyType::Backup => &all.backup,
            PolicyType::AiOptOut => &all.ai_opt_out,
            PolicyType::Chat => &all.chat,
            PolicyType::SecurityHub => &all.security_hub,
            PolicyType::Inspector => &all.inspector,
            PolicyType::GuardDuty => &all.guard_duty,
            PolicyType::Bedrock => &all.bedrock,
            PolicyType::S3 => &all.s3,
            PolicyType::UpgradeRollout => &all.upgrade_rollout,
            PolicyType::NetworkSecurityDirector => &all.network_security_director,
        }
    }

    /// How many accounts may be closed within the rolling window, for this many member accounts.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html>
    #[must_use]
    pub fn closures_in_window(&self, members: u64) -> u64 {
        let limits = &self.limits;
        let share = members.saturating_mul(limits.account_closures_percent.value) / 100;
        share.max(limits.account_closures_floor.value).min(limits.account_closures_ceiling.value)
    }
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limit {
    /// The value; its unit is in the member's name or documentation.
    pub value: u64,
    /// Whether AWS raises it on request.
    pub adjustable: bool,
    /// The page it comes from.
    pub source: String,
    /// What the page leaves open, if anything.
    pub note: Option<String>,
}

/// Limits of the organization, its accounts and its names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OrganizationLimits {
    /// Accounts in a new organization.
    pub accounts: Limit,
    /// Accounts that AWS raises the quota to at the most.
    pub accounts_at_most: Limit,
    /// Units.
    pub units: Limit,
    /// Levels of units below the root.
    pub unit_depth: Limit,
    /// CreateAccount requests in progress at once.
    pub account_creations_in_progress: Limit,
    /// CloseAccount requests in progress at once.
    pub account_closures_in_progress: Limit,
    /// Accounts that may be closed in a window, however small the organization.
    pub account_closures_floor: Limit,
    /// Percent of the member accounts that may be closed in a window.
    pub account_closures_percent: Limit,
    /// Accounts that may be closed in a window, however large the organization.
    pub account_closures_ceiling: Limit,
    /// Days of the window.
    pub account_closures_window_days: Limit,
    /// Days for which a closed account stays listed.
    pub closed_account_retention_days: Limit,
    /// Days before which a created account cannot leave.
    pub created_account_stays_days: Limit,
    /// Minutes for which a new organization may still be finalizing.
    pub organization_finalizing_minutes: Limit,
    /// Tags on one root, unit, account or policy.
    pub tags_per_resource: Limit,
    /// Characters of the organization's resource policy.
    pub resource_policy_size: Limit,
    /// Characters of an account's name when it is created.
    pub account_name_length: Limit,
    /// The fewest characters of an e-mail address.
    pub email_length_at_least: Limit,
    /// Characters of an e-mail address.
    pub email_length: Limit,
    /// Characters of a unit's or policy's name.
    pub name_length: Limit,
    /// Characters of a policy's description.
    pub description_length: Limit,
    /// Items of one page of a listing.
    pub page_size: Limit,
    /// Config rules in one account and Region.
    pub config_rules: Limit,
    /// Conformance packs in one account and Region.
    pub conformance_packs: Limit,
    /// Config rules in one conformance pack.
    pub rules_per_conformance_pack: Limit,
    /// Bytes of a conformance pack's template.
    pub conformance_pack_size: Limit,
}

/// The limits of one policy type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicyLimits {
    /// Characters of a document as sent, white space included.
    pub size: u64,
    /// Policies of the type that a root, unit or account must keep.
    pub attached_at_least: u64,
    /// Policies of the type directly attached to one root, unit or account.
    pub attached_at_most: u64,
    /// Policies of the type in one organization.
    pub per_organization: u64,
    /// The page they come from.
    pub source: String,
    /// What the page leaves open, if anything.
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PolicyLimitsByType {
    scp: PolicyLimits,
    rcp: PolicyLimits,
    ec2: PolicyLimits,
    tag: PolicyLimits,
    backup: PolicyLimits,
    ai_opt_out: PolicyLimits,
    chat: PolicyLimits,
    security_hub: PolicyLimits,
    inspector: PolicyLimits,
    guard_duty: PolicyLimits,
    bedrock: PolicyLimits,
    s3: PolicyLimits,
    upgrade_rollout: PolicyLimits,
    network_security_director: PolicyLimits,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_file_is_read_and_every_type_allows_at_least_what_it_demands() {
        let limits = Limits::published().unwrap();
        for ty in PolicyType::ALL.iter().copied() {
            let policy = limits.policy(ty);
            assert!(policy.attached_at_least < policy.attached_at_most, "{ty}");
            assert!(policy.source.starts_with("https://docs.aws.amazon.com/"), "{ty}");
        }
        assert_eq!(limits.policy(PolicyType::Scp).size, 10_240);
        assert_eq!(limits.policy(PolicyType::Rcp).attached_at_most, 5);
        assert_eq!(limits.limits.unit_depth.value, 5);
    }

    #[test]
    fn closures_follow_the_share_of_members_between_floor_and_ceiling() {
        let limits = Limits::published().unwrap();
        let quota: Vec<u64> = [9, 1_250, 1_251, 1_500, 5_000, 50_000]
            .into_iter()
            .map(|members| limits.closures_in_window(members))
            .collect();
        assert_eq!(quota, [250, 250, 250, 300, 1_000, 1_000]);
    }
}
