//! The primary contact information of an account. Every account has some from the start, as it comes of signing up.
//!
//! Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_PutContactInformation.html>

use super::super::{Context, ServiceError, organizations};
use super::{Done, access};
use crate::world::{Entity, World};
use serde::{Deserialize, Serialize};

/// Contact information as requests and answers have it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    full_name: String,
    address_line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_line2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_line3: Option<String>,
    city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_or_region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    district_or_county: Option<String>,
    postal_code: String,
    country_code: String,
    phone_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    website_url: Option<String>,
}

/// The contact information that an account was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ContactInformation {
    account: String,
    contact: Shape,
}

impl Entity for ContactInformation {
    const TABLE: &'static str = "account.contact_information";

    fn key(&self) -> String {
        self.account.clone()
    }
}

/// What an account has that was given nothing.
fn usual(world: &World, account: &str) -> Shape {
    let name =
        organizations::account_names(world, account).map_or_else(|| account.to_owned(), |(name, _)| name);
    Shape {
        full_name: name.chars().take(50).collect(),
        address_line1: "100 Main Street".to_owned(),
        address_line2: None,
        address_line3: None,
        city: "Any Town".to_owned(),
        state_or_region: Some("WA".to_owned()),
        district_or_county: None,
        postal_code: "98101".to_owned(),
        country_code: "US".to_owned(),
        phone_number: "+1 555 0100".to_owned(),
        company_name: None,
        website_url: None,
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    account_id: Option<String>,
    contact_information: Shape,
}

pub(super) fn put(context: &mut Context<'_>, request: Put) -> Result<Done, ServiceError> {
    let account = access::subject(context, request.account_id.as_deref())?;
    let contact = request.contact_information;
    let invalid = |message: &str| Err(ServiceError::new("ValidationException", message));
    if !contact.country_code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return invalid("CountryCode is the ISO 3166 code of a country, in two capital letters.");
    }
    if contact.country_code == "US" && contact.state_or_region.is_none() {
        return invalid("StateOrRegion is required for an address in the United States.");
    }
    context.world.put(ContactInformation { account, contact });
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    account_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    contact_information: Shape,
}

pub(super) fn get(context: &mut Context<'_>, request: Get) -> Result<Answer, ServiceError> {
    let account = access::subject(context, request.account_id.as_deref())?;
    let given = context.world.get::<ContactInformation>(&account).map(|row| row.contact.clone());
    Ok(Answer { contact_information: given.unwrap_or_else(|| usual(context.world, &account)) })
}
