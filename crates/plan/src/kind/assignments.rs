//! The accounts in which a group or user has a permission set: a set resource whose members are accounts. It carries no
//! tags: it is ours if its permission set is.
//!
//! The management account is a member only where the manifest names it.

use crate::guardrail::exception::selects;
use crate::kind::delegated_administrator::IDENTITY_CENTER;
use crate::ownership::Ownership;
use crate::spec::{Desired, Leaving, Observed, Spec};
use crate::world::World;
use glidepath_manifest::manifest::{AssignmentLine, Manifest};
use glidepath_manifest::{Diagnostic, Spanned, code};
use glidepath_model::{Address, Date, Principal, Selector};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many days before its end an assignment is told of.
const SOON_DAYS: i64 = 14;
/// Permission sets in one account, and groups that have one of them there.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
const SETS_IN_ACCOUNT: usize = 500;
const GROUPS_OF_SET: usize = 100;

/// Assignments; permission set and principal are the address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AssignmentsSpec {
    /// The accounts, by name.
    pub members: BTreeSet<String>,
    /// What has to be in the accounts before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub after: BTreeSet<Address>,
}

/// Access that was given until a day that has passed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ended {
    /// The permission set's name.
    pub permission_set: String,
    /// Who had it.
    pub principal: Principal,
    /// The account's name.
    pub account: String,
    /// The last day.
    pub until: Date,
}

/// What the lines of the manifest come to on a day.
#[derive(Debug, Default)]
pub struct Assigned {
    /// What is wanted.
    pub desired: Vec<(Address, Desired)>,
    /// What is over.
    pub ended: BTreeSet<Ended>,
    /// What is worth knowing, and what AWS would refuse.
    pub findings: Vec<Diagnostic>,
}

/// Every pair of permission set and principal that the manifest speaks of. `sets` is what it wants of permission sets.
#[must_use]
pub fn assigned(manifest: &Manifest, sets: &[(Address, Desired)], today: Date) -> Assigned {
    let mut all = Assigned::default();
    let Some(identity) = &manifest.identity else { return all };
    let after: BTreeMap<&Address, &BTreeSet<Address>> = sets
        .iter()
        .filter_map(|(address, desired)| match desired {
            Desired::Present(Spec::PermissionSet(spec)) => Some((address, &spec.after)),
            _ => None,
        })
        .collect();
    let mut wanted: BTreeMap<(String, Principal), BTreeSet<String>> = BTreeMap::new();
    let mut over: BTreeSet<Ended> = BTreeSet::new();
    for line in &identity.assignments {
        let key = (line.permission_set.value.clone(), line.principal.value.clone());
        let accounts = accounts(manifest, line);
        let members = wanted.entry(key).or_default();
        match line.until.as_ref().map(|until| (until, days_left(until.value, today))) {
            Some((until, left)) if left < 0 => {
                all.findings.push(ended(line, until));
                over.extend(accounts.into_iter().map(|account| Ended {
                    permission_set: line.permission_set.value.clone(),
                    principal: line.principal.value.clone(),
                    account,
                    until: until.value,
                }));
            }
            Some((until, left)) => {
                all.findings.extend((left <= SOON_DAYS).then(|| ending(line, until, left)));
                members.extend(accounts);
            }
            None => members.extend(accounts),
        }
    }
    all.findings.extend(too_many(&wanted, manifest));
    over.retain(|ended| {
        let key = (ended.permission_set.clone(), ended.principal.clone());
        wanted.get(&key).is_none_or(|members| !members.contains(&ended.account))
    });
    all.ended = over;
    for ((permission_set, principal), members) in wanted {
        let set = Address::PermissionSet(permission_set.clone());
        let address = Address::Assignments { permission_set, principal };
        let desired = if members.is_empty() {
            Desired::Absent
        } else {
            let after = after.get(&set).map(|after| (*after).clone()).unwrap_or_default();
            Desired::Present(Spec::Assignments(AssignmentsSpec { members, after }))
        };
        all.desired.push((address, desired));
    }
    all
}

/// The accounts that a line reaches, by name. What is under quarantine, or is to be closed, is reached by those who
/// respond.
fn accounts(manifest: &Manifest, line: &AssignmentLine) -> BTreeSet<String> {
    let management = &manifest.organization.management.name.value;
    let named = |selectors: &[Spanned<Selector>]| {
        selectors.iter().any(|one| matches!(&one.value, Selector::Account(name) if name == management))
    };
    let sets = manifest.identity.as_ref().map(|identity| &identity.permission_sets);
    let responds =
        sets.and_then(|sets| sets.get(&line.permission_set.value)).is_some_and(|set| set.responder);
    let mut all: BTreeSet<String> = manifest
        .accounts
        .iter()
        .filter(|(_, account)| responds || !account.is_frozen())
        .filter(|(name, account)| {
            let reached = |selectors: &[Spanned<Selector>]| {
                selectors.iter().any(|one| selects(&one.value, name, &account.unit, account.tags.as_ref()))
            };
            reached(&line.on) && !reached(&line.except)
        })
        .map(|(name, _)| name.clone())
        .collect();
    if named(&line.on) && !named(&line.except) {
        all.insert(management.clone());
    }
    all
}

fn days_left(until: Date, today: Date) -> i64 {
    until.duration_since(today).as_hours() / 24
}

fn what(line: &AssignmentLine) -> String {
    format!("`{}` of `{}`", line.permission_set.value, line.principal.value)
}

fn ended(line: &AssignmentLine, until: &Spanned<Date>) -> Diagnostic {
    Diagnostic::new(code::ASSIGNMENT_OVER, format!("{} ended on {}", what(line), until.value))
        .at(until.span, "it is taken away")
        .help("apply and delete the line, or write a later day")
}

fn ending(line: &AssignmentLine, until: &Spanned<Date>, left: i64) -> Diagnostic {
    let when = match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    Diagnostic::new(code::ASSIGNMENT_ENDING, format!("{} ends {when}", what(line)))
        .at(until.span, "its last day")
        .help("see that it is no longer needed then, or write a later day")
}

/// Accounts with more permission sets, or more groups for one of them, than AWS takes.
fn too_many(
    wanted: &BTreeMap<(String, Principal), BTreeSet<String>>,
    manifest: &Manifest,
) -> Vec<Diagnostic> {
    let mut sets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for ((set, principal), members) in wanted {
        for account in members {
            sets.entry(account).or_default().insert(set);
            if let Principal::Group(_) = principal {
                *groups.entry((account, set)).or_default() += 1;
            }
        }
    }
    let complain = |summary: String| {
        let found = Diagnostic::new(code::ASSIGNED_TOO_MUCH, summary);
        let placed = match &manifest.identity {
            Some(identity) => found.at(identity.span, ""),
            None => found,
        };
        placed.help("give the account fewer, or put groups together in the directory")
    };
    let of_sets = sets.into_iter().filter(|(_, sets)| sets.len() > SETS_IN_ACCOUNT).map(|(account, sets)| {
        complain(format!("`{account}` has {} permission sets, {SETS_IN_ACCOUNT} at the most", sets.len()))
    });
    let of_groups =
        groups.into_iter().filter(|(_, groups)| *groups > GROUPS_OF_SET).map(|((account, set), groups)| {
            complain(format!("`{set}` has {groups} groups in `{account}`, {GROUPS_OF_SET} at the most"))
        });
    of_sets.chain(of_groups).collect()
}

/// The assignments of every permission set that is ours, or wanted and nobody's.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let center = &world.snapshot.identity_center;
    let mut members: BTreeMap<Address, (String, BTreeSet<String>)> = BTreeMap::new();
    for assignment in &center.assignments {
        let Some(set) = center.permission_sets.get(&assignment.permission_set) else { continue };
        let Some(account) = world.workable_account(&assignment.account) else { continue };
        let address = Address::Assignments {
            permission_set: set.name.clone(),
            principal: world.principal(&assignment.principal),
        };
        let (_, accounts) = members.entry(address).or_insert_with(|| (set.arn.clone(), BTreeSet::new()));
        accounts.insert(account.to_owned());
    }
    let mut found = Vec::new();
    for (address, (arn, members)) in members {
        let Some(set) = center.permission_sets.get(&arn) else { continue };
        let wanted = world.zone.desired.contains_key(&Address::PermissionSet(set.name.clone()));
        let (ownership, leaving) = match Ownership::of(Some(&set.tags), &world.zone.organization) {
            // The set is adopted, and its assignments with it.
            Ownership::Unclaimed if wanted => (Ownership::Ours, Leaving::Delete),
            Ownership::Unclaimed => (Ownership::Foreign, Leaving::Keep),
            other => (other, Leaving::Delete),
        };
        let after = match world.zone.desired.get(&address) {
            Some(Desired::Present(Spec::Assignments(wanted))) => wanted.after.clone(),
            Some(_) | None => BTreeSet::new(),
        };
        let spec = Spec::Assignments(AssignmentsSpec { members, after });
        found.push((address, Observed { physical: arn, spec, ownership, leaving }));
    }
    found
}

/// The permission set, who has it, the service's access to accounts, these, and what comes first in them.
#[must_use]
pub fn references(address: &Address, spec: &AssignmentsSpec) -> Vec<Address> {
    let Address::Assignments { permission_set, principal } = address else { return Vec::new() };
    let who = match principal {
        Principal::Group(name) => Address::Group(name.clone()),
        Principal::User(name) => Address::User(name.clone()),
    };
    let accounts = spec.members.iter().map(|name| Address::Account(name.clone()));
    let service = Address::TrustedAccess(IDENTITY_CENTER.to_owned());
    [Address::PermissionSet(permission_set.clone()), who, service]
        .into_iter()
        .chain(accounts)
        .chain(spec.after.iter().cloned())
        .collect()
}

/// The accounts in which a change gives and takes access.
#[must_use]
pub fn turned(action: &crate::change::Action) -> (BTreeSet<String>, BTreeSet<String>) {
    let members = |spec: Option<&Spec>| match spec {
        Some(Spec::Assignments(spec)) => spec.members.clone(),
        Some(_) | None => BTreeSet::new(),
    };
    let (before, after) = (members(action.before()), members(action.after()));
    (after.difference(&before).cloned().collect(), before.difference(&after).cloned().collect())
}
