//! Pages of a listing: at most 20 items, a token for the rest, and now and then an empty page with a token, as AWS
//! warns of. Which pages come empty follows from the world's seed.
//!
//! A token names the key after which the listing goes on and is bound to the operation and its parameters.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>

use super::super::ServiceError;
use super::refusal::invalid;
use crate::world::{Alphabet, World, fraction};

/// One page in so many comes empty.
const EMPTY_ONE_IN: f64 = 40.0;
/// AWS's page size where `MaxResults` is absent; it is also the most that can be asked for.
const PAGE_SIZE: u64 = 20;
/// How many items a listing need fetch: one more than the largest page tells whether there is another one.
pub(super) const LOOK_AHEAD: usize = 21;

/// What a listing asks for.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// The operation and every parameter that selects what is listed.
    pub(super) listing: String,
    pub(super) token: Option<&'a str>,
    pub(super) size: Option<u64>,
}

/// A page.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

impl<T> Page<T> {
    /// The page with every item turned into something else.
    pub(super) fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

/// A listing's items with their keys, in key order.
pub(super) type Items<'a, T> = Box<dyn Iterator<Item = (String, T)> + 'a>;

/// Takes one page out of the items that `after` gives for a key.
pub(super) fn page<'a, T>(
    world: &'a World,
    wanted: &Wanted<'a>,
    after: impl FnOnce(&'a World, Option<String>) -> Items<'a, T>,
) -> Result<Page<T>, ServiceError> {
    let seed = world.seed().seed;
    let stamp = world.derive(&format!("page/{}", wanted.listing), Alphabet::LowerAlphanumeric, 12);
    let (start, rested) = match wanted.token {
        None => (None, false),
        Some(token) => read_token(&stamp, token).ok_or_else(|| {
            invalid("INVALID_NEXT_TOKEN", "You specified an invalid value for the NextToken parameter.")
        })?,
    };
    let size = usize::try_from(wanted.size.unwrap_or(PAGE_SIZE)).unwrap_or(usize::MAX);
    let chance = format!("empty page/{}/{}", wanted.listing, start.as_deref().unwrap_or_default());
    if !rested && fraction(seed, &chance) * EMPTY_ONE_IN < 1.0 {
        return Ok(Page { items: Vec::new(), next: Some(token(&stamp, start.as_deref(), 'e')) });
    }
    let mut found = after(world, start);
    let mut items = Vec::with_capacity(size);
    let mut last = None;
    for (key, item) in found.by_ref().take(size) {
        items.push(item);
        last = Some(key);
    }
    let next = found.next().is_some().then(|| token(&stamp, last.as_deref(), 'n'));
    Ok(Page { items, next })
}

/// A page of things that lie in memory, by key.
pub(super) fn page_of<T>(
    world: &World,
    wanted: &Wanted<'_>,
    things: Vec<(String, T)>,
) -> Result<Page<T>, ServiceError> {
    page(world, wanted, |_, after| {
        Box::new(things.into_iter().filter(move |(key, _)| after.as_ref().is_none_or(|after| key > after)))
    })
}

fn token(stamp: &str, key: Option<&str>, kind: char) -> String {
    use std::fmt::Write as _;
    let mut token = format!("{stamp}{kind}");
    for byte in key.unwrap_or_default().bytes() {
        // Writing to a String cannot fail.
        let _ = write!(token, "{byte:02x}");
    }
    token
}

/// The key a token goes on after, and whether the page before it was an empty one.
fn read_token(stamp: &str, token: &str) -> Option<(Option<String>, bool)> {
    let rest = token.strip_prefix(stamp)?;
    let (rested, digits) = match rest.strip_prefix('e') {
        Some(digits) => (true, digits),
        None => (false, rest.strip_prefix('n')?),
    };
    let pairs = digits.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    let key = String::from_utf8(bytes?).ok()?;
    Some((Some(key).filter(|key| !key.is_empty()), rested))
}
