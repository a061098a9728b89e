//! The Regions that accounts have enabled beyond those they have from the start: by account management, or because
//! whoever opens the sandbox says so.
//!
//! Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>

use crate::world::{Entity, World};
use glidepath_model::regions::{self, Availability};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The Regions an account has enabled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnabledRegions {
    account: String,
    regions: BTreeSet<String>,
}

impl Entity for EnabledRegions {
    const TABLE: &'static str = "account.enabled_regions";

    fn key(&self) -> String {
        self.account.clone()
    }
}

/// Enables a Region for an account.
pub fn enable_region(world: &mut World, account: &str, region: &str) {
    let mut regions = world.get::<EnabledRegions>(account).map(|row| row.regions.clone()).unwrap_or_default();
    if regions.insert(region.to_owned()) {
        world.put(EnabledRegions { account: account.to_owned(), regions });
    }
}

/// Disables a Region for an account.
pub(super) fn disable_region(world: &mut World, account: &str, region: &str) {
    let Some(row) = world.get::<EnabledRegions>(account) else { return };
    let mut regions = row.regions.clone();
    if regions.remove(region) {
        world.put(EnabledRegions { account: account.to_owned(), regions });
    }
}

/// Whether an account can use a Region: it has it from the start, or has enabled it.
#[must_use]
pub fn is_region_enabled(world: &World, account: &str, region: &str) -> bool {
    match regions::region(region).map(|region| region.availability) {
        None => false,
        Some(Availability::Enabled) => true,
        Some(Availability::OptIn) => {
            world.get::<EnabledRegions>(account).is_some_and(|row| row.regions.contains(region))
        }
    }
}
