//! Whether the condition keys of a statement are ones that its requests carry.

use super::{Code, Linter, Part};
use crate::actions::{self, ConditionKey, Values};
use crate::document::{Comparison, Condition, Quantifier};
use crate::text_template::Template;
use std::collections::BTreeMap;

/// How many actions a message lists.
const MOST_LISTED: usize = 3;

pub(super) fn check(linter: &mut Linter<'_>, part: Part<'_>) {
    variables(linter, part);
    if part.statement.conditions.is_empty() {
        return;
    }
    let supported = Supported::by(part);
    for (condition, places) in part.statement.conditions.iter().zip(&part.places.conditions) {
        if linter.is_full() {
            return;
        }
        let at = (Some(part.at), places.key);
        let key = condition.key.as_str();
        let values = match actions::global_key(key) {
            Some(known) => Some(known.values),
            None if is_claim(key) => None,
            None => match supported.find(key) {
                Some(known) => Some(known.values()),
                None => {
                    missing(linter, at, condition, &supported);
                    None
                }
            },
        };
        let operator = condition.operator;
        let plain = operator.quantifier.is_none() && operator.comparison != Comparison::Null;
        if plain && values == Some(Values::Several) {
            let message = format!(
                "`{key}` can hold several values, and what `{operator}` does with them is not documented"
            );
            let help = format!(
                "write `ForAnyValue:{operator}`, or `ForAllValues:{operator}` with a guard by `Null`"
            );
            linter.find(Code::MultivaluedKey, at, message, help);
        }
    }
}

/// The keys that the statement's actions support.
enum Supported {
    /// It is about actions that are not listed, or not known: any key may be meant.
    Anything,
    /// By name.
    These(BTreeMap<&'static str, ConditionKey>),
}

impl Supported {
    fn by(part: Part<'_>) -> Self {
        let scope = &part.statement.actions;
        let mut keys = BTreeMap::new();
        for pattern in scope.patterns() {
            let named = pattern.split_once(':').is_some_and(|(prefix, _)| !prefix.contains(['*', '?']));
            let found = if named { actions::matching(pattern) } else { Vec::new() };
            if scope.is_negated() || found.is_empty() {
                return Self::Anything;
            }
            keys.extend(found.iter().flat_map(|action| action.keys()).map(|key| (key.name(), *key)));
        }
        Self::These(keys)
    }

    fn find(&self, key: &str) -> Option<ConditionKey> {
        match self {
            Self::Anything => anywhere(key).map(|(_, key)| key),
            Self::These(keys) => keys.values().find(|known| known.is(key)).copied(),
        }
    }
}

/// Whether a key is a claim of an identity provider, named by its host: `id.example.com/team:sub`. Which
/// claims there are is the provider's business.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>.
fn is_claim(key: &str) -> bool {
    key.rsplit_once(':').is_some_and(|(provider, _)| provider.contains('.'))
}

/// The service that knows a key. Most keys begin with their service's prefix; a few, like `saml:sub`, do not.
fn anywhere(key: &str) -> Option<(&'static actions::Service, ConditionKey)> {
    let of = |service: &'static actions::Service| service.key(key).map(|key| (service, *key));
    let prefix = key.split_once(':').map_or(key, |(prefix, _)| prefix);
    let home = actions::service(prefix).and_then(of);
    home.or_else(|| actions::prefixes().filter_map(actions::service).find_map(of))
}

fn missing(
    linter: &mut Linter<'_>,
    at: (Option<usize>, usize),
    condition: &Condition,
    supported: &Supported,
) {
    let key = condition.key.as_str();
    let Some((service, known)) = anywhere(key) else {
        unknown(linter, at, key, supported);
        return;
    };
    let holds = if holds_without(condition) { "always holds" } else { "never holds" };
    let message = format!("no action of the statement supports `{key}`: the condition {holds}");
    let carriers: Vec<String> = service
        .actions()
        .filter(|action| action.keys().any(|own| own.name() == known.name()))
        .take(MOST_LISTED)
        .map(|action| format!("`{}:{}`", service.prefix(), action.name()))
        .collect();
    let help = if carriers.is_empty() {
        "move the condition to a statement about actions that carry the key".to_owned()
    } else {
        format!(
            "move the condition to a statement about actions that carry the key, such as {}",
            carriers.join(", ")
        )
    };
    linter.find(Code::UnsupportedKey, at, message, help);
}

fn unknown(linter: &mut Linter<'_>, at: (Option<usize>, usize), key: &str, supported: &Supported) {
    let own: Vec<&str> = match supported {
        Supported::These(keys) => keys.keys().copied().collect(),
        Supported::Anything => {
            let service = key.split_once(':').and_then(|(prefix, _)| actions::service(prefix));
            service.map(|service| service.keys().iter().map(ConditionKey::name).collect()).unwrap_or_default()
        }
    };
    let global = actions::global_keys().iter().map(|known| known.name);
    let message = format!("`{key}` is no known condition key: no request carries it");
    // The name of a tag is the user's own: only what stands before it can be mistyped.
    let (stem, tag) = key.split_once('/').map_or((key, None), |(stem, tag)| (stem, Some(tag)));
    let known = own.into_iter().chain(global);
    let stems = known.filter_map(|name| match tag {
        Some(_) => name.strip_suffix("/*"),
        None => (!name.contains('*')).then_some(name),
    });
    let help = match (linter.nearest(stem, stems), tag) {
        (Some(meant), Some(tag)) => format!("did you mean `{meant}/{tag}`?"),
        (Some(meant), None) => format!("did you mean `{meant}`?"),
        (None, _) => {
            format!("check the name; it is right if AWS added the key after {}", actions::collected())
        }
    };
    linter.find(Code::UnknownKey, at, message, help);
}

/// Whether a condition holds where its key is absent.
pub(super) fn holds_without(condition: &Condition) -> bool {
    let operator = condition.operator;
    match operator.quantifier {
        _ if operator.comparison == Comparison::Null => {
            condition.values.iter().any(|value| value.eq_ignore_ascii_case("true"))
        }
        _ if operator.if_exists => true,
        Some(Quantifier::ForAllValues) => true,
        Some(Quantifier::ForAnyValue) => false,
        None => operator.comparison.negates().is_some(),
    }
}

/// `${…}` in resources and values: known keys, and a document that has variables at all.
fn variables(linter: &mut Linter<'_>, part: Part<'_>) {
    let resources =
        part.statement.resources.iter().flat_map(|scope| scope.patterns()).zip(&part.places.resources);
    let values = part.statement.conditions.iter().zip(&part.places.conditions);
    let values = values
        .filter(|(condition, _)| condition.operator.comparison.takes_variables())
        .flat_map(|(condition, places)| condition.values.iter().zip(&places.values));
    for (text, offset) in resources.chain(values).filter(|(text, _)| text.contains("${")) {
        let at = (Some(part.at), *offset);
        if !linter.document.has_variables() {
            let message = format!(
                "`{text}` holds no variable without `Version` `2012-10-17`: it is compared as it stands"
            );
            linter.find(Code::PlainVariable, at, message, "write `\"Version\": \"2012-10-17\"`");
            continue;
        }
        let template = Template::new(text, true);
        for key in template.keys() {
            if actions::global_key(key).is_none() && !is_claim(key) && anywhere(key).is_none() {
                unknown(linter, at, key, &Supported::Anything);
            }
        }
    }
}
