//! Looks that go to every stack, and those that do not: what each costs, and what each sees.

use crate::deployments::applied;
use crate::support::{DEPLOYED, Lab, with, zone, zone_in};
use glidepath_engine::{Depth, Events, detect};
use glidepath_model::deployment::{Listing, ResourceState};
use glidepath_plan::drift::Detected;
use glidepath_plan::{DriftReport, LandingZone, Plan, Spec};
use glidepath_sandbox::Tampering;
use serde_json::{Value, json};

const SET: &str = "ssm-session-manager";
/// A set that retains nothing, so that its stacks can be made again.
const PLAIN: &str = "ssm-patching";
/// Another one, on whole units.
const UNITS: &str = "config-recorder";

/// 30 accounts in four Regions, but for one that is spared until a day.
fn spread(spare: &str, until: &str) -> LandingZone {
    let accounts: Vec<String> = (0..30).map(|number| format!("a{number}: ")).collect();
    let except = format!("except: [{{target: account/{spare}, until: {until}, reason: trial}}]");
    let text = format!(
        "  id: o-a1b2c3d4e5\nunits: {{Workloads: {{accounts: {{{}}}}}}}\n\
         blueprints: [{{use: {PLAIN}, on: [Workloads], {except}}}]\n",
        accounts.join(", ")
    );
    zone_in("regions: [eu-west-1, eu-central-1, us-east-1, us-west-2]", &text)
}

fn plan_of(lab: &Lab, zone: &LandingZone, depth: Depth) -> Plan {
    crate::support::planned(zone, &lab.observe_to(zone, depth))
}

fn cloudformation_calls(lab: &Lab) -> usize {
    // Only CloudFormation speaks the query protocol in a look.
    lab.tape.calls().iter().filter(|call| call.request.starts_with("Action=")).count()
}

fn told(plan: &Plan) -> Vec<String> {
    plan.unlisted.iter().map(ToString::to_string).collect()
}

#[test]
fn a_large_set_of_single_accounts_is_known_by_its_last_operation_and_listed_when_it_has_to_change() {
    let before = spread("a7", "2027-03-31");
    let lab = applied(&before);
    lab.tape.wipe();
    let seen = lab.observe(&before);
    let set = &seen.deployments.stack_sets[PLAIN];
    assert_eq!((set.listing, set.instances.len()), (Listing::Traced, 0));
    // One page of stack sets, and one of stacks in each of two Regions.
    assert!(cloudformation_calls(&lab) <= 6 + 3, "{:?}", lab.tape.calls());
    let plan = lab.plan(&before);
    assert!(plan.is_empty() && plan.gaps.is_empty(), "{plan:#?}");
    assert_eq!(told(&plan), [format!("stack-set-targets/{PLAIN}")]);

    let deep = lab.observe_to(&before, Depth::Deep);
    let set = &deep.deployments.stack_sets[PLAIN];
    assert_eq!((set.listing, set.instances.len()), (Listing::Every, 29 * 4));
    assert_eq!(told(&plan_of(&lab, &before, Depth::Deep)), Vec::<String>::new());

    let after = spread("a8", "2027-03-31");
    let plan = lab.plan(&after);
    let [change] = plan.changes.as_slice() else { panic!("{:#?}", plan.changes) };
    let members = |spec: Option<&Spec>| match spec {
        Some(Spec::StackSetTargets(spec)) => spec.members.clone(),
        other => panic!("{other:?}"),
    };
    let (before, after_it) = (members(change.action.before()), members(change.action.after()));
    let told: Vec<String> = before.symmetric_difference(&after_it).map(ToString::to_string).collect();
    let regions = ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"];
    let expected =
        ["a7", "a8"].iter().flat_map(|name| regions.map(|region| format!("account/{name}@{region}")));
    assert_eq!(told, expected.collect::<Vec<_>>());
    lab.apply(&after).assert_complete();
    assert_eq!(lab.observe(&after).deployments.stack_sets[PLAIN].listing, Listing::Traced);
    lab.assert_settled(&after);
}

#[test]
fn what_somebody_else_did_to_a_set_makes_a_look_list_it() {
    let zone = spread("a7", "2027-03-31");
    let lab = applied(&zone);
    take_out(&lab, &zone, PLAIN, "account/a3");
    let plan = lab.plan(&zone);
    let [change] = plan.changes.as_slice() else { panic!("{:#?}", plan.changes) };
    assert!(format!("{:?}", change.action.fields()).contains("account/a3@eu-west-1"), "{change:?}");
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
}

/// Takes the stack of an account out of the set, behind the engine's back.
fn take_out(lab: &Lab, zone: &LandingZone, set: &str, account: &str) {
    let targets = json!({
        "OrganizationalUnitIds": [lab.physical(zone, "unit/Workloads")], "Accounts": [lab.physical(zone, account)],
        "AccountFilterType": "INTERSECTION",
    });
    let request = json!({
        "StackSetName": set, "DeploymentTargets": targets, "Regions": ["eu-west-1"], "RetainStacks": false,
    });
    lab.cloudformation("DeleteStackInstances", request);
    lab.advance(3_600);
}

#[test]
fn a_stack_that_somebody_took_out_of_a_unit_is_found_by_a_deep_look_alone_and_made_again() {
    let zone = zone(DEPLOYED);
    let mut lab = applied(&zone);
    take_out(&lab, &zone, UNITS, "account/shop-prod");
    assert_eq!(lab.instances(UNITS).len(), 3);
    let plan = lab.plan(&zone);
    assert!(plan.is_empty(), "{:#?}", plan.changes);
    assert!(told(&plan).contains(&format!("stack-set-targets/{UNITS}")));

    let plan = plan_of(&lab, &zone, Depth::Deep);
    let [change] = plan.changes.as_slice() else { panic!("{:#?}", plan.changes) };
    let fields = format!("{:?}", change.action.fields());
    assert!(fields.contains("account/shop-prod@eu-west-1") && fields.contains("missing"), "{fields}");
    lab.depth = Depth::Deep;
    lab.apply(&zone).assert_complete();
    assert_eq!(lab.instances(UNITS).len(), 4);
    assert!(plan_of(&lab, &zone, Depth::Deep).is_empty());
    let targets = lab.cloudformation("ListStackSetAutoDeploymentTargets", json!({"StackSetName": UNITS}));
    assert_eq!(targets["Summaries"].as_array().unwrap().len(), 2, "no unit became a target by it: {targets}");
}

fn detected(lab: &Lab, zone: &LandingZone) -> Detected {
    let snapshot = lab.observe_to(zone, Depth::Deep);
    lab.run(async |aws| detect(aws, zone, &snapshot, &Events::silent()).await.unwrap())
}

/// Changes the preferences of Session Manager in an account, or removes them.
fn tamper(lab: &Lab, account: &str, property: Option<(&str, Value)>) {
    let (property, value) = property.map(|(property, value)| (property.to_owned(), value)).unzip();
    let tampering = Tampering {
        account: account.to_owned(),
        region: "eu-west-1".to_owned(),
        ty: "AWS::SSM::Document".to_owned(),
        id: "SSM-SessionManagerRunShell".to_owned(),
        property,
        value,
    };
    lab.sandbox.tamper(&tampering).unwrap();
}

#[test]
fn nothing_that_was_left_alone_is_drifted() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    assert_eq!(detected(&lab, &zone), Detected::default());
}

#[test]
fn a_changed_property_and_a_deleted_resource_are_told_by_account_region_and_resource() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    let [shop, root] = [lab.physical(&zone, "account/shop-prod"), "111122223333".to_owned()];
    tamper(&lab, &shop, Some(("Content/sessionType", json!("Port"))));
    tamper(&lab, &root, None);
    let found = detected(&lab, &zone);
    assert_eq!(found.gaps, []);
    let [(targets, member), (stack, own)] = found.stacks.as_slice() else { panic!("{found:#?}") };
    let (stack, targets) = (stack.to_string(), targets.to_string());
    assert_eq!((stack, targets), (format!("stack/{SET}@eu-west-1"), format!("stack-set-targets/{SET}")));
    assert_eq!((own.account.as_str(), own.region.as_str()), (root.as_str(), "eu-west-1"));
    let [gone] = own.resources.as_slice() else { panic!("{own:#?}") };
    assert_eq!((gone.logical_id.as_str(), gone.state), ("Preferences", ResourceState::Deleted));
    assert_eq!((member.account.as_str(), member.region.as_str()), (shop.as_str(), "eu-west-1"));
    let [changed] = member.resources.as_slice() else { panic!("{member:#?}") };
    assert_eq!((changed.logical_id.as_str(), changed.state), ("Preferences", ResourceState::Modified));
    let [property] = changed.properties.as_slice() else { panic!("{changed:#?}") };
    assert_eq!(property.path, "/Content/sessionType");
    assert!(
        property.expected.contains("Standard_Stream") && property.actual.contains("Port"),
        "{property:?}"
    );

    let plan = lab.plan(&zone);
    let mut report = DriftReport::of(&plan, &zone);
    assert!(!report.is_drift());
    report.add(found, &plan);
    assert!(report.is_drift() && report.is_complete());
    assert_eq!(report.stacks[0].name, "shop-prod");
    let json: DriftReport = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(json, report);
}

#[test]
fn what_could_not_be_compared_is_a_gap() {
    let zone = zone(DEPLOYED);
    let lab = applied(&zone);
    let shop = lab.physical(&zone, "account/shop-prod");
    let request =
        json!({"StackSetName": SET, "StackInstanceAccount": shop, "StackInstanceRegion": "eu-west-1"});
    let stack = lab.cloudformation("DescribeStackInstance", request)["StackInstance"]["StackId"].clone();
    lab.cloudformation_of(&shop, "eu-west-1", "DeleteStack", json!({"StackName": stack}));
    lab.advance(3_600);
    lab.tape.deny("DetectStackDrift", "");
    let found = detected(&lab, &zone);
    assert_eq!(found.stacks, []);
    let gaps: Vec<(&str, &str)> =
        found.gaps.iter().map(|gap| (gap.prefix.as_str(), gap.operation.as_str())).collect();
    let (own, set) = (format!("stack/{SET}@eu-west-1"), format!("stack-set-targets/{SET}"));
    let expected =
        [(set.as_str(), "cloudformation:DetectStackSetDrift"), (&own, "cloudformation:DetectStackDrift")];
    assert_eq!(gaps, expected);
    assert!(found.gaps[0].error.contains(&shop), "{:?}", found.gaps);
    let plan = lab.plan(&zone);
    let mut report = DriftReport::of(&plan, &zone);
    report.add(found, &plan);
    assert!(!report.is_complete());
}

#[test]
fn a_set_that_was_deleted_is_made_again_under_an_equal_plan() {
    let text = with(DEPLOYED, &[("  - {use: config-recorder, on: [Security, Workloads]}\n", "")]);
    let lab = applied(&zone(&text));
    let after = zone(DEPLOYED);
    let first = lab.apply(&after);
    first.assert_complete();
    lab.apply(&zone(&text)).assert_complete();
    let again = lab.apply(&after);
    again.assert_complete();
    let changes = |applied: &crate::support::Applied| serde_json::to_value(&applied.plan.changes).unwrap();
    assert_eq!(changes(&first), changes(&again), "the plans are equal");
    lab.assert_settled(&after);
    assert_eq!(lab.instances(UNITS).len(), 4);
}
