//! Access tokens: who signed in, and until when.
//!
//! A token carries its sign-in, sealed. Signing out is what is stored.

use super::super::{Context, ServiceError, identitystore, sealed, sso_admin, uuid};
use crate::world::{Dumped, Entity, World};
use glidepath_model::text::printable;
use glidepath_model::{Digest, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Seconds that a sign-in lasts unless the administrator says otherwise.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/user-interactive-sessions.html>
const SESSION_SECONDS: i64 = 8 * 3_600;

const SEAL: &str = "sign-in";

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// There is no instance to sign in to.
    #[error("Identity Center is not enabled in this world")]
    NoInstance,
    /// The directory has no such user.
    #[error("the directory has no user `{0}`\nhelp: make one with `CreateUser` of `identitystore`")]
    UnknownUser(String),
}

/// A sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SignIn {
    /// Tells sign-ins of one user apart.
    id: String,
    store: String,
    /// The user's id.
    pub(super) user: String,
    /// The user's name, by which its sessions go.
    pub(super) name: String,
    until: Timestamp,
}

/// A sign-in that ended by the user's wish.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SignedOut {
    digest: String,
}

impl Entity for SignedOut {
    const TABLE: &'static str = "sso.signed_out";
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.digest.clone()
    }
}

/// Signs the user of a name in; its access token.
pub(crate) fn sign_in(world: &mut World, name: &str) -> Result<String, SignInError> {
    let (store, _) = sso_admin::enabled(world).ok_or(SignInError::NoInstance)?;
    let user = identitystore::id_of_user(world, &store, name);
    let user = user.ok_or_else(|| SignInError::UnknownUser(printable(name).into_owned()))?;
    let id = uuid::mint(world, "sign-in", &user);
    let until = world.now().checked_add(SignedDuration::from_secs(SESSION_SECONDS)).unwrap_or(Timestamp::MAX);
    Ok(sealed::seal(world, SEAL, &SignIn { id, store, user, name: name.to_owned(), until }))
}

fn digest(token: &str) -> String {
    Digest::of_bytes(token.as_bytes()).as_str().to_owned()
}

/// The sign-in of a token that is in force.
pub(super) fn read(context: &Context<'_>, token: &str) -> Result<SignIn, ServiceError> {
    let refused = || ServiceError::new("UnauthorizedException", "Session token not found or invalid");
    let signed_in: SignIn = sealed::open(context.world, SEAL, token).ok_or_else(refused)?;
    if signed_in.until <= context.now || context.world.get::<SignedOut>(&digest(token)).is_some() {
        return Err(refused());
    }
    Ok(signed_in)
}

/// What the user of a token reaches.
pub(super) fn reached(
    context: &Context<'_>,
    token: &str,
) -> Result<(SignIn, Vec<sso_admin::Assigned>), ServiceError> {
    let signed_in = read(context, token)?;
    let is_there = identitystore::knows(
        context.world,
        &signed_in.store,
        sso_admin::PrincipalType::User,
        &signed_in.user,
    );
    if !is_there {
        return Err(ServiceError::new("ResourceNotFoundException", "The user does not exist any more."));
    }
    let assigned = sso_admin::assigned_to(context.world, &signed_in.store, &signed_in.user);
    Ok((signed_in, assigned))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfToken {
    access_token: String,
}

/// The answer of an operation that has none.
#[derive(Debug, Serialize)]
pub(super) struct Done {}

/// Ends a sign-in. Sessions of roles that came of it go on.
pub(super) fn logout(context: &mut Context<'_>, request: OfToken) -> Result<Done, ServiceError> {
    read(context, &request.access_token)?;
    context.world.put(SignedOut { digest: digest(&request.access_token) });
    Ok(Done {})
}
