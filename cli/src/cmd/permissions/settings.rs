//! What settings of accounts and root access need: of the management account, and of the role that enters a member.

use super::{key_owners, makers};
use crate::args::Permission;
use glidepath_model::Address;
use glidepath_model::account_settings::AccountSettings;
use glidepath_model::operations::{Access, Operations};
use glidepath_plan::{Desired, LandingZone, Spec};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The services that keep settings of accounts, by the beginnings of their operations in the table.
const SERVICES: [&str; 4] = ["account:", "ec2:", "iam:", "s3control:"];
/// What writes a contact: the management account, for all its members.
const CONTACT: &str = "account:PutAlternateContact";
/// What operations on centralized root access have in their names.
const ROOT_ACCESS: [&str; 2] = ["OrganizationsRoot", "OrganizationsFeatures"];

/// Whether an operation is of those that have statements of their own.
pub(super) fn is_of_settings(operation: &str) -> bool {
    SERVICES.iter().any(|service| operation.starts_with(service))
}

fn is_of_root_access(operation: &str) -> bool {
    ROOT_ACCESS.iter().any(|part| operation.contains(part))
}

/// The accounts that have settings, with these.
fn set(zone: &LandingZone) -> impl Iterator<Item = (&str, &AccountSettings)> {
    zone.desired.iter().filter_map(|(address, desired)| match (address, desired) {
        (Address::AccountSettings(name), Desired::Present(Spec::AccountSettings(settings))) => {
            Some((name.as_str(), settings))
        }
        _ => None,
    })
}

/// The names of the accounts that are entered for their settings.
pub(super) fn entered(zone: &LandingZone) -> impl Iterator<Item = &str> {
    set(zone).map(|(name, _)| name)
}

/// Whether these settings, and so an account that has them, take an operation.
fn takes(settings: &AccountSettings, operation: &str) -> bool {
    let Some((service, _)) = operation.split_once(':') else { return false };
    match service {
        "account" => operation.ends_with("AlternateContact") && !settings.contacts.is_empty(),
        "iam" => settings.alias.is_some() || settings.password_policy.is_some(),
        "s3control" => settings.s3_public_access_block.is_some(),
        "ec2" => !settings.regions.is_empty(),
        _ => false,
    }
}

/// What the management account needs: its own settings, contacts of its members, and root access.
pub(super) fn of_management(zone: &LandingZone, table: &Operations, permission: Permission) -> Vec<Value> {
    let rows =
        || table.rows.values().filter(|row| row.access == Access::Read || permission == Permission::Apply);
    let own = set(zone).find(|(name, _)| *name == zone.management_name).map(|(_, settings)| settings);
    let contacts = set(zone).any(|(_, settings)| !settings.contacts.is_empty());
    let needed = rows().filter(|row| !is_of_root_access(&row.name)).filter(|row| {
        own.is_some_and(|settings| takes(settings, &row.name)) || (contacts && row.name == CONTACT)
    });
    let actions: BTreeSet<&String> = needed.flat_map(|row| &row.actions).collect();
    let mut statements = Vec::new();
    if !actions.is_empty() {
        let sid = "AccountSettings";
        statements.push(json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*" }));
    }
    if zone.desired.keys().any(|address| matches!(address, Address::RootAccess(_))) {
        let actions: BTreeSet<&String> =
            rows().filter(|row| is_of_root_access(&row.name)).flat_map(|row| &row.actions).collect();
        statements
            .push(json!({ "Sid": "RootAccess", "Effect": "Allow", "Action": actions, "Resource": "*" }));
    }
    statements
}

/// What the role that enters a member account needs there: for settings, keys, and what is looked for before a stack
/// comes. It is one role for all of them, so that it is told for whatever any of them has.
pub(super) fn of_member(zone: &LandingZone, table: &Operations) -> Value {
    let settings: Vec<&AccountSettings> =
        set(zone).filter(|(name, _)| *name != zone.management_name).map(|(_, settings)| settings).collect();
    let keys = key_owners(zone).iter().any(|name| *name != zone.management_name);
    // A key that volumes are encrypted by is looked up by its alias.
    let looked_up =
        settings.iter().any(|settings| settings.regions.values().any(|settings| settings.ebs_key.is_some()));
    let singletons = !makers(zone).is_empty();
    let needed = table.rows.values().filter(|row| {
        let name = row.name.as_str();
        let of_settings = name != CONTACT
            && !is_of_root_access(name)
            && settings.iter().any(|settings| takes(settings, name));
        of_settings
            || (keys && (name.starts_with("kms:") || name == "tagging:GetResources"))
            || (looked_up && name == "kms:DescribeKey")
            || (singletons && super::is_of_singletons(name))
    });
    let actions: BTreeSet<&String> = needed.flat_map(|row| &row.actions).collect();
    let mut statements = Vec::new();
    if !actions.is_empty() {
        let sid = "InMembers";
        statements.push(json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*" }));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}
