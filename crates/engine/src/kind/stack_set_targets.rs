//! Where a stack set has stacks: stacks made, mended and deleted by operations, one after the other, as few as
//! the Regions of the targets allow.

use super::stack_set::preferences;
use super::{Step, Task};
use crate::operation;
use crate::work::{Outcome, Problem, Work};
use glidepath_aws::cloudformation::{Reader, Targets, Writer};
use glidepath_model::{AccountId, Address, NodeId, Target, UnitPath};
use glidepath_plan::deployment::Member;
use glidepath_plan::kind::stack_set_targets::StackSetTargetsSpec;
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

impl Hand<'_> {
    async fn converge(
        &self,
        before: &StackSetTargetsSpec,
        after: &StackSetTargetsSpec,
    ) -> Result<(), Problem> {
        let come: BTreeSet<&Member> = after.members.difference(&before.members).collect();
        let gone: BTreeSet<&Member> = before.members.difference(&after.members).collect();
        let (units_gone, accounts_gone): (BTreeSet<&Member>, BTreeSet<&Member>) =
            gone.into_iter().partition(|member| matches!(member.target, Target::Unit(_)));
        let names_accounts = after.members.iter().any(|member| matches!(member.target, Target::Account(_)));
        if names_accounts && !units_gone.is_empty() {
            // Units give way to single accounts: stacks that stay are not touched.
            self.narrow(&units_gone, after).await?;
        } else if !units_gone.is_empty() || (!names_accounts && !accounts_gone.is_empty()) {
            let left = self.unwanted_units(after).await?;
            self.act(Act::Remove, &left.iter().collect()).await?;
        }
        // An account whose unit is a target now keeps its stack.
        let kept = |member: &&Member| after.members.iter().any(|wanted| self.covers(wanted, member));
        let accounts_gone = accounts_gone.into_iter().filter(|member| !kept(member)).collect();
        self.act(Act::Remove, &accounts_gone).await?;
        if !come.is_empty() {
            operation::first(self.work, self.address, &after.after).await?;
        }
        self.act(Act::Make, &come).await?;
        let trouble = self.trouble(before, &come, after);
        self.act(Act::Mend, &trouble.iter().collect()).await
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
        let mendable = before.trouble.iter().filter(|(_, state)| *state != "inoperable");
        mendable
            .filter_map(|(text, _)| serde_json::from_value::<Member>(text.clone().into()).ok())
            .filter(wanted)
            .collect()
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

    /// Removes the stacks of units but for those of accounts that stay targets.
    async fn narrow(&self, units: &BTreeSet<&Member>, after: &StackSetTargetsSpec) -> Result<(), Problem> {
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
        for ((unit, region), accounts) in going {
            let targets = Targets::Accounts { units: vec![unit], accounts: accounts.into_iter().collect() };
            self.operate(Act::Remove, &targets, &BTreeSet::from([region])).await?;
        }
        Ok(())
    }

    /// One operation for all members that have the same Regions.
    async fn act(&self, act: Act, members: &BTreeSet<&Member>) -> Result<(), Problem> {
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
        for (regions, (units, accounts)) in batches {
            for units in units.chunks(UNITS) {
                let ids: Result<Vec<String>, Problem> =
                    units.iter().map(|unit| Ok(self.work.node(unit)?.to_string())).collect();
                self.operate(act, &Targets::Units(ids?), &regions).await?;
            }
            for accounts in accounts.chunks(ACCOUNTS) {
                self.operate(act, &self.accounts(accounts)?, &regions).await?;
            }
        }
        Ok(())
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

    async fn operate(&self, act: Act, targets: &Targets, regions: &BTreeSet<String>) -> Result<(), Problem> {
        let preferences = &preferences();
        let step = format!("{} {targets:?} {regions:?}", act.word());
        let (name, to) = (self.name, (targets, regions));
        operation::carried_out(self.work, self.address, self.reader, (name, &step), async |id| {
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
