//! `UpdatePrimaryRegion`: a replica becomes the primary key of its set, the primary key a replica.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html>

use super::super::{Context, ServiceError};
use super::Done;
use super::access::{self, Given};
use super::key::{self, Key, Regionality, State};
use super::refusal::{invalid, not_found, unsupported};
use super::state::put_unsettled;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdatePrimaryRegion {
    key_id: String,
    primary_region: String,
}

pub(super) fn update_primary_region(
    context: &mut Context<'_>,
    request: UpdatePrimaryRegion,
) -> Result<Done, ServiceError> {
    let former = access::key(context, &request.key_id, Given::Id, "UpdatePrimaryRegion")?;
    if former.regionality != Regionality::Primary {
        return Err(unsupported(format!("{} is not a multi-Region primary key.", former.arn())));
    }
    if request.primary_region == former.region {
        return Err(invalid(format!("{} is the primary Region already.", former.region)));
    }
    let row = key::row(&former.account, &request.primary_region, &former.id);
    let arn = key::arn(&former.account, &request.primary_region, &former.id);
    let next =
        context.world.get::<Key>(&row).ok_or_else(|| not_found(format!("Key '{arn}' does not exist")))?;
    if !access::may(context, &next, "UpdatePrimaryRegion") {
        return Err(access::denied(context, &next, "UpdatePrimaryRegion"));
    }
    former.refuse_in(&State::UNUSABLE)?;
    next.refuse_in(&State::UNUSABLE)?;
    let primary = Key {
        regionality: Regionality::Primary,
        rotation: former.rotation,
        rotated: former.rotated,
        state: State::Updating,
        ..Key::clone(&next)
    };
    let replica = Key {
        regionality: Regionality::Replica,
        rotation: None,
        rotated: None,
        state: State::Updating,
        ..Key::clone(&former)
    };
    put_unsettled(context, primary);
    put_unsettled(context, replica);
    Ok(Done {})
}
