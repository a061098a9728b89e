//! The shape data, read once: what members a request and an answer have, and which errors an operation can give.
//!
//! Written by `cargo xtask shapes` from AWS's API models.

use super::pattern::Pattern;
use super::refusal::Common;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How a service speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Protocol {
    /// JSON 1.1: the operation in `x-amz-target`, JSON bodies.
    Json,
    /// Query: a form with `Action`, answers in XML.
    Query,
    /// REST with JSON bodies: the operation is a method and a path.
    RestJson,
    /// REST with XML bodies.
    RestXml,
    /// EC2's way of Query: other names in the form, another envelope.
    Ec2,
}

/// The shape data of one service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    pub(crate) service: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
    #[serde(rename = "licence")]
    _licence: String,
    pub(crate) api_version: String,
    pub(crate) protocol: Protocol,
    #[serde(rename = "json_version")]
    _json_version: Option<String>,
    pub(crate) target_prefix: Option<String>,
    #[serde(default)]
    pub(crate) xml_namespace: String,
    pub(crate) operations: BTreeMap<String, OperationShape>,
    shapes: BTreeMap<String, Shape>,
}

/// The shapes of one operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperationShape {
    pub(crate) input: Option<String>,
    pub(crate) output: Option<String>,
    pub(crate) result_wrapper: Option<String>,
    /// Of REST protocols.
    pub(crate) http: Option<HttpShape>,
    /// Whether it is called without a signature: by a token in the request instead.
    #[serde(default)]
    pub(crate) unsigned: bool,
    #[serde(default)]
    pub(crate) errors: Vec<String>,
}

/// The method and path of an operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpShape {
    pub(crate) method: String,
    /// Segments in braces are members: `/things/{thingId}`.
    pub(crate) uri: String,
}

/// Where a member stands on the wire and what it is called there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wire {
    #[serde(default)]
    pub(crate) location: Location,
    pub(crate) name: Option<String>,
    /// The name in a form, where EC2 gives it another one.
    pub(crate) query: Option<String>,
}

/// Where a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Location {
    #[default]
    Body,
    Header,
    Querystring,
    Uri,
}

/// One shape.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Shape {
    Structure {
        #[serde(default)]
        required: Vec<String>,
        #[serde(default)]
        members: BTreeMap<String, String>,
        error: Option<ErrorShape>,
        /// What the wire says of members beyond their names.
        #[serde(default)]
        wire: BTreeMap<String, Wire>,
        /// The member that is the whole body.
        payload: Option<String>,
        /// Any JSON at all.
        #[serde(default)]
        document: bool,
    },
    List {
        member: String,
        item_name: Option<String>,
        min: Option<u64>,
        max: Option<u64>,
    },
    Map {
        key: String,
        value: String,
        min: Option<u64>,
        max: Option<u64>,
    },
    String {
        min: Option<u64>,
        max: Option<u64>,
        pattern: Option<Pattern>,
        #[serde(default, rename = "enum")]
        values: Vec<String>,
    },
    #[serde(alias = "long")]
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    Boolean {},
    Timestamp {
        /// How it is written where the protocol has another form: `iso8601`.
        timestamp_format: Option<String>,
    },
}

/// An error as the wire has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorShape {
    code: String,
    status: u16,
}

impl Model {
    /// A shape by name. The data is closed: a test reads every name in it.
    pub(crate) fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name)
    }

    /// The code and status the wire has for an error: those of its shape, else of the errors common to all services.
    pub(crate) fn wire_code<'a>(&'a self, code: &'a str) -> (&'a str, u16) {
        match self.shapes.get(code) {
            Some(Shape::Structure { error: Some(error), .. }) => (&error.code, error.status),
            _ => (code, Common::status(self.protocol, code)),
        }
    }

    /// The member of an error that holds its message: `Message` or `message`.
    pub(crate) fn message_member(&self, code: &str) -> &'static str {
        match self.shapes.get(code) {
            Some(Shape::Structure { members, .. }) if members.contains_key("Message") => "Message",
            _ => "message",
        }
    }

    #[cfg(test)]
    pub(crate) fn all_shapes(&self) -> &BTreeMap<String, Shape> {
        &self.shapes
    }
}

/// The shape data of every service.
///
/// The data is part of the program and read by a test, so a file that cannot be read is left out, and its service
/// answers that it is unknown.
pub(crate) fn models() -> &'static [Model] {
    static MODELS: OnceLock<Vec<Model>> = OnceLock::new();
    MODELS.get_or_init(|| FILES.iter().filter_map(|file| serde_json::from_str(file).ok()).collect())
}

/// The shape data of a service.
pub(crate) fn model(service: &str) -> Option<&'static Model> {
    models().iter().find(|model| model.service == service)
}

const FILES: [&str; 17] = [
    include_str!("../../data/accessanalyzer.json"),
    include_str!("../../data/account.json"),
    include_str!("../../data/cloudformation.json"),
    include_str!("../../data/config.json"),
    include_str!("../../data/ec2.json"),
    include_str!("../../data/guardduty.json"),
    include_str!("../../data/iam.json"),
    include_str!("../../data/identitystore.json"),
    include_str!("../../data/kms.json"),
    include_str!("../../data/organizations.json"),
    include_str!("../../data/resourcegroupstaggingapi.json"),
    include_str!("../../data/s3control.json"),
    include_str!("../../data/securityhub.json"),
    include_str!("../../data/ssm.json"),
    include_str!("../../data/sso-admin.json"),
    include_str!("../../data/sso.json"),
    include_str!("../../data/sts.json"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_file_is_read_and_names_no_shape_it_lacks() {
        for file in FILES {
            let model: Model = serde_json::from_str(file).unwrap();
            let mut named: Vec<&String> = Vec::new();
            for operation in model.operations.values() {
                named.extend(operation.input.iter().chain(&operation.output).chain(&operation.errors));
            }
            for shape in model.all_shapes().values() {
                match shape {
                    Shape::Structure { members, required, .. } => {
                        assert!(required.iter().all(|name| members.contains_key(name)));
                        named.extend(members.values());
                    }
                    Shape::List { member, .. } => named.push(member),
                    Shape::Map { key, value, .. } => named.extend([key, value]),
                    Shape::String { .. }
                    | Shape::Integer { .. }
                    | Shape::Boolean {}
                    | Shape::Timestamp { .. } => {}
                }
            }
            let missing: Vec<_> = named.iter().filter(|name| model.shape(name).is_none()).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", model.service);
        }
        assert_eq!(models().len(), FILES.len());
    }
}
