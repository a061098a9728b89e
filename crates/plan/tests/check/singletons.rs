//! What an account has once in a Region, where a stack is about to make it: spared, replaced or refused.

use crate::support::{made, plan, steps, zone};
use glidepath_model::Target;
use glidepath_model::organization::Snapshot;
use glidepath_model::singleton::{Existing, Singleton};
use glidepath_plan::deployment::Member;
use glidepath_plan::plan::GateName;
use glidepath_plan::singleton::expected;
use glidepath_plan::world::World;
use glidepath_plan::{Plan, Spec};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const UNITS: &str = "units: {Workloads: {accounts: {shop: , till: }}, Other: {accounts: {lab: }}}\n";
const SET: &str = "stack-set-targets/config-recorder";

fn body(on: &str) -> String {
    let entries = "{use: log-archive, on: [account/lab]}, {use: config-recorder, on: [ON]}".replace("ON", on);
    format!("{UNITS}blueprints: [{entries}]\n")
}

/// The properties of the template's resources where nothing is left out.
fn recorder(recording: bool, everything: bool) -> Value {
    json!({
        "StartedOnCreate": recording, "RecordingMode": {"RecordingFrequency": "CONTINUOUS"},
        "RecordingGroup": {"AllSupported": everything, "IncludeGlobalResourceTypes": true},
    })
}

fn channel(bucket: &str) -> Value {
    json!({"S3BucketName": bucket})
}

/// A world in which units and accounts are, and an account has these; the other accounts were asked and have none.
fn having(account: &str, all: &[(Singleton, Value)]) -> Snapshot {
    let mut snapshot = made(UNITS);
    let ids: BTreeMap<String, _> =
        snapshot.accounts.values().map(|one| (one.name.clone(), one.id.clone())).collect();
    for name in ["shop", "till"] {
        let mut found: BTreeMap<Singleton, Option<Existing>> =
            [Singleton::ConfigRecorder, Singleton::DeliveryChannel]
                .into_iter()
                .map(|one| (one, None))
                .collect();
        if name == account {
            let there = all.iter().map(|(one, properties)| {
                (*one, Some(Existing { id: "default".into(), properties: properties.clone() }))
            });
            found.extend(there);
        }
        snapshot.deployments.singletons.insert((ids[name].clone(), "eu-west-1".into()), found);
    }
    snapshot
}

fn bucket() -> String {
    "glidepath-config-o-a1b2c3d4e5".to_owned()
}

fn after(plan: &Plan) -> glidepath_plan::kind::stack_set_targets::StackSetTargetsSpec {
    let change = plan.changes.iter().find(|change| change.address.to_string() == SET).unwrap();
    match change.action.after() {
        Some(Spec::StackSetTargets(spec)) => spec.clone(),
        other => panic!("{other:?}"),
    }
}

fn shop() -> Member {
    Member { target: Target::Account("shop".into()), region: "eu-west-1".into() }
}

#[test]
fn accounts_about_to_get_a_stack_are_asked_and_no_others() {
    let zone = zone(&body("Workloads"));
    let snapshot = made(UNITS);
    let world = World::new(&zone, &snapshot);
    let asked = expected(&world);
    let addresses: Vec<String> = asked.keys().map(ToString::to_string).collect();
    assert_eq!(addresses, [SET], "the archive makes nothing that is there once");
    let (spots, singletons) = asked.values().next().unwrap();
    assert_eq!(spots.len(), 2);
    assert_eq!(*singletons, BTreeSet::from([Singleton::ConfigRecorder, Singleton::DeliveryChannel]));

    let deployed = made(&body("Workloads"));
    assert_eq!(expected(&World::new(&zone, &deployed)), BTreeMap::new(), "all have theirs");
}

#[test]
fn an_account_whose_recorder_does_what_is_wanted_is_spared() {
    let there =
        [(Singleton::ConfigRecorder, recorder(true, true)), (Singleton::DeliveryChannel, channel(&bucket()))];
    let plan = plan(&zone(&body("Workloads")), &having("shop", &there));
    assert_eq!(after(&plan).spared, BTreeSet::from([shop()]));
    assert!(plan.refusals.is_empty() && plan.gates.is_empty(), "{:?} {:?}", plan.refusals, plan.gates);
    let told: Vec<&str> = plan.notices.iter().map(|notice| notice.text.as_str()).collect();
    assert!(
        told.iter().any(|text| text.contains("no stack is made for `account/shop@eu-west-1`")),
        "{told:?}"
    );
    // Among single accounts it is no member.
    let single = crate::support::plan(&zone(&body("account/shop, account/till")), &having("shop", &there));
    assert_eq!(after(&single).members.len(), 1);
    assert!(!after(&single).members.contains(&shop()));
}

#[test]
fn settings_that_differ_are_replaced_behind_a_gate() {
    for there in [
        vec![
            (Singleton::ConfigRecorder, recorder(false, true)),
            (Singleton::DeliveryChannel, channel(&bucket())),
        ],
        vec![
            (Singleton::ConfigRecorder, recorder(true, false)),
            (Singleton::DeliveryChannel, channel(&bucket())),
        ],
        vec![
            (Singleton::ConfigRecorder, recorder(true, true)),
            (Singleton::DeliveryChannel, channel("other")),
        ],
        vec![(Singleton::ConfigRecorder, recorder(true, true))],
    ] {
        let plan = plan(&zone(&body("Workloads")), &having("shop", &there));
        let kinds: BTreeSet<Singleton> = there.iter().map(|(one, _)| *one).collect();
        assert_eq!(after(&plan).replaces, BTreeMap::from([(shop().to_string(), kinds)]), "{there:?}");
        let gates: Vec<GateName> = plan.gates.iter().map(|gate| gate.name).collect();
        assert_eq!(gates, [GateName::SingletonReplace], "{there:?}");
        assert!(plan.gates[0].summary.contains("`account/shop@eu-west-1`"), "{}", plan.gates[0].summary);
        assert!(plan.refusals.is_empty());
    }
}

#[test]
fn what_would_lose_its_findings_is_refused() {
    let units = "units: {Security: {accounts: {security: }}}\n";
    let zone = zone(&format!("{units}blueprints: [{{use: guardduty-org}}]\n"));
    let mut snapshot = made(units);
    let asked = expected(&World::new(&zone, &snapshot));
    let Some((address, (spots, _))) = asked.into_iter().next() else { panic!("nobody is asked") };
    let disabled = Existing { id: "d".into(), properties: json!({"Enable": false, "Features": []}) };
    for spot in spots {
        let found = BTreeMap::from([(Singleton::Detector, Some(disabled.clone()))]);
        snapshot.deployments.singletons.insert(spot, found);
    }
    let plan = plan(&zone, &snapshot);
    let refused: Vec<&str> = plan.refusals.iter().map(|refusal| refusal.code.as_str()).collect();
    assert_eq!(refused, ["singleton-there"]);
    assert_eq!(plan.refusals[0].addresses, [address]);
    assert!(
        plan.refusals[0].summary.contains("a detector of GuardDuty is there already in `account/security@")
    );
}

#[test]
fn a_second_plan_of_a_spared_account_changes_nothing() {
    let there =
        [(Singleton::ConfigRecorder, recorder(true, true)), (Singleton::DeliveryChannel, channel(&bucket()))];
    let zone = zone(&body("Workloads"));
    let first = plan(&zone, &having("shop", &there));
    let snapshot = crate::support::model::Model::apply(&having("shop", &there), &first);
    let second = plan(&zone, &snapshot);
    assert_eq!(steps(&second), Vec::<String>::new());
}
