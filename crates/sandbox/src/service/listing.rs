//! Pages of a listing, for services that go on by `NextToken`: so many items, a token for the rest.
//!
//! A token names the key after which the listing goes on and is bound to the operation and its parameters. A page may
//! hold fewer items than asked for, as AWS warns; which pages do so follows from the world's seed.

use crate::world::{Alphabet, World, fraction};
use std::fmt::Write as _;

/// One page in so many is cut short.
const SHORT_ONE_IN: f64 = 8.0;

/// What a listing asks for.
#[derive(Debug)]
pub(in crate::service) struct Wanted<'a> {
    /// The operation and every parameter that selects what is listed.
    pub(in crate::service) listing: String,
    /// Where the listing goes on.
    pub(in crate::service) token: Option<&'a str>,
    /// The most items on the page.
    pub(in crate::service) size: u64,
}

/// A page.
#[derive(Debug)]
pub(in crate::service) struct Page<T> {
    pub(in crate::service) items: Vec<T>,
    pub(in crate::service) next: Option<String>,
}

/// A token that this listing never gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service) struct UnknownToken;

/// Takes one page out of items that come with their keys, in key order.
///
/// # Errors
/// [`UnknownToken`] for a token of another listing.
pub(in crate::service) fn page<T>(
    world: &World,
    wanted: &Wanted<'_>,
    items: impl Iterator<Item = (String, T)>,
) -> Result<Page<T>, UnknownToken> {
    let stamp = world.derive(&format!("listing/{}", wanted.listing), Alphabet::LowerAlphanumeric, 12);
    let token = wanted.token.filter(|token| !token.is_empty());
    let start = token.map(|token| read(&stamp, token).ok_or(UnknownToken)).transpose()?;
    let chance = format!("short page/{}/{}", wanted.listing, start.as_deref().unwrap_or_default());
    let short = fraction(world.seed().seed, &chance) * SHORT_ONE_IN < 1.0;
    let size = if short && wanted.size > 1 { wanted.size - 1 } else { wanted.size };
    let mut rest = items.filter(|(key, _)| start.as_ref().is_none_or(|start| key > start));
    let mut page = Vec::new();
    let mut last = String::new();
    for (key, item) in rest.by_ref().take(usize::try_from(size).unwrap_or(usize::MAX)) {
        page.push(item);
        last = key;
    }
    let next = rest.next().is_some().then(|| token_of(&stamp, &last));
    Ok(Page { items: page, next })
}

fn token_of(stamp: &str, key: &str) -> String {
    let mut token = stamp.to_owned();
    for byte in key.bytes() {
        // Writing to a String cannot fail.
        let _ = write!(token, "{byte:02x}");
    }
    token
}

fn read(stamp: &str, token: &str) -> Option<String> {
    let pairs = token.strip_prefix(stamp)?.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> =
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}
