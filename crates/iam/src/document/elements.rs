//! Reading the elements of one statement.

use super::read::{Reader, kind};
use super::{Condition, Effect, Operator, Principal, Scope, Statement};
use glidepath_model::text::printable;
use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Reads one statement.
pub(super) fn statement(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Statement> {
    let members = reader.object(value, "a statement", &ELEMENTS)?;
    let sid = members.get("Sid").and_then(|member| reader.string(&member.value, "`Sid`"));
    let effect = match members.get("Effect") {
        Some(member) => effect(reader, &member.value),
        None => reader.complain(value.start(), "the statement has no `Effect`: `Allow` or `Deny` is wanted"),
    };
    let mut pair = |only: &str, all_but: &str| match (members.get(only), members.get(all_but)) {
        (Some(_), Some(both)) => {
            let message = format!("`{all_but}` stands beside `{only}`: only one of them may");
            reader.complain::<()>(both.start(), message);
            (None, true)
        }
        (Some(member), None) => (Some((*member, false)), true),
        (None, Some(member)) => (Some((*member, true)), true),
        (None, None) => (None, false),
    };
    let (principal, _) = pair("Principal", "NotPrincipal");
    let (action, action_stands) = pair("Action", "NotAction");
    let (resource, _) = pair("Resource", "NotResource");
    if !action_stands {
        reader.complain::<()>(value.start(), "the statement has neither `Action` nor `NotAction`");
    }
    let principals = principal.and_then(|(member, negated)| {
        principals(reader, &member.value)
            .map(|list| if negated { Scope::AllBut(list) } else { Scope::Only(list) })
    });
    let actions = action.and_then(|found| texts(reader, found, check_action));
    let resources = resource.and_then(|found| texts(reader, found, |_, _, _| {}));
    let conditions = match members.get("Condition") {
        Some(member) => conditions(reader, &member.value),
        None => Vec::new(),
    };
    Some(Statement { sid, effect: effect?, principals, actions: actions?, resources, conditions })
}

fn effect(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Effect> {
    match reader.string(value, "`Effect`")?.as_str() {
        "Allow" => Some(Effect::Allow),
        "Deny" => Some(Effect::Deny),
        _ => reader.complain(value.start(), "`Effect` is neither `Allow` nor `Deny`"),
    }
}

fn texts(
    reader: &mut Reader<'_>,
    (member, negated): (&ObjectProp<'_>, bool),
    check: fn(&mut Reader<'_>, usize, &str),
) -> Option<Scope<String>> {
    let what = format!("`{}`", member.name.as_str());
    let list = reader.strings(&member.value, &what)?;
    for text in &list {
        check(reader, member.value.start(), text);
    }
    Some(if negated { Scope::AllBut(list) } else { Scope::Only(list) })
}

/// An action is `*` or `service:name`.
fn check_action(reader: &mut Reader<'_>, offset: usize, text: &str) {
    let well_formed = text == "*"
        || text.split_once(':').is_some_and(|(service, name)| {
            let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_*?.".contains(&byte);
            !service.is_empty() && !name.is_empty() && service.bytes().all(legal) && name.bytes().all(legal)
        });
    if !well_formed {
        let message = format!("`{}` is no action: `service:Name` or `*` is wanted", printable(text));
        reader.complain::<()>(offset, message);
    }
}

fn principals(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Vec<Principal>> {
    match value {
        Value::StringLit(text) if text.value == "*" => Some(vec![Principal::Anyone]),
        Value::Object(object) => {
            let mut all = Vec::new();
            for (name, member) in reader.members(object) {
                let make: fn(String) -> Principal = match name {
                    "AWS" => |text| if text == "*" { Principal::Anyone } else { Principal::Aws(text) },
                    "Service" => Principal::Service,
                    "Federated" => Principal::Federated,
                    "CanonicalUser" => Principal::CanonicalUser,
                    other => {
                        let message = format!(
                            "`{}` is no kind of principal: AWS, Service, Federated, CanonicalUser are",
                            printable(other)
                        );
                        reader.complain::<()>(member.start(), message);
                        continue;
                    }
                };
                all.extend(
                    reader.strings(&member.value, "a principal").unwrap_or_default().into_iter().map(make),
                );
            }
            Some(all)
        }
        other => reader
            .complain(other.start(), format!("a principal is `\"*\"` or an object, not {}", kind(other))),
    }
}

fn conditions(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<Condition> {
    let Value::Object(block) = value else {
        reader.complain::<()>(value.start(), format!("`Condition` is an object, not {}", kind(value)));
        return Vec::new();
    };
    let mut all = Vec::new();
    for (name, member) in reader.members(block) {
        let Some(operator) = Operator::parse(name) else {
            let message = format!("`{}` is no condition operator", printable(name));
            reader.complain::<()>(member.start(), message);
            continue;
        };
        let Value::Object(keys) = &member.value else {
            let message = format!("`{name}` holds an object of keys, not {}", kind(&member.value));
            reader.complain::<()>(member.value.start(), message);
            continue;
        };
        for (key, values) in reader.members(keys) {
            if let Some(values) = reader.scalars(&values.value, "a condition value") {
                all.push(Condition { operator, key: key.to_owned(), values });
            }
        }
    }
    all
}
