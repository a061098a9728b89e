//! Attributes for access control: which attributes of a user become tags of its sessions.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/abac.html>

use super::super::{Context, ServiceError};
use super::Done;
use super::access;
use super::instance::OfInstance;
use super::refusal::{conflict, invalid, not_found};
use crate::world::{Dumped, Entity};
use glidepath_model::Timestamp;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Seconds until the attributes are in force. AWS gives no figure.
const CREATION_SECONDS: i64 = 3;

/// The attributes of an instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Attributes {
    instance: String,
    /// Where the value of each key comes from.
    sources: BTreeMap<String, Vec<String>>,
    created: Timestamp,
}

impl Entity for Attributes {
    const TABLE: &'static str = "sso-admin.access_control";
    const DUMPED: Dumped = Dumped::Without(&["created"]);

    fn key(&self) -> String {
        self.instance.clone()
    }
}

/// Attributes as requests and answers have them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    access_control_attributes: Vec<Attribute>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    key: String,
    value: Source,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Source {
    source: Vec<String>,
}

impl Configuration {
    fn sources(self) -> Result<BTreeMap<String, Vec<String>>, ServiceError> {
        let mut sources = BTreeMap::new();
        for Attribute { key, value } in self.access_control_attributes {
            if sources.insert(key.clone(), value.source).is_some() {
                return Err(invalid(format!("The attribute {key} is given twice.")));
            }
        }
        Ok(sources)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    #[serde(flatten)]
    of: OfInstance,
    instance_access_control_attribute_configuration: Configuration,
}

pub(super) fn create(context: &mut Context<'_>, request: Put) -> Result<Done, ServiceError> {
    let (instance, _) = access::instance(context, &request.of.instance_arn)?;
    if context.world.get::<Attributes>(&instance.id).is_some() {
        return Err(conflict("The instance has attributes for access control already."));
    }
    let sources = request.instance_access_control_attribute_configuration.sources()?;
    context.world.put(Attributes { instance: instance.id.clone(), sources, created: context.now });
    Ok(Done {})
}

fn find(context: &Context<'_>, arn: &str) -> Result<Arc<Attributes>, ServiceError> {
    let (instance, _) = access::instance(context, arn)?;
    let found = context.world.get::<Attributes>(&instance.id);
    found.ok_or_else(|| not_found("The instance has no attributes for access control."))
}

pub(super) fn update(context: &mut Context<'_>, request: Put) -> Result<Done, ServiceError> {
    let attributes = find(context, &request.of.instance_arn)?;
    let sources = request.instance_access_control_attribute_configuration.sources()?;
    context.world.put(Attributes { sources, ..Attributes::clone(&attributes) });
    Ok(Done {})
}

pub(super) fn delete(context: &mut Context<'_>, request: OfInstance) -> Result<Done, ServiceError> {
    let attributes = find(context, &request.instance_arn)?;
    context.world.delete::<Attributes>(&attributes.key());
    Ok(Done {})
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Description {
    status: &'static str,
    instance_access_control_attribute_configuration: Configuration,
}

pub(super) fn describe(context: &mut Context<'_>, request: OfInstance) -> Result<Description, ServiceError> {
    let attributes = find(context, &request.instance_arn)?;
    let in_force = attributes.created + SignedDuration::from_secs(CREATION_SECONDS);
    let each = attributes.sources.iter();
    let access_control_attributes = each
        .map(|(key, source)| Attribute { key: key.clone(), value: Source { source: source.clone() } })
        .collect();
    Ok(Description {
        status: if context.now < in_force { "CREATION_IN_PROGRESS" } else { "ENABLED" },
        instance_access_control_attribute_configuration: Configuration { access_control_attributes },
    })
}
