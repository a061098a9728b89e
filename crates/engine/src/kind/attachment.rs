//! Attachments: read by policy, attached and detached. AWS makes each at most once, so that nothing has to
//! be looked up before an attach.

use super::{Step, Task, policy_type};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::tags;
use crate::work::{Outcome, Problem};
use glidepath_model::organization::{PolicySummary, PolicyTypeStatus};
use glidepath_model::{Address, NodeId, PolicyId, PolicyType};
use glidepath_plan::change::KNOWN_AFTER_APPLY;
use glidepath_plan::kind::attachment::AttachmentSpec;
use std::collections::{BTreeMap, BTreeSet};

/// AWS's answer to an attach right after its policy type was enabled.
const NOT_ENABLED: &str = "PolicyTypeNotEnabledException";

/// What each policy is attached to: all that are not AWS's own, and those of AWS's own that matter.
pub(crate) async fn read(
    look: &Look<'_>,
    policies: &BTreeMap<PolicyId, PolicySummary>,
) -> Result<BTreeMap<PolicyId, BTreeSet<NodeId>>, EngineError> {
    let wanted: Vec<&PolicySummary> = policies.values().filter(|policy| matters(look, policy)).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    look.begin(Subject::Attachments);
    let read = look.each(wanted, |policy| async move {
        let targets = look.reader.list_targets_for_policy(&policy.id).await;
        let targets = look.read(Unknown::Targets(policy.id.clone()), targets)?;
        Ok(targets.map(|targets| (policy.id.clone(), targets)))
    });
    let all: BTreeMap<PolicyId, BTreeSet<NodeId>> = read.await?.into_iter().collect();
    look.end(Subject::Attachments, all.values().map(BTreeSet::len).sum());
    Ok(all)
}

/// AWS's own policies are attached nearly everywhere: their targets are read where the manifest names
/// them, and for SCPs whenever it speaks of any, since without `FullAWSAccess` nothing is allowed.
fn matters(look: &Look<'_>, policy: &PolicySummary) -> bool {
    let of_it = |address: &Address| matches!(address, Address::Attachment { ty, policy: name, .. } if *ty == policy.ty && *name == policy.name);
    if !look.scope.wants(of_it) {
        return false;
    }
    !policy.aws_managed
        || (policy.ty == PolicyType::Scp && look.zone.policy_types.contains(&PolicyType::Scp))
        || look.zone.desired.keys().any(of_it)
}

pub(crate) async fn perform(task: Task<'_, AttachmentSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::Attachment { ty, policy, target } = address else {
        return Err(Problem::NoId(address.clone()));
    };
    let id = work.policy(*ty, policy).await?;
    match step {
        Step::Create { .. } | Step::Update { .. } | Step::Adopt { .. } => {
            let node = work.node(target)?;
            match work.writer.attach_policy(&id, &node).await {
                Err(error) if error.code() == Some(NOT_ENABLED) => {
                    work.waiting(address, "AWS to enable the policy type");
                    policy_type::settled(work, *ty, Some(PolicyTypeStatus::Enabled)).await?;
                    work.writer.attach_policy(&id, &node).await?;
                }
                attached => attached?,
            }
            Ok(Outcome::of(node.to_string()))
        }
        Step::Delete { physical, before } => {
            // Where AWS attaches it by itself to something new, the target had no id when this was planned.
            let node = match physical {
                KNOWN_AFTER_APPLY => work.node(target)?,
                physical => crate::work::node(address, physical)?,
            };
            // An attachment carries no tags: it is ours if its policy is.
            let mark = (!before.aws_managed).then_some(work.zone.organization.as_str());
            let there = match mark {
                Some(_) => tags::before_delete(work, address, id.as_str(), mark).await?,
                None => tags::Standing::Same,
            };
            if there == tags::Standing::Same {
                work.writer.detach_policy(&id, &node).await?;
            }
            Ok(Outcome::of(node.to_string()))
        }
        Step::Forget { physical } => Ok(Outcome::of(physical)),
    }
}
