//! A resource that a stack made: it exists in an account and Region, whatever becomes of its stack.
//!
//! A resource whose stack let go of it stays behind with everything it takes up. What changed it behind its stack's
//! back is told by `POST /_sandbox/tamper`, since the services the resources belong to are not simulated here.

use super::identity::Bearer;
use crate::world::{Dumped, Entity, Shared, Word, World};
use glidepath_model::regions;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Resource {
    pub(super) account: Word,
    pub(super) region: Word,
    pub(super) ty: Word,
    pub(super) physical_id: String,
    /// The stack it belongs to, by id; none since its stack let go of it.
    pub(super) stack: Option<String>,
    pub(super) logical_id: Word,
    /// What its made-up characters follow from.
    pub(super) made_for: String,
    /// The made-up word in its physical id.
    pub(super) made_up: Option<String>,
    /// Its properties as its template has them, resolved.
    pub(super) properties: Shared,
    pub(super) live: Live,
    /// What nothing else can take up.
    pub(super) claims: Vec<String>,
}

/// How a resource really is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in super::super) enum Live {
    AsDeployed,
    /// With these properties instead of its own.
    Changed(Value),
    /// Removed by somebody else.
    Gone,
}

impl Entity for Resource {
    const TABLE: &'static str = "cloudformation.resource";
    const DUMPED: Dumped = Dumped::Without(&["made_for", "made_up", "claims"]);

    fn key(&self) -> String {
        key(&self.account, &self.region, &self.ty, &self.physical_id)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        let claims = match self.live {
            Live::AsDeployed | Live::Changed(_) => self.claims.as_slice(),
            Live::Gone => &[],
        };
        claims.iter().map(|claim| ("claim", claim.clone())).collect()
    }

    fn alias(&self) -> Option<(String, String)> {
        let word = self.made_up.clone()?;
        let (stack, _) = self.made_for.split_once(' ')?;
        let name = stack.rsplit('/').nth(1)?;
        let natural = format!("{}/{}/{name}/{}", self.account, self.region, self.logical_id);
        Some((word, format!("resource/{natural}")))
    }
}

impl Resource {
    pub(super) fn bearer<'a>(&'a self, world: &'a World, stack_name: &'a str) -> Bearer<'a> {
        Bearer {
            world,
            account: &self.account,
            region: &self.region,
            stack_name,
            logical_id: &self.logical_id,
            made_for: &self.made_for,
            ty: &self.ty,
            properties: &self.properties,
        }
    }
}

/// The key of a resource.
pub(super) fn key(account: &str, region: &str, ty: &str, physical_id: &str) -> String {
    format!("{account}/{region}/{ty}/{physical_id}")
}

/// What the made-up characters of a resource follow from.
pub(super) fn made_for(stack_id: &str, logical_id: &str, generation: u32) -> String {
    format!("{stack_id} {logical_id} {generation}")
}

/// Has a resource stay behind without a stack.
pub(super) fn orphan(world: &mut World, key: &str) {
    if let Some(resource) = world.get::<Resource>(key) {
        world.put(Resource { stack: None, ..Resource::clone(&resource) });
    }
}

/// Whether an account has a managed policy of its own with this ARN: whether some stack made it and it is still there.
pub(in crate::service) fn has_managed_policy(world: &World, account: &str, arn: &str) -> bool {
    regions::supported_regions().any(|region| {
        let row = key(account, &region.name, "AWS::IAM::ManagedPolicy", arn);
        world.get::<Resource>(&row).is_some_and(|resource| match resource.live {
            Live::AsDeployed | Live::Changed(_) => true,
            Live::Gone => false,
        })
    })
}

/// The value of a parameter of Systems Manager that some stack made.
pub(super) fn parameter(world: &World, account: &str, region: &str, name: &str) -> Option<String> {
    // A reference can name a version, of which there is one here.
    let name = name.split(':').next()?;
    let resource = world.get::<Resource>(&key(account, region, "AWS::SSM::Parameter", name))?;
    resource.properties.get("Value")?.as_str().map(str::to_owned)
}

/// The resources of a type that exist in an account and Region: physical ids and properties as they really are.
pub(in super::super) fn existing(
    world: &World,
    (account, region): (&str, &str),
    ty: &str,
) -> Vec<(String, Value)> {
    let start = key(account, region, ty, "");
    let all = world.below::<Resource>(&start);
    all.filter_map(|resource| {
        let properties = match &resource.live {
            Live::AsDeployed => Value::clone(&resource.properties),
            Live::Changed(properties) => properties.clone(),
            Live::Gone => return None,
        };
        Some((resource.physical_id.clone(), properties))
    })
    .collect()
}

/// Has another service change a resource that some stack made, or remove it, where there are no properties left.
pub(in super::super) fn alter(
    world: &mut World,
    (account, region): (&str, &str),
    (ty, physical_id): (&str, &str),
    properties: Option<Value>,
) {
    if let Some(resource) = world.get::<Resource>(&key(account, region, ty, physical_id)) {
        let live = properties.map_or(Live::Gone, Live::Changed);
        world.put(Resource { live, ..Resource::clone(&resource) });
    }
}
