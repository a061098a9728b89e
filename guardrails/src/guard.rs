//! CloudFormation Guard rules of a guardrail: as its file has them, and filled in.
//!
//! The text is in the language of <https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html>; `$(name)` in
//! it stands for a parameter, as a literal of that language. Nothing here evaluates it: `cfn-guard` does, or a
//! CloudFormation Guard hook in the account.

use crate::argument::Argument;
use crate::fault::Fault;
use crate::guardrail::Guardrail;
use crate::yaml::Node;
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
