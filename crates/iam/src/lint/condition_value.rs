//! The values of conditions: what their operator cannot compare, sessions where roles are meant, and names that
//! spare everybody.

use super::{Code, Linter, Part};
use crate::document::{Comparison, Condition, Effect};
use crate::value::misread;

pub(super) fn check(linter: &mut Linter<'_>, part: Part<'_>) {
    for (condition, places) in part.statement.conditions.iter().zip(&part.places.conditions) {
        let comparison = condition.operator.comparison;
        // Only the request tells what a variable stands for.
        let variable = |value: &str| comparison.takes_variables() && value.contains("${");
        let of_principal = condition.key.eq_ignore_ascii_case("aws:PrincipalArn");
        for (value, offset) in condition.values.iter().zip(&places.values) {
            let at = (Some(part.at), *offset);
            if let Some(wanted) = misread(comparison, value).filter(|_| !variable(value)) {
                let does = if comparison.negates().is_some() { "excludes" } else { "matches" };
                let message = format!(
                    "`{value}` is nothing that `{}` can compare: it {does} nothing",
                    condition.operator
                );
                linter.find(Code::BadValue, at, message, format!("write {wanted}"));
            }
            if !of_principal {
                continue;
            }
            if value.split(':').nth(5).is_some_and(|name| name.starts_with("assumed-role/")) {
                let message =
                    format!("`{value}` matches no caller: `aws:PrincipalArn` of a session is its role's ARN");
                let help = "write the role's own ARN, `arn:*:iam::*:role/…`, path included";
                linter.find(Code::SessionArn, at, message, help);
            }
            if lets_pass(condition, part.statement.effect) && is_every_name(value) {
                let does = if part.statement.effect == Effect::Deny { "spares" } else { "picks" };
                let message = format!("`{value}` {does} everybody of that form: the name says nothing");
                let help = "name a path or a prefix, and deny others to create roles of that name";
                linter.find(Code::AnyRole, at, message, help);
            }
        }
    }
}

/// Whether whoever matches a value is let through: spared by a Deny, or picked by an Allow.
fn lets_pass(condition: &Condition, effect: Effect) -> bool {
    let wild = matches!(
        condition.operator.comparison,
        Comparison::StringLike
            | Comparison::StringNotLike
            | Comparison::ArnLike
            | Comparison::ArnEquals
            | Comparison::ArnNotLike
            | Comparison::ArnNotEquals
    );
    wild && (condition.operator.comparison.negates().is_some() == (effect == Effect::Deny))
}

/// Whether a pattern for principals leaves the name open: `arn:aws:iam::*:role/*`, or `*`.
fn is_every_name(value: &str) -> bool {
    let only_wildcards =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*' || byte == b'?');
    match value.splitn(6, ':').nth(5) {
        None => only_wildcards(value),
        Some(resource) => {
            let name = resource.strip_prefix("role/").or_else(|| resource.strip_prefix("user/"));
            name.unwrap_or(resource).split('/').all(only_wildcards)
        }
    }
}
