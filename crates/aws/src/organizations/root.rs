//! The root of the tree, and with it the policy types that are enabled.

use super::member::Answer;
use super::{PAGE, Reader};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_organizations::types::{PolicyTypeStatus as SdkStatus, PolicyTypeSummary, Root as SdkRoot};
use glidepath_model::PolicyType;
use glidepath_model::organization::{PolicyTypeStatus, Root};

impl Reader {
    /// The roots; AWS documents that there is exactly one.
    ///
    /// Policy types that this version does not know are left out.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_roots(&self) -> Result<Vec<Root>, Error> {
        const OPERATION: &str = "organizations:ListRoots";
        let told = pages(OPERATION, |token| async move {
            let send = || self.client.list_roots().max_results(PAGE).set_next_token(token.clone()).send();
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.roots.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| root(Answer(OPERATION), told)).collect()
    }
}

pub(super) fn root(answer: Answer, told: &SdkRoot) -> Result<Root, Error> {
    let types = told.policy_types().iter().filter_map(|told| policy_type(answer, told).transpose());
    Ok(Root {
        id: answer.id("Id", told.id())?,
        arn: answer.text("Arn", told.arn())?,
        name: answer.text("Name", told.name())?,
        policy_types: types.collect::<Result<_, Error>>()?,
    })
}

fn policy_type(
    answer: Answer,
    told: &PolicyTypeSummary,
) -> Result<Option<(PolicyType, PolicyTypeStatus)>, Error> {
    let ty = answer.member("Type", told.r#type())?;
    let Ok(ty) = PolicyType::from_api_name(ty.as_str()) else { return Ok(None) };
    let status = match answer.member("Status", told.status())? {
        SdkStatus::Enabled => PolicyTypeStatus::Enabled,
        SdkStatus::PendingEnable => PolicyTypeStatus::PendingEnable,
        SdkStatus::PendingDisable => PolicyTypeStatus::PendingDisable,
        other => {
            return Err(answer.malformed(format!("the policy type status `{}` is unknown", other.as_str())));
        }
    };
    Ok(Some((ty, status)))
}
