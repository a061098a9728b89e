//! What the manifest sets for an account as a whole: contacts, alias, and what `accountSettings` gives it. One thing for
//! each account, compared setting by setting and Region by Region. Additive: what the manifest does not set is neither
//! read nor changed.

use crate::ownership::Ownership;
use crate::plan::Notice;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_model::Address;
use glidepath_model::account_settings::{AccountSettings, DefaultVpc, DefaultVpcParts, RegionSettings};
use glidepath_model::text::printable;
use std::collections::BTreeMap;

pub use crate::setting::{Wanted, wanted};

/// The service principal of Account Management, which needs trusted access where contacts of members are set.
pub const SERVICE: &str = "account.amazonaws.com";
/// What a key of the manifest begins with, where it is named as the one that encrypts volumes.
pub const NAMED_KEY: &str = "key/";

/// What the manifest sets for an account; its name is the address.
pub type AccountSettingsSpec = AccountSettings;

/// What accounts have of what the manifest sets for them.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let seen = world.snapshot.account_settings.iter();
    seen.filter_map(|(id, found)| {
        let address = Address::AccountSettings(world.identity.account_name(id)?.to_owned());
        let Some(Desired::Present(Spec::AccountSettings(wanted))) = world.zone.desired.get(&address) else {
            return None;
        };
        let observed = Observed {
            physical: id.to_string(),
            spec: Spec::AccountSettings(only(found, wanted)),
            ownership: Ownership::Ours,
            leaving: Leaving::Keep,
        };
        Some((address, observed))
    })
    .collect()
}

/// What is wanted, where a default VPC in which something lives stays until that is gone: one account's workload never
/// holds up what the others get.
pub(crate) fn settled(world: &World<'_>, address: &Address, spec: &AccountSettings) -> AccountSettings {
    let mut settled = spec.clone();
    for (region, parts) in occupied(world, address, spec) {
        if let Some(wanted) = settled.regions.get_mut(&region) {
            wanted.default_vpc = Some(DefaultVpc::Present(parts));
        }
    }
    settled
}

/// The default VPCs that should go and are in use, by Region.
fn occupied(
    world: &World<'_>,
    address: &Address,
    spec: &AccountSettings,
) -> BTreeMap<String, DefaultVpcParts> {
    let Address::AccountSettings(name) = address else { return BTreeMap::new() };
    let id = world.identity.account_id(name);
    let Some(found) = id.and_then(|id| world.snapshot.account_settings.get(id)) else {
        return BTreeMap::new();
    };
    let unwanted = spec.regions.iter().filter(|(_, wanted)| wanted.default_vpc == Some(DefaultVpc::Absent));
    let in_use = unwanted.filter_map(|(region, _)| match &found.regions.get(region)?.default_vpc {
        Some(DefaultVpc::Present(parts)) if !parts.interfaces.is_empty() => {
            Some((region.clone(), parts.clone()))
        }
        Some(_) | None => None,
    });
    in_use.collect()
}

/// Default VPCs that stay because something lives in them.
#[must_use]
pub fn notices(world: &World<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (address, desired) in &world.zone.desired {
        let Desired::Present(Spec::AccountSettings(spec)) = desired else { continue };
        for (region, parts) in occupied(world, address, spec) {
            let first = parts.interfaces.iter().next().map(|id| printable(id).into_owned());
            let live = match parts.interfaces.len() {
                1 => "1 network interface lives".to_owned(),
                more => format!("{more} network interfaces live"),
            };
            let text = format!(
                "the default VPC `{}` in {} stays: {live} in it, first `{}`; take away what uses it, or spare the \
                 account by `except:`",
                printable(&parts.vpc),
                printable(&region),
                first.unwrap_or_default()
            );
            notices.push(Notice { address: Some(address.clone()), text });
        }
    }
    notices
}

/// Of what an account has only what is spoken of.
#[must_use]
pub fn only(found: &AccountSettings, wanted: &AccountSettings) -> AccountSettings {
    let contacts = found.contacts.iter().filter(|(kind, _)| wanted.contacts.contains_key(*kind));
    let nowhere = RegionSettings::default();
    let regions = wanted.regions.iter().map(|(region, wanted)| {
        (region.clone(), only_in_region(found.regions.get(region).unwrap_or(&nowhere), wanted))
    });
    AccountSettings {
        contacts: contacts.map(|(kind, contact)| (*kind, contact.clone())).collect(),
        alias: found.alias.clone().filter(|_| wanted.alias.is_some()),
        password_policy: wanted.password_policy.as_ref().map(|wanted| {
            found.password_policy.as_ref().map(|policy| policy.only(wanted)).unwrap_or_default()
        }),
        s3_public_access_block: found
            .s3_public_access_block
            .filter(|_| wanted.s3_public_access_block.is_some()),
        regions: regions.collect(),
    }
}

fn only_in_region(found: &RegionSettings, wanted: &RegionSettings) -> RegionSettings {
    RegionSettings {
        ebs_encryption: found.ebs_encryption.filter(|_| wanted.ebs_encryption.is_some()),
        ebs_key: found.ebs_key.clone().filter(|_| wanted.ebs_key.is_some()),
        instance_metadata: wanted.instance_metadata.as_ref().map(|wanted| {
            found.instance_metadata.as_ref().map(|metadata| metadata.only(wanted)).unwrap_or_default()
        }),
        serial_console: found.serial_console.filter(|_| wanted.serial_console.is_some()),
        snapshot_block: found.snapshot_block.filter(|_| wanted.snapshot_block.is_some()),
        image_block: found.image_block.filter(|_| wanted.image_block.is_some()),
        default_vpc: found.default_vpc.clone().filter(|_| wanted.default_vpc.is_some()),
    }
}

/// The account, the trusted access by which its contacts are set, and the keys of the manifest that it uses.
#[must_use]
pub fn references(address: &Address, spec: &AccountSettings) -> Vec<Address> {
    let Address::AccountSettings(name) = address else { return Vec::new() };
    let mut all = vec![Address::Account(name.clone())];
    if !spec.contacts.is_empty() {
        all.push(Address::TrustedAccess(SERVICE.to_owned()));
    }
    let keys = spec.regions.values().filter_map(|settings| settings.ebs_key.as_deref());
    let named = keys.filter_map(|key| key.strip_prefix(NAMED_KEY));
    let named: std::collections::BTreeSet<&str> = named.collect();
    all.extend(named.into_iter().map(|name| Address::Key(name.to_owned())));
    all
}
