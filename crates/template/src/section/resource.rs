//! Resources: what a stack makes.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>.

use super::{refuse_other_keys, text_member};
use crate::expression::{Expression, Parsing, parse};
use crate::fault::Path;
use serde_json::{Map, Value};

/// A resource as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Its type, `AWS::S3::Bucket`.
    pub ty: String,
    /// Its properties: a map, functions in long form.
    pub properties: Value,
    /// The resources it waits for beside those that its properties name.
    pub depends_on: Vec<String>,
    /// The condition under which it is made.
    pub condition: Option<String>,
    /// What becomes of it when it leaves the stack.
    pub deletion_policy: DeletionPolicy,
    /// What becomes of it when another takes its place.
    pub update_replace_policy: DeletionPolicy,
    /// What the template's author attached to it.
    pub metadata: Option<Value>,
    pub(crate) parsed: ParsedResource,
}

/// The same, ready to be resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ParsedResource {
    pub(crate) properties: Expression,
    /// Metadata, creation policy and update policy with their keys: they name other resources too.
    pub(crate) attributes: Vec<(&'static str, Expression)>,
}

/// What becomes of a thing that a stack no longer holds.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeletionPolicy {
    /// It is deleted.
    Delete,
    /// It is left alone.
    Retain,
    /// It is deleted, after a snapshot of it was made.
    Snapshot,
    /// It is left alone, unless the operation that made it is rolled back.
    RetainExceptOnCreate,
}

impl DeletionPolicy {
    /// The word that a template writes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
            Self::Snapshot => "Snapshot",
            Self::RetainExceptOnCreate => "RetainExceptOnCreate",
        }
    }

    /// The words, as one policy takes them.
    fn named(word: &str, among: &[Self]) -> Option<Self> {
        among.iter().copied().find(|policy| policy.as_str() == word)
    }
}

/// The attributes that a resource may have.
const ATTRIBUTES: &[&str] = &[
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// Reads a resource.
pub(crate) fn resource(
    name: &str,
    members: &Map<String, Value>,
    path: &Path<'_>,
    parsing: &mut Parsing,
) -> Option<Resource> {
    refuse_other_keys(members, ATTRIBUTES, path, parsing, |key| {
        format!("Template format error: Invalid template resource property '{key}'")
    });
    let Some(ty) = members.get("Type") else {
        let message =
            format!("Template format error: [/{path}] Every Resources object must contain a Type member.");
        parsing.fault(path, message);
        return None;
    };
    let Some(ty) = ty.as_str().filter(|ty| !ty.is_empty()) else {
        parsing.fault(&path.key("Type"), "Template format error: every Type member must be a string.");
        return None;
    };
    let properties = members.get("Properties").cloned().unwrap_or_else(|| Value::Object(Map::new()));
    if !properties.is_object() {
        let message = format!("Template format error: Properties of resource {name} must be an object.");
        parsing.fault(&path.key("Properties"), message);
    }
    let attributes = ["Metadata", "CreationPolicy", "UpdatePolicy"];
    let attributes = attributes.into_iter().filter_map(|key| {
        let value = members.get(key)?;
        Some((key, parse(value, &path.key(key), parsing)))
    });
    let attributes = attributes.collect();
    let kept = default_policy(ty, &properties);
    let on_delete = [
        DeletionPolicy::Delete,
        DeletionPolicy::Retain,
        DeletionPolicy::Snapshot,
        DeletionPolicy::RetainExceptOnCreate,
    ];
    let on_replace = [DeletionPolicy::Delete, DeletionPolicy::Retain, DeletionPolicy::Snapshot];
    Some(Resource {
        ty: ty.to_owned(),
        depends_on: depends_on(members, path, parsing),
        condition: text_member(members, "Condition", path, parsing),
        deletion_policy: policy((name, "DeletionPolicy"), members, &on_delete, path, parsing).unwrap_or(kept),
        update_replace_policy: policy((name, "UpdateReplacePolicy"), members, &on_replace, path, parsing)
            .unwrap_or(DeletionPolicy::Delete),
        metadata: members.get("Metadata").cloned(),
        parsed: ParsedResource {
            properties: parse(&properties, &path.key("Properties"), parsing),
            attributes,
        },
        properties,
    })
}

/// What holds where a resource says nothing: databases leave a snapshot.
fn default_policy(ty: &str, properties: &Value) -> DeletionPolicy {
    match ty {
        "AWS::RDS::DBCluster" => DeletionPolicy::Snapshot,
        "AWS::RDS::DBInstance" if properties.get("DBClusterIdentifier").is_none() => DeletionPolicy::Snapshot,
        _ => DeletionPolicy::Delete,
    }
}

fn policy(
    (name, key): (&str, &str),
    members: &Map<String, Value>,
    among: &[DeletionPolicy],
    path: &Path<'_>,
    parsing: &mut Parsing,
) -> Option<DeletionPolicy> {
    let value = members.get(key)?;
    let policy = value.as_str().and_then(|word| DeletionPolicy::named(word, among));
    if policy.is_none() {
        let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let message = format!("Template format error: Unrecognized {key} {written} for resource {name}");
        parsing.fault(&path.key(key), message);
    }
    policy
}

fn depends_on(members: &Map<String, Value>, path: &Path<'_>, parsing: &mut Parsing) -> Vec<String> {
    let names: Option<Vec<String>> = match members.get("DependsOn") {
        None => return Vec::new(),
        Some(Value::String(name)) => return vec![name.clone()],
        Some(Value::Array(names)) => names.iter().map(|name| name.as_str().map(str::to_owned)).collect(),
        Some(_) => None,
    };
    names.unwrap_or_else(|| {
        let message = "Template format error: DependsOn must be a string or list of strings.";
        parsing.fault(&path.key("DependsOn"), message);
        Vec::new()
    })
}
