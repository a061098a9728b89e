//! What functions give where a template is deployed, and what is said where they cannot.

use crate::around::{World, place, template};
use glidepath_template::{Deployed, Resolving};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const HEAD: &str = "
Parameters:
  Stage: {Type: String, Default: prod}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Count: {Type: Number, Default: 3}
  Image: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /glidepath/image}
  Subnets: {Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>', Default: /glidepath/subnets}
Mappings:
  Sizes:
    eu-west-1: {prod: large, stage: small, zones: [x, y], days: 90}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsStage: !Not [!Condition IsProd]
  Either: !Or [!Condition IsProd, !Equals [!Select [0, !Ref Names], z]]
  Both: !And [!Condition Either, !Equals [!FindInMap [Sizes, !Ref 'AWS::Region', days], '90']]
Resources:
  Bucket: {Type: 'AWS::S3::Bucket'}
  Absent: {Type: 'AWS::S3::Bucket', Condition: IsStage}
  It:
    Type: AWS::S3::Bucket
    Properties:
      Value: ";

fn deployed() -> BTreeMap<String, Deployed> {
    let attributes = [
        ("Arn", json!("arn:aws:s3:::shop-bucket")),
        ("Names", json!(["one", "two"])),
        ("Endpoint.Port", json!(5432)),
        ("Website", json!({"Host": "shop.example.com"})),
    ];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value)).into();
    BTreeMap::from([("Bucket".to_owned(), Deployed { reference: "shop-bucket".to_owned(), attributes })])
}

fn resolved(expression: &str) -> Result<Value, String> {
    let template = template(&format!("{HEAD}{expression}\n"));
    let arguments = template.arguments(&BTreeMap::new()).unwrap();
    let resolving = Resolving::new(&template, place(), &arguments, &World).map_err(|fault| fault.message)?;
    let properties = resolving.properties("It", &deployed()).map_err(|fault| fault.message)?;
    Ok(properties.get("Value").cloned().unwrap_or(Value::Null))
}

#[test]
fn every_function_gives_what_is_documented() {
    for (expression, value) in [
        ("!Ref Stage", json!("prod")),
        ("!Ref Names", json!(["a", "b", "c"])),
        ("!Ref Count", json!("3")),
        ("!Ref Image", json!("ami-0a1b2c3d")),
        ("!Ref Subnets", json!(["subnet-1", "subnet-2"])),
        ("!Ref AWS::AccountId", json!("111122223333")),
        ("!Ref AWS::NotificationARNs", json!([])),
        ("!Ref AWS::Partition", json!("aws")),
        ("!Ref AWS::StackName", json!("shop")),
        ("!Ref AWS::URLSuffix", json!("amazonaws.com")),
        ("!Ref Bucket", json!("shop-bucket")),
        ("!GetAtt Bucket.Arn", json!("arn:aws:s3:::shop-bucket")),
        ("{'Fn::GetAtt': Bucket.Names}", json!(["one", "two"])),
        ("!GetAtt [Bucket, Endpoint.Port]", json!(5432)),
        ("!GetAtt Bucket.Website.Host", json!("shop.example.com")),
        (
            "!Sub 'x-${Stage}-${Bucket}-${Bucket.Arn}-${AWS::Region}-${!Kept}-${Count}'",
            json!("x-prod-shop-bucket-arn:aws:s3:::shop-bucket-eu-west-1-${Kept}-3"),
        ),
        ("!Sub ['${A}/${Stage}', {A: !Join ['+', !Ref Names]}]", json!("a+b+c/prod")),
        ("!Sub plain", json!("plain")),
        ("!Join ['', [a, 1, true, !Ref Stage, !Ref 'AWS::NoValue']]", json!("a1trueprod")),
        ("!Join [',', !GetAtt Bucket.Names]", json!("one,two")),
        ("!Split ['/', !Sub 'a/${Stage}']", json!(["a", "prod"])),
        ("!Select [1, !Split [':', 'a:b:c']]", json!("b")),
        ("!Select [!Ref 'Count', [a, b, c, d]]", json!("d")),
        ("!If [IsProd, yes-it-is, no]", json!("yes-it-is")),
        ("!If [IsStage, x, !Ref 'AWS::NoValue']", Value::Null),
        ("!If [Both, [!If [IsStage, a, !Ref 'AWS::NoValue'], b], c]", json!(["b"])),
        ("!FindInMap [Sizes, !Ref 'AWS::Region', !Ref Stage]", json!("large")),
        ("!FindInMap [Sizes, eu-west-1, zones]", json!(["x", "y"])),
        ("!FindInMap [Sizes, eu-west-1, days]", json!(90)),
        ("!Base64 'hi!'", json!("aGkh")),
        ("!Cidr [10.0.0.0/16, 2, 8]", json!(["10.0.0.0/24", "10.0.1.0/24"])),
        ("!GetAZs ''", json!(["eu-west-1a", "eu-west-1b", "eu-west-1c"])),
        ("!Select [0, !GetAZs us-east-1]", json!("us-east-1a")),
        ("!ImportValue {'Fn::Sub': 'network-VpcId'}", json!("vpc-0a1b2c3d")),
        ("'{{resolve:ssm:/glidepath/size:2}}-x'", json!("small-x")),
        ("!Sub ['{{resolve:ssm:/glidepath/${Size}:2}}', {Size: size}]", json!("small")),
        ("'{{resolve:secretsmanager:db:SecretString:password}}'", json!("hunter2")),
        ("{Condition: {Bool: x}, Ref: y}", json!({"Condition": {"Bool": "x"}, "Ref": "y"})),
    ] {
        assert_eq!(resolved(expression), Ok(value), "{expression}");
    }
}

#[test]
fn what_cannot_be_resolved_is_told_in_cloudformations_words() {
    let block = "of the template";
    for (expression, message) in [
        (
            "!Ref Absent",
            format!(
                "Template format error: Unresolved resource dependencies [Absent] in the Resources block {block}"
            ),
        ),
        (
            "!Ref Nobody",
            format!(
                "Template format error: Unresolved resource dependencies [Nobody] in the Resources block {block}"
            ),
        ),
        (
            "!GetAtt Nobody.Arn",
            "Template error: instance of Fn::GetAtt references undefined resource Nobody".to_owned(),
        ),
        (
            "!GetAtt Bucket.Nothing",
            "Template error: resource Bucket does not support attribute type Nothing in Fn::GetAtt"
                .to_owned(),
        ),
        ("!If [Nobody, a, b]", "Template error: unresolved condition dependency Nobody in Fn::If".to_owned()),
        (
            "!Select [3, [a, b, c]]",
            "Template error: Fn::Select cannot select nonexistent value at index 3".to_owned(),
        ),
        (
            "!Select [-1, [a]]",
            "Template error: Fn::Select cannot select nonexistent value at index -1".to_owned(),
        ),
        (
            "!FindInMap [Sizes, us-east-1, prod]",
            "Template error: Unable to get mapping for Sizes::us-east-1::prod".to_owned(),
        ),
        (
            "!FindInMap [Nobody, a, b]",
            "Template error: Mapping named 'Nobody' is not present in the 'Mappings' section of template."
                .to_owned(),
        ),
        ("!ImportValue nobody", "No export named nobody found.".to_owned()),
        ("'{{resolve:ssm:/nobody}}'", "Parameters: [ssm:/nobody] cannot be found.".to_owned()),
        (
            "{'Fn::Transform': {Name: Mine, Parameters: {}}}",
            "No transform named 111122223333::Mine found.".to_owned(),
        ),
        (
            "!Sub '${Names}'",
            "Template error: Fn::Sub requires a string here, and is given something else".to_owned(),
        ),
        (
            "!Cidr [10.0.0.0/28, 9, 2]",
            "Template error: Fn::Cidr cannot cut 9 blocks of 2 bits out of 10.0.0.0/28".to_owned(),
        ),
    ] {
        assert_eq!(resolved(expression), Err(message), "{expression}");
    }
    assert!(
        resolved("'{{resolve:vault:x}}'").unwrap_err().contains("incorrectly formatted dynamic reference")
    );
}

#[test]
fn language_extensions_add_functions_where_the_template_names_them() {
    let text = "
Transform: AWS::LanguageExtensions
Mappings: {Sizes: {a: {b: c}}}
Resources:
  It:
    Type: AWS::S3::Bucket
    Properties:
      Length: !Length [a, !Ref AWS::Region]
      Text: !ToJsonString {b: !Ref AWS::Region, a: [1]}
      Mapped: !FindInMap [Sizes, !Ref AWS::Region, b, {DefaultValue: !Ref AWS::AccountId}]
";
    let template = template(text);
    let arguments = BTreeMap::new();
    let resolving = Resolving::new(&template, place(), &arguments, &World).unwrap();
    assert_eq!(
        resolving.properties("It", &BTreeMap::new()).unwrap(),
        json!({"Length": 2, "Text": "{\"b\":\"eu-west-1\",\"a\":[1]}", "Mapped": "111122223333"})
    );
}

#[test]
fn conditions_decide_what_is_wanted() {
    let template = template(&format!("{HEAD}x\n"));
    let given = BTreeMap::from([("Stage".to_owned(), "stage".to_owned())]);
    for (given, wanted) in [(BTreeMap::new(), false), (given, true)] {
        let arguments = template.arguments(&given).unwrap();
        let resolving = Resolving::new(&template, place(), &arguments, &World).unwrap();
        assert_eq!(resolving.is_wanted("Absent"), wanted);
        assert!(resolving.is_wanted("Bucket") && !resolving.is_wanted("Nobody"));
    }
}

#[test]
fn a_condition_that_waits_for_itself_or_nobody_is_a_fault() {
    let text = "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\nResources: {B: {Type: AWS::S3::Bucket}}\n";
    let said = |text: &str| {
        let template = template(text);
        let arguments = BTreeMap::new();
        Resolving::new(&template, place(), &arguments, &World).err().map(|fault| fault.message).unwrap()
    };
    assert_eq!(said(text), "Template format error: Found circular condition dependency between A and B");
    let text = text.replace("!Condition A", "!Condition C");
    assert!(said(&text).contains("Unresolved condition dependency C"));
}

#[test]
fn outputs_are_texts_and_exports_have_names() {
    let text = |outputs: &str| format!("{HEAD}x\nOutputs:\n{outputs}\n");
    let told = |outputs: &str| {
        let template = template(&text(outputs));
        let arguments = template.arguments(&BTreeMap::new()).unwrap();
        let resolving = Resolving::new(&template, place(), &arguments, &World).unwrap();
        let told = resolving.outputs(&deployed()).map_err(|fault| fault.to_string())?;
        Ok::<_, String>(told.iter().map(|output| format!("{output:?}")).collect::<Vec<_>>().join("\n"))
    };
    assert_eq!(
        told("  Name: {Value: !Ref Bucket, Export: {Name: !Sub '${AWS::StackName}-Name'}, Description: d}\n  \
              Gone: {Value: x, Condition: IsStage}\n  Port: {Value: !GetAtt Bucket.Endpoint.Port}"),
        Ok("ResolvedOutput { name: \"Name\", value: \"shop-bucket\", export: Some(\"shop-Name\"), description: Some(\"d\") }\n\
            ResolvedOutput { name: \"Port\", value: \"5432\", export: None, description: None }".to_owned())
    );
    assert!(told("  A: {Value: !Ref Names}").unwrap_err().contains("must evaluate to a String"));
    assert!(told("  A: {Value: x, Export: {Name: 'a b'}}").unwrap_err().contains("Output A is malformed"));
    assert!(told("  A: {Value: x, Export: {Name: n}}\n  B: {Value: x, Export: {Name: n}}").is_err());
    assert!(told("  A: {Value: !Ref Absent}").unwrap_err().contains("[Absent] in the Outputs block"));
}
