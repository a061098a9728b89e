//! The right organization: who calls, and whose organization it is, compared with the manifest before
//! anything else is asked or sent.
//!
//! INVARIANT (the right organization): no other AWS call of a run is made before this check has passed.

use crate::error::EngineError;
use glidepath_aws::{Aws, Caller, organizations};
use glidepath_model::organization::Organization;
use glidepath_model::text::printable;
use glidepath_model::{AccountId, OrganizationId};
use glidepath_plan::LandingZone;

/// Where the caller stands: in the management account that the manifest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who calls.
    pub caller: Caller,
    /// The organization; none where the account belongs to none yet. Whether one may be created is for the
    /// plan's gates to say.
    pub organization: Option<Organization>,
}

/// Why the caller does not stand where the manifest says.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// The credentials belong to another account.
    #[error(
        "the credentials belong to account {found} (`{arn}`), and `organization.management.id` is {wanted}"
    )]
    OtherAccount {
        /// The account of the credentials.
        found: AccountId,
        /// The principal, safe to show.
        arn: String,
        /// The management account of the manifest.
        wanted: AccountId,
    },
    /// The account is a member of an organization that another account manages.
    #[error(
        "account {caller} is `organization.management.id`, but it is a member of organization {organization}, which account {management} manages"
    )]
    NotManagement {
        /// The account of the credentials.
        caller: AccountId,
        /// The organization that it belongs to.
        organization: OrganizationId,
        /// The account that manages it.
        management: AccountId,
    },
    /// The account manages another organization.
    #[error("account {caller} manages organization {found}, and `organization.id` is {wanted}")]
    OtherOrganization {
        /// The account of the credentials.
        caller: AccountId,
        /// The organization it manages.
        found: OrganizationId,
        /// The organization of the manifest.
        wanted: OrganizationId,
    },
    /// The account belongs to no organization, and the manifest names one.
    #[error("account {caller} belongs to no organization, and `organization.id` is {wanted}")]
    NoOrganization {
        /// The account of the credentials.
        caller: AccountId,
        /// The organization of the manifest.
        wanted: OrganizationId,
    },
    /// It could not be found out.
    #[error("cannot tell which organization the credentials belong to: {0}")]
    Unknown(#[source] glidepath_aws::Error),
}

impl GuardError {
    /// Whether it is a mismatch, and no failure to find out.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// What to do next.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::OtherAccount { wanted, .. } => {
                format!("use credentials of account {wanted}, or correct `organization.management.id`")
            }
            Self::NotManagement { management, .. } => format!(
                "Glidepath works from the management account: use credentials of account {management} and write it as `organization.management.id`"
            ),
            Self::OtherOrganization { .. } => {
                "this manifest is for another organization: use its credentials, or correct `organization.id`".to_owned()
            }
            Self::NoOrganization { .. } => {
                "use the credentials of the organization's management account; if a new organization is wanted, leave `organization.id` out"
                    .to_owned()
            }
            Self::Unknown(_) => return None,
        };
        Some(text)
    }
}

/// Compares caller and organization with the manifest.
///
/// # Errors
/// [`GuardError`] when they differ, or when it cannot be found out; where the caller is wrong, the
/// organization is not asked for.
pub async fn check_organization(aws: &Aws, zone: &LandingZone) -> Result<Standing, EngineError> {
    let caller = aws.caller().await.map_err(GuardError::Unknown)?;
    if caller.account != zone.management_id {
        return Err(GuardError::OtherAccount {
            found: caller.account,
            arn: printable(&caller.arn).into_owned(),
            wanted: zone.management_id.clone(),
        }
        .into());
    }
    let reader = organizations::Reader::new(aws.session());
    let organization = reader.describe_organization().await.map_err(GuardError::Unknown)?;
    matches(zone, organization.as_ref())?;
    Ok(Standing { caller, organization })
}

/// Compares an organization with the one of the manifest; the caller is known to be the account that the
/// manifest names.
pub(crate) fn matches(zone: &LandingZone, organization: Option<&Organization>) -> Result<(), GuardError> {
    let caller = zone.management_id.clone();
    match (organization, &zone.organization_id) {
        (Some(found), _) if found.management_id != caller => Err(GuardError::NotManagement {
            caller,
            organization: found.id.clone(),
            management: found.management_id.clone(),
        }),
        (Some(found), Some(wanted)) if found.id != *wanted => {
            Err(GuardError::OtherOrganization { caller, found: found.id.clone(), wanted: wanted.clone() })
        }
        (None, Some(wanted)) => Err(GuardError::NoOrganization { caller, wanted: wanted.clone() }),
        (Some(_) | None, _) => Ok(()),
    }
}
