//! Words: texts that many rows share, such as types, statuses and names in templates, each kept once in the process.
//!
//! A world of a hundred thousand stacks says `AWS::KMS::Key` a million times.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// A text that is kept once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Arc<str>);

/// Every word so far. What one world said another will say too, so none is ever let go of; texts that belong to one
/// thing alone have no place here.
static WORDS: Mutex<Option<HashSet<Arc<str>>>> = Mutex::new(None);

impl Word {
    /// The word of this text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
        let words = words.get_or_insert_default();
        if let Some(known) = words.get(text) {
            return Self(known.clone());
        }
        let new: Arc<str> = Arc::from(text);
        words.insert(new.clone());
        Self(new)
    }

    /// A text that nothing else says, as a word of its own.
    #[must_use]
    pub fn alone(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Word {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::of(text)
    }
}

impl From<&String> for Word {
    fn from(text: &String) -> Self {
        Self::of(text)
    }
}

impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Word {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::of(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_word_also_when_they_come_from_a_file() {
        let word = Word::of("AWS::KMS::Key");
        assert!(Arc::ptr_eq(&word.0, &Word::of("AWS::KMS::Key").0));
        let text = serde_json::to_string(&word).unwrap();
        assert_eq!(text, "\"AWS::KMS::Key\"");
        let read: Word = serde_json::from_str(&text).unwrap();
        assert!(Arc::ptr_eq(&word.0, &read.0) && word == "AWS::KMS::Key");
    }
}
