//! Merging statements that differ only in actions or only in resources, and taking out what says nothing.

use super::same_frame;
use crate::difference::{Form, Found, TextSet};
use crate::document::{Scope, Statement};

/// The statement without patterns that another one of its list covers, and without repetitions; lists and
/// conditions in a fixed order.
#[must_use]
pub fn tidied(statement: &Statement) -> Statement {
    let mut tidy = statement.clone();
    tidy.actions = map(&statement.actions, |list| uncovered(list, action_form));
    tidy.resources =
        statement.resources.as_ref().map(|scope| map(scope, |list| uncovered(list, Form::resource)));
    for condition in &mut tidy.conditions {
        condition.values.sort();
        condition.values.dedup();
    }
    tidy.conditions
        .sort_by_cached_key(|condition| (condition.operator.to_string(), condition.key.to_ascii_lowercase()));
    tidy
}

fn action_form(text: &str) -> Form {
    Form::like(&text.to_ascii_lowercase())
}

fn map(scope: &Scope<String>, change: impl FnOnce(&[String]) -> Vec<String>) -> Scope<String> {
    match scope {
        Scope::Only(list) => Scope::Only(change(list)),
        Scope::AllBut(list) => Scope::AllBut(change(list)),
    }
}

/// The patterns that no other one covers, sorted. A text with variables covers and is covered by nothing
/// but itself.
fn uncovered(list: &[String], form: fn(&str) -> Form) -> Vec<String> {
    let mut kept: Vec<String> = list.to_vec();
    kept.sort_by_key(|text| text.to_ascii_lowercase());
    kept.dedup_by_key(|text| text.to_ascii_lowercase());
    if form("A") != form("a") {
        // Case counts here, so that only the very same text is a repetition.
        kept = list.to_vec();
        kept.sort();
        kept.dedup();
    }
    let covers = |wide: &String, narrow: &String| {
        if wide == narrow || wide.contains("${") || !wide.contains(['*', '?']) {
            return false;
        }
        wide == "*"
            || !narrow.contains("${")
                && TextSet { any: vec![vec![form(narrow)]], none: vec![form(wide)] }.find() == Found::Empty
    };
    let all = kept.clone();
    kept.retain(|narrow| {
        !all.iter().any(|wide| covers(wide, narrow) && !(covers(narrow, wide) && narrow < wide))
    });
    kept
}

/// Statements with those merged that differ only in their actions, or only in their resources. A merged
/// statement of several has no name.
#[must_use]
pub fn merged(statements: Vec<Statement>) -> Vec<Statement> {
    let mut kept: Vec<Statement> = Vec::new();
    for statement in statements {
        let joined =
            kept.iter().enumerate().find_map(|(at, other)| union(other, &statement).map(|whole| (at, whole)));
        match joined {
            Some((at, whole)) => {
                kept.remove(at);
                // What has grown may now fit to another one.
                kept.push(whole);
                kept = merged(kept);
            }
            None => kept.push(statement),
        }
    }
    kept
}

/// One statement that says what both say, if there is one.
fn union(one: &Statement, other: &Statement) -> Option<Statement> {
    if !same_frame(one, other) {
        return None;
    }
    let whole = if one.actions == other.actions && one.resources == other.resources {
        one.clone()
    } else if one.resources == other.resources {
        Statement { actions: both(&one.actions, &other.actions)?, ..one.clone() }
    } else if one.actions == other.actions {
        let resources = both(one.resources.as_ref()?, other.resources.as_ref()?)?;
        Statement { resources: Some(resources), ..one.clone() }
    } else {
        return None;
    };
    let sid = if one.sid == other.sid { one.sid.clone() } else { None };
    Some(tidied(&Statement { sid, ..whole }))
}

fn both(one: &Scope<String>, other: &Scope<String>) -> Option<Scope<String>> {
    match (one, other) {
        (Scope::Only(one), Scope::Only(other)) => {
            Some(Scope::Only(one.iter().chain(other).cloned().collect()))
        }
        _ => None,
    }
}
