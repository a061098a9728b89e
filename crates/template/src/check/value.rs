//! What can be told of a written value before the template is deployed.

use crate::expression::function_key;
use crate::resource_type;
use crate::section::Shape;
use crate::template::Template;
use serde_json::Value;

/// A value before it is resolved.
pub(super) enum Given<'v> {
    /// It stands there as it is.
    Written,
    /// `AWS::NoValue`: it will not be there.
    Nothing,
    /// One of two, by a condition.
    Either(&'v Value, &'v Value),
    /// A function gives it, of this kind.
    Kind(Kind),
    /// A function gives it, of any kind.
    Unknown,
}

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
    List,
    Map,
    Empty,
}

impl Kind {
    /// The kind of a written value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::String(_) => Self::Text,
            Value::Number(_) => Self::Number,
            Value::Bool(_) => Self::Flag,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Map,
            Value::Null => Self::Empty,
        }
    }

    /// The name in the words of CloudFormation's validation.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Number => "Number",
            Self::Flag => "Boolean",
            Self::List => "JSONArray",
            Self::Map => "JSONObject",
            Self::Empty => "Null",
        }
    }
}

/// What a value will be.
pub(super) fn given<'v>(value: &'v Value, template: &Template) -> Given<'v> {
    let Some(members) = value.as_object() else { return Given::Written };
    let Some(key) = function_key(members) else { return Given::Written };
    let argument = members.get(key);
    match key {
        "Ref" => reference(argument.and_then(Value::as_str).unwrap_or_default(), template),
        "Fn::If" => match argument.and_then(Value::as_array).map(Vec::as_slice) {
            Some([_, then, otherwise]) => {
                let gone = |value: &Value| matches!(given(value, template), Given::Nothing);
                if gone(then) && gone(otherwise) { Given::Nothing } else { Given::Either(then, otherwise) }
            }
            _ => Given::Unknown,
        },
        "Fn::Sub" | "Fn::Join" | "Fn::Base64" | "Fn::ToJsonString" | "Fn::ImportValue" => {
            Given::Kind(Kind::Text)
        }
        "Fn::Split" | "Fn::Cidr" | "Fn::GetAZs" => Given::Kind(Kind::List),
        "Fn::Length" => Given::Kind(Kind::Number),
        "Fn::GetAtt" => attribute(argument, template),
        _ => Given::Unknown,
    }
}

fn reference<'v>(name: &str, template: &Template) -> Given<'v> {
    match name {
        "AWS::NoValue" => return Given::Nothing,
        "AWS::NotificationARNs" => return Given::Kind(Kind::List),
        _ => {}
    }
    let shape = template.parameters().get(name).map(|parameter| parameter.form.shape);
    Given::Kind(match shape {
        Some(Shape::List) => Kind::List,
        Some(Shape::One) | None => Kind::Text,
    })
}

/// What an attribute is, where the resource type says so.
fn attribute<'v>(argument: Option<&Value>, template: &Template) -> Given<'v> {
    let parts = argument.and_then(|argument| match argument {
        Value::String(text) => text.split_once('.'),
        other => Some((other.get(0)?.as_str()?, other.get(1)?.as_str()?)),
    });
    let shape = parts.and_then(|(resource, attribute)| {
        let ty = resource_type::find(&template.resources().get(resource)?.ty)?;
        ty.property(attribute).map(resource_type::Property::shape)
    });
    match shape {
        Some(resource_type::Shape::List { .. }) => Given::Kind(Kind::List),
        Some(resource_type::Shape::Map(_) | resource_type::Shape::Values { .. }) => Given::Kind(Kind::Map),
        Some(resource_type::Shape::Scalar(scalar)) if !scalar.takes_map() && !scalar.takes_list() => {
            Given::Kind(Kind::Text)
        }
        Some(resource_type::Shape::Anything | resource_type::Shape::Scalar(_)) | None => Given::Unknown,
    }
}
