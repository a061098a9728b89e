//! Taking an operation on: its id, its turn, its work.

use super::super::super::ServiceError;
use super::operation::{self, Action, Origin, RegionRun, StackSetOperation, Status};
use super::operation_result::{self, OperationResult};
use super::preferences::Preferences;
use super::queue;
use super::set::{Execution, StackSet};
use super::targets::DeploymentTargets;
use crate::world::{Alphabet, Entity as _, World};
use glidepath_model::Timestamp;
use glidepath_model::text::printable;
use std::collections::{BTreeMap, BTreeSet};

/// The most operations of a set that may wait for their turn.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/cfn.html>
const WAITING_AT_MOST: u64 = 10_000;

/// An account and Region an operation works on, and the unit through which it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aim {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) unit: String,
}

/// What is to be taken on.
#[derive(Debug)]
pub(super) struct Submission {
    /// The caller's; one is made up where there is none.
    pub(super) id: Option<String>,
    pub(super) action: Action,
    pub(super) origin: Origin,
    pub(super) preferences: Preferences,
    pub(super) targets: DeploymentTargets,
    pub(super) aims: Vec<Aim>,
}

/// Refuses an operation that the set cannot take on now.
pub(super) fn refuse_if_busy(world: &World, set: &StackSet, id: Option<&str>) -> Result<(), ServiceError> {
    if let Some(id) = id
        && operation::find(world, &set.id, id).is_some()
    {
        return Err(ServiceError::new(
            "OperationIdAlreadyExistsException",
            format!("Operation with id {} already exists", printable(id)),
        ));
    }
    if set.execution == Execution::Plain && operation::is_one_unfinished(world, &set.id) {
        return Err(in_progress(set));
    }
    Ok(())
}

pub(super) fn in_progress(set: &StackSet) -> ServiceError {
    ServiceError::new(
        "OperationInProgressException",
        format!("Another Operation on StackSet {} is in progress", set.arn()),
    )
}

/// Takes a request's operation on and writes the set; tells the operation's id. It runs at once if nothing is in its
/// way.
pub(super) fn submit(
    world: &mut World,
    now: Timestamp,
    set: StackSet,
    submission: Submission,
) -> Result<String, ServiceError> {
    refuse_if_busy(world, &set, submission.id.as_deref())?;
    let set_id = set.id.clone();
    let code = match submission.action {
        Action::Create { .. } => "LimitExceededException",
        // These operations list no error of their own for it.
        Action::Update { .. } | Action::Delete(_) | Action::DetectDrift => "InvalidOperationException",
    };
    let id = enqueue(world, now, set, submission);
    queue::dispatch(world, now, &set_id);
    let still_waits =
        operation::find(world, &set_id, &id).is_some_and(|taken| taken.status == Status::Queued);
    let waiting = world.get::<StackSet>(&set_id).map_or(0, |set| set.waiting);
    if still_waits && waiting > WAITING_AT_MOST {
        let message = format!("A stack set can have {WAITING_AT_MOST} queued operations");
        return Err(ServiceError::new(code, message));
    }
    Ok(id)
}

/// Writes an operation with its work, to wait for its turn.
pub(super) fn enqueue(
    world: &mut World,
    now: Timestamp,
    mut set: StackSet,
    submission: Submission,
) -> String {
    set.operations += 1;
    set.waiting += 1;
    let number = set.operations;
    let id = submission.id.unwrap_or_else(|| {
        let of = format!("stack set operation/{}/{number}", set.id);
        super::super::stack::uuid(&world.derive(&of, Alphabet::LowerHexadecimal, 32))
    });
    let regions: BTreeSet<String> = submission.aims.iter().map(|aim| aim.region.clone()).collect();
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
    for aim in &submission.aims {
        *totals.entry(&aim.region).or_default() += 1;
    }
    let regions = submission.preferences.ordered(&regions).into_iter().map(|region| {
        let total = totals.get(region.as_str()).copied().unwrap_or(0);
        RegionRun { region, total, pending: total, running: 0, failed: 0 }
    });
    let operation = StackSetOperation {
        set: set.id.clone(),
        id: id.clone(),
        number,
        action: submission.action,
        origin: submission.origin,
        status: Status::Queued,
        reason: None,
        preferences: submission.preferences,
        targets: submission.targets,
        created: now,
        ended: None,
        regions: regions.collect(),
        drift: None,
    };
    let key = operation.key();
    for aim in submission.aims {
        world.put(OperationResult {
            operation: key.clone(),
            region: aim.region,
            account: aim.account,
            unit: aim.unit,
            status: operation_result::Status::Pending,
            reason: None,
        });
    }
    queue::wait(world, &operation);
    world.put(operation);
    world.put(set);
    id
}
