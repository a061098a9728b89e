//! Policy types, switched on and off at the root. AWS answers at once and takes its time: the root's
//! policy types tell when it is done.

use super::Writer;
use crate::error::Error;
use aws_sdk_organizations::types::PolicyType as SdkPolicyType;
use glidepath_model::PolicyType;
use glidepath_model::ids::RootId;

pub(super) fn sdk(ty: PolicyType) -> SdkPolicyType {
    SdkPolicyType::from(ty.api_name())
}

impl Writer {
    /// Asks AWS to enable a policy type at the root.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn enable_policy_type(&self, root: &RootId, ty: PolicyType) -> Result<(), Error> {
        const OPERATION: &str = "organizations:EnablePolicyType";
        let send = || self.client.enable_policy_type().root_id(root.as_str()).policy_type(sdk(ty)).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("PolicyTypeAlreadyEnabledException", ()),
        }
    }

    /// Asks AWS to disable a policy type at the root. Every policy of the type is detached everywhere.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn disable_policy_type(&self, root: &RootId, ty: PolicyType) -> Result<(), Error> {
        const OPERATION: &str = "organizations:DisablePolicyType";
        let send = || self.client.disable_policy_type().root_id(root.as_str()).policy_type(sdk(ty)).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("PolicyTypeNotEnabledException", ()),
        }
    }
}
