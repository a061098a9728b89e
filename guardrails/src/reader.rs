//! Reading a map of known keys: every complaint is gathered, each with its place.

use crate::fault::{Fault, Place, nearest};
use crate::yaml::{Node, Value};

/// Gathers complaints about one file.
#[derive(Debug)]
pub struct Faults<'f> {
    file: &'f str,
    all: Vec<Fault>,
}

impl<'f> Faults<'f> {
    /// None yet, about this file.
    #[must_use]
    pub fn new(file: &'f str) -> Self {
        Self { file, all: Vec::new() }
    }

    /// Notes a complaint; the `None` is for the caller to return.
    pub fn add<T>(&mut self, place: Place, message: impl AsRef<str>) -> Option<T> {
        self.all.push(Fault::new(self.file, place, message));
        None
    }

    /// The value if there is one and no complaint.
    ///
    /// # Errors
    /// The complaints, in the order of their places.
    pub fn end<T>(mut self, value: Option<T>) -> Result<T, Vec<Fault>> {
        self.all.sort_by_key(|fault| fault.place);
        match value {
            Some(value) if self.all.is_empty() => Ok(value),
            _ => Err(self.all),
        }
    }
}

/// A map whose keys are known.
#[derive(Debug, Clone, Copy)]
pub struct Section<'n> {
    node: &'n Node,
    what: &'n str,
}

impl<'n> Section<'n> {
    /// Opens a map; keys that are not known are complained about.
    pub fn open(faults: &mut Faults<'_>, node: &'n Node, what: &'n str, known: &[&str]) -> Option<Self> {
        let Value::Map(members) = &node.value else {
            return faults.add(node.place, format!("{what} is a map, not {}", node.kind()));
        };
        for member in members {
            if !known.contains(&member.key.as_str()) {
                let hint = nearest(&member.key, known.iter().copied());
                let hint = hint.map_or_else(|| known.join(", "), |name| format!("did you mean `{name}`?"));
                faults.add::<()>(member.place, format!("`{}` is no key of {what}: {hint}", member.key));
            }
        }
        Some(Self { node, what })
    }

    /// Where it begins.
    #[must_use]
    pub fn place(&self) -> Place {
        self.node.place
    }

    /// A key that may be missing; one with nothing behind it counts as missing.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.node.get(key).filter(|node| node.value != Value::Empty)
    }

    /// A key that must be there.
    pub fn want(&self, faults: &mut Faults<'_>, key: &str) -> Option<&'n Node> {
        match self.get(key) {
            Some(node) => Some(node),
            None => faults.add(self.place(), format!("{} lacks `{key}`", self.what)),
        }
    }

    /// A text that must be there.
    pub fn text(&self, faults: &mut Faults<'_>, key: &str) -> Option<String> {
        let node = self.want(faults, key)?;
        text(faults, node, key)
    }

    /// A list of texts that may be missing.
    pub fn texts(&self, faults: &mut Faults<'_>, key: &str) -> Vec<String> {
        self.get(key).map(|node| texts(faults, node, key)).unwrap_or_default()
    }

    /// A whole number that may be missing.
    pub fn integer(&self, faults: &mut Faults<'_>, key: &str) -> Option<i64> {
        let node = self.get(key)?;
        match node.value {
            Value::Integer(number) => Some(number),
            _ => faults.add(node.place, format!("`{key}` is a whole number, not {}", node.kind())),
        }
    }

    /// A word out of a list, which must be there.
    pub fn word<T: Copy>(
        &self,
        faults: &mut Faults<'_>,
        key: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Option<T> {
        let node = self.want(faults, key)?;
        let text = text(faults, node, key)?;
        let found = all.iter().copied().find(|one| word(*one) == text);
        found.or_else(|| {
            let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
            faults.add(node.place, format!("`{text}` for `{key}` is none of {}", words.join(", ")))
        })
    }
}

/// A text.
pub fn text(faults: &mut Faults<'_>, node: &Node, key: &str) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.trim_end().to_owned()),
        _ => faults.add(node.place, format!("`{key}` is a text, not {}", node.kind())),
    }
}

/// A text or a list of texts.
pub fn texts(faults: &mut Faults<'_>, node: &Node, key: &str) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| text(faults, item, key)).collect(),
        _ => text(faults, node, key).into_iter().collect(),
    }
}
