//! Stacks of the management account: read by Region, changed by change sets whose content is looked at before
//! it is carried out.

use super::stack_set::{resolved, text_of};
use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::{Look, Scope};
use crate::operation;
use crate::room;
use crate::work::{Outcome, Problem, Work, short};
use glidepath_aws::cloudformation::{
    ChangeSet, ChangeSetOrder, ChangeSetState, Protection, Reader, ResourceAction, StackIs, Writer,
};
use glidepath_model::deployment::{DeployedStack, Stack};
use glidepath_model::text::printable;
use glidepath_model::{Address, regions};
use glidepath_plan::kind::stack::StackSpec;
use glidepath_plan::kind::stack_set::TRUSTED_SERVICE;
use glidepath_plan::kind::stack_set::{mark, template};
use glidepath_plan::ownership::Ownership;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long AWS is waited for to compare a template with a stack.
const COMPARING: Duration = Duration::from_secs(10 * 60);
/// How long a stack is waited for: as long as CloudFormation itself waits for most resources.
const STACK: Duration = Duration::from_secs(2 * 60 * 60);

/// What CloudFormation calls a stack whose update failed, and that came back to what it was.
const CAME_BACK: &str = "UPDATE_ROLLBACK_COMPLETE";
/// One whose way back failed, too.
const ROLLBACK_FAILED: &str = "UPDATE_ROLLBACK_FAILED";
/// What it calls a stack that it could not delete.
const DELETE_FAILED: &str = "DELETE_FAILED";

/// The management account's stacks, by Region and name, in the home Region, the control Region and wherever the
/// manifest wants some. Where neither the manifest wants any nor CloudFormation has access to the organization,
/// there is nothing of ours to find.
pub(crate) async fn read(
    look: &Look<'_>,
    trusted: &BTreeSet<String>,
) -> Result<BTreeMap<(String, String), DeployedStack>, EngineError> {
    let mut regions: BTreeSet<String> = BTreeSet::new();
    let addresses: BTreeSet<&Address> = match look.scope {
        Scope::Everything(_) | Scope::People => look.zone.desired.keys().collect(),
        Scope::Only(addresses) => addresses.iter().collect(),
    };
    regions.extend(addresses.into_iter().filter_map(|address| match address {
        Address::Stack { region, .. } => Some(region.clone()),
        _ => None,
    }));
    if look.scope.is_whole() && (trusted.contains(TRUSTED_SERVICE) || !regions.is_empty()) {
        regions.insert(look.zone.home.clone());
        regions.extend(control_region(&look.zone.home));
    }
    if regions.is_empty() {
        return Ok(BTreeMap::new());
    }
    look.begin(Subject::Stacks);
    let read = look.each(regions, |region| async move { Ok(Some(in_region(look, &region).await?)) });
    let all: BTreeMap<(String, String), DeployedStack> = read.await?.into_iter().flatten().collect();
    look.end(Subject::Stacks, all.len());
    Ok(all)
}

/// The Region where global services of the home Region's partition live.
fn control_region(home: &str) -> Option<String> {
    let partition = regions::region(home).and_then(|region| regions::partition(&region.partition));
    partition.map(|partition| partition.control_region.clone())
}

/// Templates are asked for of stacks that are ours or wanted.
async fn in_region(
    look: &Look<'_>,
    region: &str,
) -> Result<BTreeMap<(String, String), DeployedStack>, EngineError> {
    let reader = &Reader::new(look.session, region);
    let stacks = reader.describe_stacks().await;
    let stacks = look.read(Unknown::Stacks(region.to_owned()), stacks)?.unwrap_or_default();
    let read = look.each(stacks, |stack| async move {
        let address = Address::Stack { name: stack.name.clone(), region: region.to_owned() };
        let ours = Ownership::of(Some(&stack.tags), &look.zone.organization) == Ownership::Ours;
        let (mut template, mut stuck) = (None, BTreeSet::new());
        if ours || look.zone.desired.contains_key(&address) {
            let unknown = Unknown::Template { region: region.to_owned(), stack: stack.name.clone() };
            template = look.read(unknown.clone(), reader.get_template(&stack.name).await)?.flatten();
            if [ROLLBACK_FAILED, DELETE_FAILED].contains(&stack.status.as_str()) {
                stuck = look.read(unknown, reader.stuck_resources(&stack.id).await)?.unwrap_or_default();
            }
        }
        Ok(Some(((region.to_owned(), stack.name.clone()), DeployedStack { stack, template, stuck })))
    });
    Ok(read.await?.into_iter().collect())
}

pub(crate) async fn perform(task: Task<'_, StackSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::Stack { name, region } = address else { return Err(Problem::NoId(address.clone())) };
    let (reader, writer) = work.cloudformation(region)?;
    let hand = Hand { work, address, reader: &reader, writer: &writer, name };
    match step {
        Step::Create { after } => hand.converge(None, after).await,
        Step::Update { before, after, .. } | Step::Adopt { before, after, .. } => {
            hand.converge(Some(before), after).await
        }
        Step::Delete { physical, before } => hand.delete(physical, &hand.left(Some(before))).await,
        Step::Forget { physical } => Ok(Outcome::of(physical)),
    }
}

struct Hand<'a> {
    work: &'a Work<'a>,
    address: &'a Address,
    reader: &'a Reader,
    writer: &'a Writer,
    name: &'a str,
}

impl Hand<'_> {
    async fn converge(&self, before: Option<&StackSpec>, after: &StackSpec) -> Result<Outcome, Problem> {
        operation::first(self.work, self.address, &after.after).await?;
        if before.is_none() {
            let management = &self.work.zone.management_id;
            let Address::Stack { region, .. } = self.address else {
                return Err(Problem::NoId(self.address.clone()));
            };
            room::make(self.work, management, region, &after.replaces).await?;
        }
        let there = self.ready(&self.left(before)).await?;
        let foreign = |stack: &&Stack| {
            let ownership = Ownership::of(Some(&stack.tags), &self.work.zone.organization);
            // An unclaimed stack is adopted only where the plan saw it.
            let unseen = ownership == Ownership::Unclaimed && before.is_none();
            unseen || matches!(ownership, Ownership::OtherOrganization(_))
        };
        if let Some(stack) = there.as_ref().filter(foreign) {
            return Err(Problem::Appeared { address: self.address.clone(), id: stack.id.clone() });
        }
        let stack = match there {
            Some(stack) if is_so(&stack) && before.is_some_and(|before| is_same(before, after)) => stack,
            Some(stack) if stack.status == CAME_BACK && self.has(&stack, after).await? => stack,
            Some(_) => self.change(before, after, StackIs::There).await?,
            None => self.change(before, after, StackIs::New).await?,
        };
        if after.termination_protection && !stack.termination_protection {
            self.writer.set_termination_protection(self.name, Protection::On).await?;
        }
        Ok(Outcome::of(stack.id))
    }

    /// Whether a stack that came back from an update that failed has what is wanted: what the next plan will ask.
    async fn has(&self, stack: &Stack, after: &StackSpec) -> Result<bool, Problem> {
        let found = self.reader.get_template(self.name).await?;
        Ok(found.is_some_and(|text| template(&text) == after.template)
            && stack.parameters == resolved(self.work, &after.parameters)?
            && stack.capabilities == after.capabilities
            && mark(&stack.tags) == after.tags)
    }

    /// Makes or changes the stack by a change set, and waits for it.
    async fn change(
        &self,
        before: Option<&StackSpec>,
        after: &StackSpec,
        stack_is: StackIs,
    ) -> Result<Stack, Problem> {
        let template = text_of(&after.template);
        let parameters = resolved(self.work, &after.parameters)?;
        // Named by what it does, so that a later run finds what one that died has asked for.
        let name = short(&format!("{}/{template}{parameters:?}{:?}", self.address, after.capabilities));
        let order = ChangeSetOrder {
            stack: self.name,
            name: &name,
            stack_is,
            template: &template,
            parameters: &parameters,
            capabilities: &after.capabilities,
            tags: &after.tags,
        };
        self.ask(order).await?;
        let changes = self.compared(&name).await?;
        match changes.state {
            // It has what is wanted, also where it came back to it from an update that failed.
            ChangeSetState::Empty => {
                self.writer.delete_change_set(self.name, &name).await?;
                let stack = self.settled().await?;
                return stack.ok_or_else(|| Problem::Vanished { address: self.address.clone() });
            }
            ChangeSetState::Ready => {
                let had = before.map_or(&Value::Null, |before| &before.template);
                if let Err(problem) = expected(&changes, had, &after.template) {
                    self.writer.delete_change_set(self.name, &name).await?;
                    return Err(problem);
                }
                self.writer.execute_change_set(self.name, &name, &short(&changes.id)).await?;
            }
            ChangeSetState::Failed(reason) => {
                self.writer.delete_change_set(self.name, &name).await?;
                return Err(Problem::ChangeSetFailed(printable(&reason).into_owned()));
            }
            ChangeSetState::Pending => {
                let what = "AWS to compare the template with the stack".to_owned();
                return Err(Problem::Unsettled { what, waited: COMPARING });
            }
        }
        let stack =
            self.settled().await?.ok_or_else(|| Problem::Vanished { address: self.address.clone() })?;
        if is_so(&stack) { Ok(stack) } else { Err(self.failed(stack).await?) }
    }

    /// Asks for a change set, unless an earlier run has: one that cannot be used any more goes first.
    async fn ask(&self, order: ChangeSetOrder<'_>) -> Result<(), Problem> {
        match self.reader.describe_change_set(self.name, order.name).await?.map(|left| left.state) {
            Some(ChangeSetState::Pending | ChangeSetState::Ready | ChangeSetState::Empty) => return Ok(()),
            Some(ChangeSetState::Failed(_)) => {
                self.writer.delete_change_set(self.name, order.name).await?;
            }
            None => {}
        }
        Ok(self.writer.create_change_set(order).await?)
    }

    /// The stack in a state in which it can be changed; none where there is none.
    async fn ready(&self, left: &BTreeSet<String>) -> Result<Option<Stack>, Problem> {
        let Some(stack) = self.settled().await? else { return Ok(None) };
        match stack.status.as_str() {
            // Only a change set was made of it: it is made by another one.
            "REVIEW_IN_PROGRESS" => Ok(None),
            ROLLBACK_FAILED => {
                self.work.waiting(self.address, "AWS to finish the way back of a failed update");
                // Each time is another one: nothing else of the plan tells them apart.
                let token = self.work.token(self.address, &format!("continue {}", self.work.clock.now()));
                self.writer.continue_update_rollback(self.name, left, &token).await?;
                match self.settled().await? {
                    Some(stack) if stack.status == ROLLBACK_FAILED => Err(self.stuck(stack).await?),
                    back => Ok(back),
                }
            }
            // Nothing is in it, and nothing else can be done with it.
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" | DELETE_FAILED => {
                if Ownership::of(Some(&stack.tags), &self.work.zone.organization) != Ownership::Ours {
                    return Err(Problem::Appeared { address: self.address.clone(), id: stack.id });
                }
                self.delete(&stack.id, left).await?;
                Ok(None)
            }
            _ => Ok(Some(stack)),
        }
    }

    async fn compared(&self, name: &str) -> Result<ChangeSet, Problem> {
        let look = || async {
            let found = self.reader.describe_change_set(self.name, name).await?;
            Ok(found.filter(|found| found.state != ChangeSetState::Pending))
        };
        let found = self.work.until(COMPARING, look).await?;
        let pending = || ChangeSet { id: String::new(), state: ChangeSetState::Pending, changes: Vec::new() };
        Ok(found.unwrap_or_else(pending))
    }

    /// The stack once AWS is done with it; none when it is gone.
    async fn settled(&self) -> Result<Option<Stack>, Problem> {
        let look = || async {
            Ok(match self.reader.describe_stack(self.name).await? {
                None => Some(None),
                Some(stack) if stack.is_busy() => {
                    self.work.waiting(self.address, &format!("AWS: {}", printable(&stack.status)));
                    None
                }
                Some(stack) if stack.status == "DELETE_COMPLETE" => Some(None),
                Some(stack) => Some(Some(stack)),
            })
        };
        let what = || format!("the stack `{}`", printable(self.name));
        let found = self.work.until(STACK, look).await?;
        found.ok_or_else(|| Problem::Unsettled { what: what(), waited: STACK })
    }

    async fn failed(&self, stack: Stack) -> Result<Problem, Problem> {
        let first = self.reader.first_failure(&stack.id).await?;
        let reason = first.unwrap_or(stack.reason);
        Ok(Problem::StackFailed {
            status: printable(&stack.status).into_owned(),
            reason: printable(&reason).into_owned(),
        })
    }

    /// The resources that are not waited for, since somebody consented to leaving them as they are: those that
    /// the plan showed, and no others.
    fn left(&self, before: Option<&StackSpec>) -> BTreeSet<String> {
        let stuck =
            before.filter(|_| self.work.leaves_stuck(self.address)).map(|before| before.stuck.clone());
        stuck.unwrap_or_default()
    }

    /// Why a stack does not come back, or go, with what helps.
    async fn stuck(&self, stack: Stack) -> Result<Problem, Problem> {
        let resources = self.reader.stuck_resources(&stack.id).await?;
        let named: Vec<String> = resources.iter().map(|name| format!("`{}`", printable(name))).collect();
        Ok(Problem::StackStuck {
            address: Box::new(self.address.clone()),
            status: printable(&stack.status).into_owned(),
            resources: named.join(", "),
        })
    }

    async fn delete(&self, physical: &str, left: &BTreeSet<String>) -> Result<Outcome, Problem> {
        let Some(stack) = self.settled().await? else { return Ok(Outcome::of(physical)) };
        if Ownership::of(Some(&stack.tags), &self.work.zone.organization) != Ownership::Ours {
            return Err(Problem::MarkGone { address: self.address.clone(), id: stack.id });
        }
        if stack.termination_protection {
            self.writer.set_termination_protection(self.name, Protection::Off).await?;
        }
        // By its ARN: a new one of the same name is none of this.
        let failed_before = stack.status == DELETE_FAILED;
        let none = BTreeSet::new();
        // CloudFormation leaves resources only where it has tried before.
        let left = if failed_before { left } else { &none };
        self.writer.delete_stack(&stack.id, left, &self.work.token_of_run(self.address, "delete")).await?;
        match self.settled().await? {
            None => Ok(Outcome::of(physical)),
            Some(stack) if stack.status == DELETE_FAILED && failed_before => Err(self.stuck(stack).await?),
            Some(stack) => Err(self.failed(stack).await?),
        }
    }
}

/// Whether a stack has what it was last given.
fn is_so(stack: &Stack) -> bool {
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"].contains(&stack.status.as_str())
}

/// Whether CloudFormation has nothing to change: a run that died had changed it, and AWS has ended it since.
fn is_same(before: &StackSpec, after: &StackSpec) -> bool {
    before.template == after.template
        && before.parameters == after.parameters
        && before.capabilities == after.capabilities
        && before.tags == after.tags
        && before.trouble.is_none()
}

/// Refuses a change set that makes anew, or takes away, something whose description the plan leaves as it is.
fn expected(changes: &ChangeSet, before: &Value, after: &Value) -> Result<(), Problem> {
    let described =
        |template: &Value, id: &str| template.get("Resources").and_then(|all| all.get(id)).cloned();
    for change in &changes.changes {
        let does = match change.action {
            ResourceAction::Replace => "replace",
            ResourceAction::Remove => "remove",
            ResourceAction::Add
            | ResourceAction::Modify
            | ResourceAction::MayReplace
            | ResourceAction::Other => continue,
        };
        let (old, new) = (described(before, &change.logical_id), described(after, &change.logical_id));
        if old == new {
            return Err(Problem::UnexpectedChange {
                does,
                resource: printable(&change.logical_id).into_owned(),
            });
        }
    }
    Ok(())
}
