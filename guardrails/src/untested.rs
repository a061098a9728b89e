//! What of a guardrail no case depends on: a part that could be dropped without a case noticing.

use crate::guardrail::Guardrail;
use crate::resolve::Resolved;
use crate::trial::{Stage, holds};
use glidepath_iam::document::{Scope, Statement};
use std::collections::BTreeSet;
use std::fmt;

/// A part of a statement that no case depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Untested {
    /// The whole statement.
    Statement {
        /// Its name.
        sid: String,
    },
    /// A condition.
    Condition {
        /// The statement's name.
        sid: String,
        /// Operator and key.
        condition: String,
    },
    /// One resource pattern.
    Resource {
        /// The statement's name.
        sid: String,
        /// The pattern.
        pattern: String,
    },
    /// An action pattern that is left out of a `NotAction`.
    Spared {
        /// The statement's name.
        sid: String,
        /// The pattern.
        pattern: String,
    },
}

impl fmt::Display for Untested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statement { sid } => write!(f, "no case depends on statement `{sid}`"),
            Self::Condition { sid, condition } => {
                write!(f, "no case depends on `{condition}` of statement `{sid}`")
            }
            Self::Resource { sid, pattern } => {
                write!(f, "no case depends on the resource `{pattern}` of statement `{sid}`")
            }
            Self::Spared { sid, pattern } => {
                write!(f, "no case depends on `{pattern}`, which statement `{sid}` leaves alone")
            }
        }
    }
}

impl Guardrail {
    /// The parts of its statements that could be dropped without any of its cases noticing. With its
    /// default arguments (those of its first case, where some have no default) all parts count, with those of
    /// other cases only what these do not have.
    #[must_use]
    pub fn untested(&self) -> Vec<Untested> {
        let Ok(stage) = Stage::usual() else { return Vec::new() };
        let mut wanted = BTreeSet::new();
        let mut noticed = BTreeSet::new();
        for (at, arguments) in self.argument_sets().iter().enumerate() {
            let resolved = self.resolve(arguments, &stage.surroundings, &BTreeSet::new());
            let Ok(Resolved::Statements(resolved)) = resolved else { continue };
            let cases: Vec<_> = self.cases.iter().filter(|case| case.arguments == *arguments).collect();
            for (statement_at, statement) in resolved.statements.iter().enumerate() {
                for (part, weakened) in parts(statement) {
                    let structural = matches!(part, Untested::Statement { .. } | Untested::Condition { .. });
                    if at == 0 || structural {
                        wanted.insert(part.clone());
                    }
                    if noticed.contains(&part) {
                        continue;
                    }
                    let mut statements = resolved.statements.clone();
                    match weakened {
                        Some(weakened) => {
                            if let Some(place) = statements.get_mut(statement_at) {
                                *place = weakened;
                            }
                        }
                        None => {
                            statements.remove(statement_at);
                        }
                    }
                    if cases.iter().any(|case| !holds(resolved.ty, &statements, case, &stage)) {
                        noticed.insert(part);
                    }
                }
            }
        }
        wanted.difference(&noticed).cloned().collect()
    }
}

/// Each part of a statement, and the statement without it; none for the whole.
fn parts(statement: &Statement) -> Vec<(Untested, Option<Statement>)> {
    let sid = statement.sid.clone().unwrap_or_default();
    let mut all = vec![(Untested::Statement { sid: sid.clone() }, None)];
    for (at, condition) in statement.conditions.iter().enumerate() {
        let mut without = statement.clone();
        without.conditions.remove(at);
        let condition = format!("{} {}", condition.operator, condition.key);
        all.push((Untested::Condition { sid: sid.clone(), condition }, Some(without)));
    }
    if let Some(scope) = &statement.resources {
        for (pattern, scope) in each_dropped(scope) {
            let without = Statement { resources: Some(scope), ..statement.clone() };
            all.push((Untested::Resource { sid: sid.clone(), pattern }, Some(without)));
        }
    }
    if statement.actions.is_negated() {
        for (pattern, scope) in each_dropped(&statement.actions) {
            let without = Statement { actions: scope, ..statement.clone() };
            all.push((Untested::Spared { sid: sid.clone(), pattern }, Some(without)));
        }
    }
    all
}

/// A list without each of its patterns in turn, if it has several.
fn each_dropped(scope: &Scope<String>) -> Vec<(String, Scope<String>)> {
    let patterns = scope.patterns();
    if patterns.len() < 2 {
        return Vec::new();
    }
    let without = |dropped: &String| {
        let rest: Vec<String> = patterns.iter().filter(|pattern| *pattern != dropped).cloned().collect();
        if scope.is_negated() { Scope::AllBut(rest) } else { Scope::Only(rest) }
    };
    patterns.iter().map(|dropped| (dropped.clone(), without(dropped))).collect()
}
