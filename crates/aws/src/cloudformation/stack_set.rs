//! Stack sets.

use super::{PAGE, Preferences, Reader, Writer, begun, member, parameters, sdk_parameters, sdk_tags, tags};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_cloudformation::types::{
    AutoDeployment as SdkAutoDeployment, Capability, ManagedExecution, PermissionModels, StackSetStatus,
};
use glidepath_model::Tags;
use glidepath_model::deployment::{AutoDeployment, StackSet};
use std::collections::{BTreeMap, BTreeSet};

/// What a stack set is to be.
#[derive(Debug, Clone, Copy)]
pub struct StackSetText<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its description, 1 to 1,024 characters.
    pub description: &'a str,
    /// The template, at most 51,200 bytes.
    pub template: &'a str,
    /// Values for the template's parameters.
    pub parameters: &'a BTreeMap<String, String>,
    /// The capabilities that are acknowledged.
    pub capabilities: &'a BTreeSet<String>,
    /// Whether accounts that come to its units get stacks by themselves.
    pub auto_deployment: Option<&'a AutoDeployment>,
    /// Its tags.
    pub tags: &'a Tags,
}

impl StackSetText<'_> {
    fn capabilities(&self) -> Option<Vec<Capability>> {
        Some(self.capabilities.iter().map(|one| Capability::from(one.as_str())).collect())
    }

    fn auto_deployment(&self) -> SdkAutoDeployment {
        let off = SdkAutoDeployment::builder().enabled(false);
        let Some(on) = self.auto_deployment else { return off.build() };
        let depends_on = on.depends_on.iter().cloned().collect::<Vec<String>>();
        let depends_on = Some(depends_on).filter(|all| !all.is_empty());
        off.enabled(true).retain_stacks_on_account_removal(on.retain).set_depends_on(depends_on).build()
    }
}

impl Reader {
    /// The names of the active service-managed stack sets.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_stack_sets(&self) -> Result<Vec<String>, Error> {
        const OPERATION: &str = "cloudformation:ListStackSets";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_stack_sets().status(StackSetStatus::Active);
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.summaries.unwrap_or_default(), page.next_token))
        });
        let mut names = Vec::new();
        for summary in told.await? {
            if summary.permission_model == Some(PermissionModels::ServiceManaged) {
                names.push(member(OPERATION, "StackSetName", summary.stack_set_name)?);
            }
        }
        Ok(names)
    }

    /// A stack set; none where there is no active one of that name.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_stack_set(&self, name: &str) -> Result<Option<StackSet>, Error> {
        const OPERATION: &str = "cloudformation:DescribeStackSet";
        let send = || self.client.describe_stack_set().stack_set_name(name).send();
        let told = match self.session.read(OPERATION, send).await {
            Ok(told) => member(OPERATION, "StackSet", told.stack_set)?,
            Err(error) => return error.settled("StackSetNotFoundException", None),
        };
        if told.status == Some(StackSetStatus::Deleted) {
            return Ok(None);
        }
        let auto =
            told.auto_deployment.filter(|auto| auto.enabled == Some(true)).map(|auto| AutoDeployment {
                retain: auto.retain_stacks_on_account_removal.unwrap_or_default(),
                depends_on: auto.depends_on.unwrap_or_default().into_iter().collect(),
            });
        let capabilities = told.capabilities.unwrap_or_default();
        Ok(Some(StackSet {
            name: member(OPERATION, "StackSetName", told.stack_set_name)?,
            id: member(OPERATION, "StackSetId", told.stack_set_id)?,
            arn: member(OPERATION, "StackSetARN", told.stack_set_arn)?,
            description: told.description.unwrap_or_default(),
            template: member(OPERATION, "TemplateBody", told.template_body)?,
            parameters: parameters(told.parameters),
            capabilities: capabilities.into_iter().map(|one| one.as_str().to_owned()).collect(),
            auto_deployment: auto,
            managed_execution: told.managed_execution.and_then(|one| one.active).unwrap_or_default(),
            tags: tags(told.tags),
        }))
    }
}

impl Writer {
    /// Creates a service-managed stack set without stacks, tags included. Gives its id.
    ///
    /// # Errors
    /// Any [`Error`] of a write; [`Error::is_already_there`] when there is another one of that name.
    pub async fn create_stack_set(&self, text: StackSetText<'_>, token: &str) -> Result<String, Error> {
        const OPERATION: &str = "cloudformation:CreateStackSet";
        let send = || {
            let ask = self.client.create_stack_set().stack_set_name(text.name).description(text.description);
            let ask = ask.template_body(text.template).set_parameters(sdk_parameters(text.parameters));
            let ask = ask.set_capabilities(text.capabilities()).auto_deployment(text.auto_deployment());
            let ask = ask.permission_model(PermissionModels::ServiceManaged);
            let ask = ask.managed_execution(ManagedExecution::builder().active(true).build());
            ask.set_tags(sdk_tags(text.tags)).client_request_token(token).send()
        };
        let told = self.write(OPERATION, send).await?;
        member(OPERATION, "StackSetId", told.stack_set_id)
    }

    /// Gives a stack set another template, description, parameters or auto-deployment, and has all its
    /// stacks follow. Gives the operation's id, which is the one that was asked for.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_stack_set(
        &self,
        text: StackSetText<'_>,
        preferences: &Preferences,
        operation_id: &str,
    ) -> Result<String, Error> {
        const OPERATION: &str = "cloudformation:UpdateStackSet";
        let send = || {
            let ask = self.client.update_stack_set().stack_set_name(text.name).description(text.description);
            let ask = ask.template_body(text.template).set_parameters(sdk_parameters(text.parameters));
            let ask = ask.set_capabilities(text.capabilities()).auto_deployment(text.auto_deployment());
            let ask = ask.permission_model(PermissionModels::ServiceManaged);
            let ask = ask.managed_execution(ManagedExecution::builder().active(true).build());
            let ask = ask.set_tags(sdk_tags(text.tags)).operation_preferences(preferences.sdk());
            ask.operation_id(operation_id).send()
        };
        begun(OPERATION, self.write(OPERATION, send).await.map(|told| told.operation_id), operation_id)
    }

    /// Deletes a stack set that has no stacks.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_stack_set(&self, name: &str) -> Result<(), Error> {
        const OPERATION: &str = "cloudformation:DeleteStackSet";
        match self.write(OPERATION, || self.client.delete_stack_set().stack_set_name(name).send()).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("StackSetNotFoundException", ()),
        }
    }
}
