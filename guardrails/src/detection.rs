//! Cases and checks of guardrails that detect or judge templates: whether what is deployed is what AWS takes, and
//! what the cases say.

use crate::check::Checker;
use crate::config_rule::{ConfigRule, RuleTemplate, names};
use crate::control::SecurityControl;
use crate::guard::{GuardRules, GuardTemplate, GuardVerdict};
use crate::guardrail::Body;
use crate::managed::{ManagedRule, Trigger};
use crate::resolve::Resolved;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a rule's name at the most: AWS takes 128 and puts about 30 of its own behind those in a pack.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html>.
const NAME_AT_MOST: usize = 96;

/// Rules of one guardrail at the most, so that each fits into a pack whatever else is in it.
const RULES_AT_MOST: usize = 40;

/// What is otherwise than a case of Config rules says.
pub(crate) fn rule_faults(rules: &[ConfigRule], wanted: &Inputs) -> Vec<String> {
    let start = |rule: &ConfigRule| format!("{}--", rule.guardrail);
    let label = |rule: &ConfigRule| {
        let kebab = rule.managed.identifier.to_ascii_lowercase().replace('_', "-");
        let end = rule.name.strip_prefix(&start(rule)).and_then(|name| name.strip_prefix(&kebab));
        match end.map(|end| end.trim_start_matches('-')) {
            Some(end) if !end.is_empty() => format!("{} {end}", rule.managed.identifier),
            _ => rule.managed.identifier.to_owned(),
        }
    };
    faults(&rules.iter().map(|rule| (label(rule), rule.inputs.clone())).collect(), wanted)
}

/// What is otherwise than a case of controls says.
pub(crate) fn control_faults(controls: &[SecurityControl], wanted: &Inputs) -> Vec<String> {
    let found = controls.iter().map(|control| (control.id.clone(), control.parameters.clone()));
    faults(&found.collect(), wanted)
}

/// Inputs by AWS's name, by rule or control.
type Inputs = BTreeMap<String, BTreeMap<String, Json>>;

fn faults(found: &Inputs, wanted: &Inputs) -> Vec<String> {
    let labels: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    let text = |inputs: &BTreeMap<String, Json>| {
        let members: serde_json::Map<String, Json> = inputs.clone().into_iter().collect();
        Json::Object(members).to_string()
    };
    labels
        .into_iter()
        .filter_map(|label| match (found.get(label), wanted.get(label)) {
            (Some(found), Some(wanted)) if found == wanted => None,
            (Some(found), Some(wanted)) => {
                Some(format!("`{label}` has the inputs {}, not {}", text(found), text(wanted)))
            }
            (Some(_), None) => Some(format!("the case does not speak of `{label}`")),
            (None, _) => Some(format!("there is no `{label}`")),
        })
        .collect()
}

/// How a template comes out otherwise than a case of Guard rules says. Without a resource that they judge it is no case
/// at all: it passes whatever they say.
pub(crate) fn template_faults(rules: &GuardRules, template: &Json, wanted: GuardVerdict) -> Vec<String> {
    if !rules.concern(template) {
        return vec!["the template has no resource that the rules judge".to_owned()];
    }
    match (rules.judge(template), wanted) {
        (Err(error), _) => vec![error.to_string()],
        (Ok(broken), GuardVerdict::Fails) if broken.is_empty() => vec!["it passes".to_owned()],
        (Ok(broken), GuardVerdict::Passes) => {
            broken.iter().map(|one| format!("it breaks `{}`", one.rule)).collect()
        }
        (Ok(_), GuardVerdict::Fails) => Vec::new(),
    }
}

impl Checker<'_> {
    /// What can be told of Config rules, controls or Guard rules from their templates.
    pub(crate) fn body(&mut self) {
        let guardrail = self.guardrail();
        let used: BTreeSet<String> = match &guardrail.body {
            Body::Policy { template, .. } => {
                self.template(template);
                return;
            }
            Body::Rules(rules) => {
                let mut labels = BTreeSet::new();
                for rule in rules {
                    if !labels.insert(rule.label()) {
                        self.find_at(
                            &rule.node,
                            format!("two rules are `{}`: tell them apart by `as`", rule.label()),
                        );
                    }
                    self.rule(rule);
                }
                rules.iter().flat_map(used).collect()
            }
            Body::Controls(controls) => controls
                .iter()
                .flat_map(|one| one.parameters.iter().flat_map(|(_, node)| names(node)))
                .collect(),
            Body::Guard(guard) => {
                self.guard(guard);
                guard.parameters()
            }
        };
        for parameter in guardrail.parameters.iter().filter(|one| !used.contains(&one.name)) {
            self.find(format!("nothing is filled with the parameter `{}`", parameter.name));
        }
    }

    fn rule(&mut self, rule: &RuleTemplate) {
        let Some(managed) = ManagedRule::find(&rule.identifier) else { return };
        for (name, node) in &rule.inputs {
            if managed.input(name).is_none() {
                let known: Vec<&str> = managed.inputs.iter().map(|input| input.name).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                self.find_at(node, format!("`{}` has no input `{name}`: it has {known}", rule.identifier));
            }
        }
        let scoped = !rule.types.is_empty() || rule.tag.is_some();
        if scoped && managed.trigger == Trigger::Periodic {
            self.find_at(
                &rule.node,
                format!("`{}` is fired by the clock and takes no scope", rule.identifier),
            );
        }
        if !rule.types.is_empty() && rule.tag.is_some() {
            self.find_at(&rule.node, "a rule is confined by types or by a tag, not by both");
        }
        for ty in rule.types.iter().filter(|ty| !managed.types.contains(&ty.as_str())) {
            self.find_at(&rule.node, format!("`{}` does not look at `{ty}`", rule.identifier));
        }
    }

    fn guard(&mut self, guard: &GuardTemplate) {
        let rules = guard.rules();
        let distinct: BTreeSet<&String> = rules.iter().collect();
        if rules.is_empty() || distinct.len() != rules.len() {
            self.find(
                "the Guard text begins at least one `rule NAME` at the start of a line, each name once",
            );
        }
        for ty in &guard.types {
            if !guard.text.contains(ty.as_str()) {
                self.find(format!("the Guard text does not speak of `{ty}`"));
            }
        }
    }

    /// What shows only with values.
    pub(crate) fn filled(&mut self, resolved: &Resolved) {
        match resolved {
            Resolved::Rules(rules) => self.filled_rules(rules),
            Resolved::Statements(_) | Resolved::Document(_) | Resolved::Controls(_) | Resolved::Guard(_) => {}
        }
    }

    fn filled_rules(&mut self, rules: &[ConfigRule]) {
        if rules.len() > RULES_AT_MOST {
            self.find(format!("these are {} Config rules, and {RULES_AT_MOST} are the most", rules.len()));
        }
        for rule in rules {
            if rule.name.chars().count() > NAME_AT_MOST {
                self.find(format!("the name `{}` is longer than {NAME_AT_MOST} characters", rule.name));
            }
            for input in &rule.managed.inputs {
                match rule.inputs.get(input.name) {
                    Some(Json::String(text)) if !input.ty.takes(text) => {
                        self.find(format!(
                            "`{text}` for `{}` of `{}` is not {}",
                            input.name,
                            rule.managed.identifier,
                            input.ty.words()
                        ));
                    }
                    None if !input.optional => {
                        self.find(format!("`{}` wants the input `{}`", rule.managed.identifier, input.name));
                    }
                    Some(_) | None => {}
                }
            }
        }
    }

    /// What is wanted of the cases of what is not a policy.
    pub(crate) fn detective_cases(&mut self) {
        let guardrail = self.guardrail();
        let has = |word: &str| guardrail.cases.iter().any(|case| case.expectation.word() == word);
        match &guardrail.body {
            Body::Policy { .. } => {}
            Body::Rules(_) | Body::Controls(_) => {
                let given = guardrail.cases.iter().any(|case| !case.arguments.is_empty());
                if !(guardrail.parameters.is_empty() || has("inputs") && given) {
                    self.find("a case of `inputs` is wanted that gives a parameter another value");
                }
            }
            Body::Guard(_) => {
                if !(has("passes") && has("fails")) {
                    self.find("cases of both kinds are wanted: a template that passes and one that fails");
                }
            }
        }
    }
}

/// The parameters that a rule speaks of.
fn used(rule: &RuleTemplate) -> BTreeSet<String> {
    let inputs = rule.inputs.iter().map(|(_, node)| node);
    let tag = rule.tag.iter().flat_map(|tag| std::iter::once(&tag.key).chain(tag.value.as_ref()));
    inputs.chain(tag).flat_map(names).chain(rule.each.clone()).collect()
}
