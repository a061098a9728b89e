//! The Regions that an account has enabled: a [`Reader`] that tells them and a [`Writer`] that enables more. Both call
//! account management as the management account, which names every other account and never itself.
//!
//! API reference: <https://docs.aws.amazon.com/accounts/latest/reference/API_Operations.html>

use crate::core::AccessMode;
use crate::effort::Entry;
use crate::error::Error;
use crate::lanes::Place;
use crate::pages::pages;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::signed::Request;
use crate::watch::Ticket;
use glidepath_model::AccountId;
use glidepath_model::operations::{Access, OperationRow};
use glidepath_model::regions::OptInStatus;
use http::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What requests are signed for, and how the host's name begins.
const SERVICE: &str = "account";
/// Regions on one page, the most that AWS gives.
const PAGE: u32 = 50;
const LIST: &str = "account:ListRegions";
const ENABLE: &str = "account:EnableRegion";

/// Tells which opt-in Regions accounts have.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    management: AccountId,
}

impl Reader {
    /// A reader that calls as this session of the management account.
    #[must_use]
    pub fn new(session: &Session, management: &AccountId) -> Self {
        Self { session: session.clone(), management: management.clone() }
    }

    /// The opt-in Regions of an account that are enabled or changing; all others are disabled.
    ///
    /// # Errors
    /// Any [`Error`] of a read; [`Error::Denied`] for a member while account management has no trusted access.
    pub async fn list(&self, account: &AccountId) -> Result<BTreeMap<String, OptInStatus>, Error> {
        let rows = pages(LIST, |token| async move {
            let mut body = naming(account, &self.management);
            body.insert("MaxResults".to_owned(), PAGE.into());
            body.insert("RegionOptStatusContains".to_owned(), json!(["ENABLED", "ENABLING", "DISABLING"]));
            body.extend(token.map(|token| ("NextToken".to_owned(), token.into())));
            let request = Request::rest_json(SERVICE, Method::POST, "/listRegions", &body.into());
            let ticket = Ticket { operation: LIST, access: Access::Read };
            let region = self.session.control_region();
            let answer = self.session.signed(ticket, region.as_ref(), &request).await?;
            let told: Value =
                serde_json::from_slice(&answer).map_err(|error| malformed(LIST, error.to_string()))?;
            let next = told.get("NextToken").and_then(Value::as_str).map(str::to_owned);
            let rows = told.get("Regions").and_then(Value::as_array).cloned().unwrap_or_default();
            Ok((rows, next))
        });
        rows.await?.iter().map(row).collect()
    }
}

/// Places for Regions that are being enabled, as many as AWS takes of all accounts together. Hold them from before the
/// request until the Regions are enabled.
#[derive(Debug)]
pub struct OptInSlots(Place);

/// Enables Regions in accounts.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
    management: AccountId,
}

impl Writer {
    /// A writer that calls as this session of the management account.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, management: &AccountId, _: &WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "account:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self { session: session.clone(), management: management.clone() }),
        }
    }

    /// Waits for places for so many Regions.
    ///
    /// # Errors
    /// [`Error::Setup`] when the operations table is broken.
    pub async fn slots(&self, number: u32) -> Result<OptInSlots, Error> {
        let row =
            OperationRow::find(ENABLE).map_err(|_| Error::NotInTable { operation: ENABLE.to_owned() })?;
        self.session.core().lanes.enter_with(&row.lane, number).await.map(OptInSlots)
    }

    /// Asks AWS to enable a Region in an account. It is done when the Region is told as enabled; one that is enabled,
    /// or being enabled, stays so.
    ///
    /// # Errors
    /// Any [`Error`] of a write; `ConflictException` while the Region is being disabled.
    pub async fn enable(&self, slots: &OptInSlots, account: &AccountId, region: &str) -> Result<(), Error> {
        let mut body = naming(account, &self.management);
        body.insert("RegionName".to_owned(), region.into());
        let request = Request::rest_json(SERVICE, Method::POST, "/enableRegion", &body.into());
        let ticket = Ticket { operation: ENABLE, access: Access::Write };
        let control = self.session.control_region();
        let entry = Entry::Held(&slots.0);
        self.session.signed_in(ticket, entry, control.as_ref(), &request).await.map(drop)
    }
}

/// A request about an account: the management account's own names none.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_EnableRegion.html>
fn naming(account: &AccountId, management: &AccountId) -> Map<String, Value> {
    let named = (account != management).then(|| ("AccountId".to_owned(), account.as_str().into()));
    named.into_iter().collect()
}

fn row(told: &Value) -> Result<(String, OptInStatus), Error> {
    let member = |name: &str| {
        told.get(name).and_then(Value::as_str).ok_or_else(|| malformed(LIST, format!("`{name}` is missing")))
    };
    let status = match member("RegionOptStatus")? {
        "ENABLED" | "ENABLED_BY_DEFAULT" => OptInStatus::Enabled,
        "ENABLING" => OptInStatus::Enabling,
        "DISABLING" => OptInStatus::Disabling,
        "DISABLED" => OptInStatus::Disabled,
        other => return Err(malformed(LIST, format!("the status `{other}` of a Region is unknown"))),
    };
    Ok((member("RegionName")?.to_owned(), status))
}

fn malformed(operation: &'static str, problem: String) -> Error {
    Error::Malformed { operation, problem }
}
