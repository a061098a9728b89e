//! Pages of a listing. A token names the last thing of its page and is bound to the operation and its parameters.
//!
//! CloudFormation's pages have up to 100 things; the sandbox's are smaller, so that clients meet the second one early.

use super::super::ServiceError;
use super::refusal::invalid;
use crate::world::{Alphabet, World};
use std::fmt::Write as _;

/// Things on a page where the request does not say.
const PAGE_SIZE: usize = 20;

/// What a listing asks for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The operation and every parameter that selects what is listed.
    pub(super) listing: String,
    pub(super) token: Option<String>,
    pub(super) size: Option<usize>,
}

/// A page.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// Takes one page out of things with their keys, in the order they are listed.
pub(super) fn page<T>(
    world: &World,
    wanted: &Wanted,
    things: Vec<(String, T)>,
) -> Result<Page<T>, ServiceError> {
    let stamp = world.derive(&format!("page/{}", wanted.listing), Alphabet::LowerAlphanumeric, 12);
    let start = match &wanted.token {
        None => 0,
        Some(token) => {
            let last = read_token(&stamp, token).ok_or_else(bad_token)?;
            things.iter().position(|(key, _)| *key == last).ok_or_else(bad_token)? + 1
        }
    };
    let size = wanted.size.unwrap_or(PAGE_SIZE);
    let more = things.len() > start + size;
    let mut last = String::new();
    let mut items = Vec::with_capacity(size.min(things.len()));
    for (key, item) in things.into_iter().skip(start).take(size) {
        last = key;
        items.push(item);
    }
    Ok(Page { items, next: more.then(|| token(&stamp, &last)) })
}

fn bad_token() -> ServiceError {
    invalid("NextToken is not one that this operation returned for these parameters")
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
