//! The organization itself: its founding, features and end.

use super::super::{Context, ServiceError, sso_admin, sts, tagging};
use super::account::{Account, Joined, State};
use super::account_creation::AccountCreation;
use super::attachment::Attachment;
use super::delegated_administrator::Delegation;
use super::policy::{self, Policy};
use super::refusal::{access_denied, broken};
use super::resource_policy::ResourcePolicy;
use super::root::Root;
use super::trusted_access::TrustedAccess;
use super::unit::Unit;
use super::{access, later, tally, tree};
use crate::world::{Alphabet, Dumped, Entity, Founding, IdentityCenter, World};
use glidepath_model::limits::Limits;
use glidepath_model::organization::FeatureSet;
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Organization {
    pub(super) id: String,
    pub(super) management_id: AccountId,
    pub(super) management_email: String,
    pub(super) features: FeatureSet,
    /// Until when accounts cannot be created.
    pub(super) finalizing_until: Timestamp,
    /// How many accounts it may have: as much as AWS raises the quota to, so that large trees can be tried.
    pub(super) account_quota: u64,
}

impl Entity for Organization {
    const TABLE: &'static str = "organizations.organization";
    const DUMPED: Dumped = Dumped::Without(&["finalizing_until"]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), "organization".to_owned()))
    }
}

impl Organization {
    pub(super) fn has_all_features(&self) -> bool {
        self.features == FeatureSet::All
    }
}

/// Makes what exists from the start: the management account, and the organization where one is wanted.
pub(super) fn found(world: &mut World) {
    let management = world.seed().management.clone();
    let start = world.seed().start;
    world.put(Account {
        id: management.id.clone(),
        name: management.name.clone(),
        email: management.email.clone(),
        state: State::Active,
        parent: None,
        joined: start,
        joined_method: Joined::Invited,
        closed: None,
    });
    if world.seed().founding == Founding::Organization {
        establish(world, FeatureSet::All, start);
    }
}

/// Makes the organization around the management account; no policy type is enabled, as in one made by API.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_default_controls.html>
fn establish(world: &mut World, features: FeatureSet, finalizing_until: Timestamp) {
    let management = world.seed().management.clone();
    let id = match &world.seed().organization_id {
        Some(given) => given.to_string(),
        None => format!(
            "o-{}",
            world.mint("organization", management.id.as_str(), Alphabet::LowerAlphanumeric, 10)
        ),
    };
    let root = format!("r-{}", world.mint("root", &id, Alphabet::LowerAlphanumeric, 4));
    let account_quota = Limits::published().map_or(0, |limits| limits.limits.accounts_at_most.value);
    world.put(Organization {
        id,
        management_id: management.id.clone(),
        management_email: management.email,
        features,
        finalizing_until,
        account_quota,
    });
    world.put(Root { id: root.clone(), name: "Root".to_owned(), policy_types: BTreeMap::new() });
    policy::found(world);
    if let Some(account) = world.get::<Account>(management.id.as_str()) {
        let mut account = Account::clone(&account);
        account.parent = Some(root);
        world.put(account);
        tally::add(world, tally::MEMBERS);
    }
    if let IdentityCenter::In(region) = world.seed().identity_center.clone() {
        sso_admin::establish(world, &region);
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OrganizationAnswer {
    organization: Shape,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    id: String,
    arn: String,
    feature_set: &'static str,
    master_account_arn: String,
    master_account_id: String,
    master_account_email: String,
    available_policy_types: Vec<BTreeMap<&'static str, &'static str>>,
}

impl Shape {
    fn of(organization: &Organization) -> Self {
        // AWS calls this member outdated; it names service control policies whatever the root has enabled.
        let scp = BTreeMap::from([("Type", "SERVICE_CONTROL_POLICY"), ("Status", "ENABLED")]);
        Self {
            id: organization.id.clone(),
            arn: tree::arn(organization, "organization", &organization.id),
            feature_set: match organization.features {
                FeatureSet::All => "ALL",
                FeatureSet::ConsolidatedBilling => "CONSOLIDATED_BILLING",
            },
            master_account_arn: tree::account_arn(organization, organization.management_id.as_str()),
            master_account_id: organization.management_id.to_string(),
            master_account_email: organization.management_email.clone(),
            available_policy_types: if organization.has_all_features() { vec![scp] } else { Vec::new() },
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

#[derive(Debug, Serialize)]
pub(super) struct Done {}

pub(super) fn describe_organization(
    context: &mut Context<'_>,
    _: Nothing,
) -> Result<OrganizationAnswer, ServiceError> {
    Ok(OrganizationAnswer { organization: Shape::of(&*access::member(context)?) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateOrganization {
    feature_set: Option<String>,
}

pub(super) fn create_organization(
    context: &mut Context<'_>,
    request: CreateOrganization,
) -> Result<OrganizationAnswer, ServiceError> {
    if access::member(context).is_ok() {
        let message = "The AWS account is already a member of an organization.";
        return Err(ServiceError::new("AlreadyInOrganizationException", message));
    }
    // The sandbox holds one organization, and only the world's management account can make it.
    if context.caller.account != context.world.seed().management.id {
        return Err(access_denied());
    }
    let features = match request.feature_set.as_deref() {
        Some("CONSOLIDATED_BILLING") => FeatureSet::ConsolidatedBilling,
        _ => FeatureSet::All,
    };
    let minutes = Limits::published().map_err(broken)?.limits.organization_finalizing_minutes.value;
    let finalizing_until = later(context.now, i64::try_from(minutes).unwrap_or(60) * 60);
    establish(context.world, features, finalizing_until);
    describe_organization(context, Nothing {})
}

pub(super) fn delete_organization(context: &mut Context<'_>, _: Nothing) -> Result<Done, ServiceError> {
    let organization = access::management(context)?;
    let world = &mut *context.world;
    let creating = world.by::<AccountCreation>("state", "IN_PROGRESS").next().is_some();
    if tally::count(world, tally::MEMBERS) > 1 || creating {
        let message =
            "The organization isn't empty. First remove all accounts except the management account.";
        return Err(ServiceError::new("OrganizationNotEmptyException", message));
    }
    let units: Vec<String> =
        world.all::<Unit>().map(|unit| tree::unit_arn(&organization, &unit.id)).collect();
    let policies: Vec<String> = world.all::<Policy>().map(|policy| policy.arn(&organization)).collect();
    let roots: Vec<String> =
        world.all::<Root>().map(|root| tree::root_arn(&organization, &root.id)).collect();
    let management = tree::account_arn(&organization, organization.management_id.as_str());
    for arn in units.into_iter().chain(policies).chain(roots).chain([management]) {
        tagging::forget(world, &arn);
    }
    sso_admin::abolish(world);
    clear::<Attachment>(world);
    clear::<Policy>(world);
    clear::<Unit>(world);
    clear::<Root>(world);
    clear::<TrustedAccess>(world);
    clear::<Delegation>(world);
    clear::<ResourcePolicy>(world);
    clear::<AccountCreation>(world);
    clear::<Organization>(world);
    clear::<tally::Tally>(world);
    if let Some(account) = world.get::<Account>(organization.management_id.as_str()) {
        let mut account = Account::clone(&account);
        account.parent = None;
        world.put(account);
    }
    Ok(Done {})
}

fn clear<E: Entity>(world: &mut World) {
    let keys: Vec<String> = world.all::<E>().map(|entity| entity.key()).collect();
    for key in keys {
        world.delete::<E>(&key);
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HandshakeAnswer {
    handshake: BTreeMap<&'static str, String>,
}

/// Turns on all features. AWS asks every *invited* account first; the sandbox has none, so that the answer's handshake
/// is accepted at once.
pub(super) fn enable_all_features(
    context: &mut Context<'_>,
    _: Nothing,
) -> Result<HandshakeAnswer, ServiceError> {
    let organization = access::management(context)?;
    if organization.has_all_features() {
        let message = "The organization already has all features enabled.";
        return Err(ServiceError::new("HandshakeConstraintViolationException", message)
            .reason("ORGANIZATION_ALREADY_HAS_ALL_FEATURES"));
    }
    let handshake =
        format!("h-{}", context.world.mint("handshake", &organization.id, Alphabet::LowerAlphanumeric, 10));
    let arn = tree::arn(
        &organization,
        "handshake",
        &format!("{}/enable_all_features/{handshake}", organization.id),
    );
    let mut changed = Organization::clone(&organization);
    changed.features = FeatureSet::All;
    context.world.put(changed);
    Ok(HandshakeAnswer {
        handshake: BTreeMap::from([
            ("Id", handshake),
            ("Arn", arn),
            ("State", "ACCEPTED".to_owned()),
            ("Action", "ENABLE_ALL_FEATURES".to_owned()),
        ]),
    })
}

/// Takes an account out of the organization's books: attachments, tags, delegations, roles that trust management.
pub(super) fn release(world: &mut World, organization: &Organization, account: &AccountId) {
    super::attachment::forget_target(world, account.as_str());
    super::delegated_administrator::forget(world, account.as_str());
    tagging::forget(world, &tree::account_arn(organization, account.as_str()));
    sts::remove_roles(world, account);
    tally::take(world, tally::MEMBERS);
}
