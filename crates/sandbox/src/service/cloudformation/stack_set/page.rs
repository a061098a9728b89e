//! Pages of a listing. A token names the key after which the listing goes on and is bound to the operation and its
//! parameters; a page costs what is on it, whatever the table holds.
//!
//! AWS's pages have up to 100 things; the sandbox's are smaller where the request does not say, so that clients meet
//! the second one early.

use super::super::super::ServiceError;
use super::super::refusal::invalid;
use crate::world::{Alphabet, Entity, World};
use std::fmt::Write as _;
use std::sync::Arc;

/// Things on a page where the request does not say.
const PAGE_SIZE: usize = 20;

/// What a listing asks for.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// The operation and every parameter that selects what is listed.
    pub(super) listing: String,
    pub(super) token: Option<&'a str>,
    pub(super) size: Option<usize>,
}

/// A page.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// Takes one page: `after` gives, with their keys and in order of these, up to so many things that come after a key.
pub(super) fn page<T>(
    world: &World,
    wanted: &Wanted<'_>,
    after: impl FnOnce(Option<&str>, usize) -> Vec<(String, T)>,
) -> Result<Page<T>, ServiceError> {
    let stamp = world.derive(&format!("page/{}", wanted.listing), Alphabet::LowerAlphanumeric, 12);
    let start = match wanted.token {
        None => None,
        Some(token) => Some(read_token(&stamp, token).ok_or_else(|| {
            invalid("NextToken is not one that this operation returned for these parameters")
        })?),
    };
    let size = wanted.size.unwrap_or(PAGE_SIZE);
    let mut found = after(start.as_deref(), size + 1);
    let more = found.len() > size;
    found.truncate(size);
    let last = found.last().map(|(key, _)| key.clone());
    let items = found.into_iter().map(|(_, item)| item).collect();
    Ok(Page { items, next: last.filter(|_| more).map(|key| token(&stamp, &key)) })
}

/// Up to so many wanted rows whose keys start with a prefix, after a key.
pub(super) fn rows<E: Entity>(
    world: &World,
    prefix: &str,
    after: Option<&str>,
    at_most: usize,
    wanted: impl Fn(&E) -> bool,
) -> Vec<(String, Arc<E>)> {
    let keyed = |row: Arc<E>| (row.key(), row);
    match after {
        None => world.below::<E>(prefix).filter(|row| wanted(row)).take(at_most).map(keyed).collect(),
        Some(key) => world
            .after::<E>(Some(key))
            .map(keyed)
            .take_while(|(key, _)| key.starts_with(prefix))
            .filter(|(_, row)| wanted(row))
            .take(at_most)
            .collect(),
    }
}

fn token(stamp: &str, key: &str) -> String {
    let mut token = format!("{stamp}.");
    for byte in key.bytes() {
        // Writing to a String cannot fail.
        let _ = write!(token, "{byte:02x}");
    }
    token
}

fn read_token(stamp: &str, token: &str) -> Option<String> {
    let digits = token.strip_prefix(stamp)?.strip_prefix('.')?;
    let pairs = digits.as_bytes().chunks(2).map(std::str::from_utf8);
    let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair.ok()?, 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}
