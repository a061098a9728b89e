//! What an account holds of a permission set: a role, made from the set's content at the time it was provisioned.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/howtoprovision.html>

use super::super::listing::Page;
use super::super::organizations::{Placement, Standing};
use super::super::{Context, ServiceError, cloudformation, organizations, sts};
use super::access::{self, OfSet};
use super::assignment::{self, Assignment};
use super::content::Content;
use super::instance::Instance;
use super::permission_set::PermissionSet;
use super::refusal::page;
use crate::world::{Alphabet, Entity, World};
use glidepath_model::AccountId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Managed policies of a role, as much as an account has without asking for more.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const MOST_POLICIES: usize = 20;
/// The longest session that a role of Identity Center allows, in seconds.
const LONGEST_SESSION: u32 = 43_200;

/// A permission set in an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Provision {
    pub(super) account: String,
    /// The id of the permission set.
    pub(super) set: String,
    /// The name of its role.
    pub(super) role: String,
    /// What the role was made from.
    pub(super) content: Content,
}

impl Entity for Provision {
    const TABLE: &'static str = "sso-admin.provision";
    fn key(&self) -> String {
        Self::row(&self.account, &self.set)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("set", self.set.clone())]
    }

    // The role's name ends in characters made up for the set.
    fn alias(&self) -> Option<(String, String)> {
        let word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        let last = self.role.rsplit(|character: char| !word(character)).next()?;
        Some((last.to_owned(), format!("reserved-role/{}", self.key())))
    }
}

impl Provision {
    /// The key of a row.
    pub(super) fn row(account: &str, set: &str) -> String {
        assignment::pair(account, set)
    }
}

/// Brings a permission set's content into an account, or says why it cannot be.
pub(super) fn put(world: &mut World, account: &str, set: &PermissionSet) -> Result<(), String> {
    match organizations::standing(world, account) {
        Standing::Active => {}
        Standing::Suspended => return Err(format!("AWS account {account} is suspended.")),
        Standing::Outside | Standing::Purged => {
            return Err(format!("AWS account {account} is not in the organization."));
        }
    }
    let Some(instance) = world.all::<Instance>().next() else {
        return Err("Identity Center is not enabled.".to_owned());
    };
    if account != instance.owner.as_str() && !organizations::is_trusted(world, access::PRINCIPAL) {
        return Err(format!("{} has no trusted access to the organization.", access::PRINCIPAL));
    }
    for reference in set.content.references() {
        let arn = reference.arn(account);
        if !cloudformation::has_managed_policy(world, account, &arn) {
            return Err(format!("Received a 404 status error: Not supported policy {arn}."));
        }
    }
    if set.content.attached() > MOST_POLICIES {
        return Err(format!(
            "Received a 409 status error: Cannot exceed quota for PoliciesPerRole: {MOST_POLICIES}"
        ));
    }
    let Ok(id) = AccountId::parse(account) else { return Err(format!("{account} is no account.")) };
    let made_up =
        world.derive(&format!("reserved role/{account}/{}", set.arn()), Alphabet::LowerHexadecimal, 16);
    let name = format!("AWSReservedSSO_{}_{made_up}", set.name);
    let region = if instance.region == "us-east-1" { String::new() } else { format!("{}/", instance.region) };
    let path = format!("/aws-reserved/sso.amazonaws.com/{region}");
    // Nobody becomes it by AssumeRole: its trust policy names Identity Center's SAML provider.
    let mut role = sts::Role::new(id, &path, &name, BTreeSet::new());
    role.max_session = LONGEST_SESSION;
    sts::add_role(world, role);
    world.put(Provision {
        account: account.to_owned(),
        set: set.key(),
        role: name,
        content: set.content.clone(),
    });
    Ok(())
}

/// Takes a permission set out of an account.
pub(super) fn remove(world: &mut World, account: &str, set: &str) {
    if let Some(provision) = world.delete::<Provision>(&Provision::row(account, set)) {
        sts::remove_role(world, account, &provision.role);
    }
}

/// Identity Center forgets an account that left the organization.
pub(in crate::service) fn account_placed(world: &mut World, placement: &Placement<'_>) {
    if placement.to.is_some() {
        return;
    }
    let prefix = format!("{}/", placement.account);
    let assignments: Vec<String> = world.below::<Assignment>(&prefix).map(|one| one.key()).collect();
    for key in assignments {
        world.delete::<Assignment>(&key);
    }
    let provisions: Vec<_> = world.below::<Provision>(&prefix).collect();
    for one in provisions {
        remove(world, &one.account, &one.set);
    }
}

/// How up to date what an account holds is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Latest {
    #[serde(rename = "LATEST_PERMISSION_SET_PROVISIONED")]
    Provisioned,
    #[serde(rename = "LATEST_PERMISSION_SET_NOT_PROVISIONED")]
    NotProvisioned,
}

/// Whether a filter, if there is one, lets this through.
fn passes(filter: Option<Latest>, world: &World, provision: &Provision) -> bool {
    let is_latest =
        world.get::<PermissionSet>(&provision.set).is_some_and(|set| set.content == provision.content);
    match filter {
        None => true,
        Some(Latest::Provisioned) => is_latest,
        Some(Latest::NotProvisioned) => !is_latest,
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListAccounts {
    #[serde(flatten)]
    of: OfSet,
    provisioning_status: Option<Latest>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Accounts {
    account_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_accounts(
    context: &mut Context<'_>,
    request: ListAccounts,
) -> Result<Accounts, ServiceError> {
    let set = access::read(context, &request.of)?.key();
    let (world, filter) = (&*context.world, request.provisioning_status);
    let found = world.by::<Provision>("set", &set).filter(|one| passes(filter, world, one));
    let found = found.map(|one| (one.key(), one.account.clone()));
    let listing = format!("ListAccountsForProvisionedPermissionSet/{set}/{filter:?}");
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found)?;
    Ok(Accounts { account_ids: items, next_token: next })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSets {
    instance_arn: String,
    account_id: String,
    provisioning_status: Option<Latest>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sets {
    permission_sets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_permission_sets(
    context: &mut Context<'_>,
    request: ListSets,
) -> Result<Sets, ServiceError> {
    access::instance(context, &request.instance_arn)?;
    assignment::refuse_stranger(context, &request.account_id)?;
    let (world, filter) = (&*context.world, request.provisioning_status);
    let prefix = format!("{}/", request.account_id);
    let found = world.below::<Provision>(&prefix).filter(|one| passes(filter, world, one));
    let found = found.filter_map(|one| Some((one.key(), world.get::<PermissionSet>(&one.set)?.arn())));
    let listing = format!("ListPermissionSetsProvisionedToAccount/{prefix}{filter:?}");
    let asked = (request.next_token.as_deref(), request.max_results);
    let Page { items, next } = page(context, listing, asked, found)?;
    Ok(Sets { permission_sets: items, next_token: next })
}
