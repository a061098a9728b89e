//! Values for parameters: from YAML of a catalogue's file or JSON of a manifest, checked against the parameter.

use crate::kind::Kind;
use crate::parameter::{Parameter, Shape};
use crate::yaml::{Node, Value};
use glidepath_model::text::printable;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Flag(bool),
    /// A list of texts.
    List(Vec<String>),
    /// Lists of texts by name.
    Map(BTreeMap<String, Vec<String>>),
}

/// Why a value does not fit its parameter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    /// The guardrail has no such parameter.
    #[error("`{guardrail}` has no parameter `{name}`{}", suggestion(.nearest))]
    Unknown {
        /// The guardrail.
        guardrail: String,
        /// The name that was given.
        name: String,
        /// The nearest name that there is.
        nearest: Option<String>,
    },
    /// The parameter has no default, and no value was given.
    #[error("`{guardrail}` wants a value for `{name}`: give it under `with:`")]
    Missing {
        /// The guardrail.
        guardrail: String,
        /// The parameter.
        name: String,
    },
    /// The value is of another type.
    #[error("`{name}` is {wanted}, not {found}")]
    Type {
        /// The parameter.
        name: String,
        /// What it is, in words.
        wanted: String,
        /// What was given, in words.
        found: &'static str,
    },
    /// A text has the wrong form.
    #[error("`{value}` for `{name}` is not {wanted}")]
    Form {
        /// The parameter.
        name: String,
        /// The text.
        value: String,
        /// The form it must have.
        wanted: String,
    },
    /// A value is not one of those that there are.
    #[error("`{value}` for `{name}` is none of {allowed}{}", suggestion(.nearest))]
    Choice {
        /// The parameter.
        name: String,
        /// The value.
        value: String,
        /// Those that there are.
        allowed: String,
        /// The nearest of them.
        nearest: Option<String>,
    },
    /// A number is out of range, or a list too long or short.
    #[error("`{name}` is {found}; {wanted}")]
    Range {
        /// The parameter.
        name: String,
        /// What was given.
        found: String,
        /// What is possible.
        wanted: String,
    },
}

fn suggestion(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

impl Argument {
    /// Whether there is anything in it: false, an empty text and an empty list are nothing.
    pub(crate) fn is_given(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Integer(_) => true,
            Self::Flag(flag) => *flag,
            Self::List(items) => !items.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
        }
    }

    /// The value as it is written in a manifest.
    #[must_use]
    pub fn json(&self) -> Json {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::List(items) => items.clone().into(),
            Self::Map(entries) => {
                entries.iter().map(|(key, items)| (key.clone(), Json::from(items.clone()))).collect()
            }
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Map(_) => "a map of lists",
        }
    }

    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(items) => items.iter().map(String::as_str).collect(),
            Self::Map(entries) => entries.values().flatten().map(String::as_str).collect(),
            Self::Integer(_) | Self::Flag(_) => Vec::new(),
        }
    }
}

/// A value as the words of its own format have it; none where it is something that no parameter takes.
pub(crate) fn from_node(node: &Node) -> Result<Argument, &'static str> {
    match &node.value {
        Value::Text(text) => Ok(Argument::Text(text.clone())),
        Value::Integer(number) => Ok(Argument::Integer(*number)),
        Value::Flag(flag) => Ok(Argument::Flag(*flag)),
        Value::List(items) => node_texts(items).map(Argument::List),
        Value::Map(members) => {
            let mut entries = BTreeMap::new();
            for member in members {
                let Value::List(items) = &member.value.value else { return Err("a map of other than lists") };
                entries.insert(member.key.clone(), node_texts(items)?);
            }
            Ok(Argument::Map(entries))
        }
        Value::Empty => Err("nothing"),
    }
}

/// Checks arguments as a manifest gives them to the guardrail or blueprint of that id.
///
/// # Errors
/// Everything that is wrong with them.
pub fn arguments(
    id: &str,
    parameters: &[Parameter],
    given: &BTreeMap<String, Json>,
) -> Result<BTreeMap<String, Argument>, Vec<ArgumentError>> {
    let mut arguments = BTreeMap::new();
    let mut errors = Vec::new();
    for (name, value) in given {
        let Some(parameter) = parameters.iter().find(|parameter| parameter.name == *name) else {
            let known = parameters.iter().map(|parameter| parameter.name.as_str());
            errors.push(ArgumentError::Unknown {
                guardrail: id.to_owned(),
                name: printable(name).into_owned(),
                nearest: crate::fault::nearest(name, known).map(str::to_owned),
            });
            continue;
        };
        let read = from_json(value).map_err(|found| ArgumentError::Type {
            name: name.clone(),
            wanted: parameter.shape.words(),
            found,
        });
        match read.and_then(|argument| parameter.judge(&argument).map(|()| argument)) {
            Ok(argument) => {
                arguments.insert(name.clone(), argument);
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(arguments) } else { Err(errors) }
}

fn node_texts(items: &[Node]) -> Result<Vec<String>, &'static str> {
    items
        .iter()
        .map(|item| match &item.value {
            Value::Text(text) => Ok(text.clone()),
            _ => Err("a list of other than texts (numbers go in quotes)"),
        })
        .collect()
}

pub(crate) fn from_json(value: &Json) -> Result<Argument, &'static str> {
    match value {
        Json::String(text) => Ok(Argument::Text(text.clone())),
        Json::Number(number) => number.as_i64().map(Argument::Integer).ok_or("a fraction"),
        Json::Bool(flag) => Ok(Argument::Flag(*flag)),
        Json::Array(items) => json_texts(items).map(Argument::List),
        Json::Object(members) => {
            let mut entries = BTreeMap::new();
            for (key, value) in members {
                let Json::Array(items) = value else { return Err("a map of other than lists") };
                entries.insert(key.clone(), json_texts(items)?);
            }
            Ok(Argument::Map(entries))
        }
        Json::Null => Err("nothing"),
    }
}

fn json_texts(items: &[Json]) -> Result<Vec<String>, &'static str> {
    let text = |item: &Json| item.as_str().map(str::to_owned);
    items.iter().map(|item| text(item).ok_or("a list of other than texts (numbers go in quotes)")).collect()
}

impl Parameter {
    /// Whether a value fits.
    ///
    /// # Errors
    /// The first thing that does not.
    pub fn judge(&self, argument: &Argument) -> Result<(), ArgumentError> {
        self.judge_type(argument)?;
        self.judge_range(argument)?;
        for text in argument.texts() {
            self.judge_text(text)?;
        }
        if let Argument::Map(entries) = argument {
            for key in entries.keys() {
                self.judge_characters(key)?;
                if key.contains(['*', '?']) {
                    return Err(self.form(key, "a name without wildcards"));
                }
            }
        }
        Ok(())
    }

    fn judge_type(&self, argument: &Argument) -> Result<(), ArgumentError> {
        let fits = match (self.shape, argument) {
            (Shape::One(Kind::Integer), Argument::Integer(_)) => true,
            (Shape::One(Kind::Flag), Argument::Flag(_)) => true,
            (Shape::One(kind), Argument::Text(_)) => kind.is_text(),
            (Shape::List(_), Argument::List(_)) | (Shape::Map(_), Argument::Map(_)) => true,
            _ => false,
        };
        if fits {
            return Ok(());
        }
        let (name, wanted) = (self.name.clone(), self.shape.words());
        Err(ArgumentError::Type { name, wanted, found: argument.kind() })
    }

    fn judge_range(&self, argument: &Argument) -> Result<(), ArgumentError> {
        let (size, found) = match argument {
            Argument::Integer(number) => (*number, number.to_string()),
            Argument::List(items) => (count(items.len()), format!("a list of {}", items.len())),
            Argument::Map(entries) => (count(entries.len()), format!("a map of {}", entries.len())),
            Argument::Text(_) | Argument::Flag(_) => return Ok(()),
        };
        let wanted = match (self.at_least, self.at_most) {
            (Some(least), _) if size < least => format!("{least} is the least"),
            (_, Some(most)) if size > most => format!("{most} is the most"),
            _ => return Ok(()),
        };
        Err(ArgumentError::Range { name: self.name.clone(), found, wanted })
    }

    fn judge_text(&self, text: &str) -> Result<(), ArgumentError> {
        let kind = self.shape.kind();
        if !self.allowed.is_empty() {
            if self.allowed.iter().any(|allowed| allowed == text) {
                return Ok(());
            }
            let nearest = crate::fault::nearest(text, self.allowed.iter().map(String::as_str));
            return Err(ArgumentError::Choice {
                name: self.name.clone(),
                value: printable(text).into_owned(),
                allowed: self.allowed.join(", "),
                nearest: nearest.map(str::to_owned),
            });
        }
        kind.judge(text).map_err(|wanted| self.form(text, wanted))?;
        self.judge_characters(text)
    }

    fn judge_characters(&self, text: &str) -> Result<(), ArgumentError> {
        let Some(characters) = &self.characters else { return Ok(()) };
        let stray = text.chars().find(|character| !characters.holds(*character));
        match stray {
            None if !text.is_empty() => Ok(()),
            _ => Err(self.form(text, &format!("a text of the characters {}", characters.text()))),
        }
    }

    fn form(&self, value: &str, wanted: &str) -> ArgumentError {
        let value = printable(value).into_owned();
        ArgumentError::Form { name: self.name.clone(), value, wanted: wanted.to_owned() }
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
