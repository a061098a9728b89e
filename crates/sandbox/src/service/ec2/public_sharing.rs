//! Whether snapshots and images may be shared with everybody.
//!
//! Sources: <https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html>

use super::super::{Context, ServiceError};
use super::Plain;
use super::refusal::{invalid, refuse_dry_run};
use super::settings::{self, MANAGED_BY};
use serde::{Deserialize, Serialize};

/// Nothing is blocked.
const UNBLOCKED: &str = "unblocked";

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SnapshotBlock {
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_by: Option<&'static str>,
}

pub(super) fn get_snapshot_block(
    context: &mut Context<'_>,
    request: Plain,
) -> Result<SnapshotBlock, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    Ok(SnapshotBlock { state: settings::read(context).snapshot_block, managed_by: Some(MANAGED_BY) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EnableSnapshotBlock {
    state: String,
    dry_run: Option<bool>,
}

pub(super) fn enable_snapshot_block(
    context: &mut Context<'_>,
    request: EnableSnapshotBlock,
) -> Result<SnapshotBlock, ServiceError> {
    if request.state == UNBLOCKED {
        return Err(invalid("unblocked is not a valid value for this action."));
    }
    refuse_dry_run(request.dry_run)?;
    set_snapshot_block(context, request.state)
}

pub(super) fn disable_snapshot_block(
    context: &mut Context<'_>,
    request: Plain,
) -> Result<SnapshotBlock, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    set_snapshot_block(context, UNBLOCKED.to_owned())
}

fn set_snapshot_block(context: &mut Context<'_>, state: String) -> Result<SnapshotBlock, ServiceError> {
    let mut settings = settings::read(context);
    settings.snapshot_block.clone_from(&state);
    context.world.put(settings);
    Ok(SnapshotBlock { state, managed_by: None })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ImageBlock {
    image_block_public_access_state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_by: Option<&'static str>,
}

pub(super) fn get_image_block(context: &mut Context<'_>, request: Plain) -> Result<ImageBlock, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    let image_block_public_access_state = settings::read(context).image_block;
    Ok(ImageBlock { image_block_public_access_state, managed_by: Some(MANAGED_BY) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EnableImageBlock {
    image_block_public_access_state: String,
    dry_run: Option<bool>,
}

pub(super) fn enable_image_block(
    context: &mut Context<'_>,
    request: EnableImageBlock,
) -> Result<ImageBlock, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    set_image_block(context, request.image_block_public_access_state)
}

pub(super) fn disable_image_block(
    context: &mut Context<'_>,
    request: Plain,
) -> Result<ImageBlock, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    set_image_block(context, UNBLOCKED.to_owned())
}

fn set_image_block(context: &mut Context<'_>, state: String) -> Result<ImageBlock, ServiceError> {
    let mut settings = settings::read(context);
    settings.image_block.clone_from(&state);
    context.world.put(settings);
    Ok(ImageBlock { image_block_public_access_state: state, managed_by: None })
}
