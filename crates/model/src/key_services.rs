//! The AWS services that a KMS key can be given to, as data (`data/key_services.yaml`): as whom a service calls,
//! what it does with a key, and under which conditions, with the page that says so.
//!
//! Read on first use. Texts that name an account, the organization or a Region hold a [`Part`] for it, and become
//! whole only when those are known.

use crate::data::{DataError, parse};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// These characters.
    Text(String),
    /// AWS's partition.
    Partition,
    /// The management account's id.
    Management,
    /// The id of the account that owns the key.
    Owner,
    /// The organization's id.
    Organization,
    /// Each Region of the key.
    Region,
}

/// A text with pieces that are not known before a landing zone is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template(pub Vec<Part>);

/// A piece in braces that stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` stands for nothing: `{{partition}}`, `{{management}}`, `{{owner}}`, `{{organization}}` and `{{region}}` do"
)]
pub struct TemplateError(String);

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(text: String) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or_else(|| TemplateError(text.clone()))?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(match name {
                "partition" => Part::Partition,
                "management" => Part::Management,
                "owner" => Part::Owner,
                "organization" => Part::Organization,
                "region" => Part::Region,
                other => return Err(TemplateError(other.to_owned())),
            });
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }
}

/// One value or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Templates(pub Vec<Template>);

impl<'de> Deserialize<'de> for Templates {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let texts = match serde_yaml::Value::deserialize(deserializer)? {
            serde_yaml::Value::String(text) => vec![text],
            other => serde_yaml::from_value::<Vec<String>>(other).map_err(D::Error::custom)?,
        };
        let templates: Result<Vec<Template>, TemplateError> =
            texts.into_iter().map(Template::try_from).collect();
        templates.map(Self).map_err(D::Error::custom)
    }
}

/// What a service does with a key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyUse {
    /// Actions, wildcards included.
    pub actions: Vec<String>,
    /// Conditions by operator and key.
    #[serde(default)]
    pub conditions: BTreeMap<String, BTreeMap<String, Templates>>,
}

/// A service that a key can be given to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyService {
    /// What it is, and what for.
    pub title: String,
    /// The page that says so.
    pub source: String,
    /// The service principal that it calls as.
    pub principal: Template,
    /// Why there are no conditions, where there are none.
    pub note: Option<String>,
    /// What it does, a statement of the key's policy each.
    pub statements: Vec<KeyUse>,
}

/// A service that can use no key of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyless {
    /// What it is.
    pub title: String,
    /// The page that says so.
    pub source: String,
    /// What it does instead.
    pub instead: String,
}

/// Every service that is known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyServices {
    /// Services that can use a key, by their word in the manifest.
    pub services: BTreeMap<String, KeyService>,
    /// Services that cannot.
    pub impossible: BTreeMap<String, Keyless>,
}

static PUBLISHED: LazyLock<Result<KeyServices, DataError>> =
    LazyLock::new(|| parse("key_services.yaml", include_str!("../data/key_services.yaml")));

impl KeyServices {
    /// What AWS documents.
    ///
    /// # Errors
    /// [`DataError`] when the built-in file is broken; a test keeps that from shipping.
    pub fn published() -> Result<&'static Self, DataError> {
        PUBLISHED.as_ref().map_err(Clone::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_has_conditions_or_says_why_it_has_none() {
        for (name, service) in &KeyServices::published().unwrap().services {
            assert!(!service.statements.is_empty(), "{name}");
            let bare = service.statements.iter().any(|statement| statement.conditions.is_empty());
            assert_eq!(bare, service.note.is_some(), "{name}");
            assert!(service.source.starts_with("https://docs.aws.amazon.com/"), "{name}");
        }
    }

    #[test]
    fn pieces_in_braces_are_told_from_texts() {
        let read = |text: &str| Template::try_from(text.to_owned());
        let text = |text: &str| Part::Text(text.to_owned());
        let parts = vec![text("logs."), Part::Region, text(".amazonaws.com")];
        assert_eq!(read("logs.{region}.amazonaws.com"), Ok(Template(parts)));
        assert!(read("{planet}").is_err() && read("{region").is_err());
    }
}
