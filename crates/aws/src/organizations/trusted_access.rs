//! Trusted access: AWS services that may act in the organization's accounts.

use super::member::Answer;
use super::{PAGE, Reader, Writer};
use crate::error::Error;
use crate::pages::pages;
use std::collections::BTreeSet;

impl Reader {
    /// The service principals that have trusted access.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_trusted_access(&self) -> Result<BTreeSet<String>, Error> {
        const OPERATION: &str = "organizations:ListAWSServiceAccessForOrganization";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_aws_service_access_for_organization();
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.enabled_service_principals.unwrap_or_default(), page.next_token))
        });
        let told = told.await?;
        told.iter().map(|told| Answer(OPERATION).text("ServicePrincipal", told.service_principal())).collect()
    }
}

impl Writer {
    /// Gives a service trusted access. AWS takes it silently when the service has it already.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn enable_trusted_access(&self, service: &str) -> Result<(), Error> {
        const OPERATION: &str = "organizations:EnableAWSServiceAccess";
        let send = || self.client.enable_aws_service_access().service_principal(service).send();
        self.write(OPERATION, send).await.map(drop)
    }

    /// Takes trusted access from a service.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn disable_trusted_access(&self, service: &str) -> Result<(), Error> {
        const OPERATION: &str = "organizations:DisableAWSServiceAccess";
        let send = || self.client.disable_aws_service_access().service_principal(service).send();
        self.write(OPERATION, send).await.map(drop)
    }
}
