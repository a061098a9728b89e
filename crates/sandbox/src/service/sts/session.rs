//! The credentials of an assumed role.
//!
//! A session is not stored: its token carries it, closed with a digest over the world's seed, so that becoming a role
//! writes nothing and a token made up by hand is refused.

use super::super::{Caller, Principal};
use super::Role;
use crate::world::{Alphabet, World};
use glidepath_model::{AccountId, Digest, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Why a session token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionError {
    /// It is none of ours, belongs to another access key, or its role is gone.
    Invalid,
    /// Its time is over.
    Expired,
}

/// A session of a role.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) account: AccountId,
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) expires: Timestamp,
}

impl Session {
    fn identity(&self) -> String {
        format!("session/{}/{}/{}/{}", self.account, self.role, self.name, self.expires)
    }

    /// The access key: `ASIA` and 16 characters, as AWS's temporary ones.
    pub(crate) fn access_key(&self, world: &World) -> String {
        format!("ASIA{}", world.derive(&self.identity(), Alphabet::Base32, 16))
    }

    pub(crate) fn secret(&self, world: &World) -> String {
        world.derive(&format!("secret/{}", self.identity()), Alphabet::LowerAlphanumeric, 40)
    }

    pub(crate) fn token(&self, world: &World) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        let mut token = String::with_capacity(text.len() * 2 + 33);
        for byte in text.bytes() {
            // Writing to a String cannot fail.
            let _ = write!(token, "{byte:02x}");
        }
        let seal = seal(world, &token);
        token.push('.');
        token.push_str(&seal);
        token
    }

    /// Reads a token that came with an access key.
    pub(crate) fn read(world: &World, access_key: &str, token: &str) -> Result<Self, SessionError> {
        let (text, given) = token.split_once('.').ok_or(SessionError::Invalid)?;
        if given != seal(world, text) {
            return Err(SessionError::Invalid);
        }
        let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
        let bytes: Result<Vec<u8>, _> = pairs.map(|pair| u8::from_str_radix(pair, 16)).collect();
        let bytes = bytes.map_err(|_| SessionError::Invalid)?;
        let session: Self = serde_json::from_slice(&bytes).map_err(|_| SessionError::Invalid)?;
        if session.access_key(world) != access_key
            || world.get::<Role>(&format!("{}/{}", session.account, session.role)).is_none()
        {
            return Err(SessionError::Invalid);
        }
        if session.expires <= world.now() { Err(SessionError::Expired) } else { Ok(session) }
    }

    pub(crate) fn caller(self) -> Caller {
        Caller {
            account: self.account,
            principal: Principal::Session { role: self.role, session: self.name },
        }
    }
}

fn seal(world: &World, text: &str) -> String {
    let digest = Digest::of_bytes(format!("{}/session/{text}", world.seed().seed).as_bytes());
    digest.as_str().chars().take(32).collect()
}
