//! Guardrails that detect or judge templates: what a file of one may say, and what is complained of.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use glidepath_guardrails::{
    Argument, Catalogue, ExemptPrincipals, Guardrail, PackError, PackRoom, Reach, Resolved, Surroundings,
    conformance_packs, controls_of_standard,
};
use std::collections::{BTreeMap, BTreeSet};

const HEAD: &str = "id: ours\ntitle: Ours\narea: 2\nservice: IAM\nseverity: low\n";
const RATIONALE: &str = "rationale: one two three four five six seven eight nine ten one two three four five six \
                         seven eight nine ten\n";

fn config_rule(rest: &str) -> String {
    format!("{HEAD}behaviour: detective\nmechanism: config-rule\n{RATIONALE}{rest}")
}

fn faults(rest: &str) -> Vec<String> {
    let text = config_rule(rest);
    match Guardrail::read("ours.yaml", &text) {
        Err(faults) => faults.into_iter().map(|fault| fault.message).collect(),
        Ok(guardrail) => {
            let findings = guardrail.check().into_iter().map(|fault| fault.message);
            let report = guardrail.run_cases();
            findings.chain(report.failures().flat_map(|failure| failure.faults.clone())).collect()
        }
    }
}

fn surroundings() -> Surroundings {
    Surroundings {
        organization: None,
        regions: vec!["eu-west-1".to_owned()],
        management: None,
        exempt: ExemptPrincipals::new([]).unwrap(),
    }
}

#[test]
fn a_rule_without_parameters_needs_no_case() {
    assert_eq!(faults("rules: [{identifier: IAM_ROOT_ACCESS_KEY_CHECK}]"), Vec::<String>::new());
}

#[test]
fn an_identifier_that_aws_does_not_have_is_told_with_the_nearest() {
    let wanted = "AWS Config has no managed rule `IAM_ROOT_ACCES_KEY_CHECK`; did you mean `IAM_ROOT_ACCESS_KEY_CHECK`?";
    assert_eq!(faults("rules: [{identifier: IAM_ROOT_ACCES_KEY_CHECK}]"), [wanted]);
}

#[test]
fn inputs_are_those_of_the_managed_rule_and_of_its_types() {
    let found = faults("rules: [{identifier: ACCESS_KEYS_ROTATED, inputs: {maxKeyAge: \"90\"}}]");
    assert_eq!(
        found,
        [
            "`ACCESS_KEYS_ROTATED` wants the input `maxAccessKeyAge`",
            "`ACCESS_KEYS_ROTATED` has no input `maxKeyAge`: it has maxAccessKeyAge",
        ]
    );
    let found = faults("rules: [{identifier: ACCESS_KEYS_ROTATED, inputs: {maxAccessKeyAge: ninety}}]");
    assert_eq!(found, ["`ninety` for `maxAccessKeyAge` of `ACCESS_KEYS_ROTATED` is not a whole number"]);
}

#[test]
fn a_scope_is_what_the_managed_rule_looks_at() {
    let found = faults("rules: [{identifier: EC2_IMDSV2_CHECK, types: AWS::S3::Bucket}]");
    assert_eq!(found, ["`EC2_IMDSV2_CHECK` does not look at `AWS::S3::Bucket`"]);
    let found = faults("rules: [{identifier: MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS, tag: {key: team}}]");
    assert_eq!(found, ["`MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS` is fired by the clock and takes no scope"]);
}

#[test]
fn two_rules_of_one_identifier_are_told_apart() {
    let rule = "{identifier: IAM_ROOT_ACCESS_KEY_CHECK}";
    let found = faults(&format!("rules: [{rule}, {rule}]"));
    assert_eq!(found, ["two rules are `IAM_ROOT_ACCESS_KEY_CHECK`: tell them apart by `as`"]);
}

#[test]
fn a_parameter_fills_something_and_a_case_changes_it() {
    let parameter = "parameters: {days: {type: integer, default: 90, description: Days.}}\n";
    let found = faults(&format!("{parameter}rules: [{{identifier: IAM_ROOT_ACCESS_KEY_CHECK}}]"));
    assert_eq!(
        found,
        [
            "nothing is filled with the parameter `days`",
            "a case of `inputs` is wanted that gives a parameter another value",
        ]
    );
}

#[test]
fn a_case_that_says_other_inputs_fails() {
    let found = faults(
        "parameters: {days: {type: integer, default: 90, description: Days.}}\n\
         rules: [{identifier: ACCESS_KEYS_ROTATED, inputs: {maxAccessKeyAge: {$param: days}}}]\n\
         cases:\n\
         \x20 - {says: a, expect: inputs, with: {days: 30}, inputs: {ACCESS_KEYS_ROTATED: {maxAccessKeyAge: \"90\"}}}\n\
         \x20 - {says: b, expect: inputs, inputs: {IAM_ROOT_ACCESS_KEY_CHECK: {}}}\n",
    );
    assert_eq!(
        found,
        [
            "`ACCESS_KEYS_ROTATED` has the inputs {\"maxAccessKeyAge\":\"30\"}, not {\"maxAccessKeyAge\":\"90\"}",
            "the case does not speak of `ACCESS_KEYS_ROTATED`",
            "there is no `IAM_ROOT_ACCESS_KEY_CHECK`",
        ]
    );
}

#[test]
fn a_guardrail_by_config_rules_has_no_policy() {
    let found = faults("rules: [{identifier: IAM_ROOT_ACCESS_KEY_CHECK}]\npolicy: {a: b}");
    assert_eq!(found, ["`policy` has no place here: a guardrail by config-rule has `rules`"]);
}

#[test]
fn the_rules_of_one_guardrail_are_not_torn_apart() {
    let text = config_rule(
        "parameters: {names: {type: list<text>, characters: a-z, description: Names., default: [a, b, c]}}\n\
         rules: [{identifier: SERVICE_VPC_ENDPOINT_ENABLED, each: names, inputs: {serviceName: $(item)}}]\n",
    );
    let guardrail = Guardrail::read("ours.yaml", &text).unwrap();
    let resolved = guardrail.resolve(&BTreeMap::new(), &surroundings(), &BTreeSet::new()).unwrap();
    let Resolved::Rules(rules) = resolved else { return assert_eq!(0, 1, "no rules") };
    let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    let wanted = ["a", "b", "c"].map(|item| format!("ours--service-vpc-endpoint-enabled-{item}"));
    assert_eq!(names, wanted);
    let reach = Reach {
        governed: BTreeSet::from(["eu-west-1".to_owned()]),
        home: "eu-west-1".to_owned(),
        control: "us-east-1".to_owned(),
    };
    let packed = conformance_packs("p", &rules, &reach, PackRoom { rules: 2, bytes: 51_200 });
    assert_eq!(packed, Err(PackError::TooLarge { guardrail: "ours".to_owned() }));
}

#[test]
fn a_rule_is_left_to_security_hub_only_with_the_guardrails_own_inputs() {
    let catalogue = Catalogue::built_in();
    let guardrail = catalogue.get("iam-credentials-fresh").unwrap();
    let covered = |days: i64| {
        let arguments = BTreeMap::from([("maxAccessKeyAge".to_owned(), Argument::Integer(days))]);
        let resolved = guardrail.resolve(&arguments, &surroundings(), &BTreeSet::new()).unwrap();
        let Resolved::Rules(rules) = resolved else { return Vec::new() };
        let running = controls_of_standard("fsbp").unwrap();
        rules.iter().map(|rule| rule.is_covered_by(running)).collect()
    };
    // IAM.3 is of that standard and looks for 90 days; IAM.22 is of none that is known here.
    assert_eq!(covered(90), [true, false]);
    assert_eq!(covered(30), [false, false]);
}

#[test]
fn a_template_that_no_rule_judges_is_no_case() {
    let text = format!(
        "{HEAD}behaviour: proactive\nmechanism: cfn-guard\n{RATIONALE}\
         guard:\n  types: [AWS::S3::Bucket]\n  rules: |\n    rule R {{\n      Resources.X exists\n    }}\n    \
         # AWS::S3::Bucket\n\
         cases:\n\
         \x20 - {{says: a, expect: passes, template: {{Resources: {{Q: {{Type: AWS::SQS::Queue}}}}}}}}\n\
         \x20 - {{says: b, expect: fails, template: {{Resources: {{B: {{Type: AWS::S3::Bucket}}}}}}}}\n"
    );
    let guardrail = Guardrail::read("ours.yaml", &text).unwrap();
    assert_eq!(guardrail.check(), Vec::new());
    let failures: Vec<String> =
        guardrail.run_cases().failures().flat_map(|failure| failure.faults.clone()).collect();
    assert_eq!(failures, ["the template has no resource that the rules judge"]);
}
