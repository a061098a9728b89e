//! A user.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateUser.html>

use super::super::listing::Page;
use super::super::{Context, ServiceError};
use super::attribute::{self, Alternate, Change};
use super::group::{Filter, filtered};
use super::refusal::{Kind, invalid, not_found, page, taken};
use super::store::{self, NOT_DUMPED, Record};
use super::{Done, membership};
use crate::world::{Dumped, Entity, World};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The attributes that can be changed.
const ATTRIBUTES: [&str; 18] = [
    "UserName",
    "Name",
    "DisplayName",
    "NickName",
    "ProfileUrl",
    "Emails",
    "Addresses",
    "PhoneNumbers",
    "UserType",
    "Title",
    "PreferredLanguage",
    "Locale",
    "Timezone",
    "Photos",
    "Website",
    "Birthdate",
    "Roles",
    EXTENSIONS,
];
/// What is told only when it is asked for.
const EXTENSIONS: &str = "Extensions";

/// A user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct User {
    pub(super) record: Record,
}

impl Entity for User {
    const TABLE: &'static str = "identitystore.user";
    const DUMPED: Dumped = Dumped::Without(NOT_DUMPED);

    fn key(&self) -> String {
        self.record.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        let mut index = vec![("UserName", named(&self.record.store, self.name()))];
        index.extend(self.email().map(|email| ("Emails.Value", named(&self.record.store, email))));
        index
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.record.id.clone(), format!("user/{}", self.name())))
    }
}

impl User {
    pub(super) fn name(&self) -> &str {
        self.record.text("UserName").unwrap_or_default()
    }

    fn email(&self) -> Option<&str> {
        self.record.attributes.get("Emails")?.get(0)?.get("Value")?.as_str()
    }
}

fn named(store: &str, name: &str) -> String {
    format!("{store}/{name}")
}

/// The id of the user of a name.
pub(in crate::service) fn id_of_user(world: &World, store: &str, name: &str) -> Option<String> {
    world.by::<User>("UserName", &named(store, name)).next().map(|user| user.record.id.clone())
}

/// The user of an id or ARN.
pub(super) fn find(context: &Context<'_>, store: &str, id: &str) -> Result<Arc<User>, ServiceError> {
    let id = store::id_in(id);
    let found = context.world.get::<User>(id).filter(|user| user.record.store == store);
    found.ok_or_else(|| not_found(Kind::User, Some(id)))
}

/// Refuses a user who lacks what Identity Center wants, or whose name is reserved or another's.
fn check(context: &Context<'_>, record: &Record) -> Result<(), ServiceError> {
    for required in ["UserName", "DisplayName", "Name"] {
        if !record.attributes.contains_key(required) {
            return Err(invalid(format!("{required} is required.")));
        }
    }
    let name = record.text("UserName").unwrap_or_default();
    attribute::check_name(name)?;
    let mut others = context.world.by::<User>("UserName", &named(&record.store, name)).collect::<Vec<_>>();
    others.retain(|other| other.record.id != record.id);
    if others.is_empty() { Ok(()) } else { Err(taken("Duplicate UserName")) }
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
    user_id: String,
    user_arn: String,
    revision: String,
}

impl Written {
    fn of(record: &Record) -> Self {
        Self {
            identity_store_id: record.store.clone(),
            user_id: record.id.clone(),
            user_arn: store::arn("user", &record.id),
            revision: record.revision(),
        }
    }
}

pub(super) fn create_user(context: &mut Context<'_>, request: Create) -> Result<Written, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let name = request.attributes.get("UserName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = store::new_id(context.world, &store, "user", &name);
    let record = Record::new(context, &store.id, id, request.attributes);
    check(context, &record)?;
    let written = Written::of(&record);
    context.world.put(User { record });
    Ok(written)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    identity_store_id: String,
    user_id: String,
    operations: Vec<Change>,
    revision: Option<String>,
}

pub(super) fn update_user(context: &mut Context<'_>, request: Update) -> Result<Written, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let user = find(context, &store.id, &request.user_id)?;
    user.record.expect(request.revision.as_deref())?;
    let attributes =
        attribute::changed(&user.record.attributes, &request.operations, "CreateUserRequest", &ATTRIBUTES)?;
    let record = user.record.changed(context, attributes);
    check(context, &record)?;
    let written = Written::of(&record);
    context.world.put(User { record });
    Ok(written)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    identity_store_id: String,
    user_id: String,
    revision: Option<String>,
    #[serde(default)]
    extensions: Vec<String>,
}

pub(super) fn delete_user(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let user = find(context, &store.id, &request.user_id)?;
    user.record.expect(request.revision.as_deref())?;
    membership::forget(context.world, "user", &user.record.id);
    context.world.delete::<User>(&user.record.id);
    Ok(Done {})
}

/// A user as answers have it, with the extensions asked for.
fn described(user: &User, extensions: &[String]) -> Map<String, Value> {
    let mut shape = user.record.described("User");
    shape.insert("UserStatus".to_owned(), Value::from("ENABLED"));
    if let Some(Value::Object(mut given)) = shape.remove(EXTENSIONS) {
        given.retain(|name, _| extensions.contains(name));
        if !given.is_empty() {
            shape.insert(EXTENSIONS.to_owned(), Value::Object(given));
        }
    }
    shape
}

pub(super) fn describe_user(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Map<String, Value>, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    Ok(described(&*find(context, &store.id, &request.user_id)?, &request.extensions))
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
    user_id: String,
    user_arn: String,
}

pub(super) fn get_user_id(context: &mut Context<'_>, request: ByAlternate) -> Result<Id, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let unique = request.alternate_identifier.unique(&["UserName", "Emails.Value"])?;
    let found = unique.and_then(|(path, value)| {
        let index = if path == "UserName" { "UserName" } else { "Emails.Value" };
        context.world.by::<User>(index, &named(&store.id, &value)).next()
    });
    let record = &found.ok_or_else(|| not_found(Kind::User, None))?.record;
    Ok(Id {
        identity_store_id: record.store.clone(),
        user_id: record.id.clone(),
        user_arn: store::arn("user", &record.id),
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    identity_store_id: String,
    #[serde(default)]
    filters: Vec<Filter>,
    #[serde(default)]
    extensions: Vec<String>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Users {
    users: Vec<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_users(context: &mut Context<'_>, request: List) -> Result<Users, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let name = filtered(&request.filters, "UserName")?;
    let found = context.world.all::<User>();
    let found = found
        .filter(|user| {
            user.record.store == store.id && name.as_deref().is_none_or(|name| name == user.name())
        })
        .map(|user| (user.key(), described(&user, &request.extensions)));
    let listing = format!("ListUsers/{}/{}", store.id, name.as_deref().unwrap_or_default());
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found)?;
    Ok(Users { users: items, next_token: next })
}
