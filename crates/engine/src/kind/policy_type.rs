//! Policy types. They are read with the root; switching one on or off takes AWS a while, and the change is
//! done when the root says so.

use super::{Step, Task};
use crate::work::{Outcome, Problem, Work};
use glidepath_model::ids::RootId;
use glidepath_model::organization::PolicyTypeStatus;
use glidepath_model::{Address, NodeId, PolicyType, Target, UnitPath};
use glidepath_plan::kind::policy_type::PolicyTypeSpec;
use std::time::Duration;

/// How long a switch is waited for. AWS documents no bound; disabling SCPs detaches every policy from
/// every target first.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

pub(crate) async fn perform(task: Task<'_, PolicyTypeSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::PolicyType(ty) = address else { return Err(Problem::NoId(address.clone())) };
    let root = root(work)?;
    match step {
        Step::Create { .. } | Step::Update { .. } | Step::Adopt { .. } => {
            work.writer.enable_policy_type(&root, *ty).await?;
            work.waiting(address, "AWS to enable the policy type");
            settled(work, *ty, Some(PolicyTypeStatus::Enabled)).await?;
        }
        Step::Delete { .. } => {
            work.writer.disable_policy_type(&root, *ty).await?;
            work.waiting(address, "AWS to disable the policy type");
            settled(work, *ty, None).await?;
        }
        Step::Forget { .. } => {}
    }
    Ok(Outcome::of(ty.api_name()))
}

fn root(work: &Work<'_>) -> Result<RootId, Problem> {
    match work.node(&Target::Unit(UnitPath::root()))? {
        NodeId::Root(root) => Ok(root),
        NodeId::Unit(_) | NodeId::Account(_) => Err(Problem::NoId(Address::Organization)),
    }
}

/// Waits until the root shows the type so.
pub(super) async fn settled(
    work: &Work<'_>,
    ty: PolicyType,
    wanted: Option<PolicyTypeStatus>,
) -> Result<(), Problem> {
    let shows = work.until(PATIENCE, || async {
        let roots = work.reader.list_roots().await?;
        let status = roots.first().and_then(|root| root.policy_types.get(&ty).copied());
        Ok((status == wanted).then_some(()))
    });
    shows
        .await?
        .ok_or_else(|| Problem::Unsettled { what: format!("the policy type `{ty}`"), waited: PATIENCE })
}
