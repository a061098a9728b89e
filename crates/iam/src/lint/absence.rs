//! The trap of the absent key: a negated condition holds where the key is not there, and so do
//! `ForAllValues` conditions.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.

use super::key::holds_without;
use super::{Code, Kind, Linter, Part};
use crate::actions::{self, Presence};
use crate::document::{Comparison, Condition, Effect, Scope, Statement};

pub(super) fn check(linter: &mut Linter<'_>, part: Part<'_>) {
    let conditions = &part.statement.conditions;
    for (condition, places) in conditions.iter().zip(&part.places.conditions) {
        let operator = condition.operator;
        // `IfExists` says that absence is thought of, and `Null` is about nothing else.
        let silent = !operator.if_exists && operator.comparison != Comparison::Null;
        if !silent || !holds_without(condition) || is_always_there(&condition.key, linter.kind) {
            continue;
        }
        // A service's key belongs to a type of resource; whoever names resources has thought of that.
        if actions::global_key(&condition.key).is_none() && names_resources(part.statement) {
            continue;
        }
        let same = |other: &&Condition| other.key.eq_ignore_ascii_case(&condition.key);
        let guarded = conditions
            .iter()
            .filter(same)
            .any(|other| other.operator.comparison == Comparison::Null || !holds_without(other));
        // Of a key that is never there it has been said already that the condition always holds.
        let never_there = linter.findings.iter().any(|found| {
            found.place.offset == places.key && matches!(found.code, Code::UnknownKey | Code::UnsupportedKey)
        });
        if guarded || never_there || linter.is_full() {
            continue;
        }
        let key = &condition.key;
        let does = match part.statement.effect {
            Effect::Allow => "allows",
            Effect::Deny => "denies",
        };
        let message =
            format!("`{operator}` also holds where `{key}` is absent: the statement {does} then too");
        let help = format!(
            "if that is meant, write `{operator}IfExists`; if not, add `\"Null\": {{\"{key}\": \"false\"}}`"
        );
        linter.find(Code::AbsentKey, (Some(part.at), places.key), message, help);
    }
}

/// Whether a statement is about certain resources rather than all, or all but some.
fn names_resources(statement: &Statement) -> bool {
    let all = |pattern: &String| pattern.bytes().all(|byte| byte == b'*');
    matches!(&statement.resources, Some(Scope::Only(patterns)) if !patterns.iter().any(all))
}

/// Whether every request that this kind of policy is asked about carries the key.
fn is_always_there(key: &str, kind: Kind) -> bool {
    match (actions::global_key(key).map(|known| known.presence), kind) {
        (Some(Presence::Always), _) => true,
        (Some(Presence::Signed), Kind::Scp | Kind::Identity) | (Some(Presence::Member), Kind::Scp) => true,
        (Some(Presence::Signed | Presence::Member | Presence::Sometimes) | None, _) => false,
    }
}
