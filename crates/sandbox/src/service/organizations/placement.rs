//! An account has been placed: created into the root, moved between units, or taken out. Every such change of the tree
//! is told here, and from here to the services that follow accounts around.

use super::super::{cloudformation, sso_admin};
use crate::world::World;
use glidepath_model::Timestamp;

/// Where an account was and where it is; none is outside the organization.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct Placement<'a> {
    /// The account's id.
    pub(in crate::service) account: &'a str,
    /// The root or unit it hung under.
    pub(in crate::service) from: Option<&'a str>,
    /// The root or unit it hangs under now.
    pub(in crate::service) to: Option<&'a str>,
}

/// Tells that an account was placed; its row says so already.
pub(super) fn placed(world: &mut World, now: Timestamp, placement: &Placement<'_>) {
    cloudformation::account_placed(world, now, placement);
    sso_admin::account_placed(world, placement);
}
