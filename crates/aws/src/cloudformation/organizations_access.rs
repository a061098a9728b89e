//! Whether CloudFormation may work in every account of the organization.

use super::{Reader, Writer};
use crate::error::Error;
use aws_sdk_cloudformation::types::OrganizationStatus;

impl Reader {
    /// Whether trusted access was activated through CloudFormation, which also makes its roles.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn has_organizations_access(&self) -> Result<bool, Error> {
        const OPERATION: &str = "cloudformation:DescribeOrganizationsAccess";
        let told =
            self.session.read(OPERATION, || self.client.describe_organizations_access().send()).await?;
        Ok(told.status == Some(OrganizationStatus::Enabled))
    }
}

impl Writer {
    /// Activates trusted access.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn activate_organizations_access(&self) -> Result<(), Error> {
        const OPERATION: &str = "cloudformation:ActivateOrganizationsAccess";
        self.write(OPERATION, || self.client.activate_organizations_access().send()).await.map(drop)
    }
}
