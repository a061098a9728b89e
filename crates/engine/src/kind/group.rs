//! Groups of a managed directory.

use super::identity_center::{CONFLICT, CenterLook};
use super::{Step, Task};
use crate::error::EngineError;
use crate::gap::Unknown;
use crate::work::{LAG, Outcome, Problem};
use glidepath_model::Address;
use glidepath_model::identity_center::Group;
use glidepath_plan::kind::group::GroupSpec;

/// Every group of the directory, without its members.
pub(super) async fn read(center: &CenterLook<'_, '_>) -> Result<Vec<Group>, EngineError> {
    let listed = center.store.list_groups().await;
    Ok(center.look.read(Unknown::Directory, listed)?.unwrap_or_default())
}

pub(crate) async fn perform(task: Task<'_, GroupSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::Group(name) = address else { return Err(Problem::NoId(address.clone())) };
    let center = work.center().await?;
    match step {
        Step::Create { after } => match center.store_writer.create_group(name, &after.description).await {
            Ok(id) => Ok(Outcome::of(id)),
            // The manifest says that the directory is its own, so that a group of this name is meant.
            Err(error) if error.code() == Some(CONFLICT) => {
                let shown = work.until(LAG, || async { Ok(center.store.group_id(name).await?) }).await?;
                let id = shown.ok_or_else(|| Problem::Hidden { address: address.clone() })?;
                center.store_writer.describe_group(&id, &after.description).await?;
                Ok(Outcome::of(id).noting("it was there already"))
            }
            Err(error) => Err(error.into()),
        },
        Step::Update { physical, after, .. } | Step::Adopt { physical, after, .. } => {
            center.store_writer.describe_group(physical, &after.description).await?;
            Ok(Outcome::of(physical))
        }
        Step::Delete { physical, .. } => {
            center.store_writer.delete_group(physical).await?;
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => Ok(Outcome::of(physical)),
    }
}
