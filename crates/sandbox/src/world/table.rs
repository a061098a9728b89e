//! One table: rows by key, and the sets of keys that rows are also found by.
//!
//! A table is cloned in constant time until the next write to it: rows and indexes stand behind an [`Arc`] each.
//! Indexes are derived from the rows and never stored.

use super::entity::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

/// Rows by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    rows: Arc<BTreeMap<String, Arc<dyn Row>>>,
    /// (index, value, key): one ordered set serves every index of the table, and paging within a value.
    found_by: Arc<BTreeSet<(&'static str, String, String)>>,
}

impl Table {
    pub(crate) fn get(&self, key: &str) -> Option<&Arc<dyn Row>> {
        self.rows.get(key)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Puts a row, or with none removes it; tells what stood there before.
    pub(crate) fn set(&mut self, key: &str, row: Option<Arc<dyn Row>>) -> Option<Arc<dyn Row>> {
        let entries = row.as_ref().map(|row| row.index()).unwrap_or_default();
        let rows = Arc::make_mut(&mut self.rows);
        let before = match row {
            Some(row) => rows.insert(key.to_owned(), row),
            None => rows.remove(key),
        };
        let gone = before.as_ref().map(|row| row.index()).unwrap_or_default();
        if gone != entries {
            let found_by = Arc::make_mut(&mut self.found_by);
            for (index, value) in gone {
                found_by.remove(&(index, value, key.to_owned()));
            }
            for (index, value) in entries {
                found_by.insert((index, value, key.to_owned()));
            }
        }
        before
    }

    /// Rows in key order, starting after a key.
    pub(crate) fn after(&self, key: Option<&str>) -> impl Iterator<Item = (&String, &Arc<dyn Row>)> {
        let from = key.map_or(Bound::Unbounded, Bound::Excluded);
        self.rows.range::<str, _>((from, Bound::Unbounded))
    }

    /// Rows whose key starts with `prefix`, in key order.
    pub(crate) fn below<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Arc<dyn Row>)> {
        self.rows
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(move |(key, _)| key.starts_with(prefix))
    }

    /// Rows found by a value of an index, in key order, starting after a key.
    pub(crate) fn by<'a>(
        &'a self,
        index: &'static str,
        value: &'a str,
        after: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<dyn Row>> {
        let from = (index, value.to_owned(), after.unwrap_or_default().to_owned());
        let start = if after.is_some() { Bound::Excluded(from) } else { Bound::Included(from) };
        self.found_by
            .range((start, Bound::Unbounded))
            .take_while(move |(name, of, _)| *name == index && of == value)
            .filter_map(|(_, _, key)| self.rows.get(key))
    }
}
