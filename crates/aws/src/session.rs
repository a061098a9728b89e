//! The session with AWS: one [`Aws`] per run, and a [`Session`] per identity that calls.

use crate::clock::Clock;
use crate::connector::Connector;
use crate::core::{AccessMode, Core, Rates};
use crate::error::Error;
use crate::role::RoleCredentials;
use crate::sts::{self, Caller};
use crate::trace::{CallCount, Exchange, Sink, TraceLine};
use crate::watch::Watch;
use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::sdk_config::{StalledStreamProtectionConfig, TimeoutConfig};
use glidepath_model::{AccountId, regions};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Sends nothing for longer than this before it counts as broken.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where credentials come from.
#[derive(Clone)]
pub enum Credentials {
    /// The environment, the profile, SSO, a web identity, the container or the machine, in AWS's order.
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
    Chain {
        /// The profile; none for `AWS_PROFILE` or `default`.
        profile: Option<String>,
    },
    /// This very key, such as a sandbox's.
    Key {
        /// The access key id.
        id: String,
        /// The secret.
        secret: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain { profile } => f.debug_struct("Chain").field("profile", profile).finish(),
            Self::Key { id, .. } => f.debug_struct("Key").field("id", id).finish_non_exhaustive(),
        }
    }
}

/// How a run talks to AWS.
#[derive(Clone)]
pub struct Options {
    /// Where requests go.
    pub connector: Connector,
    /// The clock that everything lives by.
    pub clock: Clock,
    /// The home region; global services are called in the control region of its partition.
    pub home: String,
    /// Where credentials come from.
    pub credentials: Credentials,
    /// Whether calls are paced.
    pub rates: Rates,
    /// Whether anything may be changed.
    pub access: AccessMode,
    /// What the jitter of waits is drawn from: the same seed waits the same way.
    pub seed: u64,
    /// Told of every attempt.
    pub trace: Option<Sink<TraceLine>>,
    /// Told of every request and answer.
    pub record: Option<Sink<Exchange>>,
}

impl Options {
    /// Reading only, at the published rates, with the credentials of the environment.
    #[must_use]
    pub fn new(connector: Connector, clock: Clock, home: &str) -> Self {
        Self {
            connector,
            clock,
            home: home.to_owned(),
            credentials: Credentials::Chain { profile: None },
            rates: Rates::Published,
            access: AccessMode::ReadOnly,
            seed: 0,
            trace: None,
            record: None,
        }
    }
}

/// One run's way to AWS.
pub struct Aws {
    home: Session,
    assumed: Mutex<BTreeMap<String, Session>>,
}

impl Aws {
    /// Prepares the run's session. No AWS API is called yet, though the SDK may read profile files.
    ///
    /// # Errors
    /// [`Error::Setup`] when the home region is not known, or when the options do not go together: a
    /// connector in this process needs a key, and time that jumps needs a connector in this process.
    pub async fn connect(options: Options) -> Result<Self, Error> {
        let region = regions::region(&options.home);
        let partition = region.and_then(|region| regions::partition(&region.partition));
        let Some(partition) = partition else {
            return Err(Error::Setup(format!("`{}` is not an AWS region", options.home)));
        };
        let control = Region::new(partition.control_region.clone());
        let config = sdk_config(&options).await?;
        let Options { clock, rates, access, seed, trace, record, .. } = options;
        let core = Arc::new(Core::new(clock, (access, rates), seed, trace, record)?);
        let parts = Parts { core, account: OnceLock::new(), config, control, kept: Kept::default() };
        let home = Session { parts: Arc::new(parts), region: None };
        Ok(Self { home, assumed: Mutex::default() })
    }

    /// The session of the run's own credentials.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.home
    }

    /// Who the run's own credentials are. Asked each time.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn caller(&self) -> Result<Caller, Error> {
        self.home.caller().await
    }

    /// The session of a role, assumed with the run's own credentials and kept for the rest of the run; its
    /// credentials are renewed before they expire.
    ///
    /// # Errors
    /// [`Error::Denied`] when the role does not exist or does not trust the caller, which AWS does not tell
    /// apart, and any other [`Error`] of a read.
    pub async fn assume(&self, role_arn: &str, session_name: &str) -> Result<Session, Error> {
        let known = self.assumed.lock().unwrap_or_else(PoisonError::into_inner).get(role_arn).cloned();
        if let Some(session) = known {
            return Ok(session);
        }
        let Some(account) = role_arn.split(':').nth(4).and_then(|id| AccountId::parse(id).ok()) else {
            let role = glidepath_model::text::printable(role_arn);
            return Err(Error::Setup(format!("`{role}` is not the ARN of a role")));
        };
        let credentials = RoleCredentials::assume(self.home.clone(), role_arn, session_name).await?;
        let session = self.home.with_credentials(account, credentials);
        let mut assumed = self.assumed.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(assumed.entry(role_arn.to_owned()).or_insert(session).clone())
    }

    /// How often each operation was called so far, by its name in the operations table.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, CallCount> {
        self.home.core().counts()
    }

    /// The run's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.home.core().clock
    }
}

/// An identity that calls AWS. Clones are the same session.
#[derive(Clone)]
pub struct Session {
    parts: Arc<Parts>,
    /// The Region that its calls go to, where that is one and the same for all.
    region: Option<Arc<str>>,
}

struct Parts {
    core: Arc<Core>,
    /// The account that calls, as soon as it is known.
    account: OnceLock<AccountId>,
    config: SdkConfig,
    control: Region,
    /// Credentials for calls that no client of the SDK's makes.
    kept: Kept,
}

/// Credentials once they are known; clients of the SDK keep their own.
type Kept = tokio::sync::Mutex<Option<aws_credential_types::Credentials>>;

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.account_key()).finish()
    }
}

impl Session {
    /// Who calls. Asked each time; the account is remembered.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn caller(&self) -> Result<Caller, Error> {
        let caller = sts::caller(self).await?;
        // A session never changes its account, so a second answer tells nothing new.
        let _ = self.parts.account.set(caller.account.clone());
        Ok(caller)
    }

    /// The run's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.core().clock
    }

    pub(crate) fn core(&self) -> &Core {
        &self.parts.core
    }

    /// The account that rates count for; empty while it is not known.
    pub(crate) fn account_key(&self) -> &str {
        self.parts.account.get().map_or("", AccountId::as_str)
    }

    /// Credentials for calls that no client of the SDK's makes.
    pub(crate) fn kept(&self) -> &Kept {
        &self.parts.kept
    }

    /// The same session for calls to one Region.
    pub(crate) fn in_region(&self, region: &str) -> Self {
        Self { parts: self.parts.clone(), region: Some(Arc::from(region)) }
    }

    /// What the rate of an operation counts for: the account, or the account in the Region where AWS counts Regions
    /// apart.
    pub(crate) fn rate_key(&self, operation: &str) -> String {
        let account = self.account_key();
        match &self.region {
            Some(region) if self.core().counts_regions(operation) => format!("{account}/{region}"),
            Some(_) | None => account.to_owned(),
        }
    }

    pub(crate) fn watch(&self) -> Watch {
        Watch(self.parts.core.clone())
    }

    /// The SDK's configuration, in the home region.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.parts.config
    }

    /// The region that answers for global services.
    pub(crate) fn control_region(&self) -> Region {
        self.parts.control.clone()
    }

    fn with_credentials(&self, account: AccountId, credentials: RoleCredentials) -> Self {
        let config =
            self.config().to_builder().credentials_provider(SharedCredentialsProvider::new(credentials));
        let parts = Parts {
            core: self.parts.core.clone(),
            account: OnceLock::from(account),
            // The role's credentials keep and renew themselves on the run's clock.
            config: config.identity_cache(IdentityCache::no_cache()).build(),
            control: self.parts.control.clone(),
            kept: Kept::default(),
        };
        Self { parts: Arc::new(parts), region: None }
    }
}

async fn sdk_config(options: &Options) -> Result<SdkConfig, Error> {
    let Options { connector, clock, home, credentials, .. } = options;
    let name = AppName::new("glidepath").map_err(|error| Error::Setup(error.to_string()))?;
    let key = |id: &str, secret: &str| {
        SharedCredentialsProvider::new(aws_credential_types::Credentials::new(
            id,
            secret,
            None,
            None,
            "Glidepath",
        ))
    };
    if let Connector::InProcess(_) = connector {
        // Nothing of the machine may reach a simulated run, so the SDK's loader is left out.
        let Credentials::Key { id, secret } = credentials else {
            return Err(Error::Setup("a simulated run needs a key of its own".to_owned()));
        };
        return Ok(SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(home.clone()))
            .http_client(connector.http_client())
            .credentials_provider(key(id, secret))
            .identity_cache(IdentityCache::no_cache())
            .time_source(clock.clone())
            .sleep_impl(clock.clone())
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .disable_clock_skew_correction(true)
            .app_name(name)
            .build());
    }
    if clock.jumps() {
        let problem = "time that jumps does not wait for a network; give the simulation a speed";
        return Err(Error::Setup(problem.to_owned()));
    }
    let timeouts =
        TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(home.clone()))
        .http_client(connector.http_client())
        .time_source(clock.clone())
        .sleep_impl(clock.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts.build())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .app_name(name);
    if let Some(url) = connector.endpoint() {
        loader = loader.endpoint_url(url);
    }
    match credentials {
        Credentials::Key { id, secret } => loader = loader.credentials_provider(key(id, secret)),
        Credentials::Chain { profile: Some(profile) } => loader = loader.profile_name(profile),
        Credentials::Chain { profile: None } => {}
    }
    Ok(loader.load().await)
}
