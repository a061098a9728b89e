//! A cell in words: which actions, on which resources, under which conditions.

use super::cell::{Cell, KeySet, Opaque};
use super::region::ANY_PRINCIPAL;
use super::text_set::{Form, Found, TextSet};

/// A cell as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The actions: `s3:* but not s3:GetObject`.
    pub actions: String,
    /// The resources: `any resource`.
    pub resources: String,
    /// Each condition as a clause: `aws:requestedregion is none of eu-west-1`.
    pub conditions: Vec<String>,
}

impl Cell {
    /// The cell in words.
    #[must_use]
    pub fn words(&self) -> Words {
        let mut conditions: Vec<String> =
            self.keys.iter().filter_map(|(key, known)| key_words(key, known)).collect();
        conditions.extend(self.opaque.iter().map(|(opaque, holds)| opaque_words(opaque, *holds)));
        Words {
            actions: set_words(&self.actions).unwrap_or_else(|| "any action".to_owned()),
            resources: set_words(&self.resources).unwrap_or_else(|| "any resource".to_owned()),
            conditions,
        }
    }
}

/// A set in words, without what says nothing; none for the set of all texts.
fn set_words(set: &TextSet) -> Option<String> {
    let lists = telling(set);
    let wanted: Vec<String> = lists.iter().map(|list| list_words(list)).collect();
    let excluded: Vec<&Form> = set.none.iter().filter(|form| meets(&lists, form)).collect();
    let excluded = list_words(&excluded);
    match (wanted.is_empty(), excluded.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("anything but {excluded}")),
        (false, true) => Some(wanted.join(" that are also ")),
        (false, false) => Some(format!("{} but not {excluded}", wanted.join(" that are also "))),
    }
}

/// The lists that are not implied by another one.
fn telling(set: &TextSet) -> Vec<Vec<&Form>> {
    let implied = |at: usize, list: &Vec<Form>| {
        set.any.iter().enumerate().any(|(other_at, other)| {
            let inside = TextSet { any: vec![other.clone()], none: list.clone() };
            let mutual = TextSet { any: vec![list.clone()], none: other.clone() };
            other_at != at
                && inside.find() == Found::Empty
                && (mutual.find() != Found::Empty || other_at < at)
        })
    };
    set.any
        .iter()
        .enumerate()
        .filter(|(at, list)| !implied(*at, list))
        .map(|(at, list)| list.iter().filter(|form| possible(set, at, form)).collect())
        .collect()
}

/// Whether a pattern of a list, by the list's number, still has a match in the set.
fn possible(set: &TextSet, at: usize, form: &Form) -> bool {
    let mut narrowed = set.clone();
    if let Some(list) = narrowed.any.get_mut(at) {
        *list = vec![form.clone()];
    }
    narrowed.find() != Found::Empty
}

/// Whether an excluded pattern takes anything away from the lists.
fn meets(lists: &[Vec<&Form>], form: &Form) -> bool {
    let mut any: Vec<Vec<Form>> =
        lists.iter().map(|list| list.iter().map(|form| (*form).clone()).collect()).collect();
    any.push(vec![form.clone()]);
    TextSet { any, none: Vec::new() }.find() != Found::Empty
}

fn list_words(forms: &[&Form]) -> String {
    let texts: Vec<&str> = forms.iter().map(|form| form.text.as_str()).collect();
    texts.join(", ")
}

fn key_words(key: &str, known: &KeySet) -> Option<String> {
    let mut known = known.clone();
    known.present.any.retain(|list| !matches!(list.as_slice(), [form] if form.text == ANY_PRINCIPAL));
    if key == "aws:principalarn" && known.present == TextSet::default() {
        return None;
    }
    let held = match known.present.find() {
        Found::Empty => return known.absent.then(|| format!("{key} is absent")),
        Found::Member(_) | Found::Unknown => set_words(&known.present),
    };
    match (held, known.absent) {
        (None, true) => None,
        (None, false) => Some(format!("{key} is there")),
        (Some(words), true) => Some(format!("{key} is {words}, or absent")),
        (Some(words), false) => Some(format!("{key} is {words}")),
    }
}

fn opaque_words(opaque: &Opaque, holds: bool) -> String {
    let not = if holds { "" } else { "not " };
    match opaque {
        Opaque::Condition(operator, key, values) => format!("{not}{operator} {key} {}", values.join(", ")),
        Opaque::Resource(patterns) => format!("the resource is {not}one of {}", patterns.join(", ")),
    }
}
