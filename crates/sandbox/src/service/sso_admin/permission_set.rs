//! A permission set: made, changed, told and listed. Its name stays what it is; what it grants is in [`content`].
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html>

use super::super::listing::Page;
use super::super::{Context, EpochSeconds, ServiceError, tagging};
use super::access::{self, OfSet};
use super::assignment::Assignment;
use super::content::{self, Content, USUAL_SESSION};
use super::provision::Provision;
use super::refusal::{conflict, invalid, not_found, page, quota_exceeded};
use super::{Done, request, tag};
use crate::world::{Alphabet, Dumped, Entity, World};
use glidepath_model::Timestamp;
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Permission sets of an instance.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
const MOST: usize = 3_500;

/// A permission set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PermissionSet {
    /// `ps-` and sixteen characters.
    id: String,
    instance: String,
    pub(super) name: String,
    created: Timestamp,
    pub(super) content: Content,
}

impl Entity for PermissionSet {
    const TABLE: &'static str = "sso-admin.permission_set";
    const DUMPED: Dumped = Dumped::Without(&["created"]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("name", self.name.clone())]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), format!("permission-set/{}", self.name)))
    }
}

impl PermissionSet {
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:sso:::permissionSet/{}/{}", self.instance, self.id)
    }
}

/// The set of an ARN.
pub(super) fn find(world: &World, arn: &str) -> Result<Arc<PermissionSet>, ServiceError> {
    let id = arn.rsplit('/').next().unwrap_or_default();
    let found = world.get::<PermissionSet>(id).filter(|set| set.arn() == arn);
    found.ok_or_else(|| not_found(format!("Could not find PermissionSet with ARN {}.", printable(arn))))
}

fn check_session(session: Option<String>) -> Result<Option<String>, ServiceError> {
    match session {
        Some(text) if content::session_seconds(&text).is_none() => {
            Err(invalid("The session duration must be between 1 hour and 12 hours."))
        }
        other => Ok(other),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    instance_arn: String,
    name: String,
    description: Option<String>,
    session_duration: Option<String>,
    relay_state: Option<String>,
    #[serde(default)]
    tags: Vec<tag::Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetAnswer {
    permission_set: Shape,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    name: String,
    permission_set_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    created_date: EpochSeconds,
    session_duration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    relay_state: Option<String>,
}

impl Shape {
    fn of(set: &PermissionSet) -> Self {
        Self {
            name: set.name.clone(),
            permission_set_arn: set.arn(),
            description: set.content.description.clone(),
            created_date: EpochSeconds(set.created),
            session_duration: set.content.session.clone(),
            relay_state: set.content.relay_state.clone(),
        }
    }
}

pub(super) fn create_permission_set(
    context: &mut Context<'_>,
    request: Create,
) -> Result<SetAnswer, ServiceError> {
    let (instance, _) = access::instance(context, &request.instance_arn)?;
    let session = check_session(request.session_duration)?;
    let tags = tag::added(&request.tags, glidepath_model::Tags::new())?;
    if context.world.by::<PermissionSet>("name", &request.name).next().is_some() {
        return Err(conflict(format!("PermissionSet with name {} already exists.", request.name)));
    }
    if context.world.count::<PermissionSet>() >= MOST {
        return Err(quota_exceeded(format!("An instance has at most {MOST} permission sets.")));
    }
    let natural = format!("{}/{}", instance.id, request.name);
    let id =
        format!("ps-{}", context.world.mint("permission set", &natural, Alphabet::LowerAlphanumeric, 16));
    let set = PermissionSet {
        id,
        instance: instance.id.clone(),
        name: request.name,
        created: context.now,
        content: Content {
            description: request.description,
            session: session.unwrap_or_else(|| USUAL_SESSION.to_owned()),
            relay_state: request.relay_state,
            inline: None,
            managed: BTreeSet::new(),
            customer: BTreeSet::new(),
            boundary: None,
        },
    };
    tagging::put_tags(context.world, &set.arn(), tags);
    let permission_set = Shape::of(&set);
    context.world.put(set);
    Ok(SetAnswer { permission_set })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    #[serde(flatten)]
    of: OfSet,
    description: Option<String>,
    session_duration: Option<String>,
    relay_state: Option<String>,
}

/// Changes what the request names. A relay state that is left out is cleared, as clients found out.
///
/// Source: <https://github.com/hashicorp/terraform-provider-aws/issues/17411>
pub(super) fn update_permission_set(
    context: &mut Context<'_>,
    request: Update,
) -> Result<Done, ServiceError> {
    let set = access::write(context, &request.of)?;
    let session = check_session(request.session_duration)?;
    let mut content = set.content.clone();
    content.description = request.description.or(content.description);
    content.session = session.unwrap_or(content.session);
    content.relay_state = request.relay_state;
    change(context, &set, content);
    Ok(Done {})
}

/// Gives a set other content.
pub(super) fn change(context: &mut Context<'_>, set: &PermissionSet, content: Content) {
    context.world.put(PermissionSet { content, ..set.clone() });
}

pub(super) fn delete_permission_set(context: &mut Context<'_>, request: OfSet) -> Result<Done, ServiceError> {
    let set = access::write(context, &request)?;
    let id = set.key();
    let is_used = context.world.by::<Assignment>("set", &id).next().is_some()
        || context.world.by::<Provision>("set", &id).next().is_some()
        || request::is_open(context.world, &id);
    if is_used {
        return Err(conflict("PermissionSet has ApplicationProfile associated with it."));
    }
    tagging::forget(context.world, &set.arn());
    context.world.delete::<PermissionSet>(&id);
    Ok(Done {})
}

pub(super) fn describe_permission_set(
    context: &mut Context<'_>,
    request: OfSet,
) -> Result<SetAnswer, ServiceError> {
    Ok(SetAnswer { permission_set: Shape::of(&*access::read(context, &request)?) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    instance_arn: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sets {
    permission_sets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_permission_sets(context: &mut Context<'_>, request: List) -> Result<Sets, ServiceError> {
    access::instance(context, &request.instance_arn)?;
    let found = context.world.all::<PermissionSet>().map(|set| (set.key(), set.arn()));
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, "ListPermissionSets".to_owned(), asked, found)?;
    Ok(Sets { permission_sets: items, next_token: next })
}
