//! Requests that take their time: making and removing an assignment, provisioning a permission set.
//!
//! Each is done account by account, and an account takes one change of a role at a time: what is asked for it later
//! waits. A request fails when any of its accounts cannot be done; what was done stays done.
//!
//! Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>, throttle limits

use super::super::{Context, uuid};
use super::NAME;
use super::assignment::{Assignment, Principal, PrincipalType, pair};
use super::permission_set::PermissionSet;
use super::provision::{self, Provision};
use crate::world::{Due, Dumped, Entity, World};
use glidepath_model::Timestamp;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An account comes to its turn.
pub(super) const DUE: &str = "change role";
/// How long a change of a role in an account takes. AWS gives no figure.
const ROLE_SECONDS: i64 = 2;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Creation,
    Deletion,
    Provisioning,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Creation => "creation",
            Self::Deletion => "deletion",
            Self::Provisioning => "provisioning",
        }
    }
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Status {
    #[serde(rename = "IN_PROGRESS")]
    InProgress,
    #[serde(rename = "FAILED")]
    Failed,
    #[serde(rename = "SUCCEEDED")]
    Succeeded,
}

/// A request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    /// A UUID.
    pub(super) id: String,
    pub(super) kind: Kind,
    /// The id of the permission set.
    pub(super) set: String,
    /// The one account it is about; none for all that hold the set.
    pub(super) account: Option<String>,
    /// Of assignments.
    pub(super) principal: Option<Principal>,
    pub(super) status: Status,
    pub(super) reason: Option<String>,
    pub(super) created: Timestamp,
    /// Accounts that have not come to their turn.
    waiting: BTreeSet<String>,
}

impl Entity for Request {
    const TABLE: &'static str = "sso-admin.request";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        format!("{}/{}", self.kind.name(), self.id)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        if self.status != Status::InProgress {
            return Vec::new();
        }
        let mut index = vec![("open", self.kind.name().to_owned()), ("set", self.set.clone())];
        if let (Some(account), Some(principal)) = (&self.account, &self.principal) {
            index.push(("assignment", format!("{}/{}", pair(account, &self.set), principal.key())));
            index.push(("account", account.clone()));
        }
        index
    }
}

/// Until when an account is busy with changes of roles.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Lane {
    account: String,
    free: Timestamp,
}

impl Entity for Lane {
    const TABLE: &'static str = "sso-admin.lane";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.account.clone()
    }
}

/// The key of the row of a request.
pub(super) fn row(kind: Kind, id: &str) -> String {
    format!("{}/{id}", kind.name())
}

/// The requests of a kind.
pub(super) fn prefix(kind: Kind) -> String {
    format!("{}/", kind.name())
}

/// How many requests of a kind are in progress.
pub(super) fn open(world: &World, kind: Kind) -> usize {
    world.by::<Request>("open", kind.name()).count()
}

/// Whether any request about a permission set is in progress.
pub(super) fn is_open(world: &World, set: &str) -> bool {
    world.by::<Request>("set", set).next().is_some()
}

/// Whether a permission set is being provisioned.
pub(super) fn is_provisioning(world: &World, set: &str) -> bool {
    world.by::<Request>("set", set).any(|request| request.kind == Kind::Provisioning)
}

/// Whether an assignment is being made or removed.
pub(super) fn is_changing(world: &World, assignment: &str) -> bool {
    world.by::<Request>("assignment", assignment).next().is_some()
}

/// How many permission sets are on their way into an account that does not hold them.
pub(super) fn arriving(world: &World, account: &str) -> usize {
    let sets: BTreeSet<String> = world
        .by::<Request>("account", account)
        .filter(|request| request.kind == Kind::Creation)
        .map(|request| request.set.clone())
        .filter(|set| world.get::<Provision>(&pair(account, set)).is_none())
        .collect();
    sets.len()
}

/// How many groups are on their way to a permission set in an account that do not have it there.
pub(super) fn groups_arriving(world: &World, account: &str, set: &str) -> usize {
    let pair = pair(account, set);
    world
        .by::<Request>("account", account)
        .filter(|request| request.kind == Kind::Creation && request.set == set)
        .filter_map(|request| request.principal.clone())
        .filter(|principal| principal.principal_type == PrincipalType::Group)
        .filter(|principal| world.get::<Assignment>(&format!("{pair}/{}", principal.key())).is_none())
        .count()
}

/// Has an assignment made or removed.
pub(super) fn submit_assignment(
    context: &mut Context<'_>,
    kind: Kind,
    set: &PermissionSet,
    account: &str,
    principal: Principal,
) -> Request {
    let natural = format!("{}/{}", pair(account, &set.key()), principal.key());
    let id = uuid::mint(context.world, kind.name(), &natural);
    let request = Request {
        id,
        kind,
        set: set.key(),
        account: Some(account.to_owned()),
        principal: Some(principal),
        status: Status::InProgress,
        reason: None,
        created: context.now,
        waiting: BTreeSet::from([account.to_owned()]),
    };
    submit(context, request)
}

/// Has a permission set provisioned in these accounts.
pub(super) fn submit_provisioning(
    context: &mut Context<'_>,
    set: &PermissionSet,
    account: Option<String>,
    accounts: Vec<String>,
) -> Request {
    let natural = format!("{}/{}", set.key(), account.as_deref().unwrap_or("*"));
    let id = uuid::mint(context.world, Kind::Provisioning.name(), &natural);
    let request = Request {
        id,
        kind: Kind::Provisioning,
        set: set.key(),
        account,
        principal: None,
        status: Status::InProgress,
        reason: None,
        created: context.now,
        waiting: accounts.into_iter().collect(),
    };
    submit(context, request)
}

fn submit(context: &mut Context<'_>, request: Request) -> Request {
    let (world, now) = (&mut *context.world, context.now);
    for account in &request.waiting {
        let free = world.get::<Lane>(account).map_or(now, |lane| lane.free.max(now));
        let done = later(free);
        world.put(Lane { account: account.clone(), free: done });
        schedule(world, done, &request, account);
    }
    if request.waiting.is_empty() {
        schedule(world, later(now), &request, "");
    }
    world.put(request.clone());
    request
}

fn later(time: Timestamp) -> Timestamp {
    time.checked_add(SignedDuration::from_secs(ROLE_SECONDS)).unwrap_or(Timestamp::MAX)
}

fn schedule(world: &mut World, at: Timestamp, request: &Request, account: &str) {
    let key = format!("{}/{account}", request.key());
    world.schedule(Due { at, service: NAME.to_owned(), kind: DUE.to_owned(), key });
}

/// An account has come to its turn.
pub(super) fn settle(world: &mut World, due: &Due) {
    let Some((key, account)) = due.key.rsplit_once('/') else { return };
    let Some(request) = world.get::<Request>(key) else { return };
    let mut request = Request::clone(&request);
    if request.waiting.remove(account)
        && let Err(reason) = perform(world, &request, account)
    {
        request.reason.get_or_insert(reason);
    }
    if request.waiting.is_empty() {
        request.status = if request.reason.is_some() { Status::Failed } else { Status::Succeeded };
    }
    world.put(request);
}

fn perform(world: &mut World, request: &Request, account: &str) -> Result<(), String> {
    let set = world.get::<PermissionSet>(&request.set);
    let set = set.ok_or_else(|| "The permission set does not exist any more.".to_owned())?;
    let pair = pair(account, &request.set);
    match (request.kind, &request.principal) {
        (Kind::Creation, Some(principal)) => {
            // What the account holds already stays as it is until it is provisioned anew.
            if world.get::<Provision>(&pair).is_none() {
                provision::put(world, account, &set)?;
            }
            world.put(Assignment {
                account: account.to_owned(),
                set: request.set.clone(),
                principal: principal.clone(),
            });
        }
        (Kind::Deletion, Some(principal)) => {
            world.delete::<Assignment>(&format!("{pair}/{}", principal.key()));
            let prefix = format!("{pair}/");
            if world.below::<Assignment>(&prefix).next().is_none() {
                provision::remove(world, account, &request.set);
            }
        }
        (Kind::Provisioning, _) => {
            // It may have been taken out of the account meanwhile.
            if world.get::<Provision>(&pair).is_some() {
                provision::put(world, account, &set)?;
            }
        }
        (Kind::Creation | Kind::Deletion, None) => {}
    }
    Ok(())
}
