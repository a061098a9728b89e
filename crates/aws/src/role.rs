//! The credentials of an assumed role, kept until shortly before they expire and then assumed anew.

use crate::error::Error;
use crate::session::Session;
use crate::sts;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use std::time::Duration;
use tokio::sync::Mutex;

/// So long before their end credentials are not used any more: a request must arrive with time to spare.
const MARGIN: Duration = Duration::from_secs(5 * 60);

#[derive(Debug)]
pub(crate) struct RoleCredentials {
    home: Session,
    role_arn: String,
    session_name: String,
    kept: Mutex<Credentials>,
}

impl RoleCredentials {
    pub(crate) async fn assume(home: Session, role_arn: &str, session_name: &str) -> Result<Self, Error> {
        let kept = Mutex::new(sts::assume(&home, role_arn, session_name).await?);
        Ok(Self { home, role_arn: role_arn.to_owned(), session_name: session_name.to_owned(), kept })
    }

    async fn current(&self) -> Result<Credentials, Error> {
        let mut kept = self.kept.lock().await;
        let now = aws_smithy_async::time::TimeSource::now(self.home.clock());
        if kept.expiry().is_some_and(|expiry| expiry <= now + MARGIN) {
            *kept = sts::assume(&self.home, &self.role_arn, &self.session_name).await?;
        }
        Ok(kept.clone())
    }
}

impl ProvideCredentials for RoleCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async move {
            self.current().await.map_err(CredentialsError::provider_error)
        })
    }
}
