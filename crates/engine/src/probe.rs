//! What is there already of what an account has once in a Region, where stacks that make it are about to come, and
//! nowhere else: one session for each such account, and a call or two for each kind there.

use crate::enter::enter;
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::{Look, is_fatal};
use glidepath_aws::{Error, Session, singleton};
use glidepath_model::organization::Snapshot;
use glidepath_model::regions;
use glidepath_model::singleton::{Existing, Singleton};
use glidepath_model::{AccountId, Address, Target};
use glidepath_plan::deployment::Member;
use glidepath_plan::singleton::{Spot, expected};
use glidepath_plan::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// What was found, by account and Region.
type Found = BTreeMap<Spot, BTreeMap<Singleton, Option<Existing>>>;

/// What is looked for in an account and Region, and for whose sake.
#[derive(Debug, Clone, Default)]
struct Wanted {
    singletons: BTreeSet<Singleton>,
    addresses: BTreeSet<Address>,
}

/// Looks for everything that a stack to come would make once more.
pub(crate) async fn read(look: &Look<'_>, snapshot: &Snapshot) -> Result<Found, EngineError> {
    let world = &World::new(look.zone, snapshot);
    let mut accounts: BTreeMap<AccountId, BTreeMap<String, Wanted>> = BTreeMap::new();
    for (address, (spots, singletons)) in expected(world) {
        if !look.scope.holds(&address) {
            continue;
        }
        for (account, region) in spots {
            let wanted = accounts.entry(account).or_default().entry(region).or_default();
            wanted.singletons.extend(singletons.iter().copied());
            wanted.addresses.insert(address.clone());
        }
    }
    if accounts.is_empty() {
        return Ok(BTreeMap::new());
    }
    look.begin(Subject::Singletons);
    let entered = look.each(accounts, |(account, regions)| async move {
        let name = world.identity.account_name(&account).unwrap_or_default();
        let session = enter(look.aws, look.zone, name, &account).await;
        let each = regions
            .into_iter()
            .map(move |(region, wanted)| ((account.clone(), region), wanted, session.clone()));
        Ok(Some(each.collect::<Vec<_>>()))
    });
    let spots: Vec<(Spot, Wanted, Result<Session, Error>)> = entered.await?.into_iter().flatten().collect();
    let read = look.each(spots, |(spot, wanted, session)| async move {
        let told = match session {
            Ok(session) => in_one(&session, &spot.1, &wanted.singletons).await,
            Err(error) => Err(error),
        };
        Ok(Some((spot, wanted, told)))
    });
    let mut found = Found::new();
    let mut failed: BTreeMap<(Address, String), (BTreeSet<Member>, Error)> = BTreeMap::new();
    for (spot, wanted, told) in read.await? {
        let error = match told {
            Ok(there) => {
                found.insert(spot, there);
                continue;
            }
            // An account that has not enabled the Region has nothing in it.
            Err(Error::CredentialsRejected { .. }) if regions::is_opt_in(&spot.1) => continue,
            Err(error) => error,
        };
        let name = world.identity.account_name(&spot.0).unwrap_or_default();
        let member = Member { target: Target::Account(name.to_owned()), region: spot.1 };
        for address in wanted.addresses {
            let operation = error.operation().unwrap_or_default().to_owned();
            let (members, _) =
                failed.entry((address, operation)).or_insert_with(|| (BTreeSet::new(), error.clone()));
            members.insert(member.clone());
        }
    }
    for ((address, _), (members, error)) in failed {
        // Credentials that one account rejects may be good in all others.
        if is_fatal(&error) && !matches!(error, Error::CredentialsRejected { .. }) {
            return Err(EngineError::Aws {
                doing: "look for what accounts have once in a Region",
                source: error,
            });
        }
        look.missed(Unknown::Singletons { address, members }, error);
    }
    look.end(Subject::Singletons, found.values().map(|all| all.values().flatten().count()).sum());
    Ok(found)
}

async fn in_one(
    session: &Session,
    region: &str,
    singletons: &BTreeSet<Singleton>,
) -> Result<BTreeMap<Singleton, Option<Existing>>, Error> {
    let reader = &singleton::Reader::new(session, region);
    let each = singletons.iter().map(|one| async move { Ok((*one, reader.find(*one).await?)) });
    futures::future::try_join_all(each).await.map(|all: Vec<_>| all.into_iter().collect())
}
