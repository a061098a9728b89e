//! Operations on stack sets.

use super::{PAGE, Reader, malformed, member};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_cloudformation::types::{
    ConcurrencyMode, RegionConcurrencyType, StackSetOperationAction as SdkAction,
    StackSetOperationPreferences, StackSetOperationStatus as SdkStatus,
};
use glidepath_model::deployment::{OperationResult, OperationStatus, StackSetAction, StackSetOperation};
use glidepath_model::{AccountId, Timestamp};

/// How an operation goes about its stacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// The share of a Region's accounts that are worked on at a time, in percent.
    pub concurrent_percent: i32,
    /// The share of a Region's accounts that may fail, in percent.
    pub tolerated_percent: i32,
    /// The Regions in the order they are worked on; the first is tried before the others follow.
    pub region_order: Vec<String>,
}

impl Preferences {
    pub(super) fn sdk(&self) -> StackSetOperationPreferences {
        let order = Some(self.region_order.clone()).filter(|order| !order.is_empty());
        StackSetOperationPreferences::builder()
            .max_concurrent_percentage(self.concurrent_percent)
            .failure_tolerance_percentage(self.tolerated_percent)
            .concurrency_mode(ConcurrencyMode::SoftFailureTolerance)
            .region_concurrency_type(RegionConcurrencyType::Parallel)
            .set_region_order(order)
            .build()
    }
}

impl Reader {
    /// The first page of a stack set's operations, the latest first: what runs or waits is among them.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_stack_set_operations(&self, name: &str) -> Result<Vec<StackSetOperation>, Error> {
        const OPERATION: &str = "cloudformation:ListStackSetOperations";
        let send = || self.client.list_stack_set_operations().stack_set_name(name).max_results(PAGE).send();
        let told = self.session.read(OPERATION, send).await?;
        let one = |told: aws_sdk_cloudformation::types::StackSetOperationSummary| {
            Ok(StackSetOperation {
                id: member(OPERATION, "OperationId", told.operation_id)?,
                action: action(OPERATION, told.action)?,
                status: status(OPERATION, told.status)?,
                created: told.creation_timestamp.and_then(time),
                failed: failed(told.status_details.and_then(|told| told.failed_stack_instances_count)),
            })
        };
        told.summaries.unwrap_or_default().into_iter().map(one).collect()
    }

    /// How an operation stands; none where the set has none of that id.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_stack_set_operation(
        &self,
        name: &str,
        id: &str,
    ) -> Result<Option<StackSetOperation>, Error> {
        const OPERATION: &str = "cloudformation:DescribeStackSetOperation";
        let send = || self.client.describe_stack_set_operation().stack_set_name(name).operation_id(id).send();
        let told = match self.session.read(OPERATION, send).await {
            Ok(told) => member(OPERATION, "StackSetOperation", told.stack_set_operation)?,
            Err(error) => return error.settled("OperationNotFoundException", None),
        };
        Ok(Some(StackSetOperation {
            id: member(OPERATION, "OperationId", told.operation_id)?,
            action: action(OPERATION, told.action)?,
            status: status(OPERATION, told.status)?,
            created: told.creation_timestamp.and_then(time),
            failed: failed(told.status_details.and_then(|told| told.failed_stack_instances_count)),
        }))
    }

    /// What an operation did to each stack it was to reach.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_stack_set_operation_results(
        &self,
        name: &str,
        id: &str,
    ) -> Result<Vec<OperationResult>, Error> {
        const OPERATION: &str = "cloudformation:ListStackSetOperationResults";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_stack_set_operation_results().stack_set_name(name);
                ask.operation_id(id).max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.summaries.unwrap_or_default(), page.next_token))
        });
        let mut all = Vec::new();
        for told in told.await? {
            let account = member(OPERATION, "Account", told.account)?;
            all.push(OperationResult {
                account: AccountId::parse(&account)
                    .map_err(|error| malformed(OPERATION, error.to_string()))?,
                region: member(OPERATION, "Region", told.region)?,
                status: told.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
                reason: told.status_reason.unwrap_or_default(),
            });
        }
        Ok(all)
    }
}

fn failed(told: Option<i32>) -> Option<u32> {
    told.and_then(|count| u32::try_from(count).ok())
}

fn time(told: aws_smithy_types::DateTime) -> Option<Timestamp> {
    Timestamp::new(told.secs(), i32::try_from(told.subsec_nanos()).unwrap_or_default()).ok()
}

fn action(operation: &'static str, told: Option<SdkAction>) -> Result<StackSetAction, Error> {
    match member(operation, "Action", told)? {
        SdkAction::Create => Ok(StackSetAction::Create),
        SdkAction::Update => Ok(StackSetAction::Update),
        SdkAction::Delete => Ok(StackSetAction::Delete),
        SdkAction::DetectDrift => Ok(StackSetAction::DetectDrift),
        other => Err(malformed(operation, format!("`{}` is no action", other.as_str()))),
    }
}

fn status(operation: &'static str, told: Option<SdkStatus>) -> Result<OperationStatus, Error> {
    match member(operation, "Status", told)? {
        SdkStatus::Queued => Ok(OperationStatus::Queued),
        SdkStatus::Running => Ok(OperationStatus::Running),
        SdkStatus::Stopping => Ok(OperationStatus::Stopping),
        SdkStatus::Stopped => Ok(OperationStatus::Stopped),
        SdkStatus::Succeeded => Ok(OperationStatus::Succeeded),
        SdkStatus::Failed => Ok(OperationStatus::Failed),
        other => Err(malformed(operation, format!("`{}` is no status of an operation", other.as_str()))),
    }
}
