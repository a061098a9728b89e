//! The alias of an account: one at most, and no two accounts have the same.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/console_account-alias.html>

use super::super::{Context, ServiceError};
use super::Done;
use crate::world::{Entity, World};
use glidepath_model::text::printable;
use serde::{Deserialize, Serialize};

/// The alias of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AccountAlias {
    account: String,
    alias: String,
}

impl Entity for AccountAlias {
    const TABLE: &'static str = "iam.account_alias";

    fn key(&self) -> String {
        self.account.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("alias", self.alias.clone())]
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    account_alias: String,
}

/// Gives the account an alias, in place of the one it had.
pub(super) fn create_account_alias(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    let alias = request.account_alias;
    if context.world.by::<AccountAlias>("alias", &alias).next().is_some() {
        let message = format!("The account alias {alias} already exists.");
        return Err(ServiceError::new("EntityAlreadyExistsException", message));
    }
    context.world.put(AccountAlias { account: context.caller.account.to_string(), alias });
    Ok(Done {})
}

pub(super) fn delete_account_alias(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    let account = context.caller.account.as_str();
    let own = context.world.get::<AccountAlias>(account);
    if own.is_none_or(|own| own.alias != request.account_alias) {
        let message = format!("The account alias {} could not be found.", printable(&request.account_alias));
        return Err(ServiceError::new("NoSuchEntityException", message));
    }
    context.world.delete::<AccountAlias>(account);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
pub(super) struct List {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Aliases {
    account_aliases: Vec<String>,
    is_truncated: bool,
}

/// One page at most: an account has one alias.
pub(super) fn list_account_aliases(context: &mut Context<'_>, _: List) -> Result<Aliases, ServiceError> {
    let own = context.world.get::<AccountAlias>(context.caller.account.as_str());
    Ok(Aliases { account_aliases: own.iter().map(|own| own.alias.clone()).collect(), is_truncated: false })
}

pub(super) fn show(world: &World) -> Vec<String> {
    world
        .all::<AccountAlias>()
        .map(|row| format!("account alias {} of {}", printable(&row.alias), row.account))
        .collect()
}
