//! Every rule is broken once by a template that keeps all others, and the complaint names it.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use glidepath_blueprints::{Argument, Blueprint, Catalogue, Source, Surroundings};
use std::collections::BTreeMap;

/// A plain template that keeps every rule.
const GOOD: &str = r#"
Description: Keeps every rule
Metadata: {Glidepath: {Placement: {who: members, regions: governed}}}
Parameters:
  Days: {Type: Number, Default: 30, MaxValue: 90}
Resources:
  Store:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BucketName: !Sub "store-${AWS::AccountId}-${AWS::Region}"
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}
      OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
      LifecycleConfiguration: {Rules: [{Id: end, Status: Enabled, ExpirationInDays: !Ref Days}]}
  StorePolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Store
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Sid: Tls, Effect: Deny, Principal: "*", Action: "s3:*", Resource: !GetAtt Store.Arn, Condition: {Bool: {aws:SecureTransport: "false"}}}
          - {Sid: Log, Effect: Allow, Principal: {Service: logging.s3.amazonaws.com}, Action: "s3:PutObject", Resource: !Sub "${Store.Arn}/*", Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}}
          - {Sid: All, Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: !Sub "${Store.Arn}/*", Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}}
  Key:
    Type: AWS::KMS::Key
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - {Sid: Own, Effect: Allow, Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "reader-${AWS::Region}"
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
"#;

fn read(text: &str) -> Result<Blueprint, Vec<String>> {
    Blueprint::read_plain("own/store.yaml", text, None)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn complaints(text: &str) -> Vec<String> {
    let blueprint = match read(text) {
        Ok(blueprint) => blueprint,
        Err(faults) => return faults,
    };
    let rendered = blueprint.render(&BTreeMap::new(), &Surroundings::of_examples().unwrap());
    rendered.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn a_template_that_keeps_every_rule_is_rendered() {
    assert_eq!(complaints(GOOD), Vec::<String>::new());
}

#[test]
fn each_rule_is_told_where_it_is_broken() {
    let cases = [
        (
            "UpdateReplacePolicy: Retain\n    Properties:\n      BucketName",
            "Properties:\n      BucketName",
            "`Resources/Store`: it holds data or keys: write `UpdateReplacePolicy: Retain`",
        ),
        (
            "DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      EnableKeyRotation",
            "UpdateReplacePolicy: Retain\n    Properties:\n      EnableKeyRotation",
            "`Resources/Key`: it holds data or keys: write `DeletionPolicy: RetainExceptOnCreate`",
        ),
        ("BlockPublicPolicy: true", "BlockPublicPolicy: false", "blocks all four ways"),
        ("BucketOwnerEnforced", "ObjectWriter", "`OwnershipControls`"),
        ("Sid: Tls, Effect: Deny", "Sid: Tls, Effect: Allow", "denies what does not come by TLS"),
        (
            "      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}\n",
            "",
            "`BucketEncryption`",
        ),
        ("store-${AWS::AccountId}-${AWS::Region}", "store-${AWS::Region}", "put `AWS::AccountId` into it"),
        ("store-${AWS::AccountId}-${AWS::Region}", "store-${AWS::AccountId}", "put `AWS::Region` into it"),
        ("reader-${AWS::Region}", "reader", "`RoleName` is one per account"),
        ("EnableKeyRotation: true", "EnableKeyRotation: false", "`EnableKeyRotation` is true"),
        ("Action: \"kms:*\"", "Action: \"kms:Decrypt\"", "lets the account itself administer"),
        (
            "{aws:SourceAccount: !Ref AWS::AccountId}",
            "{s3:x-amz-acl: private}",
            "statement `Log` lets a service in for anyone",
        ),
        (
            "{aws:PrincipalOrgID: o-a1b2c3d4e5}",
            "{aws:PrincipalType: User}",
            "statement `All` lets everyone in",
        ),
        ("arn:${AWS::Partition}:iam", "arn:aws:iam", "an ARN names its partition"),
        ("Days: {Type: Number, Default: 30, MaxValue: 90}", "Days: {Type: Number}", "`Days` wants a value"),
        (
            "Days: {Type: Number, Default: 30, MaxValue: 90}",
            "Days: {Type: Number, Default: 30, NoEcho: true}",
            "a secret is no argument",
        ),
        ("regions: governed}}}", "regions: everywhere}}}", "`regions` one of governed, home, control"),
        (
            "Bucket: !Ref Store\n",
            "Bucket: !ImportValue elsewhere\n",
            "`Fn::ImportValue` ties stacks together",
        ),
        ("Metadata: {Glidepath: {Placement: {who: members, regions: governed}}}\n", "", "say where it goes"),
        ("      EnableKeyRotation: true\n", "      EnableKeyRotation: true\n      Rotation: 1\n", "Rotation"),
        ("Type: AWS::KMS::Key\n", "Type: AWS::KMS::Kee\n", "AWS::KMS::Kee"),
    ];
    for (from, to, wanted) in cases {
        assert!(GOOD.contains(from), "{from}");
        let found = complaints(&GOOD.replace(from, to));
        assert!(found.iter().any(|one| one.contains(wanted)), "{wanted}: {found:#?}");
    }
}

#[test]
fn a_resource_is_excused_with_a_reason_and_only_with_one() {
    let bare = GOOD.replace(
        "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      BucketName",
        "    Metadata: {Glidepath: {Excuses: {retained: WHY}}}\n    Properties:\n      BucketName",
    );
    assert_ne!(bare, GOOD);
    let good = bare.replace("WHY", "It is a cache that fills itself again");
    assert_eq!(complaints(&good), Vec::<String>::new());
    assert!(complaints(&bare).iter().any(|one| one.contains("says in a few words why")));
    let unknown = good.replace("retained:", "retain:");
    assert!(complaints(&unknown).iter().any(|one| one.contains("there is no rule `retain`")));
}

#[test]
fn arguments_become_defaults_and_keep_the_templates_own_limits() {
    let blueprint = read(GOOD).unwrap();
    let around = Surroundings::of_examples().unwrap();
    let with = |days: i64| BTreeMap::from([("Days".to_owned(), Argument::Integer(days))]);
    let rendered = blueprint.render(&with(60), &around).unwrap();
    assert_eq!(rendered.template.value()["Parameters"]["Days"]["Default"], "60");
    let refused = blueprint.render(&with(91), &around).unwrap_err();
    assert!(refused[0].message.contains("Days"), "{refused:?}");
}

#[test]
fn a_version_changes_with_what_is_deployed_and_with_nothing_else() {
    let around = Surroundings::of_examples().unwrap();
    let version = |text: &str| read(text).unwrap().render(&BTreeMap::new(), &around).unwrap().version;
    assert_eq!(version(GOOD), version(&format!("# a comment\n{GOOD}")));
    assert_ne!(version(GOOD), version(&GOOD.replace("Default: 30", "Default: 31")));
}

#[test]
fn a_folder_of_ones_own_is_read_and_a_taken_id_refused() {
    let source = |folder: &str, template: &str| {
        Source::Folder {
        folder: folder.to_owned(),
        blueprint: "id: ours\ntitle: Ours\narea: 1\nabout: A topic.\nparameters:\n  shown: {type: text, characters: A-Z, description: d}\noptional: [shown]\nplacement: {who: members, regions: home}\nonAccountRemoval: delete\n".to_owned(),
        template: template.to_owned(),
        examples: Vec::new(),
    }
    };
    let text = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n{{#if shown}}\n      DisplayName: {{text shown}}\n{{/if}}\n      FifoTopic: false\n";
    let catalogue = Catalogue::own([source("own/ours", text)]).unwrap();
    let blueprint = catalogue.get("ours").unwrap();
    let around = Surroundings::of_examples().unwrap();
    let bare = blueprint.render(&BTreeMap::new(), &around).unwrap();
    assert!(bare.template.value().pointer("/Resources/Topic/Properties/DisplayName").is_none());
    let wrong = Catalogue::own([source("own/ours", "Resources: {{text shon}}\n")]).unwrap();
    assert!(wrong.get("ours").is_err());
    let taken = Catalogue::own([source("own/log-archive", text)]).unwrap_err();
    assert!(taken[0].message.contains("`log-archive` is taken"));
}
