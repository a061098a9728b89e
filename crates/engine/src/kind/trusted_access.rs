//! Trusted access of services.

use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::work::{Outcome, Problem};
use glidepath_model::Address;
use glidepath_plan::kind::stack_set::TRUSTED_SERVICE;
use glidepath_plan::kind::trusted_access::TrustedAccessSpec;
use std::collections::BTreeSet;

/// The services that have it. It is read whatever the manifest says: it tells of Control Tower, too.
pub(crate) async fn read(look: &Look<'_>) -> Result<BTreeSet<String>, EngineError> {
    if !look.scope.wants(|address| matches!(address, Address::TrustedAccess(_))) {
        return Ok(BTreeSet::new());
    }
    look.begin(Subject::TrustedAccess);
    let services = look.reader.list_trusted_access().await;
    let services = look.read(Unknown::TrustedAccess, services)?.unwrap_or_default();
    look.end(Subject::TrustedAccess, services.len());
    Ok(services)
}

pub(crate) async fn perform(task: Task<'_, TrustedAccessSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::TrustedAccess(service) = address else { return Err(Problem::NoId(address.clone())) };
    match step {
        Step::Create { .. } | Step::Update { .. } | Step::Adopt { .. } => {
            if service == TRUSTED_SERVICE {
                // Only CloudFormation's own call also makes the roles by which it works.
                let (_, writer) = work.cloudformation(&work.zone.home)?;
                writer.activate_organizations_access().await?;
            } else {
                work.writer.enable_trusted_access(service).await?;
            }
        }
        Step::Delete { .. } => work.writer.disable_trusted_access(service).await?,
        Step::Forget { .. } => {}
    }
    Ok(Outcome::of(service.as_str()))
}
