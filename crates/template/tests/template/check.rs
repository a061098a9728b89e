//! What a check says of templates that read well and still cannot be deployed.

use crate::around::{lines, template};
use std::fmt::Write as _;

fn said(text: &str) -> String {
    lines(&template(text).check())
}

const GOOD: &str = r#"
AWSTemplateFormatVersion: 2010-09-09
Description: A trail with its bucket and key
Parameters:
  Days: {Type: Number, Default: 365, MinValue: 1}
  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>', Default: subnet-1}
Mappings:
  Partitions: {aws: {Digest: true}}
Conditions:
  IsLong: !Equals [!Ref Days, '3650']
Resources:
  Key:
    Type: AWS::KMS::Key
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      EnableKeyRotation: 'true'
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}, Action: 'kms:*', Resource: '*'}
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BucketName: !Sub 'trail-${AWS::AccountId}-${AWS::Region}'
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: !GetAtt Key.Arn}
      LifecycleConfiguration:
        Rules:
          - {Id: expire, Status: Enabled, ExpirationInDays: !Ref Days}
          - !If [IsLong, {Id: move, Status: Enabled, Transitions: [{StorageClass: GLACIER, TransitionInDays: 90}]}, !Ref 'AWS::NoValue']
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
      Tags: [{Key: a, Value: !Ref AWS::StackName}]
  Trail:
    Type: AWS::CloudTrail::Trail
    DependsOn: [Bucket]
    Properties:
      IsLogging: true
      S3BucketName: !Ref Bucket
      EnableLogFileValidation: !FindInMap [Partitions, !Ref 'AWS::Partition', Digest]
      KMSKeyId: !If [IsLong, !GetAtt Key.Arn, !Ref AWS::NoValue]
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: vpc-1, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.ssm', SubnetIds: !Ref Subnets, VpcEndpointType: Interface}
  Made:
    Type: Custom::Thing
    Properties: {ServiceToken: !Sub 'arn:aws:lambda:${AWS::Region}:111122223333:function:f', Whatever: [1]}
Outputs:
  TrailArn: {Value: !GetAtt Trail.Arn, Export: {Name: !Sub '${AWS::StackName}-Trail'}}
  Answer: {Value: !GetAtt Made.Answer}
"#;

#[test]
fn nothing_is_said_of_a_good_template() {
    assert_eq!(said(GOOD), "");
}

/// A bucket with other properties.
fn bucket(properties: &str) -> String {
    format!(
        "Parameters: {{L: {{Type: CommaDelimitedList, Default: a}}}}\nConditions: {{C: !Equals [a, b]}}\nResources:\n  B: {{Type: AWS::S3::Bucket, Properties: {properties}}}\n"
    )
}

#[test]
fn properties_are_held_to_their_resource_type() {
    let at = "Properties validation failed for resource B with message: #";
    for (properties, message) in [
        (
            "{BucketNam: a}",
            format!(
                "Resources/B/Properties: {at}: extraneous key [BucketNam] is not permitted; is it [BucketName]?\n"
            ),
        ),
        (
            "{BucketName: [a]}",
            format!(
                "Resources/B/Properties/BucketName: {at}/BucketName: expected type: String, found: JSONArray\n"
            ),
        ),
        (
            "{BucketName: !Ref L}",
            format!(
                "Resources/B/Properties/BucketName: {at}/BucketName: expected type: String, found: JSONArray\n"
            ),
        ),
        (
            "{Tags: {a: b}}",
            format!("Resources/B/Properties/Tags: {at}/Tags: expected type: JSONArray, found: JSONObject\n"),
        ),
        (
            "{Tags: !Sub a}",
            format!("Resources/B/Properties/Tags: {at}/Tags: expected type: JSONArray, found: String\n"),
        ),
        (
            "{Tags: [{Key: a}]}",
            format!("Resources/B/Properties/Tags/0: {at}/Tags/0: required key [Value] not found\n"),
        ),
        (
            "{Tags: [{Key: a, Value: !If [C, [], !Ref 'AWS::NoValue']}]}",
            format!(
                "Resources/B/Properties/Tags/0/Value/Fn::If/1: {at}/Tags/0/Value/Fn::If/1: expected type: String, found: JSONArray\n"
            ),
        ),
        (
            "{Tags: [{Key: a, Value: !Ref 'AWS::NoValue'}]}",
            format!("Resources/B/Properties/Tags/0: {at}/Tags/0: required key [Value] not found\n"),
        ),
        (
            "{ObjectLockEnabled: maybe}",
            format!(
                "Resources/B/Properties/ObjectLockEnabled: {at}/ObjectLockEnabled: expected type: Boolean, found: String\n"
            ),
        ),
        (
            "{VersioningConfiguration: {Status: enabled}}",
            format!(
                "Resources/B/Properties/VersioningConfiguration/Status: {at}/VersioningConfiguration/Status: enabled is not a valid enum value\n"
            ),
        ),
        (
            "{Arn: a}",
            format!("Resources/B/Properties/Arn: {at}/Arn: Encountered read only properties: Arn\n"),
        ),
        (
            "{BucketName: X}",
            format!("Resources/B/Properties/BucketName: {at}/BucketName: string [X] does not match pattern "),
        ),
    ] {
        assert!(
            said(&bucket(properties)).starts_with(&message),
            "{properties} says {}",
            said(&bucket(properties))
        );
    }
}

#[test]
fn required_members_that_bar_or_ask_for_others_are_told() {
    let of = |ty: &str, properties: &str| {
        said(&format!("Resources: {{R: {{Type: '{ty}', Properties: {properties}}}}}\n"))
    };
    assert!(of("AWS::CloudTrail::Trail", "{}").contains("#: required key [IsLogging] not found"));
    assert!(
        of("AWS::EC2::VPC", "{}")
            .contains("exactly one of [CidrBlock, Ipv4IpamPoolId] has to be there, found: 0")
    );
    assert!(of("AWS::EC2::VPC", "{CidrBlock: 10.0.0.0/16, Ipv4IpamPoolId: x}").contains("found: 2"));
    assert!(
        of("AWS::Events::Rule", "{Name: x}")
            .contains("one of [EventPattern, ScheduleExpression] has to be there")
    );
    assert!(of("AWS::DynamoDB::Table", "{KeySchema: [{AttributeName: a, KeyType: HASH}], SSESpecification: {SSEEnabled: true, KMSMasterKeyId: a}}")
        .contains("property [SSEType] is required beside [KMSMasterKeyId]"));
    assert!(of("AWS::Lambda::Alias", "{FunctionName: f, FunctionVersion: '1', Name: n, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}, RoutingConfig: {AdditionalVersionWeights: []}}")
        .contains("[RoutingConfig] must not stand beside [ProvisionedConcurrencyConfig]"));
    assert!(of("AWS::Logs::LogGroup", "{RetentionInDays: 2}").contains("2 is not a valid enum value"));
    assert!(
        of(
            "AWS::EC2::NetworkAclEntry",
            "{NetworkAclId: a, Protocol: 6, RuleAction: allow, RuleNumber: one, CidrBlock: 10.0.0.0/8}"
        )
        .contains("expected type: Integer, found: String")
    );
    assert!(
        of("AWS::SNS::Topic", "{TopicName: a, Subscription: [{Endpoint: a}]}")
            .contains("required key [Protocol] not found")
    );
    assert!(
        of("AWS::CloudFormation::Stack", "{TemplateURL: 'https://example.com/t', Parameters: {A: b}}")
            .is_empty()
    );
    assert!(
        of("AWS::IAM::Role", "{AssumeRolePolicyDocument: {}, MaxSessionDuration: 60}")
            .contains("60 is not greater or equal to 3600")
    );
}

#[test]
fn unknown_types_and_misplaced_attributes_are_told() {
    for (resource, message) in [
        (
            "{Type: AWS::S3::Bukket}",
            "Resources/R/Type: Template format error: Unrecognized resource types: [AWS::S3::Bukket]; is it AWS::S3::Bucket?",
        ),
        ("{Type: Coffee}", "Template format error: Unrecognized resource types: [Coffee]\n"),
        ("{Type: Custom::X}", "required key [ServiceToken] not found"),
        (
            "{Type: AWS::S3::Bucket, DeletionPolicy: Snapshot}",
            "DeletionPolicy Snapshot is not supported by AWS::S3::Bucket of resource R",
        ),
        (
            "{Type: AWS::S3::Bucket, CreationPolicy: {ResourceSignal: {Count: 1}}}",
            "CreationPolicy is not supported by AWS::S3::Bucket",
        ),
        (
            "{Type: AWS::S3::Bucket, Condition: C}",
            "Unresolved condition dependency C in the Resources block of the template",
        ),
        (
            "{Type: AWS::S3::Bucket, DependsOn: Nobody}",
            "Unresolved resource dependencies [Nobody] in the Resources block",
        ),
        ("{Type: AWS::S3::Bucket, DependsOn: R}", "Circular dependency between resources: [R]"),
    ] {
        let said = said(&format!("Resources: {{R: {resource}}}\n"));
        assert!(said.contains(message), "{resource} says {said}");
    }
}

#[test]
fn references_to_nobody_are_told() {
    for (text, message) in [
        (
            "{BucketName: !Ref Nobody}",
            "Resources/B/Properties/BucketName/Ref: Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template",
        ),
        ("{BucketName: !Sub '${Nobody}'}", "Unresolved resource dependencies [Nobody]"),
        (
            "{BucketName: !GetAtt Nobody.Arn}",
            "Template error: instance of Fn::GetAtt references undefined resource Nobody",
        ),
        ("{BucketName: !GetAtt C.Brew}", "instance of Fn::GetAtt references undefined resource C"),
        (
            "{BucketName: !If [Nobody, a, b]}",
            "Template error: unresolved condition dependency Nobody in Fn::If",
        ),
        (
            "{BucketName: !FindInMap [Nobody, a, b]}",
            "Mapping named 'Nobody' is not present in the 'Mappings' section",
        ),
        (
            "{BucketName: !ImportValue {'Fn::Sub': '${B.Arn}'}}",
            "the attribute in Fn::ImportValue must not depend on any resources",
        ),
        (
            "{BucketName: !Join ['', [!ImportValue {'Fn::ImportValue': a}]]}",
            "the attribute in Fn::ImportValue must not depend on any resources",
        ),
        (
            "{BucketName: '{{resolve:ssm-secure:a}}'}",
            "SSM Secure reference is not supported in: [AWS::S3::Bucket/Properties/BucketName]",
        ),
        ("{BucketName: '{{resolve:vault:a}}'}", "an incorrectly formatted dynamic reference"),
    ] {
        let said = said(&bucket(text));
        assert!(said.contains(message), "{text} says {said}");
    }
    let text = "Resources: {B: {Type: AWS::S3::Bucket}, C: {Type: AWS::S3::Bucket, Properties: {BucketName: !GetAtt B.Brew}}}\n\
                Mappings: {M: {a: {b: c}}}\nParameters: {B: {Type: String, Default: a}, P: {Type: Number, Default: x}}\n\
                Conditions: {A: !Not [!Condition B], B: !Not [!Condition A], C: !Equals [!Ref C, !FindInMap [M, a, c]]}\n\
                Outputs: {O: {Value: !Ref Nobody, Condition: Nobody, Export: {Name: !Ref C}}, S: {Value: '{{resolve:secretsmanager:a}}'}}\n";
    let said = said(text);
    for message in [
        "resource B does not support attribute type Brew in Fn::GetAtt",
        "the name B is both a parameter's and a resource's",
        "Parameters/P: Parameter 'P' must be a number",
        "Found circular condition dependency between A and B",
        "Unresolved dependencies [C]. Cannot reference resources in the Conditions block of the template",
        "Unable to get mapping for M::a::c",
        "Unresolved resource dependencies [Nobody] in the Outputs block of the template",
        "Unresolved condition dependency Nobody in the Outputs block of the template",
        "Output O is malformed. The Name field of Export must not depend on any resources",
        "Output S is malformed. It must not tell a secret of secretsmanager",
    ] {
        assert!(said.contains(message), "{message} is not in {said}");
    }
}

#[test]
fn a_template_beyond_the_limits_is_told_so() {
    let mut text = format!("Description: {}\nResources:\n", "x".repeat(1_025));
    for at in 0..501 {
        writeln!(
            text,
            "  R{at}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: '{{{{resolve:ssm:a}}}}'}}}}"
        )
        .unwrap();
    }
    writeln!(text, "  {}: {{Type: AWS::S3::Bucket}}\nParameters:", "N".repeat(256)).unwrap();
    for at in 0..201 {
        writeln!(text, "  P{at}: {{Type: String, Default: a}}").unwrap();
    }
    let said = said(&text);
    for message in [
        "Description: Template format error: 'Description' length is greater than 1024.",
        "Number of resources, 502, is greater than maximum allowed, 500",
        "Number of parameters, 201, is greater than maximum allowed, 200",
        "Number of dynamic references, 501, is greater than maximum allowed, 60",
        "is longer than 255 characters",
    ] {
        assert!(said.contains(message), "{message} is not in {said}");
    }
}

#[test]
fn macros_that_only_cloudformation_can_run_are_told() {
    let text = "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\nResources:\n  B:\n    Type: AWS::S3::Bucket\n    \
                Properties: {'Fn::Transform': {Name: AWS::Include}}\n";
    let said = said(text);
    assert!(said.contains("Transform: No transform named AWS::Serverless-2016-10-31 found"), "{said}");
    assert!(said.contains("No transform named AWS::Include found") && said.lines().count() == 2, "{said}");
}
