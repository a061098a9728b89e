//! Reading one type's part of the file. What is not of the documented form is passed over; a test holds the file to
//! that form.

use super::shape::{Bounds, MapShape, Property, Rule, Scalar, Shape, Words};
use super::{CUSTOM, ResourceType};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Reads a type from its lines.
pub(super) fn read(name: &'static str, lines: &'static str) -> ResourceType {
    let mut ty = ResourceType {
        name,
        identifier: Vec::new(),
        create_only: Vec::new(),
        read_only: Vec::new(),
        write_only: Vec::new(),
        attributes: Vec::new(),
        tags: None,
        properties: MapShape::default(),
        maps: BTreeMap::new(),
    };
    let mut inner: Option<(&'static str, MapShape)> = None;
    for line in lines.lines() {
        if let Some(begun) = line.strip_prefix(':') {
            if let Some((name, map)) = inner.replace((begun, MapShape::default())) {
                ty.maps.insert(name, map);
            }
            continue;
        }
        let Some(fact) = line.strip_prefix('@') else {
            let map = inner.as_mut().map_or(&mut ty.properties, |(_, map)| map);
            if let Some(property) = property(line) {
                map.properties.insert(property.name, property);
            }
            continue;
        };
        let (fact, names) = fact.split_once(' ').unwrap_or((fact, ""));
        let words: Vec<&'static str> = names.split(' ').filter(|word| !word.is_empty()).collect();
        match fact {
            "identifier" => ty.identifier = words,
            "createOnly" => ty.create_only = words,
            "readOnly" => ty.read_only = words,
            "writeOnly" => ty.write_only = words,
            "attributes" => ty.attributes = words,
            "tags" => ty.tags = words.first().copied(),
            _ => {
                let map = inner.as_mut().map_or(&mut ty.properties, |(_, map)| map);
                map_fact(map, fact, words);
            }
        }
    }
    ty.maps.extend(inner);
    // Whatever a custom resource is given goes to the function behind it.
    ty.properties.takes_others |= name == CUSTOM;
    ty
}

fn map_fact(map: &mut MapShape, fact: &str, words: Vec<&'static str>) {
    let groups =
        |words: Vec<&'static str>| words.into_iter().map(|group| group.split(',').collect()).collect();
    let mut rest = words.clone().into_iter();
    let first = rest.next();
    match (fact, first) {
        ("required", _) => map.required = words,
        ("open", _) => map.takes_others = true,
        ("one", _) => map.rules.push(Rule::One(groups(words))),
        ("some", _) => map.rules.push(Rule::Some(groups(words))),
        ("not", Some(first)) => map.rules.push(Rule::Not(first, rest.collect())),
        ("with", Some(first)) => map.rules.push(Rule::With(first, rest.collect())),
        _ => {}
    }
}

fn property(line: &'static str) -> Option<Property> {
    let (name, shape) = line.split_once(' ')?;
    Some(Property { name, shape: self::shape(shape)? })
}

pub(super) fn shape(text: &'static str) -> Option<Shape> {
    if let Some(name) = text.strip_prefix('#') {
        return Some(Shape::Map(name));
    }
    if let Some(inner) = text.strip_prefix('[') {
        let (bounds, item) = of_many(inner)?;
        return Some(Shape::List { bounds, item });
    }
    if let Some(inner) = text.strip_prefix('{') {
        let (bounds, item) = of_many(inner)?;
        return Some(Shape::Values { bounds, item });
    }
    if text == "*" {
        return Some(Shape::Anything);
    }
    scalar(text).map(Shape::Scalar)
}

/// `1..5 s` or `s`.
fn of_many(text: &'static str) -> Option<(Bounds, Box<Shape>)> {
    let (bounds, shape_text) = match text.split_once(' ') {
        Some((first, rest)) if first.contains("..") => (bounds(first)?, rest),
        _ => (Bounds::default(), text),
    };
    Some((bounds, Box::new(shape(shape_text)?)))
}

fn bounds(text: &str) -> Option<Bounds> {
    let (least, most) = text.split_once("..")?;
    let number = |text: &str| if text.is_empty() { Some(None) } else { text.parse::<f64>().ok().map(Some) };
    Some(Bounds { least: number(least)?, most: number(most)? })
}

fn scalar(text: &'static str) -> Option<Scalar> {
    let (facts, pattern) = match text.split_once(" ~") {
        Some((facts, pattern)) => (facts, Some(pattern)),
        None => (text, None),
    };
    let mut words = facts.split(' ');
    let letters = words.next().filter(|letters| !letters.is_empty())?;
    if !letters.chars().all(|letter| "abinos".contains(letter)) {
        return None;
    }
    let mut scalar =
        Scalar { letters, bounds: Bounds::default(), words: Words::Any, pattern, compiled: OnceLock::new() };
    for word in words {
        if let Some(exact) = word.strip_prefix('=') {
            scalar.words = Words::Exact(exact.split('|').collect());
        } else if let Some(any_case) = word.strip_prefix("^=") {
            scalar.words = Words::AnyCase(any_case.split('|').collect());
        } else {
            scalar.bounds = bounds(word)?;
        }
    }
    Some(scalar)
}

#[cfg(test)]
mod tests {
    use super::super::{TYPES, WRITTEN, find, names};
    use super::*;
    use regex::Regex;

    #[test]
    fn the_file_says_where_its_facts_come_from() {
        let head: Vec<&str> = WRITTEN.lines().take_while(|line| line.starts_with('#')).collect();
        for wanted in ["# source: ", "# licence: MIT-0", "# date: 20"] {
            assert!(head.iter().any(|line| line.starts_with(wanted)), "{wanted}");
        }
        assert!(WRITTEN.len() < 1_500_000, "{} bytes", WRITTEN.len());
    }

    #[test]
    fn every_line_of_the_file_is_of_the_documented_form() {
        let facts =
            ["identifier", "createOnly", "readOnly", "writeOnly", "attributes", "tags", "required", "open"];
        let rules = ["one", "some", "not", "with"];
        let mut type_before = "";
        for line in WRITTEN.lines().skip_while(|line| line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('=') {
                assert!(type_before < name, "types are sorted: {name}");
                type_before = name;
            } else if let Some(fact) = line.strip_prefix('@') {
                let fact = fact.split(' ').next().unwrap();
                assert!(facts.contains(&fact) || rules.contains(&fact), "{type_before}: {line}");
            } else if !line.starts_with(':') {
                assert!(property(line).is_some(), "{type_before}: {line}");
            }
        }
        assert!(TYPES.len() > 400, "{}", TYPES.len());
    }

    #[test]
    fn every_type_reads_and_refers_to_nothing_that_it_lacks() {
        for name in names() {
            let ty = find(name).unwrap();
            let taggable = ty.tag_property().is_none_or(|tags| ty.property(tags).is_some());
            assert!(taggable && !ty.primary_identifier().is_empty(), "{name}");
            for map in std::iter::once(ty.shape()).chain(ty.maps.values()) {
                let known = |member: &str| map.property(member).is_some() || map.takes_others();
                assert!(map.required().iter().all(|member| known(member)), "{name}: {:?}", map.required());
                for property in map.properties() {
                    check_shape(ty, property.shape());
                }
            }
        }
    }

    fn check_shape(ty: &ResourceType, shape: &Shape) {
        match shape {
            Shape::Anything => {}
            Shape::Map(name) => assert!(ty.map(name).is_some(), "{}: {name}", ty.name()),
            Shape::List { item, .. } | Shape::Values { item, .. } => check_shape(ty, item),
            Shape::Scalar(scalar) => {
                let compiles = scalar.pattern().is_none_or(|pattern| Regex::new(pattern).is_ok());
                assert!(compiles, "{}: {:?}", ty.name(), scalar.pattern());
            }
        }
    }

    #[test]
    fn shapes_are_read_from_their_letters() {
        let shown = |text| format!("{:?}", shape(text).unwrap());
        assert!(shown("[1..5 s 1..64 =a|b").starts_with(
            "List { bounds: Bounds { least: Some(1.0), most: Some(5.0) }, item: Scalar(Scalar { letters: \"s\", bounds: \
             Bounds { least: Some(1.0), most: Some(64.0) }, words: Exact([\"a\", \"b\"])"
        ));
        assert!(shown("s ~^a b$").contains("pattern: Some(\"^a b$\")"));
        assert!(shown("{s ^=a").contains("AnyCase([\"a\"])"));
        assert_eq!(shown("#.End.Port"), "Map(\".End.Port\")");
        assert_eq!(shape("q"), None);
    }
}
