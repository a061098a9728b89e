//! What holds data or keys outlives its stack: it is retained when it is deleted and when it is replaced.
//!
//! `RetainExceptOnCreate` says so too, and better: with `Retain` a stack whose creation fails leaves what it made,
//! with its name taken, and the next try fails by it.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>

use super::{Scene, on};
use glidepath_template::{DeletionPolicy, Fault};

/// Types whose deletion destroys data, evidence or the means to read them.
const DATA_STORES: &[&str] = &[
    "AWS::Backup::BackupVault",
    "AWS::Backup::LogicallyAirGappedBackupVault",
    "AWS::CloudHSM::Cluster",
    "AWS::CloudTrail::EventDataStore",
    "AWS::Cognito::UserPool",
    "AWS::Detective::Graph",
    "AWS::DirectoryService::MicrosoftAD",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Volume",
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
    "AWS::KMS::Key",
    "AWS::KMS::ReplicaKey",
    "AWS::Kinesis::Stream",
    "AWS::Logs::LogGroup",
    "AWS::Neptune::DBCluster",
    "AWS::OpenSearchService::Domain",
    "AWS::Organizations::Account",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::Route53::HostedZone",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
    "AWS::SecurityLake::DataLake",
];

pub(super) fn check(scene: &Scene<'_>, faults: &mut Vec<Fault>) {
    for (id, resource) in scene.template.resources() {
        if !DATA_STORES.contains(&resource.ty.as_str()) {
            continue;
        }
        let deleted = resource.deletion_policy;
        if ![DeletionPolicy::RetainExceptOnCreate, DeletionPolicy::Retain].contains(&deleted) {
            faults.push(on(
                id,
                "it holds data or keys: write `DeletionPolicy: RetainExceptOnCreate`".to_owned(),
            ));
        }
        if resource.update_replace_policy != DeletionPolicy::Retain {
            faults.push(on(id, "it holds data or keys: write `UpdateReplacePolicy: Retain`".to_owned()));
        }
    }
}
