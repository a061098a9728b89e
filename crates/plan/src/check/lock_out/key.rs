//! Policies of keys: the role that enters a key's account can change the policy, now and after the plan.
//!
//! What SCPs and RCPs say of it is the proof's other part. A key that locks the role out cannot be repaired by anybody
//! but AWS, so that this is refused and no flag opens it.

use super::{Finding, Scene};
use crate::access::Bearings;
use crate::key_policy::{KeyPolicy, KnownIds, can_be_repaired};
use crate::kind::key::{KeySpec, KeyStanding, known_ids};
use crate::plan::Refusal;
use crate::spec::Spec;
use glidepath_model::Address;
use glidepath_model::text::printable;
use serde_json::Value;

/// A refusal for each key that locks its account's role out, or would.
pub(super) fn policies(scene: &Scene<'_>) -> Vec<Finding> {
    let bearings = Bearings::of_world(scene.world);
    let known = known_ids(scene.world);
    let of = |spec: Option<&Spec>| match spec {
        Some(Spec::Key(key)) => Some(key.clone()),
        _ => None,
    };
    let each = scene.changes.values().filter_map(|change| {
        let after = of(change.action.after())?;
        let address = &change.address;
        let locked = |spec: &KeySpec| is_locked(scene, &bearings, &known, spec);
        if after.standing != KeyStanding::Retiring && locked(&after) {
            return Some(refusal(
                address,
                "would lock",
                "keep its account or that role among its administrators",
            ));
        }
        let before = of(change.action.before())?;
        locked(&before)
            .then(|| refusal(address, "locks", "have an administrator of the key, or AWS Support, mend it"))
    });
    each.map(Finding::Refusal).collect()
}

/// Whether a policy surely lets the role do what it has to; one whose ids are not known yet is asked with others.
fn is_locked(scene: &Scene<'_>, bearings: &Bearings<'_>, known: &KnownIds, spec: &KeySpec) -> bool {
    let id = bearings.account_id(&spec.account);
    let document = match &spec.document {
        KeyPolicy::Known(document) => Some(Value::clone(document)),
        KeyPolicy::AfterApply(access) => {
            let mut known = known.clone();
            let names = access.references().into_iter().filter_map(|address| match address {
                Address::Account(name) => Some(name),
                _ => None,
            });
            for name in names {
                let id = bearings.account_id(&name).to_owned();
                known.accounts.entry(name).or_insert(id);
            }
            known.organization.get_or_insert_with(|| "o-0000000000".to_owned());
            access.document(&known).ok()
        }
    };
    let zone = scene.world.zone;
    let role = zone.accounts.get(&spec.account).and_then(|account| account.access.as_ref());
    let role = role.map_or(zone.access_role.as_str(), |role| role.value.as_str());
    let own_apply = zone.roles.apply.as_ref().filter(|_| spec.account == zone.management_name);
    let arn = match own_apply {
        Some(arn) => arn.value.clone(),
        None => format!("arn:{}:iam::{id}:role/{role}", bearings.partition()),
    };
    document.is_none_or(|document| !can_be_repaired(&document, &arn, id))
}

fn refusal(address: &Address, locks: &str, help: &str) -> Refusal {
    Refusal {
        code: "key-lock-out".into(),
        addresses: vec![address.clone()],
        summary: format!(
            "the policy of `{}` {locks} out the role that enters its account: nobody could change the key",
            printable(&address.to_string())
        ),
        help: help.to_owned(),
    }
}
