//! Pages of a listing: so many items, a marker for the rest.
//!
//! A marker names the key after which the listing goes on and is bound to the operation and its parameters. AWS says
//! that a page may hold fewer items than asked for; which pages do so follows from the world's seed.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html>

use super::super::ServiceError;
use super::refusal::invalid;
use crate::world::{Alphabet, World, fraction};
use std::fmt::Write as _;

/// One page in so many is cut short.
const SHORT_ONE_IN: f64 = 8.0;

/// What a listing asks for.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// The operation and every parameter that selects what is listed.
    pub(super) listing: String,
    pub(super) marker: Option<&'a str>,
    pub(super) limit: Option<u64>,
    /// Items on a page when the request does not say.
    pub(super) usual: u64,
    /// The most that can be asked for.
    pub(super) most: u64,
}

/// A page.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// Takes one page out of items that come with their keys, in key order.
pub(super) fn page<T>(
    world: &World,
    wanted: &Wanted<'_>,
    items: impl Iterator<Item = (String, T)>,
) -> Result<Page<T>, ServiceError> {
    let limit = wanted.limit.unwrap_or(wanted.usual);
    if !(1..=wanted.most).contains(&limit) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to {}",
            wanted.most
        )));
    }
    let stamp = world.derive(&format!("marker/{}", wanted.listing), Alphabet::LowerAlphanumeric, 12);
    let start = wanted.marker.map(|marker| read(&stamp, marker)).transpose()?;
    let chance = format!("short page/{}/{}", wanted.listing, start.as_deref().unwrap_or_default());
    let short = fraction(world.seed().seed, &chance) * SHORT_ONE_IN < 1.0;
    let size = if short && limit > 1 { limit - 1 } else { limit };
    let mut rest = items.filter(|(key, _)| start.as_ref().is_none_or(|start| key > start));
    let mut page = Vec::new();
    let mut last = String::new();
    for (key, item) in rest.by_ref().take(usize::try_from(size).unwrap_or(usize::MAX)) {
        page.push(item);
        last = key;
    }
    let next = rest.next().is_some().then(|| marker(&stamp, &last));
    Ok(Page { items: page, next })
}

fn marker(stamp: &str, key: &str) -> String {
    let mut marker = stamp.to_owned();
    for byte in key.bytes() {
        // Writing to a String cannot fail.
        let _ = write!(marker, "{byte:02x}");
    }
    marker
}

fn read(stamp: &str, marker: &str) -> Result<String, ServiceError> {
    let text = || -> Option<String> {
        let pairs = marker.strip_prefix(stamp)?.as_bytes().chunks(2);
        let bytes: Option<Vec<u8>> =
            pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
        String::from_utf8(bytes?).ok()
    };
    text().ok_or_else(|| {
        ServiceError::new("InvalidMarkerException", "The marker is not one that this listing returned.")
    })
}
