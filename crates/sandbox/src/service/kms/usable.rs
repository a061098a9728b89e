//! What another service asks of a key it is told to use: whether it is there, and enabled.

use super::alias::{self, Alias};
use super::key::{self, Key, State};
use crate::world::World;
use glidepath_model::AccountId;

/// Whether a key can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service) enum Usable {
    /// It can; its ARN.
    Yes(String),
    /// It is there and not enabled.
    NotNow,
    /// There is no such key in the Region.
    NotFound,
}

/// Whether the key of an id, alias or ARN can be used in a Region; without an account of its own it is this account's.
pub(in crate::service) fn usable_key(
    world: &World,
    account: &AccountId,
    region: &str,
    named: &str,
) -> Usable {
    let found = || {
        let (account, name) = match named.strip_prefix("arn:aws:kms:") {
            Some(rest) => {
                let mut parts = rest.splitn(3, ':');
                let here = parts.next()? == region;
                let account = AccountId::parse(parts.next()?).ok()?;
                (account, parts.next().filter(|_| here)?)
            }
            None => (account.clone(), named),
        };
        let id = if name.starts_with("alias/") {
            world.get::<Alias>(&alias::row(&account, region, name))?.target.clone()
        } else {
            name.strip_prefix("key/").unwrap_or(name).to_owned()
        };
        world.get::<Key>(&key::row(&account, region, &id))
    };
    match found() {
        None => Usable::NotFound,
        Some(key) if key.state == State::Enabled => Usable::Yes(key.arn()),
        Some(_) => Usable::NotNow,
    }
}
