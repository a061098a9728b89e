//! The organization instance of Identity Center.

use super::super::listing::Page;
use super::super::{Context, EpochSeconds, ServiceError, identitystore, organizations};
use super::access_control::Attributes;
use super::assignment::Assignment;
use super::permission_set::PermissionSet;
use super::provision::Provision;
use super::refusal::{denied, page};
use super::request::{Lane, Request};
use super::{access, provision};
use crate::world::{Alphabet, Dumped, Entity, World};
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

/// The instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Instance {
    /// `ssoins-` and sixteen characters.
    pub(super) id: String,
    /// The id of its directory.
    pub(super) store: String,
    /// The management account.
    pub(super) owner: AccountId,
    pub(super) region: String,
    created: Timestamp,
}

impl Entity for Instance {
    const TABLE: &'static str = "sso-admin.instance";
    const DUMPED: Dumped = Dumped::Without(&["created"]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), "instance".to_owned()))
    }
}

impl Instance {
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:sso:::instance/{}", self.id)
    }
}

/// Has Identity Center enabled in a Region, with an empty directory; nothing happens where it is already, or where there
/// is no organization.
pub(crate) fn establish(world: &mut World, region: &str) {
    if world.all::<Instance>().next().is_some() || organizations::organization(world).is_none() {
        return;
    }
    let owner = world.seed().management.id.clone();
    let id = format!("ssoins-{}", world.mint("instance", owner.as_str(), Alphabet::LowerAlphanumeric, 16));
    let store = identitystore::establish(world, &owner, region);
    let created = world.now();
    world.put(Instance { id, store, owner, region: region.to_owned(), created });
}

/// Ends Identity Center, with everything in it.
pub(crate) fn abolish(world: &mut World) {
    let provisions: Vec<_> = world.all::<Provision>().collect();
    for one in provisions {
        provision::remove(world, &one.account, &one.set);
    }
    clear::<Assignment>(world);
    clear::<Attributes>(world);
    clear::<Lane>(world);
    clear::<PermissionSet>(world);
    clear::<Request>(world);
    clear::<Instance>(world);
    identitystore::abolish(world);
}

fn clear<E: Entity>(world: &mut World) {
    let keys: Vec<String> = world.all::<E>().map(|entity| entity.key()).collect();
    for key in keys {
        world.delete::<E>(&key);
    }
}

/// The directory of the instance, and the Region it is in, if Identity Center is enabled.
pub(in crate::service) fn enabled(world: &World) -> Option<(String, String)> {
    let instance = world.all::<Instance>().next()?;
    Some((instance.store.clone(), instance.region.clone()))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    instance_arn: String,
    identity_store_id: String,
    identity_store_arn: String,
    owner_account_id: String,
    created_date: EpochSeconds,
    status: &'static str,
    primary_region: String,
    regions: Vec<RegionShape>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RegionShape {
    region_name: String,
    status: &'static str,
    added_date: EpochSeconds,
    is_primary_region: bool,
}

impl Shape {
    fn of(instance: &Instance) -> Self {
        Self {
            instance_arn: instance.arn(),
            identity_store_id: instance.store.clone(),
            identity_store_arn: identitystore::store_arn(&instance.owner, &instance.store),
            owner_account_id: instance.owner.to_string(),
            created_date: EpochSeconds(instance.created),
            status: "ACTIVE",
            primary_region: instance.region.clone(),
            regions: vec![RegionShape {
                region_name: instance.region.clone(),
                status: "ACTIVE",
                added_date: EpochSeconds(instance.created),
                is_primary_region: true,
            }],
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Instances {
    instances: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Every account of the organization sees the instance, in its Region; others see nothing.
pub(super) fn list_instances(context: &mut Context<'_>, request: List) -> Result<Instances, ServiceError> {
    let is_inside = organizations::organization_of(context.world, &context.caller.account).is_some();
    let region = context.region;
    let found = context.world.all::<Instance>().filter(|instance| is_inside && instance.region == region);
    let found = found.map(|instance| (instance.key(), Shape::of(&instance)));
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, "ListInstances".to_owned(), asked, found)?;
    Ok(Instances { instances: items, next_token: next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfInstance {
    pub(super) instance_arn: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Description {
    #[serde(flatten)]
    shape: Shape,
    permission_sets_enabled: bool,
    encryption_configuration_details: Encryption,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Encryption {
    key_type: &'static str,
    encryption_status: &'static str,
}

pub(super) fn describe_instance(
    context: &mut Context<'_>,
    request: OfInstance,
) -> Result<Description, ServiceError> {
    // The operation has no other word for an instance that is not there.
    let (instance, _) = access::instance(context, &request.instance_arn).map_err(|error| {
        if error.code == "ResourceNotFoundException" { denied(error.message) } else { error }
    })?;
    Ok(Description {
        shape: Shape::of(&instance),
        permission_sets_enabled: true,
        encryption_configuration_details: Encryption {
            key_type: "AWS_OWNED_KMS_KEY",
            encryption_status: "ENABLED",
        },
    })
}
