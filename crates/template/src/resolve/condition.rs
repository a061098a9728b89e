//! Deciding conditions, each once and after those it names.

use super::Resolving;
use super::evaluate::{Block, Evaluation};
use crate::expression::Condition;
use crate::fault::{Fault, Path};
use crate::section::scalar_text;
use std::collections::BTreeMap;

/// Every condition of the template, decided.
pub(super) fn decide<'a>(resolving: &Resolving<'a>) -> Result<BTreeMap<&'a str, bool>, Fault> {
    let nothing = BTreeMap::new();
    let evaluation = Evaluation { resolving, deployed: &nothing, block: Block::Conditions };
    let mut deciding = Deciding { evaluation, decided: BTreeMap::new(), open: Vec::new() };
    for name in resolving.template.conditions().keys() {
        deciding.named(name, &Path::Root.key("Conditions"))?;
    }
    Ok(deciding.decided)
}

struct Deciding<'r, 'a> {
    evaluation: Evaluation<'r, 'a>,
    decided: BTreeMap<&'a str, bool>,
    /// Those whose decision waits for another.
    open: Vec<&'a str>,
}

impl<'a> Deciding<'_, 'a> {
    fn named(&mut self, name: &str, path: &Path<'_>) -> Result<bool, Fault> {
        if let Some(decided) = self.decided.get(name) {
            return Ok(*decided);
        }
        let template = self.evaluation.resolving.template;
        let Some((name, condition)) = template.conditions().get_key_value(name) else {
            let message = format!(
                "Template format error: Unresolved condition dependency {name} in the Conditions block of the template"
            );
            return Err(Fault::new(path, message));
        };
        if let Some(last) = self.open.last().copied().filter(|_| self.open.contains(&name.as_str())) {
            let message = format!(
                "Template format error: Found circular condition dependency between {name} and {last}"
            );
            return Err(Fault::new(path, message));
        }
        self.open.push(name);
        let conditions = Path::Root.key("Conditions");
        let decided = self.test(condition, &conditions.key(name))?;
        self.open.pop();
        self.decided.insert(name, decided);
        Ok(decided)
    }

    fn test(&mut self, condition: &'a Condition, path: &Path<'_>) -> Result<bool, Fault> {
        let path = &path.key(condition.key());
        match condition {
            Condition::Named(name) => self.named(name, path),
            Condition::Not(inner) => Ok(!self.test(inner, &path.item(0))?),
            // Every part is decided, so that a fault in one is told whatever the others are.
            Condition::And(all) => Ok(self.each(all, path)?.into_iter().all(|holds| holds)),
            Condition::Or(all) => Ok(self.each(all, path)?.into_iter().any(|holds| holds)),
            Condition::Equals(sides) => {
                let text = |at: usize, side| {
                    let path = path.item(at);
                    let value = self.evaluation.value(side, &path)?;
                    value.as_ref().and_then(scalar_text).ok_or_else(|| {
                        let message =
                            "Template error: every Fn::Equals object requires a list of 2 string parameters.";
                        Fault::new(path, message)
                    })
                };
                Ok(text(0, &sides.0)? == text(1, &sides.1)?)
            }
        }
    }

    fn each(&mut self, all: &'a [Condition], path: &Path<'_>) -> Result<Vec<bool>, Fault> {
        all.iter().enumerate().map(|(at, condition)| self.test(condition, &path.item(at))).collect()
    }
}
