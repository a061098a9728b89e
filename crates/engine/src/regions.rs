//! The Regions that accounts have to enable before anything can be done there: read where the landing zone has any,
//! and enabled, which AWS takes minutes for, sometimes hours.
//!
//! INVARIANT (never disabled): nothing here takes a Region away.

use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::{Look, is_fatal};
use crate::work::{LAG, Problem, Work};
use glidepath_aws::Error;
use glidepath_aws::regions_of_account::Reader;
use glidepath_model::organization::Snapshot;
use glidepath_model::regions::OptInStatus;
use glidepath_model::{AccountId, Address};
use glidepath_plan::identity::Identity;
use glidepath_plan::kind::account::ACCOUNT_MANAGEMENT;
use glidepath_plan::{Desired, Spec};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long the Regions of one account are waited for. AWS names no bound: "a few minutes" for most accounts, several
/// hours for some; what is left then goes on in AWS, and the next run with it.
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
pub(crate) const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// How often AWS is asked how far it is: every account under way asks by itself, five times a second together.
const PERIOD: Duration = Duration::from_secs(20);
/// Regions of one account that AWS enables at a time.
/// <https://docs.aws.amazon.com/accounts/latest/reference/quotas.html>
const AT_A_TIME: usize = 6;

/// The opt-in Regions by account.
type OptIns = BTreeMap<AccountId, BTreeMap<String, OptInStatus>>;

/// The Regions of every account that is to have some: a call for each, and none where the landing zone has no opt-in
/// Region.
pub(crate) async fn read(look: &Look<'_>, snapshot: &Snapshot) -> Result<OptIns, EngineError> {
    let identity = Identity::resolve(look.zone, snapshot);
    let management = &look.zone.management_id;
    let wanted: Vec<AccountId> = look
        .zone
        .desired
        .iter()
        .filter(|(address, _)| look.scope.holds(address))
        .filter_map(|(address, desired)| match (address, desired) {
            (Address::Account(name), Desired::Present(Spec::Account(spec))) if !spec.regions.is_empty() => {
                identity.account_id(name)
            }
            _ => None,
        })
        .filter(|id| {
            let usable = snapshot.accounts.get(*id).is_some_and(|account| account.state.is_usable());
            usable || *id == management
        })
        .cloned()
        .collect();
    if wanted.is_empty() {
        return Ok(OptIns::new());
    }
    look.begin(Subject::Regions);
    // A look at single addresses does not ask for trusted access; what was just changed has it.
    let reachable = !look.scope.is_whole() || snapshot.trusted_access.contains(ACCOUNT_MANAGEMENT);
    let reader = &Reader::new(look.session, management);
    let answers = look.each(wanted, |id| async move {
        let told = if reachable || id == *management { reader.list(&id).await } else { Ok(BTreeMap::new()) };
        Ok(Some((id, told)))
    });
    let mut found = OptIns::new();
    let mut missed: Option<(BTreeSet<AccountId>, Error)> = None;
    for (id, told) in answers.await? {
        match told {
            Ok(regions) => {
                found.insert(id, regions);
            }
            Err(source) if is_fatal(&source) => {
                return Err(EngineError::Aws { doing: "read which Regions accounts have", source });
            }
            Err(error) => {
                let (accounts, _) = missed.get_or_insert_with(|| (BTreeSet::new(), error));
                accounts.insert(id);
            }
        }
    }
    if let Some((accounts, error)) = missed {
        look.missed(Unknown::RegionsOf(accounts), error);
    }
    look.end(Subject::Regions, found.len());
    Ok(found)
}

/// Enables the Regions that an account shall have, and waits. Gives those that AWS has not enabled within what is
/// waited for.
pub(crate) async fn enable(
    work: &Work<'_>,
    address: &Address,
    id: &AccountId,
    wanted: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Problem> {
    let begun = work.clock.now();
    let (reader, writer) = work.regions()?;
    let mut told = shown(work, &reader, id).await?;
    let mut open: Vec<&String> = wanted.iter().filter(|region| !is_enabled(&told, region)).collect();
    // What an earlier run asked for is waited for with the first.
    open.sort_by_key(|region| told.get(*region) != Some(&OptInStatus::Enabling));
    for batch in open.chunks(AT_A_TIME) {
        let number = u32::try_from(batch.len()).unwrap_or(u32::MAX);
        let slots = writer.slots(number).await?;
        for region in batch {
            if !told.get(*region).is_some_and(|status| status.is_asked_for()) {
                writer.enable(&slots, id, region).await?;
            }
        }
        loop {
            let left = batch.iter().filter(|region| !is_enabled(&told, region)).count();
            if left == 0 || work.clock.since(begun) > PATIENCE {
                break;
            }
            let done = wanted.iter().filter(|region| is_enabled(&told, region)).count();
            work.waiting(address, &format!("AWS to enable Regions: {done} of {}", wanted.len()));
            work.clock.sleep(PERIOD).await;
            told = reader.list(id).await?;
        }
    }
    Ok(wanted.iter().filter(|region| !is_enabled(&told, region)).cloned().collect())
}

fn is_enabled(told: &BTreeMap<String, OptInStatus>, region: &str) -> bool {
    told.get(region) == Some(&OptInStatus::Enabled)
}

/// The Regions of an account; account management may not know a new account, or its own trusted access, at once.
async fn shown(
    work: &Work<'_>,
    reader: &Reader,
    id: &AccountId,
) -> Result<BTreeMap<String, OptInStatus>, Problem> {
    let refusal = tokio::sync::Mutex::new(None);
    let look = || async {
        match reader.list(id).await {
            Ok(told) => Ok(Some(told)),
            Err(error) if error.is_denied() => {
                *refusal.lock().await = Some(error);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    };
    let found = work.until(LAG, look).await?;
    let unsettled = || Problem::Unsettled { what: format!("account management to know {id}"), waited: LAG };
    found.ok_or_else(|| refusal.into_inner().map_or_else(unsettled, Problem::from))
}

/// `eu-south-1, af-south-1`, for people.
pub(crate) fn listed(regions: &BTreeSet<String>) -> String {
    regions.iter().map(|region| format!("`{region}`")).collect::<Vec<_>>().join(", ")
}
