//! What a plan means for accounts: the policies that come to reach them and those that no longer do,
//! whatever level they are attached at.

use crate::change::Change;
use crate::kind::assignments::turned;
use crate::plan::Impact;
use crate::shape::Transition;
use crate::spec::Spec;
use glidepath_model::text::printable;
use glidepath_model::{Address, PolicyType};
use std::collections::{BTreeMap, BTreeSet};

/// Policies by type.
type Policies = BTreeMap<PolicyType, BTreeSet<String>>;

/// The policies that accounts gain and lose, one entry for all accounts to which the same happens. New
/// accounts are not among them: nothing reached them before. SCPs and RCPs do not reach the management
/// account.
#[must_use]
pub fn impact(transition: &Transition, management: &str) -> Vec<Impact> {
    let mut groups: BTreeMap<(Policies, Policies), Vec<String>> = BTreeMap::new();
    for name in transition.before.accounts.keys() {
        let (gained, lost) = gained_and_lost(transition, name, management);
        if !gained.is_empty() || !lost.is_empty() {
            groups.entry((gained, lost)).or_default().push(name.clone());
        }
    }
    let mut all: Vec<Impact> =
        groups.into_iter().map(|((gained, lost), accounts)| Impact { accounts, gained, lost }).collect();
    all.sort_by(|one, two| one.accounts.cmp(&two.accounts));
    all
}

/// A sentence for each account that moves: what it gains and loses by it.
#[must_use]
pub fn move_note(transition: &Transition, change: &Change, management: &str) -> Option<String> {
    let (Some(Spec::Account(before)), Some(Spec::Account(after))) =
        (change.action.before(), change.action.after())
    else {
        return None;
    };
    let Address::Account(name) = &change.address else { return None };
    if before.unit == after.unit {
        return None;
    }
    let (gained, lost) = gained_and_lost(transition, name, management);
    Some(format!(
        "it moves from `{}` to `{}`, gains {} and loses {}",
        before.unit,
        after.unit,
        listed(&gained),
        listed(&lost)
    ))
}

/// Sentences on who comes to have access to an account that moves, and who no longer has.
#[must_use]
pub fn access_notes(changes: &BTreeMap<Address, Change>, change: &Change) -> Vec<String> {
    let Address::Account(name) = &change.address else { return Vec::new() };
    let moved = match (change.action.before(), change.action.after()) {
        (Some(Spec::Account(before)), Some(Spec::Account(after))) => before.unit != after.unit,
        _ => false,
    };
    if !moved {
        return Vec::new();
    }
    let (mut given, mut taken) = (Vec::new(), Vec::new());
    for (address, other) in changes {
        let Address::Assignments { permission_set, principal } = address else { continue };
        let (gives, takes) = turned(&other.action);
        let shown = || format!("`{}` of `{}`", printable(permission_set), printable(&principal.to_string()));
        given.extend(gives.contains(name).then(shown));
        taken.extend(takes.contains(name).then(shown));
    }
    let sentence = |all: &[String], says: &str| {
        let first: Vec<&str> = all.iter().take(SHOWN).map(String::as_str).collect();
        let more = all.len().saturating_sub(first.len());
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        (!all.is_empty()).then(|| format!("{says} {}{more}", first.join(", ")))
    };
    [sentence(&given, "it gains the access"), sentence(&taken, "it loses the access")]
        .into_iter()
        .flatten()
        .collect()
}

/// Assignments that one sentence lists.
const SHOWN: usize = 6;

fn gained_and_lost(transition: &Transition, account: &str, management: &str) -> (Policies, Policies) {
    let (before, after) = (transition.before.reaching(account), transition.after.reaching(account));
    let felt = |ty: PolicyType| account != management || ty.reaches_management_account();
    let minus = |one: &Policies, two: &Policies| {
        one.iter()
            .filter(|(ty, _)| felt(**ty))
            .map(|(ty, policies)| {
                let others = two.get(ty);
                let left =
                    policies.iter().filter(|name| !others.is_some_and(|others| others.contains(*name)));
                (*ty, left.cloned().collect::<BTreeSet<_>>())
            })
            .filter(|(_, policies)| !policies.is_empty())
            .collect::<Policies>()
    };
    (minus(&after, &before), minus(&before, &after))
}

fn listed(policies: &Policies) -> String {
    if policies.is_empty() {
        return "no policy".into();
    }
    let names = policies
        .iter()
        .flat_map(|(ty, names)| names.iter().map(move |name| format!("`{ty}/{}`", printable(name))));
    names.collect::<Vec<_>>().join(", ")
}
