//! CloudFormation Guard rules of a guardrail: as its file has them, and filled in.
//!
//! The text is in the language of <https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html>; `$(name)` in
//! it stands for a parameter, as a literal of that language. What it says of a template is
//! asked in [`crate::judge`].

use crate::argument::Argument;
use crate::case::Expectation;
use crate::fault::Fault;
use crate::guardrail::Guardrail;
use crate::resolve::{ResolveError, Resolved};
use crate::trial::Stage;
use crate::yaml::Node;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// A file of Guard rules with everything filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardRules {
    /// The guardrail it is of.
    pub guardrail: String,
    /// The text of the rule file.
    pub text: String,
    /// The names of the rules in it.
    pub rules: BTreeSet<String>,
    /// The resource types it judges; a template without any of them passes.
    pub types: BTreeSet<String>,
}

/// Guard rules as the file has them.
#[derive(Debug, Clone)]
pub(crate) struct GuardTemplate {
    pub(crate) node: Node,
    pub(crate) text: String,
    pub(crate) types: BTreeSet<String>,
}

impl GuardTemplate {
    /// The names of the rules in it, in order; a name that comes twice stands twice.
    pub(crate) fn rules(&self) -> Vec<String> {
        let named = self.text.lines().filter_map(|line| line.strip_prefix("rule "));
        named.filter_map(|rest| rest.split_whitespace().next()).map(str::to_owned).collect()
    }

    /// The parameters that it speaks of.
    pub(crate) fn parameters(&self) -> BTreeSet<String> {
        let parts = self.text.split("$(").skip(1);
        parts.filter_map(|part| part.split_once(')')).map(|(name, _)| name.to_owned()).collect()
    }

    pub(crate) fn fill(
        &self,
        guardrail: &Guardrail,
        arguments: &BTreeMap<String, Argument>,
    ) -> Result<GuardRules, Fault> {
        let mut text = String::new();
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once("$(") {
            let fault = |message: String| Fault::new(&guardrail.file, self.node.place, message);
            let (name, behind) =
                after.split_once(')').ok_or_else(|| fault("`$(` is not closed".to_owned()))?;
            let argument =
                arguments.get(name).ok_or_else(|| fault(format!("there is no parameter `{name}`")))?;
            text.push_str(before);
            text.push_str(&literal(argument));
            rest = behind;
        }
        text.push_str(rest);
        text.push('\n');
        Ok(GuardRules {
            guardrail: guardrail.id.clone(),
            text,
            rules: self.rules().into_iter().collect(),
            types: self.types.clone(),
        })
    }
}

/// A template that Guard rules have to judge as a case says: for AWS's own program, the second judge.
#[derive(Debug, Clone, PartialEq)]
pub struct GuardCase {
    /// What the case shows.
    pub says: String,
    /// The rules, filled in with the arguments of the case.
    pub rules: GuardRules,
    /// The template.
    pub template: Json,
    /// What is to come of it.
    pub verdict: GuardVerdict,
}

/// What Guard rules say of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuardVerdict {
    /// No rule fails.
    Passes,
    /// At least one rule fails.
    Fails,
}

impl Guardrail {
    /// Its cases of templates, in the order of the file; none for a guardrail by other means.
    ///
    /// # Errors
    /// What is in the way of filling its rules in.
    pub fn guard_cases(&self) -> Result<Vec<GuardCase>, Vec<ResolveError>> {
        let mut all = Vec::new();
        let stage = Stage::usual().map_err(|error| {
            let place = self.body_place();
            vec![ResolveError::Policy(Fault::new(&self.file, place, error))]
        })?;
        for case in &self.cases {
            let (verdict, template) = match &case.expectation {
                Expectation::Passes(template) => (GuardVerdict::Passes, template),
                Expectation::Fails(template) => (GuardVerdict::Fails, template),
                Expectation::Denied(_)
                | Expectation::Allowed(_)
                | Expectation::Effective { .. }
                | Expectation::Document(_)
                | Expectation::Inputs(_) => continue,
            };
            let resolved = self.resolve(&case.arguments, &stage.surroundings, &BTreeSet::new())?;
            if let Resolved::Guard(rules) = resolved {
                all.push(GuardCase { says: case.says.clone(), rules, template: template.clone(), verdict });
            }
        }
        Ok(all)
    }
}

/// A value in Guard's language. Texts hold no quotes or backslashes: their parameters name their characters.
fn literal(argument: &Argument) -> String {
    let list = |items: &[String]| {
        let quoted: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
        format!("[{}]", quoted.join(", "))
    };
    match argument {
        Argument::Text(text) => format!("\"{text}\""),
        Argument::Integer(number) => number.to_string(),
        Argument::Flag(flag) => flag.to_string(),
        Argument::List(items) => list(items),
        Argument::Map(entries) => list(&entries.keys().cloned().collect::<Vec<_>>()),
    }
}
