//! Changing a resource behind its stack's back, as somebody's hands or another tool would.
//!
//! The services the resources belong to are not simulated, so nothing of AWS's API does this here.

use super::resource::{self, Live, Resource};
use crate::world::World;
use glidepath_model::text::printable;
use serde::Deserialize;
use serde_json::Value;

/// What is done to a resource.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tampering {
    /// The account of the resource.
    pub account: String,
    /// Its Region: that of the stack that made it.
    pub region: String,
    /// Its type, `AWS::S3::Bucket`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its physical id.
    pub id: String,
    /// The property that changes, members of members with a slash between; without one the resource is removed.
    pub property: Option<String>,
    /// The value that the property gets; without one the property is removed.
    pub value: Option<Value>,
}

/// Why nothing was done to a resource.
#[derive(Debug, thiserror::Error)]
pub enum TamperError {
    /// There is no such resource.
    #[error(
        "there is no `{ty}` with the physical id `{id}` in account `{account}` and Region `{region}`\nhelp: `DescribeStackResources` tells physical ids"
    )]
    NoResource {
        /// The type asked for.
        ty: String,
        /// The physical id asked for.
        id: String,
        /// The account asked for.
        account: String,
        /// The Region asked for.
        region: String,
    },
    /// A value without the property it is for.
    #[error("a value needs a property\nhelp: give `property` too, or neither to remove the resource")]
    NoProperty,
    /// The change cannot be journalled.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// Does it.
pub(crate) fn tamper(world: &mut World, tampering: &Tampering) -> Result<(), TamperError> {
    let Tampering { account, region, ty, id, property, value } = tampering;
    let found = world.get::<Resource>(&resource::key(account, region, ty, id));
    let found = found.filter(|resource| resource.live != Live::Gone);
    let shown = |text: &str| printable(text).into_owned();
    let resource = found.ok_or_else(|| TamperError::NoResource {
        ty: shown(ty),
        id: shown(id),
        account: shown(account),
        region: shown(region),
    })?;
    let live = match (property, value) {
        (None, Some(_)) => return Err(TamperError::NoProperty),
        (None, None) => Live::Gone,
        (Some(property), value) => {
            let mut properties = match &resource.live {
                Live::Changed(properties) => properties.clone(),
                Live::AsDeployed | Live::Gone => Value::clone(&resource.properties),
            };
            let steps: Vec<&str> = property.split('/').filter(|step| !step.is_empty()).collect();
            set(&mut properties, &steps, value.as_ref());
            Live::Changed(properties)
        }
    };
    world.put(Resource { live, ..Resource::clone(&resource) });
    Ok(())
}

/// Sets or removes what lies at a path, making the objects on the way.
fn set(at: &mut Value, steps: &[&str], value: Option<&Value>) {
    let Some((step, rest)) = steps.split_first() else { return };
    if let Value::Array(items) = at {
        if let Some(item) = step.parse::<usize>().ok().and_then(|place| items.get_mut(place)) {
            match (rest, value) {
                ([], Some(value)) => *item = value.clone(),
                ([], None) => *item = Value::Null,
                (rest, value) => set(item, rest, value),
            }
        }
        return;
    }
    if !at.is_object() {
        *at = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = at else { return };
    match (rest, value) {
        ([], Some(value)) => {
            members.insert((*step).to_owned(), value.clone());
        }
        ([], None) => {
            members.remove(*step);
        }
        (rest, value) => set(members.entry((*step).to_owned()).or_insert(Value::Null), rest, value),
    }
}
