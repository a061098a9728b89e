//! The short tags of YAML (`!Sub`) and the functions they stand for.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>.

use serde_json::{Map, Value};

/// The tags that stand for a function of the same name with `Fn::` before it.
const FUNCTIONS: &[(&str, &str)] = &[
    ("And", "Fn::And"),
    ("Base64", "Fn::Base64"),
    ("Cidr", "Fn::Cidr"),
    ("Condition", "Condition"),
    ("Equals", "Fn::Equals"),
    ("FindInMap", "Fn::FindInMap"),
    ("GetAZs", "Fn::GetAZs"),
    ("GetAtt", "Fn::GetAtt"),
    ("If", "Fn::If"),
    ("ImportValue", "Fn::ImportValue"),
    ("Join", "Fn::Join"),
    ("Length", "Fn::Length"),
    ("Not", "Fn::Not"),
    ("Or", "Fn::Or"),
    ("Ref", "Ref"),
    ("Select", "Fn::Select"),
    ("Split", "Fn::Split"),
    ("Sub", "Fn::Sub"),
    ("ToJsonString", "Fn::ToJsonString"),
    ("Transform", "Fn::Transform"),
];

/// The key of the long form that a tag, without its `!`, stands for.
pub(super) fn function(tag: &str) -> Option<&'static str> {
    FUNCTIONS.iter().find(|(short, _)| *short == tag).map(|(_, long)| *long)
}

/// The long form of a tagged value. `!GetAtt A.B` is a text in short form and a list in long form.
pub(super) fn long_form(function: &'static str, value: Value) -> Value {
    let argument = match value {
        Value::String(text) if function == "Fn::GetAtt" => match text.split_once('.') {
            Some((resource, attribute)) => Value::from(vec![resource, attribute]),
            None => Value::String(text),
        },
        other => other,
    };
    Value::Object(Map::from_iter([(function.to_owned(), argument)]))
}
