//! What `Fn::GetAtt` gives beside the read-only properties: older types give some or all of their properties.
//!
//! cfn-lint keeps these facts in a Python source (`schema/_getatts.py`), of which two literals are read.

use super::{ResourceTypesError, lacks};
use std::collections::{BTreeMap, BTreeSet};

/// The types whose attributes are not just what is read-only.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    /// Those that give every property.
    pub(super) all: BTreeSet<String>,
    /// Those that give some more.
    pub(super) more: BTreeMap<String, Vec<String>>,
}

impl Attributes {
    /// Reads the two literals.
    pub(super) fn read(source: &str) -> Result<Self, ResourceTypesError> {
        let all = literal(source, "_all_property_types = [", "]\n")?;
        let all: BTreeSet<String> = quoted(all).map(str::to_owned).collect();
        let mut more: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = None;
        for word in quoted(literal(source, "_exceptions = {", "}\n")?) {
            if word.contains("::") {
                current = Some(word.to_owned());
            } else if let Some(ty) = &current {
                more.entry(ty.clone()).or_default().push(word.to_owned());
            }
        }
        if all.is_empty() || more.is_empty() {
            return Err(lacks("_getatts.py", "attributes"));
        }
        Ok(Self { all, more })
    }
}

fn literal<'s>(source: &'s str, begin: &str, end: &str) -> Result<&'s str, ResourceTypesError> {
    let behind = source.split_once(begin).map(|(_, behind)| behind);
    let inner = behind.and_then(|behind| behind.split_once(&format!("\n{end}"))).map(|(inner, _)| inner);
    inner.ok_or_else(|| lacks("_getatts.py", &format!("`{begin}`")))
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_literals_are_read() {
        let source = "_all_property_types = [\n    \"AWS::A::B\",\n    \"AWS::C::D\",\n]\n\n_exceptions = {\n    \"AWS::E::F\": [\n        \
                      \"X\",\n        \"Y\",\n    ],\n    \"AWS::G::H\": [\"Z\"],\n}\n";
        let read = Attributes::read(source).unwrap();
        assert_eq!(read.all.iter().map(String::as_str).collect::<Vec<_>>(), ["AWS::A::B", "AWS::C::D"]);
        assert_eq!(read.more["AWS::E::F"], ["X", "Y"]);
        assert_eq!(read.more["AWS::G::H"], ["Z"]);
        assert!(Attributes::read("").is_err());
    }
}
