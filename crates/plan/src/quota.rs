//! AWS's quotas as they hold for one organization: the published ones, raised by `organization.limits`.

use glidepath_model::PolicyType;
use glidepath_model::limits::{Limits, OrganizationLimits, PolicyLimits};
use std::collections::BTreeMap;

/// The quotas of one organization.
#[derive(Debug, Clone, Copy)]
pub struct Quotas<'a> {
    raised: &'a BTreeMap<String, u64>,
}

impl<'a> Quotas<'a> {
    /// The published quotas, raised by what the manifest says of them.
    #[must_use]
    pub fn new(raised: &'a BTreeMap<String, u64>) -> Self {
        Self { raised }
    }

    /// Policies of a type that may be attached directly to one root, unit or account.
    #[must_use]
    pub fn attached_at_most(self, ty: PolicyType) -> u64 {
        self.of_type(ty, "attachedAtMost", |limits| limits.attached_at_most)
    }

    /// Policies of a type that one root, unit or account must keep.
    #[must_use]
    pub fn attached_at_least(self, ty: PolicyType) -> u64 {
        Limits::published().map_or(0, |limits| limits.policy(ty).attached_at_least)
    }

    /// Policies of a type in the organization.
    #[must_use]
    pub fn per_organization(self, ty: PolicyType) -> u64 {
        self.of_type(ty, "perOrganization", |limits| limits.per_organization)
    }

    /// Units.
    #[must_use]
    pub fn units(self) -> u64 {
        self.named("units", |limits| limits.units.value)
    }

    /// Levels of units below the root.
    #[must_use]
    pub fn unit_depth(self) -> u64 {
        self.named("unitDepth", |limits| limits.unit_depth.value)
    }

    /// Accounts, closed ones that AWS still lists included.
    #[must_use]
    pub fn accounts(self) -> u64 {
        self.named("accounts", |limits| limits.accounts.value)
    }

    /// Whether the manifest states a quota itself.
    #[must_use]
    pub fn is_stated(self, name: &str) -> bool {
        self.raised.contains_key(name)
    }

    fn named(self, name: &str, published: fn(&OrganizationLimits) -> u64) -> u64 {
        let published = || Limits::published().map_or(u64::MAX, |limits| published(&limits.limits));
        self.raised.get(name).copied().unwrap_or_else(published)
    }

    fn of_type(self, ty: PolicyType, name: &str, published: fn(&PolicyLimits) -> u64) -> u64 {
        let published = || Limits::published().map_or(u64::MAX, |limits| published(limits.policy(ty)));
        self.raised.get(&format!("{ty}.{name}")).copied().unwrap_or_else(published)
    }
}
