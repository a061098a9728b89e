//! Permission sets: read with what they grant and where they have come to, made with their tags, brought to what is
//! wanted step by step, and provisioned last.
//!
//! INVARIANT (provisioning is the last call): a run that dies before it leaves accounts behind the set, which the next
//! look sees, so that the next run provisions them.

use super::identity_center::{CONFLICT, Center, CenterLook, settled};
use super::{Step, Task};
use crate::error::EngineError;
use crate::gap::Unknown;
use crate::work::{LAG, Outcome, Problem, Work};
use glidepath_aws::Error;
use glidepath_aws::identity_center::{NewPermissionSet, PermissionSetText, Reader};
use glidepath_model::identity_center::{ForeignPermissionSet, PermissionSet};
use glidepath_model::{Address, Tags};
use glidepath_plan::kind::permission_set::PermissionSetSpec;
use glidepath_plan::ownership::{Ownership, settable};
use serde_json::Value;
use std::collections::BTreeMap;

/// Permission sets that are ours or wanted, and the others.
type Sets = (BTreeMap<String, PermissionSet>, BTreeMap<String, ForeignPermissionSet>);

pub(super) async fn read(center: &CenterLook<'_, '_>) -> Result<Sets, EngineError> {
    let asked = center.asked_sets();
    if asked.as_ref().is_some_and(|asked| asked.is_empty()) {
        return Ok(Sets::default());
    }
    let (look, instance) = (center.look, center.instance.arn.as_str());
    let listed = look.read(Unknown::PermissionSets, center.reader.list_permission_sets(instance).await)?;
    let asked = &asked;
    let read = look.each(listed.unwrap_or_default(), |arn| async move {
        let told = center.reader.describe_permission_set(instance, &arn).await;
        let Some(told) = look.read(Unknown::PermissionSets, told)?.flatten() else { return Ok(None) };
        if asked.as_ref().is_some_and(|asked| !asked.contains(told.name.as_str())) {
            return Ok(None);
        }
        let name = told.name.clone();
        let whole = one(center, told).await;
        look.read(Unknown::PermissionSet(name), whole)
    });
    let mut sets = Sets::default();
    for found in read.await? {
        match found {
            Found::Whole(set) => {
                sets.0.insert(set.arn.clone(), *set);
            }
            Found::Foreign(set) => {
                sets.1.insert(set.arn.clone(), set);
            }
        }
    }
    Ok(sets)
}

enum Found {
    Whole(Box<PermissionSet>),
    Foreign(ForeignPermissionSet),
}

/// A permission set; of one that is neither ours nor wanted nothing more is asked than whose it is.
async fn one(center: &CenterLook<'_, '_>, told: PermissionSetText) -> Result<Found, Error> {
    let instance = center.instance.arn.as_str();
    let tags = center.reader.list_tags(instance, &told.arn).await?;
    let ours = Ownership::of(Some(&tags), &center.look.zone.organization) == Ownership::Ours;
    let wanted = center.look.zone.desired.contains_key(&Address::PermissionSet(told.name.clone()));
    if !ours && !wanted {
        return Ok(Found::Foreign(ForeignPermissionSet { arn: told.arn, name: told.name, tags }));
    }
    let arn = told.arn.clone();
    let (set, accounts, stale) = futures::try_join!(
        granted(&center.reader, instance, told),
        center.reader.list_provisioned(instance, &arn),
        center.reader.list_stale(instance, &arn),
    )?;
    Ok(Found::Whole(Box::new(PermissionSet { tags, accounts, stale, ..set })))
}

/// A permission set with what it grants; its tags and accounts are not asked for.
async fn granted(reader: &Reader, instance: &str, told: PermissionSetText) -> Result<PermissionSet, Error> {
    let (managed, customer, inline, boundary) = futures::try_join!(
        reader.list_managed_policies(instance, &told.arn),
        reader.list_customer_policies(instance, &told.arn),
        reader.inline_policy(instance, &told.arn),
        reader.boundary(instance, &told.arn),
    )?;
    let PermissionSetText { arn, name, description, session, relay_state } = told;
    Ok(PermissionSet {
        arn,
        name,
        description,
        session,
        relay_state,
        managed,
        customer,
        inline,
        boundary,
        tags: Tags::new(),
        accounts: std::collections::BTreeSet::new(),
        stale: std::collections::BTreeSet::new(),
    })
}

pub(crate) async fn perform(task: Task<'_, PermissionSetSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::PermissionSet(name) = address else { return Err(Problem::NoId(address.clone())) };
    let center = work.center().await?;
    match step {
        Step::Create { after } => create(work, &center, address, name, after).await,
        Step::Update { physical, after, .. } => {
            converge(work, &center, address, physical, after).await?;
            Ok(Outcome::of(physical))
        }
        Step::Adopt { physical, after, .. } => {
            let tags = center.reader.list_tags(center.arn(), physical).await?;
            if let Ownership::OtherOrganization(_) = Ownership::of(Some(&tags), &work.zone.organization) {
                return Err(Problem::Appeared { address: address.clone(), id: physical.to_owned() });
            }
            converge(work, &center, address, physical, after).await?;
            Ok(Outcome::of(physical))
        }
        Step::Delete { physical, .. } => {
            delete(work, &center, address, physical).await?;
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => Ok(Outcome::of(physical)),
    }
}

/// Makes a permission set. AWS takes each name once, so that the call itself tells whether one is there.
async fn create(
    work: &Work<'_>,
    center: &Center,
    address: &Address,
    name: &str,
    after: &PermissionSetSpec,
) -> Result<Outcome, Problem> {
    match center.writer.create_permission_set(center.arn(), text(name, after)).await {
        Ok(arn) => {
            let empty = PermissionSet {
                arn: arn.clone(),
                name: name.to_owned(),
                description: after.description.clone(),
                session: after.session,
                relay_state: after.relay_state.clone(),
                managed: Default::default(),
                customer: Default::default(),
                inline: None,
                boundary: None,
                tags: after.tags.clone(),
                accounts: Default::default(),
                stale: Default::default(),
            };
            policies(center, &empty, after).await?;
            Ok(Outcome::of(arn))
        }
        Err(error) if error.code() == Some(CONFLICT) => {
            let shown = work.until(LAG, || named(center, name)).await?;
            let arn = shown.ok_or_else(|| Problem::Hidden { address: address.clone() })?;
            let tags = center.reader.list_tags(center.arn(), &arn).await?;
            if Ownership::of(Some(&tags), &work.zone.organization) != Ownership::Ours {
                return Err(Problem::Appeared { address: address.clone(), id: arn });
            }
            converge(work, center, address, &arn, after).await?;
            Ok(Outcome::of(arn).noting("it was there already and carries our mark"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The ARN of the permission set of a name.
async fn named(center: &Center, name: &str) -> Result<Option<String>, Problem> {
    for arn in center.reader.list_permission_sets(center.arn()).await? {
        let told = center.reader.describe_permission_set(center.arn(), &arn).await?;
        if told.is_some_and(|told| told.name == name) {
            return Ok(Some(arn));
        }
    }
    Ok(None)
}

fn text<'a>(name: &'a str, after: &'a PermissionSetSpec) -> NewPermissionSet<'a> {
    NewPermissionSet {
        name,
        description: &after.description,
        session: after.session,
        relay_state: &after.relay_state,
        tags: &after.tags,
    }
}

/// Brings a permission set to what is wanted, from what it is right now, and then the accounts that have its role.
async fn converge(
    work: &Work<'_>,
    center: &Center,
    address: &Address,
    arn: &str,
    after: &PermissionSetSpec,
) -> Result<(), Problem> {
    let instance = center.arn();
    let told = center.reader.describe_permission_set(instance, arn).await?;
    let told = told.ok_or_else(|| Problem::Vanished { address: address.clone() })?;
    let name = told.name.clone();
    let there = granted(&center.reader, instance, told).await?;
    let plain = there.description == after.description
        && there.session == after.session
        && there.relay_state == after.relay_state;
    if !plain {
        center.writer.update_permission_set(instance, arn, text(&name, after)).await?;
    }
    policies(center, &there, after).await?;
    let tags = settable(&center.reader.list_tags(instance, arn).await?);
    let set: Tags = after
        .tags
        .iter()
        .filter(|(key, value)| tags.get(*key) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let unset: Vec<String> = tags.keys().filter(|key| !after.tags.contains_key(*key)).cloned().collect();
    center.writer.tag(instance, arn, &set).await?;
    center.writer.untag(instance, arn, &unset).await?;
    provision(work, center, address, arn).await
}

/// What it grants: what goes makes room for what comes.
async fn policies(center: &Center, there: &PermissionSet, after: &PermissionSetSpec) -> Result<(), Problem> {
    let (instance, arn, writer) = (center.arn(), there.arn.as_str(), &center.writer);
    for policy in there.managed.difference(&after.managed) {
        writer.detach_managed_policy(instance, arn, policy).await?;
    }
    for policy in there.customer.difference(&after.customer_managed) {
        writer.detach_customer_policy(instance, arn, policy).await?;
    }
    for policy in after.managed.difference(&there.managed) {
        writer.attach_managed_policy(instance, arn, policy).await?;
    }
    for policy in after.customer_managed.difference(&there.customer) {
        writer.attach_customer_policy(instance, arn, policy).await?;
    }
    let inline = there
        .inline
        .as_deref()
        .map(|text| serde_json::from_str::<Value>(text).unwrap_or_else(|_| Value::String(text.to_owned())));
    if inline != after.inline {
        match &after.inline {
            Some(document) => writer.put_inline_policy(instance, arn, &document.to_string()).await?,
            None => writer.delete_inline_policy(instance, arn).await?,
        }
    }
    if there.boundary != after.boundary {
        match &after.boundary {
            Some(boundary) => writer.put_boundary(instance, arn, boundary).await?,
            None => writer.delete_boundary(instance, arn).await?,
        }
    }
    Ok(())
}

/// Has AWS bring the set to every account whose role is behind it.
async fn provision(work: &Work<'_>, center: &Center, address: &Address, arn: &str) -> Result<(), Problem> {
    let instance = center.arn();
    let behind = center.reader.list_stale(instance, arn).await?;
    if behind.is_empty() {
        return Ok(());
    }
    let slot = center.writer.provisioning_slot().await?;
    work.waiting(address, &format!("AWS to bring it to {} accounts", behind.len()));
    let begun = work.until(LAG, || async {
        match center.writer.provision(&slot, instance, arn).await {
            Ok(request) => Ok(Some(request)),
            Err(error) if error.code() == Some(CONFLICT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    });
    let what = || "another change of the permission set".to_owned();
    let request = begun.await?.ok_or_else(|| Problem::Unsettled { what: what(), waited: LAG })?;
    match settled(work, || center.reader.provisioning_status(instance, &request.id)).await? {
        Ok(()) => Ok(()),
        Err(reason) => Err(Problem::NotProvisioned { reason }),
    }
}

async fn delete(work: &Work<'_>, center: &Center, address: &Address, arn: &str) -> Result<(), Problem> {
    let instance = center.arn();
    let tags = match center.reader.list_tags(instance, arn).await {
        Err(error) if error.is_not_found() => return Ok(()),
        tags => tags?,
    };
    // INVARIANT (the mark decides): what does not carry our mark is not deleted.
    if Ownership::of(Some(&tags), &work.zone.organization) != Ownership::Ours {
        return Err(Problem::MarkGone { address: address.clone(), id: arn.to_owned() });
    }
    // AWS may not have noticed yet that the last assignment is gone.
    let deleted = work.until(LAG, || async {
        match center.writer.delete_permission_set(instance, arn).await {
            Ok(()) => Ok(Some(())),
            Err(error) if error.code() == Some(CONFLICT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    });
    let what = || "the last assignments of the permission set to go".to_owned();
    deleted.await?.ok_or_else(|| Problem::Unsettled { what: what(), waited: LAG })
}
