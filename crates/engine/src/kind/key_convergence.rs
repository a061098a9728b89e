//! Bringing a key that is there to what is wanted, Region by Region: each thing is looked at and changed only where it
//! differs, so that a run that was cut goes on where it stopped.

use super::key::Site;
use super::key_creation::{document, is_too_new};
use crate::work::{LAG, Problem, Work};
use glidepath_aws::kms::{self, Extent, NewKey};
use glidepath_model::key::{Key, KeyState};
use glidepath_model::organization::Tags;
use glidepath_model::{AccountId, Address};
use glidepath_plan::key_policy::says_the_same;
use glidepath_plan::kind::key::KeySpec;
use glidepath_plan::ownership::Ownership;
use serde_json::Value;
use std::time::Duration;

/// How long a replica is waited for. AWS says that it takes seconds.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html>
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// One key in one Region.
struct Spot<'a> {
    reader: kms::Reader,
    writer: kms::Writer,
    account: &'a AccountId,
    id: &'a str,
}

/// Makes a key, its replicas included, what it shall be.
pub(super) async fn converge(
    work: &Work<'_>,
    address: &Address,
    site: &Site,
    after: &KeySpec,
) -> Result<(), Problem> {
    let policy = document(work, after).await?;
    for (at, region) in after.regions.iter().enumerate() {
        let (reader, writer) = work.keys(&site.account, region).await?;
        let spot = Spot { reader, writer, account: &site.account, id: &site.id };
        if at > 0 {
            replicate(work, address, site, region, (&spot, &policy), after).await?;
        }
        let key = settled(work, address, &spot).await?;
        enable(&spot, &key).await?;
        if key.description != after.description {
            spot.writer.update_description(spot.id, &after.description).await?;
        }
        put_policy(work, &spot, &policy, after).await?;
        tag(work, address, &spot, &key, &after.tags).await?;
        if at == 0
            && let Some(days) = after.rotation
            && spot.reader.rotation(spot.id).await? != Some(days)
        {
            spot.writer.enable_rotation(spot.id, days).await?;
        }
        if let Some(alias) = &after.alias {
            name(work, address, &spot, alias).await?;
        }
    }
    Ok(())
}

/// Makes the replica of a Region where there is none.
async fn replicate(
    work: &Work<'_>,
    address: &Address,
    site: &Site,
    region: &str,
    (spot, policy): (&Spot<'_>, &Value),
    after: &KeySpec,
) -> Result<(), Problem> {
    if spot.reader.describe_key(spot.id).await?.is_some() {
        return Ok(());
    }
    let (_, primary) = work.keys(&site.account, &site.region).await?;
    let policy = policy.to_string();
    let new =
        NewKey { description: &after.description, policy: &policy, tags: &after.tags, extent: Extent::Multi };
    work.waiting(address, "AWS to make the replica");
    match primary.replicate_key(spot.id, region, new).await {
        // It is there and does not show yet.
        Err(error) if error.is_already_there() => Ok(()),
        answer => Ok(answer.map(drop)?),
    }
}

/// The key, as soon as it shows and nothing is under way with it.
async fn settled(work: &Work<'_>, address: &Address, spot: &Spot<'_>) -> Result<Key, Problem> {
    let key = work.until(PATIENCE, || async {
        let key = spot.reader.describe_key(spot.id).await?;
        Ok(key.filter(|key| !key.state.is_passing()))
    });
    let key = key.await?;
    key.ok_or_else(|| Problem::Unsettled { what: format!("the key of `{address}`"), waited: PATIENCE })
}

/// Takes a deletion back, and lets the key be used.
async fn enable(spot: &Spot<'_>, key: &Key) -> Result<(), Problem> {
    if key.state.is_going() {
        match spot.writer.cancel_deletion(spot.id).await {
            Ok(()) => {}
            // A request whose answer was lost had its effect.
            Err(error) => match spot.reader.describe_key(spot.id).await? {
                Some(key) if !key.state.is_going() => {}
                Some(_) | None => return Err(error.into()),
            },
        }
    }
    if key.state.is_going() || key.state == KeyState::Disabled {
        spot.writer.enable_key(spot.id).await?;
    }
    Ok(())
}

async fn put_policy(
    work: &Work<'_>,
    spot: &Spot<'_>,
    policy: &Value,
    after: &KeySpec,
) -> Result<(), Problem> {
    let now = spot.reader.key_policy(spot.id).await?;
    if serde_json::from_str::<Value>(&now).is_ok_and(|now| says_the_same(&now, policy)) {
        return Ok(());
    }
    let text = policy.to_string();
    let put = work.until(LAG, || async {
        match spot.writer.put_key_policy(spot.id, &text).await {
            Ok(()) => Ok(Some(())),
            Err(error) if is_too_new(work, &error, after) => Ok(None),
            Err(error) => Err(error.into()),
        }
    });
    let problem =
        || Problem::Unsettled { what: "the principals of the key's policy".to_owned(), waited: LAG };
    put.await?.ok_or_else(problem)
}

/// Makes the tags what they shall be, unless somebody else's mark has appeared.
async fn tag(
    work: &Work<'_>,
    address: &Address,
    spot: &Spot<'_>,
    key: &Key,
    wanted: &Tags,
) -> Result<(), Problem> {
    let mut now = spot.reader.list_tags(spot.id).await?;
    now.retain(|key, _| !key.starts_with("aws:"));
    if let Ownership::OtherOrganization(_) = Ownership::of(Some(&now), &work.zone.organization) {
        return Err(Problem::Appeared { address: address.clone(), id: key.arn.clone() });
    }
    let differs = |(key, value): &(&String, &String)| now.get(*key) != Some(*value);
    let missing: Tags =
        wanted.iter().filter(differs).map(|(key, value)| (key.clone(), value.clone())).collect();
    if !missing.is_empty() {
        spot.writer.tag(spot.id, &missing).await?;
    }
    let extra: Vec<String> = now.keys().filter(|key| !wanted.contains_key(*key)).cloned().collect();
    Ok(spot.writer.untag(spot.id, &extra).await?)
}

/// Gives the key its alias. One that another key of ours has is moved; anybody else's is not.
async fn name(work: &Work<'_>, address: &Address, spot: &Spot<'_>, alias: &str) -> Result<(), Problem> {
    if spot.reader.list_aliases(spot.id).await?.contains(alias) {
        return Ok(());
    }
    match spot.writer.create_alias(alias, spot.id).await {
        Ok(()) => return Ok(()),
        Err(error) if error.is_already_there() => {}
        Err(error) => return Err(error.into()),
    }
    let holder = work.until(LAG, || async { Ok(spot.reader.describe_key(alias).await?) }).await?;
    let holder = holder.ok_or_else(|| Problem::Hidden { address: address.clone() })?;
    if holder.id == spot.id {
        return Ok(());
    }
    let tags = spot.reader.list_tags(&holder.id).await?;
    if holder.account != *spot.account
        || Ownership::of(Some(&tags), &work.zone.organization) != Ownership::Ours
    {
        return Err(Problem::Appeared { address: address.clone(), id: holder.arn });
    }
    Ok(spot.writer.update_alias(alias, spot.id).await?)
}
