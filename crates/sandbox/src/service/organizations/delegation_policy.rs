//! The document of the organization's resource policy: what it may say, and what it grants.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html>

use super::super::{Caller, Principal};
use super::tree::PARTITION;
use glidepath_iam::pattern::Pattern;
use glidepath_model::{AccountId, PolicyType};
use serde_json::{Map, Value};

/// The actions that can be delegated.
const DELEGABLE: [&str; 33] = [
    "AttachPolicy",
    "CreatePolicy",
    "DeletePolicy",
    "DescribeAccount",
    "DescribeCreateAccountStatus",
    "DescribeEffectivePolicy",
    "DescribeHandshake",
    "DescribeOrganization",
    "DescribeOrganizationalUnit",
    "DescribePolicy",
    "DescribeResourcePolicy",
    "DetachPolicy",
    "DisablePolicyType",
    "EnablePolicyType",
    "ListAWSServiceAccessForOrganization",
    "ListAccounts",
    "ListAccountsForParent",
    "ListChildren",
    "ListCreateAccountStatus",
    "ListDelegatedAdministrators",
    "ListDelegatedServicesForAccount",
    "ListHandshakesForAccount",
    "ListHandshakesForOrganization",
    "ListOrganizationalUnitsForParent",
    "ListParents",
    "ListPolicies",
    "ListPoliciesForTarget",
    "ListRoots",
    "ListTagsForResource",
    "ListTargetsForPolicy",
    "TagResource",
    "UntagResource",
    "UpdatePolicy",
];

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not a policy.
    Json(String),
    /// A principal that is no account, role or user of the organization.
    Principal(String),
    /// An action that cannot be delegated.
    Action(String),
    /// A resource that is not the organization's.
    Resource(String),
    /// A policy type there is not.
    PolicyType(String),
}

/// What a call asks for.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) operation: &'a str,
    /// ARNs, all of which must be granted; none where the operation has no resource.
    pub(super) resources: &'a [String],
    pub(super) policy_type: Option<PolicyType>,
}

/// A document.
#[derive(Debug, Clone)]
pub(super) struct Document {
    statements: Vec<Statement>,
}

#[derive(Debug, Clone)]
struct Statement {
    effect: Effect,
    principals: Vec<String>,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// One operator on `organizations:PolicyType`, the only key that the simulated operations have.
#[derive(Debug, Clone)]
struct Condition {
    operator: Operator,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    NotEquals,
    Like,
    NotLike,
}

impl Document {
    pub(super) fn read(content: &str) -> Result<Self, Fault> {
        let json = |fault: &str| Fault::Json(fault.to_owned());
        let document: Value =
            serde_json::from_str(content).map_err(|error| Fault::Json(error.to_string()))?;
        let members = document.as_object().ok_or_else(|| json("the document is no object"))?;
        if members.get("Version").and_then(Value::as_str) != Some("2012-10-17") {
            return Err(json("`Version` must be `2012-10-17`"));
        }
        let statements = match members.get("Statement") {
            Some(Value::Array(statements)) if !statements.is_empty() => statements.iter().collect(),
            Some(one @ Value::Object(_)) => vec![one],
            _ => return Err(json("`Statement` must be an object or a list of at least one")),
        };
        let statements = statements
            .into_iter()
            .map(|one| Statement::read(one.as_object().ok_or_else(|| json("a statement is no object"))?))
            .collect::<Result<_, Fault>>()?;
        Ok(Self { statements })
    }

    /// Checks what only the organization can tell: whose accounts, whose resources.
    pub(super) fn check(
        &self,
        management: &AccountId,
        is_member: impl Fn(&str) -> bool,
    ) -> Result<(), Fault> {
        let own = format!("arn:{PARTITION}:organizations::{management}:");
        let aws = format!("arn:{PARTITION}:organizations::aws:policy/");
        for statement in &self.statements {
            for principal in &statement.principals {
                if !account_of(principal).is_some_and(&is_member) {
                    return Err(Fault::Principal(principal.clone()));
                }
            }
            for resource in &statement.resources {
                let known = resource == "*" || resource.starts_with(&own) || resource.starts_with(&aws);
                if !known {
                    return Err(Fault::Resource(resource.clone()));
                }
            }
        }
        Ok(())
    }

    /// Whether some statement allows this caller this operation on something.
    pub(super) fn mentions(&self, caller: &Caller, operation: &str) -> bool {
        self.statements.iter().any(|statement| {
            statement.effect == Effect::Allow && statement.is_for(caller) && statement.has_action(operation)
        })
    }

    /// Whether every resource asked for is allowed and none denied.
    pub(super) fn allows(&self, caller: &Caller, asked: &Asked<'_>) -> bool {
        let decide = |resource: Option<&str>| {
            let matching = |effect| {
                self.statements.iter().any(move |statement| {
                    statement.effect == effect && statement.matches(caller, asked, resource)
                })
            };
            matching(Effect::Allow) && !matching(Effect::Deny)
        };
        if asked.resources.is_empty() {
            return decide(None);
        }
        asked.resources.iter().all(|resource| decide(Some(resource)))
    }
}

impl Statement {
    fn read(members: &Map<String, Value>) -> Result<Self, Fault> {
        const ELEMENTS: [&str; 6] = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];
        if members.contains_key("NotAction") {
            return Err(Fault::Action("NotAction".to_owned()));
        }
        if members.contains_key("NotResource") {
            return Err(Fault::Resource("NotResource".to_owned()));
        }
        if members.contains_key("NotPrincipal") {
            return Err(Fault::Principal("NotPrincipal".to_owned()));
        }
        if let Some(stray) = members.keys().find(|key| !ELEMENTS.contains(&key.as_str())) {
            return Err(Fault::Json(format!("`{stray}` is no element of a statement")));
        }
        let effect = match members.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err(Fault::Json("`Effect` must be `Allow` or `Deny`".to_owned())),
        };
        let principals = match members.get("Principal") {
            Some(Value::Object(kinds)) if kinds.len() == 1 => texts(kinds.get("AWS")),
            _ => None,
        };
        let principals = principals.ok_or_else(|| Fault::Principal("Principal".to_owned()))?;
        let actions = texts(members.get("Action")).ok_or_else(|| Fault::Action("Action".to_owned()))?;
        if let Some(action) = actions.iter().find(|action| !is_delegable(action)) {
            return Err(Fault::Action(action.clone()));
        }
        let resources =
            texts(members.get("Resource")).ok_or_else(|| Fault::Resource("Resource".to_owned()))?;
        let conditions = match members.get("Condition") {
            None => Vec::new(),
            Some(Value::Object(operators)) => operators
                .iter()
                .map(|(operator, keys)| Condition::read(operator, keys))
                .collect::<Result<_, Fault>>()?,
            Some(_) => return Err(Fault::Json("`Condition` must be an object".to_owned())),
        };
        Ok(Self { effect, principals, actions, resources, conditions })
    }

    fn is_for(&self, caller: &Caller) -> bool {
        self.principals.iter().any(|principal| {
            let whole = account_of(principal) == Some(caller.account.as_str())
                && (!principal.contains(':') || principal.ends_with(":root"));
            let role = match &caller.principal {
                Principal::Administrator => *principal == caller.arn(),
                Principal::Anonymous => false,
                Principal::Session { role, .. } => {
                    account_of(principal) == Some(caller.account.as_str())
                        && principal.contains(":role/")
                        && principal.rsplit('/').next() == Some(role)
                }
            };
            whole || role
        })
    }

    fn has_action(&self, operation: &str) -> bool {
        self.actions.iter().any(|action| covers(action, operation))
    }

    fn matches(&self, caller: &Caller, asked: &Asked<'_>, resource: Option<&str>) -> bool {
        let on =
            |resource: &str| self.resources.iter().any(|pattern| Pattern::new(pattern).matches(resource));
        self.is_for(caller)
            && self.has_action(asked.operation)
            && resource.is_none_or(on)
            && self.conditions.iter().all(|condition| condition.holds(asked.policy_type))
    }
}

impl Condition {
    fn read(operator: &str, keys: &Value) -> Result<Self, Fault> {
        let json = |fault: String| Fault::Json(fault);
        let operator = match operator {
            "StringEquals" => Operator::Equals,
            "StringNotEquals" => Operator::NotEquals,
            "StringLike" => Operator::Like,
            "StringNotLike" => Operator::NotLike,
            other => return Err(json(format!("`{other}` is no operator for this policy"))),
        };
        let keys = keys.as_object().ok_or_else(|| json("an operator maps keys to values".to_owned()))?;
        let mut values = Vec::new();
        for (key, value) in keys {
            if !key.eq_ignore_ascii_case("organizations:PolicyType") {
                return Err(json(format!("`{key}` is no condition key for this policy")));
            }
            values = texts(Some(value)).ok_or_else(|| json(format!("`{key}` wants texts")))?;
        }
        let plain = matches!(operator, Operator::Equals | Operator::NotEquals);
        match values.iter().find(|value| plain && PolicyType::from_api_name(value).is_err()) {
            Some(unknown) => Err(Fault::PolicyType(unknown.clone())),
            None => Ok(Self { operator, values }),
        }
    }

    /// An operation without a policy type has not the key: the positive operators fail, the negated hold.
    fn holds(&self, ty: Option<PolicyType>) -> bool {
        let any = |matches: fn(&str, &str) -> bool| {
            ty.is_some_and(|ty| self.values.iter().any(|value| matches(value, ty.api_name())))
        };
        match self.operator {
            Operator::Equals => any(|value, ty| value == ty),
            Operator::NotEquals => !any(|value, ty| value == ty),
            Operator::Like => any(|value, ty| Pattern::new(value).matches(ty)),
            Operator::NotLike => !any(|value, ty| Pattern::new(value).matches(ty)),
        }
    }
}

fn covers(action: &str, operation: &str) -> bool {
    let full = format!("organizations:{operation}").to_ascii_lowercase();
    Pattern::new(&action.to_ascii_lowercase()).matches(&full)
}

/// Whether an action of a statement covers some delegable action, and is not simply every action there is.
fn is_delegable(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let name = action.strip_prefix("organizations:").filter(|name| *name != "*");
    name.is_some() && DELEGABLE.iter().any(|operation| covers(&action, operation))
}

/// The account of a principal: an account id, or an ARN of a root, role or user.
fn account_of(principal: &str) -> Option<&str> {
    let account = match principal.strip_prefix(&format!("arn:{PARTITION}:iam::")) {
        Some(rest) => rest.split_once(':')?.0,
        None => principal,
    };
    AccountId::parse(account).is_ok().then_some(account)
}

fn texts(value: Option<&Value>) -> Option<Vec<String>> {
    match value? {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) if !items.is_empty() => {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => None,
    }
}
