//! The root of the tree and the policy types that are enabled in it.

use super::super::{Context, ServiceError};
use super::organization::Organization;
use super::page::{Wanted, page};
use super::{access, tree};
use crate::world::{Entity, World};
use glidepath_model::PolicyType;
use glidepath_model::organization::PolicyTypeStatus;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The root.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Root {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) policy_types: BTreeMap<PolicyType, PolicyTypeStatus>,
}

impl Entity for Root {
    const TABLE: &'static str = "organizations.root";

    fn key(&self) -> String {
        self.id.clone()
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), "root".to_owned()))
    }
}

/// The organization's one root.
pub(super) fn root(world: &World) -> Option<Arc<Root>> {
    world.all::<Root>().next()
}

/// Where a policy type stands; none is disabled.
pub(super) fn policy_type(world: &World, ty: PolicyType) -> Option<PolicyTypeStatus> {
    root(world).and_then(|root| root.policy_types.get(&ty).copied())
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shape {
    id: String,
    arn: String,
    name: String,
    policy_types: Vec<BTreeMap<&'static str, &'static str>>,
}

impl Shape {
    pub(super) fn of(organization: &Organization, root: &Root) -> Self {
        let status = |status: PolicyTypeStatus| match status {
            PolicyTypeStatus::Enabled => "ENABLED",
            PolicyTypeStatus::PendingEnable => "PENDING_ENABLE",
            PolicyTypeStatus::PendingDisable => "PENDING_DISABLE",
        };
        Self {
            id: root.id.clone(),
            arn: tree::root_arn(organization, &root.id),
            name: root.name.clone(),
            policy_types: root
                .policy_types
                .iter()
                .map(|(ty, at)| BTreeMap::from([("Type", ty.api_name()), ("Status", status(*at))]))
                .collect(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Roots {
    roots: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_roots(context: &mut Context<'_>, request: List) -> Result<Roots, ServiceError> {
    let organization = access::reader(context, "ListRoots")?;
    let wanted = Wanted {
        listing: "ListRoots".to_owned(),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| {
        let found: Vec<_> = world.after::<Root>(after.as_deref()).map(|root| (root.key(), root)).collect();
        Box::new(found.into_iter())
    })?;
    let page = page.map(|root| Shape::of(&organization, &root));
    Ok(Roots { roots: page.items, next_token: page.next })
}
