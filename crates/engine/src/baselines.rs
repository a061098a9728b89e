//! New accounts in units that stack sets look after: AWS makes their stacks by itself, and the run looks on until they
//! are there, since an account without its baselines is not ready.
//!
//! AWS begins by itself once an account has arrived, and does not say how long it takes.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>

use crate::readiness::{Awaited, Stage, awaited};
use crate::receipt::Receipt;
use crate::stop::Stop;
use crate::work::Work;
use futures::stream::{self, StreamExt as _};
use glidepath_aws::cloudformation::Reader;
use glidepath_model::deployment::InstanceStatus;
use glidepath_model::{AccountId, Address};
use glidepath_plan::{LandingZone, Plan};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a run looks on. What is not there by then is told as AWS's to make.
const PATIENCE: Duration = Duration::from_secs(30 * 60);
/// How often it asks.
const PERIOD: Duration = Duration::from_secs(15);
/// How many accounts and stack sets are asked for at a time.
const WIDTH: usize = 10;

/// What became of what AWS makes by itself, each an account with the targets of a stack set.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Its stacks are there.
    pub there: BTreeSet<(Address, Address)>,
    /// At least one of them failed, and none is under way.
    pub failed: BTreeSet<(Address, Address)>,
}

/// How the stacks of one set in one account stand.
enum Stand {
    There,
    Failed,
    Open,
    Unknown,
}

/// Looks on until AWS has made what it makes by itself in the accounts that arrived.
pub(crate) async fn look_on(
    work: &Work<'_>,
    (zone, plan): (&LandingZone, &Plan),
    receipt: &Receipt,
    stop: &Stop,
) -> Brought {
    let mut brought = Brought::default();
    let mut open = awaited(zone, plan, receipt);
    let reader = match open.is_empty() {
        true => return brought,
        false => match work.cloudformation(&zone.home) {
            Ok((reader, _)) => reader,
            Err(_) => return brought,
        },
    };
    let begun = work.clock.now();
    loop {
        let asked = open.into_iter().map(|one| {
            let reader = &reader;
            async move {
                let stand = match work.account(&one.account) {
                    Ok(id) => stand(reader, &one, &id).await,
                    Err(_) => Stand::Unknown,
                };
                (one, stand)
            }
        });
        let answers: Vec<(Awaited, Stand)> = stream::iter(asked).buffer_unordered(WIDTH).collect().await;
        open = Vec::new();
        for (one, stand) in answers {
            match stand {
                Stand::There => drop(brought.there.insert(one.key())),
                Stand::Failed => drop(brought.failed.insert(one.key())),
                Stand::Open => open.push(one),
                // It cannot be asked: it is told as AWS's to make.
                Stand::Unknown => {}
            }
        }
        let answered: BTreeSet<&str> =
            brought.there.iter().filter_map(|(account, _)| name(account)).collect();
        for account in answered.into_iter().filter(|account| open.iter().all(|one| one.account != **account))
        {
            work.reached(&Address::Account(account.to_owned()), Stage::Baselines);
        }
        let over = work.clock.since(begun) + PERIOD > PATIENCE;
        let Some(first) = open.first().filter(|_| !over && !stop.is_asked()) else { return brought };
        let sets: BTreeSet<&str> = open.iter().map(|one| one.set.as_str()).collect();
        let what = match sets.len() {
            1 => "AWS to make the stacks of 1 stack set in it".to_owned(),
            more => format!("AWS to make the stacks of {more} stack sets"),
        };
        work.waiting(&Address::Account(first.account.clone()), &what);
        work.clock.sleep(PERIOD).await;
    }
}

fn name(account: &Address) -> Option<&str> {
    match account {
        Address::Account(name) => Some(name),
        _ => None,
    }
}

async fn stand(reader: &Reader, one: &Awaited, account: &AccountId) -> Stand {
    let Ok(found) = reader.list_stack_instances_of(&one.set, account).await else { return Stand::Unknown };
    let of = |region: &String| found.iter().find(|instance| instance.region == *region);
    let stands: Vec<Option<InstanceStatus>> =
        one.regions.iter().map(|region| of(region).map(|instance| instance.status)).collect();
    let is = |status: &Option<InstanceStatus>, wanted: InstanceStatus| *status == Some(wanted);
    let under_way = |status: &Option<InstanceStatus>| {
        status.is_none() || is(status, InstanceStatus::Pending) || is(status, InstanceStatus::Running)
    };
    if stands.iter().any(under_way) {
        Stand::Open
    } else if stands.iter().all(|status| is(status, InstanceStatus::Succeeded)) {
        Stand::There
    } else {
        Stand::Failed
    }
}
