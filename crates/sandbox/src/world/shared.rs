//! Values that many rows share: the properties of a resource are the same in every account where a template does not
//! name the account, and each is kept once while any row has it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A value that is kept once.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared(Arc<Value>);

/// The values that are in use, by their hash. Those that no row has any more are dropped as others come.
static VALUES: Mutex<Option<HashMap<u64, Vec<Weak<Value>>>>> = Mutex::new(None);

impl Shared {
    /// The one that is kept of this value.
    #[must_use]
    pub fn of(value: Value) -> Self {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        let mut values = VALUES.lock().unwrap_or_else(PoisonError::into_inner);
        let alike = values.get_or_insert_default().entry(hasher.finish()).or_default();
        alike.retain(|kept| kept.strong_count() > 0);
        let known = alike.iter().filter_map(Weak::upgrade).find(|kept| **kept == value);
        Self(known.unwrap_or_else(|| {
            let new = Arc::new(value);
            alike.push(Arc::downgrade(&new));
            new
        }))
    }
}

impl Deref for Shared {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_values_are_one_while_anybody_has_it() {
        let one = Shared::of(json!({"Name": "x", "Tags": [1, 2]}));
        let two: Shared = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
        assert!(Arc::ptr_eq(&one.0, &two.0));
        assert!(!Arc::ptr_eq(&one.0, &Shared::of(json!({"Name": "y"})).0));
    }
}
