//! What is said of blueprints that cannot be deployed as the manifest has them.

use crate::support::{HEAD, manifest, today};
use glidepath_guardrails::Catalogue;
use glidepath_model::Address;
use glidepath_plan::deployment::{KeyPlace, ParameterValue};
use glidepath_plan::{Desired, Spec, resolve};

/// The codes of what is said about a manifest's body.
fn said(head: &str, body: &str) -> Vec<(&'static str, String)> {
    let manifest = manifest(&format!("{head}{body}"));
    let found = match resolve(&manifest, Catalogue::built_in(), today()) {
        Ok(zone) => zone.findings,
        Err(found) => found,
    };
    let mut told: Vec<(&str, String)> = found.into_iter().map(|one| (one.code, one.summary)).collect();
    told.sort();
    told.dedup();
    told
}

const UNITS: &str =
    "units: {Security: {accounts: {log-archive: , security: }}, Workloads: {accounts: {shop: }}}\n";

#[test]
fn each_mistake_has_its_code_and_says_what_it_is_about() {
    let rows = [
        ("{use: config-recoder, on: [Workloads]}", "GP0903", "there is no blueprint `config-recoder`"),
        (
            "{use: ssm-session-manager, on: [Workloads], with: {colour: red}}",
            "GP0905",
            "no parameter `colour`",
        ),
        ("{use: ssm-session-manager}", "GP0906", "`ssm-session-manager` is deployed nowhere"),
        ("{use: log-archive, on: [Security]}", "GP0907", "it is not clear which"),
        ("{use: config-recorder, on: [Workloads]}", "GP0908", "needs the blueprint `log-archive`"),
        (
            "{use: account-baseline, on: [Workloads]}",
            "GP0911",
            "needs `account-password-policy`, `account-public",
        ),
    ];
    for (entry, code, words) in rows {
        let told = said(HEAD, &format!("{UNITS}blueprints: [{entry}]\n"));
        let found = told.iter().any(|(its, summary)| *its == code && summary.contains(words));
        assert!(found, "{entry}: {told:?}");
    }
}

#[test]
fn logging_stands_for_its_blueprints_and_one_of_the_same_name_takes_its_place() {
    let logging = "logging: {archive: log-archive, sources: [organizationTrail, config, elb]}\n";
    let zone = crate::support::zone(&format!("{UNITS}{logging}"));
    let deployed: Vec<String> = zone.deployments.keys().map(ToString::to_string).collect();
    assert_eq!(
        deployed,
        [
            "stack-set/access-log-buckets",
            "stack-set/athena-log-analytics",
            "stack-set/config-aggregator",
            "stack-set/config-recorder",
            "stack-set/log-archive",
            "stack/access-log-buckets@eu-west-1",
            "stack/cloudtrail-org-trail@eu-west-1",
            "stack/config-recorder@eu-west-1",
            "stack/config-recorder@us-east-1",
        ]
    );
    let own = "blueprints: [{use: config-recorder, on: [Workloads], with: {frequency: DAILY}}]\n";
    let zone = crate::support::zone(&format!("{UNITS}{logging}{own}"));
    assert!(zone.deployments.keys().all(|one| one.to_string() != "stack/config-recorder@eu-west-1"));
}

#[test]
fn a_lock_that_nobody_can_undo_wants_its_own_consent_once() {
    let body = |mode: &str| {
        format!(
            "{UNITS}logging: {{archive: log-archive, sources: [organizationTrail], \
             lock: {{mode: {mode}, days: 30d}}}}\n"
        )
    };
    let gates = |plan: &glidepath_plan::Plan| -> Vec<&'static str> {
        plan.gates.iter().map(|gate| gate.name.word()).filter(|word| *word == "compliance-lock").collect()
    };
    let empty = crate::support::world::empty();
    let first = crate::support::plan(&crate::support::zone(&body("compliance")), &empty);
    assert_eq!(gates(&first), ["compliance-lock"]);
    let soft = crate::support::plan(&crate::support::zone(&body("governance")), &empty);
    assert_eq!(gates(&soft), Vec::<&str>::new());
    let again = crate::support::replan(&body("compliance"), "", &body("compliance"));
    assert_eq!(gates(&again), Vec::<&str>::new());
}

#[test]
fn a_blueprint_that_names_an_id_waits_until_the_manifest_says_it() {
    let before = HEAD.replace("  id: o-a1b2c3d4e5\n", "");
    let body = format!("{UNITS}blueprints: [{{use: log-archive}}]\n");
    let told = said(&before, &body);
    assert_eq!(told, [("GP0910", "`log-archive` waits for the organization's id".to_owned())]);
    assert_eq!(said(HEAD, &body), []);
}

#[test]
fn a_value_may_be_a_key_of_the_manifest_that_is_there_to_stay() {
    let keys = "keys: {logs: {account: log-archive, regions: [us-east-1]}, old: {account: log-archive, regions: [eu-west-1], retire: {after: 30d}}}\n";
    let entry = |value: &str| {
        format!(
            "{UNITS}{keys}blueprints: [{{use: log-archive, on: [account/log-archive], with: {{key_arn: {value}}}}}]\n"
        )
    };
    let told = |value: &str| -> Vec<(&'static str, String)> { said(HEAD, &entry(value)) };
    for (value, words) in [("key/log", "`log` is not a key"), ("key/old", "`old` is to be retired")] {
        let told = told(value);
        assert!(told.iter().any(|(code, text)| *code == "GP0913" && text.contains(words)), "{told:?}");
    }
    let zone = crate::support::zone(&entry("key/logs"));
    let set = Address::parse("stack-set/log-archive").unwrap();
    let Some(Desired::Present(Spec::StackSet(spec))) = zone.desired.get(&set) else {
        panic!("{:?}", zone.desired)
    };
    let place = KeyPlace { key: "logs".to_owned(), region: "us-east-1".to_owned() };
    assert_eq!(spec.parameters["KeyArn"], ParameterValue::KeyArn(place));
    assert!(spec.template.to_string().contains(r#""KMSMasterKeyID":{"Ref":"KeyArn"}"#), "{}", spec.template);
}
