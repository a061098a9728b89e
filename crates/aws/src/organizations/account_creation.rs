//! Accounts that are being created. AWS takes a request and carries it out in its own time; nothing but
//! the e-mail address keeps an account from being created twice.

use super::member::{Answer, sdk_tags};
use super::{PAGE, Reader, Writer};
use crate::effort::Entry;
use crate::error::Error;
use crate::lanes::Place;
use crate::pages::pages;
use crate::watch::Ticket;
use aws_sdk_organizations::types::{
    CreateAccountState as SdkState, CreateAccountStatus, IamUserAccessToBilling,
};
use glidepath_model::Tags;
use glidepath_model::ids::CreateRequestId;
use glidepath_model::operations::{Access, OperationRow};
use glidepath_model::organization::{CreateAccountRequest, CreateAccountState};

/// Which requests to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreationFilter {
    /// Those that are not decided yet.
    InProgress,
    /// All that AWS remembers.
    All,
}

/// What a new account is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewAccount<'a> {
    /// Its name.
    pub name: &'a str,
    /// The root user's e-mail address, unique across AWS.
    pub email: &'a str,
    /// The role that the management account enters it by.
    pub role: &'a str,
    /// Its tags, sent inside the call.
    pub tags: &'a Tags,
}

/// One of the five places for accounts in creation. Hold it from before the request until the request is
/// decided, so that AWS is never asked for a sixth.
#[derive(Debug)]
pub struct AccountSlot(Place);

const CREATE: &str = "organizations:CreateAccount";

impl Reader {
    /// Requests to create accounts.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_create_account_status(
        &self,
        filter: CreationFilter,
    ) -> Result<Vec<CreateAccountRequest>, Error> {
        const OPERATION: &str = "organizations:ListCreateAccountStatus";
        let states = match filter {
            CreationFilter::InProgress => Some(vec![SdkState::InProgress]),
            CreationFilter::All => None,
        };
        let states = &states;
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_create_account_status().set_states(states.clone());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.create_account_statuses.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| request(Answer(OPERATION), told)).collect()
    }

    /// How a request to create an account stands.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_create_account_status(
        &self,
        id: &CreateRequestId,
    ) -> Result<CreateAccountRequest, Error> {
        const OPERATION: &str = "organizations:DescribeCreateAccountStatus";
        let send =
            || self.client.describe_create_account_status().create_account_request_id(id.as_str()).send();
        let told = self.session.read(OPERATION, send).await?;
        let told = Answer(OPERATION).member("CreateAccountStatus", told.create_account_status)?;
        request(Answer(OPERATION), &told)
    }
}

impl Writer {
    /// Waits for a place to create an account in.
    ///
    /// # Errors
    /// [`Error::Setup`] when the operations table is broken.
    pub async fn account_slot(&self) -> Result<AccountSlot, Error> {
        let row =
            OperationRow::find(CREATE).map_err(|_| Error::NotInTable { operation: CREATE.to_owned() })?;
        self.session.core().lanes.enter(&row.lane).await.map(AccountSlot)
    }

    /// Asks AWS to create an account. It lands in the root.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the connection broke: the request may be on its way, so look at the
    /// requests in progress and at the accounts before asking again. Any other [`Error`] of a write.
    pub async fn create_account(
        &self,
        slot: &AccountSlot,
        new: NewAccount<'_>,
    ) -> Result<CreateAccountRequest, Error> {
        let NewAccount { name, email, role, tags } = new;
        let tags = sdk_tags(CREATE, tags)?;
        let send = || {
            let ask = self.client.create_account().account_name(name).email(email).role_name(role);
            ask.iam_user_access_to_billing(IamUserAccessToBilling::Allow).set_tags(tags.clone()).send()
        };
        let ticket = Ticket { operation: CREATE, access: Access::Write };
        let told = self.session.call(ticket, Entry::Held(&slot.0), send).await?;
        let told = Answer(CREATE).member("CreateAccountStatus", told.create_account_status)?;
        request(Answer(CREATE), &told)
    }
}

fn request(answer: Answer, told: &CreateAccountStatus) -> Result<CreateAccountRequest, Error> {
    let state = match answer.member("State", told.state())? {
        SdkState::InProgress => CreateAccountState::InProgress,
        SdkState::Succeeded => CreateAccountState::Succeeded(answer.id("AccountId", told.account_id())?),
        SdkState::Failed => {
            let reason = told.failure_reason().map_or("no reason given", |reason| reason.as_str());
            CreateAccountState::Failed(glidepath_model::text::printable(reason).into_owned())
        }
        other => return Err(answer.malformed(format!("the state `{}` is unknown", other.as_str()))),
    };
    Ok(CreateAccountRequest {
        id: answer.id("Id", told.id())?,
        account_name: answer.text("AccountName", told.account_name())?,
        state,
        requested: answer.time("RequestedTimestamp", told.requested_timestamp())?,
    })
}
