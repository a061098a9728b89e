//! A stack instance: what stands of a stack set in one account and Region, whether or not a stack came of it.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackInstance.html>

use super::super::super::{Context, EpochSeconds, ServiceError};
use super::super::refusal::invalid;
use super::call_as::{CallAs, active};
use super::drift::InstanceDrift;
use super::page::{Wanted, page, rows};
use super::parameter::ToldParameter;
use super::set::StackSet;
use super::template;
use crate::world::{Dumped, Entity, World};
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How an instance stands to its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Condition {
    /// Deployed as the set was at that time.
    Deployed,
    /// Not deployed, or not with success.
    Outdated,
    /// Its deletion failed: it takes part in no update.
    Inoperable,
}

/// What became of the last operation on an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Detailed {
    Pending,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Inoperable,
    SkippedSuspendedAccount,
}

impl Detailed {
    pub(super) fn api_name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::Inoperable => "INOPERABLE",
            Self::SkippedSuspendedAccount => "SKIPPED_SUSPENDED_ACCOUNT",
        }
    }
}

/// The stack of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InstanceStack {
    pub(super) id: String,
    pub(super) name: String,
}

/// A stack instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Instance {
    /// The set's id.
    pub(super) set: String,
    pub(super) account: String,
    pub(super) region: String,
    /// The root or unit through which the account was reached.
    pub(super) unit: String,
    pub(super) stack: Option<InstanceStack>,
    pub(super) condition: Condition,
    pub(super) detailed: Detailed,
    pub(super) reason: Option<String>,
    /// The set's revision it was deployed from.
    pub(super) revision: u64,
    pub(super) overrides: BTreeMap<String, String>,
    pub(super) last_operation: Option<String>,
}

impl Entity for Instance {
    const TABLE: &'static str = "cloudformation.stack_instance";
    const DUMPED: Dumped = Dumped::Without(&["reason", "revision", "last_operation"]);

    fn key(&self) -> String {
        key(&self.set, &self.account, &self.region)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("unit", format!("{}/{}", self.set, self.unit))]
    }

    // The name that was made up for the stack carries an id.
    fn alias(&self) -> Option<(String, String)> {
        let stack = self.stack.as_ref()?;
        Some((stack.name.clone(), format!("instance of {}", self.set)))
    }
}

/// The key of the instance of a set in an account and Region.
pub(super) fn key(set: &str, account: &str, region: &str) -> String {
    format!("{set}/{account}/{region}")
}

/// The instance of a set in an account and Region.
pub(super) fn find(world: &World, set: &str, account: &str, region: &str) -> Option<Arc<Instance>> {
    world.get(&key(set, account, region))
}

impl Instance {
    /// Its status: that of its deployment, until the set has changed since.
    pub(super) fn status(&self, set: &StackSet) -> &'static str {
        match self.condition {
            Condition::Inoperable => "INOPERABLE",
            Condition::Deployed if self.revision == set.revision => "CURRENT",
            Condition::Deployed | Condition::Outdated => "OUTDATED",
        }
    }

    /// Its detailed status: once the set has changed, it waits to be updated.
    fn detailed(&self, set: &StackSet) -> Detailed {
        match self.detailed {
            Detailed::Succeeded if self.revision != set.revision => Detailed::Pending,
            detailed => detailed,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Comprehensive {
    detailed_status: Detailed,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    stack_set_id: String,
    region: String,
    account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack_id: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    stack_instance_status: Comprehensive,
    organizational_unit_id: String,
    drift_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_drift_check_timestamp: Option<EpochSeconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_operation_id: Option<String>,
}

impl Summary {
    fn of(world: &World, set: &StackSet, instance: &Instance) -> Self {
        let drift = world.get::<InstanceDrift>(&instance.key());
        Self {
            stack_set_id: set.id.clone(),
            region: instance.region.clone(),
            account: instance.account.clone(),
            stack_id: instance.stack.as_ref().map(|stack| stack.id.clone()),
            status: instance.status(set),
            status_reason: instance.reason.clone(),
            stack_instance_status: Comprehensive { detailed_status: instance.detailed(set) },
            organizational_unit_id: instance.unit.clone(),
            drift_status: drift.as_ref().map_or("NOT_CHECKED", |drift| drift.status()),
            last_drift_check_timestamp: drift.as_ref().map(|drift| EpochSeconds(drift.checked)),
            last_operation_id: instance.last_operation.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    stack_set_name: String,
    stack_instance_account: String,
    stack_instance_region: String,
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstanceAnswer {
    stack_instance: Shape,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    #[serde(flatten)]
    summary: Summary,
    parameter_overrides: Vec<ToldParameter>,
}

pub(super) fn describe_stack_instance(
    context: &mut Context<'_>,
    request: Describe,
) -> Result<InstanceAnswer, ServiceError> {
    let set = active(context, request.call_as, &request.stack_set_name)?;
    let instance =
        existing(context.world, &set, &request.stack_instance_account, &request.stack_instance_region)?;
    let world = &*context.world;
    Ok(InstanceAnswer {
        stack_instance: Shape {
            summary: Summary::of(world, &set, &instance),
            parameter_overrides: template::told(world, &set.template, &instance.overrides)?,
        },
    })
}

/// The instance of a set in an account and Region; refuses where there is none.
pub(super) fn existing(
    world: &World,
    set: &StackSet,
    account: &str,
    region: &str,
) -> Result<Arc<Instance>, ServiceError> {
    find(world, &set.id, account, region).ok_or_else(|| {
        ServiceError::new(
            "StackInstanceNotFoundException",
            format!(
                "Stack instance of stack set {} for account {account} and region {} not found",
                set.name,
                printable(region)
            ),
        )
    })
}

#[derive(Debug, Clone, Deserialize)]
enum FilterName {
    #[serde(rename = "DETAILED_STATUS")]
    DetailedStatus,
    #[serde(rename = "LAST_OPERATION_ID")]
    LastOperationId,
    #[serde(rename = "DRIFT_STATUS")]
    DriftStatus,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    name: Option<FilterName>,
    values: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    stack_set_name: String,
    next_token: Option<String>,
    max_results: Option<usize>,
    #[serde(default)]
    filters: Vec<Filter>,
    stack_instance_account: Option<String>,
    stack_instance_region: Option<String>,
    #[serde(default)]
    call_as: CallAs,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Instances {
    summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// The filters of a listing, each with its comma-separated values; none lets everything through.
#[derive(Debug, Default)]
struct Filters {
    detailed: Option<BTreeSet<String>>,
    operation: Option<BTreeSet<String>>,
    drift: Option<BTreeSet<String>>,
}

impl Filters {
    fn read(given: Vec<Filter>) -> Result<Self, ServiceError> {
        let mut filters = Self::default();
        for filter in given {
            let (Some(name), Some(values)) = (filter.name, filter.values) else {
                return Err(invalid("A filter needs a Name and Values"));
            };
            let values = values.split(',').map(str::to_owned).collect();
            let place = match name {
                FilterName::DetailedStatus => &mut filters.detailed,
                FilterName::LastOperationId => &mut filters.operation,
                FilterName::DriftStatus => &mut filters.drift,
            };
            if place.replace(values).is_some() {
                return Err(invalid("A filter name must not be given twice"));
            }
        }
        Ok(filters)
    }

    fn let_through(&self, world: &World, set: &StackSet, instance: &Instance) -> bool {
        let detailed = |wanted: &BTreeSet<String>| wanted.contains(instance.detailed(set).api_name());
        let operation = |wanted: &BTreeSet<String>| {
            instance.last_operation.as_ref().is_some_and(|operation| wanted.contains(operation))
        };
        let drift = |wanted: &BTreeSet<String>| {
            let drift = world.get::<InstanceDrift>(&instance.key());
            wanted.contains(drift.map_or("NOT_CHECKED", |drift| drift.status()))
        };
        self.detailed.as_ref().is_none_or(detailed)
            && self.operation.as_ref().is_none_or(operation)
            && self.drift.as_ref().is_none_or(drift)
    }
}

pub(super) fn list_stack_instances(
    context: &mut Context<'_>,
    request: List,
) -> Result<Instances, ServiceError> {
    let set = active(context, request.call_as, &request.stack_set_name)?;
    let (account, region) = (&request.stack_instance_account, &request.stack_instance_region);
    let wanted = Wanted {
        listing: format!("ListStackInstances/{}/{account:?}/{region:?}/{:?}", set.id, request.filters),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let filters = Filters::read(request.filters)?;
    let world = &*context.world;
    // Instances of one account lie together.
    let prefix = match account {
        Some(account) => format!("{}/{account}/", set.id),
        None => format!("{}/", set.id),
    };
    let page = page(world, &wanted, |after, at_most| {
        rows::<Instance>(world, &prefix, after, at_most, |instance| {
            region.as_ref().is_none_or(|region| *region == instance.region)
                && filters.let_through(world, &set, instance)
        })
    })?;
    let summaries = page.items.iter().map(|instance| Summary::of(world, &set, instance)).collect();
    Ok(Instances { summaries, next_token: page.next })
}
