//! What Identity and Access Management keeps of an account as a whole: its alias and its password policy; and, of the
//! organization, centralized root access.
//!
//! API reference: <https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html>

use crate::core::AccessMode;
use crate::error::Error;
use crate::permit::WritePermit;
use crate::session::Session;
use crate::signed::Request;
use crate::watch::Ticket;
use crate::xml::{self, Element};
use glidepath_model::account_settings::{PasswordPolicy, RootFeature};
use glidepath_model::operations::Access;
use std::collections::BTreeSet;
use std::str::FromStr;

/// What IAM answers where there is no such thing.
const NOT_THERE: &str = "NoSuchEntity";
/// What IAM answers to an organization that has not given it trusted access: then nothing of root access is on.
const NO_ACCESS: &str = "ServiceAccessNotEnabled";

/// Reads what IAM keeps of the session's account, and of its organization.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
}

impl Reader {
    /// A reader that calls as this session.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        Self { session: session.clone() }
    }

    /// The account's alias, if it has one.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn alias(&self) -> Result<Option<String>, Error> {
        let told = self.ask("iam:ListAccountAliases", "ListAccountAliases").await?;
        let found =
            told.child("ListAccountAliasesResult").and_then(|result| result.items("AccountAliases").first());
        Ok(found.map(|alias| alias.text.trim().to_owned()))
    }

    /// The account's password policy, all that it says; none where the account has none of its own.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn password_policy(&self) -> Result<Option<PasswordPolicy>, Error> {
        const OPERATION: &str = "iam:GetAccountPasswordPolicy";
        let told = match self.ask(OPERATION, "GetAccountPasswordPolicy").await {
            Ok(told) => told,
            Err(error) => return error.settled(NOT_THERE, None),
        };
        let found = told.at(&["GetAccountPasswordPolicyResult", "PasswordPolicy"]);
        let found = found.ok_or_else(|| malformed(OPERATION, "`PasswordPolicy` is missing"))?;
        Ok(Some(PasswordPolicy {
            minimum_length: value(OPERATION, found, "MinimumPasswordLength")?,
            symbols: value(OPERATION, found, "RequireSymbols")?,
            numbers: value(OPERATION, found, "RequireNumbers")?,
            uppercase: value(OPERATION, found, "RequireUppercaseCharacters")?,
            lowercase: value(OPERATION, found, "RequireLowercaseCharacters")?,
            max_age: value(OPERATION, found, "MaxPasswordAge")?.filter(|days| *days > 0),
            reuse_prevention: value(OPERATION, found, "PasswordReusePrevention")?.filter(|count| *count > 0),
            // What an answer leaves out is off.
            hard_expiry: value(OPERATION, found, "HardExpiry")?.or(Some(false)),
            users_may_change: value(OPERATION, found, "AllowUsersToChangePassword")?,
        }))
    }

    /// Which parts of centralized root access are on. Only the management account and who administers IAM may ask.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn root_access(&self) -> Result<BTreeSet<RootFeature>, Error> {
        let told = match self.ask("iam:ListOrganizationsFeatures", "ListOrganizationsFeatures").await {
            Ok(told) => told,
            Err(error) if error.code().is_some_and(|code| code.starts_with(NO_ACCESS)) => {
                return Ok(BTreeSet::new());
            }
            Err(error) => return Err(error),
        };
        let on = told.child("ListOrganizationsFeaturesResult").map(|result| result.items("EnabledFeatures"));
        let is_on = |feature: &RootFeature| {
            on.unwrap_or_default().iter().any(|one| one.text.trim() == feature.api_name())
        };
        Ok(RootFeature::ALL.into_iter().filter(is_on).collect())
    }

    async fn ask(&self, operation: &'static str, action: &str) -> Result<Element, Error> {
        let ticket = Ticket { operation, access: Access::Read };
        let region = self.session.control_region();
        let told = self.session.signed(ticket, region.as_ref(), &Request::iam(action, &[])).await?;
        xml::parse(&told).map_err(|problem| malformed(operation, problem))
    }
}

/// A member of an answer; none where it is left out or empty.
fn value<T: FromStr>(operation: &'static str, told: &Element, member: &str) -> Result<Option<T>, Error> {
    let Some(text) = told.text_of(member).filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = |_| malformed(operation, format!("`{member}` is no value of its kind"));
    text.parse().map(Some).map_err(wrong)
}

fn malformed(operation: &'static str, problem: impl Into<String>) -> Error {
    Error::Malformed { operation, problem: problem.into() }
}

/// Changes what IAM keeps of the session's account, and of its organization.
#[derive(Debug, Clone)]
pub struct Writer {
    session: Session,
}

impl Writer {
    /// A writer that calls as this session.
    ///
    /// # Errors
    /// [`Error::WriteRefused`] in a run that was connected with [`AccessMode::ReadOnly`].
    pub fn new(session: &Session, _: &WritePermit) -> Result<Self, Error> {
        match session.core().access {
            AccessMode::ReadOnly => Err(Error::WriteRefused { operation: "iam:*".to_owned() }),
            AccessMode::ReadWrite => Ok(Self { session: session.clone() }),
        }
    }

    /// Gives the account an alias, in place of the one it had. No two accounts of AWS have the same.
    ///
    /// # Errors
    /// Any [`Error`] of a write; the code is `EntityAlreadyExists` where another account has it.
    pub async fn create_alias(&self, alias: &str) -> Result<(), Error> {
        let request = Request::iam("CreateAccountAlias", &[("AccountAlias", alias)]);
        self.tell("iam:CreateAccountAlias", &request).await
    }

    /// Gives the account a password policy in place of the one it had: what is left out is lost.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_password_policy(&self, policy: &PasswordPolicy) -> Result<(), Error> {
        let flags = [
            ("RequireSymbols", policy.symbols),
            ("RequireNumbers", policy.numbers),
            ("RequireUppercaseCharacters", policy.uppercase),
            ("RequireLowercaseCharacters", policy.lowercase),
            ("HardExpiry", policy.hard_expiry),
            ("AllowUsersToChangePassword", policy.users_may_change),
        ];
        let numbers = [
            ("MinimumPasswordLength", policy.minimum_length),
            ("MaxPasswordAge", policy.max_age),
            ("PasswordReusePrevention", policy.reuse_prevention),
        ];
        let flags = flags.into_iter().filter_map(|(name, flag)| Some((name, flag?.to_string())));
        let numbers = numbers.into_iter().filter_map(|(name, number)| Some((name, number?.to_string())));
        let members: Vec<(&str, String)> = flags.chain(numbers).collect();
        let members: Vec<(&str, &str)> = members.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let request = Request::iam("UpdateAccountPasswordPolicy", &members);
        self.tell("iam:UpdateAccountPasswordPolicy", &request).await
    }

    /// Turns a part of centralized root access on.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn enable_root_access(&self, feature: RootFeature) -> Result<(), Error> {
        let (operation, action) = match feature {
            RootFeature::CredentialsManagement => (
                "iam:EnableOrganizationsRootCredentialsManagement",
                "EnableOrganizationsRootCredentialsManagement",
            ),
            RootFeature::Sessions => {
                ("iam:EnableOrganizationsRootSessions", "EnableOrganizationsRootSessions")
            }
        };
        self.tell(operation, &Request::iam(action, &[])).await
    }

    /// Turns a part of centralized root access off.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn disable_root_access(&self, feature: RootFeature) -> Result<(), Error> {
        let (operation, action) = match feature {
            RootFeature::CredentialsManagement => (
                "iam:DisableOrganizationsRootCredentialsManagement",
                "DisableOrganizationsRootCredentialsManagement",
            ),
            RootFeature::Sessions => {
                ("iam:DisableOrganizationsRootSessions", "DisableOrganizationsRootSessions")
            }
        };
        self.tell(operation, &Request::iam(action, &[])).await
    }

    async fn tell(&self, operation: &'static str, request: &Request) -> Result<(), Error> {
        let ticket = Ticket { operation, access: Access::Write };
        let region = self.session.control_region();
        self.session.signed(ticket, region.as_ref(), request).await.map(drop)
    }
}
