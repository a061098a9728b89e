//! A cell: a part of all possible requests, as one conjunction of what is known about action, resource and
//! context. Statements are cells; a cell less a statement is a few smaller cells.

use super::text_set::{Form, Found, TextSet};
use crate::context::{Context, Lookup};
use crate::document::{self, Comparison, Scope, Statement};
use crate::request::{Request, Resource};
use crate::truth::Truth;
use std::collections::BTreeMap;

/// One thing that is known about a request, or its contrary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// What is asked.
    pub test: Test,
    /// Whether the answer is yes.
    pub holds: bool,
}

/// A question about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Whether one of these matches the action.
    Action(Vec<Form>),
    /// Whether one of these matches the resource.
    Resource(Vec<Form>),
    /// Whether a key holds a text that one of these matches.
    Key {
        /// The key in lower case.
        key: String,
        /// The patterns.
        forms: Vec<Form>,
        /// The answer where the key is absent.
        when_absent: bool,
        /// Whether a present value must match none of the patterns instead.
        negated: bool,
    },
    /// A question that is only ever compared with itself: numbers, dates, addresses, several values,
    /// variables.
    Opaque(Opaque),
}

/// A question that cannot be looked into.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Opaque {
    /// A condition: operator, key and sorted values.
    Condition(String, String, Vec<String>),
    /// Resource patterns with variables.
    Resource(Vec<String>),
}

impl Literal {
    fn contrary(&self) -> Self {
        Self { test: self.test.clone(), holds: !self.holds }
    }
}

/// What is known of the literals of a statement; all of them together are the statement.
#[must_use]
pub(crate) fn literals(statement: &Statement, variables: bool) -> Vec<Literal> {
    let mut all = Vec::new();
    let actions =
        statement.actions.patterns().iter().map(|text| Form::like(&text.to_ascii_lowercase())).collect();
    all.push(Literal { test: Test::Action(actions), holds: !statement.actions.is_negated() });
    if let Some(scope) = &statement.resources {
        all.push(Literal { test: resource_test(scope, variables), holds: !scope.is_negated() });
    }
    all.extend(statement.conditions.iter().map(|condition| condition_literal(condition, variables)));
    all.retain(|literal| !is_always_true(literal));
    all
}

fn is_always_true(literal: &Literal) -> bool {
    match &literal.test {
        Test::Action(forms) | Test::Resource(forms) => literal.holds && forms.iter().any(Form::is_everything),
        Test::Key { forms, when_absent, negated, .. } => {
            let present = forms.iter().any(Form::is_everything) != *negated;
            let always = *when_absent && present && (!negated || forms.is_empty());
            literal.holds && always
        }
        Test::Opaque(_) => false,
    }
}

fn resource_test(scope: &Scope<String>, variables: bool) -> Test {
    let has_variable = |text: &String| variables && text.contains("${");
    if scope.patterns().iter().any(has_variable) {
        return Test::Opaque(Opaque::Resource(scope.patterns().to_vec()));
    }
    Test::Resource(
        scope.patterns().iter().map(|text| Form::resource(&crate::statement::completed(text))).collect(),
    )
}

fn condition_literal(condition: &document::Condition, variables: bool) -> Literal {
    let operator = condition.operator;
    let positive = operator.comparison.negates().unwrap_or(operator.comparison);
    let negated = operator.comparison.negates().is_some();
    let key = condition.key.to_ascii_lowercase();
    let values = &condition.values;
    let has_variable =
        variables && positive.takes_variables() && values.iter().any(|text| text.contains("${"));
    let looked_into = operator.quantifier.is_none() && !has_variable;
    let when_absent = operator.if_exists || negated;
    let text = |forms: Vec<Form>| Literal {
        test: Test::Key { key: key.clone(), forms, when_absent, negated },
        holds: true,
    };
    match positive {
        Comparison::StringEquals if looked_into => {
            text(values.iter().map(|text| Form::exact(text)).collect())
        }
        Comparison::StringLike if looked_into => text(values.iter().map(|text| Form::like(text)).collect()),
        Comparison::ArnEquals | Comparison::ArnLike if looked_into => {
            text(values.iter().filter_map(|text| Form::arn(text)).collect())
        }
        Comparison::Bool | Comparison::StringEqualsIgnoreCase
            if looked_into && values.iter().all(|text| text.is_ascii()) =>
        {
            text(values.iter().map(|text| Form::folded(text)).collect())
        }
        Comparison::Null if asked_absent(values).is_some() => {
            let absent = asked_absent(values) == Some(true);
            let test = Test::Key { key, forms: Vec::new(), when_absent: absent, negated: !absent };
            Literal { test, holds: true }
        }
        _ => {
            let mut sorted = values.clone();
            sorted.sort();
            // A negated comparison without `IfExists` and quantifier is exactly the contrary of its
            // positive one, so that the two are seen to meet.
            let plain = negated && !operator.if_exists && operator.quantifier.is_none();
            let named = if plain { positive.name().to_owned() } else { operator.to_string() };
            Literal { test: Test::Opaque(Opaque::Condition(named, key, sorted)), holds: !plain }
        }
    }
}

/// Whether `Null` asks for absence, or for presence; none if it asks for both or for neither.
fn asked_absent(values: &[String]) -> Option<bool> {
    match values {
        [only] if only.eq_ignore_ascii_case("true") => Some(true),
        [only] if only.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A part of all requests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The actions, in lower case.
    pub actions: TextSet,
    /// The resources.
    pub resources: TextSet,
    /// What is known of keys that can be looked into.
    pub keys: BTreeMap<String, KeySet>,
    /// What is known of the rest.
    pub opaque: Vec<(Opaque, bool)>,
    /// Whether two things known contradict each other.
    contradictory: bool,
}

/// What a key may hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeySet {
    /// Whether it may be absent.
    pub absent: bool,
    /// What it may hold if it is there.
    pub present: TextSet,
}

/// Whether a cell has a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// This is one, as far as the cell can be looked into.
    Example(Example),
    /// There is none.
    Nobody,
    /// It was not found out.
    Unknown,
}

/// A request in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The action, in lower case.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// Keys and what they hold; a key that is not here is absent.
    pub context: BTreeMap<String, String>,
}

impl Example {
    fn with(&self, key: &str, value: Option<&str>) -> Self {
        let mut other = self.clone();
        if let Some(value) = value {
            // A range is tried by its first address.
            let value = value.split_once('/').map_or(value, |(network, _)| network);
            other.context.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
        other
    }
}

/// Values that examples hold rather than the shortest text that would do.
const LIKELY: [(&str, &str); 5] = [
    ("aws:principalarn", "arn:aws:iam::111122223333:role/example"),
    ("aws:principalarn", "arn:aws:iam::111122223333:root"),
    ("aws:requestedregion", "us-west-2"),
    ("aws:requestedregion", "eu-west-1"),
    ("aws:principalaccount", "111122223333"),
];

/// How many examples are tried for one cell.
const MOST_EXAMPLES: usize = 64;

impl Cell {
    /// All requests of this statement.
    #[must_use]
    pub fn of(literals: &[Literal]) -> Self {
        let mut cell = Self::default();
        for literal in literals {
            cell.restrict(literal);
        }
        cell
    }

    /// The part of the cell where this holds too.
    pub fn restrict(&mut self, literal: &Literal) {
        match &literal.test {
            Test::Action(forms) => self.actions.restrict(forms, literal.holds),
            Test::Resource(forms) => self.resources.restrict(forms, literal.holds),
            Test::Key { key, forms, when_absent, negated } => {
                let known = self
                    .keys
                    .entry(key.clone())
                    .or_insert_with(|| KeySet { absent: true, present: TextSet::default() });
                known.absent &= *when_absent == literal.holds;
                known.present.restrict(forms, *negated != literal.holds);
            }
            Test::Opaque(opaque) => {
                self.contradictory |= self.opaque.contains(&(opaque.clone(), !literal.holds));
                if !self.opaque.contains(&(opaque.clone(), literal.holds)) {
                    self.opaque.push((opaque.clone(), literal.holds));
                }
            }
        }
    }

    /// The cell without what these literals together cover: cells that do not overlap, empty ones left out.
    #[must_use]
    pub fn minus(&self, literals: &[Literal]) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut inside = self.clone();
        for literal in literals {
            let mut outside = inside.clone();
            outside.restrict(&literal.contrary());
            if outside.member() != Member::Nobody {
                parts.push(outside);
            }
            inside.restrict(literal);
            if inside.member() == Member::Nobody {
                break;
            }
        }
        parts
    }

    /// Looks for a member.
    #[must_use]
    pub fn member(&self) -> Member {
        if self.contradictory {
            return Member::Nobody;
        }
        let mut unknown = !self.opaque.is_empty();
        let mut actions = self.actions.clone();
        actions.restrict(&[Form::like("?*:?*")], true);
        let mut resources = self.resources.clone();
        resources.restrict(&[Form::like("?*")], true);
        let mut look = |set: &TextSet| match set.find() {
            Found::Member(text) => Some(text),
            Found::Empty => None,
            Found::Unknown => {
                unknown = true;
                Some(String::new())
            }
        };
        // Actions first: most statements have none in common, and then nothing else need be looked at.
        let Some(action) = look(&actions) else { return Member::Nobody };
        let anything = resources.contains("*").then(|| "*".to_owned());
        let Some(resource) = anything.or_else(|| look(&resources)) else { return Member::Nobody };
        let mut context = BTreeMap::new();
        // An absent key is the simpler example where the cell allows it.
        for (key, known) in self.keys.iter().filter(|(_, known)| !known.absent) {
            let likely = LIKELY.iter().filter(|(name, _)| name == key).map(|(_, value)| *value);
            let text = match likely.into_iter().find(|value| known.present.contains(value)) {
                Some(value) => value.to_owned(),
                None => match look(&known.present) {
                    Some(text) => text,
                    None => return Member::Nobody,
                },
            };
            context.insert(key.clone(), text);
        }
        if unknown { Member::Unknown } else { Member::Example(Example { action, resource, context }) }
    }

    /// Requests that may be in the cell, the plainest first. Where the cell holds questions that cannot be
    /// looked into, their values are tried.
    #[must_use]
    pub fn examples(&self) -> Vec<Example> {
        let plain = Self { opaque: Vec::new(), ..self.clone() };
        let Member::Example(first) = plain.member() else { return Vec::new() };
        let mut all = vec![first];
        for (opaque, holds) in &self.opaque {
            let Opaque::Condition(_, key, values) = opaque else { continue };
            let tries: Vec<Option<&str>> = if *holds {
                values.iter().map(|value| Some(value.as_str())).chain([None]).collect()
            } else {
                [
                    None,
                    Some("x"),
                    Some("0"),
                    Some("192.0.2.1"),
                    Some("2100-01-01T00:00:00Z"),
                    Some("1970-01-01T00:00:00Z"),
                ]
                .into_iter()
                .chain(values.iter().map(|value| Some(value.as_str())))
                .collect()
            };
            all = all
                .iter()
                .flat_map(|example| tries.iter().map(|value| example.with(key, *value)))
                .take(MOST_EXAMPLES)
                .collect();
        }
        all
    }

    /// Whether a request is in the cell, as far as can be told: what cannot be looked into may hold.
    #[must_use]
    pub fn covers(&self, request: &Request) -> bool {
        let resource = match request.resource() {
            Resource::Arn(arn) => self.resources.contains(arn),
            Resource::Unknown => true,
        };
        self.actions.contains(request.action_lower())
            && resource
            && self.keys.iter().all(|(key, known)| key_holds(known, request.context(), key) != Truth::False)
    }
}

fn key_holds(known: &KeySet, context: &Context, key: &str) -> Truth {
    match context.get(key) {
        Lookup::Absent => known.absent.into(),
        Lookup::Unknown => Truth::Unknown,
        Lookup::Values([value]) => known.present.contains(value).into(),
        Lookup::Values(_) => Truth::Unknown,
    }
}
