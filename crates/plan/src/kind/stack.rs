//! A stack of the management account, which stack sets never reach. It is changed through change sets only.

use crate::deployment::{Parameters, known, told};
use crate::kind::stack_set::{mark, named, template};
use crate::ownership::Ownership;
use crate::singleton::{replaced, spared};
use crate::spec::{Leaving, Observed, Spec};
use crate::world::World;
use glidepath_model::singleton::Singleton;
use glidepath_model::{Address, Tags};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// A stack; name and Region are the address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StackSpec {
    /// The template in long form; null where it was not read.
    pub template: Value,
    /// Values for the template's parameters.
    pub parameters: Parameters,
    /// The capabilities that are acknowledged.
    pub capabilities: BTreeSet<String>,
    /// Whether it is kept from being deleted by hand.
    pub termination_protection: bool,
    /// How it stands, where an earlier change went wrong: AWS's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// The resources at which its way back or its deletion failed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stuck: BTreeSet<String>,
    /// What is deleted before it is made: there is one of its kind only.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub replaces: BTreeSet<Singleton>,
    /// What must be there first.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub after: BTreeSet<Address>,
    /// The mark.
    pub tags: Tags,
}

/// Every stack of the management account that was looked at; those that a stack set or another stack made
/// are no resources of this kind.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let mut all = Vec::new();
    for ((region, name), seen) in &world.snapshot.deployments.stacks {
        // One that was never executed holds nothing.
        if name.starts_with("StackSet-") || seen.stack.status == "REVIEW_IN_PROGRESS" {
            continue;
        }
        let address = Address::Stack { name: name.clone(), region: region.clone() };
        let after = match world.zone.desired.get(&address) {
            Some(crate::spec::Desired::Present(Spec::Stack(wanted))) => wanted.after.clone(),
            _ => BTreeSet::new(),
        };
        let spec = StackSpec {
            template: seen.template.as_deref().map_or(Value::Null, template),
            parameters: told(&seen.stack.parameters),
            capabilities: seen.stack.capabilities.clone(),
            termination_protection: seen.stack.termination_protection,
            trouble: trouble(&seen.stack.status),
            stuck: seen.stuck.clone(),
            replaces: BTreeSet::new(),
            after,
            tags: mark(&seen.stack.tags),
        };
        let observed = Observed {
            physical: seen.stack.id.clone(),
            spec: Spec::Stack(spec),
            ownership: Ownership::of(Some(&seen.stack.tags), &world.zone.organization),
            leaving: Leaving::Delete,
        };
        all.push((address, observed));
    }
    all
}

/// The states in which a stack does not have what it was last given.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>
fn trouble(status: &str) -> Option<String> {
    let wrong = status.ends_with("_FAILED") || status == "ROLLBACK_COMPLETE";
    wrong.then(|| status.to_owned())
}

/// What is wanted, with every value that is known by now.
pub(crate) fn settled(world: &World<'_>, address: &Address, spec: &StackSpec) -> StackSpec {
    StackSpec {
        parameters: known(&spec.parameters, world),
        replaces: replaced(world, address).into_values().flatten().collect(),
        ..spec.clone()
    }
}

/// Whether it is not made, since all that it would make of what there is once is there.
pub(crate) fn is_spared(world: &World<'_>, address: &Address) -> bool {
    matches!(address, Address::Stack { .. }) && !spared(world, address).is_empty()
}

/// The organization, what comes first, and the accounts and keys that it names.
#[must_use]
pub fn references(spec: &StackSpec) -> Vec<Address> {
    let mut all = vec![Address::Organization];
    all.extend(spec.after.iter().cloned());
    all.extend(named(&spec.parameters));
    all
}
