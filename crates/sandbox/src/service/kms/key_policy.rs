//! The policy of a key. A key has exactly one, by the name `default`.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html>

use super::super::{Context, ServiceError};
use super::Done;
use super::access::{self, Given};
use super::key::{Key, State};
use super::policy_document::{self, LockOutCheck};
use super::refusal::{invalid, not_found};
use serde::{Deserialize, Serialize};

/// The only name a key policy can have.
const NAME: &str = "default";

fn check_name(name: Option<&str>) -> Result<(), ServiceError> {
    match name {
        None | Some(NAME) => Ok(()),
        Some(_) => Err(not_found("No such policy exists")),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetKeyPolicy {
    key_id: String,
    policy_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PolicyAnswer {
    policy: String,
    policy_name: &'static str,
}

pub(super) fn get_key_policy(
    context: &mut Context<'_>,
    request: GetKeyPolicy,
) -> Result<PolicyAnswer, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "GetKeyPolicy")?;
    check_name(request.policy_name.as_deref())?;
    Ok(PolicyAnswer { policy: policy_document::shown(context.world, &key.policy), policy_name: NAME })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutKeyPolicy {
    key_id: String,
    policy_name: Option<String>,
    policy: String,
    bypass_policy_lockout_safety_check: Option<bool>,
}

pub(super) fn put_key_policy(context: &mut Context<'_>, request: PutKeyPolicy) -> Result<Done, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "PutKeyPolicy")?;
    if check_name(request.policy_name.as_deref()).is_err() {
        return Err(invalid("The only valid policy name is default"));
    }
    key.refuse_in(&State::UNSETTLED)?;
    let check = LockOutCheck::asked(request.bypass_policy_lockout_safety_check);
    let policy = policy_document::accepted(context, &key, &request.policy, check)?;
    context.world.put(Key { policy, ..Key::clone(&key) });
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListKeyPolicies {
    key_id: String,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PoliciesAnswer {
    policy_names: [&'static str; 1],
    truncated: bool,
}

pub(super) fn list_key_policies(
    context: &mut Context<'_>,
    request: ListKeyPolicies,
) -> Result<PoliciesAnswer, ServiceError> {
    access::key(context, &request.key_id, Given::Id, "ListKeyPolicies")?;
    if request.marker.is_some() {
        return Err(invalid("There is one policy, and so no listing of policies returns a marker."));
    }
    Ok(PoliciesAnswer { policy_names: [NAME], truncated: false })
}
