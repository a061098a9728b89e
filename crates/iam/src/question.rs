//! Questions as JSON lines: one request with its policies in, one decision out, for scripts and other tools.
//!
//! Documents that repeat from line to line are read once.

use crate::context::Context;
use crate::decision::Decision;
use crate::document;
use crate::evaluate::{Layers, Level};
use crate::request::{Principal, Request, Resource};
use crate::statement::Policy;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The version of the form of questions and answers.
pub const FORMAT_VERSION: u64 = 1;

/// The most documents that are remembered; past it the memory starts anew.
const REMEMBERED: usize = 4096;

/// Answers questions, and remembers what it has read.
#[derive(Debug, Default)]
pub struct Answerer {
    documents: HashMap<String, Policy>,
    unknown: BTreeSet<String>,
    untold: Vec<String>,
}

/// The answer to one line.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The line to print.
    pub line: Value,
    /// Whether the question could be read.
    pub readable: bool,
}

/// Why a line cannot be answered.
#[derive(Debug, thiserror::Error)]
enum QuestionError {
    #[error("not a question: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("`format_version` is {0}: this version reads 1")]
    Version(u64),
    #[error("policy `{name}`: {complaints}")]
    Document { name: String, complaints: String },
    #[error(transparent)]
    Request(#[from] crate::request::RequestError),
    #[error("context key `{0}` holds neither a text nor a list of texts")]
    Context(String),
}

#[derive(Deserialize)]
struct Question<'a> {
    format_version: Option<u64>,
    #[serde(borrow, default)]
    scps: Option<Vec<LevelQuestion<'a>>>,
    #[serde(borrow, default)]
    rcps: Option<Vec<LevelQuestion<'a>>>,
    #[serde(borrow, default)]
    identity_policies: Vec<PolicyQuestion<'a>>,
    #[serde(borrow)]
    resource_policy: Option<&'a RawValue>,
    #[serde(borrow)]
    permissions_boundary: Option<&'a RawValue>,
    #[serde(borrow, default)]
    session_policies: Option<Vec<PolicyQuestion<'a>>>,
    request: RequestQuestion,
    #[serde(default)]
    unknown_context: Vec<String>,
    #[serde(default)]
    principal_in_management_account: bool,
    #[serde(default)]
    resource_in_management_account: bool,
}

#[derive(Deserialize)]
struct LevelQuestion<'a> {
    #[serde(default)]
    level: String,
    #[serde(borrow, default)]
    policies: Vec<PolicyQuestion<'a>>,
}

#[derive(Deserialize)]
struct PolicyQuestion<'a> {
    #[serde(default)]
    name: String,
    #[serde(borrow)]
    policy: &'a RawValue,
}

#[derive(Deserialize)]
struct RequestQuestion {
    principal: String,
    action: String,
    resource: Option<String>,
    resource_account: Option<String>,
    #[serde(default)]
    context: Map<String, Value>,
}

const MEMBERS: [&str; 12] = [
    "id",
    "format_version",
    "scps",
    "rcps",
    "identity_policies",
    "resource_policy",
    "permissions_boundary",
    "session_policies",
    "request",
    "unknown_context",
    "principal_in_management_account",
    "resource_in_management_account",
];

const REQUEST_MEMBERS: [&str; 5] = ["principal", "action", "resource", "resource_account", "context"];

impl Answerer {
    /// Answers one line. Bytes that are no JSON, or no question, give an error line of their own.
    pub fn answer(&mut self, line: &str) -> Answer {
        let id = self.look_over(line);
        match self.decide(line) {
            Ok(decision) => Answer { line: answered(&id, &decision), readable: true },
            Err(error) => {
                let error = glidepath_model::text::printable(&error.to_string()).into_owned();
                Answer { line: json!({"id": id, "error": error}), readable: false }
            }
        }
    }

    /// Members that were met and are not known, each told once.
    pub fn take_unknown_members(&mut self) -> Vec<String> {
        std::mem::take(&mut self.untold)
    }

    /// The question's id, and a note of every member that is not known.
    fn look_over(&mut self, line: &str) -> Value {
        let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(line) else {
            return Value::Null;
        };
        let inside = members
            .get("request")
            .map(|request| serde_json::from_str::<BTreeMap<String, &RawValue>>(request.get()));
        let inside = inside.and_then(Result::ok).unwrap_or_default();
        let outer = members.keys().filter(|name| !MEMBERS.contains(&name.as_str())).cloned();
        let inner = inside
            .keys()
            .filter(|name| !REQUEST_MEMBERS.contains(&name.as_str()))
            .map(|name| format!("request.{name}"));
        for name in outer.chain(inner) {
            if self.unknown.insert(name.clone()) {
                self.untold.push(name);
            }
        }
        members.get("id").and_then(|id| serde_json::from_str(id.get()).ok()).unwrap_or(Value::Null)
    }

    fn decide(&mut self, line: &str) -> Result<Decision, QuestionError> {
        let question: Question<'_> = serde_json::from_str(line)?;
        if let Some(version) = question.format_version.filter(|version| *version != FORMAT_VERSION) {
            return Err(QuestionError::Version(version));
        }
        let request = request(question.request, &question.unknown_context)?;
        let layers = Layers {
            scps: self.levels(question.scps.as_deref())?,
            rcps: self.levels(question.rcps.as_deref())?,
            identity: self.policies(&question.identity_policies)?,
            boundary: self.single("permissions boundary", question.permissions_boundary)?,
            resource: self.single("resource policy", question.resource_policy)?,
            session: question.session_policies.as_deref().map(|list| self.policies(list)).transpose()?,
            principal_in_management_account: question.principal_in_management_account,
            resource_in_management_account: question.resource_in_management_account,
        };
        Ok(layers.decide(&request))
    }

    fn levels(&mut self, levels: Option<&[LevelQuestion<'_>]>) -> Result<Option<Vec<Level>>, QuestionError> {
        let Some(levels) = levels else { return Ok(None) };
        let mut all = Vec::with_capacity(levels.len());
        for level in levels {
            all.push(Level { name: level.level.clone(), policies: self.policies(&level.policies)? });
        }
        Ok(Some(all))
    }

    fn policies(&mut self, policies: &[PolicyQuestion<'_>]) -> Result<Vec<Policy>, QuestionError> {
        policies.iter().map(|policy| self.policy(&policy.name, policy.policy)).collect()
    }

    /// A policy that stands alone: a bare document, or one with a name.
    fn single(&mut self, name: &str, raw: Option<&RawValue>) -> Result<Option<Policy>, QuestionError> {
        let Some(raw) = raw.filter(|raw| raw.get() != "null") else { return Ok(None) };
        let named = serde_json::from_str::<PolicyQuestion<'_>>(raw.get());
        match named {
            Ok(named) if !named.name.is_empty() => self.policy(&named.name, named.policy).map(Some),
            Ok(named) => self.policy(name, named.policy).map(Some),
            Err(_) => self.policy(name, raw).map(Some),
        }
    }

    fn policy(&mut self, name: &str, raw: &RawValue) -> Result<Policy, QuestionError> {
        let key = format!("{name}\0{}", raw.get());
        if let Some(policy) = self.documents.get(&key) {
            return Ok(policy.clone());
        }
        let document = document::parse(raw.get()).map_err(|complaints| QuestionError::Document {
            name: name.to_owned(),
            complaints: complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        })?;
        let policy = Policy::new(name, &document);
        if self.documents.len() >= REMEMBERED {
            self.documents.clear();
        }
        self.documents.insert(key, policy.clone());
        Ok(policy)
    }
}

fn request(question: RequestQuestion, unknown: &[String]) -> Result<Request, QuestionError> {
    let mut context = Context::new();
    for (key, value) in question.context {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        let values = match &value {
            Value::Array(list) => list.iter().map(text).collect::<Option<Vec<String>>>(),
            single => text(single).map(|text| vec![text]),
        };
        context.set_all(&key, values.ok_or_else(|| QuestionError::Context(key.clone()))?);
    }
    for key in unknown {
        context.set_unknown(key);
    }
    let resource = Resource::Arn(question.resource.unwrap_or_else(|| "*".to_owned()));
    let principal = Principal::parse(&question.principal)?;
    Ok(Request::new(principal, &question.action, resource, question.resource_account, context)?)
}

fn answered(id: &Value, decision: &Decision) -> Value {
    let by = decision.by.as_ref().map(|source| {
        json!({
            "layer": source.layer.word(),
            "level": source.level,
            "policy": source.policy,
            "sid": source.sid,
            "statement": source.statement,
        })
    });
    let denied_by: Vec<&str> = decision.denied_by.iter().map(|layer| layer.word()).collect();
    let decided = decision.outcome.word();
    if decision.undecided_keys.is_empty() {
        json!({"id": id, "decision": decided, "denied_by": denied_by, "by": by})
    } else {
        json!({"id": id, "decision": decided, "denied_by": denied_by, "by": by, "undecided_keys": decision.undecided_keys})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(line: &Value) -> Value {
        Answerer::default().answer(&line.to_string()).line
    }

    fn question() -> Value {
        let full = json!({"name": "FullAWSAccess", "policy": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}});
        let deny = json!({"name": "no-s3", "policy": {"Version": "2012-10-17", "Statement": [{"Sid": "NoS3", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}});
        json!({
            "id": 7,
            "scps": [{"level": "root", "policies": [full]}, {"level": "Prod", "policies": [full, deny]}],
            "identity_policies": [full],
            "request": {"principal": "arn:aws:iam::111122223333:role/app", "action": "s3:GetObject", "resource": "arn:aws:s3:::data/key", "context": {}},
        })
    }

    #[test]
    fn a_denied_request_names_layer_level_policy_and_statement() {
        assert_eq!(
            ask(&question()),
            json!({"id": 7, "decision": "ExplicitlyDenied", "denied_by": ["scp"],
                   "by": {"layer": "scp", "level": "Prod", "policy": "no-s3", "sid": "NoS3", "statement": 0}})
        );
    }

    #[test]
    fn a_request_across_accounts_without_a_resource_policy_is_denied_by_its_absence() {
        let mut question = question();
        question["scps"] = json!(null);
        question["request"]["resource_account"] = json!("444455556666");
        let answer = ask(&question);
        assert_eq!(
            (&answer["decision"], &answer["denied_by"]),
            (&json!("ImplicitlyDenied"), &json!(["resource"]))
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_gives_an_error_with_its_id() {
        let mut question = question();
        question["request"]["principal"] = json!("maria");
        let answer = ask(&question);
        assert_eq!(answer["id"], json!(7));
        assert!(answer["error"].as_str().unwrap().contains("`maria` is no principal"));
        assert_eq!(Answerer::default().answer("{").line["id"], json!(null));
    }

    #[test]
    fn a_member_that_is_not_known_is_told_once() {
        let mut question = question();
        question["scp"] = json!([]);
        question["request"]["region"] = json!("x");
        let mut answerer = Answerer::default();
        answerer.answer(&question.to_string());
        assert_eq!(answerer.take_unknown_members(), ["scp", "request.region"]);
        answerer.answer(&question.to_string());
        assert!(answerer.take_unknown_members().is_empty());
    }

    #[test]
    fn an_unknown_key_makes_the_answer_maybe_and_is_named() {
        let mut question = question();
        question["scps"][1]["policies"][1]["policy"]["Statement"][0]["Condition"] =
            json!({"Bool": {"aws:ViaAWSService": "false"}});
        question["unknown_context"] = json!(["aws:ViaAWSService"]);
        let answer = ask(&question);
        assert_eq!(
            (&answer["decision"], &answer["undecided_keys"]),
            (&json!("Maybe"), &json!(["aws:viaawsservice"]))
        );
    }
}
