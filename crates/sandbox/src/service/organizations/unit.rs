//! An organizational unit.

use super::super::{Context, ServiceError, tagging};
use super::account::Account;
use super::organization::{Done, Organization};
use super::page::{LOOK_AHEAD, Wanted, page};
use super::refusal::{broken, constraint, parent_not_found, unit_not_found};
use super::tag::{self, Tag};
use super::{access, attachment, tree};
use crate::world::{Alphabet, Entity, World};
use glidepath_model::Tags;
use glidepath_model::limits::Limits;
use serde::{Deserialize, Serialize};

/// A unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Unit {
    pub(super) id: String,
    pub(super) name: String,
    /// The root or unit it hangs under, for good: AWS moves no units.
    pub(super) parent: String,
}

impl Entity for Unit {
    const TABLE: &'static str = "organizations.unit";

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("parent", self.parent.clone()), ("name", natural(&self.parent, &self.name))]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), natural(&self.parent, &self.name)))
    }
}

/// What makes a unit unique: its parent and its name.
fn natural(parent: &str, name: &str) -> String {
    format!("{parent}/{name}")
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    id: String,
    arn: String,
    name: String,
    path: String,
}

impl Shape {
    fn of(world: &World, organization: &Organization, unit: &Unit) -> Self {
        Self {
            id: unit.id.clone(),
            arn: tree::unit_arn(organization, &unit.id),
            name: unit.name.clone(),
            path: tree::path(world, organization, &unit.id),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UnitAnswer {
    organizational_unit: Shape,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateUnit {
    parent_id: String,
    name: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn create_organizational_unit(
    context: &mut Context<'_>,
    request: CreateUnit,
) -> Result<UnitAnswer, ServiceError> {
    let organization = access::management(context)?;
    let tags = tag::checked(&request.tags, Tags::new())?;
    if !tree::is_parent(context.world, &request.parent_id) {
        return Err(parent_not_found());
    }
    refuse_duplicate(context.world, &request.parent_id, &request.name)?;
    let limits = &Limits::published().map_err(broken)?.limits;
    // The lineage of the parent counts the root, which is no level.
    if tree::lineage(context.world, &request.parent_id).len() as u64 > limits.unit_depth.value {
        return Err(constraint("OU_DEPTH_LIMIT_EXCEEDED", "The organizational unit would lie too deep."));
    }
    if context.world.count::<Unit>() as u64 >= limits.units.value {
        return Err(constraint(
            "OU_NUMBER_LIMIT_EXCEEDED",
            "You have exceeded the allowed number of organizational units.",
        ));
    }
    let unit = natural(&request.parent_id, &request.name);
    let own = context.world.mint("unit", &unit, Alphabet::LowerAlphanumeric, 8);
    let root = tree::lineage(context.world, &request.parent_id).into_iter().next().unwrap_or_default();
    let id = format!("ou-{}-{own}", root.trim_start_matches("r-"));
    let unit = Unit { id: id.clone(), name: request.name, parent: request.parent_id };
    context.world.put(unit.clone());
    attachment::welcome(context.world, &id, context.now);
    tagging::put_tags(context.world, &tree::unit_arn(&organization, &id), tags);
    Ok(UnitAnswer { organizational_unit: Shape::of(context.world, &organization, &unit) })
}

fn refuse_duplicate(world: &World, parent: &str, name: &str) -> Result<(), ServiceError> {
    match world.by::<Unit>("name", &natural(parent, name)).next() {
        None => Ok(()),
        Some(_) => Err(ServiceError::new(
            "DuplicateOrganizationalUnitException",
            "An organizational unit with the same name exists under this parent.",
        )),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NamedUnit {
    organizational_unit_id: String,
}

pub(super) fn describe_organizational_unit(
    context: &mut Context<'_>,
    request: NamedUnit,
) -> Result<UnitAnswer, ServiceError> {
    let organization = access::reader(context, "DescribeOrganizationalUnit")?;
    let unit = context.world.get::<Unit>(&request.organizational_unit_id).ok_or_else(unit_not_found)?;
    Ok(UnitAnswer { organizational_unit: Shape::of(context.world, &organization, &unit) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateUnit {
    organizational_unit_id: String,
    name: Option<String>,
}

pub(super) fn update_organizational_unit(
    context: &mut Context<'_>,
    request: UpdateUnit,
) -> Result<UnitAnswer, ServiceError> {
    let organization = access::management(context)?;
    let unit = context.world.get::<Unit>(&request.organizational_unit_id).ok_or_else(unit_not_found)?;
    let mut unit = Unit::clone(&unit);
    if let Some(name) = request.name.filter(|name| *name != unit.name) {
        refuse_duplicate(context.world, &unit.parent, &name)?;
        unit.name = name;
        context.world.put(unit.clone());
    }
    Ok(UnitAnswer { organizational_unit: Shape::of(context.world, &organization, &unit) })
}

pub(super) fn delete_organizational_unit(
    context: &mut Context<'_>,
    request: NamedUnit,
) -> Result<Done, ServiceError> {
    let organization = access::management(context)?;
    let id = request.organizational_unit_id;
    if context.world.get::<Unit>(&id).is_none() {
        return Err(unit_not_found());
    }
    let holds_accounts = context.world.by::<Account>("parent", &id).next().is_some();
    if holds_accounts || context.world.by::<Unit>("parent", &id).next().is_some() {
        return Err(ServiceError::new(
            "OrganizationalUnitNotEmptyException",
            "The organizational unit still contains accounts or other organizational units.",
        ));
    }
    attachment::forget_target(context.world, &id);
    tagging::forget(context.world, &tree::unit_arn(&organization, &id));
    context.world.delete::<Unit>(&id);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListUnits {
    parent_id: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Units {
    organizational_units: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_organizational_units_for_parent(
    context: &mut Context<'_>,
    request: ListUnits,
) -> Result<Units, ServiceError> {
    let organization = access::reader(context, "ListOrganizationalUnitsForParent")?;
    if !tree::is_parent(context.world, &request.parent_id) {
        return Err(parent_not_found());
    }
    let wanted = Wanted {
        listing: format!("ListOrganizationalUnitsForParent/{}", request.parent_id),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| {
        let found: Vec<_> = world
            .by_after::<Unit>("parent", &request.parent_id, after.as_deref())
            .take(LOOK_AHEAD)
            .map(|unit| (unit.key(), unit))
            .collect();
        Box::new(found.into_iter())
    })?;
    let page = page.map(|unit| Shape::of(context.world, &organization, &unit));
    Ok(Units { organizational_units: page.items, next_token: page.next })
}
