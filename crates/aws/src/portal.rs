//! The AWS access portal: what somebody who signed in may reach. Its calls carry the token of that sign-in and no
//! signature.
//!
//! API reference: <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html>

use crate::error::Error;
use crate::pages::pages;
use crate::session::Session;
use aws_config::Region;
use aws_sdk_sso::Client;
use aws_sdk_sso::config::Builder;
use glidepath_model::AccountId;
use std::fmt;

/// Items on one page, the most that AWS gives.
const PAGE: i32 = 100;

/// An account that a sign-in reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Its id.
    pub id: AccountId,
    /// Its name in AWS.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
}

/// Reads what one sign-in reaches.
#[derive(Clone)]
pub struct Reader {
    session: Session,
    client: Client,
    token: String,
}

impl fmt::Debug for Reader {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader {
    /// A reader by the token of a sign-in, in the Region of IAM Identity Center.
    #[must_use]
    pub fn new(session: &Session, region: &str, token: &str) -> Self {
        let region = Region::new(region.to_owned());
        let config = Builder::from(session.config()).region(region).interceptor(session.watch()).build();
        Self { session: session.clone(), client: Client::from_conf(config), token: token.to_owned() }
    }

    /// The accounts that are reached.
    ///
    /// # Errors
    /// Any [`Error`] of a read; [`Error::CredentialsRejected`] or a service's `UnauthorizedException` where the token is
    /// no longer good.
    pub async fn list_accounts(&self) -> Result<Vec<Reached>, Error> {
        const OPERATION: &str = "sso:ListAccounts";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_accounts().access_token(&self.token);
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.account_list.unwrap_or_default(), page.next_token))
        });
        let id = |id: Option<String>| {
            let malformed = |problem: String| Error::Malformed { operation: OPERATION, problem };
            let id = id.ok_or_else(|| malformed("`accountId` is missing".to_owned()))?;
            AccountId::parse(&id).map_err(|error| malformed(error.to_string()))
        };
        told.await?
            .into_iter()
            .map(|account| {
                Ok(Reached {
                    id: id(account.account_id)?,
                    name: account.account_name.unwrap_or_default(),
                    email: account.email_address.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The permission sets by which an account is reached.
    ///
    /// # Errors
    /// As of [`Reader::list_accounts`].
    pub async fn list_permission_sets(&self, account: &AccountId) -> Result<Vec<String>, Error> {
        const OPERATION: &str = "sso:ListAccountRoles";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_account_roles().access_token(&self.token);
                ask.account_id(account.as_str()).max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.role_list.unwrap_or_default(), page.next_token))
        });
        Ok(told.await?.into_iter().filter_map(|role| role.role_name).collect())
    }
}
