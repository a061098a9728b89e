//! Names that clash: IAM's are one per account whatever the Region, a bucket's one in the world.

use super::{Scene, mentions, on};
use crate::blueprint::{Regions, Who};
use glidepath_template::Fault;

/// Properties that give a name unique in an account over all Regions.
const IN_ACCOUNT: &[(&str, &str)] = &[
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
];

pub(super) fn check(scene: &Scene<'_>, faults: &mut Vec<Fault>) {
    let placement = scene.blueprint.placement;
    let in_many_regions = placement.regions == Regions::Governed;
    for (id, resource) in scene.template.resources() {
        for (ty, property) in IN_ACCOUNT {
            let Some(name) = resource.properties.get(property).filter(|_| resource.ty == *ty) else {
                continue;
            };
            if in_many_regions && !mentions(name, "AWS::Region") {
                let message = format!(
                    "`{property}` is one per account and the blueprint is deployed to several Regions: leave it out, \
                     or put `AWS::Region` into it"
                );
                faults.push(on(id, message));
            }
        }
        let bucket = resource.properties.get("BucketName").filter(|_| resource.ty == "AWS::S3::Bucket");
        if let Some(name) = bucket {
            if placement.who == Who::Members && !mentions(name, "AWS::AccountId") {
                faults.push(on(id, "`BucketName` is one in the world: put `AWS::AccountId` into it"));
            }
            if in_many_regions && !mentions(name, "AWS::Region") {
                faults.push(on(id, "`BucketName` is one in the world: put `AWS::Region` into it"));
            }
        }
    }
}
