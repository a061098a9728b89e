//! The long form of a value in, an expression out.
//!
//! Every function is held to the form that CloudFormation documents, in the words of its errors.

use super::{Condition, Expression, Function, sub};
use crate::fault::{Fault, Path};
use serde_json::{Map, Value};

/// The language extensions' transform, which allows more functions.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html>.
pub(crate) const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// The functions in the order in which CloudFormation lists them when it meets another.
const SUPPORTED: &str = "[Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, \
                         Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Sub, Fn::Cidr]";

/// Which functions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Those without a transform.
    Plain,
    /// Those of the language extensions too.
    Extended,
}

/// What parsing one template goes by, and what it found wrong.
#[derive(Debug)]
pub(crate) struct Parsing {
    pub(crate) language: Language,
    pub(crate) faults: Vec<Fault>,
}

impl Parsing {
    pub(crate) fn fault(&mut self, path: &Path<'_>, message: impl Into<String>) {
        self.faults.push(Fault::new(path, message));
    }

    /// A fault, and something to go on with; the template is not handed out any more.
    fn wrong(&mut self, path: &Path<'_>, message: impl Into<String>) -> Expression {
        self.fault(path, message);
        Expression::Literal(Value::Null)
    }
}

/// Parses a value, functions included.
pub(crate) fn parse(value: &Value, path: &Path<'_>, parsing: &mut Parsing) -> Expression {
    match value {
        Value::Array(items) => {
            let parsed: Vec<Expression> =
                items.iter().enumerate().map(|(at, item)| parse(item, &path.item(at), parsing)).collect();
            let all_literal = parsed.iter().all(|item| matches!(item, Expression::Literal(_)));
            if all_literal { Expression::Literal(value.clone()) } else { Expression::List(parsed) }
        }
        Value::Object(members) => match function_key(members) {
            Some(key) => parse_function(key, members, path, parsing),
            None => {
                let parsed: Vec<(String, Expression)> = members
                    .iter()
                    .map(|(key, member)| (key.clone(), parse(member, &path.key(key), parsing)))
                    .collect();
                let all_literal = parsed.iter().all(|(_, item)| matches!(item, Expression::Literal(_)));
                if all_literal { Expression::Literal(value.clone()) } else { Expression::Map(parsed) }
            }
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Expression::Literal(value.clone())
        }
    }
}

/// The key that makes a map a function: `Ref` where it stands alone, and `Fn::…` wherever it stands.
pub(crate) fn function_key(members: &Map<String, Value>) -> Option<&str> {
    let function = members.keys().find(|key| key.starts_with("Fn::"));
    let reference = || members.keys().next().filter(|key| *key == "Ref" && members.len() == 1);
    function.or_else(reference).map(String::as_str)
}

fn parse_function(
    key: &str,
    members: &Map<String, Value>,
    path: &Path<'_>,
    parsing: &mut Parsing,
) -> Expression {
    let within = &path.key(key);
    let Some(value) = members.get(key) else { return Expression::Literal(Value::Null) };
    if members.len() > 1 && key != "Fn::Transform" {
        let message = format!("Template format error: {key} must stand alone in its map");
        return parsing.wrong(within, message);
    }
    let function = match key {
        "Ref" => value.as_str().filter(|name| !name.is_empty()).map(|name| Function::Ref(name.to_owned())),
        "Fn::GetAtt" => get_att(value, within, parsing),
        "Fn::Sub" => return substitution(value, within, parsing),
        "Fn::Join" => pair(value, within, parsing, |delimiter, items| Function::Join { delimiter, items }),
        "Fn::Split" => pair(value, within, parsing, |delimiter, text| Function::Split { delimiter, text }),
        "Fn::Select" => several(value, within, parsing)
            .and_then(|[index, items]| is_list(&items).then_some(Function::Select { index, items })),
        "Fn::If" => condition_name(value).and_then(|condition| {
            let [_, then, otherwise] = several(value, within, parsing)?;
            Some(Function::If { condition, then, otherwise })
        }),
        "Fn::FindInMap" => find_in_map(value, within, parsing),
        "Fn::Cidr" => {
            several(value, within, parsing).map(|[block, count, bits]| Function::Cidr { block, count, bits })
        }
        "Fn::Base64" => text_argument(value, within, parsing).map(Function::Base64),
        "Fn::GetAZs" => text_argument(value, within, parsing).map(Function::GetAzs),
        "Fn::ImportValue" => text_argument(value, within, parsing).map(Function::ImportValue),
        "Fn::Transform" => {
            value.get("Name").and_then(Value::as_str).map(|name| Function::Transform(name.to_owned()))
        }
        "Fn::Length" | "Fn::ToJsonString" if parsing.language == Language::Extended => {
            let argument = parse(value, within, parsing);
            let takes = is_list(&argument) || matches!(argument, Expression::Map(_));
            let takes_map = matches!(&argument, Expression::Literal(value) if value.is_object());
            match key {
                "Fn::Length" => is_list(&argument).then_some(Function::Length(argument)),
                _ => (takes || takes_map).then_some(Function::ToJsonString(argument)),
            }
        }
        other => return parsing.wrong(within, not_here(other)),
    };
    match function {
        Some(function) => Expression::Function(Box::new(function)),
        None => parsing.wrong(within, form(key)),
    }
}

/// Why a function cannot stand where a value does.
pub(crate) fn not_here(key: &str) -> String {
    match key {
        "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
            format!(
                "Template format error: {key} can only stand in the Conditions section; name a condition in Fn::If"
            )
        }
        "Fn::Length" | "Fn::ToJsonString" => format!(
            "Template format error: {key} needs the transform {LANGUAGE_EXTENSIONS}, which this template does not name"
        ),
        _ if key.starts_with("Fn::ForEach") => format!(
            "Template format error: Fn::ForEach needs the transform {LANGUAGE_EXTENSIONS}, which this template does \
             not name"
        ),
        _ => format!(
            "Template format error: Encountered unsupported function: {key} Supported functions are: {SUPPORTED}"
        ),
    }
}

/// What CloudFormation says of a function that is given something else than it takes.
fn form(key: &str) -> &'static str {
    match key {
        "Ref" => "Template error: every Ref object must have a single String value.",
        "Fn::GetAtt" => {
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the \
             resource attribute"
        }
        "Fn::Join" => {
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of \
             strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
        }
        "Fn::Split" => {
            "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string \
             to be split or a function that returns a string to be split."
        }
        "Fn::Select" => {
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
        }
        "Fn::If" => "Template error: Fn::If requires a list argument with three elements",
        "Fn::FindInMap" => {
            "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the \
             attribute for return value"
        }
        "Fn::Cidr" => {
            "Template error: every Fn::Cidr object requires three parameters, the block, the count of blocks and the \
             number of bits of each"
        }
        "Fn::Base64" => "Template error: every Fn::Base64 object must have a String value.",
        "Fn::GetAZs" => "Template error: every Fn::GetAZs object must have a String value.",
        "Fn::ImportValue" => "Template error: every Fn::ImportValue object must have a String value.",
        "Fn::Length" => "Template error: every Fn::Length object must have a list.",
        "Fn::ToJsonString" => "Template error: every Fn::ToJsonString object must have a map or a list.",
        _ => "Template error: every Fn::Transform object requires the Name of a macro",
    }
}

fn several<const N: usize>(value: &Value, path: &Path<'_>, parsing: &mut Parsing) -> Option<[Expression; N]> {
    let items = value.as_array().filter(|items| items.len() == N)?;
    let parsed: Vec<Expression> =
        items.iter().enumerate().map(|(at, item)| parse(item, &path.item(at), parsing)).collect();
    parsed.try_into().ok()
}

/// A delimiter and what it joins or splits.
fn pair(
    value: &Value,
    path: &Path<'_>,
    parsing: &mut Parsing,
    make: impl FnOnce(String, Expression) -> Function,
) -> Option<Function> {
    let [delimiter, second] = several(value, path, parsing)?;
    let delimiter = delimiter.as_text()?.to_owned();
    let function = make(delimiter, second);
    let takes = match &function {
        Function::Join { items, .. } => is_list(items),
        Function::Split { delimiter, text } => is_text(text) && !delimiter.is_empty(),
        _ => true,
    };
    takes.then_some(function)
}

/// Whether a list can come of it.
fn is_list(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(value) => value.is_array(),
        Expression::List(_) | Expression::Function(_) => true,
        Expression::Map(_) => false,
    }
}

/// Whether a text can come of it.
fn is_text(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(value) => value.is_string() || value.is_number(),
        Expression::Function(_) => true,
        Expression::List(_) | Expression::Map(_) => false,
    }
}

fn text_argument(value: &Value, path: &Path<'_>, parsing: &mut Parsing) -> Option<Expression> {
    let parsed = parse(value, path, parsing);
    is_text(&parsed).then_some(parsed)
}

fn condition_name(value: &Value) -> Option<String> {
    value.get(0).and_then(Value::as_str).map(str::to_owned)
}

fn get_att(value: &Value, path: &Path<'_>, parsing: &mut Parsing) -> Option<Function> {
    let (resource, attribute) = match value {
        Value::String(text) => {
            let (resource, attribute) = text.split_once('.')?;
            (resource.to_owned(), Expression::Literal(Value::from(attribute)))
        }
        _ => {
            let [resource, attribute] = several(value, path, parsing)?;
            (resource.as_text()?.to_owned(), attribute)
        }
    };
    let given = match &attribute {
        Expression::Literal(value) => value.as_str().is_some_and(|text| !text.is_empty()),
        Expression::Function(function) => matches!(**function, Function::Ref(_)),
        Expression::List(_) | Expression::Map(_) => false,
    };
    (given && !resource.is_empty()).then_some(Function::GetAtt { resource, attribute })
}

fn find_in_map(value: &Value, path: &Path<'_>, parsing: &mut Parsing) -> Option<Function> {
    let items = value.as_array()?;
    let (keys, default) = match items.as_slice() {
        [_, _, _] => (items.clone(), None),
        [keys @ .., Value::Object(last)] if keys.len() == 3 && parsing.language == Language::Extended => {
            let default = last.get("DefaultValue").filter(|_| last.len() == 1)?;
            let path = path.item(3);
            (keys.to_vec(), Some(parse(default, &path.key("DefaultValue"), parsing)))
        }
        _ => return None,
    };
    let [map, first, second] = several(&Value::Array(keys), path, parsing)?;
    let all_text = [&map, &first, &second].into_iter().all(is_text);
    all_text.then_some(Function::FindInMap { map, first, second, default })
}

fn substitution(value: &Value, path: &Path<'_>, parsing: &mut Parsing) -> Expression {
    const FORM: &str = "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. \
                        Specify a string as first argument, and an optional second argument to specify a mapping of \
                        values to replace in the string";
    let (text, given) = match value {
        Value::String(text) => (text, None),
        Value::Array(items) => match items.as_slice() {
            [Value::String(text), Value::Object(given)] => (text, Some(given)),
            _ => return parsing.wrong(path, FORM),
        },
        _ => return parsing.wrong(path, FORM),
    };
    let pieces = sub::pieces(text, |name| given.is_some_and(|given| given.contains_key(name)));
    let Some(pieces) = pieces else {
        return parsing.wrong(
            path,
            "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, \
             underscores, periods, and colons",
        );
    };
    let around = path.item(1);
    let variables = given.into_iter().flatten();
    let variables: Vec<(String, Expression)> =
        variables.map(|(name, value)| (name.clone(), parse(value, &around.key(name), parsing))).collect();
    Expression::Function(Box::new(Function::Sub { pieces, variables }))
}

/// Parses a condition.
pub(crate) fn parse_condition(value: &Value, path: &Path<'_>, parsing: &mut Parsing) -> Option<Condition> {
    const FORM: &str =
        "Template format error: Conditions can only be boolean operations on parameters and other conditions";
    let only =
        value.as_object().filter(|members| members.len() == 1).and_then(|members| members.iter().next());
    let Some((key, argument)) = only else {
        parsing.fault(path, FORM);
        return None;
    };
    let within = &path.key(key);
    let inner = |parsing: &mut Parsing| -> Option<Vec<Condition>> {
        let items = argument.as_array()?;
        let parsed =
            items.iter().enumerate().map(|(at, item)| parse_condition(item, &within.item(at), parsing));
        parsed.collect()
    };
    let before = parsing.faults.len();
    let (condition, form) = match key.as_str() {
        "Condition" => (
            argument.as_str().map(|name| Condition::Named(name.to_owned())),
            "Template error: every Condition member must be a string.",
        ),
        "Fn::Equals" => (
            several(argument, within, parsing)
                .map(|[left, right]| Condition::Equals(Box::new((left, right)))),
            "Template error: every Fn::Equals object requires a list of 2 string parameters.",
        ),
        "Fn::Not" => (
            inner(parsing)
                .and_then(|mut all| if all.len() == 1 { all.pop() } else { None })
                .map(|one| Condition::Not(Box::new(one))),
            "Template error: every Fn::Not object requires one boolean parameter.",
        ),
        "Fn::And" => (
            inner(parsing).filter(|all| (2..=10).contains(&all.len())).map(Condition::And),
            "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.",
        ),
        "Fn::Or" => (
            inner(parsing).filter(|all| (2..=10).contains(&all.len())).map(Condition::Or),
            "Template error: every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.",
        ),
        _ => (None, FORM),
    };
    if condition.is_none() && parsing.faults.len() == before {
        parsing.fault(within, form);
    }
    condition
}
