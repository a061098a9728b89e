//! The context of a request: what its condition keys hold, and which of them nobody knows.

use std::collections::BTreeMap;

/// What one key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// These values; none at all counts as absent.
    Values(Vec<String>),
    /// Something, or nothing: it is not known.
    Unknown,
}

/// Condition keys and what they hold. A key that is not here is *absent*: known not to be there.
///
/// Keys compare without regard to case, tag keys included; source:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    keys: BTreeMap<String, Held>,
}

/// What looking a key up found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// These values, at least one.
    Values(&'a [String]),
    /// The key is not in the request.
    Absent,
    /// It is not known whether it is, or what it holds.
    Unknown,
}

impl Context {
    /// An empty context.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key to one value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.keys.insert(key.to_ascii_lowercase(), Held::Values(vec![value.into()]));
    }

    /// Sets a key to several values.
    pub fn set_all(&mut self, key: &str, values: Vec<String>) {
        self.keys.insert(key.to_ascii_lowercase(), Held::Values(values));
    }

    /// Says that nobody knows this key.
    pub fn set_unknown(&mut self, key: &str) {
        self.keys.insert(key.to_ascii_lowercase(), Held::Unknown);
    }

    /// Sets a key to one value unless it is there or said to be unknown.
    pub fn set_default(&mut self, key: &str, value: impl Into<String>) {
        let key = key.to_ascii_lowercase();
        self.keys.entry(key).or_insert_with(|| Held::Values(vec![value.into()]));
    }

    /// What a key in lower case holds.
    #[must_use]
    pub fn get(&self, lower_case_key: &str) -> Lookup<'_> {
        match self.keys.get(lower_case_key) {
            None => Lookup::Absent,
            Some(Held::Unknown) => Lookup::Unknown,
            Some(Held::Values(values)) if values.is_empty() => Lookup::Absent,
            Some(Held::Values(values)) => Lookup::Values(values),
        }
    }
}
