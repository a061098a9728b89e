//! The organization and its root. It is created only where the plan has that gate open; AWS then works on
//! it for up to an hour, which the calls that find it unfinished wait out by themselves.

use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::guard;
use crate::observe::Look;
use crate::work::{LAG, Outcome, Problem};
use glidepath_aws::Error;
use glidepath_model::organization::{Organization, Root};
use glidepath_plan::kind::organization::OrganizationSpec;

/// The organization and its root; none when there is no organization, or when it could not be read.
pub(crate) async fn read(look: &Look<'_>) -> Result<Option<(Organization, Root)>, EngineError> {
    look.begin(Subject::Organization);
    let organization = look.reader.describe_organization().await;
    let Some(organization) = look.read(Unknown::Everything, organization)? else { return Ok(None) };
    guard::matches(look.zone, organization.as_ref())?;
    let Some(organization) = organization else { return Ok(None) };
    let roots = look.reader.list_roots().await.and_then(|roots| {
        roots.into_iter().next().ok_or_else(|| Error::Malformed {
            operation: "organizations:ListRoots",
            problem: "the organization has no root".to_owned(),
        })
    });
    let Some(root) = look.read(Unknown::Everything, roots)? else { return Ok(None) };
    look.end(Subject::Organization, 1);
    Ok(Some((organization, root)))
}

pub(crate) async fn perform(task: Task<'_, OrganizationSpec>) -> Result<Outcome, Problem> {
    let work = task.work;
    match task.step {
        Step::Create { .. } => {
            match work.writer.create_organization().await {
                Ok(_) => {}
                Err(error) if error.is_already_there() => {}
                Err(error) => return Err(error.into()),
            }
            let root = work.until(LAG, || async { Ok(work.reader.list_roots().await?.into_iter().next()) });
            let root = root.await?.ok_or_else(|| Problem::Hidden { address: task.address.clone() })?;
            Ok(Outcome::of(root.id.to_string()))
        }
        Step::Update { .. } | Step::Adopt { .. } => Err(Problem::NotPossible {
            what: "turning all features on",
            instead: "every member account has to agree; start it under `Settings` of the Organizations console",
        }),
        Step::Delete { .. } | Step::Forget { .. } => Err(Problem::NotPossible {
            what: "deleting an organization",
            instead: "nothing here ever does that",
        }),
    }
}
