//! Keys of AWS KMS: read in the accounts and Regions that the manifest names for keys and nowhere else, changed by the
//! role that enters their account, retired and forgotten. Making them is in [`super::key_creation`], bringing them to
//! what is wanted in [`super::key_convergence`].
//!
//! Which keys there are is told by the tagging API, and by the alias where it does not know one: what they are is told
//! by AWS KMS alone.

use super::{Step, Task, key_convergence, key_creation};
use crate::enter::enter;
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::work::{Outcome, Problem, Work};
use glidepath_aws::{Error, Session, kms, tagging};
use glidepath_model::key::{Key, KeyRecord, Regionality};
use glidepath_model::organization::{AccountState, Snapshot};
use glidepath_model::{AccountId, Address};
use glidepath_plan::deployment::ParameterValue;
use glidepath_plan::identity::Identity;
use glidepath_plan::kind::key::{KeySpec, KeyStanding, RETIREMENT_DAYS, alias_of};
use glidepath_plan::ownership::{ADDRESS, MANAGED_BY, Ownership, address_value};
use glidepath_plan::{Desired, Spec};
use std::collections::{BTreeMap, BTreeSet};

/// What the tagging API calls keys.
const TYPE: &str = "kms:key";

/// The keys that the manifest wants in one account and Region, by name.
struct Place<'a> {
    account: AccountId,
    session: Session,
    region: &'a str,
    names: BTreeSet<&'a str>,
}

impl Place<'_> {
    /// What is unknown when nothing could be read here.
    fn unknown(&self) -> Unknown {
        Unknown::Keys(self.names.iter().map(|name| (*name).to_owned()).collect())
    }
}

/// Every key that may be one of the manifest's.
pub(crate) async fn read(look: &Look<'_>, snapshot: &Snapshot) -> Result<Vec<KeyRecord>, EngineError> {
    let wanted = wanted(look);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    look.begin(Subject::Keys);
    let identity = Identity::resolve(look.zone, snapshot);
    let entered = look.each(wanted, |(account, regions)| {
        let id = identity.account_id(account).cloned();
        async move {
            // One that is still to be made has no keys, and of one that is closed none is looked after.
            let Some(id) = id.filter(|id| is_open(snapshot, id)) else { return Ok(None) };
            let names = regions.values().flatten().map(|name| (*name).to_owned()).collect();
            let session = enter(look.aws, look.zone, account, &id).await;
            let session = look.read(Unknown::Keys(names), session)?;
            let place = |session: &Session, region, names| Place {
                account: id.clone(),
                session: session.clone(),
                region,
                names,
            };
            let places = |session: Session| {
                let each = regions.into_iter().map(|(region, names)| place(&session, region, names));
                each.collect::<Vec<_>>()
            };
            Ok(session.map(places))
        }
    });
    let places: Vec<Place<'_>> = entered.await?.into_iter().flatten().collect();
    let found = look.each(&places, |place| async move { read_place(look, place).await.map(Some) });
    let found: BTreeSet<KeyRecord> = found.await?.into_iter().flatten().collect();
    look.end(Subject::Keys, found.len());
    Ok(found.into_iter().collect())
}

/// The keys that something looked at names by their ARNs.
fn named<'a>(look: &Look<'a>) -> BTreeSet<&'a str> {
    let spoken_for = look.zone.desired.iter().filter(|(address, _)| look.scope.holds(address));
    let parameters = spoken_for.filter_map(|(_, desired)| match desired {
        Desired::Present(Spec::StackSet(set)) => Some(&set.parameters),
        Desired::Present(Spec::Stack(stack)) => Some(&stack.parameters),
        Desired::Present(_) | Desired::Absent => None,
    });
    let places = parameters.flat_map(BTreeMap::values).filter_map(|value| match value {
        ParameterValue::KeyArn(place) => Some(place.key.as_str()),
        ParameterValue::Text(_) | ParameterValue::AccountId(_) | ParameterValue::TargetId(_) => None,
    });
    places.collect()
}

/// The names of the keys wanted, by account and Region.
fn wanted<'a>(look: &Look<'a>) -> BTreeMap<&'a str, BTreeMap<&'a str, BTreeSet<&'a str>>> {
    let mut wanted: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    let named = named(look);
    for (address, desired) in &look.zone.desired {
        if let (Address::Key(name), Desired::Present(Spec::Key(key))) = (address, desired)
            && (look.scope.holds(address) || named.contains(name.as_str()))
        {
            for region in &key.regions {
                let in_account = wanted.entry(key.account.as_str()).or_default();
                in_account.entry(region.as_str()).or_default().insert(name);
            }
        }
    }
    wanted
}

fn is_open(snapshot: &Snapshot, id: &AccountId) -> bool {
    snapshot.accounts.get(id).is_some_and(|account| account.state == AccountState::Active)
}

async fn read_place(look: &Look<'_>, place: &Place<'_>) -> Result<Vec<KeyRecord>, EngineError> {
    let tagging = tagging::Reader::in_region(&place.session, place.region);
    let Some(tagged) = look.read(place.unknown(), tagging.tagged(TYPE, MANAGED_BY).await)? else {
        return Ok(Vec::new());
    };
    let reader = kms::Reader::new(&place.session, place.region);
    let addresses: BTreeMap<&str, String> =
        place.names.iter().map(|name| (*name, address_value(&Address::Key((*name).to_owned())))).collect();
    let mut ids: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (arn, tags) in &tagged {
        let id = arn.rsplit('/').next().unwrap_or_default().to_owned();
        let named = addresses.iter().filter(|(_, address)| tags.get(ADDRESS) == Some(*address));
        ids.entry(id).or_default().extend(named.map(|(name, _)| *name));
    }
    let missing = place.names.iter().filter(|name| !ids.values().any(|named| named.contains(*name)));
    let by_alias = look.each(missing, |name| {
        let reader = &reader;
        async move {
            let found = reader.describe_key(&alias_of(name)).await;
            let unknown = Unknown::Keys(BTreeSet::from([(*name).to_owned()]));
            Ok(look.read(unknown, found)?.flatten().map(|key| (key.id, *name)))
        }
    });
    for (id, name) in by_alias.await? {
        ids.entry(id).or_default().insert(name);
    }
    let records = look.each(ids, |(id, named)| {
        let reader = &reader;
        async move {
            let unknown = match named.is_empty() {
                true => place.unknown(),
                false => Unknown::Keys(named.into_iter().map(str::to_owned).collect()),
            };
            Ok(look.read(unknown, record(reader, &place.account, &id).await)?.flatten())
        }
    });
    records.await
}

/// A key with all that hangs on it; none when it is gone.
async fn record(reader: &kms::Reader, account: &AccountId, id: &str) -> Result<Option<KeyRecord>, Error> {
    let Some(key) = reader.describe_key(id).await?.filter(|key| key.account == *account) else {
        return Ok(None);
    };
    let replica = matches!(key.regionality, Regionality::Replica { .. });
    let rotation = async { if replica { Ok(None) } else { reader.rotation(id).await } };
    let read =
        futures::try_join!(reader.key_policy(id), reader.list_aliases(id), rotation, reader.list_tags(id));
    match read {
        Ok((policy, aliases, rotation, tags)) => Ok(Some(KeyRecord { key, policy, aliases, rotation, tags })),
        // It went while it was looked at.
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// One key in AWS, and the ways to read and change it.
pub(super) struct Site {
    pub(super) account: AccountId,
    pub(super) id: String,
    /// The Region of its primary key.
    pub(super) region: String,
}

impl Site {
    /// The site of a key's ARN.
    fn of(address: &Address, arn: &str) -> Result<Self, Problem> {
        let bad =
            || Problem::BadValue { address: address.clone(), cause: "it is not the ARN of a key".to_owned() };
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, "kms", region, account, resource] = parts.as_slice() else { return Err(bad()) };
        let account = AccountId::parse(account).map_err(|_| bad())?;
        let id = resource.strip_prefix("key/").ok_or_else(bad)?;
        Ok(Self { account, id: id.to_owned(), region: (*region).to_owned() })
    }
}

pub(crate) async fn perform(task: Task<'_, KeySpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    match step {
        Step::Create { after } => key_creation::create(work, address, after).await,
        Step::Update { physical, after, .. } if after.standing == KeyStanding::Retiring => {
            retire(work, address, &Site::of(address, physical)?, after).await?;
            Ok(Outcome::of(physical))
        }
        Step::Update { physical, before, after } => {
            let site = Site::of(address, physical)?;
            key_convergence::converge(work, address, &site, after).await?;
            let left = before.regions.iter().filter(|region| !after.regions.contains(region));
            for region in left {
                forget_in(work, &site, region).await?;
            }
            Ok(Outcome::of(physical))
        }
        Step::Adopt { physical, after, .. } => {
            let site = Site::of(address, physical)?;
            let (reader, _) = work.keys(&site.account, &site.region).await?;
            let tags = reader.list_tags(&site.id).await?;
            if let Ownership::OtherOrganization(_) = Ownership::of(Some(&tags), &work.zone.organization) {
                return Err(Problem::Appeared { address: address.clone(), id: physical.to_owned() });
            }
            key_convergence::converge(work, address, &site, after).await?;
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => {
            forget(work, &Site::of(address, physical)?).await?;
            Ok(Outcome::of(physical))
        }
        Step::Delete { .. } => Err(Problem::NotPossible {
            what: "deleting a key",
            instead: "a key is retired by `retire: {after: 30d}` in the manifest",
        }),
    }
}

/// Takes our mark off a key and its replicas.
async fn forget(work: &Work<'_>, site: &Site) -> Result<(), Problem> {
    let (reader, _) = work.keys(&site.account, &site.region).await?;
    let others = match reader.describe_key(&site.id).await? {
        Some(Key { regionality: Regionality::Primary { replicas }, .. }) => replicas,
        Some(_) => BTreeSet::new(),
        None => return Ok(()),
    };
    for region in others.iter().chain([&site.region]) {
        forget_in(work, site, region).await?;
    }
    Ok(())
}

async fn forget_in(work: &Work<'_>, site: &Site, region: &str) -> Result<(), Problem> {
    let (reader, writer) = work.keys(&site.account, region).await?;
    let tags = match reader.list_tags(&site.id).await {
        Err(error) if error.is_not_found() => return Ok(()),
        tags => tags?,
    };
    // INVARIANT (the mark decides): another's mark is not taken off.
    if Ownership::of(Some(&tags), &work.zone.organization) == Ownership::Ours {
        writer.untag(&site.id, &[MANAGED_BY.to_owned(), ADDRESS.to_owned()]).await?;
    }
    Ok(())
}

/// Has a key deleted: its replicas first, since the primary key waits for them.
async fn retire(work: &Work<'_>, address: &Address, site: &Site, after: &KeySpec) -> Result<(), Problem> {
    for region in after.regions.iter().rev() {
        let (reader, writer) = work.keys(&site.account, region).await?;
        let Some(key) = reader.describe_key(&site.id).await? else { continue };
        if key.state.is_going() {
            continue;
        }
        // INVARIANT (the mark decides): what does not carry our mark is not deleted.
        let tags = reader.list_tags(&site.id).await?;
        if Ownership::of(Some(&tags), &work.zone.organization) != Ownership::Ours {
            return Err(Problem::MarkGone { address: address.clone(), id: key.arn });
        }
        match writer.schedule_deletion(&site.id, RETIREMENT_DAYS).await {
            Ok(()) => {}
            // A request whose answer was lost had its effect.
            Err(error) => match reader.describe_key(&site.id).await? {
                Some(key) if key.state.is_going() => {}
                Some(_) | None => return Err(error.into()),
            },
        }
    }
    Ok(())
}
