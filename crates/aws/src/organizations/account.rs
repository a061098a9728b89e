//! Accounts that are there.

use super::member::Answer;
use super::{PAGE, Reader, Writer};
use crate::effort::Entry;
use crate::error::Error;
use crate::lanes::Place;
use crate::pages::pages;
use crate::watch::Ticket;
use aws_sdk_organizations::types::{
    Account as SdkAccount, AccountJoinedMethod, AccountState as SdkState, AccountStatus, ChildType,
};
use glidepath_model::operations::{Access, OperationRow};
use glidepath_model::organization::{Account, AccountState};
use glidepath_model::{AccountId, NodeId};

/// Every account of the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountListing {
    /// Each with the place that its `Paths` member tells.
    Placed(Vec<Account>),
    /// AWS left `Paths` out: accounts must be listed parent by parent. Told after the first page without it.
    WithoutPaths,
}

impl Reader {
    /// Every account, suspended and closed ones included.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_accounts(&self) -> Result<AccountListing, Error> {
        const OPERATION: &str = "organizations:ListAccounts";
        let placed = |told: &SdkAccount| told.paths().iter().any(|path| !path.is_empty());
        let told = pages(OPERATION, |token| async move {
            let send = || self.client.list_accounts().max_results(PAGE).set_next_token(token.clone()).send();
            let page = self.session.read(OPERATION, send).await?;
            let told = page.accounts.unwrap_or_default();
            // One without a place settles it: the rest need not be read.
            let next = if told.iter().all(placed) { page.next_token } else { None };
            Ok((told, next))
        });
        let told = told.await?;
        if !told.iter().all(placed) {
            return Ok(AccountListing::WithoutPaths);
        }
        let answer = Answer(OPERATION);
        let accounts = told.iter().map(|told| account(answer, told, parent_in_paths(answer, told)?));
        accounts.collect::<Result<_, Error>>().map(AccountListing::Placed)
    }

    /// The accounts right below a root or unit.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_accounts_for_parent(&self, parent: &NodeId) -> Result<Vec<Account>, Error> {
        const OPERATION: &str = "organizations:ListAccountsForParent";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_accounts_for_parent().parent_id(parent.as_str());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.accounts.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| account(Answer(OPERATION), told, parent.clone())).collect()
    }

    /// One account; none when the organization has none of that id.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        const OPERATION: &str = "organizations:DescribeAccount";
        let answer = Answer(OPERATION);
        let told = match self
            .session
            .read(OPERATION, || self.client.describe_account().account_id(id.as_str()).send())
            .await
        {
            Ok(told) => answer.member("Account", told.account)?,
            Err(error) => return error.settled("AccountNotFoundException", None),
        };
        let parent = if told.paths().is_empty() {
            self.parent_of(&NodeId::Account(id.clone())).await?
        } else {
            parent_in_paths(answer, &told)?
        };
        account(answer, &told, parent).map(Some)
    }

    /// The root or unit that a unit or account hangs under.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn parent_of(&self, child: &NodeId) -> Result<NodeId, Error> {
        const OPERATION: &str = "organizations:ListParents";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_parents().child_id(child.as_str());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.parents.unwrap_or_default(), page.next_token))
        });
        let told = told.await?;
        let answer = Answer(OPERATION);
        let parent = answer.member("Parents", told.first())?;
        node(answer, parent.id())
    }

    /// The units or the accounts right below a root or unit, by id only.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_children(&self, parent: &NodeId, kind: ChildKind) -> Result<Vec<NodeId>, Error> {
        const OPERATION: &str = "organizations:ListChildren";
        let kind = match kind {
            ChildKind::Units => ChildType::OrganizationalUnit,
            ChildKind::Accounts => ChildType::Account,
        };
        let kind = &kind;
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_children().parent_id(parent.as_str()).child_type(kind.clone());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.children.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| node(Answer(OPERATION), told.id())).collect()
    }
}

/// What kind of children is listed; AWS lists one kind at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildKind {
    /// Units.
    Units,
    /// Accounts.
    Accounts,
}

/// One of the three places for accounts that are being closed. Hold it from before the request until the account is
/// closed.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
#[derive(Debug)]
pub struct ClosingSlot(Place);

const CLOSE: &str = "organizations:CloseAccount";

impl Writer {
    /// Moves an account from the parent it hangs under to another.
    ///
    /// # Errors
    /// Any [`Error`] of a write; `SourceParentNotFoundException` when it does not hang under `from`.
    pub async fn move_account(&self, id: &AccountId, from: &NodeId, to: &NodeId) -> Result<(), Error> {
        const OPERATION: &str = "organizations:MoveAccount";
        let send = || {
            let ask = self.client.move_account().account_id(id.as_str());
            ask.source_parent_id(from.as_str()).destination_parent_id(to.as_str()).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            // It is there already.
            Err(error) => error.settled("DuplicateAccountException", ()),
        }
    }

    /// Waits for a place to close an account in.
    ///
    /// # Errors
    /// [`Error::Setup`] when the operations table is broken.
    pub async fn closing_slot(&self) -> Result<ClosingSlot, Error> {
        let row = OperationRow::find(CLOSE).map_err(|_| Error::NotInTable { operation: CLOSE.to_owned() })?;
        self.session.core().lanes.enter(&row.lane).await.map(ClosingSlot)
    }

    /// Asks AWS to close a member account. It is done when its state is closed.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn close_account(&self, slot: &ClosingSlot, id: &AccountId) -> Result<(), Error> {
        let ticket = Ticket { operation: CLOSE, access: Access::Write };
        let send = || self.client.close_account().account_id(id.as_str()).send();
        match self.session.call(ticket, Entry::Held(&slot.0), send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("AccountAlreadyClosedException", ()),
        }
    }
}

pub(super) fn node(answer: Answer, id: Option<&str>) -> Result<NodeId, Error> {
    NodeId::parse(answer.member("Id", id)?).map_err(|error| answer.malformed(error.to_string()))
}

/// The last but one part of `o-…/r-…/ou-…/111122223333/`.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html>
fn parent_in_paths(answer: Answer, told: &SdkAccount) -> Result<NodeId, Error> {
    let path = answer.member("Paths", told.paths().first())?;
    let mut parts = path.trim_end_matches('/').rsplit('/');
    let (own, parent) = (parts.next(), parts.next());
    if own != told.id() {
        return Err(answer.malformed(format!("the path `{path}` does not end in the account's id")));
    }
    node(answer, parent)
}

fn account(answer: Answer, told: &SdkAccount, parent: NodeId) -> Result<Account, Error> {
    Ok(Account {
        id: answer.id("Id", told.id())?,
        arn: answer.text("Arn", told.arn())?,
        name: answer.text("Name", told.name())?,
        email: answer.text("Email", told.email())?,
        state: state(answer, told)?,
        parent,
        created: told.joined_method() == Some(&AccountJoinedMethod::Created),
        joined: told.joined_timestamp().map(|time| answer.time("JoinedTimestamp", Some(time))).transpose()?,
    })
}

/// `State`, or where AWS does not tell it yet the older and coarser `Status`.
fn state(answer: Answer, told: &SdkAccount) -> Result<AccountState, Error> {
    let unknown = |state: &str| answer.malformed(format!("the account state `{state}` is unknown"));
    match (told.state(), told.status()) {
        (Some(SdkState::PendingActivation), _) => Ok(AccountState::PendingActivation),
        (Some(SdkState::Active), _) | (None, Some(AccountStatus::Active)) => Ok(AccountState::Active),
        (Some(SdkState::Suspended), _) | (None, Some(AccountStatus::Suspended)) => {
            Ok(AccountState::Suspended)
        }
        (Some(SdkState::PendingClosure), _) | (None, Some(AccountStatus::PendingClosure)) => {
            Ok(AccountState::PendingClosure)
        }
        (Some(SdkState::Closed), _) => Ok(AccountState::Closed),
        (Some(other), _) => Err(unknown(other.as_str())),
        (None, Some(other)) => Err(unknown(other.as_str())),
        (None, None) => Err(answer.malformed("both `State` and `Status` are missing")),
    }
}
