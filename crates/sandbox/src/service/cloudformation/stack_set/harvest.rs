//! What became of the instances an operation works on, and what that leaves in instance, result, Region and set.

use super::super::deployment::{self, Progress};
use super::drift;
use super::instance::{self, Condition, Detailed, Instance};
use super::operation::{Action, StackSetOperation};
use super::operation_result::{OperationResult, Status};
use super::run::Run;
use crate::world::{Entity as _, World};
use glidepath_model::Timestamp;

/// How the work on one instance ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finish {
    /// It stands as its set was at this revision.
    Deployed {
        revision: u64,
        reason: Option<String>,
    },
    /// It is no instance any more.
    Gone,
    /// It was looked at.
    Checked,
    Failed(String),
    /// Its account is closed, or about to be.
    Suspended,
    /// There was nothing to work on.
    Skipped(String),
}

/// Looks at every instance that is being worked on.
pub(super) fn running(world: &mut World, run: &mut Run) {
    let key = run.operation.key();
    let running: Vec<_> = world.by::<OperationResult>("running", &key).collect();
    for result in running {
        let found = instance::find(world, &run.set.id, &result.account, &result.region);
        let finish = match &found {
            None => Some(Finish::Gone),
            Some(found) => look(world, run, &result, found),
        };
        if let Some(finish) = finish {
            self::finish(world, run, &mut OperationResult::clone(&result), finish);
        }
    }
}

/// How the work on an instance ended, if it has.
fn look(world: &mut World, run: &Run, result: &OperationResult, found: &Instance) -> Option<Finish> {
    if run.operation.action == Action::DetectDrift {
        return Some(drift::detect(world, run.now, &run.operation, found));
    }
    let progress = match &found.stack {
        Some(stack) => deployment::progress(world, &stack.id),
        None => Progress::Failed { reason: "The stack does not exist any more".to_owned() },
    };
    match (progress, result.status) {
        (Progress::Running, _) => None,
        (Progress::Failed { reason }, _) => Some(Finish::Failed(reason)),
        (Progress::Done, Status::Clearing) => {
            let mut instance = Instance::clone(found);
            let mut result = result.clone();
            let finish = run.create(world, &mut instance, &mut result);
            if finish.is_none() {
                world.put(result);
            }
            finish
        }
        (Progress::Done, Status::Running { revision }) => Some(match run.operation.action {
            Action::Create { .. } | Action::Update { .. } => Finish::Deployed { revision, reason: None },
            Action::Delete(_) => Finish::Gone,
            Action::DetectDrift => Finish::Checked,
        }),
        (Progress::Done, Status::Pending | Status::Succeeded | Status::Failed | Status::Cancelled) => None,
    }
}

/// Writes how the work on an instance ended.
pub(super) fn finish(world: &mut World, run: &mut Run, result: &mut OperationResult, finish: Finish) {
    let region = run.operation.regions.iter_mut().find(|region| region.region == result.region);
    if let Some(region) = region {
        region.running = region.running.saturating_sub(1);
        region.failed += u64::from(matches!(finish, Finish::Failed(_)));
    }
    let is_deletion = matches!(run.operation.action, Action::Delete(_));
    let is_check = run.operation.action == Action::DetectDrift;
    let found = instance::find(world, &run.set.id, &result.account, &result.region);
    let instance = found.map(|found| Instance::clone(&found));
    let (status, reason) = match finish {
        Finish::Deployed { revision, reason } => {
            if let Some(mut instance) = instance {
                instance.condition = Condition::Deployed;
                instance.detailed = Detailed::Succeeded;
                instance.revision = revision;
                instance.reason.clone_from(&reason);
                world.put(instance);
            }
            (Status::Succeeded, reason)
        }
        Finish::Gone => {
            if let Some(instance) = instance
                && is_deletion
            {
                let key = instance.key();
                world.delete::<Instance>(&key);
                world.delete::<drift::InstanceDrift>(&key);
                run.set.count_out(&instance.region);
            }
            (Status::Succeeded, None)
        }
        Finish::Checked => (Status::Succeeded, None),
        Finish::Failed(reason) => {
            if let Some(mut instance) = instance.filter(|_| !is_check) {
                let was_inoperable = instance.condition == Condition::Inoperable;
                (instance.condition, instance.detailed) = match is_deletion || was_inoperable {
                    true => (Condition::Inoperable, Detailed::Inoperable),
                    false => (Condition::Outdated, Detailed::Failed),
                };
                instance.reason = Some(reason.clone());
                world.put(instance);
            }
            (Status::Failed, Some(reason))
        }
        Finish::Suspended => {
            let reason = "Skipped since the account is suspended".to_owned();
            if let Some(mut instance) = instance.filter(|_| !is_check) {
                instance.detailed = Detailed::SkippedSuspendedAccount;
                instance.reason = Some(reason.clone());
                world.put(instance);
            }
            (Status::Cancelled, Some(reason))
        }
        Finish::Skipped(reason) => (Status::Cancelled, Some(reason)),
    };
    result.status = status;
    result.reason = reason;
    world.put(result.clone());
}

/// What is left to do once an operation is over.
pub(super) fn conclude(world: &mut World, now: Timestamp, ended: &StackSetOperation) {
    if ended.action == Action::DetectDrift {
        drift::conclude(world, now, ended);
    }
}
