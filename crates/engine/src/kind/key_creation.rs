//! Making a key. AWS has no token that makes the request safe to repeat, and takes any number of keys that look alike.
//!
//! INVARIANT (no key twice): CreateKey is sent only when no key of the account and Region carries our mark with this
//! address, as AWS KMS itself lists them; a request whose answer was lost is looked for before anything else.

use super::key::Site;
use super::key_convergence::converge;
use crate::work::{LAG, Outcome, Problem, Work};
use futures::stream::{self, StreamExt as _};
use glidepath_aws::kms::{Extent, NewKey};
use glidepath_aws::{Error, kms};
use glidepath_model::{AccountId, Address, Tags};
use glidepath_plan::key_policy::{KeyPolicy, KnownIds};
use glidepath_plan::kind::key::{KeyExtent, KeySpec};
use glidepath_plan::ownership::{ADDRESS, Ownership, address_value};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// How many keys are asked for their tags at a time.
const WIDTH: usize = 10;
/// How often a creation is sent that AWS never got.
const ATTEMPTS: u32 = 3;
/// How long is waited before it is sent again.
const PAUSE: Duration = Duration::from_secs(5);
/// What AWS answers when it does not know a principal of a policy, which may be too new.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>, `MalformedPolicyDocumentException`
const UNKNOWN_PRINCIPAL: &str = "MalformedPolicyDocumentException";

/// Makes a key, or goes on where an earlier run was interrupted.
pub(super) async fn create(work: &Work<'_>, address: &Address, after: &KeySpec) -> Result<Outcome, Problem> {
    let account = work.account(&after.account)?;
    let region = after.regions.first().cloned().unwrap_or_else(|| work.zone.home.clone());
    let (reader, writer) = work.keys(&account, &region).await?;
    let (id, was_there) = match ours(work, &reader, address).await? {
        Some(id) => (id, true),
        None => {
            free_alias(&reader, address, after).await?;
            (make(work, (&reader, &writer), address, after).await?, false)
        }
    };
    let site = Site { account, id, region };
    converge(work, address, &site, after).await?;
    let partition =
        glidepath_model::regions::region(&site.region).map_or("aws", |region| region.partition.as_str());
    let arn = format!("arn:{partition}:kms:{}:{}:key/{}", site.region, site.account, site.id);
    let outcome = Outcome::of(arn);
    Ok(if was_there { outcome.noting("it was there already and carries our mark") } else { outcome })
}

async fn make(
    work: &Work<'_>,
    (reader, writer): (&kms::Reader, &kms::Writer),
    address: &Address,
    after: &KeySpec,
) -> Result<String, Problem> {
    let document = document(work, after).await?.to_string();
    let new = NewKey {
        description: &after.description,
        policy: &document,
        tags: &after.tags,
        extent: match after.extent {
            KeyExtent::SingleRegion => Extent::Single,
            KeyExtent::MultiRegion => Extent::Multi,
        },
    };
    let begun = work.clock.now();
    let mut sent = 0;
    loop {
        match writer.create_key(new).await {
            Ok(key) => return Ok(key.id),
            Err(error @ Error::OutcomeUnknown { .. }) => {
                if let Some(id) = work.until(LAG, || ours(work, reader, address)).await? {
                    return Ok(id);
                }
                // AWS never got it.
                sent += 1;
                if sent >= ATTEMPTS {
                    return Err(error.into());
                }
            }
            Err(error) if is_too_new(work, &error, after) && work.clock.since(begun) < LAG => {}
            Err(error) => return Err(error.into()),
        }
        work.clock.sleep(PAUSE).await;
    }
}

/// Whether a policy is refused for a principal that this run has just made.
pub(super) fn is_too_new(work: &Work<'_>, error: &Error, after: &KeySpec) -> bool {
    let names = |access: &KeyPolicy| match access {
        KeyPolicy::AfterApply(access) => access.references(),
        KeyPolicy::Known(_) => [Address::Account(after.account.clone())].into(),
    };
    error.code() == Some(UNKNOWN_PRINCIPAL)
        && names(&after.document).iter().any(|address| work.is_new(address))
}

/// The id of the key that carries our mark with this address, of all keys of an account and Region.
async fn ours(work: &Work<'_>, reader: &kms::Reader, address: &Address) -> Result<Option<String>, Problem> {
    let ids = reader.list_keys().await?;
    let asked = ids.into_iter().map(|id| async move {
        match reader.list_tags(&id).await {
            Ok(tags) => Ok(Some((id, tags))),
            // It is gone, or its policy lets nobody of this account look at it: then it is none of ours.
            Err(error) if error.is_not_found() || error.is_denied() => Ok(None),
            Err(error) => Err(Problem::from(error)),
        }
    });
    let mut answers = stream::iter(asked).buffer_unordered(WIDTH);
    let mut found: Vec<String> = Vec::new();
    while let Some(answer) = answers.next().await {
        if let Some((id, tags)) = answer?
            && is_ours(work, address, &tags)
        {
            found.push(id);
        }
    }
    // Whatever order the answers came in.
    Ok(found.into_iter().min())
}

fn is_ours(work: &Work<'_>, address: &Address, tags: &Tags) -> bool {
    Ownership::of(Some(tags), &work.zone.organization) == Ownership::Ours
        && tags.get(ADDRESS) == Some(&address_value(address))
}

/// Refuses where another key has the alias: it has appeared since the plan was made.
async fn free_alias(reader: &kms::Reader, address: &Address, after: &KeySpec) -> Result<(), Problem> {
    let Some(alias) = &after.alias else { return Ok(()) };
    match reader.describe_key(alias).await? {
        Some(key) => Err(Problem::Appeared { address: address.clone(), id: key.arn }),
        None => Ok(()),
    }
}

/// The policy's document, with the ids of what this run has made.
pub(super) async fn document(work: &Work<'_>, after: &KeySpec) -> Result<Value, Problem> {
    let access = match &after.document {
        KeyPolicy::Known(document) => return Ok(Value::clone(document)),
        KeyPolicy::AfterApply(access) => access,
    };
    let mut accounts: BTreeMap<String, String> = BTreeMap::new();
    for address in access.references() {
        if let Address::Account(name) = address {
            let id: AccountId = work.account(&name)?;
            accounts.insert(name, id.to_string());
        }
    }
    let organization = work.reader.describe_organization().await?;
    let partition = glidepath_model::regions::region(&work.zone.home);
    let known = KnownIds {
        partition: partition.map_or("aws", |region| region.partition.as_str()).to_owned(),
        management: work.zone.management_id.to_string(),
        organization: organization.map(|organization| organization.id.to_string()),
        accounts,
    };
    access.document(&known).map_err(Problem::NoId)
}
