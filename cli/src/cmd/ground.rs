//! What questions are answered from: the manifest, AWS, or AWS once a plan is applied.

use super::apply;
use super::look::look;
use crate::args::{Against, AwsArgs};
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::view::progress::Progress;
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::AccessMode;
use glidepath_engine::Depth;
use glidepath_model::organization::Gap;
use glidepath_plan::explain::Ground;

/// A ground and how far it can be relied on.
pub(super) struct Stood<'w> {
    pub(super) ground: Ground<'w>,
    /// In words: `by the manifest`.
    pub(super) by: String,
    /// What could not be read.
    pub(super) gaps: Vec<Gap>,
}

/// Finds the ground to answer from.
pub(super) fn find<'w>(wanted: &'w Wanted, against: &Against, aws: &AwsArgs) -> Result<Stood<'w>, Failure> {
    let zone = &wanted.zone;
    let (plan, by) = match against {
        Against::Manifest => {
            let ground = Ground::of_manifest(zone);
            return Ok(Stood { ground, by: "by the manifest".to_owned(), gaps: Vec::new() });
        }
        Against::Aws => (None, "as AWS is".to_owned()),
        Against::Plan(path) => {
            let by = format!("as AWS is once `{}` is applied", path.display());
            (Some(apply::read(path)?), by)
        }
    };
    let wire = Wire::open(aws, wanted)?;
    let progress = Progress::new(aws);
    let found = wire.run(look(&wire, zone, (AccessMode::ReadOnly, Depth::Shallow), &progress))??;
    wire.close()?;
    let id = found.snapshot.organization.as_ref().map(|organization| &organization.id);
    if let Some(plan) = &plan
        && plan.organization_id.as_ref() != id
    {
        return Err(Failure::new(ExitCode::Refused, "the plan is of another organization")
            .help("plan again with these credentials"));
    }
    let changes = plan.as_ref().map(|plan| plan.changes.as_slice()).unwrap_or_default();
    let ground = Ground::of_aws(zone, &found.snapshot, changes);
    Ok(Stood { ground, by, gaps: found.snapshot.gaps.to_vec() })
}
