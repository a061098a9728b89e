//! Documents, each with its one version.

use super::super::cloudformation::{alter, existing};
use super::super::{Context, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const TYPE: &str = "AWS::SSM::Document";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    name: String,
    document_version: Option<String>,
    version_name: Option<String>,
    document_format: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Document {
    name: String,
    document_version: &'static str,
    status: &'static str,
    content: String,
    document_type: String,
    document_format: &'static str,
}

fn named(context: &Context<'_>, name: &str) -> Result<Value, ServiceError> {
    let place = (context.caller.account.as_str(), context.region);
    let found = existing(context.world, place, TYPE).into_iter().find(|(id, _)| id == name);
    let none = || ServiceError::new("InvalidDocument", "Document with name does not exist.");
    found.map(|(_, properties)| properties).ok_or_else(none)
}

pub(super) fn get_document(context: &mut Context<'_>, request: Get) -> Result<Document, ServiceError> {
    let properties = named(context, &request.name)?;
    let latest = |version: &String| ["1", "$LATEST", "$DEFAULT"].contains(&version.as_str());
    let other_format = request.document_format.as_deref().is_some_and(|format| format != "JSON");
    if !request.document_version.iter().all(latest) || request.version_name.is_some() || other_format {
        let message = "The document has one version here, without a name, in JSON.";
        return Err(ServiceError::new("InvalidDocumentVersion", message));
    }
    let content = match properties.get("Content") {
        Some(Value::String(text)) => text.clone(),
        Some(content) => content.to_string(),
        None => "{}".to_owned(),
    };
    let ty = properties.get("DocumentType").and_then(Value::as_str).unwrap_or("Command");
    Ok(Document {
        name: request.name,
        document_version: "1",
        status: "Active",
        content,
        document_type: ty.to_owned(),
        document_format: "JSON",
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    name: String,
    document_version: Option<String>,
    version_name: Option<String>,
}

/// The answer of an operation that has none.
#[derive(Debug, Serialize)]
pub(super) struct Done {}

pub(super) fn delete_document(context: &mut Context<'_>, request: Delete) -> Result<Done, ServiceError> {
    named(context, &request.name)?;
    if request.document_version.is_some() || request.version_name.is_some() {
        let message = "The default version cannot be deleted alone.";
        return Err(ServiceError::new("InvalidDocumentOperation", message));
    }
    let place = (context.caller.account.as_str(), context.region);
    alter(context.world, place, (TYPE, &request.name), None);
    Ok(Done {})
}
