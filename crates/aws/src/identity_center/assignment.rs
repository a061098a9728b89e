//! Assignments: AWS takes a request, and makes or takes away access in its own time.

use super::{PAGE, Reader, Writer, malformed, member, principal, sdk_principal, state};
use crate::effort::Entry;
use crate::error::Error;
use crate::lanes::Place;
use crate::pages::pages;
use crate::watch::Ticket;
use aws_sdk_ssoadmin::types::{
    AccountAssignmentOperationStatus, OperationStatusFilter, StatusValues, TargetType,
};
use glidepath_model::AccountId;
use glidepath_model::identity_center::{Assignment, PrincipalId, Request};
use glidepath_model::operations::{Access, OperationRow};

const CREATE: &str = "sso-admin:CreateAccountAssignment";
const DELETE: &str = "sso-admin:DeleteAccountAssignment";

/// One of the fifteen places for assignments under way. Hold it from before the request until the request is decided,
/// so that AWS is never asked for a sixteenth.
#[derive(Debug)]
pub struct AssignmentSlot(Place);

impl Reader {
    /// Everything that a group or user is assigned by itself, of any permission set.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_assignments_of(
        &self,
        instance: &str,
        who: &PrincipalId,
    ) -> Result<Vec<Assignment>, Error> {
        const OPERATION: &str = "sso-admin:ListAccountAssignmentsForPrincipal";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_account_assignments_for_principal().instance_arn(instance);
                let ask = ask.principal_type(sdk_principal(who)).principal_id(who.id());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.account_assignments.unwrap_or_default(), page.next_token))
        });
        let mut all = Vec::new();
        for told in told.await? {
            let assignment = Assignment {
                permission_set: member(OPERATION, "PermissionSetArn", told.permission_set_arn)?,
                principal: principal(OPERATION, told.principal_type, told.principal_id)?,
                account: account(OPERATION, told.account_id)?,
            };
            // Of a user AWS also tells what comes by groups.
            if assignment.principal == *who {
                all.push(assignment);
            }
        }
        Ok(all)
    }

    /// Everybody who has a permission set in an account.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_assignments_in(
        &self,
        instance: &str,
        set: &str,
        account: &AccountId,
    ) -> Result<Vec<PrincipalId>, Error> {
        const OPERATION: &str = "sso-admin:ListAccountAssignments";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_account_assignments().instance_arn(instance);
                let ask = ask.permission_set_arn(set).account_id(account.as_str());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.account_assignments.unwrap_or_default(), page.next_token))
        });
        let told = told.await?.into_iter();
        told.map(|told| principal(OPERATION, told.principal_type, told.principal_id)).collect()
    }

    /// The ids of requests for assignments that are not decided.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_running_creations(&self, instance: &str) -> Result<Vec<String>, Error> {
        const OPERATION: &str = "sso-admin:ListAccountAssignmentCreationStatus";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_account_assignment_creation_status().instance_arn(instance);
                ask.filter(running()).max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.account_assignments_creation_status.unwrap_or_default(), page.next_token))
        });
        told.await?.into_iter().map(|told| member(OPERATION, "RequestId", told.request_id)).collect()
    }

    /// The ids of requests to take assignments away that are not decided.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_running_deletions(&self, instance: &str) -> Result<Vec<String>, Error> {
        const OPERATION: &str = "sso-admin:ListAccountAssignmentDeletionStatus";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_account_assignment_deletion_status().instance_arn(instance);
                ask.filter(running()).max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.account_assignments_deletion_status.unwrap_or_default(), page.next_token))
        });
        told.await?.into_iter().map(|told| member(OPERATION, "RequestId", told.request_id)).collect()
    }

    /// How a request for an assignment stands.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn creation_status(&self, instance: &str, id: &str) -> Result<Request, Error> {
        const OPERATION: &str = "sso-admin:DescribeAccountAssignmentCreationStatus";
        let send = || {
            let ask = self.client.describe_account_assignment_creation_status().instance_arn(instance);
            ask.account_assignment_creation_request_id(id).send()
        };
        let told = self.session.read(OPERATION, send).await?;
        request(OPERATION, told.account_assignment_creation_status)
    }

    /// How a request to take an assignment away stands.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn deletion_status(&self, instance: &str, id: &str) -> Result<Request, Error> {
        const OPERATION: &str = "sso-admin:DescribeAccountAssignmentDeletionStatus";
        let send = || {
            let ask = self.client.describe_account_assignment_deletion_status().instance_arn(instance);
            ask.account_assignment_deletion_request_id(id).send()
        };
        let told = self.session.read(OPERATION, send).await?;
        request(OPERATION, told.account_assignment_deletion_status)
    }
}

impl Writer {
    /// Waits for a place to make or take an assignment in.
    ///
    /// # Errors
    /// [`Error::Setup`] when the operations table is broken.
    pub async fn assignment_slot(&self) -> Result<AssignmentSlot, Error> {
        let row =
            OperationRow::find(CREATE).map_err(|_| Error::NotInTable { operation: CREATE.to_owned() })?;
        self.session.core().lanes.enter(&row.lane).await.map(AssignmentSlot)
    }

    /// Asks AWS to give access.
    ///
    /// # Errors
    /// Any [`Error`] of a write; `ConflictException` while AWS is at the same account.
    pub async fn create_assignment(
        &self,
        slot: &AssignmentSlot,
        instance: &str,
        new: &Assignment,
    ) -> Result<Request, Error> {
        let send = || {
            let ask = self.client.create_account_assignment().instance_arn(instance);
            let ask = ask.permission_set_arn(&new.permission_set).target_type(TargetType::AwsAccount);
            let ask = ask.target_id(new.account.as_str()).principal_type(sdk_principal(&new.principal));
            ask.principal_id(new.principal.id()).send()
        };
        let ticket = Ticket { operation: CREATE, access: Access::Write };
        let told = self.session.call(ticket, Entry::Held(&slot.0), send).await?;
        request(CREATE, told.account_assignment_creation_status)
    }

    /// Asks AWS to take access away.
    ///
    /// # Errors
    /// Any [`Error`] of a write; `ConflictException` while AWS is at the same account.
    pub async fn delete_assignment(
        &self,
        slot: &AssignmentSlot,
        instance: &str,
        old: &Assignment,
    ) -> Result<Request, Error> {
        let send = || {
            let ask = self.client.delete_account_assignment().instance_arn(instance);
            let ask = ask.permission_set_arn(&old.permission_set).target_type(TargetType::AwsAccount);
            let ask = ask.target_id(old.account.as_str()).principal_type(sdk_principal(&old.principal));
            ask.principal_id(old.principal.id()).send()
        };
        let ticket = Ticket { operation: DELETE, access: Access::Write };
        let told = self.session.call(ticket, Entry::Held(&slot.0), send).await?;
        request(DELETE, told.account_assignment_deletion_status)
    }
}

pub(super) fn running() -> OperationStatusFilter {
    OperationStatusFilter::builder().status(StatusValues::InProgress).build()
}

fn account(operation: &'static str, told: Option<String>) -> Result<AccountId, Error> {
    let id = member(operation, "AccountId", told)?;
    AccountId::parse(&id).map_err(|error| malformed(operation, error.to_string()))
}

fn request(
    operation: &'static str,
    told: Option<AccountAssignmentOperationStatus>,
) -> Result<Request, Error> {
    let told = member(operation, "AccountAssignmentStatus", told)?;
    Ok(Request {
        id: member(operation, "RequestId", told.request_id)?,
        state: state(operation, told.status, told.failure_reason)?,
        created: None,
    })
}
