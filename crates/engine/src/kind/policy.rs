//! Organization policies: listed by type, their documents read one by one, created with their tags.

use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::lock::is_lock;
use crate::observe::Look;
use crate::tags::{self, Others};
use crate::work::{LAG, Outcome, Problem, Work, policy_id};
use glidepath_aws::Error;
use glidepath_aws::organizations::PolicyText;
use glidepath_model::organization::{Policy, PolicySummary, Root, Tags};
use glidepath_model::{Address, PolicyId, PolicyType};
use glidepath_plan::kind::policy::PolicySpec;
use glidepath_plan::ownership::MANAGED_BY;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Every policy of the types that are enabled or wanted. Our lock is no part of the landing zone.
pub(crate) async fn read(
    look: &Look<'_>,
    root: &Root,
) -> Result<BTreeMap<PolicyId, PolicySummary>, EngineError> {
    let types: BTreeSet<PolicyType> = look
        .zone
        .policy_types
        .iter()
        .chain(root.policy_types.keys())
        .copied()
        .filter(|ty| {
            look.scope.wants(|address| {
                matches!(address, Address::Policy { ty: its, .. } | Address::Attachment { ty: its, .. } if its == ty)
            })
        })
        .collect();
    if types.is_empty() {
        return Ok(BTreeMap::new());
    }
    look.begin(Subject::Policies);
    let listed = look.each(types, |ty| async move {
        let policies = look.reader.list_policies(ty).await;
        look.read(Unknown::Policies(ty), policies)
    });
    let all: BTreeMap<PolicyId, PolicySummary> = listed
        .await?
        .into_iter()
        .flatten()
        .filter(|policy| !is_lock(policy))
        .map(|policy| (policy.id.clone(), policy))
        .collect();
    look.end(Subject::Policies, all.len());
    Ok(all)
}

/// The documents of all policies that are not AWS's own.
pub(crate) async fn read_contents(
    look: &Look<'_>,
    policies: &BTreeMap<PolicyId, PolicySummary>,
) -> Result<BTreeMap<PolicyId, String>, EngineError> {
    let own = policies.values().filter(|policy| {
        let address = Address::Policy { ty: policy.ty, name: policy.name.clone() };
        !policy.aws_managed && look.scope.holds(&address)
    });
    let read = look.each(own, |policy| async move {
        let described = look.reader.describe_policy(&policy.id).await.and_then(|described| {
            // Listed a moment ago: it is just gone, or does not show everywhere yet.
            described.ok_or_else(|| Error::Malformed {
                operation: "organizations:DescribePolicy",
                problem: "a policy that was just listed is not found".to_owned(),
            })
        });
        let described = look.read(Unknown::Content(policy.id.clone()), described)?;
        Ok(described.map(|described| (policy.id.clone(), described.content)))
    });
    Ok(read.await?.into_iter().collect())
}

pub(crate) async fn perform(task: Task<'_, PolicySpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::Policy { ty, name } = address else { return Err(Problem::NoId(address.clone())) };
    match step {
        Step::Create { after } => create(work, address, (*ty, name), after).await,
        Step::Update { physical, before, after } => {
            rewrite(work, address, (physical, name), before, after).await?;
            tags::converge(work, physical, &before.tags, &after.tags, Others::Remove).await?;
            Ok(Outcome::of(physical))
        }
        Step::Adopt { physical, before, after } => {
            let tags = tags::of_unclaimed(work, address, physical).await?;
            rewrite(work, address, (physical, name), before, after).await?;
            tags::converge(work, physical, &tags, &after.tags, Others::Remove).await?;
            Ok(Outcome::of(physical))
        }
        Step::Delete { physical, before } => {
            let mark = before.tags.get(MANAGED_BY).map(String::as_str);
            if tags::before_delete(work, address, physical, mark).await? == tags::Standing::Same {
                work.writer.delete_policy(&policy_id(address, physical)?).await?;
            }
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => {
            tags::forget(work, physical).await?;
            Ok(Outcome::of(physical))
        }
    }
}

async fn create(
    work: &Work<'_>,
    address: &Address,
    (ty, name): (PolicyType, &str),
    after: &PolicySpec,
) -> Result<Outcome, Problem> {
    let there = match named(work, ty, name).await? {
        Some(policy) => policy,
        None => {
            let content = text_of(&after.document);
            let text = PolicyText { name, description: &after.description, content: &content };
            match work.writer.create_policy(ty, text, &after.tags).await {
                Ok(policy) => return Ok(Outcome::of(policy.summary.id.to_string())),
                Err(error) if error.is_already_there() => {
                    let shown = work.until(LAG, || named(work, ty, name)).await?;
                    shown.ok_or_else(|| Problem::Hidden { address: address.clone() })?
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let tags = tags::of_ours(work, address, there.id.as_str()).await?;
    same_content(work, address, &there.id, name, &tags, after).await
}

/// Goes on with a policy of ours that is there although it was to be created.
async fn same_content(
    work: &Work<'_>,
    address: &Address,
    id: &PolicyId,
    name: &str,
    tags: &Tags,
    after: &PolicySpec,
) -> Result<Outcome, Problem> {
    let described = work.until(LAG, || async { Ok(work.reader.describe_policy(id).await?) }).await?;
    let same = |policy: &Policy| {
        policy.summary.description == after.description
            && serde_json::from_str::<Value>(&policy.content).is_ok_and(|content| content == after.document)
    };
    if !described.as_ref().is_some_and(same) {
        update(work, address, id.as_str(), name, after).await?;
    }
    tags::converge(work, id.as_str(), tags, &after.tags, Others::Remove).await?;
    Ok(Outcome::of(id.to_string()).noting("it was there already and carries our mark"))
}

async fn named(work: &Work<'_>, ty: PolicyType, name: &str) -> Result<Option<PolicySummary>, Problem> {
    let policies = work.reader.list_policies(ty).await?;
    Ok(policies.into_iter().find(|policy| policy.name == name))
}

/// Writes description and document anew where either differs.
async fn rewrite(
    work: &Work<'_>,
    address: &Address,
    (physical, name): (&str, &str),
    before: &PolicySpec,
    after: &PolicySpec,
) -> Result<(), Problem> {
    if before.description == after.description && before.document == after.document {
        return Ok(());
    }
    update(work, address, physical, name, after).await
}

async fn update(
    work: &Work<'_>,
    address: &Address,
    physical: &str,
    name: &str,
    after: &PolicySpec,
) -> Result<(), Problem> {
    let content = text_of(&after.document);
    let text = PolicyText { name, description: &after.description, content: &content };
    Ok(work.writer.update_policy(&policy_id(address, physical)?, text).await?)
}

/// A document as it is sent: without white space, which AWS counts.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
pub(super) fn text_of(document: &Value) -> String {
    document.to_string()
}
