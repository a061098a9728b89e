//! The canonical dump: what two worlds that went different ways to the same end have in common.
//!
//! Ids become natural names, times and bookkeeping are left out, counts of mutating operations stay in.

use super::World;
use super::entity::{Dumped, TableInfo};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How deep a natural name may name other things by id: the tree's depth and some.
const NESTED: usize = 12;

impl World {
    /// The world without ids: table name to (natural key to row). Two worlds are the same landing zone when their
    /// dumps are equal.
    pub(crate) fn canonical_dump(&self, tables: &[TableInfo]) -> Value {
        let mut aliases = BTreeMap::new();
        for table in tables {
            aliases.extend(self.rows(table.name).filter_map(|(_, row)| row.alias()));
        }
        let mut dump = BTreeMap::new();
        for table in tables {
            let Dumped::Without(left_out) = table.dumped else { continue };
            let mut rows = BTreeMap::new();
            for (key, row) in self.rows(table.name) {
                let mut value = row.value();
                if let Value::Object(members) = &mut value {
                    members.retain(|name, _| !left_out.contains(&name.as_str()));
                }
                rows.insert(named(key, &aliases, NESTED), name_value(value, &aliases));
            }
            let rows: Map<String, Value> = rows.into_iter().collect();
            dump.insert(table.name.to_owned(), Value::Object(rows));
        }
        Value::Object(dump.into_iter().collect())
    }
}

fn name_value(value: Value, aliases: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::String(named(&text, aliases, NESTED)),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(|item| name_value(item, aliases)).collect();
            // A set of ids is stored in order of ids, which differs between equal worlds.
            if items.iter().all(Value::is_string) {
                items.sort_by(|one, two| one.as_str().cmp(&two.as_str()));
            }
            Value::Array(items)
        }
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members
                .into_iter()
                .map(|(key, value)| (named(&key, aliases, NESTED), name_value(value, aliases)))
                .collect();
            Value::Object(members.into_iter().collect())
        }
        scalar => scalar,
    }
}

/// The text with every id in it replaced by its natural name.
fn named(text: &str, aliases: &BTreeMap<String, String>, depth: usize) -> String {
    let id_character =
        |character: char| character.is_ascii_alphanumeric() || character == '-' || character == '_';
    let mut result = String::with_capacity(text.len());
    let mut word = String::new();
    for character in text.chars().map(Some).chain([None]) {
        match character {
            Some(character) if id_character(character) => word.push(character),
            other => {
                match aliases.get(&word) {
                    Some(natural) if depth > 0 => result.push_str(&named(natural, aliases, depth - 1)),
                    _ => result.push_str(&word),
                }
                word.clear();
                result.extend(other);
            }
        }
    }
    result
}
