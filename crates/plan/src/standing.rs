//! How IAM Identity Center stands: whether it is enabled, whether everybody whom the manifest names is in the
//! directory, and what was not looked at.

use crate::plan::{Notice, Refusal};
use crate::withhold::covering;
use crate::world::World;
use glidepath_model::text::printable;
use glidepath_model::{Address, Principal};
use std::collections::BTreeSet;

/// Whether an address is of a kind that lives in IAM Identity Center.
#[must_use]
pub fn is_of_identity_center(address: &Address) -> bool {
    match address {
        Address::Group(_)
        | Address::User(_)
        | Address::Membership(_)
        | Address::AccessControlAttributes
        | Address::PermissionSet(_)
        | Address::Assignments { .. }
        | Address::Assignment { .. } => true,
        Address::Organization
        | Address::PolicyType(_)
        | Address::Unit(_)
        | Address::Account(_)
        | Address::TrustedAccess(_)
        | Address::DelegatedAdministrator { .. }
        | Address::ResourcePolicy
        | Address::Policy { .. }
        | Address::Attachment { .. }
        | Address::StackSet(_)
        | Address::StackSetTargets(_)
        | Address::Stack { .. }
        | Address::AccountSettings(_)
        | Address::RootAccess(_)
        | Address::Key(_) => false,
    }
}

/// Whether nothing can be planned for an address: without an instance there is nothing to change, and what belongs to
/// somebody whom the directory does not have is refused.
pub(crate) fn is_out_of_reach(world: &World<'_>, address: &Address) -> bool {
    if !is_of_identity_center(address) {
        return false;
    }
    let center = &world.snapshot.identity_center;
    let read = covering(&world.snapshot.gaps, address).is_none();
    let gone = match address {
        Address::Assignments { principal, .. } | Address::Assignment { principal, .. } => {
            center.missing.contains_key(principal)
        }
        _ => false,
    };
    gone || (center.instance.is_none() && read)
}

/// What has to be done by hand first.
#[must_use]
pub fn refusals(world: &World<'_>) -> Vec<Refusal> {
    let Some(wanted) = &world.zone.identity_center else { return Vec::new() };
    let center = &world.snapshot.identity_center;
    // A closing read looks at what was changed only, and an organization that is to be made has none yet.
    let (Some(_), true) = (&world.snapshot.organization, is_looked_at(world)) else { return Vec::new() };
    if center.instance.is_none() {
        let unread = covering(&world.snapshot.gaps, &Address::AccessControlAttributes).is_some();
        return if unread { Vec::new() } else { vec![not_enabled(&wanted.region)] };
    }
    center.missing.iter().map(|(principal, near)| nobody(world, principal, near.as_deref())).collect()
}

/// Whether the snapshot looked for an instance: it did where any account was listed.
fn is_looked_at(world: &World<'_>) -> bool {
    !world.snapshot.accounts.is_empty()
}

fn not_enabled(region: &str) -> Refusal {
    let region = printable(region);
    Refusal {
        code: "identity-center-missing".into(),
        addresses: Vec::new(),
        summary: format!(
            "IAM Identity Center is not enabled in {region}, and AWS has no call that enables it"
        ),
        help: format!(
            "in the console, as the management account, open IAM Identity Center in {region} and choose Enable; then \
             plan again. Is it in another Region? Write that as `identity.region`"
        ),
    }
}

fn nobody(world: &World<'_>, principal: &Principal, near: Option<&str>) -> Refusal {
    let of_principal = |address: &&Address| matches!(address, Address::Assignments { principal: who, .. } if who == principal);
    let addresses: BTreeSet<Address> = world.zone.desired.keys().filter(of_principal).cloned().collect();
    let (word, name) = (principal.word(), printable(principal.name()));
    let help = match near {
        Some(near) => format!(
            "did you mean `{}`? Else have the identity provider send the {word} first",
            printable(near)
        ),
        None => format!("have the identity provider send the {word} first, or correct the name"),
    };
    Refusal {
        code: "unknown-principal".into(),
        addresses: addresses.into_iter().collect(),
        summary: format!("the directory has no {word} `{name}`"),
        help,
    }
}

/// How a notice begins that tells what was not asked for.
pub const NOT_ASKED: &str = "not checked: ";

/// Assignments that nobody looked for: those of principals that the manifest does not name, in accounts where it
/// names others.
#[must_use]
pub fn notices(world: &World<'_>) -> Vec<Notice> {
    let center = &world.snapshot.identity_center;
    let mut pairs = 0_usize;
    let mut sets = BTreeSet::new();
    for set in center.permission_sets.values() {
        let unread = set.accounts.iter().filter(|id| {
            world.workable_account(id).is_some() && !center.whole.contains(&(set.arn.clone(), (*id).clone()))
        });
        let unread = unread.count();
        if unread > 0 {
            pairs += unread;
            sets.insert(set.name.as_str());
        }
    }
    if world.zone.identity_center.is_none() && pairs == 0 {
        return Vec::new();
    }
    let mut notices = Vec::new();
    if pairs > 0 {
        let calls = if pairs == 1 { "1 call".to_owned() } else { format!("{pairs} calls") };
        notices.push(Notice {
            address: None,
            text: format!(
                "{NOT_ASKED}whether anybody whom the manifest does not name has one of its permission sets ({}) where \
                 it names others; `--deep` asks AWS, which takes {calls} more",
                sets.len()
            ),
        });
    }
    if world.zone.identity_center.is_some() && world.snapshot.organization.is_none() {
        notices.push(Notice {
            address: None,
            text: "IAM Identity Center comes after the organization: enable it by hand once the organization is there, \
                   then plan again"
                .to_owned(),
        });
    }
    notices
}
