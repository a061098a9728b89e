//! What policies are attached to.

use super::account::node;
use super::member::Answer;
use super::policy::summary;
use super::policy_type::sdk;
use super::{PAGE, Reader, Writer};
use crate::error::Error;
use crate::pages::pages;
use glidepath_model::organization::PolicySummary;
use glidepath_model::{NodeId, PolicyId, PolicyType};
use std::collections::BTreeSet;

impl Reader {
    /// Everything that a policy is attached to.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_targets_for_policy(&self, id: &PolicyId) -> Result<BTreeSet<NodeId>, Error> {
        const OPERATION: &str = "organizations:ListTargetsForPolicy";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_targets_for_policy().policy_id(id.as_str());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.targets.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| node(Answer(OPERATION), told.target_id())).collect()
    }

    /// The policies of a type that are attached to a target itself, without what it inherits.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_policies_for_target(
        &self,
        target: &NodeId,
        ty: PolicyType,
    ) -> Result<Vec<PolicySummary>, Error> {
        const OPERATION: &str = "organizations:ListPoliciesForTarget";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_policies_for_target().target_id(target.as_str()).filter(sdk(ty));
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.policies.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| summary(Answer(OPERATION), told)).collect()
    }
}

impl Writer {
    /// Attaches a policy to a target.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn attach_policy(&self, id: &PolicyId, target: &NodeId) -> Result<(), Error> {
        const OPERATION: &str = "organizations:AttachPolicy";
        let send = || self.client.attach_policy().policy_id(id.as_str()).target_id(target.as_str()).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("DuplicatePolicyAttachmentException", ()),
        }
    }

    /// Detaches a policy from a target.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn detach_policy(&self, id: &PolicyId, target: &NodeId) -> Result<(), Error> {
        const OPERATION: &str = "organizations:DetachPolicy";
        let send = || self.client.detach_policy().policy_id(id.as_str()).target_id(target.as_str()).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("PolicyNotAttachedException", ()),
        }
    }
}
