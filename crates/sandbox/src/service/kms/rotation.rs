//! Automatic rotation of a key's material. Of a set of multi-Region keys the primary key decides for all.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html>

use super::super::{Context, EpochSeconds, ServiceError};
use super::access::{self, Given};
use super::key::{Key, Origin, Regionality, State};
use super::refusal::unsupported;
use super::{Done, OfKey, later};
use serde::{Deserialize, Serialize};

/// Days between rotations where the request does not say.
const USUAL_DAYS: u32 = 365;
const DAY: i64 = 86_400;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EnableKeyRotation {
    key_id: String,
    rotation_period_in_days: Option<u32>,
}

pub(super) fn enable_key_rotation(
    context: &mut Context<'_>,
    request: EnableKeyRotation,
) -> Result<Done, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "EnableKeyRotation")?;
    check_changeable(&key)?;
    let rotation = Some(request.rotation_period_in_days.unwrap_or(USUAL_DAYS));
    // A key that rotates already keeps its date when its period does not change.
    let rotated = if key.rotation == rotation { key.rotated } else { Some(context.now) };
    context.world.put(Key { rotation, rotated, ..Key::clone(&key) });
    Ok(Done {})
}

pub(super) fn disable_key_rotation(context: &mut Context<'_>, request: OfKey) -> Result<Done, ServiceError> {
    let key = access::key(context, &request.key_id, Given::Id, "DisableKeyRotation")?;
    check_changeable(&key)?;
    context.world.put(Key { rotation: None, rotated: None, ..Key::clone(&key) });
    Ok(Done {})
}

fn check_changeable(key: &Key) -> Result<(), ServiceError> {
    check_rotates(key)?;
    if key.regionality == Regionality::Replica {
        return Err(unsupported(format!("{} is a replica key: its primary key decides.", key.arn())));
    }
    key.refuse_in(&[
        State::Disabled,
        State::PendingDeletion,
        State::PendingReplicaDeletion,
        State::Creating,
        State::Updating,
    ])
}

/// Only symmetric encryption keys with material of AWS's own are rotated by themselves.
fn check_rotates(key: &Key) -> Result<(), ServiceError> {
    if !key.spec.is_symmetric() || key.origin == Origin::External {
        return Err(unsupported(format!(
            "{} is no symmetric encryption key with material of AWS KMS: it cannot be rotated.",
            key.arn()
        )));
    }
    Ok(())
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StatusAnswer {
    key_rotation_enabled: bool,
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_period_in_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<EpochSeconds>,
}

pub(super) fn get_key_rotation_status(
    context: &mut Context<'_>,
    request: OfKey,
) -> Result<StatusAnswer, ServiceError> {
    let key = access::key(context, &request.key_id, Given::IdAcross, "GetKeyRotationStatus")?;
    check_rotates(&key)?;
    key.refuse_in(&State::UNSETTLED)?;
    let primary = key.primary(context.world);
    // A key that is going to be deleted does not rotate, whatever was set before.
    let period = primary.rotation.filter(|_| !State::DELETING.contains(&key.state));
    let next = period.zip(primary.rotated).map(|(days, since)| {
        let period = i64::from(days) * DAY;
        let passed = (context.now.as_second() - since.as_second()).max(0) / period;
        EpochSeconds(later(since, (passed + 1) * period))
    });
    Ok(StatusAnswer {
        key_rotation_enabled: period.is_some(),
        key_id: key.arn(),
        rotation_period_in_days: period,
        next_rotation_date: next,
    })
}
