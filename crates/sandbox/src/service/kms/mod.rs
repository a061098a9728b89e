//! The Key Management Service, as far as managing keys goes: keys and their states, policies, aliases, rotation, tags,
//! grants, multi-Region keys, deletion. No operation that encrypts or signs.
//!
//! Keys belong to an account and a Region: the caller's, and the one the request was signed for. Who may use a key is
//! decided by its policy ([`access`]); every identity of the sandbox may do everything that a key's policy lets it.
//! AWS managed keys, custom key stores and importing key material are not simulated.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html>

mod access;
mod alias;
mod deletion;
mod grant;
mod key;
mod key_creation;
mod key_policy;
mod key_spec;
mod metadata;
mod page;
mod policy_document;
mod primary_region;
mod refusal;
mod replica;
mod rotation;
mod show;
mod state;
mod tag;
mod usable;

pub(super) use usable::{Usable, usable_key};

use super::{Access, Operation, Service, typed};
use crate::world::{Due, TableInfo, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};

/// The service.
pub const SERVICE: Service =
    Service { name: NAME, operations, tables, found: |_| {}, settle, show: show::lines };

const NAME: &str = "kms";

/// The answer of an operation that has none.
#[derive(Debug, Serialize)]
struct Done {}

/// A request that names a key and nothing else.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfKey {
    key_id: String,
}

macro_rules! operations {
    ($($name:literal $access:ident $handler:path,)+) => {
        vec![$(Operation {
            name: $name,
            access: Access::$access,
            handler: |context, request| typed(context, request, $handler),
        }),+]
    };
}

fn operations() -> Vec<Operation> {
    operations![
        "CancelKeyDeletion" Write deletion::cancel_key_deletion,
        "CreateAlias" Write alias::create_alias,
        "CreateGrant" Write grant::create_grant,
        "CreateKey" Write key_creation::create_key,
        "DeleteAlias" Write alias::delete_alias,
        "DescribeKey" Read metadata::describe_key,
        "DisableKey" Write state::disable_key,
        "DisableKeyRotation" Write rotation::disable_key_rotation,
        "EnableKey" Write state::enable_key,
        "EnableKeyRotation" Write rotation::enable_key_rotation,
        "GetKeyPolicy" Read key_policy::get_key_policy,
        "GetKeyRotationStatus" Read rotation::get_key_rotation_status,
        "ListAliases" Read alias::list_aliases,
        "ListGrants" Read grant::list_grants,
        "ListKeyPolicies" Read key_policy::list_key_policies,
        "ListKeys" Read key::list_keys,
        "ListResourceTags" Read tag::list_resource_tags,
        "PutKeyPolicy" Write key_policy::put_key_policy,
        "ReplicateKey" Write replica::replicate_key,
        "RetireGrant" Write grant::retire_grant,
        "RevokeGrant" Write grant::revoke_grant,
        "ScheduleKeyDeletion" Write deletion::schedule_key_deletion,
        "TagResource" Write tag::tag_resource,
        "UntagResource" Write tag::untag_resource,
        "UpdateAlias" Write alias::update_alias,
        "UpdateKeyDescription" Write metadata::update_key_description,
        "UpdatePrimaryRegion" Write primary_region::update_primary_region,
    ]
}

fn tables() -> Vec<TableInfo> {
    vec![TableInfo::of::<alias::Alias>(), TableInfo::of::<grant::Grant>(), TableInfo::of::<key::Key>()]
}

fn settle(world: &mut World, due: &Due) {
    match due.kind.as_str() {
        state::DUE_SETTLED => state::settle(world, due),
        deletion::DUE_DELETED => deletion::settle(world, due),
        _ => {}
    }
}

/// Has `kind` carried out for `key` after so many seconds.
fn schedule(world: &mut World, now: Timestamp, seconds: i64, kind: &str, key: &str) {
    let at = later(now, seconds);
    world.schedule(Due { at, service: NAME.to_owned(), kind: kind.to_owned(), key: key.to_owned() });
}

/// The time so many seconds later; the last one there is where that lies beyond the calendar's end.
fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
