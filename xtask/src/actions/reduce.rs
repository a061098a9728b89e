//! From the package's data of one service to the facts that are kept: a pure function.

use super::ActionsError;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How long a line may get before its names go on in the next.
const WIDTH: usize = 110;

/// The facts of a service.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) prefix: String,
    /// Keys that hold one value, and keys that hold several.
    keys: [BTreeSet<String>; 2],
    /// Action names by access level and the keys they support.
    groups: BTreeMap<(char, Vec<usize>), BTreeSet<String>>,
}

/// The facts of one service from the package's three files about it.
pub(super) fn reduce(
    prefix: &str,
    actions: &Value,
    keys: &Value,
    types: &Value,
) -> Result<Service, ActionsError> {
    let lacks = |what: &str| ActionsError::Lacks { place: prefix.to_owned(), what: what.to_owned() };
    let mut single = BTreeSet::new();
    let mut several = BTreeSet::new();
    for key in objects(keys) {
        let name = plain(text(key, "key").ok_or_else(|| lacks("name of a key"))?);
        let many = text(key, "type").is_some_and(|ty| ty.starts_with("ArrayOf"));
        if many {
            several.insert(name)
        } else {
            single.insert(name)
        };
    }
    let of_type: BTreeMap<String, BTreeSet<String>> = objects(types)
        .filter_map(|ty| Some((text(ty, "key")?.to_ascii_lowercase(), key_names(ty))))
        .collect();
    let mut supported: BTreeMap<String, (char, BTreeSet<String>)> = BTreeMap::new();
    for action in objects(actions) {
        let name = text(action, "name").ok_or_else(|| lacks("name of an action"))?;
        let level = text(action, "accessLevel").and_then(|level| level.chars().next());
        let mut own = key_names(action);
        for ty in action.get("resourceTypes").and_then(Value::as_array).into_iter().flatten() {
            own.extend(key_names(ty));
            let name = text(ty, "name").unwrap_or_default().to_ascii_lowercase();
            own.extend(of_type.get(&name).into_iter().flatten().cloned());
        }
        single.extend(own.iter().filter(|key| !several.contains(*key)).cloned());
        supported.insert(name.to_owned(), (level.ok_or_else(|| lacks("access level"))?, own));
    }
    single.retain(|key| !several.contains(key));
    let places: BTreeMap<&String, usize> =
        single.iter().chain(&several).enumerate().map(|(at, key)| (key, at)).collect();
    let mut groups: BTreeMap<(char, Vec<usize>), BTreeSet<String>> = BTreeMap::new();
    for (name, (level, own)) in supported {
        let mut own: Vec<usize> = own.iter().filter_map(|key| places.get(key).copied()).collect();
        own.sort_unstable();
        groups.entry((level, own)).or_default().insert(name);
    }
    Ok(Service { prefix: prefix.to_owned(), keys: [single, several], groups })
}

impl Service {
    /// Adds the service to the file's text.
    pub(super) fn write(&self, text: &mut String) {
        text.push_str(&format!("={}\n", self.prefix));
        for (word, keys) in ["keys", "multivalued"].into_iter().zip(&self.keys) {
            if !keys.is_empty() {
                write_line(text, word, keys);
            }
        }
        for ((level, keys), names) in &self.groups {
            write_line(text, &format!("{level} {}", ranges(keys)), names);
        }
    }
}

fn write_line(text: &mut String, head: &str, words: &BTreeSet<String>) {
    let mut width = head.len();
    text.push_str(head);
    for (at, word) in words.iter().enumerate() {
        if at > 0 && width + word.len() >= WIDTH {
            text.push('\n');
            width = 0;
        }
        text.push(' ');
        text.push_str(word);
        width += word.len() + 1;
    }
    text.push('\n');
}

/// `0-3,7` for 0, 1, 2, 3 and 7; `-` for nothing.
fn ranges(places: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for place in places {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *place => *last = *place,
            _ => parts.push((*place, *place)),
        }
    }
    if parts.is_empty() {
        return "-".to_owned();
    }
    let part = |(first, last): &(usize, usize)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(",")
}

fn objects(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_object().into_iter().flat_map(|members| members.values())
}

fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member).and_then(Value::as_str)
}

fn key_names(value: &Value) -> BTreeSet<String> {
    let names = value.get("conditionKeys").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(plain).collect()
}

/// A key with `*` for what the user names: `${TagKey}` or `<key>`.
fn plain(key: &str) -> String {
    let mut kept = String::new();
    let mut rest = key;
    while let Some(at) = rest.find(['$', '<']) {
        let (before, behind) = rest.split_at(at);
        let end = if behind.starts_with('<') { '>' } else { '}' };
        kept.push_str(before);
        kept.push('*');
        rest = behind.split_once(end).map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_action_supports_its_own_keys_and_those_of_its_resource_types() {
        let actions = json!({
            "put": {"name": "Put", "accessLevel": "Write", "description": "long", "conditionKeys": ["toy:colour"],
                    "resourceTypes": [{"name": "Box", "conditionKeys": ["toy:lid"]}]},
            "list": {"name": "List", "accessLevel": "List", "conditionKeys": [], "resourceTypes": []},
            "look": {"name": "Look", "accessLevel": "List", "conditionKeys": [], "resourceTypes": []},
        });
        let keys = json!({
            "toy:colour": {"key": "toy:colour", "type": "String"},
            "toy:tags": {"key": "toy:tags", "type": "ArrayOfString"},
        });
        let types = json!({"box": {"key": "box", "arn": "x", "conditionKeys": ["aws:ResourceTag/${TagKey}", "toy:tags"]}});
        let mut text = String::new();
        reduce("toy", &actions, &keys, &types).unwrap().write(&mut text);
        assert_eq!(
            text,
            "=toy\nkeys aws:ResourceTag/* toy:colour toy:lid\nmultivalued toy:tags\nL - List Look\nW 0-3 Put\n"
        );
    }

    #[test]
    fn what_the_user_names_is_a_star() {
        assert_eq!(plain("s3:RequestObjectTag/<key>"), "s3:RequestObjectTag/*");
        assert_eq!(plain("codebuild:a/${name}.value"), "codebuild:a/*.value");
        assert_eq!(plain("aws:TagKeys"), "aws:TagKeys");
    }

    #[test]
    fn places_that_follow_each_other_are_a_range() {
        assert_eq!(ranges(&[0, 1, 2, 5, 7, 8]), "0-2,5,7-8");
        assert_eq!(ranges(&[]), "-");
    }
}
