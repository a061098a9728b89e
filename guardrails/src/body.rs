//! Reading what a guardrail works by: a policy, Config rules, controls or Guard rules.

use crate::config_rule::{RulePlace, RuleTemplate, TagTemplate};
use crate::control::{ControlTemplate, is_control};
use crate::guard::GuardTemplate;
use crate::guardrail::{Body, Exceptions, Mechanism};
use crate::managed::ManagedRule;
use crate::reader::{Faults, Section, text};
use crate::yaml::{Node, Value};
use std::collections::BTreeSet;

/// The keys of a guardrail file of which each mechanism has one.
pub(crate) const BODIES: &[&str] = &["policy", "rules", "controls", "guard"];

/// Reads what a guardrail of this mechanism works by.
pub(crate) fn body(faults: &mut Faults<'_>, section: &Section<'_>, mechanism: Mechanism) -> Option<Body> {
    let key = mechanism.key();
    for other in BODIES.iter().filter(|other| **other != key) {
        if let Some(node) = section.get(other) {
            let message = format!("`{other}` has no place here: a guardrail by {mechanism} has `{key}`");
            faults.add::<()>(node.place, message);
        }
    }
    let node = section.want(faults, key)?;
    match (mechanism.policy_type(), mechanism) {
        (Some(ty), _) => Some(Body::Policy { ty, template: node.clone() }),
        (None, Mechanism::SecurityHubControl) => Some(Body::Controls(each(faults, node, key, control))),
        (None, Mechanism::CfnGuard) => guard(faults, node).map(Body::Guard),
        (None, _) => Some(Body::Rules(each(faults, node, key, rule))),
    }
}

/// How an account is spared where the file does not say: what is deployed to accounts leaves it out.
pub(crate) fn usual_exceptions(mechanism: Option<Mechanism>) -> Option<Exceptions> {
    mechanism.filter(|mechanism| mechanism.policy_type().is_none()).map(|_| Exceptions::Excluded)
}

fn each<T>(
    faults: &mut Faults<'_>,
    node: &Node,
    key: &str,
    read: fn(&mut Faults<'_>, &Node) -> Option<T>,
) -> Vec<T> {
    match &node.value {
        Value::List(items) if !items.is_empty() => {
            items.iter().filter_map(|item| read(faults, item)).collect()
        }
        _ => {
            faults.add::<()>(node.place, format!("`{key}` is a list of at least one, not {}", node.kind()));
            Vec::new()
        }
    }
}

fn rule(faults: &mut Faults<'_>, node: &Node) -> Option<RuleTemplate> {
    let keys = &["identifier", "as", "each", "inputs", "types", "tag", "in", "controls"];
    let section = Section::open(faults, node, "a rule", keys)?;
    let identifier = section.text(faults, "identifier")?;
    if ManagedRule::find(&identifier).is_none() {
        faults.add::<()>(node.place, crate::config_rule::unknown(&identifier));
    }
    let place = match section.get("in").map(|node| text(faults, node, "in")) {
        None => RulePlace::EveryRegion,
        Some(Some(word)) if word == "home" => RulePlace::Home,
        Some(_) => faults.add(node.place, "`in` is `home`, or left out for every governed Region")?,
    };
    let controls: BTreeSet<String> = section.texts(faults, "controls").into_iter().collect();
    for control in controls.iter().filter(|control| !is_control(control)) {
        faults.add::<()>(node.place, format!("`{control}` is no control such as `EC2.19`"));
    }
    let name = |faults: &mut Faults<'_>, key: &str| section.get(key).and_then(|node| text(faults, node, key));
    Some(RuleTemplate {
        node: node.clone(),
        distinct: name(faults, "as"),
        each: name(faults, "each"),
        inputs: members(faults, section.get("inputs"), "inputs"),
        types: section.texts(faults, "types"),
        tag: section.get("tag").and_then(|node| tag(faults, node)),
        identifier,
        place,
        controls,
    })
}

fn tag(faults: &mut Faults<'_>, node: &Node) -> Option<TagTemplate> {
    let section = Section::open(faults, node, "`tag`", &["key", "value"])?;
    let key = section.want(faults, "key")?.clone();
    Some(TagTemplate { key, value: section.get("value").cloned() })
}

fn control(faults: &mut Faults<'_>, node: &Node) -> Option<ControlTemplate> {
    let section = Section::open(faults, node, "a control", &["id", "parameters"])?;
    let id = section.text(faults, "id")?;
    if !is_control(&id) {
        faults.add::<()>(node.place, format!("`{id}` is no control such as `EC2.19`"));
    }
    let parameters = members(faults, section.get("parameters"), "parameters");
    Some(ControlTemplate { node: node.clone(), id, parameters })
}

fn members(faults: &mut Faults<'_>, node: Option<&Node>, key: &str) -> Vec<(String, Node)> {
    let Some(node) = node else { return Vec::new() };
    if !matches!(node.value, Value::Map(_)) {
        faults.add::<()>(node.place, format!("`{key}` is a map by AWS's names, not {}", node.kind()));
    }
    node.members().iter().map(|member| (member.key.clone(), member.value.clone())).collect()
}

fn guard(faults: &mut Faults<'_>, node: &Node) -> Option<GuardTemplate> {
    let section = Section::open(faults, node, "`guard`", &["types", "rules"])?;
    let types: BTreeSet<String> = section.texts(faults, "types").into_iter().collect();
    if types.is_empty() {
        faults.add::<()>(node.place, "`types` names the resource types that the rules judge");
    }
    Some(GuardTemplate { node: node.clone(), text: section.text(faults, "rules")?, types })
}
