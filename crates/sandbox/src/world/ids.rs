//! Ids that look like AWS's and follow from the world's seed and the thing's natural key, never from a counter:
//! two runs that create the same things in another order get the same ids.

use super::entity::{Dumped, Entity};
use glidepath_model::Digest;
use serde::{Deserialize, Serialize};

/// The characters an id is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// `0-9`, as in account ids; the first is never `0`.
    Digits,
    /// `a-z0-9`, as in most Organizations ids.
    LowerAlphanumeric,
    /// `A-Z2-7`, as in access keys.
    Base32,
    /// `0-9a-f`, as in UUIDs and the ids of EC2.
    LowerHexadecimal,
    /// `A-Z0-9`, as at the end of the names that CloudFormation makes up.
    UpperAlphanumeric,
    /// `0-9a-f`, as in key ids.
    Hexadecimal,
}

impl Alphabet {
    fn characters(self) -> &'static [u8] {
        match self {
            Self::Digits => b"0123456789",
            Self::LowerAlphanumeric => b"abcdefghijklmnopqrstuvwxyz0123456789",
            Self::Base32 => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            Self::LowerHexadecimal => b"0123456789abcdef",
            Self::UpperAlphanumeric => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            Self::Hexadecimal => b"0123456789abcdef",
        }
    }
}

/// How often an id was made for a natural key: the second unit of one name gets another id than the first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Generation {
    pub(crate) of: String,
    pub(crate) times: u32,
}

impl Entity for Generation {
    const TABLE: &'static str = "world.generation";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.of.clone()
    }
}

/// `length` characters that depend on the seed and `of` alone.
pub(crate) fn derive(seed: u64, of: &str, alphabet: Alphabet, length: usize) -> String {
    let characters = alphabet.characters();
    let mut text = String::with_capacity(length);
    let mut block = 0_u32;
    while text.len() < length {
        let digest = Digest::of_bytes(format!("{seed}/{block}/{of}").as_bytes());
        for pair in digest.as_str().as_bytes().chunks_exact(2) {
            let Some(byte) =
                std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())
            else {
                continue;
            };
            // Bytes past the last whole multiple would make the first characters likelier than the rest.
            let whole = 256 - 256 % characters.len();
            let Some(character) = characters.get(usize::from(byte) % characters.len()) else { continue };
            let leading_zero = text.is_empty() && *character == b'0' && alphabet == Alphabet::Digits;
            if usize::from(byte) < whole && !leading_zero && text.len() < length {
                text.push(char::from(*character));
            }
        }
        block += 1;
    }
    text
}

/// A number in `0.0..1.0` that depends on the seed and `of` alone.
#[must_use]
pub fn fraction(seed: u64, of: &str) -> f64 {
    let digest = Digest::of_bytes(format!("{seed}/fraction/{of}").as_bytes());
    // 13 hexadecimal digits are 52 bits: what an f64 holds exactly.
    let bits = digest.as_str().get(..13).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "52 bits are held exactly")]
    let numerator = bits as f64;
    numerator / 4_503_599_627_370_496.0
}
