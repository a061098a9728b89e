//! Ids in the form of UUIDs.

use crate::world::{Alphabet, World};

/// A UUID for a new thing; `kind` and `natural` say what it is.
pub(in crate::service) fn mint(world: &mut World, kind: &str, natural: &str) -> String {
    hyphened(&world.mint(kind, natural, Alphabet::LowerHexadecimal, 32))
}

/// Thirty-two digits with hyphens where a UUID has them.
fn hyphened(digits: &str) -> String {
    let mut id = String::with_capacity(36);
    for (at, digit) in digits.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        id.push(digit);
    }
    id
}
