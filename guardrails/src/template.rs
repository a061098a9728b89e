//! Filling in a template: the tree of a policy, with placeholders, and values for them, make JSON.
//!
//! | placeholder | becomes |
//! |---|---|
//! | `{$param: name}` | the value in its own type; in a list, the items of a list |
//! | `{$param: name, $optional: true}` | the same; with an empty list the whole member is left out |
//! | `$(name)` in a text or key | the text; in a list, one text for each item of a list |
//! | `{$if: name, …}` | the rest, if the value is true or not empty, else nothing |
//! | `{$each: name, …}` | the rest once for each entry of a map, with `$(key)` and `value` bound |
//! | `{$exempt: true}` | the patterns of the exempt principals |
//!
//! Values take their places in the tree, never in its text: no value can add a key or end a string.

use crate::argument::Argument;
use crate::fault::{Fault, Place};
use crate::yaml::{Member, Node, Value};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// What to fill in.
pub(crate) struct Bindings<'b> {
    pub(crate) file: &'b str,
    pub(crate) arguments: &'b BTreeMap<String, Argument>,
    pub(crate) exempt: &'b [String],
    pub(crate) empty: Empty,
}

/// What to do with a list that turns out empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Empty {
    /// Complain: in a policy statement it matches nothing, or everything.
    Refuse,
    /// Keep it: declarative policies know empty lists.
    Keep,
}

/// The entry of a map that `$each` is at.
#[derive(Clone, Copy)]
struct Entry<'e> {
    key: &'e str,
    value: &'e [String],
}

enum Filled {
    /// A value.
    One(Json),
    /// Values that belong into the list around, or make one.
    Many(Vec<Json>),
    /// Values that belong into the list or map around.
    Each(Vec<Json>),
    /// Nothing.
    Gone,
}

impl Bindings<'_> {
    /// Fills a template in.
    ///
    /// # Errors
    /// The first placeholder that cannot be filled.
    pub(crate) fn fill(&self, template: &Node) -> Result<Json, Fault> {
        match self.value(template, None)? {
            Filled::One(value) => Ok(value),
            Filled::Many(values) => Ok(Json::Array(values)),
            Filled::Each(values) => merged(values).ok_or_else(|| self.fault(template.place, NO_MAP)),
            Filled::Gone => Err(self.fault(template.place, "nothing is left of it")),
        }
    }

    fn fault(&self, place: Place, message: impl AsRef<str>) -> Fault {
        Fault::new(self.file, place, message)
    }

    fn value(&self, node: &Node, entry: Option<Entry<'_>>) -> Result<Filled, Fault> {
        match &node.value {
            Value::Empty => Ok(Filled::One(Json::Null)),
            Value::Integer(number) => Ok(Filled::One((*number).into())),
            Value::Flag(flag) => Ok(Filled::One((*flag).into())),
            Value::Text(text) => self.text(text, node.place, entry),
            Value::List(items) => self.list(items, node.place, entry),
            Value::Map(members) => self.map(members, node.place, entry),
        }
    }

    fn list(&self, items: &[Node], place: Place, entry: Option<Entry<'_>>) -> Result<Filled, Fault> {
        let mut all = Vec::new();
        for item in items {
            match self.value(item, entry)? {
                Filled::One(value) => all.push(value),
                Filled::Many(values) | Filled::Each(values) => all.extend(values),
                Filled::Gone => {}
            }
        }
        if all.is_empty() && !items.is_empty() && self.empty == Empty::Refuse {
            return Err(self.fault(place, "nothing is left of this list"));
        }
        Ok(Filled::One(Json::Array(all)))
    }

    fn map(&self, members: &[Member], place: Place, entry: Option<Entry<'_>>) -> Result<Filled, Fault> {
        let special = |key: &str| members.iter().find(|member| member.key == key);
        if let Some(member) = special("$param") {
            return self.parameter(members, member, entry);
        }
        if special("$exempt").is_some() {
            return Ok(Filled::Many(self.exempt.iter().map(|text| text.as_str().into()).collect()));
        }
        if let Some(member) = special("$if") {
            let name = self.name(member)?;
            if !self.argument(name, member.value.place)?.is_given() {
                return Ok(Filled::Gone);
            }
        }
        let Some(member) = special("$each") else { return self.members(members, place, entry) };
        let name = self.name(member)?;
        let Argument::Map(entries) = self.argument(name, member.value.place)? else {
            return Err(self.fault(member.value.place, format!("`{name}` is no map")));
        };
        let mut all = Vec::new();
        for (key, value) in entries {
            match self.members(members, place, Some(Entry { key, value }))? {
                Filled::One(value) => all.push(value),
                Filled::Many(_) | Filled::Each(_) | Filled::Gone => {}
            }
        }
        Ok(Filled::Each(all))
    }

    /// The members that are no placeholders; what became nothing is left out, and so is what it emptied.
    fn members(&self, members: &[Member], place: Place, entry: Option<Entry<'_>>) -> Result<Filled, Fault> {
        let mut filled = Map::new();
        let mut gone = false;
        for member in members {
            if ["$if", "$each"].contains(&member.key.as_str()) {
                continue;
            }
            if member.key.starts_with('$') && !member.key.starts_with("$(") {
                return Err(self.fault(member.place, format!("`{}` is no placeholder", member.key)));
            }
            let value = match self.value(&member.value, entry)? {
                Filled::One(value) => value,
                Filled::Many(values) => Json::Array(values),
                Filled::Each(values) => {
                    merged(values).ok_or_else(|| self.fault(member.value.place, NO_MAP))?
                }
                Filled::Gone => {
                    gone = true;
                    continue;
                }
            };
            let key = match self.text(&member.key, member.place, entry)? {
                Filled::One(Json::String(key)) => key,
                _ => return Err(self.fault(member.place, "a list stands in a key")),
            };
            if filled.insert(key.clone(), value).is_some() {
                return Err(self.fault(place, format!("`{key}` stands here twice")));
            }
        }
        if filled.is_empty() && gone { Ok(Filled::Gone) } else { Ok(Filled::One(Json::Object(filled))) }
    }

    fn parameter(
        &self,
        members: &[Member],
        member: &Member,
        entry: Option<Entry<'_>>,
    ) -> Result<Filled, Fault> {
        let mut optional = false;
        for other in members {
            match (other.key.as_str(), &other.value.value) {
                ("$param", _) => {}
                ("$optional", Value::Flag(flag)) => optional = *flag,
                (key, _) => {
                    return Err(self.fault(other.place, format!("`{key}` has no place beside `$param`")));
                }
            }
        }
        let name = self.name(member)?;
        if let Some(entry) = entry.filter(|_| name == "value") {
            return Ok(Filled::Many(entry.value.iter().map(|text| text.as_str().into()).collect()));
        }
        match self.argument(name, member.value.place)? {
            Argument::Map(_) => {
                Err(self.fault(member.value.place, format!("`{name}` is a map: use `$each`")))
            }
            Argument::List(items) if items.is_empty() && optional => Ok(Filled::Gone),
            Argument::List(items) => {
                self.refuse_empty(items, name, member.value.place)?;
                Ok(Filled::Many(items.iter().map(|text| text.as_str().into()).collect()))
            }
            single => Ok(Filled::One(single.json())),
        }
    }

    fn refuse_empty(&self, items: &[String], name: &str, place: Place) -> Result<(), Fault> {
        if items.is_empty() && self.empty == Empty::Refuse {
            return Err(self.fault(place, format!("the list `{name}` is empty")));
        }
        Ok(())
    }

    fn name<'m>(&self, member: &'m Member) -> Result<&'m str, Fault> {
        match &member.value.value {
            Value::Text(name) => Ok(name),
            _ => Err(self.fault(member.value.place, format!("`{}` names a parameter", member.key))),
        }
    }

    fn argument(&self, name: &str, place: Place) -> Result<&Argument, Fault> {
        self.arguments.get(name).ok_or_else(|| {
            let hint = crate::fault::nearest(name, self.arguments.keys().map(String::as_str));
            let hint = hint.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            self.fault(place, format!("there is no parameter `{name}`{hint}"))
        })
    }

    /// A text with its placeholders filled: one text, or as many as the list in it has items.
    fn text(&self, text: &str, place: Place, entry: Option<Entry<'_>>) -> Result<Filled, Fault> {
        let mut all = vec![String::new()];
        let mut listed = false;
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("$(") {
            let Some((name, behind)) = after.split_once(')') else {
                return Err(self.fault(place, "`$(` is not closed"));
            };
            let (items, is_list) = self.pieces(name, place, entry)?;
            listed |= is_list;
            all = all
                .iter()
                .flat_map(|start| items.iter().map(move |item| format!("{start}{before}{item}")))
                .collect();
            rest = behind;
        }
        for one in &mut all {
            one.push_str(rest);
        }
        match all.pop() {
            Some(only) if !listed => Ok(Filled::One(only.into())),
            last => Ok(Filled::Many(all.into_iter().chain(last).map(Json::from).collect())),
        }
    }

    fn pieces(
        &self,
        name: &str,
        place: Place,
        entry: Option<Entry<'_>>,
    ) -> Result<(Vec<String>, bool), Fault> {
        match (name, entry) {
            ("key", Some(entry)) => return Ok((vec![entry.key.to_owned()], false)),
            ("value", Some(entry)) => return Ok((entry.value.to_vec(), true)),
            _ => {}
        }
        match self.argument(name, place)? {
            Argument::Text(text) => Ok((vec![text.clone()], false)),
            Argument::Integer(number) => Ok((vec![number.to_string()], false)),
            Argument::List(items) => {
                self.refuse_empty(items, name, place)?;
                Ok((items.clone(), true))
            }
            Argument::Flag(_) | Argument::Map(_) => {
                Err(self.fault(place, format!("`{name}` cannot stand in a text")))
            }
        }
    }
}

const NO_MAP: &str = "`$each` makes maps of different keys here";

/// Several objects as one; none if one of them is no object or a key comes twice.
fn merged(values: Vec<Json>) -> Option<Json> {
    let mut all = Map::new();
    for value in values {
        let Json::Object(members) = value else { return None };
        for (key, value) in members {
            if all.insert(key, value).is_some() {
                return None;
            }
        }
    }
    Some(Json::Object(all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;
    use serde_json::json;

    fn filled(template: &str, empty: Empty) -> Result<Json, String> {
        let arguments = BTreeMap::from([
            ("regions".to_owned(), Argument::List(vec!["a".into(), "b".into()])),
            ("none".to_owned(), Argument::List(Vec::new())),
            ("tag".to_owned(), Argument::Text("x\",\"y".into())),
            ("days".to_owned(), Argument::Integer(7)),
            ("off".to_owned(), Argument::Flag(false)),
            ("tags".to_owned(), Argument::Map(BTreeMap::from([("env".into(), vec!["p".into()])]))),
        ]);
        let node = yaml::read("t.yaml", template).unwrap();
        let exempt = ["deploy".to_owned()];
        let bindings = Bindings { file: "t.yaml", arguments: &arguments, exempt: &exempt, empty };
        bindings.fill(&node).map_err(|fault| fault.to_string())
    }

    fn refused(template: &str) -> String {
        filled(template, Empty::Refuse).unwrap_err()
    }

    #[test]
    fn values_keep_their_type_and_lists_are_spliced() {
        let template =
            "{a: {$param: regions}, b: [x, {$param: regions}, {$exempt: true}], c: {$param: days}}";
        let wanted = json!({"a": ["a", "b"], "b": ["x", "a", "b", "deploy"], "c": 7});
        assert_eq!(filled(template, Empty::Refuse), Ok(wanted));
    }

    #[test]
    fn texts_and_keys_are_filled_and_a_value_cannot_leave_its_string() {
        let template = "{\"k/$(days)\": [\"s3:$(regions)/*\"], v: \"$(tag)\"}";
        let wanted = json!({"k/7": ["s3:a/*", "s3:b/*"], "v": "x\",\"y"});
        assert_eq!(filled(template, Empty::Refuse), Ok(wanted));
    }

    #[test]
    fn parts_are_left_out_and_repeated() {
        let template =
            "{a: [{$if: off, x: 1}, {$if: regions, y: 2}], b: {c: {$param: none, $optional: true}}}";
        assert_eq!(filled(template, Empty::Refuse), Ok(json!({"a": [{"y": 2}]})));
        let template =
            "{tags: {$each: tags, \"$(key)\": {v: {$param: value}}}, l: [{$each: tags, k: \"$(key)\"}]}";
        let wanted = json!({"tags": {"env": {"v": ["p"]}}, "l": [{"k": "env"}]});
        assert_eq!(filled(template, Empty::Refuse), Ok(wanted));
    }

    #[test]
    fn what_cannot_be_filled_is_refused_with_its_place() {
        assert_eq!(refused("a: {$param: none}"), "t.yaml:1:13: the list `none` is empty");
        assert_eq!(filled("a: {$param: none}", Empty::Keep), Ok(json!({"a": []})));
        assert!(refused("a: {$param: region}").contains("did you mean `regions`?"));
        assert!(refused("a: {$parm: x}").contains("`$parm` is no placeholder"));
        assert!(refused("a: {$param: days, x: 1}").contains("no place beside"));
        assert!(refused("a: {$param: tags}").contains("use `$each`"));
        assert!(refused("a: $(off)").contains("cannot stand in a text"));
    }
}
