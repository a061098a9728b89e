//! How dangerous a change is, and the plan counted: what a reader sees first.

use crate::change::{Action, Change, KNOWN_AFTER_APPLY, Verb};
use crate::estimate::{Estimate, estimate};
use crate::kind::key::KeyStanding;
use crate::plan::Plan;
use crate::setting;
use crate::spec::Spec;
use glidepath_model::Address;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How dangerous a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Danger {
    /// It only adds, or only concerns tags.
    None,
    /// It changes what reaches accounts that exist.
    Caution,
    /// It takes something away, or somebody has to consent to it by name.
    Dangerous,
}

impl Danger {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Caution => "caution",
            Self::Dangerous => "dangerous",
        }
    }
}

/// A plan counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Changes by kind, then by what happens.
    pub kinds: BTreeMap<&'static str, BTreeMap<Verb, usize>>,
    /// Changes by danger.
    pub dangers: BTreeMap<Danger, usize>,
    /// Changes held back because something was not read.
    pub withheld: usize,
    /// What it costs to carry out.
    pub estimate: Estimate,
}

impl Summary {
    /// Counts a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let mut kinds: BTreeMap<&'static str, BTreeMap<Verb, usize>> = BTreeMap::new();
        for change in &plan.changes {
            *kinds.entry(change.address.kind()).or_default().entry(change.action.verb()).or_default() += 1;
        }
        let mut counted = BTreeMap::new();
        for danger in dangers(plan).into_values() {
            *counted.entry(danger).or_default() += 1;
        }
        Self { kinds, dangers: counted, withheld: plan.withheld.len(), estimate: estimate(plan) }
    }
}

/// The danger of each change of a plan.
#[must_use]
pub fn dangers(plan: &Plan) -> BTreeMap<&Address, Danger> {
    let created: BTreeSet<&Address> = plan
        .changes
        .iter()
        .filter(|change| change.action.verb() == Verb::Create)
        .map(|change| &change.address)
        .collect();
    let gated: BTreeSet<&Address> =
        plan.gates.iter().filter(|gate| !gate.name.is_creation()).flat_map(|gate| &gate.addresses).collect();
    plan.changes
        .iter()
        .map(|change| {
            let danger =
                if gated.contains(&change.address) { Danger::Dangerous } else { alone(change, &created) };
            (&change.address, danger)
        })
        .collect()
}

fn alone(change: &Change, created: &BTreeSet<&Address>) -> Danger {
    match &change.action {
        Action::Create { after: Spec::Attachment(_) } => match &change.address {
            Address::Attachment { target, .. } if created.contains(&target.address()) => Danger::None,
            _ => Danger::Caution,
        },
        Action::Create {
            after:
                Spec::TrustedAccess(_)
                | Spec::DelegatedAdministrator(_)
                | Spec::ResourcePolicy(_)
                | Spec::RootAccess(_)
                | Spec::Stack(_)
                | Spec::StackSetTargets(_)
                | Spec::Membership(_)
                | Spec::AccessControlAttributes(_)
                | Spec::Assignments(_),
        } => Danger::Caution,
        Action::Create { .. } => Danger::None,
        Action::Update { before, after, .. } | Action::Adopt { before, after, .. } => reaches(before, after),
        Action::Delete { physical, .. } if physical == KNOWN_AFTER_APPLY => Danger::Caution,
        Action::Delete { .. } => Danger::Dangerous,
        Action::Forget { .. } => Danger::Caution,
    }
}

/// Whether an update reaches further than tags, names and descriptions.
fn reaches(before: &Spec, after: &Spec) -> Danger {
    match (before, after) {
        (Spec::Account(old), Spec::Account(new)) if new.closed && !old.closed => Danger::Dangerous,
        (Spec::Account(old), Spec::Account(new)) if new.unit != old.unit => Danger::Caution,
        (Spec::Policy(old), Spec::Policy(new)) if new.document != old.document => Danger::Caution,
        (Spec::ResourcePolicy(old), Spec::ResourcePolicy(new)) if new.document != old.document => {
            Danger::Caution
        }
        (Spec::StackSet(_) | Spec::Stack(_), _) => Danger::Caution,
        (Spec::StackSetTargets(old), Spec::StackSetTargets(new)) => {
            // Stacks that go take with them what their templates do not retain.
            if old.members.is_subset(&new.members) { Danger::Caution } else { Danger::Dangerous }
        }
        (Spec::Key(old), Spec::Key(new))
            if new.standing == KeyStanding::Retiring && old.standing != new.standing =>
        {
            Danger::Dangerous
        }
        (Spec::Key(old), Spec::Key(new)) if new.document != old.document || new.standing != old.standing => {
            Danger::Caution
        }
        (Spec::PermissionSet(old), Spec::PermissionSet(new)) => {
            let same = old.says_the_same(new) && old.not_provisioned == new.not_provisioned;
            if same { Danger::None } else { Danger::Caution }
        }
        (Spec::Assignments(old), Spec::Assignments(new)) => {
            if old.members.is_subset(&new.members) {
                Danger::Caution
            } else {
                Danger::Dangerous
            }
        }
        (Spec::Membership(old), Spec::Membership(new)) => {
            if old.members.is_subset(&new.members) {
                Danger::Caution
            } else {
                Danger::Dangerous
            }
        }
        (Spec::AccountSettings(old), Spec::AccountSettings(new)) => {
            if setting::steps(old, new).iter().any(setting::Setting::weakens) {
                Danger::Dangerous
            } else {
                Danger::Caution
            }
        }
        (Spec::Organization(_) | Spec::AccessControlAttributes(_), _) => Danger::Caution,
        _ => Danger::None,
    }
}
