//! A group.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroup.html>

use super::super::listing::Page;
use super::super::{Context, ServiceError};
use super::attribute::{self, Alternate, Change};
use super::refusal::{Kind, invalid, not_found, page, taken};
use super::store::{self, NOT_DUMPED, Record};
use super::{Done, membership};
use crate::world::{Dumped, Entity};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Group {
    pub(super) record: Record,
}

impl Entity for Group {
    const TABLE: &'static str = "identitystore.group";
    const DUMPED: Dumped = Dumped::Without(NOT_DUMPED);

    fn key(&self) -> String {
        self.record.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("DisplayName", named(&self.record.store, self.name()))]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.record.id.clone(), format!("group/{}", self.name())))
    }
}

impl Group {
    pub(super) fn name(&self) -> &str {
        self.record.text("DisplayName").unwrap_or_default()
    }
}

fn named(store: &str, name: &str) -> String {
    format!("{store}/{name}")
}

/// The group of an id or ARN.
pub(super) fn find(context: &Context<'_>, store: &str, id: &str) -> Result<Arc<Group>, ServiceError> {
    let id = store::id_in(id);
    let found = context.world.get::<Group>(id).filter(|group| group.record.store == store);
    found.ok_or_else(|| not_found(Kind::Group, Some(id)))
}

/// Refuses a group without a name, or with one that is reserved or another's.
fn check(context: &Context<'_>, record: &Record) -> Result<(), ServiceError> {
    let Some(name) = record.text("DisplayName") else { return Err(invalid("displayName is required.")) };
    attribute::check_name(name)?;
    let mut others =
        context.world.by::<Group>("DisplayName", &named(&record.store, name)).collect::<Vec<_>>();
    others.retain(|other| other.record.id != record.id);
    if others.is_empty() { Ok(()) } else { Err(taken("Duplicate GroupDisplayName")) }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    identity_store_id: String,
    #[serde(flatten)]
    attributes: Map<String, Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Written {
    identity_store_id: String,
    group_id: String,
    group_arn: String,
    revision: String,
}

impl Written {
    fn of(record: &Record) -> Self {
        Self {
            identity_store_id: record.store.clone(),
            group_id: record.id.clone(),
            group_arn: store::arn("group", &record.id),
            revision: record.revision(),
        }
    }
}

pub(super) fn create_group(context: &mut Context<'_>, request: Create) -> Result<Written, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let name = request.attributes.get("DisplayName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = store::new_id(context.world, &store, "group", &name);
    let record = Record::new(context, &store.id, id, request.attributes);
    check(context, &record)?;
    let written = Written::of(&record);
    context.world.put(Group { record });
    Ok(written)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    identity_store_id: String,
    group_id: String,
    operations: Vec<Change>,
    revision: Option<String>,
}

pub(super) fn update_group(context: &mut Context<'_>, request: Update) -> Result<Written, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let group = find(context, &store.id, &request.group_id)?;
    group.record.expect(request.revision.as_deref())?;
    let attributes = attribute::changed(
        &group.record.attributes,
        &request.operations,
        "CreateGroupRequest",
        &["DisplayName", "Description"],
    )?;
    let record = group.record.changed(context, attributes);
    check(context, &record)?;
    let written = Written::of(&record);
    context.world.put(Group { record });
    Ok(written)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    identity_store_id: String,
    group_id: String,
    revision: Option<String>,
}

pub(super) fn delete_group(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let group = find(context, &store.id, &request.group_id)?;
    group.record.expect(request.revision.as_deref())?;
    membership::forget(context.world, "group", &group.record.id);
    context.world.delete::<Group>(&group.record.id);
    Ok(Done {})
}

pub(super) fn describe_group(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Map<String, Value>, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    Ok(find(context, &store.id, &request.group_id)?.record.described("Group"))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ByAlternate {
    identity_store_id: String,
    alternate_identifier: Alternate,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Id {
    identity_store_id: String,
    group_id: String,
    group_arn: String,
}

pub(super) fn get_group_id(context: &mut Context<'_>, request: ByAlternate) -> Result<Id, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let unique = request.alternate_identifier.unique(&["DisplayName"])?;
    let found = unique
        .and_then(|(_, name)| context.world.by::<Group>("DisplayName", &named(&store.id, &name)).next());
    let record = &found.ok_or_else(|| not_found(Kind::Group, None))?.record;
    Ok(Id {
        identity_store_id: record.store.clone(),
        group_id: record.id.clone(),
        group_arn: store::arn("group", &record.id),
    })
}

/// A filter on one attribute. AWS calls it deprecated.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Filter {
    pub(super) attribute_path: String,
    pub(super) attribute_value: String,
}

/// The value that a filter wants of the one attribute it may name.
pub(super) fn filtered(filters: &[Filter], attribute: &str) -> Result<Option<String>, ServiceError> {
    match filters {
        [] => Ok(None),
        [filter] if attribute::segments(&filter.attribute_path) == [attribute] => {
            Ok(Some(filter.attribute_value.clone()))
        }
        _ => Err(invalid(format!("{attribute} is the only attribute that can be filtered by."))),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    identity_store_id: String,
    #[serde(default)]
    filters: Vec<Filter>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Groups {
    groups: Vec<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_groups(context: &mut Context<'_>, request: List) -> Result<Groups, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let name = filtered(&request.filters, "DisplayName")?;
    let found = context.world.all::<Group>();
    let found = found
        .filter(|group| {
            group.record.store == store.id && name.as_deref().is_none_or(|name| name == group.name())
        })
        .map(|group| (group.key(), group.record.described("Group")));
    let listing = format!("ListGroups/{}/{}", store.id, name.as_deref().unwrap_or_default());
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found)?;
    Ok(Groups { groups: items, next_token: next })
}
