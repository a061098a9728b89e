//! A service-managed stack set, found by its name: what is deployed and how. Where it is deployed is a
//! resource of its own ([`super::stack_set_targets`]).
//!
//! Its tags are the mark and nothing else, and are sent once: every stack carries a set's tags, so that
//! changing one would touch them all.

use crate::deployment::{Parameters, known, told};
use crate::ownership::{ADDRESS, MANAGED_BY, Ownership};
use crate::spec::{Leaving, Observed, Spec};
use crate::world::World;
use glidepath_model::{Address, Tags};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// The service by which CloudFormation works in every account.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html>
pub const TRUSTED_SERVICE: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// A stack set; the name is the address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StackSetSpec {
    /// What it is for.
    pub description: String,
    /// The template in long form.
    pub template: Value,
    /// Values for the template's parameters.
    pub parameters: Parameters,
    /// The capabilities that are acknowledged.
    pub capabilities: BTreeSet<String>,
    /// Whether accounts that come to its units get stacks by themselves; none where an apply adds them.
    pub auto_deployment: Option<AutoDeploymentSpec>,
    /// Whether operations queue by themselves.
    pub managed_execution: bool,
    /// The mark.
    pub tags: Tags,
}

/// How accounts that come to a unit, or leave it, get or lose their stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AutoDeploymentSpec {
    /// Whether the stack stays in an account that leaves.
    pub retain: bool,
    /// The stack sets whose stacks must be there first, by name.
    pub depends_on: BTreeSet<String>,
}

/// Every service-managed stack set there is.
#[must_use]
pub fn observed(world: &World<'_>) -> Vec<(Address, Observed)> {
    let sets = &world.snapshot.deployments.stack_sets;
    let name_of = |arn: &String| {
        sets.values()
            .find(|other| other.set.arn == *arn)
            .map_or_else(|| arn.clone(), |other| other.set.name.clone())
    };
    sets.values()
        .map(|seen| {
            let set = &seen.set;
            let auto = set.auto_deployment.as_ref().map(|auto| AutoDeploymentSpec {
                retain: auto.retain,
                depends_on: auto.depends_on.iter().map(name_of).collect(),
            });
            let spec = StackSetSpec {
                description: set.description.clone(),
                template: template(&set.template),
                parameters: told(&set.parameters),
                capabilities: set.capabilities.clone(),
                auto_deployment: auto,
                managed_execution: set.managed_execution,
                tags: mark(&set.tags),
            };
            let observed = Observed {
                physical: set.id.clone(),
                spec: Spec::StackSet(spec),
                ownership: Ownership::of(Some(&set.tags), &world.zone.organization),
                leaving: Leaving::Delete,
            };
            (Address::StackSet(set.name.clone()), observed)
        })
        .collect()
}

/// A stored template in long form; one that cannot be read is kept as the text it is, and so differs from
/// whatever is wanted.
#[must_use]
pub fn template(text: &str) -> Value {
    glidepath_template::read(text)
        .map_or_else(|_| Value::String(text.to_owned()), |template| template.value().clone())
}

/// The tags that say whose it is.
#[must_use]
pub fn mark(tags: &Tags) -> Tags {
    let ours = |(key, _): &(&String, &String)| [MANAGED_BY, ADDRESS].contains(&key.as_str());
    tags.iter().filter(ours).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// What is wanted, with every value that is known by now.
pub(crate) fn settled(spec: &StackSetSpec, world: &World<'_>) -> StackSetSpec {
    StackSetSpec { parameters: known(&spec.parameters, world), ..spec.clone() }
}

/// CloudFormation's access to the organization, the stack sets it comes after, and the accounts and keys that it names.
#[must_use]
pub fn references(spec: &StackSetSpec) -> Vec<Address> {
    let mut all = vec![Address::TrustedAccess(TRUSTED_SERVICE.to_owned())];
    let sets = spec.auto_deployment.iter().flat_map(|auto| &auto.depends_on);
    all.extend(sets.map(|name| Address::StackSet(name.clone())));
    all.extend(named(&spec.parameters));
    all
}

/// The accounts and keys whose ids and ARNs are values.
pub(crate) fn named(parameters: &Parameters) -> impl Iterator<Item = Address> + '_ {
    parameters.values().filter_map(crate::deployment::ParameterValue::reference)
}
