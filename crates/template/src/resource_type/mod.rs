//! The resource types that a template may hold, with their properties and what `Fn::GetAtt` gives of them.
//!
//! The facts stand in `data/resource-types.txt`, which `cargo xtask resource-types` writes and whose head says where
//! they come from and when. The file is cut into types once and each type is read when it is asked for. A type that
//! is not here is not known, and templates that hold one are refused.

mod block;
mod shape;

pub use shape::{Bounds, MapShape, Property, Rule, Scalar, Shape, Words};

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// The file as it is written; its head says what its lines are.
const WRITTEN: &str = include_str!("../../data/resource-types.txt");

/// The types by name, each with its part of the file and what that says once it was asked for.
static TYPES: LazyLock<BTreeMap<&'static str, (&'static str, OnceLock<ResourceType>)>> =
    LazyLock::new(|| {
        let blocks = WRITTEN.split("\n=").skip(1).filter_map(|block| block.split_once('\n'));
        blocks.map(|(name, lines)| (name, (lines, OnceLock::new()))).collect()
    });

/// How different a name may be to be proposed for another, from 0 to 1: one letter in a short name.
const SIMILARITY_AT_LEAST: f64 = 0.85;

/// A type by its name: `AWS::S3::Bucket`, or `Custom::Anything` for a custom resource.
#[must_use]
pub fn find(name: &str) -> Option<&'static ResourceType> {
    let name = if is_custom(name) { CUSTOM } else { name };
    let (name, (lines, read)) = TYPES.get_key_value(name)?;
    Some(read.get_or_init(|| block::read(name, lines)))
}

/// The names of all types, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TYPES.keys().copied()
}

/// The known name that is most like an unknown one, if any is.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    most_like(name, names())
}

/// The name that is most like another, if it is like enough.
pub(crate) fn most_like<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    let ranked = names.map(|other| (strsim::jaro_winkler(&lower, &other.to_lowercase()), other));
    let best = ranked.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= SIMILARITY_AT_LEAST).then_some(best.1)
}

/// The day of the data, `2026-10-20`: what is younger is not known.
#[must_use]
pub fn collected() -> &'static str {
    let head = WRITTEN.lines().take_while(|line| line.starts_with('#'));
    head.filter_map(|line| line.strip_prefix("# date: ")).next().unwrap_or_default()
}

/// The type of custom resources; those named `Custom::…` are of it too.
const CUSTOM: &str = "AWS::CloudFormation::CustomResource";

/// A nested stack gives whatever outputs it has.
const STACK: &str = "AWS::CloudFormation::Stack";

/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html>.
fn is_custom(name: &str) -> bool {
    let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '@' | '-');
    name.strip_prefix("Custom::")
        .is_some_and(|own| !own.is_empty() && name.len() <= 60 && own.chars().all(allowed))
}

/// A type with everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceType {
    name: &'static str,
    identifier: Vec<&'static str>,
    create_only: Vec<&'static str>,
    read_only: Vec<&'static str>,
    write_only: Vec<&'static str>,
    attributes: Vec<&'static str>,
    tags: Option<&'static str>,
    properties: MapShape,
    maps: BTreeMap<&'static str, MapShape>,
}

impl ResourceType {
    /// Its name: `AWS::S3::Bucket`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The properties that every resource of the type has, sorted.
    #[must_use]
    pub fn required(&self) -> &[&'static str] {
        self.properties.required()
    }

    /// A property by its name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.property(name)
    }

    /// All its properties, those that are read only included, sorted by name.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        self.properties.properties()
    }

    /// The properties as the shape of a map.
    #[must_use]
    pub fn shape(&self) -> &MapShape {
        &self.properties
    }

    /// A map that a shape refers to.
    #[must_use]
    pub fn map(&self, name: &str) -> Option<&MapShape> {
        self.maps.get(name)
    }

    /// Whether a resource is replaced when a property changes. Members of maps are written `Property/Member`, items
    /// of lists `Property/*`.
    #[must_use]
    pub fn is_create_only(&self, property: &str) -> bool {
        self.create_only.contains(&property)
    }

    /// Whether AWS takes a property and never tells it again.
    #[must_use]
    pub fn is_write_only(&self, property: &str) -> bool {
        self.write_only.contains(&property)
    }

    /// Whether AWS sets a property and a template cannot.
    #[must_use]
    pub fn is_read_only(&self, property: &str) -> bool {
        self.read_only.contains(&property)
    }

    /// The ways of all properties that replace a resource: `Name`, `Settings/Mode`.
    #[must_use]
    pub fn create_only(&self) -> &[&'static str] {
        &self.create_only
    }

    /// The ways of all properties that AWS never tells again.
    #[must_use]
    pub fn write_only(&self) -> &[&'static str] {
        &self.write_only
    }

    /// What `Fn::GetAtt` gives, sorted; parts of maps with dots between. Custom resources and nested stacks give more.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().copied()
    }

    /// Whether `Fn::GetAtt` gives an attribute, or may give it: nobody knows before what a custom resource answers.
    #[must_use]
    pub fn has_attribute(&self, attribute: &str) -> bool {
        match self.name {
            CUSTOM => true,
            STACK if attribute.strip_prefix("Outputs.").is_some_and(|output| !output.is_empty()) => true,
            _ => self.attributes.contains(&attribute) || self.is_inside_attribute(attribute),
        }
    }

    /// Whether it is a member of an attribute that is a map.
    fn is_inside_attribute(&self, attribute: &str) -> bool {
        let mut parts = attribute.split('.');
        let first = parts.next().unwrap_or_default();
        let begin = self.property(first).filter(|_| self.attributes.contains(&first));
        let mut shape = match begin {
            Some(property) => property.shape(),
            None => return false,
        };
        for part in parts {
            let map = match shape {
                Shape::Map(name) => self.map(name),
                Shape::Values { .. } => return true,
                Shape::Anything | Shape::List { .. } | Shape::Scalar(_) => None,
            };
            match map.and_then(|map| map.property(part)) {
                Some(property) => shape = property.shape(),
                None => return false,
            }
        }
        true
    }

    /// The ways of the properties that name a resource among those of its type, account and region; what `Ref` gives
    /// for most types, joined by `|`.
    #[must_use]
    pub fn primary_identifier(&self) -> &[&'static str] {
        &self.identifier
    }

    /// Whether resources of the type take tags.
    #[must_use]
    pub fn is_taggable(&self) -> bool {
        self.tags.is_some()
    }

    /// The property that holds the tags.
    #[must_use]
    pub fn tag_property(&self) -> Option<&'static str> {
        self.tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_says_what_it_takes_and_gives() {
        let trail = find("AWS::CloudTrail::Trail").unwrap();
        assert_eq!(trail.required(), ["IsLogging", "S3BucketName"]);
        assert!(trail.is_create_only("TrailName") && !trail.is_create_only("IsLogging"));
        assert!(trail.is_read_only("Arn") && trail.is_taggable());
        assert_eq!(trail.primary_identifier(), ["TrailName"]);
        assert_eq!(trail.attributes().collect::<Vec<_>>(), ["Arn", "SnsTopicArn"]);
        assert!(trail.property("EventSelectors").is_some() && trail.property("Brew").is_none());
        assert!(find("AWS::KMS::Key").unwrap().is_write_only("RotationPeriodInDays"));
        assert!(!find("AWS::Config::ConfigurationRecorder").unwrap().is_taggable());
    }

    #[test]
    fn attributes_of_maps_custom_resources_and_nested_stacks_are_known() {
        let has = |ty: &str, attribute: &str| find(ty).unwrap().has_attribute(attribute);
        assert!(
            has("AWS::RDS::DBInstance", "Endpoint.Address")
                && !has("AWS::RDS::DBInstance", "Endpoint.Colour")
        );
        assert!(has("AWS::EC2::VPC", "CidrBlock") && has("AWS::Route53Resolver::ResolverEndpoint", "Name"));
        assert!(has("Custom::Anything", "Whatever") && find("Custom::no spaces").is_none());
        assert!(has(STACK, "Outputs.Name") && !has(STACK, "Outputs.") && !has(STACK, "Name"));
    }

    #[test]
    fn an_unknown_type_has_a_nearest_one_or_none() {
        assert!(find("AWS::S3::Bukket").is_none());
        assert_eq!(nearest("AWS::S3::Bukket"), Some("AWS::S3::Bucket"));
        assert_eq!(nearest("aws::s3::bucket"), Some("AWS::S3::Bucket"));
        assert_eq!(nearest("Coffee"), None);
        assert!(collected() >= "2026-10-20");
    }
}
