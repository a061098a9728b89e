//! Closing an account: asked for, then pending, then closed and listed for another 90 days.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html>

use super::super::{Context, ServiceError, sts};
use super::account::{Account, State, member};
use super::organization::{Done, Organization, release};
use super::placement::{Placement, placed};
use super::refusal::{broken, constraint};
use super::{access, elapsed, schedule, tally};
use crate::world::{Due, World};
use glidepath_model::limits::Limits;
use serde::Deserialize;

/// The due kind of a closure's end.
pub(super) const DUE_CLOSED: &str = "close account";
/// The due kind of a closed account's disappearance.
pub(super) const DUE_PURGED: &str = "purge account";

/// AWS says a few minutes.
const CLOSING_SECONDS: i64 = 120;
const DAY: i64 = 86_400;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CloseAccount {
    account_id: String,
}

pub(super) fn close_account(context: &mut Context<'_>, request: CloseAccount) -> Result<Done, ServiceError> {
    let organization = access::management_with_all_features(context)?;
    let account = member(context.world, &request.account_id)?;
    if account.id == organization.management_id {
        return Err(constraint("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You can't close the management account."));
    }
    match account.state {
        State::Active => {}
        State::PendingClosure => {
            return Err(ServiceError::new("ConflictException", "The account is being closed already."));
        }
        State::Closed => {
            return Err(ServiceError::new("AccountAlreadyClosedException", "The account is already closed."));
        }
    }
    let published = Limits::published().map_err(broken)?;
    let pending = context.world.by::<Account>("closing", State::PendingClosure.api_name()).count() as u64;
    if pending >= published.limits.account_closures_in_progress.value {
        return Err(constraint(
            "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
            "You have too many account closures in progress.",
        ));
    }
    let window = i64::try_from(published.limits.account_closures_window_days.value).unwrap_or(30) * DAY;
    let recent = context
        .world
        .by::<Account>("closing", State::Closed.api_name())
        .filter(|account| account.closed.is_some_and(|at| !elapsed(at, context.now, window)))
        .count() as u64;
    // The management account is no member account here.
    let members = tally::count(context.world, tally::MEMBERS).saturating_sub(1);
    if pending + recent >= published.closures_in_window(members) {
        return Err(constraint(
            "CLOSE_ACCOUNT_QUOTA_EXCEEDED",
            "You have exceeded the close account quota for the past 30 days.",
        ));
    }
    let mut closing = Account::clone(&account);
    closing.state = State::PendingClosure;
    closing.closed = Some(context.now);
    schedule(context.world, context.now, CLOSING_SECONDS, DUE_CLOSED, &request.account_id);
    context.world.put(closing);
    Ok(Done {})
}

/// Closes an account: nobody enters it any more, and it stays listed for a while.
pub(super) fn settle_closed(world: &mut World, due: &Due) {
    let Some(account) = world.get::<Account>(&due.key) else { return };
    let mut closed = Account::clone(&account);
    closed.state = State::Closed;
    sts::remove_roles(world, &closed.id);
    let days = Limits::published().map_or(90, |limits| limits.limits.closed_account_retention_days.value);
    schedule(world, due.at, i64::try_from(days).unwrap_or(90) * DAY, DUE_PURGED, &due.key);
    world.put(closed);
}

/// Lets a closed account go for good. Its e-mail address stays taken.
pub(super) fn settle_purged(world: &mut World, due: &Due) {
    let Some(account) = world.get::<Account>(&due.key) else { return };
    let Some(organization) = world.all::<Organization>().next() else { return };
    if account.parent.is_none() {
        return;
    }
    release(world, &organization, &account.id);
    let mut gone = Account::clone(&account);
    let from = gone.parent.take();
    world.put(gone);
    placed(world, due.at, &Placement { account: &due.key, from: from.as_deref(), to: None });
}
