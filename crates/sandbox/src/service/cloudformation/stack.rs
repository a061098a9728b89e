//! A stack: what was asked for, what stands, and what it is doing.
//!
//! Its key is its id, an ARN, so that the stacks of one account and Region lie together. A deleted stack stays listed
//! with the status `DELETE_COMPLETE`, as AWS lists it for 90 days, and frees its name.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html>

use super::super::{Context, ServiceError};
use super::inputs::Inputs;
use super::refusal::no_stack;
use super::resource::{self, Resource};
use super::work::{Leftover, Work};
use crate::world::{Alphabet, Dumped, Entity, Word, World};
use glidepath_model::{Timestamp, regions};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a stack is doing or has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    ReviewInProgress,
    CreateInProgress,
    CreateFailed,
    CreateComplete,
    RollbackInProgress,
    RollbackFailed,
    RollbackComplete,
    DeleteInProgress,
    DeleteFailed,
    DeleteComplete,
    UpdateInProgress,
    UpdateCompleteCleanupInProgress,
    UpdateComplete,
    UpdateFailed,
    UpdateRollbackInProgress,
    UpdateRollbackFailed,
    UpdateRollbackCompleteCleanupInProgress,
    UpdateRollbackComplete,
}

impl Status {
    /// Its name in the API.
    pub(super) fn api_name(self) -> &'static str {
        match self {
            Self::ReviewInProgress => "REVIEW_IN_PROGRESS",
            Self::CreateInProgress => "CREATE_IN_PROGRESS",
            Self::CreateFailed => "CREATE_FAILED",
            Self::CreateComplete => "CREATE_COMPLETE",
            Self::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            Self::RollbackFailed => "ROLLBACK_FAILED",
            Self::RollbackComplete => "ROLLBACK_COMPLETE",
            Self::DeleteInProgress => "DELETE_IN_PROGRESS",
            Self::DeleteFailed => "DELETE_FAILED",
            Self::DeleteComplete => "DELETE_COMPLETE",
            Self::UpdateInProgress => "UPDATE_IN_PROGRESS",
            Self::UpdateCompleteCleanupInProgress => "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            Self::UpdateComplete => "UPDATE_COMPLETE",
            Self::UpdateFailed => "UPDATE_FAILED",
            Self::UpdateRollbackInProgress => "UPDATE_ROLLBACK_IN_PROGRESS",
            Self::UpdateRollbackFailed => "UPDATE_ROLLBACK_FAILED",
            Self::UpdateRollbackCompleteCleanupInProgress => "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            Self::UpdateRollbackComplete => "UPDATE_ROLLBACK_COMPLETE",
        }
    }

    /// Whether something is under way. A stack under review waits for a person and is not.
    pub(super) fn is_running(self) -> bool {
        match self {
            Self::CreateInProgress
            | Self::RollbackInProgress
            | Self::DeleteInProgress
            | Self::UpdateInProgress
            | Self::UpdateCompleteCleanupInProgress
            | Self::UpdateRollbackInProgress
            | Self::UpdateRollbackCompleteCleanupInProgress => true,
            Self::ReviewInProgress
            | Self::CreateFailed
            | Self::CreateComplete
            | Self::RollbackFailed
            | Self::RollbackComplete
            | Self::DeleteFailed
            | Self::DeleteComplete
            | Self::UpdateComplete
            | Self::UpdateFailed
            | Self::UpdateRollbackFailed
            | Self::UpdateRollbackComplete => false,
        }
    }

    /// Whether an update may begin.
    pub(super) fn is_updatable(self) -> bool {
        matches!(
            self,
            Self::CreateComplete | Self::UpdateComplete | Self::UpdateRollbackComplete | Self::UpdateFailed
        )
    }
}

/// What happens to a stack whose creation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum OnFailure {
    RollBack,
    Delete,
    DoNothing,
}

/// A resource as its stack sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) ty: Word,
    /// Absent while it was never made.
    pub(super) physical_id: Option<String>,
    /// A [`super::stack_event`] status.
    pub(super) status: Word,
    pub(super) reason: Option<String>,
    pub(super) changed: Timestamp,
    /// What the last drift detection found, and when.
    pub(super) drift: Option<(String, Timestamp)>,
    /// How often it was made: part of the ids that are made up for it.
    pub(super) generation: u32,
}

impl Member {
    /// Whether there is a resource behind it.
    pub(super) fn stands(&self) -> bool {
        self.physical_id.is_some() && !matches!(self.status.as_str(), "DELETE_COMPLETE" | "DELETE_SKIPPED")
    }
}

/// An output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) export: Option<String>,
    pub(super) description: Option<String>,
}

/// A stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stack {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) inputs: Inputs,
    pub(super) status: Status,
    pub(super) status_reason: Option<String>,
    /// Why the last operation failed, in the form stack sets tell it.
    pub(super) failure: Option<String>,
    pub(super) created: Timestamp,
    pub(super) updated: Option<Timestamp>,
    pub(super) deleted: Option<Timestamp>,
    pub(super) on_failure: OnFailure,
    pub(super) timeout_minutes: Option<u64>,
    pub(super) termination_protection: bool,
    /// The body of its stack policy.
    pub(super) policy: Option<String>,
    pub(super) description: Option<String>,
    pub(super) outputs: Vec<Output>,
    /// The names of the exports it imports.
    pub(super) imports: BTreeSet<String>,
    pub(super) members: BTreeMap<String, Member>,
    /// The stack set it is an instance of, by id.
    pub(super) stack_set: Option<String>,
    /// The change set that was executed last.
    pub(super) change_set: Option<String>,
    /// The request tokens it was given, with the operation each was for.
    pub(super) tokens: BTreeMap<String, String>,
    /// What the last drift detection found, and when.
    pub(super) drift: Option<(String, Timestamp)>,
    /// The request token of the operation it had last.
    pub(super) token: Option<String>,
    /// How often each resource that is gone was made.
    pub(super) generations: BTreeMap<String, u32>,
    /// What an update that did not end yet goes back to.
    pub(super) unfinished: Option<Box<Unfinished>>,
    /// What is under way.
    pub(super) pending: Option<Pending>,
    /// How many batches of events it has.
    pub(super) batches: u32,
}

/// Something under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) since: Timestamp,
    /// When it is carried out. A due of another time is of something that was given up.
    pub(super) until: Timestamp,
    pub(super) work: Work,
}

/// What an update that did not end yet goes back to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Unfinished {
    pub(super) inputs: Inputs,
    pub(super) members: BTreeMap<String, Member>,
    /// What was done to resources, in order.
    pub(super) done: Vec<Done>,
    /// What it has replaced already: removed once an update succeeds, or with the stack.
    pub(super) leftovers: Vec<Leftover>,
}

/// What an update did to a resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Done {
    /// It was as this says before.
    Modified(Box<Resource>),
    /// It was made; by its key.
    Made(String),
}

impl Entity for Stack {
    const TABLE: &'static str = "cloudformation.stack";
    const DUMPED: Dumped = Dumped::Without(&[
        "created",
        "updated",
        "deleted",
        "tokens",
        "drift",
        "change_set",
        "failure",
        "members",
        "token",
        "generations",
        "unfinished",
        "pending",
        "batches",
    ]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        if self.status == Status::DeleteComplete {
            return Vec::new();
        }
        let place = |name: &str| format!("{}/{}/{name}", self.account, self.region);
        let exports = self.outputs.iter().filter_map(|output| output.export.as_deref());
        let mut index: Vec<_> = exports.map(|name| ("export", place(name))).collect();
        index.extend(self.imports.iter().map(|name| ("import", place(name))));
        index.push(("name", place(&self.name)));
        index.push(("place", place("")));
        index.extend(self.tokens.keys().map(|token| ("token", place(token))));
        index
    }

    fn alias(&self) -> Option<(String, String)> {
        let unique = self.id.rsplit('/').next()?;
        let noun = if self.is_alive() { "stack" } else { "deleted stack" };
        Some((unique.to_owned(), format!("{noun}/{}/{}/{}", self.account, self.region, self.name)))
    }
}

impl Stack {
    /// Whether it is not deleted.
    pub(super) fn is_alive(&self) -> bool {
        self.status != Status::DeleteComplete
    }

    /// What the resources that stand were made from.
    pub(super) fn standing_inputs(&self) -> &Inputs {
        self.unfinished.as_ref().map_or(&self.inputs, |unfinished| &unfinished.inputs)
    }

    /// The key of a member's resource.
    pub(super) fn resource_key(&self, member: &Member) -> Option<String> {
        let physical_id = member.physical_id.as_deref()?;
        Some(resource::key(&self.account, &self.region, &member.ty, physical_id))
    }

    /// Notes a member as gone, so that no id of it is made up again.
    pub(super) fn forget_member(&mut self, logical_id: &str) {
        if let Some(member) = self.members.remove(logical_id) {
            self.generations.insert(logical_id.to_owned(), member.generation);
        }
    }
}

/// The start of the ids of every stack of an account and Region.
pub(super) fn prefix(account: &str, region: &str) -> String {
    format!("arn:{}:cloudformation:{region}:{account}:stack/", partition(region))
}

/// The partition of a Region; the commercial one where the Region is not known.
pub(super) fn partition(region: &str) -> &'static str {
    regions::region(region).map_or("aws", |region| region.partition.as_str())
}

/// Makes up the id of a new stack.
pub(super) fn new_id(world: &mut World, account: &str, region: &str, name: &str) -> String {
    let natural = format!("{account}/{region}/{name}");
    let unique = uuid(&world.mint("stack", &natural, Alphabet::LowerHexadecimal, 32));
    format!("{}{name}/{unique}", prefix(account, region))
}

/// Thirty-two characters in the form of a UUID.
pub(super) fn uuid(characters: &str) -> String {
    let mut text = String::with_capacity(36);
    for (at, character) in characters.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(character);
    }
    text
}

/// The stack of that name that is not deleted.
pub(super) fn alive(world: &World, account: &str, region: &str, name: &str) -> Option<Arc<Stack>> {
    world.by::<Stack>("name", &format!("{account}/{region}/{name}")).next()
}

/// The stack that a request names: by name if it is alive, by id even when it is deleted. An id of another account or
/// Region is as unknown as one that does not exist.
pub(super) fn find(context: &Context<'_>, named: &str) -> Option<Arc<Stack>> {
    let account = context.caller.account.as_str();
    if named.starts_with("arn:") {
        return context
            .world
            .get::<Stack>(named)
            .filter(|stack| stack.account == account && stack.region == context.region);
    }
    alive(context.world, account, context.region, named)
}

/// Like [`find`], and refuses where there is none.
pub(super) fn existing(context: &Context<'_>, named: &str) -> Result<Arc<Stack>, ServiceError> {
    find(context, named).ok_or_else(|| no_stack(named))
}

/// The stack that a request names and that is not deleted.
pub(super) fn existing_alive(context: &Context<'_>, named: &str) -> Result<Stack, ServiceError> {
    let stack = existing(context, named)?;
    if stack.is_alive() { Ok(Stack::clone(&stack)) } else { Err(no_stack(named)) }
}
