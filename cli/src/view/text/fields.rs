//! The fields of one change: what each is and what it shall be.

use super::{deployment, document};
use crate::view::style::{DIM, GONE, GOOD, count, paint, shown};
use glidepath_model::account_settings::AccountSettings;
use glidepath_plan::change::{Action, Change, FieldChange, Verb};
use glidepath_plan::deployment::Member;
use glidepath_plan::kind::permission_set::{PermissionSetSpec, managed_name};
use glidepath_plan::kind::stack_set_targets::StackSetTargetsSpec;
use glidepath_plan::ownership::{ADDRESS, MANAGED_BY};
use glidepath_plan::spec::Spec;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Names shown before the rest is counted.
const NAMED: usize = 8;
/// A value longer than this gets a line of its own.
const LONG: usize = 60;

/// The lines below a change, without indentation: its fields, then its document, then its notes.
pub(crate) fn lines(change: &Change) -> Vec<String> {
    let mut lines = Vec::new();
    let (marks, others): (Vec<&FieldChange>, Vec<&FieldChange>) =
        change.action.fields().iter().partition(|field| is_mark(field));
    if !marks.is_empty() && change.action.verb() != Verb::Adopt {
        lines.push(mark_line(&marks));
    }
    let at = |field: &&FieldChange, key: &str| field.path.first().is_some_and(|first| first == key);
    let (templates, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|field| at(field, "template"));
    let (members, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|field| at(field, "members"));
    let (documents, plain): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|field| at(field, "document") || at(field, "inline"));
    for field in plain {
        lines.extend(self::field(field));
    }
    if !templates.is_empty()
        && let (Some(before), Some(after)) = (change.action.before(), change.action.after())
    {
        lines.push("template".to_owned());
        let part = |spec: &Spec| spec.fields().get("template").cloned().unwrap_or(Value::Null);
        let difference = deployment::template_lines(&part(before), &part(after));
        lines.extend(difference.into_iter().map(|line| format!("  {line}")));
    }
    if !members.is_empty()
        && let (Some(Spec::StackSetTargets(before)), Some(Spec::StackSetTargets(after))) =
            (change.action.before(), change.action.after())
    {
        let less = |one: &StackSetTargetsSpec, other: &StackSetTargetsSpec| -> BTreeSet<Member> {
            one.members.difference(&other.members).cloned().collect()
        };
        let (come, gone) = (less(after, before), less(before, after));
        let sides = [("+", GOOD, come), ("-", GONE, gone)];
        for (sign, style, members) in sides.into_iter().filter(|(_, _, members)| !members.is_empty()) {
            lines.push(paint(style, format!("{sign} {}", deployment::of_members(&members))));
        }
    }
    if let Some((come, gone)) = turns(change) {
        for (sign, style, all) in [("+", GOOD, come), ("-", GONE, gone)] {
            if !all.is_empty() {
                lines.push(paint(style, format!("{sign} {}", names(&all))));
            }
        }
    }
    for key in ["document", "inline"] {
        lines.extend(document_lines(change, &documents, key));
    }
    lines.extend(change.notes.iter().map(|note| paint(DIM, format!("note: {}", shown(note)))));
    lines
}

/// The difference of the document at a key, if it differs.
fn document_lines(change: &Change, fields: &[&FieldChange], key: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let differs = fields.iter().any(|field| field.path.first().is_some_and(|first| first == key));
    if differs && let (Some(before), Some(after)) = (change.action.before(), change.action.after()) {
        lines.push(key.to_owned());
        let (before, after) = (before.fields(), after.fields());
        let part = |value: &Value| value.get(key).cloned().unwrap_or(Value::Null);
        let difference = document::difference(&part(&before), &part(&after));
        lines.extend(difference.into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// The lines of a drifted thing: from what the manifest says to what AWS has.
pub(crate) fn observed(change: &Change) -> Vec<String> {
    lines(&Change { notes: Vec::new(), action: reversed(&change.action), ..change.clone() })
}

/// The same difference seen from the other side.
fn reversed(action: &Action) -> Action {
    let turned = |fields: &[FieldChange]| {
        let turn = |field: &FieldChange| FieldChange {
            path: field.path.clone(),
            before: field.after.clone(),
            after: field.before.clone(),
        };
        fields.iter().map(turn).collect()
    };
    match action {
        Action::Update { physical, before, after, fields }
        | Action::Adopt { physical, before, after, fields } => Action::Update {
            physical: physical.clone(),
            before: after.clone(),
            after: before.clone(),
            fields: turned(fields),
        },
        Action::Create { .. } | Action::Delete { .. } | Action::Forget { .. } => action.clone(),
    }
}

/// Everything that a created thing will be or a deleted one was, for those who want to see it all.
pub(crate) fn all(change: &Change) -> Vec<String> {
    let spec = match &change.action {
        Action::Create { after } => after,
        Action::Delete { before, .. } | Action::Forget { before, .. } => before,
        Action::Update { .. } | Action::Adopt { .. } => return Vec::new(),
    };
    let mut fields = spec.fields();
    let document = fields.as_object_mut().and_then(|members| {
        let template = members.shift_remove("template");
        let inline = members.shift_remove("inline");
        members.shift_remove("document").or(template).or(inline)
    });
    let mut lines = Vec::new();
    for (key, value) in fields.as_object().into_iter().flatten() {
        match value {
            Value::Object(members) => {
                let rows = members.iter().filter(|(name, _)| *name != MANAGED_BY && *name != ADDRESS);
                lines.extend(
                    rows.map(|(name, value)| format!("{}.{}: {}", shown(key), shown(name), text(value))),
                );
            }
            Value::String(empty) if empty.is_empty() => {}
            value => lines.push(format!("{}: {}", shown(key), text(value))),
        }
    }
    if let Some(document) = document {
        lines.push("document:".to_owned());
        lines.extend(document::whole(&document).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// The few words beside a change's address that say what it is about.
pub(crate) fn gist(change: &Change) -> String {
    let spec = match &change.action {
        Action::Create { after } => after,
        Action::Adopt { .. } => return "is there already and becomes ours".to_owned(),
        Action::Forget { .. } => return "left the manifest: stays, no longer ours".to_owned(),
        Action::Update { .. } | Action::Delete { .. } => return String::new(),
    };
    match spec {
        Spec::Account(account) => shown(&account.email),
        Spec::Policy(policy) => document::size(&policy.document),
        Spec::ResourcePolicy(policy) => document::size(&policy.document),
        Spec::StackSet(set) => deployment::of_template(&set.template),
        Spec::Stack(stack) => deployment::of_template(&stack.template),
        Spec::StackSetTargets(targets) => deployment::of_members(&targets.members),
        Spec::Key(key) => format!("in {}, {}", shown(&key.account), shown(&key.regions.join(", "))),
        Spec::AccountSettings(settings) => named_settings(settings),
        Spec::PermissionSet(set) => permission_set(set),
        Spec::Assignments(spec) => names(&spec.members),
        Spec::Membership(spec) => names(&spec.members),
        Spec::User(user) => shown(&user.display),
        Spec::Group(_) | Spec::AccessControlAttributes(_) => String::new(),
        Spec::Organization(_)
        | Spec::PolicyType(_)
        | Spec::Unit(_)
        | Spec::TrustedAccess(_)
        | Spec::RootAccess(_)
        | Spec::DelegatedAdministrator(_)
        | Spec::Attachment(_) => String::new(),
    }
}

/// Which settings an account gets, those of Regions once for all of them.
fn named_settings(settings: &AccountSettings) -> String {
    let fields = serde_json::to_value(settings).unwrap_or_default();
    let keys = |value: Option<&Value>| -> Vec<String> {
        value.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.clone()).collect()
    };
    let none = |key: &String| key == "regions" || (key == "contacts" && settings.contacts.is_empty());
    let own = keys(Some(&fields)).into_iter().filter(|key| !none(key));
    let regions = fields.get("regions").and_then(Value::as_object).into_iter().flatten();
    let in_regions = regions.flat_map(|(_, region)| keys(Some(region)));
    names(&own.chain(in_regions).collect())
}

/// What a permission set holds, in a few words.
fn permission_set(set: &PermissionSetSpec) -> String {
    let managed = set.managed.iter().map(|arn| managed_name(arn).to_owned());
    let own = set.customer_managed.iter().map(|policy| policy.name.clone());
    let inline = set.inline.as_ref().map(|_| "an inline policy".to_owned());
    names(&managed.chain(own).chain(inline).collect())
}

/// Names in one line, the first few.
fn names(all: &BTreeSet<String>) -> String {
    let mut words: Vec<String> = all.iter().take(NAMED).map(shown).collect();
    if let Some(more) = all.len().checked_sub(NAMED).filter(|more| *more > 0) {
        words.push(format!("{more} more"));
    }
    words.join(", ")
}

/// The members that come and go, of the kinds whose members are names.
fn turns(change: &Change) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
    let of = |spec: Option<&Spec>| match spec {
        Some(Spec::Assignments(spec)) => Some(spec.members.clone()),
        Some(Spec::Membership(spec)) => Some(spec.members.clone()),
        Some(_) | None => None,
    };
    let (before, after) = (of(change.action.before())?, of(change.action.after())?);
    Some((&after - &before, &before - &after))
}

fn is_mark(field: &FieldChange) -> bool {
    matches!(field.path.as_slice(), [tags, key] if tags == "tags" && (key == MANAGED_BY || key == ADDRESS))
}

fn mark_line(marks: &[&FieldChange]) -> String {
    let address = marks.iter().find(|field| field.path.last().is_some_and(|key| key == ADDRESS));
    let side = |value: Option<&Value>| value.and_then(Value::as_str).map(|text| shown(&text));
    let before = address.and_then(|field| side(field.before.as_ref()));
    let after = address.and_then(|field| side(field.after.as_ref()));
    match (before, after) {
        (Some(before), Some(after)) => field_line("mark of ownership", &before, &after),
        (None, _) => "mark of ownership  is put on".to_owned(),
        (Some(_), None) => "mark of ownership  was taken off".to_owned(),
    }
}

/// The lines of one field.
pub(crate) fn field(field: &FieldChange) -> Vec<String> {
    let path: Vec<String> = field.path.iter().map(shown).collect();
    let path = path.join(".");
    let side = |value: &Option<Value>| value.as_ref().map_or_else(|| "(none)".to_owned(), text);
    let (before, after) = (side(&field.before), side(&field.after));
    if before.chars().count() + after.chars().count() > LONG {
        vec![path, paint(GONE, format!("- {before}")), paint(GOOD, format!("+ {after}"))]
    } else {
        vec![field_line(&path, &before, &after)]
    }
}

fn field_line(name: &str, before: &str, after: &str) -> String {
    format!("{name}  {} → {}", paint(GONE, before), paint(GOOD, after))
}

/// A contact and a default VPC in the words of people; none of any other object.
fn known_object(members: &Map<String, Value>) -> Option<String> {
    let text =
        |members: &Map<String, Value>, key: &str| members.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(vpc) = members.get("present").and_then(Value::as_object) {
        let subnets = vpc.get("subnets").and_then(Value::as_array).map_or(0, Vec::len);
        return Some(format!("{} with {}", shown(&text(vpc, "vpc")?), count(subnets, "subnet")));
    }
    let parts: Option<Vec<String>> =
        ["name", "title", "email", "phone"].iter().map(|key| text(members, key)).collect();
    parts.filter(|_| members.len() == 4).map(|parts| shown(&parts.join(", ")))
}

/// A value in one line: strings bare where that cannot mislead.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() && !text.contains(char::is_whitespace) => shown(text),
        Value::Object(members) => known_object(members).unwrap_or_else(|| shown(value)),
        other => shown(other),
    }
}
