//! A policy made ready to be asked often: patterns compiled, keys in lower case, actions by service.

use crate::condition::Condition;
use crate::document::{self, Document, Effect, Scope};
use crate::pattern::Pattern;
use crate::principal_match::{Grant, match_principals};
use crate::request::{Request, Resource};
use crate::text_template::{Filled, Template};
use crate::truth::Truth;
use std::sync::Arc;

/// A policy that can be asked. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Policy {
    name: Arc<str>,
    statements: Arc<[Statement]>,
}

impl Policy {
    /// Prepares a document under the name that decisions will show.
    #[must_use]
    pub fn new(name: &str, document: &Document) -> Self {
        let variables = document.has_variables();
        let statements =
            document.statements.iter().map(|written| Statement::new(written, variables)).collect();
        Self { name: name.into(), statements }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its statements, in the order of the document.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

/// A statement that can be asked.
#[derive(Debug, Clone)]
pub struct Statement {
    sid: Option<String>,
    effect: Effect,
    principals: Option<Scope<document::Principal>>,
    actions: Scope<ActionPattern>,
    resources: Option<Scope<Template>>,
    conditions: Vec<Condition>,
}

/// An action pattern in lower case, by how it can be matched fastest.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ActionPattern {
    /// `*`.
    Everything,
    /// `service:*`, kept as `service:`.
    Service(String),
    /// `service:name` without wildcards.
    Exact(String),
    /// Anything else.
    Wild(Pattern),
}

impl ActionPattern {
    fn new(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let is_wild = |text: &str| text.contains(['*', '?']);
        match lower.split_once(':') {
            _ if lower == "*" => Self::Everything,
            Some((service, "*")) if !is_wild(service) => Self::Service(format!("{service}:")),
            _ if !is_wild(&lower) => Self::Exact(lower),
            _ => Self::Wild(Pattern::new(&lower)),
        }
    }

    fn matches(&self, action: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Service(prefix) => action.starts_with(prefix.as_str()),
            Self::Exact(name) => action == name,
            Self::Wild(pattern) => pattern.matches(action),
        }
    }
}

impl Statement {
    fn new(written: &document::Statement, variables: bool) -> Self {
        Self {
            sid: written.sid.clone(),
            effect: written.effect,
            principals: written.principals.clone(),
            actions: map(&written.actions, |text| ActionPattern::new(text)),
            resources: written
                .resources
                .as_ref()
                .map(|scope| map(scope, |text| Template::new(&completed(text), variables))),
            conditions: written.conditions.iter().map(|written| Condition::new(written, variables)).collect(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// What it does.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// The condition keys it reads, in lower case.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let resources =
            self.resources.iter().flat_map(|scope| scope.patterns().iter().flat_map(Template::keys));
        self.conditions.iter().flat_map(Condition::keys).chain(resources)
    }

    /// Whether it matches the request, its principal element aside.
    #[must_use]
    pub fn matches(&self, request: &Request) -> Truth {
        let action = request.action_lower();
        let named = self.actions.patterns().iter().any(|pattern| pattern.matches(action));
        if named == self.actions.is_negated() {
            return Truth::False;
        }
        let resource = self.matches_resource(request);
        if resource == Truth::False {
            return Truth::False;
        }
        resource.and(Truth::all(self.conditions.iter().map(|condition| condition.holds(request.context()))))
    }

    /// Whom it is about, seen from this request's principal.
    #[must_use]
    pub fn grants(&self, request: &Request) -> Option<Grant> {
        self.principals.as_ref().and_then(|scope| match_principals(scope, request.principal()))
    }

    fn matches_resource(&self, request: &Request) -> Truth {
        let Some(scope) = &self.resources else { return Truth::True };
        let named = Truth::any(scope.patterns().iter().map(|template| {
            if template.is_everything() {
                return Truth::True;
            }
            let Resource::Arn(arn) = request.resource() else { return Truth::Unknown };
            match template.fill(request.context()) {
                Filled::Fixed(text, pattern) => (text == arn || pattern.matches_resource(arn)).into(),
                Filled::Made(_, pattern) => pattern.matches_resource(arn).into(),
                Filled::Unresolved => Truth::False,
                Filled::Unknown => Truth::Unknown,
            }
        }));
        if scope.is_negated() { named.not() } else { named }
    }
}

fn map<A, B>(scope: &Scope<A>, make: impl FnMut(&A) -> B) -> Scope<B> {
    match scope {
        Scope::Only(patterns) => Scope::Only(patterns.iter().map(make).collect()),
        Scope::AllBut(patterns) => Scope::AllBut(patterns.iter().map(make).collect()),
    }
}

/// A short ARN stands for everything behind it: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.
pub(crate) fn completed(text: &str) -> String {
    let colons = text.matches(':').count();
    if !text.starts_with("arn:") || colons >= 5 || text.ends_with('*') {
        return text.to_owned();
    }
    let mut full = text.to_owned();
    for _ in colons..5 {
        full.push_str(":*");
    }
    full
}
