//! Which accounts an operation reaches: those of units at any depth, narrowed or widened by a list of accounts. Never the
//! management account.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html>

use super::super::super::{ServiceError, account, organizations};
use super::super::refusal::{invalid, not_simulated};
use super::instance::Instance;
use super::set::StackSet;
use crate::world::World;
use glidepath_model::regions;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most units a request may name.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html>
pub(super) const UNITS_AT_MOST: usize = 50;

/// How a list of accounts changes what units reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum AccountFilter {
    None,
    Intersection,
    Difference,
    Union,
}

/// Targets as requests give them and answers tell them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeploymentTargets {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) accounts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accounts_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) organizational_unit_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account_filter_type: Option<AccountFilter>,
}

/// Accounts with the unit through which each is reached.
pub(super) type Reached = BTreeMap<String, String>;

impl DeploymentTargets {
    /// Units as they are, without a list of accounts.
    pub(super) fn units(units: impl IntoIterator<Item = String>) -> Self {
        Self { organizational_unit_ids: units.into_iter().collect(), ..Self::default() }
    }

    /// Whether whole units are meant.
    pub(super) fn is_of_whole_units(&self) -> bool {
        matches!(self.account_filter_type, None | Some(AccountFilter::None))
    }

    /// Refuses what cannot be meant.
    pub(super) fn check(&self, world: &World) -> Result<(), ServiceError> {
        if self.accounts_url.is_some() {
            return Err(not_simulated("lists of accounts that lie in S3: give Accounts"));
        }
        let units = &self.organizational_unit_ids;
        if units.is_empty() {
            return Err(only_units());
        }
        if let Some(stray) = units.iter().find(|unit| !organizations::is_parent(world, unit)) {
            return Err(invalid(format!("Organizational unit {} not found", printable(stray))));
        }
        match (self.account_filter_type, self.accounts.is_empty()) {
            (None | Some(AccountFilter::None), true) => Ok(()),
            (None, false) => Err(invalid("AccountFilterType must be specified when Accounts are")),
            (Some(AccountFilter::None), false) => {
                Err(invalid("Accounts must not be specified with the AccountFilterType NONE"))
            }
            (Some(_), true) => Err(invalid("Accounts must be specified with this AccountFilterType")),
            (Some(_), false) => Ok(()),
        }
    }

    /// The accounts that new instances go to.
    pub(super) fn reached(&self, world: &World) -> Result<Reached, ServiceError> {
        let mut reached = Reached::new();
        for unit in &self.organizational_unit_ids {
            for account in organizations::members_below(world, unit) {
                reached.entry(account).or_insert_with(|| unit.clone());
            }
        }
        if self.account_filter_type == Some(AccountFilter::Union) {
            return Err(invalid("UNION is not supported by this operation"));
        }
        let management = organizations::organization(world).map(|organization| organization.management);
        let stray =
            self.accounts.iter().find(|id| !reached.contains_key(*id) && Some(*id) != management.as_ref());
        if let Some(stray) = stray {
            return Err(invalid(format!("Account {stray} is not in the organizational units")));
        }
        Ok(self.filtered(reached))
    }

    /// The accounts whose instances are meant: those that are in the units, and those whose instances came through
    /// them.
    pub(super) fn reached_instances(&self, world: &World, set: &StackSet) -> Reached {
        let mut reached = Reached::new();
        for unit in &self.organizational_unit_ids {
            for account in organizations::members_below(world, unit) {
                reached.entry(account).or_insert_with(|| unit.clone());
            }
            for instance in world.by::<Instance>("unit", &format!("{}/{unit}", set.id)) {
                reached.entry(instance.account.clone()).or_insert_with(|| unit.clone());
            }
        }
        self.filtered(reached)
    }

    fn filtered(&self, mut reached: Reached) -> Reached {
        let named: BTreeSet<&String> = self.accounts.iter().collect();
        match self.account_filter_type {
            None | Some(AccountFilter::None) => {}
            Some(AccountFilter::Intersection) => reached.retain(|account, _| named.contains(account)),
            Some(AccountFilter::Difference) => reached.retain(|account, _| !named.contains(account)),
            Some(AccountFilter::Union) => {
                let first = self.organizational_unit_ids.first().cloned().unwrap_or_default();
                for account in named {
                    reached.entry(account.clone()).or_insert_with(|| first.clone());
                }
            }
        }
        reached
    }
}

/// Service-managed sets are given to units, never to accounts alone.
pub(super) fn only_units() -> ServiceError {
    invalid("StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target")
}

/// The Regions of a request: each one AWS has, none twice.
pub(super) fn checked_regions(given: &[String]) -> Result<BTreeSet<String>, ServiceError> {
    if given.is_empty() {
        return Err(invalid("Regions must not be empty"));
    }
    let regions: BTreeSet<String> = given.iter().cloned().collect();
    if regions.len() < given.len() {
        return Err(invalid("Regions must not contain duplicates"));
    }
    match regions.iter().find(|region| regions::region(region).is_none()) {
        Some(stray) => Err(invalid(format!("Region {} is not supported", printable(stray)))),
        None => Ok(regions),
    }
}

/// Why an account cannot be worked on in a Region, if it cannot: both it and the management account need the Region.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-opt-in-regions.html>
pub(super) fn closed_region(world: &World, management: &str, account: &str, region: &str) -> Option<String> {
    let closed = [account, management]
        .into_iter()
        .find(|account| !account::is_region_enabled(world, account, region))?;
    Some(format!("Region {region} is not enabled for account {closed}"))
}
