//! What is read, what it says of itself, and what is refused.

use crate::around::{lines, template};
use glidepath_template::{Capability, DeletionPolicy, read};
use std::collections::BTreeMap;

const BUCKET: &str = "Resources: {B: {Type: AWS::S3::Bucket}}\n";

#[test]
fn a_template_says_what_is_in_it() {
    let template = template(
        "
AWSTemplateFormatVersion: 2010-09-09
Description: Trails
Metadata: {Glidepath: {Blueprint: trail}}
Parameters:
  Days: {Type: Number, Default: 30, MinValue: 1, MaxValue: '400', NoEcho: true, Description: d}
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    DependsOn: Role
    DeletionPolicy: Retain
    UpdateReplacePolicy: Snapshot
    Metadata: {a: b}
    Properties: {IsLogging: true, S3BucketName: !Ref B}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: x}}
  B: {Type: AWS::S3::Bucket}
  Db: {Type: AWS::RDS::DBCluster}
Outputs:
  Name: {Value: !Ref B, Description: its name}
",
    );
    assert_eq!(template.description(), Some("Trails"));
    assert_eq!(template.metadata().unwrap()["Glidepath"]["Blueprint"], "trail");
    let days = &template.parameters()["Days"];
    assert_eq!(
        (days.default.as_deref(), days.min_value, days.max_value, days.no_echo),
        (Some("30"), Some(1.0), Some(400.0), true)
    );
    let trail = &template.resources()["Trail"];
    assert_eq!(
        (trail.ty.as_str(), trail.depends_on.as_slice()),
        ("AWS::CloudTrail::Trail", ["Role".to_owned()].as_slice())
    );
    assert_eq!(
        (trail.deletion_policy, trail.update_replace_policy),
        (DeletionPolicy::Retain, DeletionPolicy::Snapshot)
    );
    assert_eq!(trail.properties["S3BucketName"]["Ref"], "B");
    assert_eq!(template.resources()["Db"].deletion_policy, DeletionPolicy::Snapshot);
    assert_eq!(template.outputs()["Name"].description.as_deref(), Some("its name"));
    assert_eq!(template.capabilities(), [Capability::NamedIam].into());
    assert_eq!(template.order().unwrap(), ["B", "Db", "Role", "Trail"]);
    assert!(
        template
            .canonical()
            .starts_with("{\"AWSTemplateFormatVersion\":\"2010-09-09\",\"Description\":\"Trails\"")
    );
}

#[test]
fn macros_ask_for_the_capability_to_expand() {
    let text = "Transform: [AWS::LanguageExtensions, {Name: Mine}]\nResources:\n  B:\n    Type: AWS::S3::Bucket\n    \
                Properties: {'Fn::Transform': {Name: Inner}}\n  R: {Type: AWS::IAM::Role}\n";
    let template = template(text);
    assert_eq!(template.transforms(), ["AWS::LanguageExtensions", "Mine", "Inner"]);
    assert_eq!(template.capabilities(), [Capability::Iam, Capability::AutoExpand].into());
    assert_eq!(Capability::AutoExpand.as_str(), "CAPABILITY_AUTO_EXPAND");
}

#[test]
fn what_has_not_the_form_of_a_template_is_refused_in_cloudformations_words() {
    for (text, message) in [
        ("a", "Template format error: unsupported structure."),
        ("Parameters: {}\n", "Template format error: At least one Resources member must be defined."),
        ("Resources: {}\n", "Template format error: At least one Resources member must be defined."),
        ("Resourcez: {}\n", "Invalid template property or properties [Resourcez]"),
        (
            "Resources: {B: {Type: }}\n",
            "Resources/B/Type: Template format error: [/Resources/B/Type] 'null' values are not allowed in templates",
        ),
        (
            "Resources: {B: {Properties: {}}}\n",
            "Template format error: [/Resources/B] Every Resources object must contain a Type member.",
        ),
        (
            "Resources: {B-C: {Type: AWS::S3::Bucket}}\n",
            "Template format error: Resource name B-C is non alphanumeric.",
        ),
        (
            "Resources: {B: {Type: T, Propertiez: {}}}\n",
            "Template format error: Invalid template resource property 'Propertiez'",
        ),
        (
            "Resources: {B: {Type: T, DeletionPolicy: Keep}}\n",
            "Template format error: Unrecognized DeletionPolicy Keep for resource B",
        ),
        (
            "Resources: {B: {Type: T, UpdateReplacePolicy: RetainExceptOnCreate}}\n",
            "Unrecognized UpdateReplacePolicy RetainExceptOnCreate",
        ),
        ("Resources: {B: {Type: T, DependsOn: {a: b}}}\n", "DependsOn must be a string or list of strings."),
        ("Resources: {B: {Type: T, Properties: [a]}}\n", "Properties of resource B must be an object."),
        (
            "Resources: {B: {Type: T, Properties: {P: !Ref [a]}}}\n",
            "Template error: every Ref object must have a single String value.",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !GetAtt a}}}\n",
            "every Fn::GetAtt object requires two non-empty parameters",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Join [',', a]}}}\n",
            "every Fn::Join object requires two parameters",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Split ['', a]}}}\n",
            "every Fn::Split object requires two parameters",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Select [0]}}}\n",
            "Fn::Select requires a list argument with two elements",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !If [a, b]}}}\n",
            "Fn::If requires a list argument with three elements",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Cidr [a, b]}}}\n",
            "every Fn::Cidr object requires three parameters",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !FindInMap [a, b, c, {DefaultValue: d}]}}}\n",
            "every Fn::FindInMap object requires three parameters",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Base64 [a]}}}\n",
            "every Fn::Base64 object must have a String value.",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Sub [a]}}}\n",
            "One or more Fn::Sub intrinsic functions don't specify expected arguments.",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Sub '${a-b}'}}}\n",
            "variable names in Fn::Sub syntax must contain only",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: {'Fn::Brew': a}}}}\n",
            "Encountered unsupported function: Fn::Brew Supported functions are: [Fn::Base64,",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: {'Fn::Sub': a, b: c}}}}\n",
            "Fn::Sub must stand alone in its map",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Equals [a, b]}}}\n",
            "Fn::Equals can only stand in the Conditions section",
        ),
        (
            "Resources: {B: {Type: T, Properties: {P: !Length [a]}}}\n",
            "Fn::Length needs the transform AWS::LanguageExtensions",
        ),
        (
            "Resources: {'Fn::ForEach::X': [a, [b], {}]}\n",
            "Fn::ForEach needs the transform AWS::LanguageExtensions",
        ),
        (
            "Parameters: {P: {Default: a}}\nResources: {B: {Type: T}}\n",
            "Every Parameters object must contain a Type member.",
        ),
        ("Parameters: {P: {Type: Text}}\nResources: {B: {Type: T}}\n", "Unrecognized parameter type: Text"),
        (
            "Parameters: {P: {Type: String, Default: [a]}}\nResources: {B: {Type: T}}\n",
            "Every Default member must be a string.",
        ),
        (
            "Parameters: {P: {Type: String, MaxLength: x}}\nResources: {B: {Type: T}}\n",
            "every MaxLength member must be a number.",
        ),
        (
            "Outputs: {O: {Description: a}}\nResources: {B: {Type: T}}\n",
            "Every Outputs member must contain a Value object",
        ),
        (
            "Outputs: {O: {Value: a, Export: b}}\nResources: {B: {Type: T}}\n",
            "Output O is malformed. The Name field of every Export member",
        ),
        ("Mappings: {M: {a: b}}\nResources: {B: {Type: T}}\n", "Every Mappings member M must be a map"),
        (
            "Mappings: {M: {a: {b: {c: d}}}}\nResources: {B: {Type: T}}\n",
            "Every Mappings attribute must be a String or a List.",
        ),
        (
            "Conditions: {C: yes}\nResources: {B: {Type: T}}\n",
            "Conditions can only be boolean operations on parameters and other conditions",
        ),
        (
            "Conditions: {C: !Equals [a]}\nResources: {B: {Type: T}}\n",
            "every Fn::Equals object requires a list of 2 string parameters.",
        ),
        (
            "Conditions: {C: !And [!Condition A]}\nResources: {B: {Type: T}}\n",
            "every Fn::And object requires a list of at least 2",
        ),
        ("Rules: {}\nResources: {B: {Type: T}}\n", "rules are not evaluated here"),
        (
            "AWSTemplateFormatVersion: 2011-09-09\nResources: {B: {Type: T}}\n",
            "unsupported value for AWSTemplateFormatVersion",
        ),
    ] {
        let said = lines(&read(text).expect_err(text));
        assert!(said.contains(message), "{text} says {said}");
    }
}

#[test]
fn everything_that_is_wrong_with_the_form_is_told_at_once() {
    let text = "Foo: a\nParameters: {P: {Type: Text}, Q: {}}\nResources: {B: {}, C: {Type: T, Properties: {P: !Ref {}}}}\n";
    assert_eq!(read(text).unwrap_err().len(), 5);
}

#[test]
fn a_template_too_large_is_refused() {
    let text = format!("{BUCKET}Description: {}\n", "x".repeat(1_000_000));
    assert_eq!(read(&text).unwrap_err()[0].message, "Template may not exceed 1000000 bytes in size.");
}

#[test]
fn resources_are_ordered_by_what_they_name() {
    let template = template(
        "
Resources:
  A: {Type: T, DependsOn: [Z]}
  B: {Type: T, Properties: {P: [{Q: !GetAtt A.Arn}]}}
  C: {Type: T, Properties: {P: !Sub '${B}-${AWS::Region}'}}
  D: {Type: T, Properties: {P: !Sub ['${X}', {X: !If [C, !Ref C, a]}]}}
  E: {Type: T, Metadata: {M: !Ref D}}
  Y: {Type: T}
  Z: {Type: T}
",
    );
    assert_eq!(template.order().unwrap(), ["Y", "Z", "A", "B", "C", "D", "E"]);
}

#[test]
fn resources_that_wait_for_each_other_are_named() {
    let template = template(
        "
Resources:
  A: {Type: T, Properties: {P: !Ref C}}
  B: {Type: T, Properties: {P: !GetAtt A.Arn}}
  C: {Type: T, DependsOn: B}
  D: {Type: T, DependsOn: A}
  E: {Type: T}
",
    );
    let fault = template.order().unwrap_err();
    assert_eq!(fault.message, "Circular dependency between resources: [A, B, C]");
}

#[test]
fn arguments_are_held_to_the_rules_of_their_parameters() {
    let rules = template(
        "
Parameters:
  Free: {Type: String, Default: x}
  Short: {Type: String, Default: abc, MinLength: 2, MaxLength: 3}
  Word: {Type: String, Default: ab, AllowedPattern: '[a-z]+'}
  One: {Type: String, Default: a, AllowedValues: [a, 1]}
  Told: {Type: String, Default: a, AllowedValues: [a], ConstraintDescription: be a}
  Number: {Type: Number, Default: 5, MinValue: 1, MaxValue: 9}
  List: {Type: CommaDelimitedList, Default: 'a,b', AllowedValues: [a, b]}
  Vpc: {Type: 'AWS::EC2::VPC::Id', Default: vpc-1}
  Zones: {Type: 'List<Number>', Default: '1, 2'}
Resources: {B: {Type: T}}
",
    );
    let said = |name: &str, value: &str| {
        let given = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        rules.arguments(&given).map_or_else(|fault| fault.message, |arguments| arguments[name].clone())
    };
    for (name, value, expected) in [
        ("Free", "", ""),
        ("Short", "a", "Parameter 'Short' must contain at least 2 characters"),
        ("Short", "abcd", "Parameter 'Short' must contain at most 3 characters"),
        ("Word", "ab1", "Parameter 'Word' must match pattern [a-z]+"),
        ("One", "1", "1"),
        ("One", "b", "Parameter 'One' must be one of AllowedValues"),
        ("Told", "b", "Parameter Told failed to satisfy constraint: be a"),
        ("Number", "x", "Parameter 'Number' must be a number"),
        ("Number", "0", "Parameter 'Number' must be a number not less than 1"),
        ("Number", "10", "Parameter 'Number' must be a number not greater than 9"),
        ("List", "b, a", "b, a"),
        ("List", "a,c", "Parameter 'List' must be one of AllowedValues"),
        ("Vpc", "x", "Parameter validation failed: parameter value x for parameter name Vpc does not exist"),
        ("Zones", "1,x", "Parameter 'Zones' must be a number"),
        ("Nobody", "x", "Parameters: [Nobody] do not exist in the template"),
    ] {
        assert_eq!(said(name, value), expected, "{name} {value}");
    }
    let template =
        template("Parameters: {B: {Type: String}, A: {Type: String}}\nResources: {B: {Type: T}}\n");
    let fault = template.arguments(&BTreeMap::new()).unwrap_err();
    assert_eq!(fault.message, "Parameters: [A, B] must have values");
}

#[test]
fn loops_over_written_lists_are_written_out() {
    let text = "
Transform: AWS::LanguageExtensions
Conditions:
  Fn::ForEach::Conditions: [Zone, [a, b], {'Is&{Zone}': !Equals [!Ref Zone, a]}]
Resources:
  Fn::ForEach::Buckets:
    - Name
    - [logs.eu, data]
    - Bucket&{Name}:
        Type: AWS::S3::Bucket
        Properties:
          BucketName: !Sub '${Name}-${AWS::Region}'
          Fn::ForEach::Both: [Key, [x, y], {'${Key}': [!Ref Name, !Ref Key]}]
Outputs:
  Fn::ForEach::Told: [Name, [data], {'Told${Name}': {Value: !GetAtt [!Sub 'Bucket${Name}', Arn]}}]
";
    let said = lines(&read(text).unwrap_err());
    assert!(said.contains("every Fn::GetAtt object requires two non-empty parameters"), "{said}");
    let template = template(&text.replace("!Sub 'Bucket${Name}'", "'Bucket${Name}'"));
    let names: Vec<&String> = template.resources().keys().collect();
    assert_eq!(names, ["Bucketdata", "Bucketlogseu"]);
    assert_eq!(
        template.resources()["Bucketlogseu"].properties.to_string(),
        "{\"BucketName\":{\"Fn::Sub\":\"logs.eu-${AWS::Region}\"},\"x\":[\"logs.eu\",\"x\"],\"y\":[\"logs.eu\",\"y\"]}"
    );
    assert_eq!(template.outputs()["Tolddata"].value["Fn::GetAtt"][0], "Bucketdata");
    assert!(template.canonical().contains("Fn::ForEach::Buckets"));
}

#[test]
fn loops_that_cannot_be_written_out_are_refused() {
    let said = |resources: &str| {
        let text = format!("Transform: AWS::LanguageExtensions\nResources:\n  B: {{Type: T}}\n{resources}\n");
        lines(&read(&text).unwrap_err())
    };
    assert!(
        said("  Fn::ForEach::L: [A, !Ref P, {'X${A}': {Type: T}}]")
            .contains("Fn::ForEach needs an identifier")
    );
    assert!(said("  Fn::ForEach::L: [A, [a], {B: {Type: T}}]").contains("the key `B` is made twice"));
    let mut body = "{Type: T}".to_owned();
    for level in 0..6 {
        let words = "[a, b, c, d, e, f, g, h, i, j]";
        body = format!(
            "{{Type: T, 'Fn::ForEach::L{level}': [A{level}, {words}, {{'X${{A{level}}}': {body}}}]}}"
        );
    }
    assert!(said(&format!("  C: {body}")).contains("makes more than 100000 values"));
}
