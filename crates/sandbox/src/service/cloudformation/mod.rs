//! AWS CloudFormation: stacks, change sets and what they deploy.
//!
//! One file per noun. A request or a stack set's order becomes [`inputs`], its stack then has something under way
//! ([`work`]) that is carried out when its time has come: an [`attempt`] says what becomes of each resource. Templates
//! are read by the crate `glidepath-template`. Nothing here knows the wire, and nothing here makes what a resource is:
//! a resource has an identity and its properties.
//!
//! Nested stacks, transforms, imports and templates in S3 are refused by name.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html>

mod attempt;
mod change;
mod change_set;
mod change_set_description;
mod deployment;
mod drift;
mod drift_detection;
mod export;
mod identity;
mod inputs;
mod page;
mod reference;
mod refusal;
mod resource;
mod rollback;
mod secret;
mod show;
mod stack;
mod stack_description;
mod stack_event;
mod stack_policy;
mod stack_request;
mod stack_resource;
mod stack_set;
mod surroundings;
mod tamper;
mod template_summary;
mod template_text;
mod work;

pub(super) use resource::{alter, existing, has_managed_policy};
pub(super) use stack_set::account_placed;
pub(crate) use tamper::tamper;
pub use tamper::{TamperError, Tampering};

use super::{Access, Operation, Service, typed};
use crate::world::{Due, TableInfo, World};
use glidepath_model::Timestamp;
use serde::Serialize;

/// The service.
pub const SERVICE: Service =
    Service { name: NAME, operations, tables, found: |_| {}, settle, show: show::lines };

const NAME: &str = "cloudformation";

/// An answer without members.
#[derive(Debug, Serialize)]
struct Done {}

macro_rules! operations {
    ($($name:literal $access:ident $handler:path,)+) => {
        vec![$(Operation {
            name: $name,
            access: Access::$access,
            handler: |context, request| typed(context, request, $handler),
        }),+]
    };
}

fn operations() -> Vec<Operation> {
    let mut operations = operations![
        "CancelUpdateStack" Write rollback::cancel_update_stack,
        "ContinueUpdateRollback" Write rollback::continue_update_rollback,
        "CreateChangeSet" Write change_set::create_change_set,
        "CreateStack" Write stack_request::create_stack,
        "DeleteChangeSet" Write change_set::delete_change_set,
        "DeleteStack" Write stack_request::delete_stack,
        "DescribeChangeSet" ConsistentRead change_set_description::describe_change_set,
        "DescribeStackDriftDetectionStatus" ConsistentRead drift_detection::describe_stack_drift_detection_status,
        "DescribeStackEvents" ConsistentRead stack_event::describe_stack_events,
        "DescribeStackResource" ConsistentRead stack_resource::describe_stack_resource,
        "DescribeStackResourceDrifts" ConsistentRead drift_detection::describe_stack_resource_drifts,
        "DescribeStackResources" ConsistentRead stack_resource::describe_stack_resources,
        "DescribeStacks" ConsistentRead stack_description::describe_stacks,
        "DetectStackDrift" Write drift_detection::detect_stack_drift,
        "DetectStackResourceDrift" Write drift_detection::detect_stack_resource_drift,
        "ExecuteChangeSet" Write change_set::execute_change_set,
        "GetStackPolicy" ConsistentRead stack_policy::get_stack_policy,
        "GetTemplate" ConsistentRead template_summary::get_template,
        "GetTemplateSummary" ConsistentRead template_summary::get_template_summary,
        "ListChangeSets" Read change_set_description::list_change_sets,
        "ListExports" Read export::list_exports,
        "ListImports" Read export::list_imports,
        "ListStackResources" Read stack_resource::list_stack_resources,
        "ListStacks" Read stack_description::list_stacks,
        "RollbackStack" Write rollback::rollback_stack,
        "SetStackPolicy" Write stack_policy::set_stack_policy,
        "UpdateStack" Write stack_request::update_stack,
        "UpdateTerminationProtection" Write stack_request::update_termination_protection,
        "ValidateTemplate" ConsistentRead template_summary::validate_template,
    ];
    operations.extend(stack_set::operations());
    operations
}

fn tables() -> Vec<TableInfo> {
    let mut tables = vec![
        TableInfo::of::<change_set::ChangeSet>(),
        TableInfo::of::<drift_detection::DriftDetection>(),
        TableInfo::of::<resource::Resource>(),
        TableInfo::of::<stack::Stack>(),
        TableInfo::of::<stack_event::EventBatch>(),
        TableInfo::of::<template_text::TemplateText>(),
    ];
    tables.extend(stack_set::tables());
    tables
}

fn settle(world: &mut World, due: &Due) {
    match due.kind.as_str() {
        work::DUE => work::settle(world, due),
        change_set::DUE => change_set::settle(world, due),
        drift_detection::DUE => drift_detection::settle(world, due),
        stack_set::DUE => stack_set::settle(world, due),
        _ => {}
    }
}

/// Has `kind` carried out for `key` at that time.
fn schedule(world: &mut World, at: Timestamp, kind: &str, key: &str) {
    world.schedule(Due { at, service: NAME.to_owned(), kind: kind.to_owned(), key: key.to_owned() });
}

/// The time so many seconds later; the last one there is where that lies beyond the calendar's end.
fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
