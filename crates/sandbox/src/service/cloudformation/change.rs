//! The changes of a change set: what would be added, modified, replaced and removed, and why.
//!
//! A property that changes only because another resource does is *dynamic*: CloudFormation does not know yet whether it
//! really changes, and where that property cannot be changed in place it tells a conditional replacement.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html>

use super::attempt::{Attempt, Step, Verb, changed_properties, retains};
use super::inputs::Inputs;
use super::reference::{Reference, references};
use super::stack::Stack;
use super::template_text::Parsed;
use glidepath_template::resource_type;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One resource that would change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResourceChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_action: Option<String>,
    action: String,
    logical_resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_resource_id: Option<String>,
    resource_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<String>,
    scope: Vec<String>,
    details: Vec<Detail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_context: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_context: Option<String>,
}

/// One reason why a resource would change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Detail {
    target: Target,
    evaluation: String,
    change_source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    causing_entity: Option<String>,
}

/// What would change in a resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    attribute: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    requires_recreation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute_change_type: Option<String>,
}

impl ResourceChange {
    /// Without the values of properties, which are told only when asked for.
    pub(super) fn without_values(mut self) -> Self {
        self.before_context = None;
        self.after_context = None;
        for detail in &mut self.details {
            detail.target.before_value = None;
            detail.target.after_value = None;
            detail.target.path = None;
            detail.target.attribute_change_type = None;
        }
        self
    }
}

/// The changes that an attempt makes, in the order of the template, removals last.
pub(super) fn changes(
    stack: &Stack,
    (old_inputs, old): (&Inputs, &Parsed),
    (new_inputs, new): (&Inputs, &Parsed),
    attempt: &Attempt,
) -> Vec<ResourceChange> {
    let telling = Telling {
        old,
        new,
        parameters: differing(&old_inputs.parameters, &new_inputs.parameters),
        retagged: old_inputs.tags != new_inputs.tags,
        verbs: attempt.steps.iter().map(|step| (step.logical_id.as_str(), step.verb)).collect(),
    };
    let changed = attempt.steps.iter().filter_map(|step| match (step.verb, &step.before) {
        (Verb::Add, _) | (_, None) => Some(telling.added(step)),
        (Verb::Keep | Verb::Modify | Verb::Replace, Some(before)) => {
            telling.modified(step, &before.properties)
        }
    });
    let removed = attempt.removed.iter().filter_map(|logical_id| telling.removed(stack, logical_id));
    changed.chain(removed).collect()
}

/// The names whose values differ.
fn differing<'a>(one: &'a BTreeMap<String, String>, two: &'a BTreeMap<String, String>) -> BTreeSet<&'a str> {
    let names = one.keys().chain(two.keys());
    names.filter(|name| one.get(*name) != two.get(*name)).map(String::as_str).collect()
}

struct Telling<'a> {
    old: &'a Parsed,
    new: &'a Parsed,
    /// The parameters whose values change.
    parameters: BTreeSet<&'a str>,
    retagged: bool,
    verbs: BTreeMap<&'a str, Verb>,
}

/// Why a property changes.
struct Cause {
    evaluation: &'static str,
    source: &'static str,
    entity: Option<String>,
}

/// Whether a change of a property needs another resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recreation {
    Never,
    Always,
}

impl Recreation {
    fn api_name(self) -> &'static str {
        match self {
            Self::Never => "Never",
            Self::Always => "Always",
        }
    }
}

const STATIC: &str = "Static";
const DYNAMIC: &str = "Dynamic";

impl Telling<'_> {
    fn added(&self, step: &Step) -> ResourceChange {
        ResourceChange {
            policy_action: None,
            action: "Add".to_owned(),
            logical_resource_id: step.logical_id.clone(),
            physical_resource_id: None,
            resource_type: step.resource.ty.to_string(),
            replacement: None,
            scope: Vec::new(),
            details: Vec::new(),
            before_context: None,
            after_context: Some(context(&step.resource.properties)),
        }
    }

    fn removed(&self, stack: &Stack, logical_id: &str) -> Option<ResourceChange> {
        let member = stack.members.get(logical_id)?;
        let policy = self.old.template.resources().get(logical_id).map(|resource| resource.deletion_policy);
        let retained = policy.is_some_and(retains);
        Some(ResourceChange {
            policy_action: Some(if retained { "Retain" } else { "Delete" }.to_owned()),
            action: "Remove".to_owned(),
            logical_resource_id: logical_id.to_owned(),
            physical_resource_id: member.physical_id.clone(),
            resource_type: member.ty.to_string(),
            replacement: None,
            scope: Vec::new(),
            details: Vec::new(),
            before_context: None,
            after_context: None,
        })
    }

    /// The change of a resource that stands; none if nothing of it changes, for sure.
    fn modified(&self, step: &Step, before: &Value) -> Option<ResourceChange> {
        let after = &step.resource.properties;
        let ty = resource_type::find(&step.resource.ty);
        let mut names = changed_properties(before, after);
        names.extend(self.touched_by_attributes(&step.logical_id));
        let mut details = Vec::new();
        let mut replacement = "False";
        for name in &names {
            let create_only = ty.is_some_and(|ty| ty.is_create_only(name));
            let recreation = if create_only { Recreation::Always } else { Recreation::Never };
            let causes = self.causes(&step.logical_id, name, (before.get(name), after.get(name)));
            let certain = causes.iter().any(|cause| cause.evaluation == STATIC);
            replacement = match (create_only, certain, replacement) {
                (true, true, _) | (_, _, "True") => "True",
                (true, false, _) => "Conditional",
                (false, _, so_far) => so_far,
            };
            let target = target(name, recreation, (before.get(name), after.get(name)));
            details.extend(causes.into_iter().map(|cause| Detail {
                target: target.clone(),
                evaluation: cause.evaluation.to_owned(),
                change_source: cause.source.to_owned(),
                causing_entity: cause.entity,
            }));
        }
        if self.retagged && ty.is_some_and(|ty| ty.is_taggable()) && !names.contains("Tags") {
            details.push(Detail {
                target: target("Tags", Recreation::Never, (None, None)),
                evaluation: STATIC.to_owned(),
                change_source: "DirectModification".to_owned(),
                causing_entity: None,
            });
        }
        if details.is_empty() {
            return None;
        }
        let scope: BTreeSet<String> = details.iter().map(|detail| detail.target.attribute.clone()).collect();
        let policy =
            self.new.template.resources().get(&step.logical_id).map(|kept| kept.update_replace_policy);
        let replaced = if policy.is_some_and(retains) { "ReplaceAndRetain" } else { "ReplaceAndDelete" };
        Some(ResourceChange {
            policy_action: (replacement != "False").then(|| replaced.to_owned()),
            action: "Modify".to_owned(),
            logical_resource_id: step.logical_id.clone(),
            physical_resource_id: step.before.as_ref().map(|before| before.physical_id.clone()),
            resource_type: step.resource.ty.to_string(),
            replacement: Some(replacement.to_owned()),
            scope: scope.into_iter().collect(),
            details,
            before_context: Some(context(before)),
            after_context: Some(context(after)),
        })
    }

    fn expression<'p>(parsed: &'p Parsed, logical_id: &str, name: &str) -> Option<&'p Value> {
        parsed.template.resources().get(logical_id)?.properties.get(name)
    }

    /// The properties that have an attribute of a resource which changes.
    fn touched_by_attributes(&self, logical_id: &str) -> BTreeSet<String> {
        let resource = self.new.template.resources().get(logical_id);
        let properties = resource.and_then(|resource| resource.properties.as_object());
        let touched = |expression: &Value| {
            references(expression).iter().any(|reference| match reference {
                Reference::Attribute(of, _) => self.changes(of),
                Reference::Whole(_) => false,
            })
        };
        let properties = properties.into_iter().flatten();
        properties.filter(|(_, expression)| touched(expression)).map(|(name, _)| name.clone()).collect()
    }

    fn changes(&self, logical_id: &str) -> bool {
        matches!(self.verbs.get(logical_id), Some(Verb::Modify | Verb::Replace))
    }

    fn causes(
        &self,
        logical_id: &str,
        name: &str,
        (before, after): (Option<&Value>, Option<&Value>),
    ) -> Vec<Cause> {
        let written = Self::expression(self.new, logical_id, name);
        let mut causes = Vec::new();
        if Self::expression(self.old, logical_id, name) != written {
            causes.push(Cause { evaluation: STATIC, source: "DirectModification", entity: None });
        }
        for reference in written.map(references).unwrap_or_default() {
            match reference {
                Reference::Whole(parameter) if self.parameters.contains(parameter.as_str()) => {
                    let entity = Some(parameter);
                    causes.push(Cause { evaluation: STATIC, source: "ParameterReference", entity });
                    // What the parameter does to the property is told apart from the parameter itself.
                    causes.push(Cause { evaluation: DYNAMIC, source: "DirectModification", entity: None });
                }
                Reference::Whole(resource) if self.verbs.get(resource.as_str()) == Some(&Verb::Replace) => {
                    causes.push(Cause {
                        evaluation: DYNAMIC,
                        source: "ResourceReference",
                        entity: Some(resource),
                    });
                }
                Reference::Attribute(resource, attribute) if self.changes(&resource) => {
                    let entity = Some(format!("{resource}.{attribute}"));
                    causes.push(Cause { evaluation: DYNAMIC, source: "ResourceAttribute", entity });
                }
                Reference::Whole(_) | Reference::Attribute(..) => {}
            }
        }
        if causes.is_empty() && before != after {
            // An export, a parameter of Systems Manager or a condition gives another value than it did.
            causes.push(Cause { evaluation: STATIC, source: "DirectModification", entity: None });
        }
        causes
    }
}

fn target(name: &str, recreation: Recreation, (before, after): (Option<&Value>, Option<&Value>)) -> Target {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let kind = match (before, after) {
        (None, Some(_)) => "Add",
        (Some(_), None) => "Remove",
        _ => "Modify",
    };
    let tags = name == "Tags";
    Target {
        attribute: if tags { "Tags" } else { "Properties" }.to_owned(),
        name: (!tags).then(|| name.to_owned()),
        requires_recreation: recreation.api_name().to_owned(),
        path: Some(format!("/Properties/{name}")),
        before_value: before.map(text),
        after_value: after.map(text),
        attribute_change_type: Some(kind.to_owned()),
    }
}

fn context(properties: &Value) -> String {
    json!({ "Properties": properties }).to_string()
}
