//! What a permission set grants: policies of AWS's own and of accounts, the inline policy, the boundary.

use super::{PAGE, Reader, Writer, malformed, member};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_ssoadmin::types::{CustomerManagedPolicyReference, PermissionsBoundary};
use glidepath_model::identity_center::{Boundary, CustomerPolicy};
use std::collections::BTreeSet;

const NO_PATH: &str = "/";

impl Reader {
    /// The ARNs of AWS's own policies in a permission set.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_managed_policies(&self, instance: &str, set: &str) -> Result<BTreeSet<String>, Error> {
        const OPERATION: &str = "sso-admin:ListManagedPoliciesInPermissionSet";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_managed_policies_in_permission_set().instance_arn(instance);
                ask.permission_set_arn(set).max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.attached_managed_policies.unwrap_or_default(), page.next_token))
        });
        told.await?.into_iter().map(|policy| member(OPERATION, "Arn", policy.arn)).collect()
    }

    /// The policies of accounts in a permission set.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_customer_policies(
        &self,
        instance: &str,
        set: &str,
    ) -> Result<BTreeSet<CustomerPolicy>, Error> {
        const OPERATION: &str = "sso-admin:ListCustomerManagedPolicyReferencesInPermissionSet";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_customer_managed_policy_references_in_permission_set();
                let ask = ask.instance_arn(instance).permission_set_arn(set);
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.customer_managed_policy_references.unwrap_or_default(), page.next_token))
        });
        Ok(told.await?.into_iter().map(customer_policy).collect())
    }

    /// The inline policy of a permission set; none if it has none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn inline_policy(&self, instance: &str, set: &str) -> Result<Option<String>, Error> {
        const OPERATION: &str = "sso-admin:GetInlinePolicyForPermissionSet";
        let send = || {
            let ask = self.client.get_inline_policy_for_permission_set().instance_arn(instance);
            ask.permission_set_arn(set).send()
        };
        let told = self.session.read(OPERATION, send).await?;
        Ok(told.inline_policy.filter(|text| !text.is_empty()))
    }

    /// The boundary of a permission set; none if it has none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn boundary(&self, instance: &str, set: &str) -> Result<Option<Boundary>, Error> {
        const OPERATION: &str = "sso-admin:GetPermissionsBoundaryForPermissionSet";
        let send = || {
            let ask = self.client.get_permissions_boundary_for_permission_set().instance_arn(instance);
            ask.permission_set_arn(set).send()
        };
        let told = match self.session.read(OPERATION, send).await {
            Ok(told) => told.permissions_boundary,
            Err(error) => return error.settled("ResourceNotFoundException", None),
        };
        Ok(told.and_then(|told| match (told.managed_policy_arn, told.customer_managed_policy_reference) {
            (Some(arn), _) => Some(Boundary::Managed(arn)),
            (None, Some(policy)) => Some(Boundary::Customer(customer_policy(policy))),
            (None, None) => None,
        }))
    }
}

impl Writer {
    /// Puts one of AWS's own policies into a permission set; one that is there already is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn attach_managed_policy(&self, instance: &str, set: &str, arn: &str) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:AttachManagedPolicyToPermissionSet";
        let send = || {
            let ask = self.client.attach_managed_policy_to_permission_set().instance_arn(instance);
            ask.permission_set_arn(set).managed_policy_arn(arn).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Takes one of AWS's own policies out; one that is not there is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn detach_managed_policy(&self, instance: &str, set: &str, arn: &str) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:DetachManagedPolicyFromPermissionSet";
        let send = || {
            let ask = self.client.detach_managed_policy_from_permission_set().instance_arn(instance);
            ask.permission_set_arn(set).managed_policy_arn(arn).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }

    /// Puts a policy of the accounts into a permission set.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn attach_customer_policy(
        &self,
        instance: &str,
        set: &str,
        policy: &CustomerPolicy,
    ) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:AttachCustomerManagedPolicyReferenceToPermissionSet";
        let reference = reference(OPERATION, policy)?;
        let send = || {
            let ask = self.client.attach_customer_managed_policy_reference_to_permission_set();
            let ask = ask.instance_arn(instance).permission_set_arn(set);
            ask.customer_managed_policy_reference(reference.clone()).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Takes a policy of the accounts out; one that is not there is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn detach_customer_policy(
        &self,
        instance: &str,
        set: &str,
        policy: &CustomerPolicy,
    ) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:DetachCustomerManagedPolicyReferenceFromPermissionSet";
        let reference = reference(OPERATION, policy)?;
        let send = || {
            let ask = self.client.detach_customer_managed_policy_reference_from_permission_set();
            let ask = ask.instance_arn(instance).permission_set_arn(set);
            ask.customer_managed_policy_reference(reference.clone()).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }

    /// Gives a permission set an inline policy.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn put_inline_policy(&self, instance: &str, set: &str, document: &str) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:PutInlinePolicyToPermissionSet";
        let send = || {
            let ask = self.client.put_inline_policy_to_permission_set().instance_arn(instance);
            ask.permission_set_arn(set).inline_policy(document).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Takes the inline policy away; none is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_inline_policy(&self, instance: &str, set: &str) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:DeleteInlinePolicyFromPermissionSet";
        let send = || {
            let ask = self.client.delete_inline_policy_from_permission_set().instance_arn(instance);
            ask.permission_set_arn(set).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }

    /// Gives a permission set a boundary.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn put_boundary(&self, instance: &str, set: &str, boundary: &Boundary) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:PutPermissionsBoundaryToPermissionSet";
        let sdk = match boundary {
            Boundary::Managed(arn) => PermissionsBoundary::builder().managed_policy_arn(arn).build(),
            Boundary::Customer(policy) => PermissionsBoundary::builder()
                .customer_managed_policy_reference(reference(OPERATION, policy)?)
                .build(),
        };
        let send = || {
            let ask = self.client.put_permissions_boundary_to_permission_set().instance_arn(instance);
            ask.permission_set_arn(set).permissions_boundary(sdk.clone()).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Takes the boundary away; none is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_boundary(&self, instance: &str, set: &str) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:DeletePermissionsBoundaryFromPermissionSet";
        let send = || {
            let ask = self.client.delete_permissions_boundary_from_permission_set().instance_arn(instance);
            ask.permission_set_arn(set).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }
}

fn customer_policy(told: CustomerManagedPolicyReference) -> CustomerPolicy {
    CustomerPolicy { name: told.name, path: told.path.unwrap_or_else(|| NO_PATH.to_owned()) }
}

fn reference(
    operation: &'static str,
    policy: &CustomerPolicy,
) -> Result<CustomerManagedPolicyReference, Error> {
    CustomerManagedPolicyReference::builder()
        .name(&policy.name)
        .path(&policy.path)
        .build()
        .map_err(|error| malformed(operation, error.to_string()))
}
