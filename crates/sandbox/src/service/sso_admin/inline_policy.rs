//! The inline policy of a permission set.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html>

use super::super::{Context, ServiceError};
use super::access::{self, OfSet};
use super::refusal::{invalid, quota_exceeded};
use super::{Done, permission_set};
use glidepath_iam::document;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};

/// The most bytes of a policy that are not white space.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
const MOST_BYTES: usize = 10_240;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    #[serde(flatten)]
    of: OfSet,
    inline_policy: String,
}

pub(super) fn put(context: &mut Context<'_>, request: Put) -> Result<Done, ServiceError> {
    let set = access::write(context, &request.of)?;
    let text = request.inline_policy;
    let document = document::parse(&text).map_err(|complaints| {
        let complaints: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        invalid(printable(&format!("The policy is not valid: {}", complaints.join("; "))))
    })?;
    if document.statements.iter().any(|statement| statement.principals.is_some()) {
        return Err(invalid("The policy is not valid: an identity's policy names no principal."));
    }
    let size = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    if size > MOST_BYTES {
        return Err(quota_exceeded(format!(
            "An inline policy has at most {MOST_BYTES} bytes besides white space."
        )));
    }
    let mut content = set.content.clone();
    content.inline = Some(text);
    permission_set::change(context, &set, content);
    Ok(Done {})
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policy {
    #[serde(skip_serializing_if = "Option::is_none")]
    inline_policy: Option<String>,
}

pub(super) fn get(context: &mut Context<'_>, request: OfSet) -> Result<Policy, ServiceError> {
    Ok(Policy { inline_policy: access::read(context, &request)?.content.inline.clone() })
}

/// Removing what is not there succeeds.
pub(super) fn delete(context: &mut Context<'_>, request: OfSet) -> Result<Done, ServiceError> {
    let set = access::write(context, &request)?;
    let mut content = set.content.clone();
    content.inline = None;
    permission_set::change(context, &set, content);
    Ok(Done {})
}
