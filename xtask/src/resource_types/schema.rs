//! The maps and shapes of one schema, in the letters of the file that is written.

use super::reduce::fact_line;
use regex::Regex;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The longest list of words and the longest pattern that are kept, in characters.
const WORDS_AT_MOST: usize = 1_000;
const PATTERN_AT_MOST: usize = 120;

/// How deep references are followed: scalars, lists and maps are written where they stand.
const DEPTH_AT_MOST: usize = 8;

/// The schema of a type, and the maps in it that are still to be written.
pub(super) struct Schema<'s> {
    root: &'s Value,
    open: BTreeMap<String, &'s Value>,
    written: BTreeSet<String>,
}

impl<'s> Schema<'s> {
    pub(super) fn new(root: &'s Value) -> Self {
        Self { root, open: BTreeMap::new(), written: BTreeSet::new() }
    }

    /// The next map that something refers to, with its lines.
    pub(super) fn next_map(&mut self) -> Option<(String, String)> {
        let (name, schema) = self.open.pop_first()?;
        self.written.insert(name.clone());
        let mut lines = String::new();
        self.write_map(schema, &name, &mut lines);
        Some((name, lines))
    }

    /// The facts and properties of a map.
    pub(super) fn write_map(&mut self, schema: &'s Value, name: &str, lines: &mut String) {
        let parts = parts(schema);
        let mut required: BTreeSet<String> = BTreeSet::new();
        for part in all_of(schema) {
            required.extend(texts(part.get("required")));
        }
        fact_line(lines, "required", &required.into_iter().collect::<Vec<_>>());
        if schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false)) {
            lines.push_str("@open\n");
        }
        for part in all_of(schema) {
            write_rules(part, lines);
        }
        let mut properties: BTreeMap<&String, &'s Value> = BTreeMap::new();
        for part in parts {
            for (key, property) in members(part, "properties") {
                properties.entry(key).or_insert(property);
            }
        }
        for (key, property) in properties {
            let shape = self.shape(property, &format!("{name}.{key}"), 0);
            let _ = writeln!(lines, "{key} {shape}");
        }
    }

    /// The shape of a property. `name` is what a map that stands in it is called.
    fn shape(&mut self, schema: &'s Value, name: &str, depth: usize) -> String {
        if depth > DEPTH_AT_MOST {
            return "*".to_owned();
        }
        if let Some(way) = schema.get("$ref").and_then(Value::as_str) {
            let Some(target) = way.strip_prefix('#').and_then(|way| self.root.pointer(way)) else {
                return "*".to_owned();
            };
            let name = way.strip_prefix("#/definitions/").unwrap_or(name);
            return self.shape(target, name, depth + 1);
        }
        let letters = letters(schema);
        let is_map = letters == "o" || (letters.is_empty() && is_map(schema));
        if is_map && has_properties(schema) {
            if !self.written.contains(name) {
                self.open.entry(name.to_owned()).or_insert(schema);
            }
            return format!("#{name}");
        }
        if is_map && let Some(item) = map_item(schema) {
            return format!(
                "{{{}{}",
                joined(&bounds(schema, "minProperties", "maxProperties")),
                self.shape(item, name, depth + 1)
            );
        }
        if letters == "a"
            && let Some(item) = schema.get("items").filter(|item| item.is_object())
        {
            return format!(
                "[{}{}",
                joined(&bounds(schema, "minItems", "maxItems")),
                self.shape(item, name, depth + 1)
            );
        }
        match letters.as_str() {
            "" if is_map => "o".to_owned(),
            "" => "*".to_owned(),
            _ => format!("{letters}{}", scalar_rules(schema)),
        }
    }
}

/// The names of the properties of a schema.
pub(super) fn names(schema: &Value) -> impl Iterator<Item = String> {
    members(schema, "properties").map(|(name, _)| name.clone())
}

fn members<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned)
}

fn branches<'v>(schema: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The schema and all that has to hold with it.
fn all_of(schema: &Value) -> impl Iterator<Item = &Value> {
    std::iter::once(schema).chain(branches(schema, "allOf"))
}

/// The schema and every alternative of it.
fn parts(schema: &Value) -> Vec<&Value> {
    let inner = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| branches(schema, key));
    std::iter::once(schema).chain(inner).collect()
}

fn has_properties(schema: &Value) -> bool {
    parts(schema).into_iter().any(|part| part.get("properties").is_some_and(Value::is_object))
}

/// Whether a schema without a type is one of a map: every alternative is.
fn is_map(schema: &Value) -> bool {
    let has = |schema: &Value| schema.get("properties").is_some() || letters(schema) == "o";
    let mut alternatives = branches(schema, "oneOf").chain(branches(schema, "anyOf")).peekable();
    has(schema) || (alternatives.peek().is_some() && alternatives.all(has))
}

/// What the values of a map are, where it takes any key.
fn map_item(schema: &Value) -> Option<&Value> {
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    let by_pattern = patterns.filter(|all| all.len() == 1).and_then(|all| all.values().next());
    by_pattern.or_else(|| schema.get("additionalProperties")).filter(|item| item.is_object())
}

fn letters(schema: &Value) -> String {
    let named: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ if schema.get("enum").is_some() => vec!["string"],
        _ => Vec::new(),
    };
    let letters: BTreeSet<char> = named
        .into_iter()
        .filter_map(|name| match name {
            "string" => Some('s'),
            "integer" => Some('i'),
            "number" => Some('n'),
            "boolean" => Some('b'),
            "object" => Some('o'),
            "array" => Some('a'),
            _ => None,
        })
        .collect();
    letters.into_iter().collect()
}

/// `1..64`, `..64`, `1..`, or nothing.
fn bounds(schema: &Value, least: &str, most: &str) -> String {
    let number = |key: &str| schema.get(key).filter(|value| value.is_number()).map(Value::to_string);
    match (number(least), number(most)) {
        (None, None) => String::new(),
        (least, most) => format!("{}..{}", least.unwrap_or_default(), most.unwrap_or_default()),
    }
}

/// Bounds before a shape, with the space between.
fn joined(bounds: &str) -> String {
    if bounds.is_empty() { String::new() } else { format!("{bounds} ") }
}

/// Bounds, words and pattern of a text or number.
fn scalar_rules(schema: &Value) -> String {
    let mut rules = String::new();
    let lengths = bounds(schema, "minLength", "maxLength");
    let sizes = bounds(schema, "minimum", "maximum");
    if let Some(bounds) = [lengths, sizes].into_iter().find(|bounds| !bounds.is_empty()) {
        let _ = write!(rules, " {bounds}");
    }
    let constant = schema.get("const").map(|word| Value::Array(vec![word.clone()]));
    let exact = schema.get("enum").or(constant.as_ref()).and_then(words).map(|words| format!(" ={words}"));
    let any_case = || schema.get("enumCaseInsensitive").and_then(words).map(|words| format!(" ^={words}"));
    rules.extend(exact.or_else(any_case));
    let pattern = schema.get("pattern").and_then(Value::as_str).filter(|pattern| is_kept(pattern));
    if let Some(pattern) = pattern {
        let _ = write!(rules, " ~{pattern}");
    }
    rules
}

fn words(value: &Value) -> Option<String> {
    let words: Option<Vec<String>> = value
        .as_array()?
        .iter()
        .map(|word| match word {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect();
    let words = words?;
    let is_word = |word: &String| {
        !word.is_empty() && !word.contains(|character: char| character.is_whitespace() || character == '|')
    };
    let joined = words.join("|");
    (words.iter().all(is_word) && joined.len() <= WORDS_AT_MOST).then_some(joined)
}

/// Whether a pattern is short and one that can be evaluated: patterns that look around cannot.
fn is_kept(pattern: &str) -> bool {
    pattern.chars().count() <= PATTERN_AT_MOST
        && !pattern.contains(['\n', '\r'])
        && Regex::new(pattern).is_ok()
}

/// Which members have to stand together or apart.
fn write_rules(schema: &Value, lines: &mut String) {
    for (fact, listed, alternatives) in [("one", "requiredXor", "oneOf"), ("some", "requiredOr", "anyOf")] {
        fact_line(lines, fact, &texts(schema.get(listed)).collect::<Vec<_>>());
        let groups: Option<Vec<String>> = branches(schema, alternatives).map(group).collect();
        fact_line(lines, fact, &groups.unwrap_or_default());
    }
    for (fact, key) in [("not", "dependentExcluded"), ("with", "dependentRequired"), ("with", "dependencies")]
    {
        for (name, others) in members(schema, key) {
            let mut all = vec![name.clone()];
            all.extend(texts(Some(others)));
            if all.len() > 1 {
                fact_line(lines, fact, &all);
            }
        }
    }
}

/// What an alternative asks for, `A,B`; `None` where it asks for something else.
fn group(branch: &Value) -> Option<String> {
    let has_inner = ["oneOf", "anyOf", "allOf", "not", "if"].into_iter().any(|key| branch.get(key).is_some());
    let required: Vec<String> = texts(branch.get("required")).collect();
    (!has_inner && !required.is_empty()).then(|| required.join(","))
}
