//! Assignments: read by principal, and by account where a permission set has come unpromised; made and taken away one
//! request an account, each polled to its end, fifteen under way at a time and one in each account.

use super::identity_center::{CONFLICT, Center, CenterLook, settled};
use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Event;
use crate::gap::Unknown;
use crate::journal::Entry;
use crate::operation;
use crate::work::{LAG, Outcome, Problem, Work};
use futures::stream::{self, StreamExt as _};
use glidepath_model::identity_center::{Assignment, IdentityCenter, PrincipalId};
use glidepath_model::{AccountId, Address, Principal};
use glidepath_plan::kind::assignments::AssignmentsSpec;
use glidepath_plan::{Desired, Spec, Verb};
use std::collections::{BTreeMap, BTreeSet};

/// How many requests of one change are under way at a time; the lane bounds those of all changes.
const WIDTH: usize = 15;

/// Reads who has which of our permission sets where.
pub(super) async fn read(center: &CenterLook<'_, '_>, found: &mut IdentityCenter) -> Result<(), EngineError> {
    let (look, instance) = (center.look, center.instance.arn.as_str());
    if found.permission_sets.is_empty() {
        return Ok(());
    }
    let asked = center.asked_principals();
    let who: Vec<(Principal, PrincipalId)> = found
        .principals
        .iter()
        .filter(|(principal, _)| asked.contains(*principal))
        .map(|(principal, id)| (principal.clone(), id.clone()))
        .collect();
    let of_principals = look.each(who, |(principal, id)| async move {
        let listed = center.reader.list_assignments_of(instance, &id).await;
        look.read(Unknown::AssignmentsOf(principal), listed)
    });
    let listed: Vec<Assignment> = of_principals.await?.into_iter().flatten().collect();
    let ours = |assignment: &Assignment| found.permission_sets.contains_key(&assignment.permission_set);
    found.assignments = listed.into_iter().filter(ours).collect();
    let pairs = pairs(center, found);
    if look.scope.is_deep() {
        let known =
            pairs.iter().filter(|(set, _, account)| look.recall.answer(set, account).is_some()).count();
        look.send(Event::DeepReadStarted { calls: pairs.len() - known, known });
    }
    let in_accounts = look.each(pairs, |(set, name, account)| async move {
        if let Some(who) = look.recall.answer(&set, &account) {
            return Ok(Some((set, account, who)));
        }
        let listed = center.reader.list_assignments_in(instance, &set, &account).await;
        let listed = look.read(Unknown::AssignmentsIn { permission_set: name }, listed)?;
        if let Some(who) = &listed {
            look.recall.keep(look.aws.clock().now(), &set, &account, who);
        }
        Ok(listed.map(|who| (set, account, who)))
    });
    for (set, account, who) in in_accounts.await? {
        found.assignments.extend(who.into_iter().map(|principal| Assignment {
            permission_set: set.clone(),
            principal,
            account: account.clone(),
        }));
        found.whole.insert((set, account));
    }
    names(center, found).await
}

/// The pairs of permission set and account that are asked for everybody: where the set has come and nobody was promised
/// it, or, by a deep look, wherever it has come.
fn pairs(center: &CenterLook<'_, '_>, found: &IdentityCenter) -> Vec<(String, String, AccountId)> {
    let promised = promised(center);
    let mut all = Vec::new();
    for set in found.permission_sets.values() {
        let names = promised.get(set.name.as_str());
        for account in &set.accounts {
            let expected = center
                .names
                .account_name(account)
                .is_some_and(|name| names.is_some_and(|names| names.contains(name)));
            if !expected || center.look.scope.is_deep() {
                all.push((set.arn.clone(), set.name.clone(), account.clone()));
            }
        }
    }
    all
}

/// The accounts in which somebody shall have each permission set.
fn promised<'a>(center: &CenterLook<'_, 'a>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (address, desired) in &center.look.zone.desired {
        if let (Address::Assignments { permission_set, .. }, Desired::Present(Spec::Assignments(spec))) =
            (address, desired)
        {
            all.entry(permission_set).or_default().extend(spec.members.iter().map(String::as_str));
        }
    }
    all
}

/// The names of those whom the manifest does not name.
async fn names(center: &CenterLook<'_, '_>, found: &mut IdentityCenter) -> Result<(), EngineError> {
    let known: BTreeSet<&PrincipalId> = found.principals.values().collect();
    let strangers: BTreeSet<PrincipalId> = found
        .assignments
        .iter()
        .map(|assignment| &assignment.principal)
        .filter(|principal| !known.contains(principal))
        .cloned()
        .collect();
    let named = center.look.each(strangers, |id| async move {
        // Whoever has no name any more is called by the id.
        let name = match &id {
            PrincipalId::Group(group) => center.store.group_name(group).await,
            PrincipalId::User(user) => center.store.user_name(user).await,
        };
        Ok(name.ok().flatten().map(|name| (id, name)))
    });
    found.names = named.await?.into_iter().collect();
    Ok(())
}

pub(crate) async fn perform(task: Task<'_, AssignmentsSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::Assignments { permission_set, principal } = address else {
        return Err(Problem::NoId(address.clone()));
    };
    let nobody = BTreeSet::new();
    let (before, after) = match &step {
        Step::Create { after } => (&nobody, &after.members),
        Step::Update { before, after, .. } | Step::Adopt { before, after, .. } => {
            (&before.members, &after.members)
        }
        Step::Delete { before, .. } => (&before.members, &nobody),
        Step::Forget { physical } => return Ok(Outcome::of(*physical)),
    };
    if let Step::Create { after } | Step::Update { after, .. } | Step::Adopt { after, .. } = &step
        && !after.members.is_subset(before)
    {
        operation::first(work, address, &after.after).await?;
    }
    let center = work.center().await?;
    let set = Address::PermissionSet(permission_set.clone());
    let set = work.id(&set).ok_or(Problem::NoId(set))?;
    let who = principal_id(work, &center, principal).await?;
    let pair = Pair { work, center: &center, address, set: &set, who: &who };
    let there: BTreeSet<AccountId> = center
        .reader
        .list_assignments_of(center.arn(), &who)
        .await?
        .into_iter()
        .filter(|assignment| assignment.permission_set == set)
        .map(|assignment| assignment.account)
        .collect();
    let mut failures: BTreeMap<String, String> = BTreeMap::new();
    let mut requests = Vec::new();
    for (name, turn) in after
        .difference(before)
        .map(|name| (name, Turn::Give))
        .chain(before.difference(after).map(|name| (name, Turn::Take)))
    {
        match work.account(name) {
            Ok(id) if there.contains(&id) == (turn == Turn::Take) => requests.push((name, id, turn)),
            Ok(_) => {}
            Err(problem) => {
                failures.insert(name.clone(), problem.to_string());
            }
        }
    }
    let made = stream::iter(requests).map(|(name, id, turn)| {
        let pair = &pair;
        async move { (name, pair.turn(name, id, turn).await) }
    });
    let mut made = made.buffer_unordered(WIDTH);
    while let Some((name, made)) = made.next().await {
        if let Err(problem) = made {
            failures.insert(name.clone(), problem.to_string());
        }
    }
    match failures.into_iter().next() {
        None => Ok(Outcome::of(set.clone())),
        Some((account, reason)) => Err(Problem::NotAssigned { account, reason }),
    }
}

/// The id of a group or user. One of the same run is known by now; another that the plan did not look up is asked for.
async fn principal_id(
    work: &Work<'_>,
    center: &Center,
    principal: &Principal,
) -> Result<PrincipalId, Problem> {
    let (address, found) = match principal {
        Principal::Group(name) => {
            let address = Address::Group(name.clone());
            let id = match work.id(&address) {
                Some(id) => Some(id),
                None => center.store.group_id(name).await?,
            };
            (address, id.map(PrincipalId::Group))
        }
        Principal::User(name) => {
            let address = Address::User(name.clone());
            let id = match work.id(&address) {
                Some(id) => Some(id),
                None => center.store.user_id(name).await?,
            };
            (address, id.map(PrincipalId::User))
        }
    };
    // Whoever has no name any more is called by the id.
    let by_id = || match principal {
        Principal::Group(id) => PrincipalId::Group(id.clone()),
        Principal::User(id) => PrincipalId::User(id.clone()),
    };
    let is_id = principal.name().len() >= 36
        && principal.name().bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    found.or_else(|| is_id.then(by_id)).ok_or(Problem::NoId(address))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Give,
    Take,
}

/// One principal and one permission set.
struct Pair<'a> {
    work: &'a Work<'a>,
    center: &'a Center,
    address: &'a Address,
    set: &'a str,
    who: &'a PrincipalId,
}

impl Pair<'_> {
    /// One request, from its first line in the journal to AWS's decision.
    async fn turn(&self, name: &str, account: AccountId, turn: Turn) -> Result<(), Problem> {
        let (work, center) = (self.work, self.center);
        let key = center.account(&account);
        let _here = key.lock().await;
        let slot = center.writer.assignment_slot().await?;
        let is_new = work.is_new(&Address::Account(name.to_owned()));
        let assignment = Assignment {
            permission_set: self.set.to_owned(),
            principal: self.who.clone(),
            account: account.clone(),
        };
        let (address, verb) =
            (self.member(name), if turn == Turn::Give { Verb::Create } else { Verb::Delete });
        work.note(&Entry::Request { address: &address, verb });
        let asked = work.until(LAG, || async {
            let asked = match turn {
                Turn::Give => center.writer.create_assignment(&slot, center.arn(), &assignment).await,
                Turn::Take => center.writer.delete_assignment(&slot, center.arn(), &assignment).await,
            };
            match asked {
                Ok(request) => Ok(Some(Some(request))),
                // Somebody else's request in the same account, or it is as it shall be already.
                Err(error) if error.code() == Some(CONFLICT) => {
                    let there = center.reader.list_assignments_in(center.arn(), self.set, &account).await?;
                    let done = there.contains(self.who) == (turn == Turn::Give);
                    Ok(done.then_some(None))
                }
                Err(error) if error.is_not_found() && turn == Turn::Take => Ok(Some(None)),
                // An account of this run may not be known everywhere yet.
                Err(error) if error.is_not_found() && is_new => Ok(None),
                Err(error) => Err(error.into()),
            }
        });
        let what = || "other requests in the account to end".to_owned();
        let asked = asked.await?.ok_or_else(|| Problem::Unsettled { what: what(), waited: LAG })?;
        let decided = match asked {
            None => Ok(()),
            Some(request) => {
                settled(work, || async {
                    match turn {
                        Turn::Give => center.reader.creation_status(center.arn(), &request.id).await,
                        Turn::Take => center.reader.deletion_status(center.arn(), &request.id).await,
                    }
                })
                .await?
            }
        };
        work.note(&Entry::Settled {
            address: &address,
            verb,
            error: decided.as_ref().err().map(String::as_str),
        });
        decided.map_err(|reason| Problem::Refused { reason })
    }

    fn member(&self, account: &str) -> Address {
        match self.address {
            Address::Assignments { permission_set, principal } => Address::Assignment {
                permission_set: permission_set.clone(),
                principal: principal.clone(),
                account: account.to_owned(),
            },
            other => other.clone(),
        }
    }
}
