//! An account: what it is, where it hangs, and moving it.

use super::super::{Context, EpochSeconds, ServiceError};
use super::organization::{Done, Organization};
use super::page::{Items, LOOK_AHEAD, Wanted, page};
use super::placement::{Placement, placed};
use super::refusal::{account_not_found, parent_not_found};
use super::{access, tree};
use crate::world::{Dumped, Entity, World};
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The state of an account. AWS knows two more, `PENDING_ACTIVATION` and `SUSPENDED`: sign-ups that are not finished
/// and restrictions by AWS, which nothing here causes.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    Active,
    PendingClosure,
    Closed,
}

impl State {
    pub(super) fn api_name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::Closed => "CLOSED",
        }
    }

    /// The older member, which knows a closed account as suspended.
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::Closed => "SUSPENDED",
        }
    }
}

/// How an account came into the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Joined {
    Created,
    Invited,
}

impl Joined {
    pub(super) fn api_name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Invited => "INVITED",
        }
    }
}

/// An account, in the organization or no longer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) id: AccountId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) state: State,
    /// The root or unit it hangs under; none when it is in no organization.
    pub(super) parent: Option<String>,
    pub(super) joined: Timestamp,
    pub(super) joined_method: Joined,
    /// When its closing was asked for.
    pub(super) closed: Option<Timestamp>,
}

impl Entity for Account {
    const TABLE: &'static str = "organizations.account";
    const DUMPED: Dumped = Dumped::Without(&["joined", "closed"]);

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        let mut index = vec![("email", self.email.to_lowercase())];
        index.extend(self.parent.iter().map(|parent| ("parent", parent.clone())));
        if self.state != State::Active {
            index.push(("closing", self.state.api_name().to_owned()));
        }
        index
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.to_string(), format!("account/{}", self.email.to_lowercase())))
    }
}

/// The account of an id, when it is in the organization.
pub(super) fn member(world: &World, id: &str) -> Result<Arc<Account>, ServiceError> {
    world.get::<Account>(id).filter(|account| account.parent.is_some()).ok_or_else(account_not_found)
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shape {
    id: String,
    arn: String,
    email: String,
    name: String,
    status: &'static str,
    state: &'static str,
    paths: Vec<String>,
    joined_method: &'static str,
    joined_timestamp: EpochSeconds,
}

impl Shape {
    pub(super) fn of(world: &World, organization: &Organization, account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            arn: tree::account_arn(organization, account.id.as_str()),
            email: account.email.clone(),
            name: account.name.clone(),
            status: account.state.status(),
            state: account.state.api_name(),
            paths: vec![tree::path(world, organization, account.id.as_str())],
            joined_method: account.joined_method.api_name(),
            joined_timestamp: EpochSeconds(account.joined),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeAccount {
    account_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccountAnswer {
    account: Shape,
}

pub(super) fn describe_account(
    context: &mut Context<'_>,
    request: DescribeAccount,
) -> Result<AccountAnswer, ServiceError> {
    let organization = access::reader(context, "DescribeAccount")?;
    let account = member(context.world, &request.account_id)?;
    Ok(AccountAnswer { account: Shape::of(context.world, &organization, &account) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListAccounts {
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Accounts {
    accounts: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_accounts(
    context: &mut Context<'_>,
    request: ListAccounts,
) -> Result<Accounts, ServiceError> {
    let organization = access::reader(context, "ListAccounts")?;
    let wanted = Wanted {
        listing: "ListAccounts".to_owned(),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| {
        let found: Vec<_> = world
            .after::<Account>(after.as_deref())
            .filter(|account| account.parent.is_some())
            .take(LOOK_AHEAD)
            .collect();
        keyed(found)
    })?;
    let page = page.map(|account| Shape::of(context.world, &organization, &account));
    Ok(Accounts { accounts: page.items, next_token: page.next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListAccountsForParent {
    parent_id: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

pub(super) fn list_accounts_for_parent(
    context: &mut Context<'_>,
    request: ListAccountsForParent,
) -> Result<Accounts, ServiceError> {
    let organization = access::reader(context, "ListAccountsForParent")?;
    if !tree::is_parent(context.world, &request.parent_id) {
        return Err(parent_not_found());
    }
    let wanted = Wanted {
        listing: format!("ListAccountsForParent/{}", request.parent_id),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| {
        keyed(
            world
                .by_after::<Account>("parent", &request.parent_id, after.as_deref())
                .take(LOOK_AHEAD)
                .collect(),
        )
    })?;
    let page = page.map(|account| Shape::of(context.world, &organization, &account));
    Ok(Accounts { accounts: page.items, next_token: page.next })
}

fn keyed<'a>(accounts: Vec<Arc<Account>>) -> Items<'a, Arc<Account>> {
    Box::new(accounts.into_iter().map(|account| (account.key(), account)))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MoveAccount {
    account_id: String,
    source_parent_id: String,
    destination_parent_id: String,
}

pub(super) fn move_account(context: &mut Context<'_>, request: MoveAccount) -> Result<Done, ServiceError> {
    access::management(context)?;
    let account = member(context.world, &request.account_id)?;
    if account.parent.as_deref() != Some(request.source_parent_id.as_str()) {
        return Err(ServiceError::new(
            "SourceParentNotFoundException",
            "You specified a source parent that doesn't exist or doesn't contain the account.",
        ));
    }
    if !tree::is_parent(context.world, &request.destination_parent_id) {
        return Err(ServiceError::new(
            "DestinationParentNotFoundException",
            "You specified a destination parent that doesn't exist.",
        ));
    }
    if request.source_parent_id == request.destination_parent_id {
        return Err(ServiceError::new(
            "DuplicateAccountException",
            "The account is already in the destination parent.",
        ));
    }
    let mut moved = Account::clone(&account);
    moved.parent = Some(request.destination_parent_id.clone());
    context.world.put(moved);
    let placement = Placement {
        account: &request.account_id,
        from: Some(&request.source_parent_id),
        to: Some(&request.destination_parent_id),
    };
    placed(context.world, context.now, &placement);
    Ok(Done {})
}
