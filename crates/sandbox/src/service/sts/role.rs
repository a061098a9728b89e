//! An IAM role, as far as assuming it needs one: where it is and who may become it.

use crate::world::{Alphabet, Entity, World};
use glidepath_model::AccountId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An IAM role that can be assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The account it is in.
    pub account: AccountId,
    /// Its path, `/` or `/glidepath/`.
    pub path: String,
    /// Its name.
    pub name: String,
    /// The accounts whose administrators and sessions its trust policy lets in.
    pub trusts: BTreeSet<AccountId>,
    /// The longest session it allows, in seconds.
    pub max_session: u32,
}

impl Role {
    /// A role with AWS's default session length of one hour.
    #[must_use]
    pub fn new(account: AccountId, path: &str, name: &str, trusts: BTreeSet<AccountId>) -> Self {
        Self { account, path: path.to_owned(), name: name.to_owned(), trusts, max_session: 3_600 }
    }

    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::{}:role{}{}", self.account, self.path, self.name)
    }
}

impl Entity for Role {
    const TABLE: &'static str = "sts.role";

    // Role names are unique in an account whatever their path.
    fn key(&self) -> String {
        format!("{}/{}", self.account, self.name)
    }
}

/// Adds a role, or replaces the one of that name.
pub fn add_role(world: &mut World, role: Role) {
    world.put(role);
}

/// Removes a role, if there is one of that name.
pub fn remove_role(world: &mut World, account: &str, name: &str) {
    world.delete::<Role>(&format!("{account}/{name}"));
}

/// Removes every role of an account that is gone or closed: nobody can enter it any more.
pub fn remove_roles(world: &mut World, account: &AccountId) {
    let keys: Vec<String> = world.below::<Role>(&format!("{account}/")).map(|role| role.key()).collect();
    for key in keys {
        world.delete::<Role>(&key);
    }
}

/// Reads `arn:aws:iam::444455556666:role/path/name` into account, path and name.
pub(super) fn parse_arn(arn: &str) -> Option<(AccountId, &str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next();
    let (scheme, _partition, service, region) = (next()?, next()?, next()?, next()?);
    let account = AccountId::parse(next()?).ok()?;
    let resource = next()?.strip_prefix("role")?;
    let (before, name) = resource.rsplit_once('/')?;
    let path = resource.get(..=before.len())?;
    let right = scheme == "arn" && service == "iam" && region.is_empty() && !name.is_empty();
    right.then_some((account, path, name))
}

/// The account and the name of the role in an ARN.
pub(crate) fn account_and_role(arn: &str) -> Option<(AccountId, &str)> {
    parse_arn(arn).map(|(account, _path, name)| (account, name))
}

/// The unique id of a role, as AWS gives it and shows it in place of a deleted role's ARN.
pub(crate) fn role_id(world: &World, account: &AccountId, name: &str) -> String {
    format!("AROA{}", world.derive(&format!("principal/{account}/{name}"), Alphabet::Base32, 17))
}

/// The role of an ARN, trusting the management account and its own; none if the text is no role's ARN.
pub(crate) fn role_of(world: &World, arn: &str) -> Option<Role> {
    let (account, path, name) = parse_arn(arn)?;
    let trusts = BTreeSet::from([world.seed().management.id.clone(), account.clone()]);
    Some(Role::new(account, path, name, trusts))
}

/// The roles of the seed.
pub(super) fn found(world: &mut World) {
    let roles: Vec<Role> = world.seed().roles.iter().filter_map(|arn| role_of(world, arn)).collect();
    for role in roles {
        add_role(world, role);
    }
}

pub(super) fn show(world: &World) -> Vec<String> {
    world.all::<Role>().map(|role| format!("role {}", role.arn())).collect()
}
