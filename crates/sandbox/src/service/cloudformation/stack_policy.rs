//! Stack policies: what updates may do to which resources of a stack. A stack without one allows everything; one that
//! has a policy allows what the policy allows and does not deny.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html>

use super::super::{Context, ServiceError};
use super::Done;
use super::refusal::{invalid, no_stack, not_simulated};
use super::stack;
use glidepath_iam::pattern::Pattern;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an update does to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Modify,
    Replace,
    Delete,
}

impl Act {
    fn name(self) -> &'static str {
        match self {
            Self::Modify => "Update:Modify",
            Self::Replace => "Update:Replace",
            Self::Delete => "Update:Delete",
        }
    }
}

/// A policy.
#[derive(Debug)]
pub(super) struct StackPolicy {
    statements: Vec<Statement>,
}

#[derive(Debug)]
struct Statement {
    effect: Effect,
    acts: Listed,
    resources: Listed,
    /// The types it is confined to, if it is.
    types: Option<Vec<Pattern>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// What an element lists: what it is about, or what it is not about.
#[derive(Debug)]
enum Listed {
    Only(Vec<Pattern>),
    AllBut(Vec<Pattern>),
}

impl Listed {
    fn covers(&self, text: &str) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(text));
        match self {
            Self::Only(patterns) => any(patterns),
            Self::AllBut(patterns) => !any(patterns),
        }
    }
}

impl StackPolicy {
    /// Reads a policy's text; an error says what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(text).map_err(|_| "the policy is not JSON".to_owned())?;
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.iter().collect(),
            Some(one @ Value::Object(_)) => vec![one],
            _ => return Err("the policy has no Statement".to_owned()),
        };
        let statements: Result<Vec<Statement>, String> = statements
            .into_iter()
            .map(|statement| Statement::read(statement.as_object().ok_or("a statement is no object")?))
            .collect();
        Ok(Self { statements: statements? })
    }

    /// Whether an update may do this; an error is the reason why the resource fails.
    pub(super) fn ask(&self, logical_id: &str, ty: &str, act: Act) -> Result<(), String> {
        let about = |statement: &&Statement| statement.is_about(logical_id, ty, act);
        if let Some(at) =
            self.statements.iter().position(|statement| statement.effect == Effect::Deny && about(&statement))
        {
            return Err(format!(
                "Action denied by stack policy: Statement [#{}] does not allow [{}] for resource [{logical_id}]",
                at + 1,
                act.name()
            ));
        }
        let allowed =
            self.statements.iter().any(|statement| statement.effect == Effect::Allow && about(&statement));
        if allowed {
            return Ok(());
        }
        Err(format!(
            "Action not allowed by stack policy: no statement allows [{}] for resource [{logical_id}]",
            act.name()
        ))
    }
}

impl Statement {
    fn read(members: &Map<String, Value>) -> Result<Self, String> {
        let known =
            ["Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"];
        if let Some(stray) = members.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(format!("{stray} is no element of a stack policy"));
        }
        if members.get("Principal") != Some(&Value::from("*")) {
            return Err("the Principal of every statement must be *".to_owned());
        }
        let effect = match members.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err("the Effect of a statement must be Allow or Deny".to_owned()),
        };
        let acts = listed(members, "Action", "NotAction")?;
        let resources = listed(members, "Resource", "NotResource")?;
        Ok(Self { effect, acts, resources, types: members.get("Condition").map(types).transpose()? })
    }

    fn is_about(&self, logical_id: &str, ty: &str, act: Act) -> bool {
        self.acts.covers(act.name())
            && self.resources.covers(&format!("LogicalResourceId/{logical_id}"))
            && self.types.as_ref().is_none_or(|types| types.iter().any(|pattern| pattern.matches(ty)))
    }
}

fn listed(members: &Map<String, Value>, name: &str, inverse: &str) -> Result<Listed, String> {
    match (members.get(name), members.get(inverse)) {
        (Some(given), None) => Ok(Listed::Only(patterns(given, name)?)),
        (None, Some(given)) => Ok(Listed::AllBut(patterns(given, inverse)?)),
        _ => Err(format!("a statement must have either {name} or {inverse}")),
    }
}

fn patterns(given: &Value, name: &str) -> Result<Vec<Pattern>, String> {
    let one = |value: &Value| {
        let text = value.as_str().ok_or_else(|| format!("{name} must be a text or a list of texts"))?;
        Ok(Pattern::new(text))
    };
    match given {
        Value::Array(values) => values.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}

/// The only condition there is: on the type of the resource.
fn types(condition: &Value) -> Result<Vec<Pattern>, String> {
    let operators = condition.as_object().ok_or("a Condition must be an object")?;
    let mut found = Vec::new();
    for (operator, keys) in operators {
        if !["StringEquals", "StringLike"].contains(&operator.as_str()) {
            return Err(format!("{operator} is no condition operator of stack policies"));
        }
        let keys = keys.as_object().ok_or("a condition must be an object")?;
        for (key, values) in keys {
            if key != "ResourceType" {
                return Err(format!("{key} is no condition key of stack policies"));
            }
            found.extend(patterns(values, key)?);
        }
    }
    Ok(found)
}

/// Judges a policy that a request gives.
pub(super) fn checked(body: Option<String>, url: Option<&String>) -> Result<Option<String>, ServiceError> {
    if url.is_some() {
        return Err(not_simulated("stack policies that lie in S3: give StackPolicyBody"));
    }
    if let Some(body) = &body {
        StackPolicy::read(body)
            .map_err(|fault| invalid(format!("Error validating stack policy: {fault}")))?;
    }
    Ok(body)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetPolicy {
    stack_name: String,
    stack_policy_body: Option<String>,
    #[serde(rename = "StackPolicyURL")]
    stack_policy_url: Option<String>,
}

pub(super) fn set_stack_policy(context: &mut Context<'_>, request: SetPolicy) -> Result<Done, ServiceError> {
    let mut stack = stack::existing_alive(context, &request.stack_name)?;
    let body = checked(request.stack_policy_body, request.stack_policy_url.as_ref())?;
    stack.policy =
        Some(body.ok_or_else(|| invalid("Either StackPolicyBody or StackPolicyURL must be specified."))?);
    context.world.put(stack);
    Ok(Done {})
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetPolicy {
    stack_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PolicyAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    stack_policy_body: Option<String>,
}

pub(super) fn get_stack_policy(
    context: &mut Context<'_>,
    request: GetPolicy,
) -> Result<PolicyAnswer, ServiceError> {
    let stack = stack::find(context, &request.stack_name).filter(|stack| stack.is_alive());
    let stack = stack.ok_or_else(|| no_stack(&request.stack_name))?;
    Ok(PolicyAnswer { stack_policy_body: stack.policy.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_statement_allows_is_refused_and_a_denial_wins() {
        let policy = StackPolicy::read(
            r#"{"Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"},
                {"Effect": "Deny", "Principal": "*", "NotAction": "Update:Modify", "Resource": "LogicalResourceId/Log*"},
                {"Effect": "Deny", "Principal": "*", "Action": "Update:*", "Resource": "*",
                 "Condition": {"StringLike": {"ResourceType": ["AWS::KMS::*"]}}}]}"#,
        )
        .unwrap();
        let asked = |logical_id, ty, act| policy.ask(logical_id, ty, act).is_ok();
        assert!(asked("Logs", "AWS::S3::Bucket", Act::Modify));
        assert!(!asked("Logs", "AWS::S3::Bucket", Act::Replace));
        assert!(asked("Other", "AWS::S3::Bucket", Act::Delete));
        assert!(!asked("Key", "AWS::KMS::Key", Act::Modify));
        let silent = StackPolicy::read(r#"{"Statement": []}"#).unwrap();
        assert!(silent.ask("Logs", "AWS::S3::Bucket", Act::Modify).is_err());
    }

    #[test]
    fn a_policy_for_one_principal_or_with_an_unknown_condition_is_refused() {
        for text in [
            "[]",
            r#"{"Statement": [{"Effect": "Allow", "Principal": "arn", "Action": "Update:*", "Resource": "*"}]}"#,
            r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*"}]}"#,
            r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*",
                "Condition": {"Bool": {"ResourceType": "x"}}}]}"#,
        ] {
            assert!(StackPolicy::read(text).is_err(), "{text}");
        }
    }
}
