//! A key of AWS KMS, in all its Regions. It is found by its tags, or by its alias where somebody took these off; it is
//! never deleted because it left the manifest, and its policy is compared by what it says.
//!
//! Related multi-Region keys are one thing here. Where they differ among themselves, what differs from the manifest is
//! shown, so that nothing wrong is hidden behind what is right.

use crate::key_policy::{Administrator, KeyAccess, KeyPolicy, KnownIds, Owner, Reader, says_the_same};
use crate::ownership::{ADDRESS, Ownership, address_value, marked, settable};
use crate::plan::{Notice, Refusal};
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::{Key, KeyAdmin, KeyReader};
use glidepath_model::key::{KeyRecord, KeyState, Regionality};
use glidepath_model::regions::region;
use glidepath_model::text::printable;
use glidepath_model::{Address, Tags};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeySpec {
    /// The account that owns it, by its name in the manifest.
    pub account: String,
    /// Where it is: the Region of the primary key, then the others in order.
    pub regions: Vec<String>,
    /// Whether it can be in more than one Region, which is for good.
    pub extent: KeyExtent,
    /// Its alias in each Region; none where it lacks it in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// What it is for.
    pub description: String,
    /// Its policy.
    pub document: KeyPolicy,
    /// Days between two rotations; none where it is not rotated by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<u32>,
    /// Its tags, the mark included.
    pub tags: Tags,
    /// How it stands.
    pub standing: KeyStanding,
}

/// Whether a key can be in more than one Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyExtent {
    /// It stays in one.
    SingleRegion,
    /// It can have replicas.
    MultiRegion,
}

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyStanding {
    /// It can be used.
    Enabled,
    /// It cannot be used.
    Disabled,
    /// It waits to be deleted.
    Retiring,
}

/// Days between retiring a key and its deletion: the longest that AWS waits, and the only that the manifest takes.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html>
pub const RETIREMENT_DAYS: u32 = 30;

/// Every key of the manifest.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let each = manifest.keys.iter().map(|(name, key)| {
        let address = Address::Key(name.clone());
        let tags = marked(&key.tags, &manifest.organization.name.value, &address);
        let regions = in_order(key.regions.iter().map(|region| region.value.clone()).collect());
        let spec = KeySpec {
            account: key.account.value.clone(),
            extent: if regions.len() > 1 { KeyExtent::MultiRegion } else { KeyExtent::SingleRegion },
            alias: Some(alias_of(name)),
            description: key.description.clone(),
            document: KeyPolicy::AfterApply(Box::new(access(manifest, key, regions.clone()))),
            rotation: Some(key.rotation),
            tags,
            standing: if key.retire.is_some() { KeyStanding::Retiring } else { KeyStanding::Enabled },
            regions,
        };
        (address, Desired::Present(Spec::Key(spec)))
    });
    each.collect()
}

/// The alias of a key of this name.
#[must_use]
pub fn alias_of(name: &str) -> String {
    format!("alias/{name}")
}

/// The first, then the others in order, each once.
fn in_order(regions: Vec<String>) -> Vec<String> {
    let mut all = regions.into_iter();
    let first = all.next();
    let others: BTreeSet<String> = all.filter(|region| Some(region) != first.as_ref()).collect();
    first.into_iter().chain(others).collect()
}

fn access(manifest: &Manifest, key: &Key, regions: Vec<String>) -> KeyAccess {
    let mut admins: Vec<Administrator> =
        key.admins.iter().flat_map(|admin| administrators(manifest, key, &admin.value)).collect();
    admins.sort();
    admins.dedup();
    let mut encrypt_for: Vec<String> = key.encrypt_for.iter().map(|service| service.value.clone()).collect();
    encrypt_for.sort();
    encrypt_for.dedup();
    let mut decrypt_for: Vec<Reader> = key
        .decrypt_for
        .iter()
        .map(|reader| match &reader.value {
            KeyReader::Account(name) => Reader::Account(name.clone()),
            KeyReader::Organization => Reader::Organization,
            KeyReader::Role(arn) => Reader::Role(arn.clone()),
        })
        .collect();
    decrypt_for.sort();
    decrypt_for.dedup();
    KeyAccess { account: key.account.value.clone(), regions, admins, encrypt_for, decrypt_for }
}

fn administrators(manifest: &Manifest, key: &Key, admin: &KeyAdmin) -> Vec<Administrator> {
    let roles = &manifest.roles;
    let of_arn = |arn: &str| {
        let mut parts = arn.splitn(6, ':').skip(4);
        let (account, name) = (parts.next()?, parts.next()?);
        let of = if account == "*" { Owner::Own } else { Owner::Id(account.to_owned()) };
        Some(Administrator { of, name: name.to_owned() })
    };
    match admin {
        KeyAdmin::Access => {
            let own = manifest.accounts.get(&key.account.value).and_then(|account| account.access.as_ref());
            let role = own.unwrap_or(&roles.access);
            vec![Administrator { of: Owner::Own, name: format!("role/{}", role.value) }]
        }
        KeyAdmin::Apply => roles.apply.iter().filter_map(|arn| of_arn(&arn.value)).collect(),
        KeyAdmin::Plan => roles.plan.iter().filter_map(|arn| of_arn(&arn.value)).collect(),
        KeyAdmin::BreakGlass => {
            roles.break_glass.iter().filter_map(|principal| of_arn(&principal.value.arn)).collect()
        }
        KeyAdmin::Role(arn) => of_arn(arn).into_iter().collect(),
    }
}

/// The ids that policies of keys can name by now.
#[must_use]
pub fn known_ids(world: &World<'_>) -> KnownIds {
    let zone = world.zone;
    let names = zone.accounts.keys().chain([&zone.management_name]);
    let accounts =
        names.filter_map(|name| Some((name.clone(), world.identity.account_id(name)?.to_string())));
    KnownIds {
        partition: region(&zone.home).map_or("aws", |region| region.partition.as_str()).to_owned(),
        management: zone.management_id.to_string(),
        organization: world.snapshot.organization.as_ref().map(|organization| organization.id.to_string()),
        accounts: accounts.collect(),
    }
}

/// What is wanted, with the ids that are known by now.
#[must_use]
pub fn resolved(world: &World<'_>, spec: &Spec) -> Spec {
    match spec {
        Spec::Key(key) => {
            Spec::Key(KeySpec { document: key.document.resolved(&known_ids(world)), ..key.clone() })
        }
        other => other.clone(),
    }
}

/// Every key that is ours, is another's under a name of ours, or is nobody's under a name of ours.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let known = known_ids(world);
    let mut by_address: BTreeMap<Address, Vec<Set<'_>>> = BTreeMap::new();
    for set in sets(&world.snapshot.keys) {
        if let Some(address) = set.address(world) {
            by_address.entry(address).or_default().push(set);
        }
    }
    by_address
        .into_iter()
        .filter_map(|(address, sets)| {
            let wanted = match world.zone.desired.get(&address) {
                Some(Desired::Present(spec @ Spec::Key(_))) => match resolved(world, spec) {
                    Spec::Key(spec) => Some(spec),
                    _ => None,
                },
                _ => None,
            };
            // Of several, the one in the account that the manifest names; ours before nobody's.
            let best = sets.iter().max_by_key(|set| {
                let own_account = wanted.as_ref().is_some_and(|wanted| {
                    known.accounts.get(&wanted.account).is_some_and(|id| *id == set.lead.key.account.as_str())
                });
                let ours = set.ownership(world) == Ownership::Ours;
                (own_account, ours)
            })?;
            Some((address, best.observed(world, wanted.as_ref())))
        })
        .collect()
}

/// The ARN of the key of this name, where it is.
pub(crate) fn arn(world: &World<'_>, name: &str) -> Option<String> {
    let address = Address::Key(name.to_owned());
    let wanted = match world.zone.desired.get(&address) {
        Some(Desired::Present(Spec::Key(spec))) => Some(&spec.account),
        _ => None,
    };
    let account = wanted.and_then(|account| world.identity.account_id(account));
    let sets = sets(&world.snapshot.keys);
    let named = sets.iter().filter(|set| set.address(world).as_ref() == Some(&address));
    let best = named
        .max_by_key(|set| (account == Some(&set.lead.key.account), set.ownership(world) == Ownership::Ours));
    best.map(|set| set.lead.key.arn.clone())
}

/// Keys of ours that carry the address of another one: they are left as they are.
#[must_use]
pub fn notices(world: &World<'_>) -> Vec<Notice> {
    let mut seen: BTreeMap<Address, Vec<String>> = BTreeMap::new();
    for set in sets(&world.snapshot.keys).iter().filter(|set| set.ownership(world) == Ownership::Ours) {
        if let Some(address) = set.address(world) {
            seen.entry(address).or_default().push(set.lead.key.arn.clone());
        }
    }
    let twice = seen.into_iter().filter(|(_, arns)| arns.len() > 1);
    let notice = |(address, arns): (Address, Vec<String>)| {
        let arns: Vec<String> = arns.iter().map(|arn| format!("`{}`", printable(arn))).collect();
        let text = format!(
            "several keys carry the address `{}`, and only one of them is looked after: {}",
            printable(&address.to_string()),
            arns.join(", ")
        );
        Notice { address: Some(address), text }
    };
    twice.map(notice).collect()
}

/// The address of a key that its tags say it has.
fn marked_address(world: &World<'_>, tags: &Tags) -> Option<Address> {
    let text = tags.get(ADDRESS)?;
    let wanted = world.zone.desired.keys().find(|address| address_value(address) == *text);
    let address = wanted.cloned().or_else(|| Address::parse(text).ok())?;
    matches!(address, Address::Key(_)).then_some(address)
}

/// Related keys, as one.
struct Set<'a> {
    /// The primary key, the only one, or any where the primary was not read.
    lead: &'a KeyRecord,
    all: Vec<&'a KeyRecord>,
}

fn sets(records: &[KeyRecord]) -> Vec<Set<'_>> {
    let mut by_id: BTreeMap<(&str, &str), Vec<&KeyRecord>> = BTreeMap::new();
    for record in records {
        by_id.entry((record.key.account.as_str(), record.key.id.as_str())).or_default().push(record);
    }
    let leads = |record: &&&KeyRecord| !matches!(record.key.regionality, Regionality::Replica { .. });
    by_id
        .into_values()
        .filter_map(|all| {
            let lead = all.iter().find(leads).or_else(|| all.first()).copied()?;
            Some(Set { lead, all })
        })
        .collect()
}

impl Set<'_> {
    fn ownership(&self, world: &World<'_>) -> Ownership {
        Ownership::of(Some(&self.lead.tags), &world.zone.organization)
    }

    /// By its tags; by its alias where it carries none of ours.
    fn address(&self, world: &World<'_>) -> Option<Address> {
        let by_tags = || marked_address(world, &self.lead.tags);
        let by_alias = || {
            let named = |address: &&Address| match address {
                Address::Key(name) => self.lead.aliases.contains(&alias_of(name)),
                _ => false,
            };
            world.zone.desired.keys().find(named).cloned()
        };
        match self.ownership(world) {
            Ownership::Ours => by_tags(),
            Ownership::Unclaimed
            | Ownership::OtherOrganization(_)
            | Ownership::Foreign
            | Ownership::Unknown => by_alias(),
        }
    }

    fn observed(&self, world: &World<'_>, wanted: Option<&KeySpec>) -> Observed {
        let lead = self.lead;
        let account = world.identity.account_name(&lead.key.account);
        let spec = KeySpec {
            account: account.unwrap_or(lead.key.account.as_str()).to_owned(),
            regions: self.regions(),
            extent: self.extent(wanted),
            alias: self.alias(wanted),
            description: self.worst(
                wanted,
                |record| record.key.description.clone(),
                |spec| &spec.description,
            ),
            document: KeyPolicy::Known(Box::new(self.document(wanted))),
            rotation: lead.rotation,
            tags: self.worst(wanted, |record| settable(&record.tags), |spec| &spec.tags),
            standing: self.standing(wanted),
        };
        Observed {
            physical: lead.key.arn.clone(),
            spec: Spec::Key(spec),
            ownership: self.ownership(world),
            leaving: Leaving::Forget,
        }
    }

    fn regions(&self) -> Vec<String> {
        let primary = match &self.lead.key.regionality {
            Regionality::Replica { primary } => primary.clone(),
            Regionality::Single | Regionality::Primary { .. } => self.lead.key.region.clone(),
        };
        let all = self.all.iter().map(|record| record.key.region.clone());
        in_order(std::iter::once(primary).chain(all).collect())
    }

    /// A key that could have replicas and has none is as good as one that cannot.
    fn extent(&self, wanted: Option<&KeySpec>) -> KeyExtent {
        match (&self.lead.key.regionality, wanted) {
            (Regionality::Single, _) => KeyExtent::SingleRegion,
            (_, Some(wanted)) => wanted.extent,
            (_, None) => KeyExtent::MultiRegion,
        }
    }

    fn alias(&self, wanted: Option<&KeySpec>) -> Option<String> {
        match wanted.and_then(|wanted| wanted.alias.as_ref()) {
            Some(alias) => {
                self.all.iter().all(|record| record.aliases.contains(alias)).then(|| alias.clone())
            }
            None => self.lead.aliases.first().cloned(),
        }
    }

    /// The first value that is not as wanted; else that of the lead.
    fn worst<T: PartialEq>(
        &self,
        wanted: Option<&KeySpec>,
        value: impl Fn(&KeyRecord) -> T,
        wish: impl Fn(&KeySpec) -> &T,
    ) -> T {
        let differs = |record: &&&KeyRecord| wanted.is_some_and(|wanted| value(record) != *wish(wanted));
        value(self.all.iter().find(differs).copied().unwrap_or(self.lead))
    }

    /// The one that is furthest from what is wanted: a set is retired when all of it is.
    fn standing(&self, wanted: Option<&KeySpec>) -> KeyStanding {
        let all = self.all.iter().map(|record| standing(record.key.state));
        let retires = wanted.is_some_and(|wanted| wanted.standing == KeyStanding::Retiring);
        let found = if retires { all.min() } else { all.max() };
        found.unwrap_or(KeyStanding::Enabled)
    }

    /// The wanted document where every policy says the same; else the first that does not.
    fn document(&self, wanted: Option<&KeySpec>) -> serde_json::Value {
        let read = |record: &KeyRecord| super::policy::parsed(&record.policy);
        let Some(document) = wanted.and_then(|wanted| wanted.document.document()) else {
            return read(self.lead);
        };
        let policies = self.all.iter().map(|record| read(record));
        policies
            .into_iter()
            .find(|policy| !says_the_same(policy, document))
            .unwrap_or_else(|| document.clone())
    }
}

fn standing(state: KeyState) -> KeyStanding {
    match state {
        KeyState::Disabled => KeyStanding::Disabled,
        KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => KeyStanding::Retiring,
        KeyState::Creating
        | KeyState::Enabled
        | KeyState::PendingImport
        | KeyState::Unavailable
        | KeyState::Updating => KeyStanding::Enabled,
    }
}

/// What is wanted of a key that is to be retired: that, and nothing else of it is changed.
#[must_use]
pub fn retiring(before: &Spec, after: &Spec) -> Spec {
    match (before, after) {
        (Spec::Key(before), Spec::Key(after)) if after.standing == KeyStanding::Retiring => {
            Spec::Key(KeySpec { standing: KeyStanding::Retiring, ..before.clone() })
        }
        _ => after.clone(),
    }
}

/// Whether this is a key that is gone as it was to be.
#[must_use]
pub fn is_retired(after: &Spec) -> bool {
    matches!(after, Spec::Key(key) if key.standing == KeyStanding::Retiring)
}

/// What AWS cannot make of a key that is there.
#[must_use]
pub fn refusal(address: &Address, found: &Observed, after: &Spec) -> Option<Refusal> {
    let (Spec::Key(before), Spec::Key(after)) = (&found.spec, after) else { return None };
    let refuse = |code: &str, summary: String, help: &str| {
        Some(Refusal {
            code: code.to_owned(),
            addresses: vec![address.clone()],
            summary,
            help: help.to_owned(),
        })
    };
    if before.account != after.account {
        return refuse(
            "key-elsewhere",
            format!(
                "`{address}` is in the account `{}`, and no key moves to another account",
                before.account
            ),
            "name that account, or give the new key another name",
        );
    }
    if after.standing == KeyStanding::Retiring {
        // INVARIANT (the mark decides): what is not ours is not retired.
        if found.ownership != Ownership::Unclaimed {
            return None;
        }
        return refuse(
            "key-not-ours",
            format!("`{address}` carries no mark, and only keys of ours are retired"),
            "take `retire` out until the key is adopted",
        );
    }
    if before.extent != after.extent {
        return refuse(
            "key-single-region",
            format!("`{address}` is a key of one Region, and cannot get replicas"),
            "name one region, or make a key of another name with all of them",
        );
    }
    if before.regions.first() != after.regions.first() {
        let place = before.regions.first().map(String::as_str).unwrap_or_default();
        return refuse(
            "key-primary-region",
            format!("the primary key of `{address}` is in `{place}`"),
            "name that region first, or move it by hand with UpdatePrimaryRegion",
        );
    }
    None
}

/// The account that owns a key and those that it names, and the organization.
#[must_use]
pub fn references(spec: &KeySpec) -> Vec<Address> {
    let named = match &spec.document {
        KeyPolicy::AfterApply(access) => access.references(),
        KeyPolicy::Known(_) => BTreeSet::from([Address::Account(spec.account.clone())]),
    };
    std::iter::once(Address::Organization).chain(named).collect()
}
