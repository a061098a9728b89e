//! Stacks of one account and Region.

use super::{Reader, Writer, member, parameters, tags};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_cloudformation::types::Stack as SdkStack;
use aws_sdk_cloudformation::types::TemplateStage;
use glidepath_model::deployment::Stack;
use std::collections::BTreeSet;

/// What CloudFormation says of a stack that is not there; it has no code of its own for it.
const NOT_THERE: &str = "does not exist";

impl Reader {
    /// Every stack that is there.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_stacks(&self) -> Result<Vec<Stack>, Error> {
        const OPERATION: &str = "cloudformation:DescribeStacks";
        let told = pages(OPERATION, |token| async move {
            let send = || self.client.describe_stacks().set_next_token(token.clone()).send();
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.stacks.unwrap_or_default(), page.next_token))
        });
        told.await?.into_iter().map(|told| stack(OPERATION, told)).collect()
    }

    /// A stack by its name or ARN; none where there is none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_stack(&self, name: &str) -> Result<Option<Stack>, Error> {
        const OPERATION: &str = "cloudformation:DescribeStacks";
        let told = self.session.read(OPERATION, || self.client.describe_stacks().stack_name(name).send());
        match told.await {
            Ok(told) => told
                .stacks
                .unwrap_or_default()
                .into_iter()
                .next()
                .map(|told| stack(OPERATION, told))
                .transpose(),
            Err(error) if is_not_there(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The template that a stack was last given, as it was sent; none where there is no such stack.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn get_template(&self, name: &str) -> Result<Option<String>, Error> {
        const OPERATION: &str = "cloudformation:GetTemplate";
        let send =
            || self.client.get_template().stack_name(name).template_stage(TemplateStage::Original).send();
        match self.session.read(OPERATION, send).await {
            Ok(told) => Ok(told.template_body),
            Err(error) if is_not_there(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The resources of a stack, by their names in the template, that an update, a way back or a deletion failed at.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn stuck_resources(&self, name: &str) -> Result<BTreeSet<String>, Error> {
        const OPERATION: &str = "cloudformation:DescribeStackResources";
        let send = || self.client.describe_stack_resources().stack_name(name).send();
        let told = match self.session.read(OPERATION, send).await {
            Ok(told) => told.stack_resources.unwrap_or_default(),
            Err(error) if is_not_there(&error) => return Ok(BTreeSet::new()),
            Err(error) => return Err(error),
        };
        let stuck = told.into_iter().filter(|resource| {
            let status = resource.resource_status.as_ref().map(|status| status.as_str());
            matches!(status, Some("UPDATE_FAILED" | "DELETE_FAILED"))
        });
        Ok(stuck.filter_map(|resource| resource.logical_resource_id).collect())
    }

    /// What first went wrong with a stack since its latest operation began, in AWS's words: resource and reason.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn first_failure(&self, name: &str) -> Result<Option<String>, Error> {
        const OPERATION: &str = "cloudformation:DescribeStackEvents";
        let told =
            self.session.read(OPERATION, || self.client.describe_stack_events().stack_name(name).send());
        let events = match told.await {
            Ok(told) => told.stack_events.unwrap_or_default(),
            Err(error) if is_not_there(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        // The latest come first. The operation that failed began where the stack itself went into progress.
        let mut first = None;
        for event in events {
            let status = event.resource_status.as_ref().map(|status| status.as_str()).unwrap_or_default();
            let of_stack = event.physical_resource_id == event.stack_id;
            if of_stack && status.ends_with("_IN_PROGRESS") && !status.contains("ROLLBACK") && first.is_some()
            {
                break;
            }
            let reason = event.resource_status_reason.unwrap_or_default();
            if !of_stack && status.ends_with("_FAILED") && !reason.contains("cancelled") {
                first = Some(format!("{}: {reason}", event.logical_resource_id.unwrap_or_default()));
            }
        }
        Ok(first)
    }
}

impl Writer {
    /// Has a stack deleted, with all that its template does not retain. Resources at which an earlier deletion
    /// failed can be left where they are.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_stack(&self, name: &str, left: &BTreeSet<String>, token: &str) -> Result<(), Error> {
        const OPERATION: &str = "cloudformation:DeleteStack";
        let left = Some(left.iter().cloned().collect::<Vec<_>>()).filter(|left| !left.is_empty());
        let send = || {
            let ask = self.client.delete_stack().stack_name(name).client_request_token(token);
            ask.set_retain_resources(left.clone()).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Keeps a stack from being deleted, or no longer does.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn set_termination_protection(&self, name: &str, protection: Protection) -> Result<(), Error> {
        const OPERATION: &str = "cloudformation:UpdateTerminationProtection";
        let send = || {
            let ask = self.client.update_termination_protection().stack_name(name);
            ask.enable_termination_protection(protection == Protection::On).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Has a failed update's way back go on. Resources at which it failed can be left as they are: CloudFormation
    /// then takes them for rolled back.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn continue_update_rollback(
        &self,
        name: &str,
        skipped: &BTreeSet<String>,
        token: &str,
    ) -> Result<(), Error> {
        const OPERATION: &str = "cloudformation:ContinueUpdateRollback";
        let skipped = Some(skipped.iter().cloned().collect::<Vec<_>>()).filter(|all| !all.is_empty());
        let send = || {
            let ask = self.client.continue_update_rollback().stack_name(name).client_request_token(token);
            ask.set_resources_to_skip(skipped.clone()).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }
}

/// Whether a stack is kept from being deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// It is.
    On,
    /// It is not.
    Off,
}

pub(super) fn is_not_there(error: &Error) -> bool {
    match error {
        Error::Service { code, message, .. } => code == "ValidationError" && message.contains(NOT_THERE),
        _ => false,
    }
}

fn stack(operation: &'static str, told: SdkStack) -> Result<Stack, Error> {
    let outputs = told.outputs.unwrap_or_default().into_iter();
    let capabilities = told.capabilities.unwrap_or_default().into_iter();
    Ok(Stack {
        name: member(operation, "StackName", told.stack_name)?,
        id: member(operation, "StackId", told.stack_id)?,
        status: member(operation, "StackStatus", told.stack_status)?.as_str().to_owned(),
        reason: told.stack_status_reason.unwrap_or_default(),
        parameters: parameters(told.parameters),
        capabilities: capabilities.map(|one| one.as_str().to_owned()).collect(),
        termination_protection: told.enable_termination_protection.unwrap_or_default(),
        outputs: outputs
            .filter_map(|one| Some((one.output_key?, one.output_value.unwrap_or_default())))
            .collect(),
        tags: tags(told.tags),
    })
}
