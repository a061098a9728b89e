//! Delegated administrators: member accounts that administer an AWS service for the whole organization.

use super::member::Answer;
use super::{PAGE, Reader, Writer};
use crate::error::Error;
use crate::pages::pages;
use glidepath_model::AccountId;
use std::collections::BTreeSet;

impl Reader {
    /// The accounts that administer any service.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_delegated_administrators(&self) -> Result<BTreeSet<AccountId>, Error> {
        const OPERATION: &str = "organizations:ListDelegatedAdministrators";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_delegated_administrators();
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.delegated_administrators.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| Answer(OPERATION).id("Id", told.id())).collect()
    }

    /// The service principals that an account administers; none when it administers nothing.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_delegated_services(&self, account: &AccountId) -> Result<BTreeSet<String>, Error> {
        const OPERATION: &str = "organizations:ListDelegatedServicesForAccount";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_delegated_services_for_account().account_id(account.as_str());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.delegated_services.unwrap_or_default(), page.next_token))
        });
        let told = match told.await {
            Ok(told) => told,
            Err(error) => return error.settled("AccountNotRegisteredException", BTreeSet::new()),
        };
        told.iter().map(|told| Answer(OPERATION).text("ServicePrincipal", told.service_principal())).collect()
    }
}

impl Writer {
    /// Makes an account the administrator of a service, which must have trusted access.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn register_delegated_administrator(
        &self,
        account: &AccountId,
        service: &str,
    ) -> Result<(), Error> {
        const OPERATION: &str = "organizations:RegisterDelegatedAdministrator";
        let send = || {
            let ask = self.client.register_delegated_administrator().account_id(account.as_str());
            ask.service_principal(service).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("AccountAlreadyRegisteredException", ()),
        }
    }

    /// Ends an account's administration of a service.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn deregister_delegated_administrator(
        &self,
        account: &AccountId,
        service: &str,
    ) -> Result<(), Error> {
        const OPERATION: &str = "organizations:DeregisterDelegatedAdministrator";
        let send = || {
            let ask = self.client.deregister_delegated_administrator().account_id(account.as_str());
            ask.service_principal(service).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("AccountNotRegisteredException", ()),
        }
    }
}
