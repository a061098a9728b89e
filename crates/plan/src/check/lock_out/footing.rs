//! Ways of repairing that no SCP or RCP decides: trusted access of the services that lead into accounts,
//! and what the delegation policy lets a role outside the management account do.

use super::told::{Denial, reason};
use super::{Finding, Scene, unreadable};
use crate::access::{Bearings, keys_read, leave_open};
use crate::change::Change;
use crate::check::is_delete;
use crate::gate::{Gate, GateName};
use crate::spec::Spec;
use glidepath_iam::context::Context;
use glidepath_iam::decision::Outcome;
use glidepath_iam::document;
use glidepath_iam::evaluate::Layers;
use glidepath_iam::request::{Principal, Request, Resource};
use glidepath_iam::statement::{Policy, Statement};
use glidepath_model::Address;
use glidepath_model::text::printable;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A service that one stands on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Footing {
    service: String,
    lost: String,
}

static FOOTINGS: LazyLock<Result<Vec<Footing>, String>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../../data/footing.yaml")).map_err(|error| error.to_string())
});

/// What the role that applies does to the organization.
const APPLYING: [&str; 6] = [
    "organizations:AttachPolicy",
    "organizations:DescribePolicy",
    "organizations:DetachPolicy",
    "organizations:ListPolicies",
    "organizations:ListTargetsForPolicy",
    "organizations:UpdatePolicy",
];

/// The gate on each service that loses the trust by which accounts are entered or recorded.
pub(super) fn trusted_access(scene: &Scene<'_>) -> Vec<Finding> {
    let footings = match &*FOOTINGS {
        Ok(footings) => footings,
        Err(error) => return vec![Finding::Refusal(unreadable("the table of services", error))],
    };
    let lost = |footing: &&Footing| {
        let address = Address::TrustedAccess(footing.service.clone());
        scene.changes.get(&address).is_some_and(is_delete)
    };
    footings
        .iter()
        .filter(lost)
        .map(|footing| {
            Finding::Gate(Gate {
                name: GateName::LockOut,
                addresses: vec![Address::TrustedAccess(footing.service.clone())],
                summary: format!("`{}` loses its trusted access: {}", footing.service, footing.lost),
                principal: Some(footing.service.clone()),
            })
        })
        .collect()
}

/// The gate on a delegation policy that no longer lets the role that applies do so from its own account.
pub(super) fn delegation(scene: &Scene<'_>) -> Vec<Finding> {
    let zone = scene.world.zone;
    let Some(change) = scene.changes.get(&Address::ResourcePolicy) else { return Vec::new() };
    let Some(role) = zone.roles.apply.as_ref().map(|role| role.value.clone()) else { return Vec::new() };
    let Ok(principal) = Principal::parse(&role) else { return Vec::new() };
    if principal.account.as_deref() == Some(zone.management_id.as_str()) {
        return Vec::new();
    }
    let (before, after) = match (policy(change.action.before()), policy(change.action.after())) {
        (Ok(before), Ok(after)) => (before, after),
        (_, Err(error)) => return vec![Finding::Refusal(unreadable("the delegation policy", &error))],
        // What nobody can read grants nothing that could be lost.
        (Err(_), Ok(_)) => return Vec::new(),
    };
    let lost: Vec<Denial> = APPLYING
        .iter()
        .filter_map(|action| {
            let decide = |policy: &Option<Policy>| asked(scene, &principal, action, policy.as_ref());
            let (old, new) = (decide(&before)?, decide(&after)?);
            (old.outcome == Outcome::Allowed && new.outcome != Outcome::Allowed).then(|| Denial {
                principal: role.clone(),
                newly: true,
                action: (*action).to_owned(),
                why: "apply from its own account".to_owned(),
                reason: reason(&new),
            })
        })
        .collect();
    gate(change, &role, &lost)
}

fn gate(change: &Change, role: &str, lost: &[Denial]) -> Vec<Finding> {
    let Some(first) = lost.first() else { return Vec::new() };
    let others = match lost.len() - 1 {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    vec![Finding::Gate(Gate {
        name: GateName::LockOut,
        addresses: vec![change.address.clone()],
        summary: format!(
            "`{}` is locked out: the delegation policy no longer allows `{}`{others} (to {}), {}",
            printable(role),
            first.action,
            first.why,
            first.reason
        ),
        principal: Some(role.to_owned()),
    })]
}

/// The delegation policy of a description, ready to be asked.
fn policy(spec: Option<&Spec>) -> Result<Option<Policy>, String> {
    let Some(Spec::ResourcePolicy(spec)) = spec else { return Ok(None) };
    let text = Value::to_string(&spec.document);
    let read = document::parse(&text).map_err(|_| "it is no policy document".to_owned())?;
    Ok(Some(Policy::new("the delegation policy", &read)))
}

fn asked(
    scene: &Scene<'_>,
    principal: &Principal,
    action: &str,
    policy: Option<&Policy>,
) -> Option<glidepath_iam::decision::Decision> {
    let bearings = Bearings::of_world(scene.world);
    let management = scene.world.zone.management_id.to_string();
    let layers = Layers {
        identity: vec![super::everything()],
        resource: policy.cloned(),
        resource_in_management_account: true,
        ..Layers::default()
    };
    let keys: BTreeSet<String> = policy
        .iter()
        .flat_map(|policy| policy.statements())
        .flat_map(Statement::keys)
        .map(str::to_owned)
        .collect();
    let keys: BTreeSet<String> = keys_read(&layers).into_iter().chain(keys).collect();
    let mut context = Context::new();
    for (key, value) in bearings.assumptions(&principal.identity_arn(), action) {
        context.set_default(key, value);
    }
    leave_open(&mut context, &keys);
    let request =
        Request::new(principal.clone(), action, Resource::Arn("*".to_owned()), Some(management), context)
            .ok()?;
    Some(layers.decide(&request))
}
