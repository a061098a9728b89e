//! The organization itself.

use super::member::Answer;
use super::{Reader, Writer};
use crate::error::{Error, NO_ORGANIZATION};
use aws_sdk_organizations::types::{Organization as SdkOrganization, OrganizationFeatureSet};
use glidepath_model::organization::{FeatureSet, Organization};

impl Reader {
    /// The organization that the caller's account belongs to; none when it belongs to none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_organization(&self) -> Result<Option<Organization>, Error> {
        const OPERATION: &str = "organizations:DescribeOrganization";
        match self.session.read(OPERATION, || self.client.describe_organization().send()).await {
            Ok(answer) => organization(Answer(OPERATION), answer.organization).map(Some),
            Err(error) => error.settled(NO_ORGANIZATION, None),
        }
    }
}

impl Writer {
    /// Creates an organization with all features; the caller's account becomes its management account.
    ///
    /// # Errors
    /// Any [`Error`]; [`Error::is_already_there`] when the account belongs to an organization.
    pub async fn create_organization(&self) -> Result<Organization, Error> {
        const OPERATION: &str = "organizations:CreateOrganization";
        let send = || self.client.create_organization().feature_set(OrganizationFeatureSet::All).send();
        let answer = self.write(OPERATION, send).await?;
        organization(Answer(OPERATION), answer.organization)
    }
}

fn organization(answer: Answer, told: Option<SdkOrganization>) -> Result<Organization, Error> {
    let told = answer.member("Organization", told)?;
    Ok(Organization {
        id: answer.id("Id", told.id())?,
        arn: answer.text("Arn", told.arn())?,
        features: match told.feature_set() {
            Some(OrganizationFeatureSet::All) => FeatureSet::All,
            Some(OrganizationFeatureSet::ConsolidatedBilling) => FeatureSet::ConsolidatedBilling,
            _ => return Err(answer.malformed("`FeatureSet` is missing or unknown")),
        },
        management_id: answer.id("MasterAccountId", told.master_account_id())?,
        management_email: answer.text("MasterAccountEmail", told.master_account_email())?,
    })
}
