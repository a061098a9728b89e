//! Parameters: what is given to a template when it is deployed, and what it may be.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>.

use super::{refuse_other_keys, scalar_text, text_member};
use crate::expression::Parsing;
use crate::fault::Path;
use serde_json::{Map, Value};

/// A parameter as it is declared.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its type, `String` or `List<AWS::EC2::Subnet::Id>`.
    pub ty: String,
    /// What it is where nothing is given.
    pub default: Option<String>,
    /// All that it may be; empty for anything.
    pub allowed_values: Vec<String>,
    /// The regular expression that it has to match as a whole.
    pub allowed_pattern: Option<String>,
    /// Whether its value is hidden wherever CloudFormation tells it.
    pub no_echo: bool,
    /// The fewest characters.
    pub min_length: Option<u64>,
    /// The most characters.
    pub max_length: Option<u64>,
    /// The smallest number.
    pub min_value: Option<f64>,
    /// The largest number.
    pub max_value: Option<f64>,
    /// What it is for.
    pub description: Option<String>,
    /// What is said where a rule is broken.
    pub constraint_description: Option<String>,
    pub(crate) form: ParameterType,
}

/// What the type of a parameter means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParameterType {
    /// One value or a list with commas between.
    pub(crate) shape: Shape,
    /// What each value is.
    pub(crate) element: Element,
    pub(crate) origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    One,
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    Text,
    Number,
    /// The id or name of a thing in the account, and what its text begins with.
    Existing(&'static str),
}

/// Where the value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It is given.
    Given,
    /// It is read from the parameter store, under the name that is given.
    ParameterStore,
}

/// The types of things in the account, with what their ids begin with.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>.
const EXISTING: &[(&str, &str)] = &[
    ("AWS::EC2::AvailabilityZone::Name", ""),
    ("AWS::EC2::Image::Id", "ami-"),
    ("AWS::EC2::Instance::Id", "i-"),
    ("AWS::EC2::KeyPair::KeyName", ""),
    ("AWS::EC2::SecurityGroup::GroupName", ""),
    ("AWS::EC2::SecurityGroup::Id", "sg-"),
    ("AWS::EC2::Subnet::Id", "subnet-"),
    ("AWS::EC2::VPC::Id", "vpc-"),
    ("AWS::EC2::Volume::Id", "vol-"),
    ("AWS::Route53::HostedZone::Id", ""),
];

impl ParameterType {
    fn parse(ty: &str) -> Option<Self> {
        if let Some(inner) = between(ty, "AWS::SSM::Parameter::Value<") {
            return Some(Self { origin: Origin::ParameterStore, ..Self::given(inner)? });
        }
        Self::given(ty)
    }

    fn given(ty: &str) -> Option<Self> {
        let of = |shape, element| Some(Self { shape, element, origin: Origin::Given });
        match ty {
            "String" | "AWS::SSM::Parameter::Name" => return of(Shape::One, Element::Text),
            "Number" => return of(Shape::One, Element::Number),
            "CommaDelimitedList" | "List<String>" => return of(Shape::List, Element::Text),
            "List<Number>" => return of(Shape::List, Element::Number),
            _ => {}
        }
        let (shape, ty) = match between(ty, "List<") {
            Some(inner) => (Shape::List, inner),
            None => (Shape::One, ty),
        };
        let (_, begin) = EXISTING.iter().find(|(known, _)| *known == ty)?;
        of(shape, Element::Existing(begin))
    }
}

fn between<'t>(text: &'t str, begin: &str) -> Option<&'t str> {
    text.strip_prefix(begin)?.strip_suffix('>')
}

/// The keys that a parameter may have.
const KEYS: &[&str] = &[
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

/// Reads a parameter.
pub(crate) fn parameter(
    name: &str,
    members: &Map<String, Value>,
    path: &Path<'_>,
    parsing: &mut Parsing,
) -> Option<Parameter> {
    refuse_other_keys(members, KEYS, path, parsing, |key| {
        format!("Template format error: Invalid template parameter property '{key}'")
    });
    let Some(ty) = members.get("Type").and_then(Value::as_str) else {
        parsing.fault(path, "Template format error: Every Parameters object must contain a Type member.");
        return None;
    };
    let Some(form) = ParameterType::parse(ty) else {
        let message = format!("Template format error: Unrecognized parameter type: {ty}");
        parsing.fault(&path.key("Type"), message);
        return None;
    };
    let default = members.get("Default").and_then(|value| {
        let text = scalar_text(value);
        if text.is_none() {
            parsing
                .fault(&path.key("Default"), "Template format error: Every Default member must be a string.");
        }
        text
    });
    let numbers = ["MinLength", "MaxLength"].map(|key| number_member(members, key, path, parsing));
    let [min_length, max_length] = numbers.map(|number: Option<u64>| number);
    let numbers = ["MinValue", "MaxValue"].map(|key| number_member(members, key, path, parsing));
    let [min_value, max_value] = numbers.map(|number: Option<f64>| number);
    let parameter = Parameter {
        ty: ty.to_owned(),
        default,
        allowed_values: allowed_values(name, members, path, parsing),
        allowed_pattern: text_member(members, "AllowedPattern", path, parsing),
        no_echo: flag_member(members, "NoEcho", path, parsing),
        min_length,
        max_length,
        min_value,
        max_value,
        description: text_member(members, "Description", path, parsing),
        constraint_description: text_member(members, "ConstraintDescription", path, parsing),
        form,
    };
    Some(parameter)
}

fn allowed_values(
    name: &str,
    members: &Map<String, Value>,
    path: &Path<'_>,
    parsing: &mut Parsing,
) -> Vec<String> {
    let Some(value) = members.get("AllowedValues") else { return Vec::new() };
    let values = value.as_array().filter(|values| !values.is_empty());
    let values: Option<Vec<String>> = values.and_then(|values| values.iter().map(scalar_text).collect());
    values.unwrap_or_else(|| {
        let message =
            format!("Template format error: AllowedValues of parameter {name} must be a list of strings.");
        parsing.fault(&path.key("AllowedValues"), message);
        Vec::new()
    })
}

/// A number, which may be written as a text.
fn number_member<T: std::str::FromStr>(
    members: &Map<String, Value>,
    key: &str,
    path: &Path<'_>,
    parsing: &mut Parsing,
) -> Option<T> {
    let number = scalar_text(members.get(key)?).and_then(|text| text.parse().ok());
    if number.is_none() {
        parsing.fault(&path.key(key), format!("Template format error: every {key} member must be a number."));
    }
    number
}

fn flag_member(members: &Map<String, Value>, key: &str, path: &Path<'_>, parsing: &mut Parsing) -> bool {
    match members.get(key).and_then(scalar_text).as_deref() {
        Some("true") => true,
        Some("false") => false,
        other => {
            if other.is_some() || members.contains_key(key) {
                let message = format!("Template format error: every {key} member must be a boolean.");
                parsing.fault(&path.key(key), message);
            }
            false
        }
    }
}
