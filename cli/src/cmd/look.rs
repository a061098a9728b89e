//! The steps that every verb shares before it says anything: the right organization, then everything read.

use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::view::progress::Progress;
use crate::wire::Wire;
use glidepath_aws::{AccessMode, Aws, Error};
use glidepath_engine::{EngineError, Scope, Standing, check_organization, observe};
use glidepath_model::organization::Snapshot;
use glidepath_plan::LandingZone;

/// What was found.
pub(super) struct Look {
    pub(super) aws: Aws,
    pub(super) standing: Standing,
    pub(super) snapshot: Snapshot,
}

/// Connects, makes sure that it is the right organization, and reads it.
pub(super) async fn look(
    wire: &Wire,
    zone: &LandingZone,
    (access, scope): (AccessMode, impl Into<Scope>),
    progress: &Progress,
) -> Result<Look, Failure> {
    let aws = wire.connect(access).await?;
    let standing = check_organization(&aws, zone).await.map_err(|error| failure(&error))?;
    let observed = observe(&aws, zone, &scope.into(), &progress.events()).await;
    progress.clear();
    let snapshot = observed.map_err(|error| failure(&error))?;
    Ok(Look { aws, standing, snapshot })
}

/// What an error of a call means for the run.
pub(super) fn aws_failure(doing: &str, error: &Error) -> Failure {
    Failure::doing(ExitCode::Failed, doing, error)
}

/// What an error of the engine means for the run.
pub(super) fn failure(error: &EngineError) -> Failure {
    let code = if error.is_refusal() { ExitCode::Refused } else { ExitCode::Failed };
    let failure = Failure::of(code, error);
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}
