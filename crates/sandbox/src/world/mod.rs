//! The simulated world: tables of entities, the time it has reached, and what falls due.
//!
//! All writes go through [`World::put`] and [`World::delete`], so that one call's changes can be journalled, rolled
//! back when the call is refused, and shown late to readers. The world does no IO: the store writes what
//! [`World::commit`] returns. A clone costs a few reference counts.

mod due;
mod dump;
mod entity;
mod ids;
mod seed;
mod shared;
mod table;
mod word;

pub use due::Due;
pub use entity::{Dumped, Entity, TableInfo};
pub use ids::{Alphabet, fraction};
pub use seed::{Founding, IdentityCenter, ManagementAccount, WorldSeed};
pub use shared::Shared;
pub use word::Word;

pub(crate) use entity::Row;

use crate::faults::{ResourceAct, ResourceFault};
use entity::typed;
use glidepath_model::Timestamp;
use ids::Generation;
use std::collections::BTreeMap;
use std::sync::Arc;
use table::Table;

pub(crate) use seed::Calls;

/// The tables that belong to no service.
pub(crate) fn own_tables() -> Vec<TableInfo> {
    vec![TableInfo::of::<Calls>(), TableInfo::of::<Due>(), TableInfo::of::<Generation>()]
}

/// One row as it was and as it is; none is absent.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) table: &'static str,
    pub(crate) key: String,
    pub(crate) before: Option<Arc<dyn Row>>,
    pub(crate) after: Option<Arc<dyn Row>>,
}

/// Everything the simulated AWS knows.
#[derive(Debug, Clone)]
pub struct World {
    seed: Arc<WorldSeed>,
    now: Timestamp,
    tables: BTreeMap<&'static str, Table>,
    /// What was written since the last commit or roll-back, in order.
    changes: Vec<Change>,
    /// Resources of stacks that fail on purpose; no part of what is stored.
    resource_faults: Arc<[ResourceFault]>,
}

impl World {
    pub(crate) fn new(seed: WorldSeed) -> Self {
        let now = seed.start;
        let resource_faults = Arc::default();
        Self { seed: Arc::new(seed), now, tables: BTreeMap::new(), changes: Vec::new(), resource_faults }
    }

    /// Has resources of stacks fail from now on.
    pub(crate) fn set_resource_faults(&mut self, faults: Arc<[ResourceFault]>) {
        self.resource_faults = faults;
    }

    /// Whether a resource that goes by these names, its type and its logical id, is told to fail.
    #[must_use]
    pub fn fails(&self, act: ResourceAct, place: (&str, &str), names: [&str; 2]) -> bool {
        self.resource_faults.iter().any(|fault| fault.strikes(act, place, names))
    }

    /// The time the world has reached: it never goes back.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn advance(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    /// What the world was made from.
    #[must_use]
    pub fn seed(&self) -> &WorldSeed {
        &self.seed
    }

    /// The row of a key.
    #[must_use]
    pub fn get<E: Entity>(&self, key: &str) -> Option<Arc<E>> {
        self.tables.get(E::TABLE)?.get(key).and_then(typed)
    }

    /// How many rows the table of `E` has.
    #[must_use]
    pub fn count<E: Entity>(&self) -> usize {
        self.tables.get(E::TABLE).map_or(0, Table::len)
    }

    /// Every row, in key order.
    pub fn all<E: Entity>(&self) -> impl Iterator<Item = Arc<E>> {
        self.after(None)
    }

    /// The rows after a key, in key order: a page starts where the last one ended, at no cost for what it skips.
    pub fn after<E: Entity>(&self, key: Option<&str>) -> impl Iterator<Item = Arc<E>> {
        self.tables
            .get(E::TABLE)
            .into_iter()
            .flat_map(move |table| table.after(key))
            .filter_map(|(_, row)| typed(row))
    }

    /// The rows whose key starts with `prefix`, in key order.
    pub fn below<'a, E: Entity>(&'a self, prefix: &'a str) -> impl Iterator<Item = Arc<E>> + 'a {
        self.tables
            .get(E::TABLE)
            .into_iter()
            .flat_map(move |table| table.below(prefix))
            .filter_map(|(_, row)| typed(row))
    }

    /// The rows whose [`Entity::index`] names this value, in key order.
    pub fn by<'a, E: Entity>(
        &'a self,
        index: &'static str,
        value: &'a str,
    ) -> impl Iterator<Item = Arc<E>> + 'a {
        self.by_after(index, value, None)
    }

    /// Like [`World::by`], starting after a key.
    pub fn by_after<'a, E: Entity>(
        &'a self,
        index: &'static str,
        value: &'a str,
        key: Option<&'a str>,
    ) -> impl Iterator<Item = Arc<E>> + 'a {
        self.tables
            .get(E::TABLE)
            .into_iter()
            .flat_map(move |table| table.by(index, value, key))
            .filter_map(typed)
    }

    /// Writes a row, whether or not one of that key exists.
    pub fn put<E: Entity>(&mut self, entity: E) {
        let key = entity.key();
        self.set(E::TABLE, key, Some(Arc::new(entity)));
    }

    /// Removes a row; returns it if there was one.
    pub fn delete<E: Entity>(&mut self, key: &str) -> Option<Arc<E>> {
        let before = self.get::<E>(key)?;
        self.set(E::TABLE, key.to_owned(), None);
        Some(before)
    }

    fn set(&mut self, table: &'static str, key: String, after: Option<Arc<dyn Row>>) {
        let before = self.tables.entry(table).or_default().set(&key, after.clone());
        self.changes.push(Change { table, key, before, after });
    }

    /// Makes an id for a new thing. `kind` and `natural` say what it is (`unit`, `r-ab12/Prod`); a thing that is
    /// created again under the same natural key gets another id.
    pub fn mint(&mut self, kind: &str, natural: &str, alphabet: Alphabet, length: usize) -> String {
        let of = format!("{kind}/{natural}");
        let times = self.get::<Generation>(&of).map_or(0, |generation| generation.times) + 1;
        self.put(Generation { of: of.clone(), times });
        ids::derive(self.seed.seed, &format!("{of}/{times}"), alphabet, length)
    }

    /// Characters that depend on the world's seed and `of` alone; nothing is written.
    #[must_use]
    pub fn derive(&self, of: &str, alphabet: Alphabet, length: usize) -> String {
        ids::derive(self.seed.seed, of, alphabet, length)
    }

    /// What was written since the last commit.
    pub(crate) fn uncommitted(&self) -> &[Change] {
        &self.changes
    }

    /// Accepts what was written since the last commit and hands it over, in order.
    pub(crate) fn commit(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Undoes what was written since the last commit.
    pub(crate) fn roll_back(&mut self) {
        for change in std::mem::take(&mut self.changes).into_iter().rev() {
            self.tables.entry(change.table).or_default().set(&change.key, change.before);
        }
    }

    /// Repeats a change, without noting it as one of this world's own.
    pub(crate) fn replay(&mut self, table: &'static str, key: &str, after: Option<Arc<dyn Row>>) {
        self.tables.entry(table).or_default().set(key, after);
    }

    pub(crate) fn rows(&self, table: &str) -> impl Iterator<Item = (&String, &Arc<dyn Row>)> {
        self.tables.get(table).into_iter().flat_map(|table| table.after(None))
    }
}
