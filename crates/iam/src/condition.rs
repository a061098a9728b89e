//! Whether the conditions of a statement hold for a request.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.

use crate::context::{Context, Lookup};
use crate::document::{self, Comparison, Operator, Quantifier};
use crate::text_template::{Filled, Template};
use crate::truth::Truth;
use crate::value::holds;

/// A condition made ready to be asked often.
#[derive(Debug, Clone)]
pub struct Condition {
    operator: Operator,
    /// The key in lower case.
    key: String,
    values: Vec<Template>,
}

impl Condition {
    /// Prepares a condition of a document that has, or has not, variables.
    #[must_use]
    pub fn new(written: &document::Condition, variables: bool) -> Self {
        let variables = variables && written.operator.comparison.takes_variables();
        Self {
            operator: written.operator,
            key: written.key.to_ascii_lowercase(),
            values: written.values.iter().map(|text| Template::new(text, variables)).collect(),
        }
    }

    /// The keys it reads, in lower case: its own and those of its variables.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.key.as_str()).chain(self.values.iter().flat_map(Template::keys))
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, context: &Context) -> Truth {
        let found = context.get(&self.key);
        if self.operator.comparison == Comparison::Null {
            return self.null(found);
        }
        match found {
            Lookup::Values(values) => self.compare_all(values, context),
            Lookup::Absent => self.when_absent().into(),
            Lookup::Unknown if self.holds_for_anything() => Truth::True,
            Lookup::Unknown => Truth::Unknown,
        }
    }

    /// `Null: "true"` asks for absence, `"false"` for presence; both together ask for nothing.
    fn null(&self, found: Lookup<'_>) -> Truth {
        let asks = |wanted: &str| {
            let is = |value: &Template| matches!(value, Template::Fixed { text, .. } if text.eq_ignore_ascii_case(wanted));
            self.values.iter().any(is)
        };
        match found {
            Lookup::Absent => asks("true").into(),
            Lookup::Values(_) => asks("false").into(),
            Lookup::Unknown => match (asks("true"), asks("false")) {
                (true, true) => Truth::True,
                (false, false) => Truth::False,
                _ => Truth::Unknown,
            },
        }
    }

    /// Without the key: `IfExists` and `ForAllValues` hold, `ForAnyValue` does not, and of the rest only
    /// what is negated.
    fn when_absent(&self) -> bool {
        match self.operator.quantifier {
            _ if self.operator.if_exists => true,
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => false,
            None => self.operator.comparison.negates().is_some(),
        }
    }

    /// Whether any value and none at all would pass: then it does not matter that the key is unknown.
    fn holds_for_anything(&self) -> bool {
        self.when_absent()
            && self.operator.comparison == Comparison::StringLike
            && self.values.iter().any(Template::is_everything)
    }

    fn compare_all(&self, values: &[String], context: &Context) -> Truth {
        let mut each = values.iter().map(|value| self.compare_one(value, context));
        match self.operator.quantifier {
            Some(Quantifier::ForAllValues) => Truth::all(each),
            Some(Quantifier::ForAnyValue) => Truth::any(each),
            None => {
                // What a plain operator does with several values is not documented: it is only certain
                // where they all agree.
                let first = each.next().unwrap_or(Truth::Unknown);
                if each.all(|other| other == first) { first } else { Truth::Unknown }
            }
        }
    }

    fn compare_one(&self, value: &str, context: &Context) -> Truth {
        let comparison = self.operator.comparison;
        let matched = Truth::any(self.values.iter().map(|wanted| match wanted.fill(context) {
            Filled::Fixed(text, pattern) => holds(comparison, value, text, pattern).into(),
            Filled::Made(text, pattern) => holds(comparison, value, &text, &pattern).into(),
            Filled::Unresolved => Truth::False,
            Filled::Unknown => Truth::Unknown,
        }));
        if comparison.negates().is_some() { matched.not() } else { matched }
    }
}
