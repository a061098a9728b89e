//! A member account. It is found by id, then by e-mail address, then by the name it had before. Its
//! name and e-mail address are never changed here; leaving the manifest never closes it.

use crate::kind::trusted_access::TrustedAccessSpec;
use crate::ownership::{Ownership, marked, settable};
use crate::plan::Notice;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::{Manifest, Spanned};
use glidepath_model::regions::is_opt_in;
use glidepath_model::text::printable;
use glidepath_model::{AccountId, Address, Tags, UnitPath};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The service that enables Regions in accounts, as it stands in trusted access.
pub const ACCOUNT_MANAGEMENT: &str = "account.amazonaws.com";

/// A member account; or the management account, of which nothing but its Regions is managed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountSpec {
    /// The root user's e-mail address, in lower case; empty for the management account.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// The unit it belongs to.
    pub unit: UnitPath,
    /// The tags that are managed, the mark included; other tags of an account are left alone.
    pub tags: Tags,
    /// The opt-in Regions that it shall have; more are left as they are.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub regions: BTreeSet<String>,
    /// The role that AWS makes in a new account for us to enter by. Only used at creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_role: Option<String>,
    /// Whether it shall be closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

impl AccountSpec {
    /// Whether this is the management account.
    #[must_use]
    pub fn is_management(&self) -> bool {
        self.email.is_empty()
    }
}

/// The opt-in Regions among these.
fn opt_ins<'a>(regions: impl IntoIterator<Item = &'a Spanned<String>>) -> BTreeSet<String> {
    regions.into_iter().map(|region| region.value.clone()).filter(|region| is_opt_in(region)).collect()
}

/// Every account of the manifest, and the management account where it is to be given Regions.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let organization = &manifest.organization.name.value;
    let governed = opt_ins(&manifest.organization.regions);
    let management = (!governed.is_empty()).then(|| {
        let spec = AccountSpec {
            email: String::new(),
            unit: UnitPath::root(),
            tags: Tags::new(),
            regions: governed.clone(),
            access_role: None,
            closed: false,
        };
        let address = Address::Account(manifest.organization.management.name.value.clone());
        (address, Desired::Present(Spec::Account(spec)))
    });
    let mut all: Vec<(Address, Desired)> = manifest
        .accounts
        .iter()
        .map(|(name, account)| {
            let address = Address::Account(name.clone());
            let tags = marked(account.tags.as_ref().unwrap_or(&Tags::new()), organization, &address);
            // What is closed is not opened up first.
            let own = opt_ins(account.regions.iter());
            let regions =
                if account.close { BTreeSet::new() } else { governed.union(&own).cloned().collect() };
            let access = account.access.as_ref().unwrap_or(&manifest.roles.access);
            let spec = AccountSpec {
                email: account.email.value.to_ascii_lowercase(),
                unit: account.unit.clone(),
                tags,
                regions,
                access_role: Some(access.value.clone()),
                closed: account.close,
            };
            (address, Desired::Present(Spec::Account(spec)))
        })
        .collect();
    all.extend(management);
    let opts_in = |desired: &Desired| matches!(desired, Desired::Present(Spec::Account(spec)) if !spec.regions.is_empty());
    // Members are reached by it alone; what the manifest says of it goes before.
    if all.iter().any(|(_, desired)| opts_in(desired)) {
        let access = Address::TrustedAccess(ACCOUNT_MANAGEMENT.to_owned());
        all.push((access, Desired::Present(Spec::TrustedAccess(TrustedAccessSpec {}))));
    }
    all
}

/// The Regions that an account has of those it shall have. One that AWS is enabling counts: nothing is left to ask for.
/// Where they were not read nothing differs, and a gap tells of it.
fn had(world: &World<'_>, id: &AccountId, wanted: &BTreeSet<String>) -> BTreeSet<String> {
    let Some(told) = world.snapshot.opt_ins.get(id) else { return wanted.clone() };
    let has = |region: &&String| told.get(*region).is_some_and(|status| status.is_asked_for());
    wanted.iter().filter(has).cloned().collect()
}

/// The management account, where it is to be given Regions.
fn management(world: &World<'_>) -> Option<(Address, Observed)> {
    let address = Address::Account(world.zone.management_name.clone());
    let Some(Desired::Present(Spec::Account(wanted))) = world.zone.desired.get(&address) else { return None };
    let id = &world.zone.management_id;
    // It is there before the organization is.
    let regions = match world.snapshot.organization {
        Some(_) => had(world, id, &wanted.regions),
        None => BTreeSet::new(),
    };
    let observed = Observed {
        physical: id.to_string(),
        spec: Spec::Account(AccountSpec { regions, ..wanted.clone() }),
        ownership: Ownership::Ours,
        leaving: Leaving::Keep,
    };
    Some((address, observed))
}

/// Every account there is, the management account where it is to be given Regions.
///
/// What AWS cannot tell again, or what is not ours to compare, is taken from the manifest: the access
/// role, tags of other owners, an e-mail address that differs (which [`notices`] tells).
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    world
        .snapshot
        .accounts
        .values()
        .filter(|account| account.id != world.zone.management_id)
        .filter_map(|account| {
            let name = world.identity.account_name(&account.id)?;
            let address = Address::Account(name.to_owned());
            let wanted = match world.zone.desired.get(&address) {
                Some(Desired::Present(Spec::Account(spec))) => Some(spec),
                _ => None,
            };
            let tags = world.snapshot.tags.get(&account.arn);
            let compared = match (tags, wanted) {
                (Some(tags), Some(wanted)) => tags
                    .iter()
                    .filter(|(key, _)| wanted.tags.contains_key(*key))
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect(),
                (Some(tags), None) => settable(tags),
                (None, Some(wanted)) => wanted.tags.clone(),
                (None, None) => Tags::new(),
            };
            let spec = AccountSpec {
                email: wanted
                    .map_or_else(|| account.email.to_ascii_lowercase(), |wanted| wanted.email.clone()),
                unit: world.identity.node_path(&account.parent).cloned().unwrap_or_default(),
                tags: compared,
                regions: wanted.map(|wanted| had(world, &account.id, &wanted.regions)).unwrap_or_default(),
                access_role: wanted.and_then(|wanted| wanted.access_role.clone()),
                closed: !account.state.is_usable(),
            };
            let observed = Observed {
                physical: account.id.to_string(),
                spec: Spec::Account(spec),
                ownership: Ownership::of(tags, &world.zone.organization),
                leaving: Leaving::Forget,
            };
            Some((address, observed))
        })
        .chain(management(world))
        .collect()
}

/// What differs between the manifest and AWS and is never changed: an e-mail address, a name.
#[must_use]
pub fn notices(world: &World<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut names = Vec::new();
    for account in world.snapshot.accounts.values() {
        let Some(name) = world.identity.account_name(&account.id) else { continue };
        let Some(wanted) = world.zone.accounts.get(name) else { continue };
        if !account.email.eq_ignore_ascii_case(&wanted.email.value) {
            notices.push(Notice {
                address: Some(Address::Account(name.to_owned())),
                text: format!(
                    "the root user of account `{}` has the e-mail address `{}`, not `{}`: it is never changed here",
                    printable(name),
                    printable(&account.email),
                    printable(&wanted.email.value)
                ),
            });
        }
        if account.name != name {
            names.push(format!("`{}` (`{}`)", printable(name), printable(&account.name)));
        }
    }
    if !names.is_empty() {
        names.sort();
        let shown: Vec<&str> = names.iter().take(SHOWN_NAMES).map(String::as_str).collect();
        let rest = names.len().saturating_sub(shown.len());
        let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
        let text = format!(
            "accounts that AWS knows by another name, which is never changed here: {}{more}",
            shown.join(", ")
        );
        notices.push(Notice { address: None, text });
    }
    notices
}

/// How many differing names one notice lists.
const SHOWN_NAMES: usize = 5;

/// What is wanted of a thing, where an account that is to be closed stays as it is otherwise: nothing is
/// done to it that closing undoes.
#[must_use]
pub fn closing(before: &Spec, after: &Spec) -> Spec {
    match (before, after) {
        (Spec::Account(before), Spec::Account(after)) if after.closed && !before.closed => {
            Spec::Account(AccountSpec { closed: true, ..before.clone() })
        }
        _ => after.clone(),
    }
}

/// Whether a change brings an account to its unit for the first time: it is made, or stood at the root until now.
#[must_use]
pub fn is_arrival(before: Option<&Spec>, after: Option<&Spec>) -> bool {
    match (before, after) {
        (None, Some(Spec::Account(_))) => true,
        (Some(Spec::Account(before)), Some(Spec::Account(after))) => {
            before.unit.is_root() && !after.unit.is_root()
        }
        _ => false,
    }
}

/// The unit it belongs to, and what its Regions are enabled by.
#[must_use]
pub fn references(spec: &AccountSpec) -> Vec<Address> {
    let place = if spec.unit.is_root() { Address::Organization } else { Address::Unit(spec.unit.clone()) };
    let by = (!spec.regions.is_empty() && !spec.is_management())
        .then(|| Address::TrustedAccess(ACCOUNT_MANAGEMENT.to_owned()));
    std::iter::once(place).chain(by).collect()
}
