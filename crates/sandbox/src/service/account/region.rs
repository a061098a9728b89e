//! Enabling and disabling the Regions that accounts do not have from the start. Either takes minutes.
//!
//! Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>

use super::super::listing::{self, Page, Wanted};
use super::super::{Context, ServiceError};
use super::enabled_regions::{self, is_region_enabled};
use super::{Done, NAME, access};
use crate::world::{Due, Dumped, Entity, World};
use glidepath_model::regions::{self, Availability, Region};
use glidepath_model::text::printable;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A Region has come to the end of its change.
pub(super) const DUE: &str = "change region";
/// Seconds that enabling takes; AWS says minutes, sometimes hours.
const ENABLING_SECONDS: i64 = 300;
/// Seconds that disabling takes.
const DISABLING_SECONDS: i64 = 300;
/// Regions of one account that can be changing at once, and of all accounts together.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/quotas.html>
const MOST_OF_AN_ACCOUNT: usize = 6;
/// Source: the same page
const MOST_TOGETHER: usize = 50;

/// How a Region stands in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    Enabled,
    Enabling,
    Disabling,
    Disabled,
    EnabledByDefault,
}

/// A Region of an account that is changing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Change {
    account: String,
    region: String,
    /// `Enabling` or `Disabling`.
    status: Status,
}

impl Entity for Change {
    const TABLE: &'static str = "account.region_change";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        row(&self.account, &self.region)
    }
}

fn row(account: &str, region: &str) -> String {
    format!("{account}/{region}")
}

/// The partition whose Regions there are.
const PARTITION: &str = "aws";

fn known(name: &str) -> Option<&'static Region> {
    regions::region(name).filter(|region| region.partition == PARTITION)
}

fn status(world: &World, account: &str, region: &Region) -> Status {
    if let Some(change) = world.get::<Change>(&row(account, &region.name)) {
        return change.status;
    }
    match (region.availability, is_region_enabled(world, account, &region.name)) {
        (Availability::Enabled, _) => Status::EnabledByDefault,
        (Availability::OptIn, true) => Status::Enabled,
        (Availability::OptIn, false) => Status::Disabled,
    }
}

fn invalid_target(message: String) -> ServiceError {
    let mut error = ServiceError::new("ValidationException", message);
    error.members.insert("reason".to_owned(), "invalidRegionOptTarget".into());
    error
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    account_id: Option<String>,
    region_name: String,
}

fn find(request: &Named) -> Result<&'static Region, ServiceError> {
    known(&request.region_name)
        .ok_or_else(|| invalid_target(format!("{} is not a Region.", printable(&request.region_name))))
}

/// Starts a change, if the Region stands so that it can.
fn change(context: &mut Context<'_>, request: &Named, to: Status) -> Result<Done, ServiceError> {
    let account = access::subject(context, request.account_id.as_deref())?;
    let region = find(request)?;
    let (done, seconds) = match to {
        Status::Enabling => (Status::Enabled, ENABLING_SECONDS),
        _ => (Status::Disabled, DISABLING_SECONDS),
    };
    match status(context.world, &account, region) {
        Status::EnabledByDefault => {
            return Err(invalid_target(format!("{} is enabled in every account.", region.name)));
        }
        now if now == to || now == done => return Ok(Done {}),
        Status::Enabling | Status::Disabling => {
            return Err(ServiceError::new("ConflictException", "The Region is being changed already."));
        }
        Status::Enabled | Status::Disabled => {}
    }
    let changing = context.world.below::<Change>(&format!("{account}/")).count();
    if changing >= MOST_OF_AN_ACCOUNT || context.world.count::<Change>() >= MOST_TOGETHER {
        return Err(ServiceError::new("TooManyRequestsException", "Too many Regions are being changed."));
    }
    if to == Status::Disabling {
        // Its users are locked out at once.
        enabled_regions::disable_region(context.world, &account, &region.name);
    }
    let row = Change { account, region: region.name.clone(), status: to };
    let at = context.now + SignedDuration::from_secs(seconds);
    context.world.schedule(Due { at, service: NAME.to_owned(), kind: DUE.to_owned(), key: row.key() });
    context.world.put(row);
    Ok(Done {})
}

pub(super) fn enable_region(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    change(context, &request, Status::Enabling)
}

pub(super) fn disable_region(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    change(context, &request, Status::Disabling)
}

/// A Region has been enabled or disabled.
pub(super) fn settle(world: &mut World, due: &Due) {
    let Some(change) = world.delete::<Change>(&due.key) else { return };
    if change.status == Status::Enabling {
        enabled_regions::enable_region(world, &change.account, &change.region);
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shape {
    region_name: String,
    region_opt_status: Status,
}

pub(super) fn get_region_opt_status(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Shape, ServiceError> {
    let account = access::subject(context, request.account_id.as_deref())?;
    let region = find(&request)?;
    let region_opt_status = status(context.world, &account, region);
    Ok(Shape { region_name: region.name.clone(), region_opt_status })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    account_id: Option<String>,
    region_opt_status_contains: Option<Vec<Status>>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Regions {
    regions: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_regions(context: &mut Context<'_>, request: List) -> Result<Regions, ServiceError> {
    let account = access::subject(context, request.account_id.as_deref())?;
    let wanted = request.region_opt_status_contains;
    let world = &*context.world;
    let found = regions::supported_regions()
        .filter(|region| region.partition == PARTITION)
        .map(|region| Shape {
            region_name: region.name.clone(),
            region_opt_status: status(world, &account, region),
        })
        .filter(|shape| wanted.as_ref().is_none_or(|wanted| wanted.contains(&shape.region_opt_status)))
        .map(|shape| (shape.region_name.clone(), shape));
    let page = Wanted {
        listing: format!("ListRegions/{account}/{wanted:?}"),
        token: request.next_token.as_deref(),
        size: request.max_results.unwrap_or(20),
    };
    let Page { items, next } = listing::page(world, &page, found)
        .map_err(|_| ServiceError::new("ValidationException", "The NextToken is not valid."))?;
    Ok(Regions { regions: items, next_token: next })
}
