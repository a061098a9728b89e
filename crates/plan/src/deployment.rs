//! What stack sets and stacks are described with: where a stack lies, and values for the parameters of
//! templates, which may not be known before other things exist.

use crate::world::World;
use glidepath_model::{Address, Target};
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
    /// The ARN of a key: it may not exist yet.
    KeyArn(KeyPlace),
    /// The id of the root, of a unit or of an account: it may not exist yet.
    TargetId(Target),
}

/// A key of the manifest in one of its Regions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyPlace {
    /// The key's name in the manifest.
    pub key: String,
    /// The Region.
    pub region: String,
}

impl KeyPlace {
    /// The ARN here of a key that has this ARN in one of its Regions: related keys differ in nothing else.
    ///
    /// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html>
    #[must_use]
    pub fn arn(&self, arn: &str) -> String {
        let parts = arn.split(':').enumerate();
        let parts: Vec<&str> =
            parts.map(|(at, part)| if at == 3 { self.region.as_str() } else { part }).collect();
        parts.join(":")
    }
}

impl ParameterValue {
    /// The value as far as it is known: the id of an account that exists is a text.
    #[must_use]
    pub fn known(&self, world: &World<'_>) -> Self {
        let found = match self {
            Self::AccountId(name) => world.identity.account_id(name).map(ToString::to_string),
            Self::KeyArn(place) => crate::kind::key::arn(world, &place.key).map(|arn| place.arn(&arn)),
            Self::TargetId(target) => world.identity.node_id(target),
            Self::Text(_) => None,
        };
        found.map_or_else(|| self.clone(), Self::Text)
    }

    /// What has to exist before the value is known.
    #[must_use]
    pub fn reference(&self) -> Option<Address> {
        match self {
            Self::Text(_) => None,
            Self::AccountId(name) => Some(Address::Account(name.clone())),
            Self::KeyArn(place) => Some(Address::Key(place.key.clone())),
            Self::TargetId(target) => Some(target.address()),
        }
    }
}

/// Values for the parameters of a template, by name.
pub type Parameters = BTreeMap<String, ParameterValue>;

/// Every value as far as it is known.
#[must_use]
pub fn known(parameters: &Parameters, world: &World<'_>) -> Parameters {
    parameters.iter().map(|(name, value)| (name.clone(), value.known(world))).collect()
}

/// Values as AWS tells them.
#[must_use]
pub fn told(parameters: &BTreeMap<String, String>) -> Parameters {
    parameters.iter().map(|(name, value)| (name.clone(), ParameterValue::Text(value.clone()))).collect()
}

/// The member of a value that stands for an account's id.
const ACCOUNT_ID: &str = "accountId";
/// The member of a value that stands for a key's ARN.
const KEY_ARN: &str = "keyArn";
/// The member of a value that stands for the id of a place in the tree.
const TARGET_ID: &str = "targetId";

impl Serialize for ParameterValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::AccountId(name) => json!({ ACCOUNT_ID: name }).serialize(serializer),
            Self::KeyArn(place) => json!({ KEY_ARN: place }).serialize(serializer),
            Self::TargetId(target) => json!({ TARGET_ID: target.to_string() }).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ParameterValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || {
            D::Error::custom(
                "a value is a text, the id of an account or of a place in the tree, or the ARN of a key",
            )
        };
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::Text(text)),
            Value::Object(members) if members.len() == 1 => {
                let member = |name: &str| members.get(name);
                match (member(ACCOUNT_ID), member(KEY_ARN), member(TARGET_ID)) {
                    (Some(Value::String(name)), None, None) => Ok(Self::AccountId(name.clone())),
                    (None, Some(place), None) => {
                        serde_json::from_value(place.clone()).map(Self::KeyArn).map_err(D::Error::custom)
                    }
                    (None, None, Some(Value::String(target))) => {
                        Target::parse(target).map(Self::TargetId).map_err(D::Error::custom)
                    }
                    _ => Err(wrong()),
                }
            }
            _ => Err(wrong()),
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
        let place = KeyPlace { key: "logs".into(), region: "eu-west-1".into() };
        for value in [
            ParameterValue::Text("x".into()),
            ParameterValue::AccountId("security".into()),
            ParameterValue::KeyArn(place),
            ParameterValue::TargetId(Target::Unit(UnitPath::root())),
            ParameterValue::TargetId(Target::Account("shop@prod".to_owned())),
        ] {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<ParameterValue>(&text).unwrap(), value, "{text}");
        }
    }

    #[test]
    fn a_key_is_named_by_its_arn_in_the_region_where_it_is_used() {
        let place = KeyPlace { key: "logs".into(), region: "eu-central-1".into() };
        let arn = place.arn("arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b");
        assert_eq!(arn, "arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b");
    }
}
