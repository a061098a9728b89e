//! Provisioning: AWS brings the roles that it made of a permission set up to what the set says.

use super::assignment::running;
use super::{PAGE, Reader, Writer, malformed, member, state};
use crate::effort::Entry;
use crate::error::Error;
use crate::lanes::Place;
use crate::pages::pages;
use crate::watch::Ticket;
use aws_sdk_ssoadmin::types::{PermissionSetProvisioningStatus, ProvisionTargetType, ProvisioningStatus};
use glidepath_model::AccountId;
use glidepath_model::identity_center::Request;
use glidepath_model::operations::{Access, OperationRow};
use std::collections::BTreeSet;

const PROVISION: &str = "sso-admin:ProvisionPermissionSet";

/// One of the three places for provisioning under way. Hold it from before the request until the request is decided.
#[derive(Debug)]
pub struct ProvisioningSlot(Place);

impl Reader {
    /// The accounts that have a role of a permission set.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_provisioned(&self, instance: &str, set: &str) -> Result<BTreeSet<AccountId>, Error> {
        self.accounts_of(instance, set, None).await
    }

    /// Those of them whose role is not what the set says by now.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_stale(&self, instance: &str, set: &str) -> Result<BTreeSet<AccountId>, Error> {
        self.accounts_of(instance, set, Some(ProvisioningStatus::LatestPermissionSetNotProvisioned)).await
    }

    async fn accounts_of(
        &self,
        instance: &str,
        set: &str,
        status: Option<ProvisioningStatus>,
    ) -> Result<BTreeSet<AccountId>, Error> {
        const OPERATION: &str = "sso-admin:ListAccountsForProvisionedPermissionSet";
        let status = &status;
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_accounts_for_provisioned_permission_set().instance_arn(instance);
                let ask = ask.permission_set_arn(set).set_provisioning_status(status.clone());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.account_ids.unwrap_or_default(), page.next_token))
        });
        let id = |id: String| AccountId::parse(&id).map_err(|error| malformed(OPERATION, error.to_string()));
        told.await?.into_iter().map(id).collect()
    }

    /// The ids of requests to provision that are not decided.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_running_provisioning(&self, instance: &str) -> Result<Vec<String>, Error> {
        const OPERATION: &str = "sso-admin:ListPermissionSetProvisioningStatus";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_permission_set_provisioning_status().instance_arn(instance);
                ask.filter(running()).max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.permission_sets_provisioning_status.unwrap_or_default(), page.next_token))
        });
        told.await?.into_iter().map(|told| member(OPERATION, "RequestId", told.request_id)).collect()
    }

    /// How a request to provision stands.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn provisioning_status(&self, instance: &str, id: &str) -> Result<Request, Error> {
        const OPERATION: &str = "sso-admin:DescribePermissionSetProvisioningStatus";
        let send = || {
            let ask = self.client.describe_permission_set_provisioning_status().instance_arn(instance);
            ask.provision_permission_set_request_id(id).send()
        };
        let told = self.session.read(OPERATION, send).await?;
        request(OPERATION, told.permission_set_provisioning_status)
    }
}

impl Writer {
    /// Waits for a place to provision in.
    ///
    /// # Errors
    /// [`Error::Setup`] when the operations table is broken.
    pub async fn provisioning_slot(&self) -> Result<ProvisioningSlot, Error> {
        let row = OperationRow::find(PROVISION)
            .map_err(|_| Error::NotInTable { operation: PROVISION.to_owned() })?;
        self.session.core().lanes.enter(&row.lane).await.map(ProvisioningSlot)
    }

    /// Asks AWS to bring a permission set to every account that has its role.
    ///
    /// # Errors
    /// Any [`Error`] of a write; `ConflictException` while AWS is at it.
    pub async fn provision(
        &self,
        slot: &ProvisioningSlot,
        instance: &str,
        set: &str,
    ) -> Result<Request, Error> {
        let send = || {
            let ask = self.client.provision_permission_set().instance_arn(instance).permission_set_arn(set);
            ask.target_type(ProvisionTargetType::AllProvisionedAccounts).send()
        };
        let ticket = Ticket { operation: PROVISION, access: Access::Write };
        let told = self.session.call(ticket, Entry::Held(&slot.0), send).await?;
        request(PROVISION, told.permission_set_provisioning_status)
    }
}

fn request(operation: &'static str, told: Option<PermissionSetProvisioningStatus>) -> Result<Request, Error> {
    let told = member(operation, "PermissionSetProvisioningStatus", told)?;
    Ok(Request {
        id: member(operation, "RequestId", told.request_id)?,
        state: state(operation, told.status, told.failure_reason)?,
        created: None,
    })
}
