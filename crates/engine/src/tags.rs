//! Tags: read in bulk where the tagging API answers for organization resources, else resource by
//! resource; and changed so that only what differs is sent.
//!
//! Tags of AWS's own (`aws:`) are left out: nobody can change them.
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/API_TagResource.html>

use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::{Look, Scope, is_fatal};
use crate::work::{LAG, Problem, Work};
use glidepath_aws::tagging;
use glidepath_model::organization::{Snapshot, Tags};
use glidepath_model::{AccountId, Address};
use glidepath_plan::identity::Identity;
use glidepath_plan::ownership::{ADDRESS, MANAGED_BY, Ownership};
use std::collections::{BTreeMap, BTreeSet};

/// The service whose resources are asked for.
const RESOURCES: &str = "organizations";

/// So many addresses are asked for one by one even where the tagging API would answer.
const FEW: usize = 50;

/// A resource whose tags are wanted: its ARN, its id in calls, and what is unknown without them.
struct Wanted {
    arn: String,
    id: String,
    unknown: Unknown,
    asked: Asked,
}

/// How a resource's tags are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// In bulk, or by itself where there is no bulk.
    Always,
    /// Only in bulk: accounts whose tags the manifest does not manage.
    InBulk,
    /// Only by itself: the tagging API does not know it.
    Alone,
}

/// Tags by ARN, as the tagging API lists them.
pub(crate) type Bulk = BTreeMap<String, Tags>;

/// The tags of units and accounts that can be ours, and whether the bulk is to be believed.
pub(crate) async fn of_tree(
    look: &Look<'_>,
    snapshot: &Snapshot,
    bulk: Option<&Bulk>,
) -> Result<(BTreeMap<String, Tags>, bool), EngineError> {
    look.begin(Subject::Tags);
    let wanted = in_tree(look, snapshot);
    let bulk = bulk.filter(|tags| knows_any(tags, &wanted));
    Ok((read(look, &wanted, bulk).await?, bulk.is_some()))
}

/// The tags of policies that can be ours, and of the organization's resource policy.
pub(crate) async fn of_policies(
    look: &Look<'_>,
    snapshot: &Snapshot,
    bulk: Option<&Bulk>,
    believed: bool,
) -> Result<BTreeMap<String, Tags>, EngineError> {
    let wanted = policies(look, snapshot);
    let bulk = bulk.filter(|tags| believed || knows_any(tags, &wanted));
    let tags = read(look, &wanted, bulk).await?;
    look.end(Subject::Tags, snapshot.tags.len() + tags.len());
    Ok(tags)
}

/// The bulk counts only if it knows at least one resource that is known to exist.
fn knows_any(bulk: &Bulk, wanted: &[Wanted]) -> bool {
    wanted.iter().any(|resource| bulk.contains_key(&resource.arn))
}

async fn read(
    look: &Look<'_>,
    wanted: &[Wanted],
    bulk: Option<&Bulk>,
) -> Result<BTreeMap<String, Tags>, EngineError> {
    let mut tags = BTreeMap::new();
    let mut alone = Vec::new();
    for resource in wanted {
        match (bulk, resource.asked) {
            (Some(bulk), Asked::Always | Asked::InBulk) => {
                let found = bulk.get(&resource.arn).cloned().unwrap_or_default();
                tags.insert(resource.arn.clone(), changeable(found));
            }
            (None, Asked::InBulk) => {}
            (None, Asked::Always) | (_, Asked::Alone) => alone.push(resource),
        }
    }
    let read = look.each(alone, |resource| async move {
        let answer = look.reader.list_tags(&resource.id).await;
        let tags = look.read(resource.unknown.clone(), answer)?;
        Ok(tags.map(|tags| (resource.arn.clone(), changeable(tags))))
    });
    tags.extend(read.await?);
    Ok(tags)
}

/// Tags by ARN, where the tagging API answers at all. If it fails, that is no gap: each resource can be
/// asked.
pub(crate) async fn in_bulk(look: &Look<'_>) -> Result<Option<Bulk>, EngineError> {
    // What was just changed shows sooner where it lives than in another service's index. What does not show
    // in the index is asked for again, and then there is less of it.
    if matches!(look.scope, Scope::Only(addresses) if addresses.len() <= FEW) {
        return Ok(None);
    }
    match look.tagging.tags(&[RESOURCES]).await {
        Ok(tagging::Bulk::Tags(tags)) => Ok(Some(tags)),
        Ok(tagging::Bulk::Silent) => Ok(None),
        Err(error) if is_fatal(&error) => look.read(Unknown::Everything, Err(error)),
        Err(_) => Ok(None),
    }
}

fn in_tree(look: &Look<'_>, snapshot: &Snapshot) -> Vec<Wanted> {
    let identity = Identity::resolve(look.zone, snapshot);
    let managed: BTreeSet<&AccountId> = look
        .zone
        .accounts
        .iter()
        .filter(|(_, account)| account.tags.is_some())
        .filter_map(|(name, _)| identity.account_id(name))
        .collect();
    let units = snapshot.units.values().filter(|unit| {
        let path = identity.unit_path(&unit.id);
        path.is_some_and(|path| look.scope.holds(&Address::Unit(path.clone())))
    });
    let units = units.map(|unit| Wanted {
        arn: unit.arn.clone(),
        id: unit.id.to_string(),
        unknown: Unknown::TagsOfUnit(unit.id.clone()),
        asked: Asked::Always,
    });
    let accounts = snapshot.accounts.values().filter(|account| {
        let name = identity.account_name(&account.id);
        name.is_some_and(|name| look.scope.holds(&Address::Account(name.to_owned())))
    });
    let alone = matches!(look.scope, Scope::Only(_));
    let accounts = accounts.map(|account| Wanted {
        arn: account.arn.clone(),
        id: account.id.to_string(),
        unknown: Unknown::TagsOfAccount(account.id.clone()),
        asked: if alone || managed.contains(&account.id) { Asked::Always } else { Asked::InBulk },
    });
    units.chain(accounts).collect()
}

fn policies(look: &Look<'_>, snapshot: &Snapshot) -> Vec<Wanted> {
    let policies = snapshot.policies.values().filter(|policy| !policy.aws_managed);
    let policies = policies.filter(|policy| look.scope.holds_policy(policy.ty, &policy.name));
    let policies = policies.map(|policy| Wanted {
        arn: policy.arn.clone(),
        id: policy.id.to_string(),
        unknown: Unknown::TagsOfPolicy(policy.id.clone()),
        asked: Asked::Always,
    });
    let resource_policy = snapshot.resource_policy.iter().map(|policy| Wanted {
        arn: policy.arn.clone(),
        id: policy.id.clone(),
        unknown: Unknown::TagsOfResourcePolicy,
        asked: Asked::Alone,
    });
    policies.chain(resource_policy).collect()
}

fn changeable(mut tags: Tags) -> Tags {
    tags.retain(|key, _| !key.starts_with("aws:"));
    tags
}

/// Which tags a change may take off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// All that are not wanted: the manifest holds all tags of units and policies.
    Remove,
    /// None: other people tag accounts, too.
    Keep,
}

/// Makes the tags of a resource what they shall be: sends only what differs.
pub(crate) async fn converge(
    work: &Work<'_>,
    id: &str,
    now: &Tags,
    wanted: &Tags,
    others: Others,
) -> Result<(), Problem> {
    let missing: Tags = wanted
        .iter()
        .filter(|(key, value)| now.get(*key) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if !missing.is_empty() {
        work.writer.tag(id, &missing).await?;
    }
    let extra: Vec<String> = match others {
        Others::Keep => Vec::new(),
        Others::Remove => now.keys().filter(|key| !wanted.contains_key(*key)).cloned().collect(),
    };
    if !extra.is_empty() {
        work.writer.untag(id, &extra).await?;
    }
    Ok(())
}

/// Takes our mark off.
pub(crate) async fn forget(work: &Work<'_>, id: &str) -> Result<(), Problem> {
    let mark = [MANAGED_BY.to_owned(), ADDRESS.to_owned()];
    match work.writer.untag(id, &mark).await {
        Err(error) if error.is_not_found() => Ok(()),
        answer => Ok(answer?),
    }
}

/// A resource's tags as they are now; none when it is gone.
pub(crate) async fn of(work: &Work<'_>, id: &str) -> Result<Option<Tags>, Problem> {
    match work.reader.list_tags(id).await {
        Ok(tags) => Ok(Some(changeable(tags))),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The tags of a thing that is there although it was to be created: it is ours, or the change fails. A
/// mark may show a while after it was set.
pub(crate) async fn of_ours(work: &Work<'_>, address: &Address, id: &str) -> Result<Tags, Problem> {
    let marked = work.until(LAG, || async {
        let tags = of(work, id).await?;
        Ok(tags.filter(|tags| Ownership::of(Some(tags), &work.zone.organization) == Ownership::Ours))
    });
    marked.await?.ok_or_else(|| Problem::Appeared { address: address.clone(), id: id.to_owned() })
}

/// The tags of a thing that is to be adopted: nobody else's mark has appeared on it.
pub(crate) async fn of_unclaimed(work: &Work<'_>, address: &Address, id: &str) -> Result<Tags, Problem> {
    let Some(tags) = of(work, id).await? else {
        return Err(Problem::Vanished { address: address.clone() });
    };
    match Ownership::of(Some(&tags), &work.zone.organization) {
        Ownership::OtherOrganization(_) => {
            Err(Problem::Appeared { address: address.clone(), id: id.to_owned() })
        }
        _ => Ok(tags),
    }
}

/// Whether a thing is still there and still marked as the plan saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is as the plan saw it.
    Same,
    /// It is gone already.
    Gone,
}

/// Looks at the mark right before a delete.
///
/// INVARIANT (the mark decides): what does not carry the mark that the plan saw is not deleted.
pub(crate) async fn before_delete(
    work: &Work<'_>,
    address: &Address,
    id: &str,
    mark: Option<&str>,
) -> Result<Standing, Problem> {
    match of(work, id).await? {
        None => Ok(Standing::Gone),
        Some(tags) if tags.get(MANAGED_BY).map(String::as_str) == mark => Ok(Standing::Same),
        Some(_) => Err(Problem::MarkGone { address: address.clone(), id: id.to_owned() }),
    }
}
