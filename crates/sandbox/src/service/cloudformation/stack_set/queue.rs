//! Whose turn it is: the operations of a set wait in the order they came, for each other and for those of the sets they
//! depend on.
//!
//! Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ManagedExecution.html>,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>

use super::operation::{self, Action, Origin, StackSetOperation, Status};
use super::operation_result::{self, OperationResult};
use super::run;
use super::set::{Execution, StackSet, id_of_arn};
use crate::world::{Dumped, Entity, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// An operation that waits for its turn: a row of its own, so that the first is found at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Waiting {
    set: String,
    number: u64,
    /// The operation's key.
    operation: String,
}

impl Entity for Waiting {
    const TABLE: &'static str = "cloudformation.stack_set_queue";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        key(&self.set, self.number)
    }
}

fn key(set: &str, number: u64) -> String {
    format!("{set}/{number:020}")
}

/// Puts an operation at the end of its set's queue.
pub(super) fn wait(world: &mut World, operation: &StackSetOperation) {
    world.put(Waiting { set: operation.set.clone(), number: operation.number, operation: operation.key() });
}

/// Takes an operation out of its set's queue.
pub(super) fn leave(world: &mut World, operation: &StackSetOperation) {
    if world.delete::<Waiting>(&key(&operation.set, operation.number)).is_some()
        && let Some(set) = world.get::<StackSet>(&operation.set)
    {
        let mut set = StackSet::clone(&set);
        set.waiting = set.waiting.saturating_sub(1);
        world.put(set);
    }
}

/// Begins every operation of a set whose turn has come.
pub(super) fn dispatch(world: &mut World, now: Timestamp, set: &str) {
    // Operations with nothing to do are over at once, and then it is the next one's turn.
    while begin_next(world, now, set) {}
}

/// Begins the first operation that may begin; tells whether there was one.
fn begin_next(world: &mut World, now: Timestamp, id: &str) -> bool {
    let Some(set) = world.get::<StackSet>(id) else { return false };
    let mut before: Vec<Arc<StackSetOperation>> = world
        .by::<StackSetOperation>("unfinished", id)
        .filter(|operation| operation.status != Status::Queued)
        .collect();
    let prefix = format!("{id}/");
    let queue = world.below::<Waiting>(&prefix);
    let mut next = None;
    for waiting in queue {
        if set.execution == Execution::Plain && !before.is_empty() {
            break;
        }
        let Some(operation) = world.get::<StackSetOperation>(&waiting.operation) else { continue };
        if !before.iter().any(|other| conflict(world, other, &operation)) && !is_held(world, &set, &operation)
        {
            next = Some(operation);
            break;
        }
        before.push(operation);
    }
    let Some(next) = next else { return false };
    leave(world, &next);
    run::begin(world, now, StackSetOperation::clone(&next));
    true
}

/// Whether two operations of a set must not run at once: they touch one instance, or one of them concerns the whole set.
fn conflict(world: &World, one: &StackSetOperation, two: &StackSetOperation) -> bool {
    if one.origin == Origin::Set || two.origin == Origin::Set {
        return true;
    }
    let (few, many) = if total(one) <= total(two) { (one, two) } else { (two, one) };
    let prefix = format!("{}/", few.key());
    let many = many.key();
    world.below::<OperationResult>(&prefix).filter(|result| !result.status.is_over()).any(|result| {
        let other = operation_result::key(&many, &result.region, &result.account);
        world.get::<OperationResult>(&other).is_some_and(|other| !other.status.is_over())
    })
}

fn total(operation: &StackSetOperation) -> u64 {
    operation.regions.iter().map(|region| region.total).sum()
}

/// Whether an operation that follows an account waits for those of other sets: instances are made after those of the
/// sets that theirs depends on, and removed before them.
fn is_held(world: &World, set: &StackSet, operation: &StackSetOperation) -> bool {
    let Origin::Account(account) = &operation.origin else { return false };
    let others: BTreeSet<String> = match operation.action {
        Action::Create { .. } => dependencies(set),
        Action::Delete(_) => dependents(world, set),
        Action::Update { .. } | Action::DetectDrift => return false,
    };
    world.by::<StackSetOperation>("automatic", account).any(|other| {
        others.contains(&other.set)
            && matches!(
                (&other.action, &operation.action),
                (Action::Create { .. }, Action::Create { .. }) | (Action::Delete(_), Action::Delete(_))
            )
    })
}

/// The ids of the sets that a set depends on.
pub(super) fn dependencies(set: &StackSet) -> BTreeSet<String> {
    let arns = set.auto_deployment.depends_on.iter();
    arns.filter_map(|arn| id_of_arn(arn)).map(str::to_owned).collect()
}

/// The ids of the sets that depend on a set.
pub(super) fn dependents(world: &World, set: &StackSet) -> BTreeSet<String> {
    world.by::<StackSet>("depends on", &set.arn()).map(|set| set.id.clone()).collect()
}

/// Goes on after an operation has ended: its set's next one, and the sets that waited for it. Where it was to make
/// instances and failed, those that waited for them are not made.
pub(super) fn go_on(world: &mut World, now: Timestamp, ended: &StackSetOperation) {
    let Origin::Account(account) = &ended.origin else {
        dispatch(world, now, &ended.set);
        return;
    };
    let mut failed: Vec<StackSetOperation> = match ended.status {
        Status::Failed | Status::Stopped => vec![ended.clone()],
        Status::Queued | Status::Running | Status::Stopping | Status::Succeeded => Vec::new(),
    };
    while let Some(failure) = failed.pop() {
        if !matches!(failure.action, Action::Create { .. }) {
            continue;
        }
        let Some(set) = world.get::<StackSet>(&failure.set) else { continue };
        let dependents = dependents(world, &set);
        let waiting: Vec<_> = world
            .by::<StackSetOperation>("automatic", account)
            .filter(|other| {
                other.status == Status::Queued
                    && dependents.contains(&other.set)
                    && matches!(other.action, Action::Create { .. })
            })
            .collect();
        for other in waiting {
            leave(world, &other);
            let reason =
                format!("The operation of {}, which this stack set depends on, did not succeed", set.arn());
            let other = StackSetOperation::clone(&other);
            failed.push(operation::end(world, now, other, Status::Failed, Some(&reason)));
        }
    }
    let mut sets: BTreeSet<String> =
        world.by::<StackSetOperation>("automatic", account).map(|other| other.set.clone()).collect();
    sets.insert(ended.set.clone());
    for set in sets {
        dispatch(world, now, &set);
    }
}
