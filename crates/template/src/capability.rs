//! What a caller has to acknowledge before CloudFormation deploys a template.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>.

use crate::section::Resource;
use serde_json::Value;

/// An acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// That the template makes IAM resources.
    Iam,
    /// That it gives IAM resources names of its own.
    NamedIam,
    /// That macros rewrite it.
    AutoExpand,
}

impl Capability {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Iam => "CAPABILITY_IAM",
            Self::NamedIam => "CAPABILITY_NAMED_IAM",
            Self::AutoExpand => "CAPABILITY_AUTO_EXPAND",
        }
    }

    /// What one resource asks for.
    pub(crate) fn of(resource: &Resource) -> Option<Self> {
        let (_, name) = IAM.iter().find(|(ty, _)| *ty == resource.ty)?;
        let is_named =
            name.is_some_and(|name| resource.properties.get(name).is_some_and(|name| !name.is_null()));
        Some(if is_named { Self::NamedIam } else { Self::Iam })
    }
}

/// The types that need an acknowledgement, and the property that names a resource.
const IAM: &[(&str, Option<&str>)] = &[
    ("AWS::IAM::AccessKey", None),
    ("AWS::IAM::Group", Some("GroupName")),
    ("AWS::IAM::GroupPolicy", None),
    ("AWS::IAM::InstanceProfile", Some("InstanceProfileName")),
    ("AWS::IAM::ManagedPolicy", Some("ManagedPolicyName")),
    ("AWS::IAM::Policy", None),
    ("AWS::IAM::Role", Some("RoleName")),
    ("AWS::IAM::RolePolicy", None),
    ("AWS::IAM::User", Some("UserName")),
    ("AWS::IAM::UserPolicy", None),
    ("AWS::IAM::UserToGroupAddition", None),
];

/// The macros that stand inside the template, by name.
pub(crate) fn inner_macros(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(name) =
                members.get("Fn::Transform").and_then(|call| call.get("Name")).and_then(Value::as_str)
            {
                found.push(name.to_owned());
            }
            for member in members.values() {
                inner_macros(member, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                inner_macros(item, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
