//! `ProvisionPermissionSet`: bringing a permission set's latest content to accounts that hold an older one.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html>

use super::super::{Context, ServiceError};
use super::access::{self, OfSet};
use super::assignment;
use super::provision::Provision;
use super::refusal::{conflict, invalid, not_found, throttled};
use super::request::{self, Kind};
use super::status::OfProvisioning;
use crate::world::Entity as _;
use serde::{Deserialize, Serialize};

/// Requests that can be under way at once.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>, throttle limits
const MOST_OPEN: usize = 3;

/// Accounts that one request can be about.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html>
const MOST_ACCOUNTS: usize = 3_500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Target {
    #[serde(rename = "AWS_ACCOUNT")]
    Account,
    #[serde(rename = "ALL_PROVISIONED_ACCOUNTS")]
    All,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    #[serde(flatten)]
    of: OfSet,
    target_id: Option<String>,
    target_type: Target,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    permission_set_provisioning_status: OfProvisioning,
}

pub(super) fn provision_permission_set(
    context: &mut Context<'_>,
    request: Request,
) -> Result<Answer, ServiceError> {
    let set = access::write(context, &request.of)?;
    let id = set.key();
    let provisioned: Vec<String> =
        context.world.by::<Provision>("set", &id).map(|one| one.account.clone()).collect();
    let accounts = match (request.target_type, &request.target_id) {
        (Target::All, None) if provisioned.len() > MOST_ACCOUNTS => {
            return Err(invalid(format!(
                "The permission set is provisioned in more than {MOST_ACCOUNTS} accounts: name one at a time."
            )));
        }
        (Target::All, None) => provisioned,
        (Target::All, Some(_)) => {
            return Err(invalid("A TargetId goes with the TargetType AWS_ACCOUNT only."));
        }
        (Target::Account, None) => return Err(invalid("The TargetType AWS_ACCOUNT wants a TargetId.")),
        (Target::Account, Some(account)) => {
            assignment::refuse_stranger(context, account)?;
            if !provisioned.contains(account) {
                return Err(not_found("The permission set is not provisioned in the account."));
            }
            vec![account.clone()]
        }
    };
    access::refuse_without_access(context)?;
    if request::is_provisioning(context.world, &id) {
        return Err(conflict("There is a request in progress for this permission set already."));
    }
    if request::open(context.world, Kind::Provisioning) >= MOST_OPEN {
        return Err(throttled(format!("There are {MOST_OPEN} permission sets being provisioned already.")));
    }
    let made = request::submit_provisioning(context, &set, request.target_id, accounts);
    Ok(Answer { permission_set_provisioning_status: OfProvisioning::of(&made, &set.arn()) })
}
