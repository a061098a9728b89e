//! Guard rules applied to a template, by AWS's own library: what passes here passes a CloudFormation Guard hook.
//!
//! The library is called as its own command line calls it, with rules and template in one message: its shorter way cuts
//! answers off after 8 KiB.

use crate::guard::GuardRules;
use cfn_guard::commands::Executable as _;
use cfn_guard::commands::validate::{OutputFormatType, ShowSummaryType};
use cfn_guard::utils::reader::{ReadBuffer, Reader};
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder as _, ValidateBuilder};
use glidepath_model::text::printable;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the library answers where it could judge: nothing fails, something does.
///
/// Source: <https://github.com/aws-cloudformation/cloudformation-guard>, README, "Exit codes"
const JUDGED: [i32; 2] = [0, 19];
/// What the paths of resources begin with.
const RESOURCES: &str = "/Resources/";

/// A rule that a template breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// The rule's name.
    pub rule: String,
    /// The resources that break it, by their logical ids; none where it is no resource.
    pub resources: BTreeSet<String>,
    /// What the rule says of it, where it says anything.
    pub says: BTreeSet<String>,
}

/// Why rules could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the Guard rules of `{guardrail}` cannot be applied: {problem}")]
pub struct JudgeError {
    /// The guardrail.
    pub guardrail: String,
    /// What the library says.
    pub problem: String,
}

impl GuardRules {
    /// Whether there is anything in a template that the rules judge.
    #[must_use]
    pub fn concern(&self, template: &Json) -> bool {
        let resources = template.get("Resources").and_then(Json::as_object);
        let types = resources.into_iter().flat_map(|resources| resources.values());
        types
            .filter_map(|resource| resource.get("Type").and_then(Json::as_str))
            .any(|ty| self.types.contains(ty))
    }

    /// The rules that a template in long form breaks, in their order; none where it has nothing that they judge.
    ///
    /// # Errors
    /// [`JudgeError`] where the rules are no text of Guard, or speak of what is not there.
    pub fn judge(&self, template: &Json) -> Result<Vec<Broken>, JudgeError> {
        if !self.concern(template) {
            return Ok(Vec::new());
        }
        let refuse = |problem: &str| JudgeError {
            guardrail: self.guardrail.clone(),
            problem: printable(problem).into_owned(),
        };
        // Rules come from users too, and the library is not ours.
        let ran = catch_unwind(AssertUnwindSafe(|| run(&self.text, template)));
        let told = ran.map_err(|_| refuse("cfn-guard broke off"))?.map_err(|problem| refuse(&problem))?;
        let report: Json = serde_json::from_str(&told).map_err(|error| refuse(&error.to_string()))?;
        let failed = report.as_array().into_iter().flatten();
        let failed = failed.filter_map(|one| one.get("not_compliant")?.as_array()).flatten();
        let mut all: Vec<Broken> = Vec::new();
        for rule in failed.filter_map(|one| one.get("Rule")) {
            let name = rule.get("name").and_then(Json::as_str).ok_or_else(|| refuse("a rule has no name"))?;
            let mut broken =
                Broken { rule: name.to_owned(), resources: BTreeSet::new(), says: BTreeSet::new() };
            broken.gather(rule);
            all.push(broken);
        }
        Ok(all)
    }
}

impl Broken {
    /// Takes what a report says of a rule, wherever it stands.
    fn gather(&mut self, report: &Json) {
        match report {
            Json::Object(members) => {
                for (name, value) in members {
                    match (name.as_str(), value.as_str()) {
                        ("path", Some(path)) => {
                            let id = path.strip_prefix(RESOURCES).and_then(|rest| rest.split('/').next());
                            self.resources.extend(id.filter(|id| !id.is_empty()).map(str::to_owned));
                        }
                        ("custom_message", Some(text)) if !text.trim().is_empty() => {
                            self.says.insert(printable(text.trim()).into_owned());
                        }
                        _ => self.gather(value),
                    }
                }
            }
            Json::Array(items) => items.iter().for_each(|item| self.gather(item)),
            _ => {}
        }
    }
}

/// The library's report on a template, as JSON.
fn run(rules: &str, template: &Json) -> Result<String, String> {
    let message = json!({"rules": [rules], "data": [template.to_string()]}).to_string();
    let command = ValidateBuilder::default()
        .payload(true)
        .structured(true)
        .output_format(OutputFormatType::JSON)
        .show_summary(vec![ShowSummaryType::None])
        .try_build()
        .map_err(|error| error.to_string())?;
    let mut reader = Reader::new(ReadBuffer::Cursor(Cursor::new(message.into_bytes())));
    let (answer, complaints) = (WriteBuffer::Vec(Vec::new()), WriteBuffer::Vec(Vec::new()));
    let mut writer = Writer::new_with_err(answer, complaints).map_err(|error| error.to_string())?;
    let code = command.execute(&mut writer, &mut reader).map_err(|error| error.to_string())?;
    if JUDGED.contains(&code) {
        return writer.into_string().map_err(|error| error.to_string());
    }
    let complaints = writer.err_to_stripped().unwrap_or_default();
    let first = complaints.lines().map(str::trim).find(|line| !line.is_empty());
    Err(first.unwrap_or("they are no text of Guard").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> GuardRules {
        GuardRules {
            guardrail: "topics".to_owned(),
            text: text.to_owned(),
            rules: BTreeSet::from(["TOPICS_ARE_ENCRYPTED".to_owned()]),
            types: BTreeSet::from(["AWS::SNS::Topic".to_owned()]),
        }
    }

    const TOPICS: &str = "let topics = Resources.*[ Type == 'AWS::SNS::Topic' ]\n\
        rule TOPICS_ARE_ENCRYPTED when %topics !empty {\n\
        %topics.Properties.KmsMasterKeyId exists\n<< anybody at AWS could read it >>\n}\n";

    fn topics(count: usize) -> Json {
        let topics = (0..count).map(|number| {
            (format!("Topic{number}"), json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "x"}}))
        });
        json!({ "Resources": topics.collect::<serde_json::Map<_, _>>() })
    }

    #[test]
    fn what_breaks_a_rule_is_named_with_its_resources_and_what_the_rule_says() {
        let broken = rules(TOPICS).judge(&topics(2)).unwrap();
        let [one] = broken.as_slice() else { panic!("{broken:?}") };
        assert_eq!(one.rule, "TOPICS_ARE_ENCRYPTED");
        assert_eq!(one.resources, BTreeSet::from(["Topic0".to_owned(), "Topic1".to_owned()]));
        assert_eq!(one.says, BTreeSet::from(["anybody at AWS could read it".to_owned()]));
    }

    #[test]
    fn a_long_report_is_read_to_its_end() {
        let broken = rules(TOPICS).judge(&topics(300)).unwrap();
        assert_eq!(broken.first().map(|one| one.resources.len()), Some(300));
    }

    #[test]
    fn a_template_without_what_is_judged_passes_and_so_does_one_that_is_as_it_should_be() {
        let other = json!({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}});
        assert_eq!(rules(TOPICS).judge(&other), Ok(Vec::new()));
        let good =
            json!({"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "k"}}}});
        assert_eq!(rules(TOPICS).judge(&good), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_text_of_guard_is_an_error_and_no_verdict() {
        for text in [
            "rule X when %topics !empty { a = ",
            "rule X { %nowhere exists }",
            "rule X { Resources.* { A == /(/ } }",
            "\u{0}",
        ] {
            let answer = rules(text).judge(&topics(1));
            assert!(answer.is_err(), "{text:?}: {answer:?}");
        }
    }
}
