//! Centralized root access: asked for only where the manifest speaks of it.

use super::{Step, Task};
use crate::error::EngineError;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::work::{Outcome, Problem};
use glidepath_aws::iam_settings;
use glidepath_model::Address;
use glidepath_model::account_settings::RootFeature;
use glidepath_plan::kind::root_access::RootAccessSpec;
use std::collections::BTreeSet;

/// The parts that are on; none where nobody asks.
pub(crate) async fn read(look: &Look<'_>) -> Result<Option<BTreeSet<RootFeature>>, EngineError> {
    let of_kind = |address: &Address| matches!(address, Address::RootAccess(_));
    if !look.zone.desired.keys().any(of_kind) || !look.scope.wants(of_kind) {
        return Ok(None);
    }
    let found = iam_settings::Reader::new(look.session).root_access().await;
    look.read(Unknown::RootAccess, found)
}

pub(crate) async fn perform(task: Task<'_, RootAccessSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::RootAccess(feature) = address else { return Err(Problem::NoId(address.clone())) };
    let writer = iam_settings::Writer::new(work.session(), work.writer.permit())?;
    match step {
        Step::Create { .. } | Step::Update { .. } | Step::Adopt { .. } => {
            writer.enable_root_access(*feature).await?;
        }
        Step::Delete { .. } => writer.disable_root_access(*feature).await?,
        Step::Forget { .. } => {}
    }
    Ok(Outcome::of(feature.api_name()))
}
