//! Users of a managed directory.

use super::identity_center::{CONFLICT, CenterLook};
use super::{Step, Task};
use crate::error::EngineError;
use crate::gap::Unknown;
use crate::work::{LAG, Outcome, Problem};
use glidepath_model::Address;
use glidepath_model::identity_center::User;
use glidepath_plan::kind::user::UserSpec;

/// Every user of the directory.
pub(super) async fn read(center: &CenterLook<'_, '_>) -> Result<Vec<User>, EngineError> {
    let listed = center.store.list_users().await;
    Ok(center.look.read(Unknown::Directory, listed)?.unwrap_or_default())
}

pub(crate) async fn perform(task: Task<'_, UserSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::User(name) = address else { return Err(Problem::NoId(address.clone())) };
    let center = work.center().await?;
    match step {
        Step::Create { after } => match center.store_writer.create_user(&wanted(name, after)).await {
            Ok(id) => Ok(Outcome::of(id)),
            // The manifest says that the directory is its own, so that a user of this name is meant.
            Err(error) if error.code() == Some(CONFLICT) => {
                let shown = work.until(LAG, || async { Ok(center.store.user_id(name).await?) }).await?;
                let id = shown.ok_or_else(|| Problem::Hidden { address: address.clone() })?;
                center.store_writer.update_user(&id, &wanted(name, after)).await?;
                Ok(Outcome::of(id).noting("it was there already"))
            }
            Err(error) => Err(error.into()),
        },
        Step::Update { physical, after, .. } | Step::Adopt { physical, after, .. } => {
            center.store_writer.update_user(physical, &wanted(name, after)).await?;
            Ok(Outcome::of(physical))
        }
        Step::Delete { physical, .. } => {
            center.store_writer.delete_user(physical).await?;
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => Ok(Outcome::of(physical)),
    }
}

fn wanted(name: &str, spec: &UserSpec) -> User {
    User {
        id: String::new(),
        name: name.to_owned(),
        display: spec.display.clone(),
        given: spec.given.clone(),
        family: spec.family.clone(),
        email: spec.email.clone(),
    }
}
