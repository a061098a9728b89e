//! An alias: a name for one key of an account and Region.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html>

use super::super::{Context, EpochSeconds, ServiceError};
use super::Done;
use super::access::{self, Given};
use super::key::{Key, PARTITION, State};
use super::page::{Wanted, page};
use super::refusal::{invalid, limit_exceeded, not_found};
use crate::world::{Dumped, Entity};
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Aliases that one key can have.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>
const MOST_OF_A_KEY: usize = 50;

/// An alias.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Alias {
    account: AccountId,
    region: String,
    /// With `alias/` before it.
    name: String,
    /// The id of the key it names.
    pub(super) target: String,
    created: Timestamp,
    updated: Timestamp,
}

impl Entity for Alias {
    const TABLE: &'static str = "kms.alias";
    const DUMPED: Dumped = Dumped::Without(&["created", "updated"]);

    fn key(&self) -> String {
        row(&self.account, &self.region, &self.name)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("target", super::key::row(&self.account, &self.region, &self.target))]
    }
}

/// The key of a row of the table of aliases.
pub(super) fn row(account: &AccountId, region: &str, name: &str) -> String {
    format!("{account}/{region}/{name}")
}

/// The ARN of an alias.
pub(super) fn arn(account: &AccountId, region: &str, name: &str) -> String {
    format!("arn:{PARTITION}:kms:{region}:{account}:{name}")
}

impl Alias {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The aliases of a key.
    pub(super) fn of<'a>(
        world: &'a crate::world::World,
        key_row: &'a str,
    ) -> impl Iterator<Item = Arc<Self>> + 'a {
        world.by::<Self>("target", key_row)
    }
}

/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>, `AliasName`
fn check_name(name: &str) -> Result<(), ServiceError> {
    let wrong = |message: &str| Err(ServiceError::new("InvalidAliasNameException", message));
    let Some(rest) = name.strip_prefix("alias/") else {
        return wrong("Alias must start with the prefix \"alias/\".");
    };
    if rest.is_empty() {
        return wrong("Alias must have a name after the prefix \"alias/\".");
    }
    if rest.starts_with("aws/") {
        return wrong("Alias must not start with the prefix \"alias/aws/\", which is reserved.");
    }
    // The model's pattern lets colons through, the guide does not.
    if rest.contains(':') {
        return wrong("Alias must consist of letters, digits, \"/\", \"_\" and \"-\".");
    }
    Ok(())
}

/// A key as the target of an alias: these operations know no invalid ARN, only a key that is not found.
fn target(context: &Context<'_>, named: &str, operation: &str) -> Result<Arc<Key>, ServiceError> {
    access::key(context, named, Given::Id, operation).map_err(|error| match error.code {
        "InvalidArnException" => not_found(error.message),
        _ => error,
    })
}

fn refuse_full(context: &Context<'_>, key: &Key) -> Result<(), ServiceError> {
    if Alias::of(context.world, &key.key()).count() >= MOST_OF_A_KEY {
        return Err(limit_exceeded(format!("{} has {MOST_OF_A_KEY} aliases already.", key.arn())));
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    alias_name: String,
    target_key_id: String,
}

pub(super) fn create_alias(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    check_name(&request.alias_name)?;
    let key = target(context, &request.target_key_id, "CreateAlias")?;
    key.refuse_in(&State::FIXED)?;
    let (account, region) = (key.account.clone(), key.region.clone());
    let name = request.alias_name;
    if context.world.get::<Alias>(&row(&account, &region, &name)).is_some() {
        let message = format!("An alias with the name {} already exists", arn(&account, &region, &name));
        return Err(ServiceError::new("AlreadyExistsException", message));
    }
    refuse_full(context, &key)?;
    let now = context.now;
    context.world.put(Alias { account, region, name, target: key.id.clone(), created: now, updated: now });
    Ok(Done {})
}

/// The alias of the caller's account and Region, and its key.
fn own(context: &Context<'_>, name: &str) -> Result<(Arc<Alias>, Arc<Key>), ServiceError> {
    let account = &context.caller.account;
    let missing = || not_found(format!("Alias {} is not found.", arn(account, context.region, name)));
    let alias = context.world.get::<Alias>(&row(account, context.region, name)).ok_or_else(missing)?;
    let key = super::key::own(context, &alias.target)?;
    Ok((alias, key))
}

pub(super) fn update_alias(context: &mut Context<'_>, request: Named) -> Result<Done, ServiceError> {
    let (alias, former) = own(context, &request.alias_name)?;
    if !access::may(context, &former, "UpdateAlias") {
        return Err(access::denied(context, &former, "UpdateAlias"));
    }
    let key = target(context, &request.target_key_id, "UpdateAlias")?;
    key.refuse_in(&State::FIXED)?;
    if key.usage != former.usage || key.spec.is_symmetric() != former.spec.is_symmetric() {
        return Err(invalid("Alias must be changed to a key of the same type and usage."));
    }
    if key.id != former.id {
        refuse_full(context, &key)?;
    }
    let updated = context.now;
    context.world.put(Alias { target: key.id.clone(), updated, ..Alias::clone(&alias) });
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteAlias {
    alias_name: String,
}

pub(super) fn delete_alias(context: &mut Context<'_>, request: DeleteAlias) -> Result<Done, ServiceError> {
    let (alias, key) = own(context, &request.alias_name)?;
    if !access::may(context, &key, "DeleteAlias") {
        return Err(access::denied(context, &key, "DeleteAlias"));
    }
    key.refuse_in(&State::UNSETTLED)?;
    context.world.delete::<Alias>(&alias.key());
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListAliases {
    key_id: Option<String>,
    limit: Option<u64>,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AliasesAnswer {
    aliases: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    alias_name: String,
    alias_arn: String,
    target_key_id: String,
    creation_date: EpochSeconds,
    last_updated_date: EpochSeconds,
}

impl Entry {
    fn of(alias: &Alias) -> Self {
        Self {
            alias_name: alias.name.clone(),
            alias_arn: arn(&alias.account, &alias.region, &alias.name),
            target_key_id: alias.target.clone(),
            creation_date: EpochSeconds(alias.created),
            last_updated_date: EpochSeconds(alias.updated),
        }
    }
}

pub(super) fn list_aliases(
    context: &mut Context<'_>,
    request: ListAliases,
) -> Result<AliasesAnswer, ServiceError> {
    // What may be listed is for identities alone to say; no key's policy is asked.
    let key = match &request.key_id {
        Some(named) => Some(access::find(context, named, Given::Id, "ListAliases")?),
        None => None,
    };
    let prefix = format!("{}/{}/", context.caller.account, context.region);
    let of = key.as_ref().map(|key| key.id.as_str());
    let wanted = Wanted {
        listing: format!("ListAliases/{prefix}{}", of.unwrap_or_default()),
        marker: request.marker.as_deref(),
        limit: request.limit,
        usual: 50,
        most: 100,
    };
    let aliases = context.world.below::<Alias>(&prefix);
    let aliases = aliases.filter(|alias| of.is_none_or(|id| alias.target == id));
    let page = page(context.world, &wanted, aliases.map(|alias| (alias.name.clone(), alias)))?;
    Ok(AliasesAnswer {
        aliases: page.items.iter().map(|alias| Entry::of(alias)).collect(),
        truncated: page.next.is_some(),
        next_marker: page.next,
    })
}
