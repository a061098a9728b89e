//! A member account. It is found by id, then by e-mail address, then by the name it had before. Its
//! name and e-mail address are never changed here; leaving the manifest never closes it.

use crate::ownership::{Ownership, marked, settable};
use crate::plan::Notice;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::Manifest;
use glidepath_model::text::printable;
use glidepath_model::{Address, Tags, UnitPath};
use serde::{Deserialize, Serialize};

/// A member account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountSpec {
    /// The root user's e-mail address, in lower case.
    pub email: String,
    /// The unit it belongs to.
    pub unit: UnitPath,
    /// The tags that are managed, the mark included; other tags of an account are left alone.
    pub tags: Tags,
    /// The role that AWS makes in a new account for us to enter by. Only used at creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_role: Option<String>,
    /// Whether it shall be closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

/// Every account of the manifest.
#[must_use]
pub fn desired(manifest: &Manifest) -> Vec<(Address, Desired)> {
    let organization = &manifest.organization.name.value;
    manifest
        .accounts
        .iter()
        .map(|(name, account)| {
            let address = Address::Account(name.clone());
            let tags = marked(account.tags.as_ref().unwrap_or(&Tags::new()), organization, &address);
            let access = account.access.as_ref().unwrap_or(&manifest.roles.access);
            let spec = AccountSpec {
                email: account.email.value.to_ascii_lowercase(),
                unit: account.unit.clone(),
                tags,
                access_role: Some(access.value.clone()),
                closed: account.close,
            };
            (address, Desired::Present(Spec::Account(spec)))
        })
        .collect()
}

/// Every account there is, the management account not included.
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

/// The unit it belongs to.
#[must_use]
pub fn references(spec: &AccountSpec) -> Vec<Address> {
    if spec.unit.is_root() { vec![Address::Organization] } else { vec![Address::Unit(spec.unit.clone())] }
}
