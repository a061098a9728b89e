//! Where things hang: parents, children, paths and ARNs.

use super::super::{Context, ServiceError};
use super::access;
use super::account::Account;
use super::organization::Organization;
use super::page::{LOOK_AHEAD, Wanted, page};
use super::refusal::parent_not_found;
use super::root::{self, Root};
use super::unit::Unit;
use crate::world::{Entity, World};
use serde::{Deserialize, Serialize};

/// The partition the sandbox stands in; the shape data allows no other in most of Organizations' ARNs.
pub(super) const PARTITION: &str = "aws";

/// A root, unit or account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Root,
    Unit,
    Account,
}

impl NodeKind {
    pub(super) fn api_name(self) -> &'static str {
        match self {
            Self::Root => "ROOT",
            Self::Unit => "ORGANIZATIONAL_UNIT",
            Self::Account => "ACCOUNT",
        }
    }
}

/// A root, unit or account that is in the organization.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) kind: NodeKind,
    pub(super) name: String,
    pub(super) arn: String,
}

/// The root, unit or account of an id.
pub(super) fn node(world: &World, organization: &Organization, id: &str) -> Option<Node> {
    let (kind, name, arn) = if let Some(root) = world.get::<Root>(id) {
        (NodeKind::Root, root.name.clone(), root_arn(organization, id))
    } else if let Some(unit) = world.get::<Unit>(id) {
        (NodeKind::Unit, unit.name.clone(), unit_arn(organization, id))
    } else {
        let account = world.get::<Account>(id).filter(|account| account.parent.is_some())?;
        (NodeKind::Account, account.name.clone(), account_arn(organization, id))
    };
    Some(Node { id: id.to_owned(), kind, name, arn })
}

/// The parent of a unit or account.
fn parent(world: &World, id: &str) -> Option<String> {
    match world.get::<Unit>(id) {
        Some(unit) => Some(unit.parent.clone()),
        None => world.get::<Account>(id)?.parent.clone(),
    }
}

/// The ids from the root down to this node, both included.
pub(super) fn lineage(world: &World, id: &str) -> Vec<String> {
    let mut ids = vec![id.to_owned()];
    let mut at = parent(world, id);
    while let Some(id) = at {
        at = parent(world, &id);
        ids.push(id);
    }
    ids.reverse();
    ids
}

/// The path of a unit or account, `o-…/r-…/ou-…/444455556666/`.
pub(super) fn path(world: &World, organization: &Organization, id: &str) -> String {
    format!("{}/{}/", organization.id, lineage(world, id).join("/"))
}

/// Whether units or accounts can hang under this id.
pub(super) fn is_parent(world: &World, id: &str) -> bool {
    world.get::<Root>(id).is_some() || world.get::<Unit>(id).is_some()
}

/// Every root, unit and account of the organization.
pub(super) fn targets(world: &World) -> Vec<String> {
    let accounts = world.all::<Account>().filter(|account| account.parent.is_some());
    root::root(world)
        .map(|root| root.id.clone())
        .into_iter()
        .chain(world.all::<Unit>().map(|unit| unit.id.clone()))
        .chain(accounts.map(|account| account.id.to_string()))
        .collect()
}

pub(super) fn arn(organization: &Organization, kind: &str, rest: &str) -> String {
    format!("arn:{PARTITION}:organizations::{}:{kind}/{rest}", organization.management_id)
}

pub(super) fn aws_policy_arn(kind: &str, id: &str) -> String {
    format!("arn:{PARTITION}:organizations::aws:policy/{kind}/{id}")
}

pub(super) fn root_arn(organization: &Organization, id: &str) -> String {
    arn(organization, "root", &format!("{}/{id}", organization.id))
}

pub(super) fn unit_arn(organization: &Organization, id: &str) -> String {
    arn(organization, "ou", &format!("{}/{id}", organization.id))
}

pub(super) fn account_arn(organization: &Organization, id: &str) -> String {
    arn(organization, "account", &format!("{}/{id}", organization.id))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListParents {
    child_id: String,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Relative {
    id: String,
    #[serde(rename = "Type")]
    kind: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parents {
    parents: Vec<Relative>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_parents(context: &mut Context<'_>, request: ListParents) -> Result<Parents, ServiceError> {
    let organization = access::reader(context, "ListParents")?;
    let child = node(context.world, &organization, &request.child_id);
    let found = child.and_then(|child| parent(context.world, &child.id));
    let Some(parent) = found.and_then(|id| node(context.world, &organization, &id)) else {
        return Err(ServiceError::new(
            "ChildNotFoundException",
            "You specified a child organizational unit or AWS account that doesn't exist.",
        ));
    };
    let listing = format!("ListParents/{}", request.child_id);
    let wanted = Wanted { listing, token: request.next_token.as_deref(), size: None };
    let relative = Relative { kind: parent.kind.api_name(), id: parent.id.clone() };
    let page = super::page::page_of(context.world, &wanted, vec![(parent.id, relative)])?;
    Ok(Parents { parents: page.items, next_token: page.next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListChildren {
    parent_id: String,
    child_type: String,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Children {
    children: Vec<Relative>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_children(
    context: &mut Context<'_>,
    request: ListChildren,
) -> Result<Children, ServiceError> {
    access::reader(context, "ListChildren")?;
    if !is_parent(context.world, &request.parent_id) {
        return Err(parent_not_found());
    }
    let kind = if request.child_type == "ACCOUNT" { NodeKind::Account } else { NodeKind::Unit };
    let wanted = Wanted {
        listing: format!("ListChildren/{}/{}", request.parent_id, kind.api_name()),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = match kind {
        NodeKind::Account => page(context.world, &wanted, below::<Account>(&request.parent_id))?,
        NodeKind::Root | NodeKind::Unit => page(context.world, &wanted, below::<Unit>(&request.parent_id))?,
    };
    let page = page.map(|id| Relative { id, kind: kind.api_name() });
    Ok(Children { children: page.items, next_token: page.next })
}

/// The keys of what hangs directly under a parent, a page's items.
fn below<'a, E: Entity>(
    parent: &'a str,
) -> impl FnOnce(&'a World, Option<String>) -> super::page::Items<'a, String> {
    move |world, after| {
        let found: Vec<_> = world
            .by_after::<E>("parent", parent, after.as_deref())
            .take(LOOK_AHEAD)
            .map(|row| (row.key(), row.key()))
            .collect();
        Box::new(found.into_iter())
    }
}
