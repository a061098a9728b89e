//! The stacks of stack sets, and the units and accounts they are for.

use super::{PAGE, Preferences, Reader, Writer, begun, malformed, member};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_cloudformation::types::{
    AccountFilterType, DeploymentTargets, StackInstanceFilter, StackInstanceFilterName, StackInstanceSummary,
};
use glidepath_model::AccountId;
use glidepath_model::deployment::{AutoDeploymentTarget, Instance, InstanceStatus};
use std::collections::BTreeSet;

/// Whose stacks an operation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Targets {
    /// Every account of these roots or units, at any depth; at most 50.
    Units(Vec<String>),
    /// Every account of these roots or units, at any depth, but some.
    UnitsWithout {
        /// The roots or units, at most 50.
        units: Vec<String>,
        /// The accounts that are left out.
        accounts: Vec<AccountId>,
    },
    /// These accounts, each of which is in one of the units.
    Accounts {
        /// The roots or units they are in.
        units: Vec<String>,
        /// The accounts.
        accounts: Vec<AccountId>,
    },
}

impl Targets {
    /// The filter is always sent: the API's own default is documented in two ways.
    fn sdk(&self) -> DeploymentTargets {
        let targets = DeploymentTargets::builder();
        match self {
            Self::Units(units) => targets
                .set_organizational_unit_ids(Some(units.clone()))
                .account_filter_type(AccountFilterType::None)
                .build(),
            Self::UnitsWithout { units, accounts } => targets
                .set_organizational_unit_ids(Some(units.clone()))
                .set_accounts(Some(accounts.iter().map(ToString::to_string).collect()))
                .account_filter_type(AccountFilterType::Difference)
                .build(),
            Self::Accounts { units, accounts } => targets
                .set_organizational_unit_ids(Some(units.clone()))
                .set_accounts(Some(accounts.iter().map(ToString::to_string).collect()))
                .account_filter_type(AccountFilterType::Intersection)
                .build(),
        }
    }
}

impl Reader {
    /// The units that new accounts of get stacks, with their Regions; none for a set without auto-deployment.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_auto_deployment_targets(&self, name: &str) -> Result<Vec<AutoDeploymentTarget>, Error> {
        const OPERATION: &str = "cloudformation:ListStackSetAutoDeploymentTargets";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_stack_set_auto_deployment_targets().stack_set_name(name);
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.summaries.unwrap_or_default(), page.next_token))
        });
        let mut all = Vec::new();
        for told in told.await? {
            all.push(AutoDeploymentTarget {
                unit: member(OPERATION, "OrganizationalUnitId", told.organizational_unit_id)?,
                regions: told.regions.unwrap_or_default().into_iter().collect(),
            });
        }
        Ok(all)
    }

    /// Every stack of a set.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_stack_instances(&self, name: &str) -> Result<Vec<Instance>, Error> {
        self.instances(name, None).await
    }

    /// The stacks of a set in one account.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_stack_instances_of(
        &self,
        name: &str,
        account: &AccountId,
    ) -> Result<Vec<Instance>, Error> {
        let told = pages(LISTING, |token| async move {
            let send = || {
                let ask = self.client.list_stack_instances().stack_set_name(name);
                let ask = ask.stack_instance_account(account.as_str()).max_results(PAGE);
                ask.set_next_token(token.clone()).send()
            };
            let page = self.session.read(LISTING, send).await?;
            Ok((page.summaries.unwrap_or_default(), page.next_token))
        });
        told.await?.into_iter().map(|told| instance(LISTING, told)).collect()
    }

    /// The first 100 stacks of a set, and whether there are more.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_first_stack_instances(&self, name: &str) -> Result<(Vec<Instance>, Page), Error> {
        let (told, token) = self.instance_page(name, &None, None).await?;
        let all: Result<Vec<Instance>, Error> =
            told.into_iter().map(|told| instance(LISTING, told)).collect();
        Ok((all?, if token.is_some() { Page::First } else { Page::Only }))
    }

    /// The stacks of a set that stand so.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_stack_instances_in(
        &self,
        name: &str,
        status: InstanceStatus,
    ) -> Result<Vec<Instance>, Error> {
        let filter = StackInstanceFilter::builder().name(StackInstanceFilterName::DetailedStatus);
        self.instances(name, Some(vec![filter.values(status.api_name()).build()])).await
    }

    pub(super) async fn instances(
        &self,
        name: &str,
        filters: Option<Vec<StackInstanceFilter>>,
    ) -> Result<Vec<Instance>, Error> {
        let filters = &filters;
        let told = pages(LISTING, |token| self.instance_page(name, filters, token));
        told.await?.into_iter().map(|told| instance(LISTING, told)).collect()
    }

    async fn instance_page(
        &self,
        name: &str,
        filters: &Option<Vec<StackInstanceFilter>>,
        token: Option<String>,
    ) -> Result<(Vec<StackInstanceSummary>, Option<String>), Error> {
        let send = || {
            let ask = self.client.list_stack_instances().stack_set_name(name);
            let ask = ask.set_filters(filters.clone()).max_results(PAGE);
            ask.set_next_token(token.clone()).send()
        };
        let page = self.session.read(LISTING, send).await?;
        Ok((page.summaries.unwrap_or_default(), page.next_token))
    }
}

/// The operation that lists stacks.
const LISTING: &str = "cloudformation:ListStackInstances";

/// What a first page of a listing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// All there is.
    Only,
    /// More follow.
    First,
}

impl Writer {
    /// Has stacks made. Gives the operation's id.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn create_stack_instances(
        &self,
        name: &str,
        (targets, regions): (&Targets, &BTreeSet<String>),
        preferences: &Preferences,
        operation_id: &str,
    ) -> Result<String, Error> {
        const OPERATION: &str = "cloudformation:CreateStackInstances";
        let send = || {
            let ask = self.client.create_stack_instances().stack_set_name(name);
            let ask = ask.deployment_targets(targets.sdk()).set_regions(list(regions));
            ask.operation_preferences(preferences.sdk()).operation_id(operation_id).send()
        };
        begun(OPERATION, self.write(OPERATION, send).await.map(|told| told.operation_id), operation_id)
    }

    /// Has stacks brought up to what their set says. Gives the operation's id.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_stack_instances(
        &self,
        name: &str,
        (targets, regions): (&Targets, &BTreeSet<String>),
        preferences: &Preferences,
        operation_id: &str,
    ) -> Result<String, Error> {
        const OPERATION: &str = "cloudformation:UpdateStackInstances";
        let send = || {
            let ask = self.client.update_stack_instances().stack_set_name(name);
            let ask = ask.deployment_targets(targets.sdk()).set_regions(list(regions));
            ask.operation_preferences(preferences.sdk()).operation_id(operation_id).send()
        };
        begun(OPERATION, self.write(OPERATION, send).await.map(|told| told.operation_id), operation_id)
    }

    /// Has stacks deleted, with all that their templates do not retain. Gives the operation's id.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_stack_instances(
        &self,
        name: &str,
        (targets, regions): (&Targets, &BTreeSet<String>),
        preferences: &Preferences,
        operation_id: &str,
    ) -> Result<String, Error> {
        const OPERATION: &str = "cloudformation:DeleteStackInstances";
        let send = || {
            let ask = self.client.delete_stack_instances().stack_set_name(name).retain_stacks(false);
            let ask = ask.deployment_targets(targets.sdk()).set_regions(list(regions));
            ask.operation_preferences(preferences.sdk()).operation_id(operation_id).send()
        };
        begun(OPERATION, self.write(OPERATION, send).await.map(|told| told.operation_id), operation_id)
    }
}

fn list(regions: &BTreeSet<String>) -> Option<Vec<String>> {
    Some(regions.iter().cloned().collect())
}

fn instance(operation: &'static str, told: StackInstanceSummary) -> Result<Instance, Error> {
    let account = member(operation, "Account", told.account)?;
    let detailed = told.stack_instance_status.and_then(|told| told.detailed_status);
    let detailed = member(operation, "DetailedStatus", detailed)?;
    let status = InstanceStatus::from_api_name(detailed.as_str());
    Ok(Instance {
        account: AccountId::parse(&account).map_err(|error| malformed(operation, error.to_string()))?,
        region: member(operation, "Region", told.region)?,
        unit: told.organizational_unit_id,
        status: status
            .ok_or_else(|| malformed(operation, format!("`{}` is no status", detailed.as_str())))?,
        reason: told.status_reason.unwrap_or_default(),
    })
}
