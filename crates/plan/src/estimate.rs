//! How many calls a plan takes and how long they last at the rates that AWS publishes.
//!
//! Calls of one lane come one kind after the other, lanes run side by side; what AWS itself takes to
//! answer, to create an account, to enable a type or to make a stack is not known and not counted.

mod identity_center;

use crate::change::{Action, Change};
use crate::deployment::Member;
use crate::kind::{account::AccountSpec, key::KeyStanding, policy::PolicySpec, unit::UnitSpec};
use crate::ownership::Ownership;
use crate::plan::Plan;
use crate::setting::{Setting, steps};
use crate::spec::Spec;
use crate::zone::LandingZone;
use glidepath_model::account_settings::AccountSettings;
use glidepath_model::operations::OperationRow;
use glidepath_model::organization::Snapshot;
use glidepath_model::rates::Rates;
use glidepath_model::{Tags, Target};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What a plan costs to carry out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// Calls to AWS.
    pub calls: u64,
    /// Calls by operation, `organizations:AttachPolicy`.
    pub by_operation: BTreeMap<&'static str, u64>,
    /// The time they last at the published rates, in whole seconds.
    pub duration: Duration,
}

/// Estimates a plan. The calls that read the organization before and after are not among them.
#[must_use]
pub fn estimate(plan: &Plan) -> Estimate {
    let mut by_operation: BTreeMap<&'static str, u64> = BTreeMap::new();
    for operation in plan.changes.iter().flat_map(operations) {
        *by_operation.entry(operation).or_default() += 1;
    }
    Estimate { calls: by_operation.values().sum(), duration: duration(&by_operation), by_operation }
}

/// What it takes to have CloudFormation compare stacks with what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The stack sets of ours.
    pub sets: usize,
    /// Their stacks, as far as they were listed.
    pub instances: usize,
    /// The stacks of ours in the management account.
    pub stacks: usize,
    /// The calls, and the time they last. A stack that differs takes one more, a comparison that lasts another one
    /// each half a minute, and how long CloudFormation takes is not published.
    pub least: Estimate,
}

/// Estimates the comparison of all stacks of ours.
#[must_use]
pub fn comparison(zone: &LandingZone, snapshot: &Snapshot) -> Comparison {
    let ours = |tags: &Tags| Ownership::of(Some(tags), &zone.organization) == Ownership::Ours;
    let deployments = &snapshot.deployments;
    let sets: Vec<_> = deployments.stack_sets.values().filter(|seen| ours(&seen.set.tags)).collect();
    let stacks = deployments.stacks.values().filter(|seen| ours(&seen.stack.tags)).count();
    let mut by_operation = BTreeMap::new();
    let mut each = |number: usize, operations: [&'static str; 4]| {
        for operation in operations {
            by_operation.insert(operation, u64::try_from(number).unwrap_or(u64::MAX));
        }
    };
    each(
        sets.len(),
        [
            "cloudformation:ListStackSetOperations",
            "cloudformation:DetectStackSetDrift",
            "cloudformation:DescribeStackSetOperation",
            "cloudformation:ListStackInstances",
        ],
    );
    each(
        stacks,
        [
            "cloudformation:DetectStackDrift",
            "cloudformation:DescribeStackDriftDetectionStatus",
            "cloudformation:DescribeStackResourceDrifts",
            "cloudformation:DescribeStackResourceDrifts",
        ],
    );
    by_operation.retain(|_, calls| *calls > 0);
    Comparison {
        sets: sets.len(),
        instances: sets.iter().map(|seen| seen.instances.len()).sum(),
        stacks,
        least: Estimate {
            calls: by_operation.values().sum(),
            duration: duration(&by_operation),
            by_operation,
        },
    }
}

/// Buckets are told apart by the first of the operations that share one.
fn duration(by_operation: &BTreeMap<&'static str, u64>) -> Duration {
    let Ok(rates) = Rates::published() else { return Duration::ZERO };
    let mut buckets: BTreeMap<(&str, &str), (f64, f64, f64)> = BTreeMap::new();
    for (operation, calls) in by_operation {
        let lane = OperationRow::find(operation).map_or("", |row| row.lane.as_str());
        let Some((service, name)) = operation.split_once(':') else { continue };
        // Settings are changed as many accounts, each of which EC2 counts for itself in each Region.
        if service == "ec2" {
            continue;
        }
        let Some(row) = rates.row(service, name) else { continue };
        let name = row.operations.first().map_or(name, String::as_str);
        let bucket = buckets.entry((lane, name)).or_insert((0.0, row.account.rate, row.account.burst));
        bucket.0 += f64::from(u32::try_from(*calls).unwrap_or(u32::MAX));
    }
    let mut lanes: BTreeMap<&str, f64> = BTreeMap::new();
    for ((lane, _), (calls, rate, burst)) in buckets {
        *lanes.entry(lane).or_default() += ((calls - burst) / rate).max(0.0);
    }
    let longest = lanes.into_values().fold(0.0, f64::max);
    Duration::try_from_secs_f64(longest.ceil()).unwrap_or(Duration::MAX)
}

/// The operations that one change takes.
fn operations(change: &Change) -> Vec<&'static str> {
    match &change.action {
        Action::Create { after } => created(after),
        Action::Update { before, after, .. } => updated(before, after),
        // Before something becomes ours its tags are read once more.
        Action::Adopt { before, after, .. } => {
            let tags = match after {
                Spec::Key(_) => "kms:ListResourceTags",
                Spec::PermissionSet(_) => "sso-admin:ListTagsForResource",
                _ => "organizations:ListTagsForResource",
            };
            let mut all = vec![tags];
            all.extend(updated(before, after));
            all
        }
        Action::Delete { before, .. } => deleted(before),
        Action::Forget { before: Spec::Key(key), .. } => vec!["kms:UntagResource"; key.regions.len()],
        Action::Forget { .. } => vec!["organizations:UntagResource"],
    }
}

fn created(after: &Spec) -> Vec<&'static str> {
    match after {
        Spec::Organization(_) => vec!["organizations:CreateOrganization", "organizations:ListRoots"],
        Spec::PolicyType(_) => vec!["organizations:EnablePolicyType", "organizations:ListRoots"],
        Spec::Unit(_) => {
            vec!["organizations:ListOrganizationalUnitsForParent", "organizations:CreateOrganizationalUnit"]
        }
        Spec::Account(account) => {
            let mut all = vec!["organizations:CreateAccount", "organizations:DescribeCreateAccountStatus"];
            opted_in(account.regions.len(), &mut all);
            all.extend((!account.unit.is_root()).then_some("organizations:MoveAccount"));
            all
        }
        Spec::TrustedAccess(_) => vec!["organizations:EnableAWSServiceAccess"],
        Spec::DelegatedAdministrator(_) => vec!["organizations:RegisterDelegatedAdministrator"],
        Spec::ResourcePolicy(_) => {
            vec!["organizations:DescribeResourcePolicy", "organizations:PutResourcePolicy"]
        }
        Spec::Policy(_) => vec!["organizations:ListPolicies", "organizations:CreatePolicy"],
        Spec::Attachment(_) => vec!["organizations:AttachPolicy"],
        Spec::StackSet(_) => vec!["cloudformation:DescribeStackSet", "cloudformation:CreateStackSet"],
        Spec::StackSetTargets(spec) => {
            operation_each("cloudformation:CreateStackInstances", batches(&spec.members))
        }
        Spec::Stack(_) => changed_stack(),
        Spec::Group(_)
        | Spec::User(_)
        | Spec::Membership(_)
        | Spec::AccessControlAttributes(_)
        | Spec::PermissionSet(_)
        | Spec::Assignments(_) => identity_center::created(after),
        // A new account has none of it, and its Regions their default VPCs as AWS makes them.
        Spec::AccountSettings(settings) => set(&AccountSettings::default(), settings),
        Spec::RootAccess(_) => vec!["iam:EnableOrganizationsRootSessions"],
        Spec::Key(key) => {
            let replicas = key.regions.len().saturating_sub(1);
            let mut all = vec!["kms:ListKeys", "kms:CreateKey", "kms:EnableKeyRotation"];
            all.extend(vec!["kms:ReplicateKey"; replicas]);
            all.extend(vec!["kms:CreateAlias"; replicas + 1]);
            all
        }
    }
}

fn updated(before: &Spec, after: &Spec) -> Vec<&'static str> {
    let mut all = Vec::new();
    match (before, after) {
        (Spec::Unit(UnitSpec { name: old, tags: was }), Spec::Unit(UnitSpec { name: new, tags: is })) => {
            all.extend((old != new).then_some("organizations:UpdateOrganizationalUnit"));
            tagged(was, is, &mut all);
        }
        (Spec::Account(old), Spec::Account(new)) => {
            let AccountSpec { unit, closed, tags, .. } = new;
            all.extend((*closed && !old.closed).then_some("organizations:CloseAccount"));
            all.extend((*unit != old.unit).then_some("organizations:MoveAccount"));
            tagged(&old.tags, tags, &mut all);
            opted_in(new.regions.difference(&old.regions).count(), &mut all);
        }
        (Spec::Policy(old), Spec::Policy(new)) => {
            let PolicySpec { description, document, tags } = new;
            let differs = *document != old.document || *description != old.description;
            all.extend(differs.then_some("organizations:UpdatePolicy"));
            tagged(&old.tags, tags, &mut all);
        }
        (Spec::ResourcePolicy(old), Spec::ResourcePolicy(new)) => {
            all.extend((old.document != new.document).then_some("organizations:PutResourcePolicy"));
            tagged(&old.tags, &new.tags, &mut all);
        }
        (Spec::StackSet(_), _) => {
            all.extend(["cloudformation:UpdateStackSet", "cloudformation:DescribeStackSetOperation"]);
        }
        (Spec::StackSetTargets(old), Spec::StackSetTargets(new)) => {
            let gone: BTreeSet<Member> = old.members.difference(&new.members).cloned().collect();
            let come: BTreeSet<Member> = new.members.difference(&old.members).cloned().collect();
            all.extend(operation_each("cloudformation:DeleteStackInstances", batches(&gone)));
            all.extend(operation_each("cloudformation:CreateStackInstances", batches(&come)));
            let repair = usize::from(!old.trouble.is_empty());
            all.extend(operation_each("cloudformation:UpdateStackInstances", repair));
        }
        (Spec::Stack(_), _) => all.extend(changed_stack()),
        (Spec::Key(old), Spec::Key(new)) => {
            let regions = new.regions.len();
            let mut each = |differs: bool, operation: &'static str, times: usize| {
                all.extend(vec![operation; if differs { times } else { 0 }]);
            };
            let standing = |standing| new.standing == standing && old.standing != new.standing;
            each(true, "kms:DescribeKey", regions);
            each(standing(KeyStanding::Retiring), "kms:ScheduleKeyDeletion", regions);
            each(standing(KeyStanding::Enabled), "kms:EnableKey", regions);
            each(new.rotation != old.rotation, "kms:EnableKeyRotation", 1);
            each(new.document != old.document, "kms:PutKeyPolicy", regions);
            each(new.description != old.description, "kms:UpdateKeyDescription", regions);
            each(new.alias != old.alias, "kms:CreateAlias", regions);
            each(new.tags != old.tags, "kms:TagResource", regions);
            each(true, "kms:ReplicateKey", regions.saturating_sub(old.regions.len()));
        }
        (
            Spec::Group(_)
            | Spec::User(_)
            | Spec::Membership(_)
            | Spec::AccessControlAttributes(_)
            | Spec::PermissionSet(_)
            | Spec::Assignments(_),
            _,
        ) => all.extend(identity_center::updated(before, after)),
        (Spec::AccountSettings(old), Spec::AccountSettings(new)) => all.extend(set(old, new)),
        // The other kinds are there or not.
        (
            Spec::Organization(_)
            | Spec::PolicyType(_)
            | Spec::TrustedAccess(_)
            | Spec::DelegatedAdministrator(_)
            | Spec::Attachment(_)
            | Spec::Unit(_)
            | Spec::Account(_)
            | Spec::Policy(_)
            | Spec::ResourcePolicy(_)
            | Spec::StackSetTargets(_)
            | Spec::AccountSettings(_)
            | Spec::RootAccess(_)
            | Spec::Key(_),
            _,
        ) => {}
    }
    all
}

/// The operations that settings take.
fn set(before: &AccountSettings, after: &AccountSettings) -> Vec<&'static str> {
    steps(before, after).iter().flat_map(Setting::operations).collect()
}

/// How many operations these members take: one for all that have the same Regions.
fn batches(members: &BTreeSet<Member>) -> usize {
    let mut regions: BTreeMap<&Target, BTreeSet<&str>> = BTreeMap::new();
    for member in members {
        regions.entry(&member.target).or_default().insert(&member.region);
    }
    regions.into_values().collect::<BTreeSet<_>>().len()
}

/// Operations on a stack set, each asked for once and looked at once at least.
fn operation_each(operation: &'static str, times: usize) -> Vec<&'static str> {
    let one = [operation, "cloudformation:DescribeStackSetOperation"];
    one.into_iter().cycle().take(times * one.len()).collect()
}

/// A change set made, read and carried out.
fn changed_stack() -> Vec<&'static str> {
    vec![
        "cloudformation:CreateChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:DescribeStacks",
    ]
}

/// Regions enabled, and looked at before and after.
fn opted_in(regions: usize, all: &mut Vec<&'static str>) {
    all.extend(vec!["account:EnableRegion"; regions]);
    all.extend(vec!["account:ListRegions"; if regions == 0 { 0 } else { 2 }]);
}

fn tagged(before: &Tags, after: &Tags, all: &mut Vec<&'static str>) {
    let set = after.iter().any(|(key, value)| before.get(key) != Some(value));
    let unset = before.keys().any(|key| !after.contains_key(key));
    all.extend(set.then_some("organizations:TagResource"));
    all.extend(unset.then_some("organizations:UntagResource"));
}

fn deleted(before: &Spec) -> Vec<&'static str> {
    match before {
        Spec::PolicyType(_) => vec!["organizations:DisablePolicyType", "organizations:ListRoots"],
        Spec::Unit(_) => vec!["organizations:ListTagsForResource", "organizations:DeleteOrganizationalUnit"],
        Spec::TrustedAccess(_) => vec!["organizations:DisableAWSServiceAccess"],
        Spec::DelegatedAdministrator(_) => vec!["organizations:DeregisterDelegatedAdministrator"],
        Spec::ResourcePolicy(_) => {
            vec!["organizations:ListTagsForResource", "organizations:DeleteResourcePolicy"]
        }
        Spec::Policy(_) => vec!["organizations:ListTagsForResource", "organizations:DeletePolicy"],
        Spec::Attachment(spec) if spec.aws_managed => vec!["organizations:DetachPolicy"],
        Spec::Attachment(_) => vec!["organizations:ListTagsForResource", "organizations:DetachPolicy"],
        Spec::StackSet(_) => vec!["cloudformation:DeleteStackSet"],
        Spec::StackSetTargets(spec) => {
            operation_each("cloudformation:DeleteStackInstances", batches(&spec.members))
        }
        Spec::Stack(_) => vec!["cloudformation:DeleteStack", "cloudformation:DescribeStacks"],
        Spec::Group(_)
        | Spec::User(_)
        | Spec::Membership(_)
        | Spec::AccessControlAttributes(_)
        | Spec::PermissionSet(_)
        | Spec::Assignments(_) => identity_center::deleted(before),
        Spec::RootAccess(_) => vec!["iam:DisableOrganizationsRootSessions"],
        // None of these is ever deleted.
        Spec::Organization(_) | Spec::Account(_) | Spec::AccountSettings(_) | Spec::Key(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(calls: &[(&'static str, u64)]) -> u64 {
        duration(&calls.iter().copied().collect()).as_secs()
    }

    #[test]
    fn calls_within_the_burst_take_no_time_and_the_rest_come_at_the_rate() {
        assert_eq!(seconds(&[("organizations:AttachPolicy", 3)]), 0);
        assert_eq!(
            seconds(&[("organizations:AttachPolicy", 3), ("organizations:CreatePolicy", 10)]),
            5,
            "one bucket of two a second"
        );
    }

    #[test]
    fn lanes_run_side_by_side_and_buckets_of_one_lane_do_not() {
        assert_eq!(
            seconds(&[("organizations:CreateAccount", 5)]),
            20,
            "three at once, then one in ten seconds"
        );
        assert_eq!(
            seconds(&[("organizations:CreateAccount", 5), ("organizations:CreateOrganizationalUnit", 12)]),
            20
        );
        assert_eq!(
            seconds(&[("organizations:CreateOrganizationalUnit", 12), ("organizations:MoveAccount", 13)]),
            15
        );
    }
}
