//! An operation at work: one step after another, each looking at what its instances came to and beginning as many more
//! as its preferences allow. One [`Due`] an operation, however many instances it has.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html>

use super::super::super::organizations::{self, Standing};
use super::super::deployment::{self, Order, Started};
use super::super::stack::Stack;
use super::super::{later, schedule};
use super::harvest::{self, Finish};
use super::instance::{self, Condition, Detailed, Instance, InstanceStack};
use super::operation::{self, Action, Retain, StackSetOperation, Status};
use super::operation_result::{self, OperationResult, Status as ResultStatus};
use super::parameter::overridden;
use super::set::StackSet;
use super::{queue, targets, template};
use crate::world::{Alphabet, Entity as _, World};
use glidepath_model::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Seconds between two looks at an operation: no stack is ready sooner.
const STEP_SECONDS: i64 = 5;
/// The longest name of a stack.
const LONGEST_STACK_NAME: usize = 128;

/// What instances that were not begun say when too many others failed.
const TOO_MANY_FAILURES: &str = "Cancelled since failure tolerance has exceeded";
/// What instances that were not begun say when the operation was stopped.
pub(super) const STOPPED: &str = "Cancelled since the operation was stopped";

/// Begins an operation: new instances are there from now on, and the first ones are worked on with the next step.
pub(super) fn begin(world: &mut World, now: Timestamp, mut operation: StackSetOperation) {
    operation.status = Status::Running;
    if let Action::Create { overrides } = &operation.action {
        let overrides = overridden(overrides, &BTreeMap::new());
        make_instances(world, &operation, &overrides);
    }
    if operation.regions.is_empty() {
        let ended = operation::end(world, now, operation, Status::Succeeded, None);
        harvest::conclude(world, now, &ended);
        return;
    }
    schedule(world, later(now, STEP_SECONDS), super::DUE, &operation.key());
    world.put(operation);
}

/// Puts the instances that an operation is to make, where there are none yet.
fn make_instances(world: &mut World, operation: &StackSetOperation, overrides: &BTreeMap<String, String>) {
    let Some(set) = world.get::<StackSet>(&operation.set) else { return };
    let mut set = StackSet::clone(&set);
    let results: Vec<_> = world.below::<OperationResult>(&format!("{}/", operation.key())).collect();
    for result in results {
        if instance::find(world, &set.id, &result.account, &result.region).is_some() {
            continue;
        }
        set.count_in(&result.region);
        world.put(Instance {
            set: set.id.clone(),
            account: result.account.clone(),
            region: result.region.clone(),
            unit: result.unit.clone(),
            stack: None,
            condition: Condition::Outdated,
            detailed: Detailed::Pending,
            reason: None,
            revision: set.revision,
            overrides: overrides.clone(),
            last_operation: Some(operation.id.clone()),
        });
    }
    world.put(set);
}

/// Takes an operation's next step.
pub(super) fn step(world: &mut World, now: Timestamp, key: &str) {
    let Some(operation) = world.get::<StackSetOperation>(key).filter(|found| !found.status.is_over()) else {
        return;
    };
    let Some(set) = world.get::<StackSet>(&operation.set) else { return };
    let operation = StackSetOperation::clone(&operation);
    let template = match template::text(world, &set.template) {
        Ok(text) => text,
        Err(error) => {
            let ended = operation::end(world, now, operation, Status::Failed, Some(&error.message));
            queue::go_on(world, now, &ended);
            return;
        }
    };
    let mut run = Run { now, key: key.to_owned(), set: StackSet::clone(&set), template, operation };
    harvest::running(world, &mut run);
    run.start_more(world);
    run.put_down(world);
}

/// An operation in the middle of a step.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) now: Timestamp,
    /// The operation's key.
    key: String,
    pub(super) set: StackSet,
    template: Arc<str>,
    pub(super) operation: StackSetOperation,
}

impl Run {
    /// Begins as many instances as may be.
    fn start_more(&mut self, world: &mut World) {
        if self.operation.status == Status::Stopping {
            operation_result::cancel_pending(world, &mut self.operation, STOPPED);
            return;
        }
        for at in 0..self.operation.regions.len() {
            self.start_in(world, at);
            if self.has_failed() {
                operation_result::cancel_pending(world, &mut self.operation, TOO_MANY_FAILURES);
                return;
            }
            let open =
                self.operation.regions.get(at).is_some_and(|region| region.pending > 0 || region.running > 0);
            if open && !self.operation.preferences.is_parallel() {
                return;
            }
        }
    }

    /// Begins as many instances of a Region as may be.
    fn start_in(&mut self, world: &mut World, at: usize) {
        loop {
            let Some(region) = self.operation.regions.get(at) else { return };
            let at_once = self.operation.preferences.at_once(region.total, region.failed);
            if region.pending == 0 || region.running >= at_once {
                return;
            }
            let Some(result) = operation_result::next_pending(world, &self.key, &region.region) else {
                return;
            };
            if let Some(region) = self.operation.regions.get_mut(at) {
                region.pending -= 1;
                region.running += 1;
            }
            let mut result = OperationResult::clone(&result);
            self.start(world, &mut result);
        }
    }

    /// Whether some Region bore more failures than it may.
    fn has_failed(&self) -> bool {
        self.operation.regions.iter().any(|region| region.has_failed(&self.operation.preferences))
    }

    /// Begins one instance; it may be over at once.
    fn start(&mut self, world: &mut World, result: &mut OperationResult) {
        let found = instance::find(world, &self.set.id, &result.account, &result.region);
        let finish = match found {
            None => Some(match self.operation.action {
                Action::Delete(_) => Finish::Gone,
                Action::Create { .. } | Action::Update { .. } | Action::DetectDrift => {
                    Finish::Skipped("The stack instance does not exist any more".to_owned())
                }
            }),
            Some(found) => {
                let mut instance = Instance::clone(&found);
                match self.operation.action.clone() {
                    Action::Create { overrides } => {
                        if !overrides.is_empty() {
                            instance.overrides = overridden(&overrides, &instance.overrides);
                        }
                        self.deploy(world, &mut instance, result)
                    }
                    Action::Update { overrides } => {
                        if let Some(overrides) = overrides {
                            instance.overrides = overridden(&overrides, &instance.overrides);
                        }
                        self.deploy(world, &mut instance, result)
                    }
                    Action::Delete(retain) => self.remove(world, &mut instance, result, retain),
                    Action::DetectDrift => match organizations::standing(world, &instance.account) {
                        Standing::Active | Standing::Outside => {
                            result.status = ResultStatus::Running { revision: instance.revision };
                            None
                        }
                        Standing::Suspended | Standing::Purged => Some(Finish::Suspended),
                    },
                }
            }
        };
        match finish {
            Some(finish) => harvest::finish(world, self, result, finish),
            None => world.put(result.clone()),
        }
    }

    /// Begins to make or update an instance's stack.
    fn deploy(
        &mut self,
        world: &mut World,
        instance: &mut Instance,
        result: &mut OperationResult,
    ) -> Option<Finish> {
        instance.last_operation = Some(self.operation.id.clone());
        if instance.condition == Condition::Inoperable {
            world.put(instance.clone());
            return Some(Finish::Failed(
                "The stack instance is INOPERABLE: delete it with RetainStacks and create it again"
                    .to_owned(),
            ));
        }
        instance.detailed = Detailed::Running;
        instance.reason = None;
        world.put(instance.clone());
        match organizations::standing(world, &instance.account) {
            Standing::Active => {}
            Standing::Suspended => return Some(Finish::Suspended),
            Standing::Outside | Standing::Purged => {
                return Some(Finish::Failed(format!(
                    "Account {} is not in the organization",
                    instance.account
                )));
            }
        }
        let closed = targets::closed_region(world, &self.set.account, &instance.account, &instance.region);
        if let Some(reason) = closed {
            return Some(Finish::Failed(reason));
        }
        let stack = instance.stack.as_ref().and_then(|stack| world.get::<Stack>(&stack.id));
        let stack = stack.filter(|stack| stack.is_alive());
        match stack {
            // What never came to be is made anew, not updated.
            Some(stack) if is_stillborn(&stack) => {
                match deployment::delete(world, self.now, &stack.id, deployment::Retain::Nothing) {
                    Ok(()) => {
                        result.status = ResultStatus::Clearing;
                        None
                    }
                    Err(error) => Some(Finish::Failed(error.message)),
                }
            }
            Some(stack) => self.update(world, instance, result, &stack),
            None => self.create(world, instance, result),
        }
    }

    fn update(
        &self,
        world: &mut World,
        instance: &Instance,
        result: &mut OperationResult,
        stack: &Stack,
    ) -> Option<Finish> {
        let parameters = self.parameters(instance);
        let order = self.order(instance, &stack.name, &parameters);
        match deployment::update(world, self.now, &stack.id, &order) {
            Ok(Started::Begun) => {
                result.status = ResultStatus::Running { revision: self.set.revision };
                None
            }
            Ok(Started::NothingToDo) => Some(Finish::Deployed {
                revision: self.set.revision,
                reason: Some("No updates are to be performed.".to_owned()),
            }),
            Err(error) => Some(Finish::Failed(error.message)),
        }
    }

    /// Begins to make an instance's stack.
    pub(super) fn create(
        &self,
        world: &mut World,
        instance: &mut Instance,
        result: &mut OperationResult,
    ) -> Option<Finish> {
        let name = self.stack_name(world, instance);
        let parameters = self.parameters(instance);
        match deployment::create(world, self.now, &self.order(instance, &name, &parameters)) {
            Ok(id) => {
                instance.stack = Some(InstanceStack { id, name });
                world.put(instance.clone());
                result.status = ResultStatus::Running { revision: self.set.revision };
                None
            }
            Err(error) => Some(Finish::Failed(error.message)),
        }
    }

    /// Begins to delete an instance's stack, or lets it go.
    fn remove(
        &self,
        world: &mut World,
        instance: &mut Instance,
        result: &mut OperationResult,
        retain: Retain,
    ) -> Option<Finish> {
        instance.last_operation = Some(self.operation.id.clone());
        let stack = instance.stack.as_ref().and_then(|stack| world.get::<Stack>(&stack.id));
        let Some(stack) = stack.filter(|stack| stack.is_alive()) else { return Some(Finish::Gone) };
        let retain = match (retain, organizations::standing(world, &instance.account)) {
            (Retain::Stacks, _) | (Retain::Nothing, Standing::Purged) => deployment::Retain::Everything,
            (Retain::Nothing, Standing::Suspended) => {
                world.put(instance.clone());
                return Some(Finish::Suspended);
            }
            (Retain::Nothing, Standing::Active | Standing::Outside) => deployment::Retain::Nothing,
        };
        match (deployment::delete(world, self.now, &stack.id, retain), retain) {
            (Ok(()), deployment::Retain::Everything) => Some(Finish::Gone),
            (Ok(()), deployment::Retain::Nothing) => {
                instance.detailed = Detailed::Running;
                instance.reason = None;
                world.put(instance.clone());
                result.status = ResultStatus::Running { revision: instance.revision };
                None
            }
            (Err(error), _) => {
                world.put(instance.clone());
                Some(Finish::Failed(error.message))
            }
        }
    }

    fn order<'a>(
        &'a self,
        instance: &'a Instance,
        stack_name: &'a str,
        parameters: &'a BTreeMap<String, String>,
    ) -> Order<'a> {
        Order {
            account: &instance.account,
            region: &instance.region,
            stack_name,
            template: &self.template,
            parameters,
            capabilities: &self.set.capabilities,
            tags: &self.set.tags,
            stack_set: Some(&self.set.id),
        }
    }

    /// The set's parameters with the instance's overrides. An override of a parameter that the template lost is void.
    fn parameters(&self, instance: &Instance) -> BTreeMap<String, String> {
        let mut parameters = self.set.parameters.clone();
        for (key, value) in &instance.overrides {
            if let Some(place) = parameters.get_mut(key) {
                place.clone_from(value);
            }
        }
        parameters
    }

    /// Makes up a name for an instance's stack: `StackSet-name-uuid`.
    fn stack_name(&self, world: &mut World, instance: &Instance) -> String {
        let natural = format!("{}/{}/{}", self.set.natural(), instance.account, instance.region);
        let unique = world.mint("stack instance", &natural, Alphabet::LowerHexadecimal, 32);
        let unique = super::super::stack::uuid(&unique);
        let room = LONGEST_STACK_NAME.saturating_sub("StackSet--".len() + unique.len());
        let name: String = self.set.name.chars().take(room).collect();
        format!("StackSet-{name}-{unique}")
    }

    /// Writes what the step came to: the operation goes on, or is over.
    fn put_down(mut self, world: &mut World) {
        let has_failed = self.has_failed();
        let open = self.operation.regions.iter().any(|region| region.pending > 0 || region.running > 0);
        if world.get::<StackSet>(&self.set.id).is_some_and(|set| set.regions != self.set.regions) {
            world.put(self.set.clone());
        }
        if open {
            schedule(world, later(self.now, STEP_SECONDS), super::DUE, &self.key);
            world.put(self.operation);
            return;
        }
        let status = match (self.operation.status, has_failed) {
            (Status::Stopping, _) => Status::Stopped,
            (_, true) => Status::Failed,
            (_, false) => Status::Succeeded,
        };
        self.operation.status = status;
        let ended = operation::end(world, self.now, self.operation, status, None);
        harvest::conclude(world, self.now, &ended);
        queue::go_on(world, self.now, &ended);
    }
}

/// Whether a stack's creation failed: it can only be deleted.
fn is_stillborn(stack: &Stack) -> bool {
    use super::super::stack::Status as StackStatus;
    match stack.status {
        StackStatus::CreateFailed
        | StackStatus::RollbackFailed
        | StackStatus::RollbackComplete
        | StackStatus::DeleteFailed
        | StackStatus::ReviewInProgress => true,
        StackStatus::CreateInProgress
        | StackStatus::CreateComplete
        | StackStatus::RollbackInProgress
        | StackStatus::DeleteInProgress
        | StackStatus::DeleteComplete
        | StackStatus::UpdateInProgress
        | StackStatus::UpdateCompleteCleanupInProgress
        | StackStatus::UpdateComplete
        | StackStatus::UpdateFailed
        | StackStatus::UpdateRollbackInProgress
        | StackStatus::UpdateRollbackFailed
        | StackStatus::UpdateRollbackCompleteCleanupInProgress
        | StackStatus::UpdateRollbackComplete => false,
    }
}
