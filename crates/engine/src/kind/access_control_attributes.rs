//! Attributes for access control.

use super::identity_center::{CONFLICT, Center, CenterLook};
use super::{Step, Task};
use crate::error::EngineError;
use crate::gap::Unknown;
use crate::work::{Outcome, Problem, Work};
use glidepath_model::Address;
use glidepath_model::identity_center::RequestState;
use glidepath_plan::kind::access_control_attributes::AccessControlAttributesSpec;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long AWS may take to enable them; it names no bound.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The attributes, where the manifest speaks of them.
pub(super) async fn read(
    center: &CenterLook<'_, '_>,
) -> Result<Option<BTreeMap<String, String>>, EngineError> {
    let address = Address::AccessControlAttributes;
    if !center.look.zone.desired.contains_key(&address) || !center.look.scope.holds(&address) {
        return Ok(None);
    }
    let told = center.reader.attributes(&center.instance.arn).await;
    let told = center.look.read(Unknown::Attributes, told)?.flatten();
    Ok(told.map(|(attributes, _)| attributes))
}

pub(crate) async fn perform(task: Task<'_, AccessControlAttributesSpec>) -> Result<Outcome, Problem> {
    let Task { work, step, .. } = task;
    let center = work.center().await?;
    let instance = center.arn().to_owned();
    match step {
        Step::Create { after } => {
            match center.writer.create_attributes(&instance, &after.attributes).await {
                Ok(()) => {}
                Err(error) if error.code() == Some(CONFLICT) => {
                    center.writer.update_attributes(&instance, &after.attributes).await?;
                }
                Err(error) => return Err(error.into()),
            }
            enabled(work, &center).await?;
        }
        Step::Update { after, .. } | Step::Adopt { after, .. } => {
            center.writer.update_attributes(&instance, &after.attributes).await?;
        }
        Step::Delete { .. } => center.writer.delete_attributes(&instance).await?,
        Step::Forget { .. } => {}
    }
    Ok(Outcome::of(instance))
}

async fn enabled(work: &Work<'_>, center: &Center) -> Result<(), Problem> {
    let settled = work.until(PATIENCE, || async {
        Ok(match center.reader.attributes(center.arn()).await? {
            None | Some((_, RequestState::InProgress)) => None,
            Some((_, RequestState::Succeeded)) => Some(Ok(())),
            Some((_, RequestState::Failed(reason))) => Some(Err(Problem::Refused { reason })),
        })
    });
    let what = || "AWS to enable attributes for access control".to_owned();
    settled.await?.unwrap_or_else(|| Err(Problem::Unsettled { what: what(), waited: PATIENCE }))
}
