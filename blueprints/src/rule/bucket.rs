//! Buckets are private, encrypted, owned by their account, and spoken to by TLS only.

use super::{Scene, items, of_type, on};
use glidepath_template::Fault;
use serde_json::Value as Json;

const BLOCKS: &[&str] =
    &["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];

pub(super) fn check(scene: &Scene<'_>, faults: &mut Vec<Fault>) {
    for (id, bucket) in of_type(scene.template, "AWS::S3::Bucket") {
        let property = |name: &str| bucket.properties.get(name);
        let block = property("PublicAccessBlockConfiguration");
        let blocked = |name: &&str| block.and_then(|block| block.get(*name)) == Some(&Json::Bool(true));
        if !BLOCKS.iter().all(blocked) {
            faults.push(on(id, "`PublicAccessBlockConfiguration` blocks all four ways to the public"));
        }
        if property("BucketEncryption").is_none() {
            faults.push(on(id, "`BucketEncryption` says how it is encrypted"));
        }
        let owned = property("OwnershipControls")
            .and_then(|controls| controls.pointer("/Rules/0/ObjectOwnership"))
            .and_then(Json::as_str);
        if owned != Some("BucketOwnerEnforced") {
            faults.push(on(id, "`OwnershipControls` enforces that the bucket's owner owns what is in it"));
        }
        let policies = of_type(scene.template, "AWS::S3::BucketPolicy");
        let ours = policies.filter(|(_, policy)| {
            let bucket = policy.properties.get("Bucket");
            bucket.and_then(|bucket| bucket.get("Ref")).and_then(Json::as_str) == Some(id)
        });
        let closed = ours
            .filter_map(|(_, policy)| policy.properties.get("PolicyDocument")?.get("Statement"))
            .flat_map(items)
            .any(denies_plaintext);
        if !closed {
            faults.push(on(id, "a bucket policy denies what does not come by TLS (`aws:SecureTransport`)"));
        }
    }
}

/// Whether a statement denies everyone everything without TLS.
fn denies_plaintext(statement: &Json) -> bool {
    let plain = statement.pointer("/Condition/Bool/aws:SecureTransport");
    let off = plain.is_some_and(|value| value == "false" || value == &Json::Bool(false));
    let everyone = statement
        .get("Principal")
        .is_some_and(|principal| principal == "*" || principal.get("AWS").is_some_and(|aws| aws == "*"));
    let everything = statement.get("Action").is_some_and(|action| action == "s3:*");
    statement.get("Effect").is_some_and(|effect| effect == "Deny") && off && everyone && everything
}
