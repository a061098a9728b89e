//! What stops a request, one by one: every statement that denies it, every level that allows nothing, where
//! each comes from and what would have to change.

use super::{Asked, Asker, Step};
use crate::guardrail::Rule;
use crate::shape::{is_full_access, statements};
use glidepath_iam::context::Lookup;
use glidepath_iam::decision::{Layer, Outcome};
use glidepath_iam::document::{self, Document, Effect};
use glidepath_iam::evaluate::Level;
use glidepath_iam::statement::Policy;
use glidepath_iam::truth::Truth;
use glidepath_manifest::Span;
use glidepath_model::text::printable;
use glidepath_model::{Address, PolicyType};
use serde_json::Value;

/// One thing that stops a request, or may.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// SCPs or RCPs.
    pub layer: Layer,
    /// The root, a unit or the account.
    pub level: String,
    /// How it stops it.
    pub kind: StopKind,
    /// Whether it surely does; if not, keys that nobody told decide.
    pub certain: bool,
    /// What would let the request through, as far as this stop is concerned; one is enough.
    pub remedies: Vec<Remedy>,
}

impl Stop {
    /// What stops it, in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        let level = printable(&self.level);
        match &self.kind {
            StopKind::Denied { policy, sid, statement, .. } => {
                let name = sid.as_ref().map_or_else(
                    || format!("statement {statement}"),
                    |sid| format!("statement `{}`", printable(sid)),
                );
                format!("by {name} of policy `{}` on `{level}`", printable(policy))
            }
            StopKind::NotAllowed { .. } => format!("since nothing on `{level}` allows it"),
        }
    }
}

/// How a request is stopped.
#[derive(Debug, Clone, PartialEq)]
pub enum StopKind {
    /// A statement denies it.
    Denied {
        /// The policy's name.
        policy: String,
        /// The statement's name, if it has one.
        sid: Option<String>,
        /// The statement's place in the policy, from 1.
        statement: usize,
        /// The statement as it stands in the policy.
        document: Value,
    },
    /// Nothing that is attached here allows it.
    NotAllowed {
        /// What is attached here.
        attached: Vec<String>,
    },
}

/// What would have to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// The request would have to be another one: one for which one of these clauses does not hold.
    Request(Vec<Clause>),
    /// The guardrail that the statement is of would have to spare the account, or go.
    Guardrail {
        /// Its id.
        id: String,
        /// The entry of the manifest that wants it.
        span: Span,
    },
    /// The policy would have to change, or be attached elsewhere.
    Policy {
        /// Its name.
        name: String,
        /// Where the manifest speaks of it; none if it is none of the manifest's.
        span: Option<Span>,
    },
    /// A policy that allows the action would have to be attached to this level.
    Attach {
        /// The policy type.
        ty: PolicyType,
        /// AWS's own policy that allows everything.
        full_access: Option<&'static str>,
    },
}

/// A condition of a denying statement, and what the request holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The operator, as policies write it.
    pub operator: String,
    /// The key.
    pub key: String,
    /// The values of the statement.
    pub values: Vec<String>,
    /// What the request holds.
    pub held: Held,
}

/// What a request holds under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// These values.
    Values(Vec<String>),
    /// The key is not there.
    Absent,
    /// Nobody told.
    Unknown,
}

/// Everything that stops a request on the levels of its path.
pub(super) fn stops(asker: &Asker<'_>, asked: &Asked, path: &[Step]) -> Vec<Stop> {
    let open = path.iter().filter(|step| step.outcome != Outcome::Allowed);
    open.flat_map(|step| {
        let (ty, levels) = match step.layer {
            Layer::Rcp => (PolicyType::Rcp, &asked.layers.rcps),
            _ => (PolicyType::Scp, &asked.layers.scps),
        };
        let level = levels.iter().flatten().find(|level| level.name == step.level);
        level.map(|level| at_level(asker, asked, ty, step, level)).unwrap_or_default()
    })
    .collect()
}

fn at_level(asker: &Asker<'_>, asked: &Asked, ty: PolicyType, step: &Step, level: &Level) -> Vec<Stop> {
    let mut all = Vec::new();
    let mut allowed = Truth::False;
    for policy in &level.policies {
        for (at, statement) in policy.statements().iter().enumerate() {
            let matched = statement.matches(&asked.request);
            if statement.effect() == Effect::Allow {
                allowed = allowed.or(matched);
            } else if matched != Truth::False {
                all.push(denial(asker, asked, ty, step, policy.name(), at, matched));
            }
        }
    }
    if allowed != Truth::True {
        let attached = level.policies.iter().map(|policy| policy.name().to_owned()).collect();
        let full_access = ty.full_access_policy().map(|full| full.name);
        all.push(Stop {
            layer: step.layer,
            level: step.level.clone(),
            kind: StopKind::NotAllowed { attached },
            certain: allowed == Truth::False,
            remedies: vec![Remedy::Attach { ty, full_access }],
        });
    }
    all
}

fn denial(
    asker: &Asker<'_>,
    asked: &Asked,
    ty: PolicyType,
    step: &Step,
    policy: &str,
    at: usize,
    matched: Truth,
) -> Stop {
    let whole = asker.shape.policies.get(&(ty, policy.to_owned()));
    let written = whole.and_then(|document| statements(document).get(at).map(|found| (*found).clone()));
    let document = written.unwrap_or(Value::Null);
    let sid = document.get("Sid").and_then(Value::as_str).map(str::to_owned);
    let clauses = clauses(asked, &document);
    let request = (!clauses.is_empty()).then_some(Remedy::Request(clauses));
    let remedies = owners(asker, asked, ty, policy).into_iter().chain(request).collect();
    Stop {
        layer: step.layer,
        level: step.level.clone(),
        kind: StopKind::Denied { policy: policy.to_owned(), sid, statement: at + 1, document },
        certain: matched == Truth::True,
        remedies,
    }
}

/// Where a policy comes from, and so what would have to change.
fn owners(asker: &Asker<'_>, asked: &Asked, ty: PolicyType, policy: &str) -> Vec<Remedy> {
    let zone = asker.zone();
    let address = Address::Policy { ty, name: policy.to_owned() };
    let own = |span| vec![Remedy::Policy { name: policy.to_owned(), span }];
    let Some(origins) = zone.origins.get(&address) else { return own(zone.places.get(&address).copied()) };
    let mut found: Vec<Remedy> = origins
        .iter()
        .filter(|origin| {
            zone.guardrails.iter().any(|application| {
                application.guardrail == origin.guardrail
                    && application.ty == ty
                    && application.spans.contains(&origin.span)
                    && denies(&application.rule, asked)
            })
        })
        .map(|origin| Remedy::Guardrail { id: origin.guardrail.clone(), span: origin.span })
        .collect();
    found.dedup();
    if found.is_empty() && !is_full_access(ty, policy) { own(None) } else { found }
}

fn denies(rule: &Rule, asked: &Asked) -> bool {
    let Rule::Statements(statements) = rule else { return false };
    let document = Document { version: None, id: None, statements: statements.clone() };
    let policy = Policy::new("guardrail", &document);
    policy.statements().iter().any(|statement| {
        statement.effect() == Effect::Deny && statement.matches(&asked.request) != Truth::False
    })
}

fn clauses(asked: &Asked, statement: &Value) -> Vec<Clause> {
    let text = serde_json::json!({ "Statement": [statement] }).to_string();
    let Ok(read) = document::parse(&text) else { return Vec::new() };
    let conditions = read.statements.into_iter().flat_map(|statement| statement.conditions);
    conditions
        .map(|condition| Clause {
            operator: condition.operator.to_string(),
            held: match asked.request.context().get(&condition.key.to_lowercase()) {
                Lookup::Values(values) => Held::Values(values.to_vec()),
                Lookup::Absent => Held::Absent,
                Lookup::Unknown => Held::Unknown,
            },
            key: condition.key,
            values: condition.values,
        })
        .collect()
}
