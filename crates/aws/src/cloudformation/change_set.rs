//! Change sets: what CloudFormation says it will do to a stack, before it does it.

use super::stack::is_not_there;
use super::{Reader, Writer, member, sdk_parameters, sdk_tags};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_cloudformation::types::{
    Capability, Change, ChangeAction, ChangeSetStatus, ChangeSetType, ExecutionStatus, Replacement,
};
use glidepath_model::Tags;
use std::collections::{BTreeMap, BTreeSet};

/// What a change set is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ChangeSetOrder<'a> {
    /// The stack's name.
    pub stack: &'a str,
    /// The change set's name: a letter, then letters, digits and hyphens, at most 128 characters.
    pub name: &'a str,
    /// Whether the stack is there already.
    pub stack_is: StackIs,
    /// The template, at most 51,200 bytes.
    pub template: &'a str,
    /// Values for the template's parameters.
    pub parameters: &'a BTreeMap<String, String>,
    /// The capabilities that are acknowledged.
    pub capabilities: &'a BTreeSet<String>,
    /// The stack's tags.
    pub tags: &'a Tags,
}

/// Whether a stack is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StackIs {
    /// It is to be made.
    New,
    /// It is there.
    There,
}

/// A change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    /// Its ARN, which no other one ever has.
    pub id: String,
    /// How it stands.
    pub state: ChangeSetState,
    /// What it does, resource by resource.
    pub changes: Vec<ResourceChange>,
}

/// How a change set stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeSetState {
    /// AWS is still comparing.
    Pending,
    /// It can be executed.
    Ready,
    /// There is nothing to change.
    Empty,
    /// It cannot be made, for this reason.
    Failed(String),
}

/// What happens to one resource of a stack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceChange {
    /// Its logical id.
    pub logical_id: String,
    /// Its type.
    pub ty: String,
    /// What happens.
    pub action: ResourceAction,
}

/// What happens to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResourceAction {
    /// It is made.
    Add,
    /// It is changed in place.
    Modify,
    /// It is made anew, and the old one goes.
    Replace,
    /// It may be made anew: AWS knows only when it does it.
    MayReplace,
    /// It goes.
    Remove,
    /// It is brought in or looked at; nothing is changed.
    Other,
}

impl Reader {
    /// A change set; none where there is none of that name.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_change_set(&self, stack: &str, name: &str) -> Result<Option<ChangeSet>, Error> {
        const OPERATION: &str = "cloudformation:DescribeChangeSet";
        let seen = std::sync::Mutex::new(None);
        let seen = &seen;
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.describe_change_set().stack_name(stack).change_set_name(name);
                ask.set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            let reason = page.status_reason.unwrap_or_default();
            let execution = page.execution_status.filter(|status| *status != ExecutionStatus::Available);
            let stands = match member(OPERATION, "Status", page.status)? {
                ChangeSetStatus::CreateComplete => match execution {
                    None => ChangeSetState::Ready,
                    Some(other) => ChangeSetState::Failed(format!("it is {}", other.as_str())),
                },
                ChangeSetStatus::Failed if is_empty(&reason) => ChangeSetState::Empty,
                ChangeSetStatus::CreateInProgress | ChangeSetStatus::CreatePending => ChangeSetState::Pending,
                ChangeSetStatus::Failed => ChangeSetState::Failed(reason),
                other => ChangeSetState::Failed(format!("it is {}: {reason}", other.as_str())),
            };
            let id = member(OPERATION, "ChangeSetId", page.change_set_id)?;
            *seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((id, stands));
            Ok((page.changes.unwrap_or_default(), page.next_token))
        });
        let changes = match told.await {
            Ok(changes) => changes,
            Err(error) if is_not_there(&error) => return Ok(None),
            Err(error) => return error.settled("ChangeSetNotFound", None),
        };
        let seen = seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let changes =
            changes.into_iter().map(|change| resource(OPERATION, change)).collect::<Result<_, _>>()?;
        let (id, state) = member(OPERATION, "Status", seen)?;
        Ok(Some(ChangeSet { id, state, changes }))
    }
}

impl Writer {
    /// Asks for a change set. One of the same name that is there already is the one that was asked for: names
    /// follow from what is wanted. A stack that cannot be made is rolled back and stays, so that its events tell
    /// why.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn create_change_set(&self, order: ChangeSetOrder<'_>) -> Result<(), Error> {
        const OPERATION: &str = "cloudformation:CreateChangeSet";
        let kind = match order.stack_is {
            StackIs::New => ChangeSetType::Create,
            StackIs::There => ChangeSetType::Update,
        };
        let capabilities: Vec<Capability> =
            order.capabilities.iter().map(|one| Capability::from(one.as_str())).collect();
        let send = || {
            let ask = self.client.create_change_set().stack_name(order.stack).change_set_name(order.name);
            let ask = ask.change_set_type(kind.clone()).template_body(order.template);
            let ask = ask.set_parameters(sdk_parameters(order.parameters));
            let ask = ask.set_capabilities(Some(capabilities.clone())).set_tags(sdk_tags(order.tags));
            ask.client_token(order.name).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("AlreadyExistsException", ()),
        }
    }

    /// Has a change set carried out. The token is the change set's own: one that an earlier change set of the
    /// same name had would make AWS take this for done.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn execute_change_set(&self, stack: &str, name: &str, token: &str) -> Result<(), Error> {
        const OPERATION: &str = "cloudformation:ExecuteChangeSet";
        let send = || {
            let ask = self.client.execute_change_set().stack_name(stack).change_set_name(name);
            ask.client_request_token(token).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Deletes a change set that is not wanted.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_change_set(&self, stack: &str, name: &str) -> Result<(), Error> {
        const OPERATION: &str = "cloudformation:DeleteChangeSet";
        let send = || self.client.delete_change_set().stack_name(stack).change_set_name(name).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) if is_not_there(&error) => Ok(()),
            Err(error) => error.settled("ChangeSetNotFound", ()),
        }
    }
}

/// CloudFormation has no code for a change set without changes, only these words.
fn is_empty(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

fn resource(operation: &'static str, told: Change) -> Result<ResourceChange, Error> {
    let told = member(operation, "ResourceChange", told.resource_change)?;
    let action = match (member(operation, "Action", told.action)?, told.replacement) {
        (ChangeAction::Add, _) => ResourceAction::Add,
        (ChangeAction::Remove, _) => ResourceAction::Remove,
        (ChangeAction::Modify, Some(Replacement::True)) => ResourceAction::Replace,
        (ChangeAction::Modify, Some(Replacement::Conditional)) => ResourceAction::MayReplace,
        (ChangeAction::Modify, _) => ResourceAction::Modify,
        _ => ResourceAction::Other,
    };
    Ok(ResourceChange {
        logical_id: member(operation, "LogicalResourceId", told.logical_resource_id)?,
        ty: told.resource_type.unwrap_or_default(),
        action,
    })
}
