//! Attributes for access control.

use super::{Reader, Writer, malformed, member};
use crate::error::Error;
use aws_sdk_ssoadmin::types::{
    AccessControlAttribute, AccessControlAttributeValue, InstanceAccessControlAttributeConfiguration,
    InstanceAccessControlAttributeConfigurationStatus as Status,
};
use glidepath_model::identity_center::RequestState;
use std::collections::BTreeMap;

/// Attributes by name, each with where its value comes from, and whether AWS has settled them.
pub type Attributes = (BTreeMap<String, String>, RequestState);

impl Reader {
    /// The attributes; none where they are not enabled.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn attributes(&self, instance: &str) -> Result<Option<Attributes>, Error> {
        const OPERATION: &str = "sso-admin:DescribeInstanceAccessControlAttributeConfiguration";
        let send = || {
            let ask = self.client.describe_instance_access_control_attribute_configuration();
            ask.instance_arn(instance).send()
        };
        let told = match self.session.read(OPERATION, send).await {
            Ok(told) => told,
            Err(error) => return error.settled("ResourceNotFoundException", None),
        };
        let state = match member(OPERATION, "Status", told.status)? {
            Status::Enabled => RequestState::Succeeded,
            Status::CreationInProgress => RequestState::InProgress,
            Status::CreationFailed => {
                RequestState::Failed(told.status_reason.unwrap_or_else(|| "no reason given".to_owned()))
            }
            other => {
                return Err(malformed(OPERATION, format!("the status `{}` is unknown", other.as_str())));
            }
        };
        let listed = told.instance_access_control_attribute_configuration;
        let attributes = listed.map(|listed| listed.access_control_attributes).unwrap_or_default();
        let all = attributes.into_iter().map(|attribute| {
            let sources = attribute.value.map(|value| value.source).unwrap_or_default();
            (attribute.key, sources.into_iter().next().unwrap_or_default())
        });
        Ok(Some((all.collect(), state)))
    }
}

impl Writer {
    /// Enables attributes. AWS takes a while.
    ///
    /// # Errors
    /// Any [`Error`] of a write; `ConflictException` where they are enabled.
    pub async fn create_attributes(
        &self,
        instance: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:CreateInstanceAccessControlAttributeConfiguration";
        let configuration = configuration(OPERATION, attributes)?;
        let send = || {
            let ask = self.client.create_instance_access_control_attribute_configuration();
            let ask = ask.instance_arn(instance);
            ask.instance_access_control_attribute_configuration(configuration.clone()).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Has other attributes take the place of all there are.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_attributes(
        &self,
        instance: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:UpdateInstanceAccessControlAttributeConfiguration";
        let configuration = configuration(OPERATION, attributes)?;
        let send = || {
            let ask = self.client.update_instance_access_control_attribute_configuration();
            let ask = ask.instance_arn(instance);
            ask.instance_access_control_attribute_configuration(configuration.clone()).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Turns attributes off; none is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_attributes(&self, instance: &str) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:DeleteInstanceAccessControlAttributeConfiguration";
        let send = || {
            let ask = self.client.delete_instance_access_control_attribute_configuration();
            ask.instance_arn(instance).send()
        };
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }
}

fn configuration(
    operation: &'static str,
    attributes: &BTreeMap<String, String>,
) -> Result<InstanceAccessControlAttributeConfiguration, Error> {
    let bad = |error: aws_smithy_types::error::operation::BuildError| malformed(operation, error.to_string());
    let mut all = Vec::new();
    for (key, source) in attributes {
        let value = AccessControlAttributeValue::builder().source(source).build().map_err(bad)?;
        all.push(AccessControlAttribute::builder().key(key).value(value).build().map_err(bad)?);
    }
    InstanceAccessControlAttributeConfiguration::builder()
        .set_access_control_attributes(Some(all))
        .build()
        .map_err(bad)
}
