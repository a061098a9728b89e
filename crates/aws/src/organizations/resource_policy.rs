//! The organization's resource policy: which member accounts may manage what of the organization.

use super::member::{Answer, sdk_tags};
use super::{Reader, Writer};
use crate::error::Error;
use aws_sdk_organizations::types::ResourcePolicy as SdkResourcePolicy;
use glidepath_model::Tags;
use glidepath_model::organization::ResourcePolicy;

impl Reader {
    /// The resource policy; none when there is none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_resource_policy(&self) -> Result<Option<ResourcePolicy>, Error> {
        const OPERATION: &str = "organizations:DescribeResourcePolicy";
        match self.session.read(OPERATION, || self.client.describe_resource_policy().send()).await {
            Ok(told) => resource_policy(Answer(OPERATION), told.resource_policy).map(Some),
            Err(error) => error.settled("ResourcePolicyNotFoundException", None),
        }
    }
}

impl Writer {
    /// Creates or replaces the resource policy. AWS takes tags only when it creates it.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn put_resource_policy(&self, content: &str, tags: &Tags) -> Result<ResourcePolicy, Error> {
        const OPERATION: &str = "organizations:PutResourcePolicy";
        let tags = sdk_tags(OPERATION, tags)?;
        let send = || self.client.put_resource_policy().content(content).set_tags(tags.clone()).send();
        let told = self.write(OPERATION, send).await?;
        resource_policy(Answer(OPERATION), told.resource_policy)
    }

    /// Deletes the resource policy.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_resource_policy(&self) -> Result<(), Error> {
        const OPERATION: &str = "organizations:DeleteResourcePolicy";
        match self.write(OPERATION, || self.client.delete_resource_policy().send()).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourcePolicyNotFoundException", ()),
        }
    }
}

fn resource_policy(answer: Answer, told: Option<SdkResourcePolicy>) -> Result<ResourcePolicy, Error> {
    let told = answer.member("ResourcePolicy", told)?;
    let summary = answer.member("ResourcePolicySummary", told.resource_policy_summary())?;
    Ok(ResourcePolicy {
        id: answer.text("Id", summary.id())?,
        arn: answer.text("Arn", summary.arn())?,
        content: answer.text("Content", told.content())?,
    })
}
