//! How far a new account has come: the stages that it goes through until it can be given away, and what each waits for.
//!
//! The first four are told by the account's own change as it goes on; the others follow from what became of the plan's
//! other changes, and from nothing else.

use crate::baselines::Brought;
use crate::receipt::Receipt;
use glidepath_model::{Address, Target};
use glidepath_plan::kind::account::{self, AccountSpec};
use glidepath_plan::kind::assignments::turned;
use glidepath_plan::{Change, Desired, LandingZone, Plan, Spec};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A stage of a new account, in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// It exists.
    Created,
    /// Its Regions are enabled.
    RegionsEnabled,
    /// It is in its unit.
    Moved,
    /// Its access role can be entered.
    Entered,
    /// The stacks that it is to have are there.
    Baselines,
    /// What else hangs on it is there: its settings, policies on it alone, keys, services that it administers.
    Settings,
    /// Whoever is to sign in there can.
    Access,
}

impl Stage {
    /// The words for it, in lower case.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::RegionsEnabled => "Regions enabled",
            Self::Moved => "in its unit",
            Self::Entered => "role can be entered",
            Self::Baselines => "baselines deployed",
            Self::Settings => "settings made",
            Self::Access => "access given",
        }
    }
}

/// How a stage stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum StageState {
    /// It is reached.
    Done,
    /// AWS brings it about by itself, and was not done when the run ended.
    LeftToAws {
        /// What AWS makes.
        addresses: Vec<Address>,
    },
    /// It was not tried, or has not come to its end.
    Waits {
        /// For these.
        addresses: Vec<Address>,
    },
    /// Something failed that belongs to it; the receipt's `failed` says why.
    Failed {
        /// What failed.
        addresses: Vec<Address>,
    },
}

/// One stage of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StageReport {
    /// The stage.
    pub stage: Stage,
    /// How it stands.
    pub state: StageState,
}

/// How far one new account has come. Stages that have nothing to do are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Readiness {
    /// The account.
    pub account: Address,
    /// Its stages, in order.
    pub stages: Vec<StageReport>,
}

impl Readiness {
    /// Whether it can be given away: every stage is reached.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.stages.iter().all(|report| report.state == StageState::Done)
    }
}

/// Whether a change brings an account to its unit for the first time.
pub(crate) fn is_arrival(change: &Change) -> bool {
    account::is_arrival(change.action.before(), change.action.after())
}

/// An account that arrives.
struct Newcomer<'a> {
    address: &'a Address,
    name: &'a str,
    spec: &'a AccountSpec,
}

fn newcomers(plan: &Plan) -> impl Iterator<Item = Newcomer<'_>> {
    plan.changes.iter().filter(|change| is_arrival(change)).filter_map(|change| {
        match (&change.address, change.action.after()) {
            (address @ Address::Account(name), Some(Spec::Account(spec))) => {
                Some(Newcomer { address, name, spec })
            }
            _ => None,
        }
    })
}

/// What has become of changes so far.
#[derive(Default)]
struct Fates<'a> {
    done: BTreeSet<&'a Address>,
    failed: BTreeSet<&'a Address>,
}

impl<'a> Fates<'a> {
    fn of(receipt: &'a Receipt) -> Self {
        let open: BTreeSet<&Address> = receipt.not_converged.iter().map(|left| &left.address).collect();
        let done = receipt.done.iter().map(|done| &done.address);
        Self {
            done: done.filter(|address| !open.contains(address)).collect(),
            failed: receipt.failed.iter().map(|failed| &failed.address).collect(),
        }
    }

    fn state(&self, addresses: &BTreeSet<&Address>) -> StageState {
        let owned = |kept: Vec<&&Address>| kept.into_iter().map(|address| (*address).clone()).collect();
        let failed: Vec<_> = addresses.iter().filter(|address| self.failed.contains(*address)).collect();
        let open: Vec<_> = addresses.iter().filter(|address| !self.done.contains(*address)).collect();
        match (failed.is_empty(), open.is_empty()) {
            (false, _) => StageState::Failed { addresses: owned(failed) },
            (true, false) => StageState::Waits { addresses: owned(open) },
            (true, true) => StageState::Done,
        }
    }
}

/// How far every new account of a plan has come: what its own change told, and what became of the others.
#[must_use]
pub fn readiness(
    (zone, plan): (&LandingZone, &Plan),
    reached: &BTreeMap<Address, BTreeSet<Stage>>,
    receipt: &Receipt,
    brought: &Brought,
) -> Vec<Readiness> {
    let fates = Fates::of(receipt);
    let none = BTreeSet::new();
    newcomers(plan)
        .map(|newcomer| {
            let told = reached.get(newcomer.address).unwrap_or(&none);
            let mut stages = newcomer.own(plan, told, &fates, receipt);
            for stage in [Stage::Baselines, Stage::Settings, Stage::Access] {
                let changes = newcomer.changes(plan, stage);
                let aws =
                    if stage == Stage::Baselines { newcomer.left_to_aws(zone, plan) } else { Vec::new() };
                if changes.is_empty() && aws.is_empty() {
                    continue;
                }
                let is_in = |kept: &BTreeSet<(Address, Address)>, set: &Address| {
                    kept.contains(&(newcomer.address.clone(), set.clone()))
                };
                let (failed, aws): (Vec<Address>, Vec<Address>) =
                    aws.into_iter().partition(|set| is_in(&brought.failed, set));
                let left: Vec<Address> = aws.into_iter().filter(|set| !is_in(&brought.there, set)).collect();
                let state = match fates.state(&changes) {
                    StageState::Done if !failed.is_empty() => StageState::Failed { addresses: failed },
                    StageState::Done if !left.is_empty() => StageState::LeftToAws { addresses: left },
                    state => state,
                };
                stages.push(StageReport { stage, state });
            }
            Readiness { account: newcomer.address.clone(), stages }
        })
        .collect()
}

/// What AWS makes by itself in an account that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Awaited {
    /// The account's name in the manifest.
    pub(crate) account: String,
    /// The stack set's name.
    pub(crate) set: String,
    /// The Regions.
    pub(crate) regions: BTreeSet<String>,
}

impl Awaited {
    /// The account, and the targets of the stack set.
    pub(crate) fn key(&self) -> (Address, Address) {
        (Address::Account(self.account.clone()), Address::StackSetTargets(self.set.clone()))
    }
}

/// What AWS makes by itself in the accounts that have arrived by now.
pub(crate) fn awaited(zone: &LandingZone, plan: &Plan, receipt: &Receipt) -> Vec<Awaited> {
    let arrived: BTreeSet<&Address> = receipt.done.iter().map(|done| &done.address).collect();
    let newcomers = newcomers(plan).filter(|newcomer| arrived.contains(newcomer.address));
    let each = newcomers.flat_map(|newcomer| {
        let sets = newcomer.left_to_aws(zone, plan).into_iter();
        sets.filter_map(|address| {
            let Some(Desired::Present(Spec::StackSetTargets(targets))) = zone.desired.get(&address) else {
                return None;
            };
            let Address::StackSetTargets(set) = address else { return None };
            let here = targets.members.iter().filter(|member| newcomer.is_at(&member.target));
            let regions = here.map(|member| member.region.clone()).collect();
            Some(Awaited { account: newcomer.name.to_owned(), set, regions })
        })
        .collect::<Vec<_>>()
    });
    each.collect()
}

/// The stages that new accounts come to by a change that was just done.
pub(crate) fn reached_by(plan: &Plan, change: &Change, receipt: &Receipt) -> Vec<(Address, Stage)> {
    let fates = Fates::of(receipt);
    newcomers(plan)
        .filter_map(|newcomer| {
            let stage = newcomer.stage_of(change)?;
            let done = fates.state(&newcomer.changes(plan, stage)) == StageState::Done;
            done.then(|| (newcomer.address.clone(), stage))
        })
        .collect()
}

impl Newcomer<'_> {
    /// The stages of the account's own change: the first that was not reached is where it stands.
    fn own(
        &self,
        plan: &Plan,
        told: &BTreeSet<Stage>,
        fates: &Fates<'_>,
        receipt: &Receipt,
    ) -> Vec<StageReport> {
        let regions = (!self.spec.regions.is_empty()).then_some(Stage::RegionsEnabled);
        let moved = (!self.spec.unit.is_root()).then_some(Stage::Moved);
        let wanted = [Some(Stage::Created), regions, moved, Some(Stage::Entered)];
        let existed = plan.change(self.address).is_some_and(|change| change.action.before().is_some());
        let mut failed = fates.failed.contains(self.address);
        let own = || vec![self.address.clone()];
        let skipped = receipt.skipped.iter().find(|skipped| skipped.address == *self.address);
        let waits_for = || match skipped.map(|skipped| &skipped.because) {
            Some(crate::receipt::SkipReason::WaitsFor { addresses }) => addresses.clone(),
            Some(_) | None => own(),
        };
        let mut state = |stage: Stage| {
            if told.contains(&stage) || (stage == Stage::Created && existed) {
                StageState::Done
            } else if std::mem::take(&mut failed) {
                StageState::Failed { addresses: own() }
            } else {
                StageState::Waits { addresses: waits_for() }
            }
        };
        wanted.into_iter().flatten().map(|stage| StageReport { stage, state: state(stage) }).collect()
    }

    /// The plan's changes that belong to a stage.
    fn changes<'p>(&self, plan: &'p Plan, stage: Stage) -> BTreeSet<&'p Address> {
        let belongs = |change: &&Change| self.stage_of(change) == Some(stage);
        plan.changes.iter().filter(belongs).map(|change| &change.address).collect()
    }

    /// The stage that a change belongs to, if it is about this account.
    fn stage_of(&self, change: &Change) -> Option<Stage> {
        let after = change.action.after()?;
        match &change.address {
            Address::StackSetTargets(_) => self.is_brought_by(change).then_some(Stage::Baselines),
            Address::Assignments { .. } => {
                turned(&change.action).0.contains(self.name).then_some(Stage::Access)
            }
            Address::Attachment { target: Target::Account(name), .. }
            | Address::DelegatedAdministrator { account: name, .. }
            | Address::AccountSettings(name) => (name == self.name).then_some(Stage::Settings),
            Address::Key(_) => {
                matches!(after, Spec::Key(key) if key.account == self.name).then_some(Stage::Settings)
            }
            Address::Organization
            | Address::PolicyType(_)
            | Address::Unit(_)
            | Address::Account(_)
            | Address::TrustedAccess(_)
            | Address::ResourcePolicy
            | Address::RootAccess(_)
            | Address::Policy { .. }
            | Address::Attachment { .. }
            | Address::StackSet(_)
            | Address::Stack { .. }
            | Address::Group(_)
            | Address::User(_)
            | Address::Membership(_)
            | Address::AccessControlAttributes
            | Address::PermissionSet(_)
            | Address::Assignment { .. } => None,
        }
    }

    /// Whether a stack set comes to this account by the change itself, not by AWS afterwards.
    fn is_brought_by(&self, change: &Change) -> bool {
        let Some(Spec::StackSetTargets(after)) = change.action.after() else { return false };
        let before = match change.action.before() {
            Some(Spec::StackSetTargets(before)) => before.members.clone(),
            Some(_) | None => BTreeSet::new(),
        };
        after.members.difference(&before).any(|member| self.is_at(&member.target))
    }

    fn is_at(&self, target: &Target) -> bool {
        match target {
            Target::Unit(path) => self.spec.unit.is_within(path),
            Target::Account(name) => name == self.name,
        }
    }

    /// The stack sets whose stacks AWS makes in it by itself, since it came to a unit that has them.
    fn left_to_aws(&self, zone: &LandingZone, plan: &Plan) -> Vec<Address> {
        let follows = |name: &String| {
            let set = zone.desired.get(&Address::StackSet(name.clone()));
            matches!(set, Some(Desired::Present(Spec::StackSet(set))) if set.auto_deployment.is_some())
        };
        zone.desired
            .iter()
            .filter_map(|(address, desired)| match (address, desired) {
                (Address::StackSetTargets(name), Desired::Present(Spec::StackSetTargets(targets))) => {
                    let here = targets.members.iter().any(|member| self.is_at(&member.target));
                    let brought = plan.change(address).is_some_and(|change| self.is_brought_by(change));
                    (here && !brought && follows(name)).then(|| address.clone())
                }
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::{Done, Failed};
    use glidepath_plan::Verb;

    fn done(address: &Address) -> Done {
        Done { address: address.clone(), verb: Verb::Create, physical: None, notes: Vec::new() }
    }

    #[test]
    fn a_failure_outweighs_what_is_open_and_what_is_open_outweighs_what_is_done() {
        let (a, b) = (Address::Account("a".into()), Address::Account("b".into()));
        let both = BTreeSet::from([&a, &b]);
        let mut receipt = Receipt { done: vec![done(&a)], ..Receipt::default() };
        assert_eq!(Fates::of(&receipt).state(&both), StageState::Waits { addresses: vec![b.clone()] });
        receipt.failed.push(Failed { address: b.clone(), verb: Verb::Create, error: String::new() });
        assert_eq!(Fates::of(&receipt).state(&both), StageState::Failed { addresses: vec![b.clone()] });
        let receipt = Receipt { done: vec![done(&a), done(&b)], ..Receipt::default() };
        assert_eq!(Fates::of(&receipt).state(&both), StageState::Done);
    }
}
