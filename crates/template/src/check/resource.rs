//! Resources: their types, and the attributes that not every type may have.

use super::property;
use crate::fault::{Fault, Path};
use crate::resource_type;
use crate::section::DeletionPolicy;
use crate::template::Template;

/// The types of which a snapshot can be made.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>.
const SNAPSHOTS: &[&str] = &[
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
];

/// The types that take an attribute.
///
/// Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html>,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html>.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    (
        "CreationPolicy",
        &[
            "AWS::AppStream::Fleet",
            "AWS::AutoScaling::AutoScalingGroup",
            "AWS::CloudFormation::WaitCondition",
            "AWS::EC2::Instance",
        ],
    ),
    (
        "UpdatePolicy",
        &[
            "AWS::AppStream::Fleet",
            "AWS::AutoScaling::AutoScalingGroup",
            "AWS::ElastiCache::ReplicationGroup",
            "AWS::Elasticsearch::Domain",
            "AWS::Lambda::Alias",
            "AWS::OpenSearchService::Domain",
        ],
    ),
];

pub(super) fn check(template: &Template, faults: &mut Vec<Fault>) {
    let resources = Path::Root.key("Resources");
    for (name, resource) in template.resources() {
        let path = &resources.key(name);
        let snapshot = [
            ("DeletionPolicy", resource.deletion_policy),
            ("UpdateReplacePolicy", resource.update_replace_policy),
        ];
        for (attribute, policy) in snapshot {
            if policy == DeletionPolicy::Snapshot && !SNAPSHOTS.contains(&resource.ty.as_str()) {
                let message = format!(
                    "Template format error: {attribute} Snapshot is not supported by {} of resource {name}",
                    resource.ty
                );
                faults.push(Fault::new(path.key(attribute), message));
            }
        }
        for (attribute, types) in ATTRIBUTES {
            let has = resource.parsed.attributes.iter().any(|(key, _)| key == attribute);
            if has && !types.contains(&resource.ty.as_str()) {
                let message =
                    format!("Template format error: {attribute} is not supported by {}", resource.ty);
                faults.push(Fault::new(path.key(attribute), message));
            }
        }
        match resource_type::find(&resource.ty) {
            Some(ty) => property::check(template, ty, name, resource, faults),
            None => {
                let nearest = resource_type::nearest(&resource.ty);
                let nearest = nearest.map(|nearest| format!("; is it {nearest}?")).unwrap_or_default();
                let message =
                    format!("Template format error: Unrecognized resource types: [{}]{nearest}", resource.ty);
                faults.push(Fault::new(path.key("Type"), message));
            }
        }
    }
}
