//! Drift: stacks compared with what is there, by CloudFormation itself. Asking for a comparison changes nothing but
//! what CloudFormation remembers of it, which AWS, too, counts as reading.
//!
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html>

use super::stack::is_not_there;
use super::{PAGE, Preferences, Reader, begun, member};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_cloudformation::types::{
    PropertyDifference, StackDriftDetectionStatus, StackInstanceFilter, StackInstanceFilterName,
    StackInstanceResourceDriftsSummary, StackResourceDriftStatus,
};
use glidepath_model::AccountId;
use glidepath_model::deployment::{Instance, PropertyDrift, ResourceDrift, ResourceState};

/// How a comparison of one stack stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detection {
    /// It goes on.
    Running,
    /// It has ended, and every resource that can be compared was.
    Complete,
    /// It could not be done, or not to its end: why, in AWS's words.
    Failed(String),
}

impl Reader {
    /// Has all stacks of a set compared with what is there. Gives the operation's id.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn detect_stack_set_drift(
        &self,
        name: &str,
        preferences: &Preferences,
        operation_id: &str,
    ) -> Result<String, Error> {
        const OPERATION: &str = "cloudformation:DetectStackSetDrift";
        let send = || {
            let ask = self.client.detect_stack_set_drift().stack_set_name(name);
            ask.operation_preferences(preferences.sdk()).operation_id(operation_id).send()
        };
        let told = self.session.read(OPERATION, send).await;
        begun(OPERATION, told.map(|told| told.operation_id), operation_id)
    }

    /// The stacks of a set that the last comparison found changed.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_drifted_stack_instances(&self, name: &str) -> Result<Vec<Instance>, Error> {
        let filter = StackInstanceFilter::builder().name(StackInstanceFilterName::DriftStatus);
        self.instances(name, Some(vec![filter.values("DRIFTED").build()])).await
    }

    /// The resources of one stack of a set that this comparison found changed.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_stack_instance_resource_drifts(
        &self,
        (name, operation_id): (&str, &str),
        (account, region): (&AccountId, &str),
    ) -> Result<Vec<ResourceDrift>, Error> {
        const OPERATION: &str = "cloudformation:ListStackInstanceResourceDrifts";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_stack_instance_resource_drifts().stack_set_name(name);
                let ask = ask.operation_id(operation_id).stack_instance_account(account.as_str());
                let ask = ask.stack_instance_region(region).max_results(PAGE);
                let ask = ask.stack_instance_resource_drift_statuses(StackResourceDriftStatus::Modified);
                let ask = ask.stack_instance_resource_drift_statuses(StackResourceDriftStatus::Deleted);
                ask.set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.summaries.unwrap_or_default(), page.next_token))
        });
        let one = |told: StackInstanceResourceDriftsSummary| {
            Ok(ResourceDrift {
                logical_id: member(OPERATION, "LogicalResourceId", told.logical_resource_id)?,
                physical_id: told.physical_resource_id,
                ty: member(OPERATION, "ResourceType", told.resource_type)?,
                state: state(told.stack_resource_drift_status.as_ref()),
                properties: properties(told.property_differences),
            })
        };
        told.await?.into_iter().map(one).collect()
    }

    /// Has one stack compared with what is there. Gives the comparison's id.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn detect_stack_drift(&self, name: &str) -> Result<String, Error> {
        const OPERATION: &str = "cloudformation:DetectStackDrift";
        let told = self.session.read(OPERATION, || self.client.detect_stack_drift().stack_name(name).send());
        member(OPERATION, "StackDriftDetectionId", told.await?.stack_drift_detection_id)
    }

    /// How the comparison of one stack stands.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_stack_drift_detection_status(&self, id: &str) -> Result<Detection, Error> {
        const OPERATION: &str = "cloudformation:DescribeStackDriftDetectionStatus";
        let send = || self.client.describe_stack_drift_detection_status().stack_drift_detection_id(id).send();
        let told = self.session.read(OPERATION, send).await?;
        Ok(match member(OPERATION, "DetectionStatus", told.detection_status)? {
            StackDriftDetectionStatus::DetectionInProgress => Detection::Running,
            StackDriftDetectionStatus::DetectionComplete => Detection::Complete,
            other => {
                let reason = told.detection_status_reason.unwrap_or_default();
                Detection::Failed(format!("{}: {reason}", other.as_str()))
            }
        })
    }

    /// The resources of one stack that the last comparison found changed; none where the stack is gone.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_stack_resource_drifts(&self, name: &str) -> Result<Vec<ResourceDrift>, Error> {
        const OPERATION: &str = "cloudformation:DescribeStackResourceDrifts";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.describe_stack_resource_drifts().stack_name(name).max_results(PAGE);
                let ask = ask.stack_resource_drift_status_filters(StackResourceDriftStatus::Modified);
                let ask = ask.stack_resource_drift_status_filters(StackResourceDriftStatus::Deleted);
                ask.set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.stack_resource_drifts.unwrap_or_default(), page.next_token))
        });
        let told = match told.await {
            Err(error) if is_not_there(&error) => return Ok(Vec::new()),
            told => told?,
        };
        let one = |told: aws_sdk_cloudformation::types::StackResourceDrift| {
            Ok(ResourceDrift {
                logical_id: member(OPERATION, "LogicalResourceId", told.logical_resource_id)?,
                physical_id: told.physical_resource_id,
                ty: member(OPERATION, "ResourceType", told.resource_type)?,
                state: state(told.stack_resource_drift_status.as_ref()),
                properties: properties(told.property_differences),
            })
        };
        told.into_iter().map(one).collect()
    }
}

fn state(told: Option<&StackResourceDriftStatus>) -> ResourceState {
    match told {
        Some(StackResourceDriftStatus::Deleted) => ResourceState::Deleted,
        _ => ResourceState::Modified,
    }
}

fn properties(told: Option<Vec<PropertyDifference>>) -> Vec<PropertyDrift> {
    let one = |told: PropertyDifference| PropertyDrift {
        path: told.property_path.unwrap_or_default(),
        expected: told.expected_value.unwrap_or_default(),
        actual: told.actual_value.unwrap_or_default(),
    };
    let mut all: Vec<PropertyDrift> = told.unwrap_or_default().into_iter().map(one).collect();
    all.sort();
    all
}
