//! Creating an account: a request that is decided some seconds later.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>

use super::super::{Context, EpochSeconds, ServiceError, sts, tagging};
use super::account::{Account, Joined, State};
use super::organization::Organization;
use super::page::{LOOK_AHEAD, Wanted, page};
use super::placement::{Placement, placed};
use super::refusal::{broken, constraint, invalid};
use super::tag::{self, Tag};
use super::{access, attachment, root, schedule, tally, tree};
use crate::world::{Alphabet, Due, Dumped, Entity, World, fraction};
use glidepath_model::limits::Limits;
use glidepath_model::{AccountId, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The due kind of a creation's decision.
pub(super) const DUE: &str = "create account";

/// The role that AWS makes in a created account unless another name is asked for.
const ACCESS_ROLE: &str = "OrganizationAccountAccessRole";

/// A request to create an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AccountCreation {
    id: String,
    account_name: String,
    email: String,
    role_name: String,
    tags: Tags,
    requested: Timestamp,
    completed: Option<Timestamp>,
    outcome: Outcome,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Outcome {
    InProgress,
    Succeeded(AccountId),
    Failed(String),
}

impl Outcome {
    fn api_name(&self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Succeeded(_) => "SUCCEEDED",
            Self::Failed(_) => "FAILED",
        }
    }
}

impl Entity for AccountCreation {
    const TABLE: &'static str = "organizations.account_creation";
    const DUMPED: Dumped = Dumped::Without(&["requested", "completed"]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("state", self.outcome.api_name().to_owned())]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), format!("account creation/{}", self.email.to_lowercase())))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateAccount {
    email: String,
    account_name: String,
    role_name: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shape {
    id: String,
    account_name: String,
    state: &'static str,
    requested_timestamp: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_timestamp: Option<EpochSeconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<String>,
}

impl Shape {
    fn of(creation: &AccountCreation) -> Self {
        let (account_id, failure_reason) = match &creation.outcome {
            Outcome::InProgress => (None, None),
            Outcome::Succeeded(id) => (Some(id.to_string()), None),
            Outcome::Failed(reason) => (None, Some(reason.clone())),
        };
        Self {
            id: creation.id.clone(),
            account_name: creation.account_name.clone(),
            state: creation.outcome.api_name(),
            requested_timestamp: EpochSeconds(creation.requested),
            completed_timestamp: creation.completed.map(EpochSeconds),
            account_id,
            failure_reason,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StatusAnswer {
    create_account_status: Shape,
}

pub(super) fn create_account(
    context: &mut Context<'_>,
    request: CreateAccount,
) -> Result<StatusAnswer, ServiceError> {
    let organization = access::management(context)?;
    let tags = check(context, &organization, &request)?;
    let id = context.world.mint(
        "account creation",
        &request.email.to_lowercase(),
        Alphabet::LowerAlphanumeric,
        32,
    );
    let creation = AccountCreation {
        id: format!("car-{id}"),
        account_name: request.account_name,
        email: request.email,
        role_name: request.role_name.unwrap_or_else(|| ACCESS_ROLE.to_owned()),
        tags,
        requested: context.now,
        completed: None,
        outcome: Outcome::InProgress,
    };
    let answer = StatusAnswer { create_account_status: Shape::of(&creation) };
    let seconds = if fraction(context.world.seed().seed, &creation.id) < 0.5 { 6 } else { 14 };
    schedule(context.world, context.now, seconds, DUE, &creation.id);
    context.world.put(creation);
    Ok(answer)
}

/// AWS makes the GovCloud account through the management account's own one, which the sandbox has not.
pub(super) fn create_gov_cloud_account(
    context: &mut Context<'_>,
    request: CreateAccount,
) -> Result<StatusAnswer, ServiceError> {
    let organization = access::management(context)?;
    check(context, &organization, &request)?;
    Err(constraint(
        "MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED",
        "The management account has no associated account in AWS GovCloud (US).",
    ))
}

fn check(
    context: &Context<'_>,
    organization: &Organization,
    request: &CreateAccount,
) -> Result<Tags, ServiceError> {
    if request.role_name.as_deref().is_some_and(|name| name.starts_with("AWSServiceRoleFor")) {
        return Err(invalid("INVALID_ROLE_NAME", "The role name can't begin with AWSServiceRoleFor."));
    }
    let tags = tag::checked(&request.tags, Tags::new())?;
    if context.now < organization.finalizing_until {
        return Err(ServiceError::new(
            "FinalizingOrganizationException",
            "Your organization is still initializing. Try again later; this can take up to an hour.",
        ));
    }
    let limits = &Limits::published().map_err(broken)?.limits;
    let creating = context.world.by::<AccountCreation>("state", "IN_PROGRESS").count() as u64;
    if creating >= limits.account_creations_in_progress.value {
        return Err(constraint(
            "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
            "You have too many account creations in progress.",
        ));
    }
    if tally::count(context.world, tally::MEMBERS) + creating >= organization.account_quota {
        return Err(constraint(
            "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
            "You have exceeded the allowed number of AWS accounts.",
        ));
    }
    Ok(tags)
}

/// Decides a request: the account is made under the root unless its e-mail address is taken.
pub(super) fn settle(world: &mut World, due: &Due) {
    let Some(creation) = world.get::<AccountCreation>(&due.key) else { return };
    let Some(organization) = world.all::<Organization>().next() else { return };
    let Some(root) = root::root(world) else { return };
    let mut creation = AccountCreation::clone(&creation);
    let email = creation.email.to_lowercase();
    creation.completed = Some(due.at);
    creation.outcome = if world.by::<Account>("email", &email).next().is_some() {
        Outcome::Failed("EMAIL_ALREADY_EXISTS".to_owned())
    } else {
        match new_id(world, &email) {
            Some(id) => Outcome::Succeeded(id),
            None => Outcome::Failed("INTERNAL_FAILURE".to_owned()),
        }
    };
    if let Outcome::Succeeded(id) = &creation.outcome {
        world.put(Account {
            id: id.clone(),
            name: creation.account_name.clone(),
            email: creation.email.clone(),
            state: State::Active,
            parent: Some(root.id.clone()),
            joined: due.at,
            joined_method: Joined::Created,
            closed: None,
        });
        tally::add(world, tally::MEMBERS);
        attachment::welcome(world, id.as_str(), due.at);
        tagging::put_tags(world, &tree::account_arn(&organization, id.as_str()), creation.tags.clone());
        let trusts = BTreeSet::from([organization.management_id.clone()]);
        sts::add_role(world, sts::Role::new(id.clone(), "/", &creation.role_name, trusts));
        placed(world, due.at, &Placement { account: id.as_str(), from: None, to: Some(&root.id) });
    }
    world.put(creation);
}

/// An account id nobody has; each try makes another one.
fn new_id(world: &mut World, email: &str) -> Option<AccountId> {
    for _ in 0..8 {
        let digits = world.mint("account", email, Alphabet::Digits, 12);
        if world.get::<Account>(&digits).is_none() {
            return AccountId::parse(&digits).ok();
        }
    }
    None
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeStatus {
    create_account_request_id: String,
}

pub(super) fn describe_create_account_status(
    context: &mut Context<'_>,
    request: DescribeStatus,
) -> Result<StatusAnswer, ServiceError> {
    access::reader(context, "DescribeCreateAccountStatus")?;
    let creation = context.world.get::<AccountCreation>(&request.create_account_request_id);
    let creation = creation.ok_or_else(|| {
        ServiceError::new(
            "CreateAccountStatusNotFoundException",
            "You specified an account creation request that doesn't exist.",
        )
    })?;
    Ok(StatusAnswer { create_account_status: Shape::of(&creation) })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListStatus {
    states: Option<Vec<String>>,
    next_token: Option<String>,
    max_results: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statuses {
    create_account_statuses: Vec<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_create_account_status(
    context: &mut Context<'_>,
    request: ListStatus,
) -> Result<Statuses, ServiceError> {
    access::reader(context, "ListCreateAccountStatus")?;
    let states: BTreeSet<String> = request.states.unwrap_or_default().into_iter().collect();
    let names: Vec<&str> = states.iter().map(String::as_str).collect();
    let wanted = Wanted {
        listing: format!("ListCreateAccountStatus/{}", names.join(",")),
        token: request.next_token.as_deref(),
        size: request.max_results,
    };
    let page = page(context.world, &wanted, |world, after| {
        let found: Vec<_> = world
            .after::<AccountCreation>(after.as_deref())
            .filter(|creation| states.is_empty() || states.contains(creation.outcome.api_name()))
            .take(LOOK_AHEAD)
            .map(|creation| (creation.key(), creation))
            .collect();
        Box::new(found.into_iter())
    })?;
    let page = page.map(|creation| Shape::of(&creation));
    Ok(Statuses { create_account_statuses: page.items, next_token: page.next })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{MANAGEMENT, sandbox};
    use serde_json::json;

    #[test]
    fn accounts_and_running_creations_together_stay_within_the_quota() {
        let sandbox = sandbox();
        sandbox.change(|world| {
            let mut organization = Organization::clone(&world.all::<Organization>().next().unwrap());
            organization.account_quota = 2;
            world.put(organization);
        });
        let create = |name: &str| {
            let request = json!({"AccountName": name, "Email": format!("{name}@example.com")});
            sandbox.call_json(MANAGEMENT, "organizations", "CreateAccount", request)
        };
        create("first").unwrap();
        let refusal = create("second").unwrap_err().to_string();
        assert!(refusal.contains("exceeded the allowed number of AWS accounts"), "{refusal}");
    }
}
