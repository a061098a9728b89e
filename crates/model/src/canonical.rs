//! Canonical JSON and its digest: the same value gives the same text, whatever order it came in.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Digest as _;
use std::fmt;

/// A value as compact JSON with object keys sorted by their Unicode code points.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort();
            text.push('{');
            for (at, key) in keys.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&Value::String(key.clone()).to_string());
                text.push(':');
                if let Some(member) = members.get(key) {
                    write_canonical(member, text);
                }
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_canonical(item, text);
            }
            text.push(']');
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            text.push_str(&scalar.to_string());
        }
    }
}

/// SHA-256 of a canonical text, as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of a value's canonical JSON.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        Self::of_bytes(canonical_json(value).as_bytes())
    }

    /// The digest of these very bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        use fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in sha2::Sha256::digest(bytes) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// All 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_order_does_not_reach_the_text() {
        let one: Value = serde_json::from_str(r#"{"b":[1,{"z":null,"a":"é\""}],"a":true}"#).unwrap();
        let two: Value = serde_json::from_str(r#"{"a":true,"b":[1,{"a":"é\"","z":null}]}"#).unwrap();
        assert_eq!(canonical_json(&one), r#"{"a":true,"b":[1,{"a":"é\"","z":null}]}"#);
        assert_eq!(Digest::of(&one), Digest::of(&two));
    }
}
