//! Texts that carry a value to a client and back and that nobody but the sandbox can make: closed with a digest over the
//! world's seed. So handing out a token writes nothing, and one made up by hand is refused.

use crate::world::World;
use glidepath_model::Digest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Write as _;

/// The sealed text of a value; `kind` keeps texts of one use from another.
pub(in crate::service) fn seal<T: Serialize>(world: &World, kind: &str, value: &T) -> String {
    // What is sealed is a struct of texts, numbers and times: it always has a JSON form.
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut sealed = String::with_capacity(text.len() * 2 + 33);
    for byte in text.bytes() {
        // Writing to a String cannot fail.
        let _ = write!(sealed, "{byte:02x}");
    }
    let closing = closing(world, kind, &sealed);
    sealed.push('.');
    sealed.push_str(&closing);
    sealed
}

/// The value in a sealed text; none if it is none of ours.
pub(in crate::service) fn open<T: DeserializeOwned>(world: &World, kind: &str, sealed: &str) -> Option<T> {
    let (text, given) = sealed.split_once('.')?;
    if given != closing(world, kind, text) {
        return None;
    }
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    serde_json::from_slice(&bytes?).ok()
}

fn closing(world: &World, kind: &str, text: &str) -> String {
    let digest = Digest::of_bytes(format!("{}/{kind}/{text}", world.seed().seed).as_bytes());
    digest.as_str().chars().take(32).collect()
}
