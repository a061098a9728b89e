//! Accounts that are there: read with their places in the tree, moved, tagged, forgotten, closed.
//! Making a new one is in [`super::account_creation`].

use super::{Step, Task, account_creation};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::readiness::Stage;
use crate::regions;
use crate::tags::{self, Others};
use crate::work::{LAG, Outcome, Problem, Work, account_id};
use glidepath_aws::organizations::{AccountListing, CreationFilter};
use glidepath_model::ids::RootId;
use glidepath_model::organization::{Account, AccountState, CreateAccountRequest, Snapshot, Tags, Unit};
use glidepath_model::{AccountId, Address, NodeId, Target, UnitId};
use glidepath_plan::identity::Identity;
use glidepath_plan::kind::account::AccountSpec;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long closing is waited for. AWS says "a few minutes".
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_close.html>
const CLOSING: Duration = Duration::from_secs(15 * 60);

/// AWS's answers to a move of an account that hangs elsewhere, or is not known.
const ELSEWHERE: &str = "SourceParentNotFoundException";
const UNKNOWN: &str = "AccountNotFoundException";

/// Every account by one listing, or none yet where AWS does not tell their places: see [`read_by_parent`].
pub(crate) async fn read(look: &Look<'_>) -> Result<Option<AccountListing>, EngineError> {
    let named = |address: &Address| match address {
        Address::Account(_)
        | Address::DelegatedAdministrator { .. }
        | Address::StackSet(_)
        | Address::StackSetTargets(_)
        | Address::Stack { .. }
        | Address::AccountSettings(_)
        | Address::Key(_)
        | Address::PermissionSet(_)
        | Address::Assignments { .. }
        | Address::Assignment { .. }
        | Address::Attachment { target: Target::Account(_), .. } => true,
        Address::Organization
        | Address::RootAccess(_)
        | Address::PolicyType(_)
        | Address::Unit(_)
        | Address::TrustedAccess(_)
        | Address::ResourcePolicy
        | Address::Policy { .. }
        | Address::Group(_)
        | Address::User(_)
        | Address::Membership(_)
        | Address::AccessControlAttributes
        | Address::Attachment { .. } => false,
    };
    if !look.scope.wants(named) {
        return Ok(None);
    }
    look.begin(Subject::Accounts);
    let listing = look.reader.list_accounts().await;
    look.read(Unknown::Accounts, listing)
}

/// The accounts of a listing, each in its place; where AWS did not tell the places, parent by parent.
pub(crate) async fn placed(
    look: &Look<'_>,
    listing: Option<AccountListing>,
    root: &RootId,
    units: &BTreeMap<UnitId, Unit>,
) -> Result<BTreeMap<AccountId, Account>, EngineError> {
    let accounts = match listing {
        None => return Ok(BTreeMap::new()),
        Some(AccountListing::Placed(accounts)) => accounts,
        Some(AccountListing::WithoutPaths) => {
            let parents = units.keys().cloned().map(NodeId::Unit);
            let read =
                look.each(std::iter::once(NodeId::Root(root.clone())).chain(parents), |parent| async move {
                    let accounts = look.reader.list_accounts_for_parent(&parent).await;
                    look.read(Unknown::Accounts, accounts)
                });
            read.await?.into_iter().flatten().collect()
        }
    };
    look.end(Subject::Accounts, accounts.len());
    Ok(accounts.into_iter().map(|account| (account.id.clone(), account)).collect())
}

/// Creations in progress, if any account of the manifest is missing.
pub(crate) async fn read_requests(
    look: &Look<'_>,
    snapshot: &Snapshot,
) -> Result<Vec<CreateAccountRequest>, EngineError> {
    let named = |address: &Address| matches!(address, Address::Account(_));
    let identity = Identity::resolve(look.zone, snapshot);
    let missing = look.zone.accounts.keys().any(|name| identity.account_id(name).is_none());
    if !missing || !look.scope.wants(named) {
        return Ok(Vec::new());
    }
    look.begin(Subject::CreateRequests);
    let requests = look.reader.list_create_account_status(CreationFilter::InProgress).await;
    let requests = look.read(Unknown::CreateRequests, requests)?.unwrap_or_default();
    look.end(Subject::CreateRequests, requests.len());
    Ok(requests)
}

pub(crate) async fn perform(task: Task<'_, AccountSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    match step {
        Step::Create { after } => account_creation::create(work, address, after).await,
        Step::Update { physical, before, after } if after.closed && !before.closed => {
            close(work, address, &account_id(address, physical)?).await
        }
        Step::Update { physical, before, after } => {
            let id = account_id(address, physical)?;
            tags::converge(work, physical, &before.tags, &after.tags, Others::Keep).await?;
            let arrives = work.arrives(address);
            let mut outcome = Outcome::of(physical);
            if before.regions != after.regions || (arrives && !after.regions.is_empty()) {
                outcome = opted_in(work, address, &id, after, outcome).await?;
            }
            if before.unit != after.unit {
                let from = work.node(&Target::Unit(before.unit.clone()))?;
                move_from(work, &id, from, after).await?;
            }
            if arrives {
                arrived(work, address, &id).await?;
            }
            Ok(outcome)
        }
        Step::Adopt { physical, after, .. } => {
            let tags = tags::of_unclaimed(work, address, physical).await?;
            let id = account_id(address, physical)?;
            if after.closed {
                return close(work, address, &id).await;
            }
            settle_in(work, address, &id, (&tags, after)).await
        }
        Step::Forget { physical } => {
            tags::forget(work, physical).await?;
            Ok(Outcome::of(physical))
        }
        Step::Delete { .. } => Err(Problem::NotPossible {
            what: "deleting an account",
            instead: "an account is closed by `close: true` in the manifest",
        }),
    }
}

/// Tags an account that is there, has its Regions enabled and moves it where it belongs, wherever it is.
pub(super) async fn settle_in(
    work: &Work<'_>,
    address: &Address,
    id: &AccountId,
    (tags, after): (&Tags, &AccountSpec),
) -> Result<Outcome, Problem> {
    tags::converge(work, id.as_str(), tags, &after.tags, Others::Keep).await?;
    let outcome = opted_in(work, address, id, after, Outcome::of(id.to_string())).await?;
    let from = parent(work, id).await?;
    move_from(work, id, from, after).await?;
    if work.arrives(address) {
        arrived(work, address, id).await?;
    }
    Ok(outcome)
}

/// Has the Regions of an account enabled. One that comes to its unit for the first time waits for all of them: what the
/// unit deploys would fail where they are missing. One that is in use goes on, and AWS with the rest.
pub(super) async fn opted_in(
    work: &Work<'_>,
    address: &Address,
    id: &AccountId,
    after: &AccountSpec,
    outcome: Outcome,
) -> Result<Outcome, Problem> {
    let arrives = work.arrives(address);
    if arrives {
        work.reached(address, Stage::Created);
    }
    let open = if after.regions.is_empty() {
        BTreeSet::new()
    } else {
        regions::enable(work, address, id, &after.regions).await?
    };
    if open.is_empty() {
        if arrives {
            work.reached(address, Stage::RegionsEnabled);
        }
        return Ok(outcome);
    }
    let listed = regions::listed(&open);
    if arrives && !after.unit.is_root() {
        return Err(Problem::RegionsOpen { id: id.clone(), regions: listed, waited: regions::PATIENCE });
    }
    Ok(outcome.noting(&format!("AWS is still enabling {listed} in it")))
}

/// What is left for a new account once it is in its unit: that its role can be entered.
pub(super) async fn arrived(work: &Work<'_>, address: &Address, id: &AccountId) -> Result<(), Problem> {
    work.reached(address, Stage::Moved);
    work.learn(address, id.as_str());
    work.waiting(address, "the role that enters it to show");
    work.try_entering(id).await?;
    work.reached(address, Stage::Entered);
    Ok(())
}

/// The parent of an account, which may be so new that it does not show yet.
async fn parent(work: &Work<'_>, id: &AccountId) -> Result<NodeId, Problem> {
    let shown = work.until(LAG, || async {
        match work.reader.parent_of(&NodeId::Account(id.clone())).await {
            Ok(parent) => Ok(Some(parent)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    });
    shown.await?.ok_or_else(|| unsettled(id))
}

fn unsettled(id: &AccountId) -> Problem {
    Problem::Unsettled { what: format!("account {id} to show"), waited: LAG }
}

/// Moves an account to its unit; when it has left `from` meanwhile, from where it is.
pub(super) async fn move_from(
    work: &Work<'_>,
    id: &AccountId,
    from: NodeId,
    after: &AccountSpec,
) -> Result<(), Problem> {
    let to = work.node(&Target::Unit(after.unit.clone()))?;
    if from == to {
        return Ok(());
    }
    let moved = work.until(LAG, || async {
        match work.writer.move_account(id, &from, &to).await {
            Ok(()) => Ok(Some(())),
            Err(error) if error.code() == Some(ELSEWHERE) => {
                let from = parent(work, id).await?;
                let there = from == to;
                Ok(if there { Some(()) } else { work.writer.move_account(id, &from, &to).await.ok() })
            }
            // A new account may not be known everywhere yet.
            Err(error) if error.code() == Some(UNKNOWN) => Ok(None),
            Err(error) => Err(error.into()),
        }
    });
    moved.await?.ok_or_else(|| unsettled(id))
}

async fn close(work: &Work<'_>, address: &Address, id: &AccountId) -> Result<Outcome, Problem> {
    // Held until it is closed: AWS closes three at a time.
    let slot = work.writer.closing_slot().await?;
    work.writer.close_account(&slot, id).await?;
    work.waiting(address, "AWS to close the account");
    let closing = work.until(CLOSING, || async {
        let account = work.reader.describe_account(id).await?;
        let state = account.map(|account| account.state);
        let ended = !matches!(state, Some(AccountState::Active | AccountState::PendingClosure));
        Ok(ended.then_some(()))
    });
    let outcome = Outcome::of(id.to_string()).noting("it can be reopened for 90 days by AWS Support");
    // Nothing more can be done in it, and AWS goes on by itself.
    match closing.await? {
        Some(()) => Ok(outcome),
        None => Ok(outcome.noting("AWS is still closing it")),
    }
}
