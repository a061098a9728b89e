//! Stack sets and stacks of the pure model: what CloudFormation would have after a change, without time.

use super::model::Model;
use super::world::MANAGEMENT;
use glidepath_model::deployment::{
    AutoDeployment, AutoDeploymentTarget, DeployedStack, DeployedStackSet, Deployments, Instance,
    InstanceStatus, Listing, Stack, StackSet,
};
use glidepath_model::{AccountId, Address, NodeId, Target};
use glidepath_plan::Spec;
use glidepath_plan::deployment::{ParameterValue, Parameters};
use glidepath_plan::kind::stack_set::TRUSTED_SERVICE;
use std::collections::{BTreeMap, BTreeSet};

fn arn(name: &str) -> String {
    format!("arn:aws:cloudformation:eu-west-1:{MANAGEMENT}:stackset/{name}:1")
}

impl Model {
    /// Makes or changes a deployment.
    pub(super) fn deploy(&mut self, address: &Address, after: &Spec) {
        match (address, after) {
            (Address::StackSet(name), Spec::StackSet(spec)) => {
                assert!(self.snapshot.trusted_access.contains(TRUSTED_SERVICE), "{address} without access");
                let auto_deployment = spec.auto_deployment.as_ref().map(|auto| AutoDeployment {
                    retain: auto.retain,
                    depends_on: auto.depends_on.iter().map(|name| arn(name)).collect(),
                });
                for needed in spec.auto_deployment.iter().flat_map(|auto| &auto.depends_on) {
                    assert!(self.deployments().stack_sets.contains_key(needed), "{needed} is not there");
                }
                let set = StackSet {
                    name: name.clone(),
                    id: format!("{name}:1"),
                    arn: arn(name),
                    description: spec.description.clone(),
                    template: spec.template.to_string(),
                    parameters: self.values(&spec.parameters),
                    capabilities: spec.capabilities.clone(),
                    auto_deployment,
                    managed_execution: spec.managed_execution,
                    tags: spec.tags.clone(),
                };
                let none = || DeployedStackSet {
                    set: set.clone(),
                    targets: BTreeSet::new(),
                    instances: BTreeSet::new(),
                    listing: Listing::default(),
                    running: Vec::new(),
                };
                self.snapshot.deployments.stack_sets.entry(name.clone()).or_insert_with(none).set =
                    set.clone();
            }
            (Address::StackSetTargets(name), Spec::StackSetTargets(spec)) => {
                let mut targets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
                let mut instances = BTreeSet::new();
                for member in &spec.members {
                    match (&member.target, self.node(&member.target)) {
                        (Target::Account(_), NodeId::Account(account)) => {
                            instances.insert(current(account, &member.region));
                        }
                        (_, node) => {
                            targets.entry(node.to_string()).or_default().insert(member.region.clone());
                        }
                    }
                }
                let seen = self.snapshot.deployments.stack_sets.get_mut(name);
                let seen = seen.unwrap_or_else(|| panic!("{address} before its set"));
                assert_eq!(seen.set.auto_deployment.is_some(), !targets.is_empty(), "{address}");
                seen.targets = targets
                    .into_iter()
                    .map(|(unit, regions)| AutoDeploymentTarget { unit, regions })
                    .collect();
                seen.instances = instances;
            }
            (Address::Stack { name, region }, Spec::Stack(spec)) => {
                let stack = Stack {
                    name: name.clone(),
                    id: format!("arn:aws:cloudformation:{region}:{MANAGEMENT}:stack/{name}/1"),
                    status: "CREATE_COMPLETE".into(),
                    reason: String::new(),
                    parameters: self.values(&spec.parameters),
                    capabilities: spec.capabilities.clone(),
                    termination_protection: spec.termination_protection,
                    outputs: BTreeMap::new(),
                    tags: spec.tags.clone(),
                };
                let template = Some(spec.template.to_string());
                let seen = DeployedStack { stack, template, stuck: BTreeSet::new() };
                self.snapshot.deployments.stacks.insert((region.clone(), name.clone()), seen);
            }
            (address, after) => self.center(address, after),
        }
    }

    /// Takes a deployment away.
    pub(super) fn undeploy(&mut self, address: &Address) {
        let deployments = &mut self.snapshot.deployments;
        match address {
            Address::StackSet(name) => {
                let seen = deployments.stack_sets.remove(name).unwrap();
                assert!(seen.targets.is_empty() && seen.instances.is_empty(), "{address} still has stacks");
            }
            Address::StackSetTargets(name) => {
                let seen = deployments.stack_sets.get_mut(name).unwrap();
                seen.targets.clear();
                seen.instances.clear();
            }
            Address::Stack { name, region } => {
                deployments.stacks.remove(&(region.clone(), name.clone())).unwrap();
            }
            other => panic!("{other:?}"),
        }
    }

    fn deployments(&self) -> &Deployments {
        &self.snapshot.deployments
    }

    fn values(&self, parameters: &Parameters) -> BTreeMap<String, String> {
        let value = |value: &ParameterValue| match value {
            ParameterValue::Text(text) => text.clone(),
            ParameterValue::KeyArn(place) => {
                place.arn(&format!("arn:aws:kms:eu-west-1:111122223333:key/{}", place.key))
            }
            ParameterValue::TargetId(target) => self.node(target).to_string(),
            ParameterValue::AccountId(name) => self.node(&Target::Account(name.clone())).to_string(),
        };
        parameters.iter().map(|(name, one)| (name.clone(), value(one))).collect()
    }
}

/// A stack as it should be.
pub(crate) fn current(account: AccountId, region: &str) -> Instance {
    Instance {
        account,
        region: region.to_owned(),
        unit: None,
        status: InstanceStatus::Succeeded,
        reason: String::new(),
    }
}
