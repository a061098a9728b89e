//! Making an account. AWS takes minutes, has no token that makes the request safe to repeat, and puts the
//! account into the root; only its e-mail address is unique.
//!
//! INVARIANT (no account twice): CreateAccount is sent only when no account has the e-mail address and no
//! running request has the name; a request whose answer was lost is looked for before anything else.
//! Two accounts with one e-mail address are ruled out by AWS itself.

use super::account::{arrived, move_from, opted_in, settle_in};
use crate::tags;
use crate::work::{Accounts, LAG, Outcome, Problem, Work};
use glidepath_aws::Error;
use glidepath_aws::organizations::{CreationFilter, NewAccount};
use glidepath_model::ids::CreateRequestId;
use glidepath_model::organization::{CreateAccountRequest, CreateAccountState};
use glidepath_model::text::printable;
use glidepath_model::{AccountId, Address, Target, Timestamp, UnitPath};
use glidepath_plan::kind::account::AccountSpec;
use std::time::Duration;

/// How long one creation is waited for. AWS says that it takes minutes, and hours in rare cases.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// How often a creation that failed for a reason that passes is asked for again.
const ATTEMPTS: u32 = 3;
/// How long is waited before.
const PAUSE: Duration = Duration::from_secs(30);
/// Failures that pass by themselves.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccountStatus.html>
const PASSING: [&str; 2] = ["CONCURRENT_ACCOUNT_MODIFICATION", "INTERNAL_FAILURE"];
const TAKEN: &str = "EMAIL_ALREADY_EXISTS";
/// Clocks differ; a request this much older than our call may still be ours.
const SKEW: Duration = Duration::from_secs(60);

/// What a request came to.
enum Made {
    /// The account exists and is ours by this request.
    New(AccountId),
    /// Somebody has the e-mail address already.
    Taken,
    /// AWS's reason, one that passes.
    NotYet(String),
}

/// Makes an account, or goes on where an earlier run was interrupted.
pub(super) async fn create(
    work: &Work<'_>,
    address: &Address,
    after: &AccountSpec,
) -> Result<Outcome, Problem> {
    let Address::Account(name) = address else { return Err(Problem::NoId(address.clone())) };
    // Held until the account is there: AWS makes five at a time.
    let slot = work.writer.account_slot().await?;
    let known = work.accounts().await?;
    if let Some(id) = with_email(&known, &after.email) {
        return adopt(work, address, &id, after).await;
    }
    if let Some(request) = latest(&known.running, name, Timestamp::MIN) {
        work.waiting(address, "AWS to create the account that an earlier run asked for");
        match settled(work, address, &request.id).await? {
            Made::New(id) => {
                drop(slot);
                same_email(work, &id, after).await?;
                let tags = tags::of(work, id.as_str()).await?.unwrap_or_default();
                let outcome = settle_in(work, address, &id, (&tags, after)).await?;
                return Ok(outcome.noting("an earlier run had asked for it"));
            }
            Made::Taken | Made::NotYet(_) => {}
        }
    }
    let role = after.access_role.as_deref().unwrap_or(&work.zone.access_role);
    let new = NewAccount { name, email: &after.email, role, tags: &after.tags };
    let mut reason = String::new();
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            work.clock.sleep(PAUSE).await;
        }
        let sent = work.clock.now();
        let request = match work.writer.create_account(&slot, new).await {
            Ok(request) => request,
            Err(Error::OutcomeUnknown { .. }) => match lost(work, name, sent).await? {
                Some(request) => request,
                // AWS never got it.
                None => continue,
            },
            Err(error) => return Err(error.into()),
        };
        work.waiting(address, "AWS to create the account");
        match settled(work, address, &request.id).await? {
            Made::New(id) => {
                // What is left to do takes none of AWS's five places.
                drop(slot);
                // Its tags were sent with the request, and it lands in the root.
                let root = work.node(&Target::Unit(UnitPath::root()))?;
                let outcome = Outcome::of(id.to_string());
                let outcome = opted_in(work, address, &id, after, outcome).await?;
                move_from(work, &id, root, after).await?;
                arrived(work, address, &id).await?;
                return Ok(outcome);
            }
            Made::Taken => {
                let found = work.until(LAG, || with_email_now(work, &after.email)).await?;
                let id = found.ok_or_else(|| Problem::NotCreated { reason: TAKEN.to_owned() })?;
                return adopt(work, address, &id, after).await;
            }
            Made::NotYet(why) => reason = why,
        }
    }
    Err(Problem::NotCreated { reason })
}

/// The account with this e-mail address.
fn with_email(known: &Accounts, email: &str) -> Option<AccountId> {
    let found = known.accounts.iter().find(|account| account.email.eq_ignore_ascii_case(email));
    found.map(|account| account.id.clone())
}

async fn with_email_now(work: &Work<'_>, email: &str) -> Result<Option<AccountId>, Problem> {
    work.forget_accounts().await;
    Ok(with_email(&*work.accounts().await?, email))
}

/// The request whose answer was lost, looked for as long as reads may lag.
async fn lost(work: &Work<'_>, name: &str, sent: Timestamp) -> Result<Option<CreateAccountRequest>, Problem> {
    let since = sent.checked_sub(SKEW).unwrap_or(Timestamp::MIN);
    let look = || async {
        let requests = work.reader.list_create_account_status(CreationFilter::All).await?;
        Ok(latest(&requests, name, since))
    };
    work.until(LAG, look).await
}

/// The latest request of this name.
fn latest(requests: &[CreateAccountRequest], name: &str, since: Timestamp) -> Option<CreateAccountRequest> {
    requests
        .iter()
        .filter(|request| request.account_name == name && request.requested >= since)
        .max_by_key(|request| request.requested)
        .cloned()
}

/// Waits until AWS has decided about a request.
async fn settled(work: &Work<'_>, address: &Address, id: &CreateRequestId) -> Result<Made, Problem> {
    let decided = work.until(PATIENCE, || async {
        let request = work.reader.describe_create_account_status(id).await;
        match request {
            Ok(request) => Ok(Some(request.state).filter(|state| *state != CreateAccountState::InProgress)),
            // It does not show yet.
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    });
    match decided.await? {
        Some(CreateAccountState::Succeeded(id)) => Ok(Made::New(id)),
        Some(CreateAccountState::Failed(reason)) if reason == TAKEN => Ok(Made::Taken),
        Some(CreateAccountState::Failed(reason)) if PASSING.contains(&reason.as_str()) => {
            Ok(Made::NotYet(reason))
        }
        Some(CreateAccountState::Failed(reason)) => Err(Problem::NotCreated { reason }),
        Some(CreateAccountState::InProgress) | None => {
            Err(Problem::Unsettled { what: format!("the creation of `{address}`"), waited: PATIENCE })
        }
    }
}

/// Whether the account that a request of ours or of somebody else made is the wanted one.
async fn same_email(work: &Work<'_>, id: &AccountId, after: &AccountSpec) -> Result<(), Problem> {
    let account = work.until(LAG, || async { Ok(work.reader.describe_account(id).await?) }).await?;
    match account {
        Some(account) if !account.email.eq_ignore_ascii_case(&after.email) => Err(Problem::OtherEmail {
            id: id.clone(),
            found: printable(&account.email).into_owned(),
            wanted: after.email.clone(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Goes on with an account that has appeared: it must carry our mark, or come from a request of this
/// name, which would have been joined a moment ago.
async fn adopt(
    work: &Work<'_>,
    address: &Address,
    id: &AccountId,
    after: &AccountSpec,
) -> Result<Outcome, Problem> {
    let Address::Account(name) = address else { return Err(Problem::NoId(address.clone())) };
    let requests = work.reader.list_create_account_status(CreationFilter::All).await?;
    let asked_for = requests.iter().any(|request| {
        request.account_name == *name && request.state == CreateAccountState::Succeeded(id.clone())
    });
    let tags = if asked_for {
        tags::of(work, id.as_str()).await?.unwrap_or_default()
    } else {
        tags::of_ours(work, address, id.as_str()).await?
    };
    let outcome = settle_in(work, address, id, (&tags, after)).await?;
    Ok(outcome.noting("it was there already"))
}
