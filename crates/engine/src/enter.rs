//! Entering an account: the session by which its own things are read and changed.

use glidepath_aws::{Aws, Error, Session};
use glidepath_model::AccountId;
use glidepath_model::regions::region;
use glidepath_plan::LandingZone;

/// What sessions of ours are called, in the logs of the accounts that are entered.
const SESSION_NAME: &str = "glidepath";

/// The session in an account: the run's own in the management account, that of the access role in any other.
///
/// # Errors
/// [`Error::Denied`] when the role is not there or does not let us in, and any other error of a read.
pub(crate) async fn enter(
    aws: &Aws,
    zone: &LandingZone,
    name: &str,
    account: &AccountId,
) -> Result<Session, Error> {
    if *account == zone.management_id {
        return Ok(aws.session().clone());
    }
    let own = zone.accounts.get(name).and_then(|account| account.access.as_ref());
    let role = own.map_or(zone.access_role.as_str(), |role| role.value.as_str());
    let partition = region(&zone.home).map_or("aws", |region| region.partition.as_str());
    aws.assume(&format!("arn:{partition}:iam::{account}:role/{role}"), SESSION_NAME).await
}
