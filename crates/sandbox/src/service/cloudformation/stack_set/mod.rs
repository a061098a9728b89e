//! Service-managed stack sets: one template deployed into the accounts of an organization's units, Region by Region.
//!
//! A set ([`set`]) is only a wish; its instances ([`instance`]) are what stands of it, one for each account and Region. Every
//! change of instances is an operation ([`operation`]) that runs on the world's clock ([`run`]), one instance after
//! another as its preferences say, and leaves a result for each. The stacks themselves belong to
//! [`super::deployment`]; nothing here reads a template beyond what a set has to refuse.
//!
//! A set lives in the management account and the Region it was made in. Sets with self-managed permissions are refused
//! by name: their roles are not simulated.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html>

mod auto_deployment;
mod call_as;
mod drift;
mod harvest;
mod instance;
mod instance_change;
mod operation;
mod operation_result;
mod organizations_access;
mod page;
mod parameter;
mod preferences;
mod queue;
mod run;
mod set;
mod set_change;
mod set_listing;
mod stop;
mod submission;
mod targets;
mod template;

pub(in crate::service) use auto_deployment::account_placed;
pub(super) use call_as::{CallAs, active};

use super::super::{Access, Operation, typed};
use crate::world::{Due, TableInfo, World};
use glidepath_model::text::printable;

/// The due kind of an operation's next step.
pub(super) const DUE: &str = "stack set operation";

macro_rules! operations {
    ($($name:literal $access:ident $handler:path,)+) => {
        vec![$(Operation {
            name: $name,
            access: Access::$access,
            handler: |context, request| typed(context, request, $handler),
        }),+]
    };
}

/// What stack sets answer, sorted by name.
pub(super) fn operations() -> Vec<Operation> {
    operations![
        "ActivateOrganizationsAccess" Write organizations_access::activate_organizations_access,
        "CreateStackInstances" Write instance_change::create_stack_instances,
        "CreateStackSet" Write set_change::create_stack_set,
        "DeactivateOrganizationsAccess" Write organizations_access::deactivate_organizations_access,
        "DeleteStackInstances" Write instance_change::delete_stack_instances,
        "DeleteStackSet" Write set_change::delete_stack_set,
        "DescribeOrganizationsAccess" Read organizations_access::describe_organizations_access,
        "DescribeStackInstance" Read instance::describe_stack_instance,
        "DescribeStackSet" ConsistentRead set_listing::describe_stack_set,
        "DescribeStackSetOperation" ConsistentRead operation::describe_stack_set_operation,
        "DetectStackSetDrift" Write drift::detect_stack_set_drift,
        "ListStackInstanceResourceDrifts" Read drift::list_stack_instance_resource_drifts,
        "ListStackInstances" Read instance::list_stack_instances,
        "ListStackSetAutoDeploymentTargets" Read auto_deployment::list_stack_set_auto_deployment_targets,
        "ListStackSetOperationResults" Read operation_result::list_stack_set_operation_results,
        "ListStackSetOperations" Read operation::list_stack_set_operations,
        "ListStackSets" Read set_listing::list_stack_sets,
        "StopStackSetOperation" Write stop::stop_stack_set_operation,
        "UpdateStackInstances" Write instance_change::update_stack_instances,
        "UpdateStackSet" Write set_change::update_stack_set,
    ]
}

/// What stack sets store.
pub(super) fn tables() -> Vec<TableInfo> {
    vec![
        TableInfo::of::<drift::InstanceDrift>(),
        TableInfo::of::<instance::Instance>(),
        TableInfo::of::<operation::StackSetOperation>(),
        TableInfo::of::<operation_result::OperationResult>(),
        TableInfo::of::<queue::Waiting>(),
        TableInfo::of::<set::DeletedStackSet>(),
        TableInfo::of::<set::StackSet>(),
    ]
}

/// One line a set.
pub(super) fn show_lines(world: &World) -> Vec<String> {
    let line = |set: &set::StackSet| {
        format!("stack set {} {} ({} instances)", set.region, printable(&set.name), set.instances())
    };
    world.all::<set::StackSet>().map(|set| line(&set)).collect()
}

/// Takes an operation's next step.
pub(super) fn settle(world: &mut World, due: &Due) {
    run::step(world, due.at, &due.key);
}
