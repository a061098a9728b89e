//! Operations on stack sets: asked for, joined where an earlier run left them, waited for, and told by what
//! they did to each stack.

use crate::work::{Problem, Work};
use glidepath_aws::cloudformation::Reader;
use glidepath_model::Address;
use glidepath_model::deployment::{OperationStatus, StackSetOperation, waits_for_region};
use glidepath_model::text::printable;
use std::collections::BTreeSet;
use std::time::Duration;

/// The first and the longest wait between two looks at an operation.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// From this wait on, a look also counts the stacks that are done: a call for each hundred of them.
const COUNTED_FROM: Duration = Duration::from_secs(8);
/// How long an operation is waited for. It goes on in AWS, and the next run joins it.
const PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);
/// How often a step may have been tried under one plan before its operations' names run out.
const ATTEMPTS: u32 = 100;

/// What begins the part of an operation's id that is its trace. Ids take letters, digits and hyphens, and 128
/// characters.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html>
const TRACE: &str = "-left-";

/// The trace in an operation's id, if it bears one.
pub(crate) fn trace_of(id: &str) -> Option<&str> {
    id.split_once(TRACE).map(|(_, trace)| trace)
}

/// What an operation is called after.
pub(crate) struct Called<'a> {
    /// The stack set.
    pub(crate) set: &'a str,
    /// Which of the operations of its change it is.
    pub(crate) step: &'a str,
    /// The trace of the members that it leaves the set with, where it is the last of its change.
    pub(crate) trace: Option<&'a str>,
}

/// Has an operation carried out and waits for its end.
///
/// # Errors
/// Whatever AWS refuses; [`Problem::StacksFailed`] when it failed on any stack, whatever was tolerated.
pub(crate) async fn carried_out(
    work: &Work<'_>,
    address: &Address,
    reader: &Reader,
    Called { set, step, trace }: Called<'_>,
    ask: impl AsyncFn(String) -> Result<String, Problem>,
) -> Result<(), Problem> {
    joined(work, address, reader, set).await?;
    let begun = work.clock.now();
    for attempt in 1..=ATTEMPTS {
        let mut id = work.token(address, &format!("{step}/{attempt}"));
        id.extend(trace.iter().flat_map(|trace| [TRACE, trace]));
        let id = ask(id).await?;
        let found = shown(work, address, reader, set, &id).await?;
        // The same plan was tried before and came to an end: this is another try.
        let earlier = found.status.is_settled() && found.created.is_some_and(|created| created < begun);
        if !earlier {
            return ended(work, address, reader, (set, found)).await;
        }
    }
    let what = format!("a name for another operation on `{}`", printable(set));
    Err(Problem::Unsettled { what, waited: work.clock.since(begun) })
}

/// Waits for whatever runs on a stack set already, such as what a run that died had begun. What came of it is
/// seen by who looks at the stacks.
pub(crate) async fn joined(
    work: &Work<'_>,
    address: &Address,
    reader: &Reader,
    set: &str,
) -> Result<(), Problem> {
    let operations = reader.list_stack_set_operations(set).await?;
    for operation in operations.into_iter().filter(|operation| !operation.status.is_settled()) {
        work.waiting(address, "AWS to finish an operation that runs already");
        settled(work, address, reader, (set, operation)).await?;
    }
    Ok(())
}

/// Waits for what is to come first and was there already when the plan was made, but is still being worked on: a
/// run that died had begun it.
pub(crate) async fn first(
    work: &Work<'_>,
    address: &Address,
    firsts: &BTreeSet<Address>,
) -> Result<(), Problem> {
    let (reader, _) = work.cloudformation(&work.zone.home)?;
    for first in firsts {
        match first {
            Address::StackSetTargets(set) => joined(work, address, &reader, set).await?,
            Address::Stack { name, region } => {
                let (reader, _) = work.cloudformation(region)?;
                let look = || async {
                    let stack = reader.describe_stack(name).await?;
                    Ok((!stack.is_some_and(|stack| stack.is_busy())).then_some(()))
                };
                work.until(PATIENCE, look).await?;
            }
            Address::Organization
            | Address::Unit(_)
            | Address::Account(_)
            | Address::PolicyType(_)
            | Address::Policy { .. }
            | Address::Attachment { .. }
            | Address::TrustedAccess(_)
            | Address::DelegatedAdministrator { .. }
            | Address::ResourcePolicy
            | Address::StackSet(_)
            | Address::Group(_)
            | Address::User(_)
            | Address::Membership(_)
            | Address::AccessControlAttributes
            | Address::PermissionSet(_)
            | Address::Assignments { .. }
            | Address::Assignment { .. }
            | Address::AccountSettings(_)
            | Address::RootAccess(_)
            | Address::Key(_) => {}
        }
    }
    Ok(())
}

/// An operation that was just asked for, as soon as AWS shows it.
async fn shown(
    work: &Work<'_>,
    address: &Address,
    reader: &Reader,
    set: &str,
    id: &str,
) -> Result<StackSetOperation, Problem> {
    let look = || async { Ok(reader.describe_stack_set_operation(set, id).await?) };
    let found = work.until(crate::work::LAG, look).await?;
    found.ok_or_else(|| Problem::Hidden { address: address.clone() })
}

async fn settled(
    work: &Work<'_>,
    address: &Address,
    reader: &Reader,
    (set, mut operation): (&str, StackSetOperation),
) -> Result<StackSetOperation, Problem> {
    let begun = work.clock.now();
    let mut wait = FIRST_WAIT;
    while !operation.status.is_settled() {
        if work.clock.since(begun) > PATIENCE {
            let what = format!("the operation `{}` on `{}`", printable(&operation.id), printable(set));
            return Err(Problem::Unsettled { what, waited: work.clock.since(begun) });
        }
        work.clock.sleep(wait).await;
        if wait >= COUNTED_FROM {
            tell(work, address, reader, (set, &operation)).await?;
        }
        wait = (wait * 2).min(LONGEST_WAIT);
        operation = shown(work, address, reader, set, &operation.id).await?;
    }
    Ok(operation)
}

async fn tell(
    work: &Work<'_>,
    address: &Address,
    reader: &Reader,
    (set, operation): (&str, &StackSetOperation),
) -> Result<(), Problem> {
    let results = reader.list_stack_set_operation_results(set, &operation.id).await?;
    let ended =
        results.iter().filter(|one| ["SUCCEEDED", "FAILED", "CANCELLED"].contains(&one.status.as_str()));
    work.waiting(address, &format!("AWS: {} of {} stacks", ended.count(), results.len()));
    Ok(())
}

async fn ended(
    work: &Work<'_>,
    address: &Address,
    reader: &Reader,
    (set, operation): (&str, StackSetOperation),
) -> Result<(), Problem> {
    let operation = settled(work, address, reader, (set, operation)).await?;
    let well = operation.status == OperationStatus::Succeeded;
    if well && operation.failed.unwrap_or_default() == 0 {
        return Ok(());
    }
    let results = reader.list_stack_set_operation_results(set, &operation.id).await?;
    let mut failed: Vec<_> = results.into_iter().filter(|one| one.status == "FAILED").collect();
    failed.sort();
    let told = !failed.is_empty();
    // What waits for its Region is told by the next plan, and nothing an apply could mend.
    failed.retain(|one| !waits_for_region(&one.region, &one.reason));
    match failed.first() {
        Some(first) => Err(Problem::StacksFailed {
            failed: failed.len(),
            account: first.account.to_string(),
            region: printable(&first.region).into_owned(),
            reason: printable(&first.reason).into_owned(),
        }),
        None if well || told => Ok(()),
        None => Err(Problem::OperationEnded { id: operation.id, status: word(operation.status) }),
    }
}

fn word(status: OperationStatus) -> &'static str {
    match status {
        OperationStatus::Queued => "queued",
        OperationStatus::Running => "running",
        OperationStatus::Stopping => "stopping",
        OperationStatus::Stopped => "stopped",
        OperationStatus::Succeeded => "succeeded",
        OperationStatus::Failed => "failed",
    }
}
