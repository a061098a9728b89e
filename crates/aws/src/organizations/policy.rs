//! Organization policies.

use super::member::{Answer, sdk_tags};
use super::policy_type::sdk;
use super::{PAGE, Reader, Writer};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_organizations::types::{EffectivePolicyType, Policy as SdkPolicy, PolicySummary as SdkSummary};
use glidepath_model::organization::{Policy, PolicySummary};
use glidepath_model::{AccountId, PolicyId, PolicyType, Tags};

/// What a policy says, and what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyText<'a> {
    /// Its name, unique within its type.
    pub name: &'a str,
    /// Its description; empty if none.
    pub description: &'a str,
    /// The document, as it is to be stored; AWS counts every character.
    pub content: &'a str,
}

impl Reader {
    /// Every policy of a type, AWS's own included.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_policies(&self, ty: PolicyType) -> Result<Vec<PolicySummary>, Error> {
        const OPERATION: &str = "organizations:ListPolicies";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_policies().filter(sdk(ty));
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.policies.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| summary(Answer(OPERATION), told)).collect()
    }

    /// One policy with its content; none when there is none of that id.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_policy(&self, id: &PolicyId) -> Result<Option<Policy>, Error> {
        const OPERATION: &str = "organizations:DescribePolicy";
        match self
            .session
            .read(OPERATION, || self.client.describe_policy().policy_id(id.as_str()).send())
            .await
        {
            Ok(told) => policy(Answer(OPERATION), told.policy).map(Some),
            Err(error) => error.settled("PolicyNotFoundException", None),
        }
    }

    /// The document that policies of a declarative type add up to for an account; none when none reaches it.
    ///
    /// # Errors
    /// Any [`Error`] of a read; AWS refuses SCPs and RCPs here.
    pub async fn describe_effective_policy(
        &self,
        ty: PolicyType,
        account: &AccountId,
    ) -> Result<Option<String>, Error> {
        const OPERATION: &str = "organizations:DescribeEffectivePolicy";
        let send = || {
            let ask =
                self.client.describe_effective_policy().policy_type(EffectivePolicyType::from(ty.api_name()));
            ask.target_id(account.as_str()).send()
        };
        let answer = Answer(OPERATION);
        match self.session.read(OPERATION, send).await {
            Ok(told) => {
                let told = answer.member("EffectivePolicy", told.effective_policy())?;
                answer.text("PolicyContent", told.policy_content()).map(Some)
            }
            Err(error) => error.settled("EffectivePolicyNotFoundException", None),
        }
    }
}

impl Writer {
    /// Creates a policy, tags included.
    ///
    /// # Errors
    /// Any [`Error`] of a write; [`Error::is_already_there`] when the type has a policy of that name.
    pub async fn create_policy(
        &self,
        ty: PolicyType,
        text: PolicyText<'_>,
        tags: &Tags,
    ) -> Result<Policy, Error> {
        const OPERATION: &str = "organizations:CreatePolicy";
        let PolicyText { name, description, content } = text;
        let tags = sdk_tags(OPERATION, tags)?;
        let send = || {
            let ask = self.client.create_policy().r#type(sdk(ty)).name(name).description(description);
            ask.content(content).set_tags(tags.clone()).send()
        };
        let told = self.write(OPERATION, send).await?;
        policy(Answer(OPERATION), told.policy)
    }

    /// Gives a policy another name, description and content.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_policy(&self, id: &PolicyId, text: PolicyText<'_>) -> Result<(), Error> {
        const OPERATION: &str = "organizations:UpdatePolicy";
        let PolicyText { name, description, content } = text;
        let send = || {
            let ask = self.client.update_policy().policy_id(id.as_str());
            ask.name(name).description(description).content(content).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Deletes a policy, which must be attached nowhere.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_policy(&self, id: &PolicyId) -> Result<(), Error> {
        const OPERATION: &str = "organizations:DeletePolicy";
        match self.write(OPERATION, || self.client.delete_policy().policy_id(id.as_str()).send()).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("PolicyNotFoundException", ()),
        }
    }
}

fn policy(answer: Answer, told: Option<SdkPolicy>) -> Result<Policy, Error> {
    let told = answer.member("Policy", told)?;
    Ok(Policy {
        summary: summary(answer, answer.member("PolicySummary", told.policy_summary())?)?,
        content: answer.text("Content", told.content())?,
    })
}

pub(super) fn summary(answer: Answer, told: &SdkSummary) -> Result<PolicySummary, Error> {
    let ty = answer.member("Type", told.r#type())?;
    Ok(PolicySummary {
        id: answer.id("Id", told.id())?,
        arn: answer.text("Arn", told.arn())?,
        ty: PolicyType::from_api_name(ty.as_str()).map_err(|error| answer.malformed(error.to_string()))?,
        name: answer.text("Name", told.name())?,
        description: told.description().unwrap_or_default().to_owned(),
        aws_managed: told.aws_managed(),
    })
}
