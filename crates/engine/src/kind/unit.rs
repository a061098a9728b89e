//! Units: read level by level, created under their parent, renamed in place, deleted when empty.

use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::Look;
use crate::tags::{self, Others};
use crate::work::{LAG, Outcome, Problem, Work, node};
use glidepath_model::organization::{Root, Tags, Unit};
use glidepath_model::{Address, NodeId, Target, UnitId, UnitPath};
use glidepath_plan::kind::unit::UnitSpec;
use glidepath_plan::ownership::MANAGED_BY;
use std::collections::BTreeMap;

/// Every unit, by one listing per unit and one for the root.
pub(crate) async fn read(look: &Look<'_>, root: &Root) -> Result<BTreeMap<UnitId, Unit>, EngineError> {
    let named = |address: &Address| match address {
        Address::Unit(_)
        | Address::Account(_)
        | Address::Attachment { .. }
        | Address::StackSet(_)
        | Address::StackSetTargets(_)
        | Address::Stack { .. }
        | Address::PermissionSet(_)
        | Address::Assignments { .. }
        | Address::Assignment { .. }
        | Address::AccountSettings(_)
        | Address::Key(_) => true,
        Address::Organization
        | Address::PolicyType(_)
        | Address::RootAccess(_)
        | Address::TrustedAccess(_)
        | Address::DelegatedAdministrator { .. }
        | Address::ResourcePolicy
        | Address::Group(_)
        | Address::User(_)
        | Address::Membership(_)
        | Address::AccessControlAttributes
        | Address::Policy { .. } => false,
    };
    let mut all = BTreeMap::new();
    if !look.scope.wants(named) {
        return Ok(all);
    }
    look.begin(Subject::Units);
    let mut level = vec![NodeId::Root(root.id.clone())];
    while !level.is_empty() {
        let below = look.each(std::mem::take(&mut level), |parent| async move {
            let units = look.reader.list_units_for_parent(&parent).await;
            look.read(Unknown::UnitsUnder(parent), units)
        });
        for unit in below.await?.into_iter().flatten() {
            level.push(NodeId::Unit(unit.id.clone()));
            all.insert(unit.id.clone(), unit);
        }
    }
    look.end(Subject::Units, all.len());
    Ok(all)
}

pub(crate) async fn perform(task: Task<'_, UnitSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::Unit(path) = address else { return Err(Problem::NoId(address.clone())) };
    match step {
        Step::Create { after } => create(work, address, path, after).await,
        Step::Update { physical, before, after } => {
            change(work, address, physical, (&before.name, &before.tags), after).await
        }
        Step::Adopt { physical, before, after } => {
            let tags = tags::of_unclaimed(work, address, physical).await?;
            change(work, address, physical, (&before.name, &tags), after).await
        }
        Step::Delete { physical, before } => {
            let mark = before.tags.get(MANAGED_BY).map(String::as_str);
            if tags::before_delete(work, address, physical, mark).await? == tags::Standing::Same {
                work.writer.delete_unit(&unit_id(address, physical)?).await?;
            }
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => {
            tags::forget(work, physical).await?;
            Ok(Outcome::of(physical))
        }
    }
}

async fn create(
    work: &Work<'_>,
    address: &Address,
    path: &UnitPath,
    after: &UnitSpec,
) -> Result<Outcome, Problem> {
    let parent = work.node(&Target::Unit(path.parent().unwrap_or_default()))?;
    let there = match named(work, &parent, &after.name).await? {
        Some(unit) => unit,
        None => match work.writer.create_unit(&parent, &after.name, &after.tags).await {
            Ok(unit) => return Ok(Outcome::of(unit.id.to_string())),
            Err(error) if error.is_already_there() => {
                let shown = work.until(LAG, || named(work, &parent, &after.name)).await?;
                shown.ok_or_else(|| Problem::Hidden { address: address.clone() })?
            }
            Err(error) => return Err(error.into()),
        },
    };
    let tags = tags::of_ours(work, address, there.id.as_str()).await?;
    tags::converge(work, there.id.as_str(), &tags, &after.tags, Others::Remove).await?;
    Ok(Outcome::of(there.id.to_string()).noting("it was there already and carries our mark"))
}

/// The unit of this name. A parent that was just made may not show yet, and has no units then.
async fn named(work: &Work<'_>, parent: &NodeId, name: &str) -> Result<Option<Unit>, Problem> {
    match work.reader.list_units_for_parent(parent).await {
        Ok(units) => Ok(units.into_iter().find(|unit| unit.name == name)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn change(
    work: &Work<'_>,
    address: &Address,
    physical: &str,
    (name, tags): (&str, &Tags),
    after: &UnitSpec,
) -> Result<Outcome, Problem> {
    if name != after.name {
        work.writer.rename_unit(&unit_id(address, physical)?, &after.name).await?;
    }
    tags::converge(work, physical, tags, &after.tags, Others::Remove).await?;
    Ok(Outcome::of(physical))
}

fn unit_id(address: &Address, physical: &str) -> Result<UnitId, Problem> {
    match node(address, physical)? {
        NodeId::Unit(id) => Ok(id),
        NodeId::Root(_) | NodeId::Account(_) => Err(Problem::NoId(address.clone())),
    }
}
