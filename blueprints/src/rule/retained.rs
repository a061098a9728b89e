//! What holds data or keys outlives its stack: it is retained when it is deleted and when it is replaced.

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
        for (attribute, policy) in [
            ("DeletionPolicy", resource.deletion_policy),
            ("UpdateReplacePolicy", resource.update_replace_policy),
        ] {
            if policy != DeletionPolicy::Retain {
                faults.push(on(id, format!("it holds data or keys: write `{attribute}: Retain`")));
            }
        }
    }
}
