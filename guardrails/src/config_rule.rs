//! Config rules of a guardrail: as its file has them, and filled in.
//!
//! | key | says |
//! |---|---|
//! | `identifier` | the managed rule |
//! | `as` | what tells two rules of one identifier apart |
//! | `each` | a list parameter: the rule stands once for each of its items, `$(item)` |
//! | `inputs` | the managed rule's inputs by AWS's names, with placeholders as in policies |
//! | `types` | the resource types it is confined to, if not all that the managed rule looks at |
//! | `tag` | the tag that resources must carry to be looked at, instead of types |
//! | `in` | `home` where it looks at something that an account has once, not in every Region |
//! | `controls` | the Security Hub controls that run the same check |
//!
//! An input whose parameter is optional and not given is left out. A text with `${AWS::…}` is filled in by AWS, in
//! each account.

use crate::argument::Argument;
use crate::fault::Fault;
use crate::guardrail::Guardrail;
use crate::managed::{ManagedRule, Trigger};
use crate::template::{Bindings, Empty};
use crate::yaml::{Node, Value};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// A Config rule with everything filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigRule {
    /// The guardrail it is of.
    pub guardrail: String,
    /// Its name, of the guardrail and the managed rule.
    pub name: String,
    /// What people read beside the name: the guardrail's title.
    pub description: String,
    /// The managed rule.
    pub managed: &'static ManagedRule,
    /// Its inputs by AWS's names: texts, or `{"Fn::Sub": …}` where AWS fills in account or partition.
    pub inputs: BTreeMap<String, Json>,
    /// What it is confined to.
    pub scope: Scope,
    /// Where it runs.
    pub place: RulePlace,
    /// The Security Hub controls that together run the same check; none where there is no equal, as with inputs
    /// other than the guardrail's own.
    pub controls: BTreeSet<String>,
}

impl ConfigRule {
    /// Whether these controls see all that it would see, so that it need not run beside them and be paid for twice.
    #[must_use]
    pub fn is_covered_by(&self, running: &BTreeSet<String>) -> bool {
        !self.controls.is_empty() && self.controls.is_subset(running)
    }
}

/// What a rule is confined to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Nothing: it looks at the account, by the clock.
    Account,
    /// Resources of these types.
    Types(Vec<String>),
    /// Resources with this tag.
    Tag {
        /// The key.
        key: String,
        /// The value; any where there is none.
        value: Option<String>,
    },
}

/// In which of the governed Regions a rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RulePlace {
    /// In all of them.
    EveryRegion,
    /// In the home Region alone: what it looks at is the same from everywhere.
    Home,
}

/// A rule as the file has it.
#[derive(Debug, Clone)]
pub(crate) struct RuleTemplate {
    pub(crate) node: Node,
    pub(crate) identifier: String,
    pub(crate) distinct: Option<String>,
    pub(crate) each: Option<String>,
    pub(crate) inputs: Vec<(String, Node)>,
    pub(crate) types: Vec<String>,
    pub(crate) tag: Option<TagTemplate>,
    pub(crate) place: RulePlace,
    pub(crate) controls: BTreeSet<String>,
}

/// A tag with placeholders.
#[derive(Debug, Clone)]
pub(crate) struct TagTemplate {
    pub(crate) key: Node,
    pub(crate) value: Option<Node>,
}

impl RuleTemplate {
    /// What cases and pages call it: its identifier, with what tells it from others of the same.
    pub(crate) fn label(&self) -> String {
        match &self.distinct {
            Some(distinct) => format!("{} {distinct}", self.identifier),
            None => self.identifier.clone(),
        }
    }

    /// The rules it stands for.
    pub(crate) fn fill(
        &self,
        guardrail: &Guardrail,
        arguments: &BTreeMap<String, Argument>,
    ) -> Result<Vec<ConfigRule>, Fault> {
        let Some(each) = &self.each else {
            return Ok(vec![self.one(guardrail, arguments, None)?]);
        };
        let Some(Argument::List(items)) = arguments.get(each) else {
            return Err(Fault::new(&guardrail.file, self.node.place, format!("`{each}` is no list")));
        };
        let mut all = Vec::new();
        for item in items {
            let mut with_item = arguments.clone();
            with_item.insert("item".to_owned(), Argument::Text(item.clone()));
            all.push(self.one(guardrail, &with_item, Some(item))?);
        }
        Ok(all)
    }

    fn one(
        &self,
        guardrail: &Guardrail,
        arguments: &BTreeMap<String, Argument>,
        item: Option<&str>,
    ) -> Result<ConfigRule, Fault> {
        let fault = |message: String| Fault::new(&guardrail.file, self.node.place, message);
        let managed = ManagedRule::find(&self.identifier).ok_or_else(|| fault(unknown(&self.identifier)))?;
        let bindings = Bindings { file: &guardrail.file, arguments, exempt: &[], empty: Empty::Keep };
        let is_absent = |name: &str| {
            !arguments.contains_key(name) && guardrail.parameter(name).is_some_and(|known| known.optional)
        };
        let mut inputs = BTreeMap::new();
        for (name, template) in &self.inputs {
            if names(template).iter().any(|parameter| is_absent(parameter)) {
                continue;
            }
            if let Some(text) = text(&bindings.fill(template)?) {
                let value = if text.contains("${AWS::") { json!({ "Fn::Sub": text }) } else { text.into() };
                inputs.insert(name.clone(), value);
            }
        }
        let filled = |node: &Node| Ok(text(&bindings.fill(node)?).unwrap_or_default());
        let scope = match &self.tag {
            Some(tag) => {
                Scope::Tag { key: filled(&tag.key)?, value: tag.value.as_ref().map(filled).transpose()? }
            }
            None if managed.trigger == Trigger::Periodic => Scope::Account,
            None if self.types.is_empty() => {
                Scope::Types(managed.types.iter().map(|ty| (*ty).to_owned()).collect())
            }
            None => Scope::Types(self.types.clone()),
        };
        let kebab = self.identifier.to_ascii_lowercase().replace('_', "-");
        let ends = [self.distinct.as_deref(), item].into_iter().flatten().map(|end| format!("-{end}"));
        Ok(ConfigRule {
            guardrail: guardrail.id.clone(),
            name: format!("{}--{kebab}{}", guardrail.id, ends.collect::<String>()),
            description: guardrail.title.clone(),
            managed,
            inputs,
            scope,
            place: self.place,
            controls: if self.is_usual(guardrail, arguments) {
                self.controls.clone()
            } else {
                BTreeSet::new()
            },
        })
    }

    /// Whether what it is filled with is the guardrail's own: a control of Security Hub runs with that alone.
    fn is_usual(&self, guardrail: &Guardrail, arguments: &BTreeMap<String, Argument>) -> bool {
        let used = self.inputs.iter().flat_map(|(_, template)| names(template));
        used.filter_map(|name| guardrail.parameter(&name).map(|parameter| (parameter, arguments.get(&name))))
            .all(|(parameter, argument)| argument == parameter.default.as_ref())
            && self.tag.is_none()
    }
}

/// What is said of an identifier that there is none of.
pub(crate) fn unknown(identifier: &str) -> String {
    let hint = ManagedRule::nearest(identifier);
    let hint = hint.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    format!("AWS Config has no managed rule `{identifier}`{hint}")
}

/// The text of an input: items of a list with commas between them; none where the list is empty.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Array(items) if items.is_empty() => None,
        Json::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(",")),
        Json::Null => None,
        other => Some(other.to_string()),
    }
}

/// The parameters that a template speaks of.
pub(crate) fn names(node: &Node) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    match &node.value {
        Value::Text(text) => {
            let parts = text.split("$(").skip(1);
            all.extend(parts.filter_map(|part| part.split_once(')')).map(|(name, _)| name.to_owned()));
        }
        Value::List(items) => all.extend(items.iter().flat_map(names)),
        Value::Map(members) => {
            for member in members {
                match (&member.value.value, ["$param", "$if"].contains(&member.key.as_str())) {
                    (Value::Text(name), true) => {
                        all.insert(name.clone());
                    }
                    _ => all.extend(names(&member.value)),
                }
            }
        }
        Value::Empty | Value::Integer(_) | Value::Flag(_) => {}
    }
    all
}
