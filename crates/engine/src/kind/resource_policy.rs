//! The organization's delegation policy. There is at most one, and putting one replaces it, so that a
//! create looks first.

use super::policy::text_of;
use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::tags::{self, Others};
use crate::work::{Outcome, Problem, Work};
use glidepath_model::Address;
use glidepath_model::organization::{ResourcePolicy, Tags};
use glidepath_plan::kind::resource_policy::ResourcePolicySpec;
use glidepath_plan::ownership::MANAGED_BY;
use serde_json::Value;

/// The one there is, if any.
pub(crate) async fn read(look: &Look<'_>) -> Result<Option<ResourcePolicy>, EngineError> {
    if !look.scope.wants(|address| matches!(address, Address::ResourcePolicy)) {
        return Ok(None);
    }
    look.begin(Subject::ResourcePolicy);
    let policy = look.reader.describe_resource_policy().await;
    let policy = look.read(Unknown::ResourcePolicy, policy)?.flatten();
    look.end(Subject::ResourcePolicy, usize::from(policy.is_some()));
    Ok(policy)
}

pub(crate) async fn perform(task: Task<'_, ResourcePolicySpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    match step {
        Step::Create { after } => match work.reader.describe_resource_policy().await? {
            None => {
                let made = work.writer.put_resource_policy(&text_of(&after.document), &after.tags).await?;
                Ok(Outcome::of(made.id))
            }
            Some(there) => {
                let tags = tags::of_ours(work, address, &there.id).await?;
                let document = serde_json::from_str(&there.content).unwrap_or_default();
                replace(work, &there.id, (&document, &tags), after).await
            }
        },
        Step::Update { physical, before, after } => {
            replace(work, physical, (&before.document, &before.tags), after).await
        }
        Step::Adopt { physical, before, after } => {
            let tags = tags::of_unclaimed(work, address, physical).await?;
            replace(work, physical, (&before.document, &tags), after).await
        }
        Step::Delete { physical, before } => {
            let mark = before.tags.get(MANAGED_BY).map(String::as_str);
            if tags::before_delete(work, address, physical, mark).await? == tags::Standing::Same {
                work.writer.delete_resource_policy().await?;
            }
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => {
            tags::forget(work, physical).await?;
            Ok(Outcome::of(physical))
        }
    }
}

/// Replaces the document of the policy that is there, where it differs. AWS takes tags only with a new one.
async fn replace(
    work: &Work<'_>,
    id: &str,
    (document, tags): (&Value, &Tags),
    after: &ResourcePolicySpec,
) -> Result<Outcome, Problem> {
    if *document != after.document {
        work.writer.put_resource_policy(&text_of(&after.document), &Tags::new()).await?;
    }
    tags::converge(work, id, tags, &after.tags, Others::Remove).await?;
    Ok(Outcome::of(id))
}
