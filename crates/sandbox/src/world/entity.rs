//! What a table can hold: the trait of every entity, and the erased row behind it.
//!
//! An entity is a plain serde struct. It names its table, its key inside it, the values it can also be found
//! by, and how it appears in the canonical dump.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// How the rows of a table appear in [`super::World::canonical_dump`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dumped {
    /// With every member but these: times, and ids that nothing else names.
    Without(&'static [&'static str]),
    /// Not at all: bookkeeping that two equal worlds may differ in.
    Never,
}

/// A thing the world holds, stored as one row of one table.
pub trait Entity: Serialize + DeserializeOwned + Clone + fmt::Debug + Send + Sync + 'static {
    /// The table, `<service>.<noun>`: the part before the dot names the file it is folded into.
    const TABLE: &'static str;
    /// How rows appear in the canonical dump.
    const DUMPED: Dumped = Dumped::Without(&[]);

    /// The key, unique in the table. A composite key is joined with `/`, its most general part first, so that
    /// [`super::World::below`] can list by prefix.
    fn key(&self) -> String;

    /// Values this row can also be found by ([`super::World::by`]), as pairs of index name and value.
    fn index(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The id that AWS (here: the seed) made up for it and the natural name that replaces that id wherever it
    /// appears in the canonical dump. The name may itself contain ids; they are replaced too.
    fn alias(&self) -> Option<(String, String)> {
        None
    }
}

/// An entity whose type is known only to its table.
pub(crate) trait Row: Any + fmt::Debug + Send + Sync {
    fn value(&self) -> Value;
    fn index(&self) -> Vec<(&'static str, String)>;
    fn alias(&self) -> Option<(String, String)>;
}

impl<E: Entity> Row for E {
    fn value(&self) -> Value {
        // An entity is a struct of strings, numbers, lists and maps with string keys: it always has a JSON form.
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        Entity::index(self)
    }

    fn alias(&self) -> Option<(String, String)> {
        Entity::alias(self)
    }
}

/// A row taken for what it is; none when the table holds another type, which [`TableInfo`] rules out.
pub(crate) fn typed<E: Entity>(row: &Arc<dyn Row>) -> Option<Arc<E>> {
    let any: Arc<dyn Any + Send + Sync> = row.clone();
    any.downcast::<E>().ok()
}

/// A table's name and how its rows are read back from disk. A service lists one per entity.
#[derive(Debug, Clone, Copy)]
pub struct TableInfo {
    pub(crate) name: &'static str,
    pub(crate) dumped: Dumped,
    pub(crate) decode: fn(Value) -> Result<Arc<dyn Row>, serde_json::Error>,
}

impl TableInfo {
    /// The table of an entity.
    #[must_use]
    pub fn of<E: Entity>() -> Self {
        Self {
            name: E::TABLE,
            dumped: E::DUMPED,
            decode: |value| serde_json::from_value::<E>(value).map(|entity| Arc::new(entity) as Arc<dyn Row>),
        }
    }

    /// The file the table is folded into, without its ending: the service's name.
    pub(crate) fn file(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(service, _)| service)
    }
}
