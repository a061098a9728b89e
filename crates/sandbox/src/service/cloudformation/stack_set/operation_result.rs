//! What an operation did to one instance, or has yet to do.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationResultSummary.html>

use super::super::super::{Context, ServiceError};
use super::super::refusal::invalid;
use super::call_as::{CallAs, active};
use super::instance::{self, Detailed, Instance};
use super::operation::{self, Action, StackSetOperation};
use super::page::{Wanted, page, rows};
use crate::world::{Dumped, Entity, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How far an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Status {
    Pending,
    /// What is left of an earlier creation is being removed, so that the instance can be made anew.
    Clearing,
    /// Its stack is at work; the set's revision at that time is the one it gets.
    Running {
        revision: u64,
    },
    Succeeded,
    Failed,
    Cancelled,
}

impl Status {
    fn api_name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Clearing | Self::Running { .. } => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    pub(super) fn is_over(self) -> bool {
        match self {
            Self::Pending | Self::Clearing | Self::Running { .. } => false,
            Self::Succeeded | Self::Failed | Self::Cancelled => true,
        }
    }
}

/// What an operation did to one instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct OperationResult {
    /// The operation's key.
    pub(super) operation: String,
    pub(super) region: String,
    pub(super) account: String,
    pub(super) unit: String,
    pub(super) status: Status,
    pub(super) reason: Option<String>,
}

impl Entity for OperationResult {
    const TABLE: &'static str = "cloudformation.stack_set_operation_result";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        key(&self.operation, &self.region, &self.account)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        match self.status {
            Status::Pending => vec![("pending", format!("{}/{}", self.operation, self.region))],
            Status::Clearing | Status::Running { .. } => vec![("running", self.operation.clone())],
            Status::Succeeded | Status::Failed | Status::Cancelled => Vec::new(),
        }
    }
}

/// The key of the result of an operation for a Region and account.
pub(super) fn key(operation: &str, region: &str, account: &str) -> String {
    format!("{operation}/{region}/{account}")
}

/// The next instance of a Region that an operation has not begun.
pub(super) fn next_pending(world: &World, operation: &str, region: &str) -> Option<Arc<OperationResult>> {
    world.by::<OperationResult>("pending", &format!("{operation}/{region}")).next()
}

/// Cancels what an operation has not begun.
pub(super) fn cancel_pending(world: &mut World, operation: &mut StackSetOperation, reason: &str) {
    let key = operation.key();
    for region in &mut operation.regions {
        if region.pending == 0 {
            continue;
        }
        let at = format!("{key}/{}", region.region);
        let pending: Vec<_> = world.by::<OperationResult>("pending", &at).collect();
        for result in pending {
            let mut result = OperationResult::clone(&result);
            result.status = Status::Cancelled;
            result.reason = Some(reason.to_owned());
            let stood = instance::find(world, &operation.set, &result.account, &result.region);
            // A detection of drift leaves no trace in what it did not look at.
            if let Some(stood) = stood
                && operation.action != Action::DetectDrift
            {
                let mut instance = Instance::clone(&stood);
                instance.detailed = Detailed::Cancelled;
                instance.reason = Some(reason.to_owned());
                instance.last_operation = Some(operation.id.clone());
                world.put(instance);
            }
            world.put(result);
        }
        region.pending = 0;
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    /// `OPERATION_RESULT_STATUS` is the only one.
    name: Option<String>,
    values: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    stack_set_name: String,
    operation_id: String,
    next_token: Option<String>,
    max_results: Option<usize>,
    #[serde(default)]
    filters: Vec<Filter>,
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Results {
    summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Gate {
    status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    account: String,
    region: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    account_gate_result: Gate,
    organizational_unit_id: String,
}

pub(super) fn list_stack_set_operation_results(
    context: &mut Context<'_>,
    request: List,
) -> Result<Results, ServiceError> {
    let set = active(context, request.call_as, &request.stack_set_name)?;
    let operation = operation::existing(context.world, &set, &request.operation_id)?.key();
    let mut status = None;
    for filter in request.filters {
        let (Some(_), Some(value)) = (filter.name, filter.values) else {
            return Err(invalid("A filter needs a Name and Values"));
        };
        let known = ["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"];
        if !known.contains(&value.as_str()) {
            return Err(invalid(format!(
                "OPERATION_RESULT_STATUS must be one of {}, and is {}",
                known.join(", "),
                glidepath_model::text::printable(&value)
            )));
        }
        status = Some(value);
    }
    let wanted = Wanted {
        listing: format!("ListStackSetOperationResults/{operation}/{status:?}"),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let world = &*context.world;
    let page = page(world, &wanted, |after, at_most| {
        rows::<OperationResult>(world, &format!("{operation}/"), after, at_most, |result| {
            status.as_ref().is_none_or(|status| status == result.status.api_name())
        })
    })?;
    let summary = |result: &Arc<OperationResult>| Summary {
        account: result.account.clone(),
        region: result.region.clone(),
        status: result.status.api_name(),
        status_reason: result.reason.clone(),
        // Account gates are functions of self-managed administrators.
        account_gate_result: Gate { status: "SKIPPED" },
        organizational_unit_id: result.unit.clone(),
    };
    Ok(Results { summaries: page.items.iter().map(summary).collect(), next_token: page.next })
}
