//! Alternate contacts, for billing, operations and security.
//!
//! Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html>

use super::super::{Context, ServiceError};
use super::{Done, access};
use crate::world::Entity;
use serde::{Deserialize, Serialize};

/// An alternate contact as requests and answers have it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    alternate_contact_type: String,
    email_address: String,
    name: String,
    phone_number: String,
    title: String,
}

/// An alternate contact of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AlternateContact {
    account: String,
    contact: Shape,
}

impl Entity for AlternateContact {
    const TABLE: &'static str = "account.alternate_contact";

    fn key(&self) -> String {
        row(&self.account, &self.contact.alternate_contact_type)
    }
}

fn row(account: &str, ty: &str) -> String {
    format!("{account}/{ty}")
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    account_id: Option<String>,
    #[serde(flatten)]
    contact: Shape,
}

pub(super) fn put(context: &mut Context<'_>, request: Put) -> Result<Done, ServiceError> {
    let account = access::subject(context, request.account_id.as_deref())?;
    context.world.put(AlternateContact { account, contact: request.contact });
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    account_id: Option<String>,
    alternate_contact_type: String,
}

fn missing() -> ServiceError {
    ServiceError::new("ResourceNotFoundException", "No contact of the inputted alternate contact type found.")
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    alternate_contact: Shape,
}

pub(super) fn get(context: &mut Context<'_>, request: Named) -> Result<Answer, ServiceError> {
    let account = access::subject(context, request.account_id.as_deref())?;
    let found = context.world.get::<AlternateContact>(&row(&account, &request.alternate_contact_type));
    Ok(Answer { alternate_contact: found.ok_or_else(missing)?.contact.clone() })
}

pub(super) fn delete(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    let account = access::subject(context, request.account_id.as_deref())?;
    let found = context.world.delete::<AlternateContact>(&row(&account, &request.alternate_contact_type));
    found.map(|_| Done {}).ok_or_else(missing)
}
