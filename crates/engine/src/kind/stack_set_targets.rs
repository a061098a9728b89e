//! Where a stack set has stacks: stacks made, mended and deleted by operations, one after the other, as few as
//! the Regions of the targets allow.

use super::stack_set::preferences;
use super::{Step, Task};
use crate::operation::{self, Called};
use crate::room;
use crate::work::{Outcome, Problem, Work};
use glidepath_aws::cloudformation::{Reader, Targets, Writer};
use glidepath_model::{AccountId, Address, NodeId, Target, UnitPath};
use glidepath_plan::deployment::Member;
use glidepath_plan::kind::stack_set_targets::{INOPERABLE, MISSING, StackSetTargetsSpec, trace};
use std::collections::{BTreeMap, BTreeSet};

/// Units of one call, the most that AWS takes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html>
const UNITS: usize = 50;
/// Accounts of one call; AWS names no limit, and a request of this many is small.
const ACCOUNTS: usize = 500;

pub(crate) async fn perform(task: Task<'_, StackSetTargetsSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::StackSetTargets(name) = address else { return Err(Problem::NoId(address.clone())) };
    let (reader, writer) = work.cloudformation(&work.zone.home)?;
    let hand = Hand { work, address, reader: &reader, writer: &writer, name };
    let none = StackSetTargetsSpec::default();
    match step {
        Step::Create { after } => hand.converge(&none, after).await?,
        Step::Update { before, after, .. } | Step::Adopt { before, after, .. } => {
            hand.converge(before, after).await?;
        }
        Step::Delete { before, .. } => hand.converge(before, &none).await?,
        Step::Forget { .. } => {}
    }
    Ok(Outcome::of(name.as_str()))
}

/// What one change of targets is made with.
struct Hand<'a> {
    work: &'a Work<'a>,
    address: &'a Address,
    reader: &'a Reader,
    writer: &'a Writer,
    name: &'a str,
}

/// What an operation does to stacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Make,
    Mend,
    Remove,
}

impl Act {
    fn word(self) -> &'static str {
        match self {
            Self::Make => "make",
            Self::Mend => "mend",
            Self::Remove => "remove",
        }
    }
}

/// One operation on stacks.
struct Operation {
    act: Act,
    targets: Targets,
    regions: BTreeSet<String>,
}

impl Hand<'_> {
    async fn converge(
        &self,
        before: &StackSetTargetsSpec,
        after: &StackSetTargetsSpec,
    ) -> Result<(), Problem> {
        let come: BTreeSet<&Member> = after.members.difference(&before.members).collect();
        let mut operations = self.removals(before, after).await?;
        let begun_later = operations.len();
        operations.extend(self.made(&come, after)?);
        operations.extend(self.made_again(before, after)?);
        let trouble = self.trouble(before, &come, after);
        operations.extend(self.batches(Act::Mend, &trouble.iter().collect())?);
        let account = |name: &str| self.work.account(name).ok();
        let trace = trace(&after.members, account);
        let last = operations.iter().rposition(|operation| operation.act != Act::Mend);
        for (at, operation) in operations.iter().enumerate() {
            if at == begun_later && !come.is_empty() {
                operation::first(self.work, self.address, &after.after).await?;
                self.make_room(after).await?;
            }
            self.operate(operation, trace.as_deref().filter(|_| Some(at) == last)).await?;
        }
        Ok(())
    }

    /// Takes away what is there once where a stack is to make its own, as somebody consented.
    async fn make_room(&self, after: &StackSetTargetsSpec) -> Result<(), Problem> {
        for (member, singletons) in &after.replaces {
            let member = serde_json::from_value::<Member>(member.clone().into());
            if let Ok(Member { target: Target::Account(name), region }) = member {
                room::make(self.work, &self.work.account(&name)?, &region, singletons).await?;
            }
        }
        Ok(())
    }

    /// What has to go, as operations.
    async fn removals(
        &self,
        before: &StackSetTargetsSpec,
        after: &StackSetTargetsSpec,
    ) -> Result<Vec<Operation>, Problem> {
        let gone = before.members.difference(&after.members);
        let (units_gone, accounts_gone): (BTreeSet<&Member>, BTreeSet<&Member>) =
            gone.partition(|member| matches!(member.target, Target::Unit(_)));
        let names_accounts = after.members.iter().any(|member| matches!(member.target, Target::Account(_)));
        let mut operations = Vec::new();
        if names_accounts && !units_gone.is_empty() {
            // Units give way to single accounts: stacks that stay are not touched.
            operations.extend(self.narrow(&units_gone, after).await?);
        } else if !units_gone.is_empty() || (!names_accounts && !accounts_gone.is_empty()) {
            let left = self.unwanted_units(after).await?;
            operations.extend(self.batches(Act::Remove, &left.iter().collect())?);
        }
        // An account whose unit is a target now keeps its stack.
        let kept = |member: &&Member| after.members.iter().any(|wanted| self.covers(wanted, member));
        let accounts_gone = accounts_gone.into_iter().filter(|member| !kept(member)).collect();
        operations.extend(self.batches(Act::Remove, &accounts_gone)?);
        Ok(operations)
    }

    /// The stacks of new members, but those of accounts in units that are spared one: these are left out of the
    /// operation of their unit.
    fn made(&self, come: &BTreeSet<&Member>, after: &StackSetTargetsSpec) -> Result<Vec<Operation>, Problem> {
        let spares = |member: &&Member| after.spared.iter().any(|spared| self.covers(member, spared));
        let (sparing, whole): (BTreeSet<&Member>, BTreeSet<&Member>) = come.iter().copied().partition(spares);
        let mut operations = self.batches(Act::Make, &whole)?;
        for unit in sparing {
            let spared = after.spared.iter().filter(|spared| self.covers(unit, spared));
            let accounts = spared.filter_map(|spared| match &spared.target {
                Target::Account(name) => Some(self.work.account(name)),
                Target::Unit(_) => None,
            });
            let accounts = accounts.collect::<Result<Vec<AccountId>, Problem>>()?;
            let units = vec![self.work.node(&unit.target)?.to_string()];
            let targets = Targets::UnitsWithout { units, accounts };
            let regions = BTreeSet::from([unit.region.clone()]);
            operations.push(Operation { act: Act::Make, targets, regions });
        }
        Ok(operations)
    }

    /// The stacks that accounts lack although their unit is a target: made in the name of that unit, so that no
    /// other one becomes a target by it.
    fn made_again(
        &self,
        before: &StackSetTargetsSpec,
        after: &StackSetTargetsSpec,
    ) -> Result<Vec<Operation>, Problem> {
        let mut lacking: BTreeMap<(String, String), Vec<AccountId>> = BTreeMap::new();
        for member in self.told(before, |state| state == MISSING) {
            let unit = after.members.iter().find(|wanted| self.covers(wanted, &member));
            if let (Some(unit), Target::Account(name)) = (unit, &member.target) {
                let unit = self.work.node(&unit.target)?.to_string();
                lacking.entry((unit, member.region)).or_default().push(self.work.account(name)?);
            }
        }
        let mut operations = Vec::new();
        for ((unit, region), accounts) in lacking {
            for accounts in accounts.chunks(ACCOUNTS) {
                let targets = Targets::Accounts { units: vec![unit.clone()], accounts: accounts.to_vec() };
                let regions = BTreeSet::from([region.clone()]);
                operations.push(Operation { act: Act::Make, targets, regions });
            }
        }
        Ok(operations)
    }

    /// The stacks that an update may mend: those that failed or were not reached, and are wanted. What AWS holds
    /// inoperable is told of and left to people.
    fn trouble(
        &self,
        before: &StackSetTargetsSpec,
        come: &BTreeSet<&Member>,
        after: &StackSetTargetsSpec,
    ) -> BTreeSet<Member> {
        let wanted = |member: &Member| {
            !come.contains(member)
                && after.members.iter().any(|wanted| wanted == member || self.covers(wanted, member))
        };
        let mendable = |state: &str| state != INOPERABLE && state != MISSING;
        self.told(before, mendable).into_iter().filter(wanted).collect()
    }

    /// The stacks of which the plan told this.
    fn told(&self, before: &StackSetTargetsSpec, state: impl Fn(&str) -> bool) -> Vec<Member> {
        let told = before.trouble.iter().filter(|(_, told)| state(told));
        told.filter_map(|(text, _)| serde_json::from_value::<Member>(text.clone().into()).ok()).collect()
    }

    /// Whether a unit that is a target has this account or unit below it, in the same Region.
    fn covers(&self, unit: &Member, below: &Member) -> bool {
        let Target::Unit(path) = &unit.target else { return false };
        let home = match &below.target {
            Target::Unit(below) => below.parent(),
            Target::Account(name) => self.work.zone.accounts.get(name).map(|account| account.unit.clone()),
        };
        unit.region == below.region && home.is_some_and(|home| home.ancestry().any(|above| above == *path))
    }

    /// The units that AWS looks after and that are neither wanted nor below one that is. Those below keep their
    /// stacks by it. AWS also remembers units whose accounts were once named one by one, so that more of them come
    /// to light when it begins to look after units.
    async fn unwanted_units(&self, after: &StackSetTargetsSpec) -> Result<BTreeSet<Member>, Problem> {
        let mut left = BTreeSet::new();
        for listed in self.reader.list_auto_deployment_targets(self.name).await? {
            let Some(target) = self.work.unit(&listed.unit) else { continue };
            for region in listed.regions {
                let member = Member { target: target.clone(), region };
                let wanted = |wanted: &Member| *wanted == member || self.covers(wanted, &member);
                if !after.members.iter().any(wanted) {
                    left.insert(member);
                }
            }
        }
        Ok(left)
    }

    /// The removal of the stacks of units but for those of accounts that stay targets.
    async fn narrow(
        &self,
        units: &BTreeSet<&Member>,
        after: &StackSetTargetsSpec,
    ) -> Result<Vec<Operation>, Problem> {
        let mut stay: BTreeSet<(String, &str)> = BTreeSet::new();
        for member in &after.members {
            if let Target::Account(name) = &member.target
                && let Ok(id) = self.work.account(name)
            {
                stay.insert((id.to_string(), &member.region));
            }
        }
        let mut regions: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for unit in units {
            regions.entry(self.work.node(&unit.target)?.to_string()).or_default().insert(&unit.region);
        }
        let mut going: BTreeMap<(String, String), BTreeSet<AccountId>> = BTreeMap::new();
        for instance in self.reader.list_stack_instances(self.name).await? {
            let Some(unit) = instance.unit else { continue };
            let leaves = regions.get(&unit).is_some_and(|regions| regions.contains(instance.region.as_str()));
            if leaves && !stay.contains(&(instance.account.to_string(), &instance.region)) {
                going.entry((unit, instance.region)).or_default().insert(instance.account);
            }
        }
        let removal = |((unit, region), accounts): ((String, String), BTreeSet<AccountId>)| Operation {
            act: Act::Remove,
            targets: Targets::Accounts { units: vec![unit], accounts: accounts.into_iter().collect() },
            regions: BTreeSet::from([region]),
        };
        Ok(going.into_iter().map(removal).collect())
    }

    /// One operation for all members that have the same Regions.
    fn batches(&self, act: Act, members: &BTreeSet<&Member>) -> Result<Vec<Operation>, Problem> {
        let mut regions: BTreeMap<&Target, BTreeSet<String>> = BTreeMap::new();
        for member in members {
            regions.entry(&member.target).or_default().insert(member.region.clone());
        }
        let mut batches: BTreeMap<BTreeSet<String>, (Vec<&Target>, Vec<&Target>)> = BTreeMap::new();
        for (target, regions) in regions {
            let (units, accounts) = batches.entry(regions).or_default();
            match target {
                Target::Unit(_) => units.push(target),
                Target::Account(_) => accounts.push(target),
            }
        }
        let mut operations = Vec::new();
        for (regions, (units, accounts)) in batches {
            for units in units.chunks(UNITS) {
                let ids: Result<Vec<String>, Problem> =
                    units.iter().map(|unit| Ok(self.work.node(unit)?.to_string())).collect();
                let targets = Targets::Units(ids?);
                operations.push(Operation { act, targets, regions: regions.clone() });
            }
            for accounts in accounts.chunks(ACCOUNTS) {
                let targets = self.accounts(accounts)?;
                operations.push(Operation { act, targets, regions: regions.clone() });
            }
        }
        Ok(operations)
    }

    /// Single accounts, with the units they are in.
    fn accounts(&self, targets: &[&Target]) -> Result<Targets, Problem> {
        let (mut units, mut accounts) = (BTreeSet::new(), Vec::new());
        for target in targets {
            let NodeId::Account(id) = self.work.node(target)? else { continue };
            accounts.push(id);
            units.insert(self.work.node(&Target::Unit(self.home(target)))?.to_string());
        }
        Ok(Targets::Accounts { units: units.into_iter().collect(), accounts })
    }

    /// The unit of an account; the root for one that the manifest does not place, since it is above all.
    fn home(&self, target: &Target) -> UnitPath {
        let Target::Account(name) = target else { return UnitPath::root() };
        self.work.zone.accounts.get(name).map(|account| account.unit.clone()).unwrap_or_default()
    }

    async fn operate(&self, operation: &Operation, trace: Option<&str>) -> Result<(), Problem> {
        let preferences = &preferences();
        let Operation { act, targets, regions } = operation;
        let step = format!("{} {targets:?} {regions:?}", act.word());
        let (name, to) = (self.name, (targets, regions));
        let called = Called { set: name, step: &step, trace };
        operation::carried_out(self.work, self.address, self.reader, called, async |id| {
            let begun = match act {
                Act::Make => self.writer.create_stack_instances(name, to, preferences, &id).await,
                Act::Mend => self.writer.update_stack_instances(name, to, preferences, &id).await,
                Act::Remove => self.writer.delete_stack_instances(name, to, preferences, &id).await,
            };
            Ok(begun?)
        })
        .await
    }
}
