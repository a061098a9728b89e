//! The credentials of an assumed role.
//!
//! A session is not stored: its token carries it, sealed.

use super::super::{Caller, Principal, sealed};
use super::Role;
use crate::world::{Alphabet, World};
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

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
        sealed::seal(world, "session", self)
    }

    /// Reads a token that came with an access key.
    pub(crate) fn read(world: &World, access_key: &str, token: &str) -> Result<Self, SessionError> {
        let session: Self = sealed::open(world, "session", token).ok_or(SessionError::Invalid)?;
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
