//! What a stack has under way, carried out when its time has come: one [`Due`] a stack and step, however many resources
//! it has. A step that fails has the next one go back.

use super::attempt::{Failure, Purpose, Verb, attempt, retains};
use super::change_set;
use super::resource::{self, Live, Resource};
use super::stack::{Done, Member, OnFailure, Pending, Stack, Status};
use super::stack_event::Journal;
use super::stack_policy::StackPolicy;
use super::template_text::{self, Parsed};
use crate::faults::ResourceAct;
use crate::world::{Due, Entity as _, Word, World};
use glidepath_model::Timestamp;
use glidepath_template::DeletionPolicy;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The due kind of a stack's next step.
pub(super) const DUE: &str = "stack";

/// Seconds that a step takes at least, for each resource it touches, and at most.
const STEP_SECONDS: (i64, i64, i64) = (5, 2, 300);

/// What a stack has under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Work {
    /// Make every resource.
    Create,
    /// Remove what a failed creation made.
    RollBackCreate,
    /// Become what the inputs say, under this stack policy.
    Update { policy: Option<String>, failing: Failing },
    /// Remove what an update left over.
    CleanUp(Vec<Leftover>),
    /// Become what it was, passing over these resources.
    RollBackUpdate { skip: BTreeSet<String> },
    /// Remove what an update made that was rolled back.
    CleanUpRollBack(Vec<Leftover>),
    /// Remove every resource but these.
    Delete { retain: BTreeSet<String>, forced: Forced },
}

/// What happens to an update that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Failing {
    RollsBack,
    Stays,
}

/// Whether a deletion passes over resources that cannot be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Forced {
    No,
    Yes,
}

/// A resource that its stack no longer needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Leftover {
    logical_id: String,
    key: String,
    fate: Fate,
}

/// What becomes of a leftover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Fate {
    Removed,
    Retained,
}

impl Fate {
    fn under(policy: DeletionPolicy) -> Self {
        if retains(policy) { Self::Retained } else { Self::Removed }
    }
}

/// Has a stack begin something that touches so many resources, and notes its new status.
pub(super) fn begin(world: &mut World, stack: &mut Stack, now: Timestamp, resources: usize, work: Work) {
    let mut journal = Journal::default();
    journal.stack(stack);
    journal.write(world, stack, (now, now));
    go_on(world, stack, now, resources, work);
}

/// Schedules a stack's next step.
fn go_on(world: &mut World, stack: &mut Stack, now: Timestamp, resources: usize, work: Work) {
    let (least, each, most) = STEP_SECONDS;
    let resources = i64::try_from(resources).unwrap_or(most);
    let seconds = (least + each.saturating_mul(resources)).min(most);
    let until = super::later(now, seconds);
    stack.pending = Some(Pending { since: now, until, work });
    super::schedule(world, until, DUE, &stack.id);
}

/// Takes a stack's next step.
pub(super) fn settle(world: &mut World, due: &Due) {
    let Some(stack) = world.get::<Stack>(&due.key) else { return };
    let mut stack = Stack::clone(&stack);
    let Some(pending) = stack.pending.take_if(|pending| pending.until == due.at) else { return };
    // A stack's template was read before it was kept; without it nothing could be done.
    let Ok(parsed) = template_text::load(world, &stack.inputs.template) else { return };
    let mut step = Step { world, stack, parsed, journal: Journal::default(), now: due.at };
    match pending.work {
        Work::Create => step.create(),
        Work::RollBackCreate => step.roll_back_create(),
        Work::Update { policy, failing } => step.update(policy.as_deref(), failing),
        Work::CleanUp(leftovers) => step.clean_up(&leftovers, Status::UpdateComplete),
        Work::RollBackUpdate { skip } => step.roll_back_update(&skip),
        Work::CleanUpRollBack(leftovers) => step.clean_up(&leftovers, Status::UpdateRollbackComplete),
        Work::Delete { retain, forced } => step.delete(&retain, forced),
    }
    let Step { mut stack, journal, .. } = step;
    journal.write(world, &mut stack, (pending.since, due.at));
    change_set::follow(world, &stack);
    world.put(stack);
}

struct Step<'w> {
    world: &'w mut World,
    stack: Stack,
    parsed: Arc<Parsed>,
    journal: Journal,
    now: Timestamp,
}

impl Step<'_> {
    fn become_status(&mut self, status: Status, reason: Option<String>) {
        self.stack.status = status;
        self.stack.status_reason = reason;
        self.journal.stack(&self.stack);
    }

    fn set_member(
        &mut self,
        logical_id: &str,
        ty: &str,
        physical_id: Option<String>,
        status: &str,
        reason: Option<String>,
        generation: u32,
    ) {
        let member = Member {
            ty: Word::of(ty),
            physical_id,
            status: Word::of(status),
            reason,
            changed: self.now,
            drift: None,
            generation,
        };
        self.stack.members.insert(logical_id.to_owned(), member);
    }

    fn create(&mut self) {
        let inputs = self.stack.inputs.clone();
        let attempt = attempt(self.world, &self.stack, &inputs, &self.parsed, Purpose::Deploy(None));
        for step in attempt.steps {
            let (id, ty) = (step.logical_id, step.resource.ty.clone());
            self.journal.passes((&id, &ty), Some(&step.resource.physical_id), "CREATE");
            self.set_member(
                &id,
                &ty,
                Some(step.resource.physical_id.clone()),
                "CREATE_COMPLETE",
                None,
                step.generation,
            );
            self.world.put(step.resource);
        }
        self.stack.imports = attempt.imports;
        let Some(failure) = attempt.failure else {
            self.stack.outputs = attempt.outputs;
            self.become_status(Status::CreateComplete, None);
            return;
        };
        let reason = self.note_failure(&failure);
        match self.stack.on_failure {
            OnFailure::DoNothing => self.become_status(Status::CreateFailed, Some(reason)),
            OnFailure::RollBack => {
                self.become_status(
                    Status::RollbackInProgress,
                    Some(format!("{reason} Rollback requested by user.")),
                );
                self.next(Work::RollBackCreate);
            }
            OnFailure::Delete => {
                self.become_status(
                    Status::DeleteInProgress,
                    Some(format!("{reason} Delete requested by user.")),
                );
                self.next(Work::Delete { retain: BTreeSet::new(), forced: Forced::No });
            }
        }
    }

    /// Notes what failed, on the resource and for whoever asks the stack why; tells it as the stack's reason.
    fn note_failure(&mut self, failure: &Failure) -> String {
        let Some(failed) = &failure.resource else {
            self.stack.failure = Some(failure.reason.clone());
            return failure.reason.clone();
        };
        let (id, ty) = (failed.logical_id.as_str(), failed.ty.as_str());
        self.stack.failure = Some(format!(
            "ResourceLogicalId:{id}, ResourceType:{ty}, ResourceStatusReason:{}.",
            failure.reason
        ));
        let verb = if failed.verb == Verb::Add { "CREATE" } else { "UPDATE" };
        let member = self.stack.members.get(id);
        let physical_id = member.and_then(|member| member.physical_id.clone());
        let generation = member.map_or(0, |member| member.generation);
        self.journal.resource((id, ty), physical_id.as_deref(), &format!("{verb}_IN_PROGRESS"), None);
        let status = format!("{verb}_FAILED");
        self.journal.resource((id, ty), physical_id.as_deref(), &status, Some(failure.reason.clone()));
        self.journal.with_properties(&failed.properties);
        self.set_member(id, ty, physical_id, &status, Some(failure.reason.clone()), generation);
        let verb = if failed.verb == Verb::Add { "create" } else { "update" };
        format!("The following resource(s) failed to {verb}: [{id}].")
    }

    fn next(&mut self, work: Work) {
        let resources = self.stack.members.len();
        go_on(self.world, &mut self.stack, self.now, resources, work);
    }

    /// The members that stand, the last made first.
    fn standing(&self) -> Vec<(String, Member)> {
        let place: BTreeMap<&String, usize> =
            self.parsed.order.iter().enumerate().map(|(at, logical_id)| (logical_id, at)).collect();
        let mut standing: Vec<_> = self
            .stack
            .members
            .iter()
            .filter(|(_, member)| member.stands())
            .map(|(logical_id, member)| (logical_id.clone(), member.clone()))
            .collect();
        standing.sort_by_key(|(logical_id, _)| std::cmp::Reverse(place.get(logical_id).copied()));
        standing
    }

    fn deletion_policy(&self, logical_id: &str) -> DeletionPolicy {
        let resource = self.parsed.template.resources().get(logical_id);
        resource.map_or(DeletionPolicy::Delete, |resource| resource.deletion_policy)
    }

    fn roll_back_create(&mut self) {
        let mut failed = Vec::new();
        for (logical_id, member) in self.standing() {
            let fate = match self.deletion_policy(&logical_id) {
                DeletionPolicy::Retain => Fate::Retained,
                DeletionPolicy::Delete | DeletionPolicy::Snapshot | DeletionPolicy::RetainExceptOnCreate => {
                    Fate::Removed
                }
            };
            if self.let_go(&logical_id, &member, fate).is_err() {
                failed.push(logical_id);
            }
        }
        self.stack.imports.clear();
        if failed.is_empty() {
            self.become_status(Status::RollbackComplete, None);
        } else {
            let reason = format!("The following resource(s) failed to delete: [{}].", failed.join(", "));
            self.become_status(Status::RollbackFailed, Some(reason));
        }
    }

    /// Removes a member's resource, or leaves it behind; an error is why it cannot be removed.
    fn let_go(&mut self, logical_id: &str, member: &Member, fate: Fate) -> Result<(), String> {
        let what = (logical_id, member.ty.as_str());
        let physical_id = member.physical_id.as_deref();
        let key = self.stack.resource_key(member).unwrap_or_default();
        let (status, reason) = match fate {
            Fate::Retained => {
                resource::orphan(self.world, &key);
                self.journal.resource(what, physical_id, "DELETE_SKIPPED", None);
                ("DELETE_SKIPPED", None)
            }
            Fate::Removed => {
                self.journal.resource(what, physical_id, "DELETE_IN_PROGRESS", None);
                match self.remove(&key, logical_id) {
                    Ok(()) => {
                        self.journal.resource(what, physical_id, "DELETE_COMPLETE", None);
                        ("DELETE_COMPLETE", None)
                    }
                    Err(reason) => {
                        self.journal.resource(what, physical_id, "DELETE_FAILED", Some(reason.clone()));
                        ("DELETE_FAILED", Some(reason))
                    }
                }
            }
        };
        self.set_member(
            logical_id,
            &member.ty,
            member.physical_id.clone(),
            status,
            reason.clone(),
            member.generation,
        );
        reason.map_or(Ok(()), Err)
    }

    /// Removes a resource. One that is gone already is removed.
    fn remove(&mut self, key: &str, logical_id: &str) -> Result<(), String> {
        let Some(resource) = self.world.get::<Resource>(key) else { return Ok(()) };
        let place = (resource.account.as_str(), resource.region.as_str());
        if self.world.fails(ResourceAct::Delete, place, [&resource.ty, logical_id]) {
            return Err(resource.bearer(self.world, &self.stack.name).told_to_fail());
        }
        self.world.delete::<Resource>(key);
        Ok(())
    }

    fn update(&mut self, policy: Option<&str>, failing: Failing) {
        let inputs = self.stack.inputs.clone();
        // The policy was read when it was given.
        let policy = policy.and_then(|text| StackPolicy::read(text).ok());
        let purpose = Purpose::Deploy(policy.as_ref());
        let attempt = attempt(self.world, &self.stack, &inputs, &self.parsed, purpose);
        let mut done = Vec::new();
        let mut leftovers = Vec::new();
        for step in attempt.steps {
            let (id, ty) = (step.logical_id.as_str(), step.resource.ty.as_str());
            let physical_id = step.resource.physical_id.clone();
            let status = match (step.verb, &step.before) {
                (Verb::Keep, _) => continue,
                (Verb::Add, _) => {
                    self.journal.passes((id, ty), Some(&physical_id), "CREATE");
                    done.push(Done::Made(step.resource.key()));
                    "CREATE_COMPLETE"
                }
                (Verb::Modify, before) => {
                    self.journal.passes((id, ty), Some(&physical_id), "UPDATE");
                    done.extend(
                        before.iter().map(|before| Done::Modified(Box::new(Resource::clone(before)))),
                    );
                    "UPDATE_COMPLETE"
                }
                (Verb::Replace, before) => {
                    let old = before.as_ref().map(|before| before.physical_id.clone());
                    let reason = "Requested update requires the creation of a new physical resource; hence creating one.";
                    self.journal.resource(
                        (id, ty),
                        old.as_deref(),
                        "UPDATE_IN_PROGRESS",
                        Some(reason.to_owned()),
                    );
                    self.journal.resource((id, ty), Some(&physical_id), "UPDATE_COMPLETE", None);
                    done.push(Done::Made(step.resource.key()));
                    let kept = self.parsed.template.resources().get(id);
                    let policy = kept.map_or(DeletionPolicy::Delete, |kept| kept.update_replace_policy);
                    leftovers.extend(before.iter().map(|before| Leftover {
                        logical_id: id.to_owned(),
                        key: before.key(),
                        fate: Fate::under(policy),
                    }));
                    "UPDATE_COMPLETE"
                }
            };
            self.set_member(id, ty, Some(physical_id), status, None, step.generation);
            self.world.put(step.resource);
        }
        if let Some(failure) = attempt.failure {
            self.fail_update(&failure, failing, done, leftovers);
            return;
        }
        for logical_id in attempt.removed {
            leftovers.extend(self.removed(&logical_id));
            self.stack.forget_member(&logical_id);
        }
        self.stack.outputs = attempt.outputs;
        self.stack.imports = attempt.imports;
        leftovers
            .extend(self.stack.unfinished.take().into_iter().flat_map(|unfinished| unfinished.leftovers));
        if leftovers.is_empty() {
            self.become_status(Status::UpdateComplete, None);
        } else {
            self.become_status(Status::UpdateCompleteCleanupInProgress, None);
            self.next(Work::CleanUp(leftovers));
        }
    }

    /// A member that the new template no longer wants, under the policy that the old one gave it.
    fn removed(&self, logical_id: &str) -> Option<Leftover> {
        let member = self.stack.members.get(logical_id)?;
        let old = template_text::load(self.world, &self.stack.standing_inputs().template).ok();
        let policy = old.and_then(|old| Some(old.template.resources().get(logical_id)?.deletion_policy));
        Some(Leftover {
            logical_id: logical_id.to_owned(),
            key: self.stack.resource_key(member)?,
            fate: Fate::under(policy.unwrap_or(DeletionPolicy::Delete)),
        })
    }

    fn fail_update(
        &mut self,
        failure: &Failure,
        failing: Failing,
        mut done: Vec<Done>,
        leftovers: Vec<Leftover>,
    ) {
        // The resource that failed half-way is brought back too.
        let half_way = failure.resource.as_ref().filter(|failed| failed.verb != Verb::Add);
        let half_way = half_way.and_then(|failed| {
            let member = self.stack.members.get(&failed.logical_id)?;
            self.world.get::<Resource>(&self.stack.resource_key(member)?)
        });
        done.extend(half_way.map(|resource| Done::Modified(Box::new(Resource::clone(&resource)))));
        let reason = self.note_failure(failure);
        if let Some(unfinished) = &mut self.stack.unfinished {
            unfinished.done.extend(done);
            unfinished.leftovers.extend(leftovers);
        }
        match failing {
            Failing::Stays => self.become_status(Status::UpdateFailed, Some(reason)),
            Failing::RollsBack => {
                self.become_status(Status::UpdateRollbackInProgress, Some(reason));
                self.next(Work::RollBackUpdate { skip: BTreeSet::new() });
            }
        }
    }

    fn clean_up(&mut self, leftovers: &[Leftover], end: Status) {
        self.remove_leftovers(leftovers);
        let reason = self.stack.status_reason.clone().filter(|_| end == Status::UpdateRollbackComplete);
        self.become_status(end, reason);
    }

    fn remove_leftovers(&mut self, leftovers: &[Leftover]) {
        for leftover in leftovers {
            let Some(resource) = self.world.get::<Resource>(&leftover.key) else { continue };
            let what = (leftover.logical_id.as_str(), resource.ty.as_str());
            let physical_id = Some(resource.physical_id.as_str());
            match leftover.fate {
                Fate::Retained => {
                    resource::orphan(self.world, &leftover.key);
                    self.journal.resource(what, physical_id, "DELETE_SKIPPED", None);
                }
                // What cannot be removed stays behind: the stack has no further use for it.
                Fate::Removed => match self.remove(&leftover.key, &leftover.logical_id) {
                    Ok(()) => self.journal.passes(what, physical_id, "DELETE"),
                    Err(reason) => {
                        resource::orphan(self.world, &leftover.key);
                        self.journal.resource(what, physical_id, "DELETE_FAILED", Some(reason));
                    }
                },
            }
        }
    }

    fn roll_back_update(&mut self, skip: &BTreeSet<String>) {
        let Some(unfinished) = self.stack.unfinished.take() else {
            self.become_status(Status::UpdateRollbackComplete, None);
            return;
        };
        let mut failed = BTreeMap::new();
        let mut leftovers = Vec::new();
        for done in unfinished.done.iter().rev() {
            match done {
                Done::Made(key) => {
                    leftovers.extend(self.world.get::<Resource>(key).map(|resource| Leftover {
                        logical_id: resource.logical_id.to_string(),
                        key: key.clone(),
                        fate: match self.deletion_policy(&resource.logical_id) {
                            DeletionPolicy::Retain => Fate::Retained,
                            DeletionPolicy::Delete
                            | DeletionPolicy::Snapshot
                            | DeletionPolicy::RetainExceptOnCreate => Fate::Removed,
                        },
                    }))
                }
                Done::Modified(before) if skip.contains(before.logical_id.as_str()) => {}
                Done::Modified(before) => {
                    let gone = |resource: Arc<Resource>| resource.live == Live::Gone;
                    let what = (before.logical_id.as_str(), before.ty.as_str());
                    let physical_id = Some(before.physical_id.as_str());
                    self.journal.resource(what, physical_id, "UPDATE_IN_PROGRESS", None);
                    if self.world.get::<Resource>(&before.key()).is_none_or(gone) {
                        let bearer = before.bearer(self.world, &self.stack.name);
                        let reason = bearer.handler_message(&before.physical_id, "was not found", "NotFound");
                        self.journal.resource(what, physical_id, "UPDATE_FAILED", Some(reason.clone()));
                        failed.insert(before.logical_id.to_string(), reason);
                    } else {
                        self.journal.resource(what, physical_id, "UPDATE_COMPLETE", None);
                        self.world.put(Resource::clone(before));
                    }
                }
            }
        }
        if !failed.is_empty() {
            let names: Vec<&str> = failed.keys().map(String::as_str).collect();
            let reason = format!("The following resource(s) failed to update: [{}].", names.join(", "));
            for (logical_id, reason) in &failed {
                if let Some(member) = self.stack.members.get_mut(logical_id) {
                    member.status = Word::of("UPDATE_FAILED");
                    member.reason = Some(reason.clone());
                }
            }
            self.stack.unfinished = Some(unfinished);
            self.become_status(Status::UpdateRollbackFailed, Some(reason));
            return;
        }
        let new: Vec<String> =
            self.stack.members.keys().filter(|id| !unfinished.members.contains_key(*id)).cloned().collect();
        for logical_id in new {
            self.stack.forget_member(&logical_id);
        }
        self.stack.members = unfinished.members;
        self.stack.inputs = unfinished.inputs;
        if let Ok(old) = template_text::load(self.world, &self.stack.inputs.template) {
            self.stack.description = old.template.description().map(str::to_owned);
        }
        let reason = self.stack.status_reason.clone();
        if leftovers.is_empty() {
            self.become_status(Status::UpdateRollbackComplete, reason);
        } else {
            self.become_status(Status::UpdateRollbackCompleteCleanupInProgress, reason);
            self.next(Work::CleanUpRollBack(leftovers));
        }
    }

    fn delete(&mut self, retain: &BTreeSet<String>, forced: Forced) {
        let mut failed = Vec::new();
        for (logical_id, member) in self.standing() {
            let fate = if retain.contains(&logical_id) {
                Fate::Retained
            } else {
                Fate::under(self.deletion_policy(&logical_id))
            };
            match (self.let_go(&logical_id, &member, fate), forced) {
                (Ok(()), _) => {}
                (Err(_), Forced::Yes) => {
                    // The stack goes; what it could not remove stays behind.
                    let _ = self.let_go(&logical_id, &member, Fate::Retained);
                }
                (Err(reason), Forced::No) => {
                    self.stack.failure = Some(format!(
                        "ResourceLogicalId:{logical_id}, ResourceType:{}, ResourceStatusReason:{reason}.",
                        member.ty
                    ));
                    failed.push(logical_id);
                }
            }
        }
        if failed.is_empty() {
            let unfinished = self.stack.unfinished.take();
            self.remove_leftovers(&unfinished.map(|unfinished| unfinished.leftovers).unwrap_or_default());
            self.stack.deleted = Some(self.now);
            self.stack.failure = None;
            self.stack.outputs.clear();
            self.stack.imports.clear();
            self.become_status(Status::DeleteComplete, None);
        } else {
            let reason = format!("The following resource(s) failed to delete: [{}].", failed.join(", "));
            self.become_status(Status::DeleteFailed, Some(reason));
        }
    }
}
