//! What stack sets and stacks are described with: where a stack lies, and values for the parameters of
//! templates, which may not be known before other things exist.

use crate::identity::Identity;
use glidepath_model::Target;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// Stacks of a stack set in one Region: of one account, or of every account of a unit.
///
/// As text `Workloads@eu-west-1` or `account/shop-prod@eu-west-1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// The unit or account.
    pub target: Target,
    /// The Region.
    pub region: String,
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.target, self.region)
    }
}

impl Serialize for Member {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // An `@` in a name is escaped, and Regions have none.
        let (target, region) =
            text.rsplit_once('@').ok_or_else(|| D::Error::custom("a member has an `@` before its Region"))?;
        let target = Target::parse(target).map_err(D::Error::custom)?;
        Ok(Self { target, region: region.to_owned() })
    }
}

/// A value for a parameter of a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterValue {
    /// A text.
    Text(String),
    /// The id of an account, by the account's name in the manifest: it may not exist yet.
    AccountId(String),
}

impl ParameterValue {
    /// The value as far as it is known: the id of an account that exists is a text.
    #[must_use]
    pub fn known(&self, identity: &Identity) -> Self {
        match self {
            Self::AccountId(name) => match identity.account_id(name) {
                Some(id) => Self::Text(id.to_string()),
                None => self.clone(),
            },
            Self::Text(_) => self.clone(),
        }
    }
}

/// Values for the parameters of a template, by name.
pub type Parameters = BTreeMap<String, ParameterValue>;

/// Every value as far as it is known.
#[must_use]
pub fn known(parameters: &Parameters, identity: &Identity) -> Parameters {
    parameters.iter().map(|(name, value)| (name.clone(), value.known(identity))).collect()
}

/// Values as AWS tells them.
#[must_use]
pub fn told(parameters: &BTreeMap<String, String>) -> Parameters {
    parameters.iter().map(|(name, value)| (name.clone(), ParameterValue::Text(value.clone()))).collect()
}

/// The member of a value that stands for an account's id.
const ACCOUNT_ID: &str = "accountId";

impl Serialize for ParameterValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::AccountId(name) => json!({ ACCOUNT_ID: name }).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ParameterValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::Text(text)),
            Value::Object(members) if members.len() == 1 => match members.get(ACCOUNT_ID) {
                Some(Value::String(name)) => Ok(Self::AccountId(name.clone())),
                Some(_) | None => Err(D::Error::custom("a value is a text, or the id of an account")),
            },
            _ => Err(D::Error::custom("a value is a text, or the id of an account")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glidepath_model::UnitPath;

    #[test]
    fn members_and_values_come_back_from_their_text() {
        for target in [
            Target::Unit(UnitPath::root()),
            Target::Unit(UnitPath::from_names(vec!["Work@loads".to_owned(), "Prod".to_owned()])),
            Target::Account("shop@prod".to_owned()),
        ] {
            let member = Member { target, region: "eu-west-1".to_owned() };
            let text = serde_json::to_string(&member).unwrap();
            assert_eq!(serde_json::from_str::<Member>(&text).unwrap(), member, "{text}");
        }
        for value in [ParameterValue::Text("x".into()), ParameterValue::AccountId("security".into())] {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<ParameterValue>(&text).unwrap(), value, "{text}");
        }
    }
}
