//! The directory itself, and who may use it.

use super::super::{Context, ServiceError, organizations, sso_admin, uuid};
use super::refusal::{Kind, not_found};
use super::{group, membership, user};
use crate::world::{Alphabet, Entity, World};
use glidepath_model::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A directory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Store {
    /// `d-` and ten hexadecimal digits.
    pub(super) id: String,
    owner: AccountId,
    region: String,
}

impl Entity for Store {
    const TABLE: &'static str = "identitystore.store";

    fn key(&self) -> String {
        self.id.clone()
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), "directory".to_owned()))
    }
}

/// The ARN of a directory.
pub(in crate::service) fn store_arn(owner: &AccountId, id: &str) -> String {
    format!("arn:aws:identitystore::{owner}:identitystore/{id}")
}

/// Makes an empty directory; its id.
pub(in crate::service) fn establish(world: &mut World, owner: &AccountId, region: &str) -> String {
    let id = format!("d-{}", world.mint("directory", owner.as_str(), Alphabet::Hexadecimal, 10));
    world.put(Store { id: id.clone(), owner: owner.clone(), region: region.to_owned() });
    id
}

/// Removes every directory with all in it.
pub(in crate::service) fn abolish(world: &mut World) {
    clear::<membership::Membership>(world);
    clear::<group::Group>(world);
    clear::<user::User>(world);
    clear::<Store>(world);
}

fn clear<E: Entity>(world: &mut World) {
    let keys: Vec<String> = world.all::<E>().map(|entity| entity.key()).collect();
    for key in keys {
        world.delete::<E>(&key);
    }
}

/// The directory that a request names by id or ARN, for a caller who may use it.
pub(super) fn find(context: &Context<'_>, named: &str) -> Result<Arc<Store>, ServiceError> {
    let account = context.caller.account.as_str();
    let manages = organizations::organization(context.world)
        .is_some_and(|organization| organization.management == account);
    if !manages && !organizations::administers(context.world, sso_admin::PRINCIPAL, account) {
        let message = format!("User: {} is not authorized to use this identity store.", context.caller.arn());
        return Err(ServiceError::new("AccessDeniedException", message));
    }
    let id = named.rsplit('/').next().unwrap_or(named);
    let found = context.world.get::<Store>(id);
    let found = found.filter(|store| store.region == context.region);
    let found = found.filter(|store| named == id || named == store_arn(&store.owner, id));
    found.ok_or_else(|| not_found(Kind::Store, Some(named)))
}

/// The id in an id or ARN of a user, group or membership.
pub(super) fn id_in(named: &str) -> &str {
    named.rsplit('/').next().unwrap_or(named)
}

/// The ARN of a user, group or membership.
pub(super) fn arn(noun: &str, id: &str) -> String {
    format!("arn:aws:identitystore:::{noun}/{id}")
}

/// An id for a new thing of a directory: the directory's own digits, then a UUID.
pub(super) fn new_id(world: &mut World, store: &Store, kind: &str, natural: &str) -> String {
    let digits = store.id.strip_prefix("d-").unwrap_or(&store.id).to_owned();
    let unique = uuid::mint(world, kind, &format!("{}/{natural}", store.id));
    format!("{digits}-{unique}")
}

/// What every user and group has besides its kind: attributes by name, and who wrote them when.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    /// The id of its directory.
    pub(super) store: String,
    pub(super) id: String,
    pub(super) attributes: Map<String, Value>,
    revision: u64,
    created: Timestamp,
    created_by: String,
    updated: Timestamp,
    updated_by: String,
}

/// What a canonical dump leaves out of a record.
pub(super) const NOT_DUMPED: &[&str] = &["created", "updated"];

impl Record {
    pub(super) fn new(
        context: &Context<'_>,
        store: &str,
        id: String,
        attributes: Map<String, Value>,
    ) -> Self {
        let who = context.caller.arn();
        Self {
            store: store.to_owned(),
            id,
            attributes,
            revision: 1,
            created: context.now,
            created_by: who.clone(),
            updated: context.now,
            updated_by: who,
        }
    }

    /// An attribute that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }

    /// The record with other attributes.
    pub(super) fn changed(&self, context: &Context<'_>, attributes: Map<String, Value>) -> Self {
        Self {
            attributes,
            revision: self.revision + 1,
            updated: context.now,
            updated_by: context.caller.arn(),
            ..self.clone()
        }
    }

    pub(super) fn revision(&self) -> String {
        self.revision.to_string()
    }

    /// Refuses a request that expects another revision.
    pub(super) fn expect(&self, revision: Option<&str>) -> Result<(), ServiceError> {
        match revision {
            Some(wanted) if wanted != self.revision() => Err(super::refusal::changed()),
            _ => Ok(()),
        }
    }

    /// Its attributes as answers have them, with `IdentityStoreId`, `<Noun>Id`, `<Noun>Arn` and who wrote them.
    pub(super) fn described(&self, noun: &str) -> Map<String, Value> {
        let mut shape = self.attributes.clone();
        let seconds =
            |time: Timestamp| serde_json::to_value(super::super::EpochSeconds(time)).unwrap_or_default();
        let mut put = |name: String, value: Value| shape.insert(name, value);
        put("IdentityStoreId".to_owned(), Value::from(self.store.as_str()));
        put(format!("{noun}Id"), Value::from(self.id.as_str()));
        put(format!("{noun}Arn"), Value::from(arn(&noun.to_ascii_lowercase(), &self.id)));
        put("Revision".to_owned(), Value::from(self.revision()));
        put("CreatedAt".to_owned(), seconds(self.created));
        put("CreatedBy".to_owned(), Value::from(self.created_by.as_str()));
        put("UpdatedAt".to_owned(), seconds(self.updated));
        put("UpdatedBy".to_owned(), Value::from(self.updated_by.as_str()));
        shape
    }
}
