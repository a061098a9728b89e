//! Who is in which group.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroupMembership.html>

use super::super::listing::Page;
use super::super::{Context, EpochSeconds, ServiceError};
use super::refusal::{Kind, invalid, not_found, page, taken};
use super::store;
use super::{Done, group, user};
use crate::world::{Dumped, Entity, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A user in a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Membership {
    store: String,
    id: String,
    pub(super) group: String,
    pub(super) user: String,
    created: Timestamp,
    created_by: String,
}

impl Entity for Membership {
    const TABLE: &'static str = "identitystore.membership";
    const DUMPED: Dumped = Dumped::Without(&["created"]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![
            ("group", self.group.clone()),
            ("user", self.user.clone()),
            ("pair", format!("{}/{}", self.group, self.user)),
        ]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), format!("membership/{}/{}", self.group, self.user)))
    }
}

/// The groups that a user of a directory is in.
pub(in crate::service) fn groups_of(world: &World, store: &str, user: &str) -> Vec<String> {
    world
        .by::<Membership>("user", user)
        .filter(|one| one.store == store)
        .map(|one| one.group.clone())
        .collect()
}

/// Removes the memberships of a group or user that is gone.
pub(super) fn forget(world: &mut World, index: &'static str, id: &str) {
    let keys: Vec<String> = world.by::<Membership>(index, id).map(|one| one.id.clone()).collect();
    for key in keys {
        world.delete::<Membership>(&key);
    }
}

fn of_pair(world: &World, group: &str, user: &str) -> Option<Arc<Membership>> {
    world.by::<Membership>("pair", &format!("{group}/{user}")).next()
}

/// A member: a user, which is all that can be one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Member {
    user_id: Option<String>,
}

impl Member {
    fn user(&self) -> Result<&str, ServiceError> {
        self.user_id.as_deref().ok_or_else(|| invalid("A member is named by its UserId."))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pair {
    identity_store_id: String,
    group_id: String,
    member_id: Member,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Id {
    identity_store_id: String,
    membership_id: String,
    membership_arn: String,
}

impl Id {
    fn of(membership: &Membership) -> Self {
        Self {
            identity_store_id: membership.store.clone(),
            membership_id: membership.id.clone(),
            membership_arn: store::arn("membership", &membership.id),
        }
    }
}

pub(super) fn create_group_membership(context: &mut Context<'_>, request: Pair) -> Result<Id, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let group = group::find(context, &store.id, &request.group_id)?.record.id.clone();
    let user = user::find(context, &store.id, request.member_id.user()?)?.record.id.clone();
    if of_pair(context.world, &group, &user).is_some() {
        return Err(taken("Member and Group relationship already exists."));
    }
    let id = store::new_id(context.world, &store, "membership", &format!("{group}/{user}"));
    let (created, created_by) = (context.now, context.caller.arn());
    let membership = Membership { store: store.id.clone(), id, group, user, created, created_by };
    let answer = Id::of(&membership);
    context.world.put(membership);
    Ok(answer)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    identity_store_id: String,
    membership_id: String,
}

fn find(context: &Context<'_>, request: &Named) -> Result<Arc<Membership>, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let id = store::id_in(&request.membership_id);
    let found = context.world.get::<Membership>(id).filter(|one| one.store == store.id);
    found.ok_or_else(|| not_found(Kind::Membership, Some(id)))
}

pub(super) fn delete_group_membership(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Done, ServiceError> {
    let membership = find(context, &request)?;
    context.world.delete::<Membership>(&membership.id);
    Ok(Done {})
}

/// A membership as answers have it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shape {
    #[serde(flatten)]
    id: Id,
    group_id: String,
    member_id: Member,
    created_at: EpochSeconds,
    created_by: String,
    updated_at: EpochSeconds,
    updated_by: String,
}

impl Shape {
    fn of(membership: &Membership) -> Self {
        Self {
            id: Id::of(membership),
            group_id: membership.group.clone(),
            member_id: Member { user_id: Some(membership.user.clone()) },
            created_at: EpochSeconds(membership.created),
            created_by: membership.created_by.clone(),
            updated_at: EpochSeconds(membership.created),
            updated_by: membership.created_by.clone(),
        }
    }
}

pub(super) fn describe_group_membership(
    context: &mut Context<'_>,
    request: Named,
) -> Result<Shape, ServiceError> {
    Ok(Shape::of(&*find(context, &request)?))
}

pub(super) fn get_group_membership_id(context: &mut Context<'_>, request: Pair) -> Result<Id, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let group = group::find(context, &store.id, &request.group_id)?;
    let user = user::find(context, &store.id, request.member_id.user()?)?;
    let found = of_pair(context.world, &group.record.id, &user.record.id);
    Ok(Id::of(&*found.ok_or_else(|| not_found(Kind::Membership, None))?))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Question {
    identity_store_id: String,
    member_id: Member,
    group_ids: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Results {
    results: Vec<Existence>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Existence {
    group_id: String,
    member_id: Member,
    membership_exists: bool,
}

pub(super) fn is_member_in_groups(
    context: &mut Context<'_>,
    request: Question,
) -> Result<Results, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let user = user::find(context, &store.id, request.member_id.user()?)?;
    let each = request.group_ids.iter().map(|id| {
        let group = group::find(context, &store.id, id)?;
        Ok(Existence {
            group_id: group.record.id.clone(),
            member_id: Member { user_id: Some(user.record.id.clone()) },
            membership_exists: of_pair(context.world, &group.record.id, &user.record.id).is_some(),
        })
    });
    Ok(Results { results: each.collect::<Result<_, ServiceError>>()? })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Memberships {
    group_memberships: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfGroup {
    identity_store_id: String,
    group_id: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

pub(super) fn list_group_memberships(
    context: &mut Context<'_>,
    request: OfGroup,
) -> Result<Memberships, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let group = group::find(context, &store.id, &request.group_id)?;
    list(context, ("group", &group.record.id), (request.next_token.as_deref(), request.max_results))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfMember {
    identity_store_id: String,
    member_id: Member,
    next_token: Option<String>,
    max_results: Option<u64>,
}

pub(super) fn list_group_memberships_for_member(
    context: &mut Context<'_>,
    request: OfMember,
) -> Result<Memberships, ServiceError> {
    let store = store::find(context, &request.identity_store_id)?;
    let user = user::find(context, &store.id, request.member_id.user()?)?;
    list(context, ("user", &user.record.id), (request.next_token.as_deref(), request.max_results))
}

fn list(
    context: &Context<'_>,
    (index, of): (&'static str, &str),
    asked: (Option<&str>, Option<u64>),
) -> Result<Memberships, ServiceError> {
    let found = context.world.by::<Membership>(index, of).map(|one| (one.key(), Shape::of(&one)));
    let Page { items, next } = page(context, format!("memberships/{index}/{of}"), asked, found)?;
    Ok(Memberships { group_memberships: items, next_token: next })
}
