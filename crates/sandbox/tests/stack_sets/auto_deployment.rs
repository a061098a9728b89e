//! Instances that follow accounts.

use super::{EUROPE, REGION, World, targeting, text};
use serde_json::json;

fn arn(world: &World, set: &str) -> String {
    text(&world.ok("DescribeStackSet", json!({"StackSetName": set}))["StackSet"]["StackSetARN"])
}

#[test]
fn an_account_that_comes_into_a_unit_at_any_depth_gets_its_instances_and_loses_them_when_it_leaves() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let inner = world.unit(&unit, "Prod");
    let shop = world.account("shop");
    world.automatic_set("baseline", json!({}));
    world.deploy("baseline", &unit, &[EUROPE, REGION]);
    world.place(&shop, &root, &inner);
    assert_eq!(world.operations("baseline"), ["CREATE SUCCEEDED", "CREATE RUNNING"]);
    world.settle();
    assert_eq!(
        world.instances("baseline"),
        [format!("{shop} {EUROPE} CURRENT SUCCEEDED"), format!("{shop} {REGION} CURRENT SUCCEEDED")]
    );
    assert_eq!(world.instance("baseline", &shop, REGION)["OrganizationalUnitId"], unit);
    // Inside the unit nothing changes.
    world.place(&shop, &inner, &unit);
    assert_eq!(world.operations("baseline").len(), 2);
    world.place(&shop, &unit, &root);
    world.settle();
    assert_eq!(world.instances("baseline"), Vec::<String>::new());
    assert_eq!(world.operations("baseline").last().unwrap(), "DELETE SUCCEEDED");
}

#[test]
fn a_new_account_gets_the_instances_of_the_root() {
    let world = World::new();
    let root = world.root();
    world.automatic_set("baseline", json!({}));
    world.deploy("baseline", &root, &[REGION]);
    let shop = world.account("shop");
    world.settle();
    assert_eq!(world.instances("baseline"), [format!("{shop} {REGION} CURRENT SUCCEEDED")]);
}

#[test]
fn between_two_units_an_account_loses_first_and_then_gets() {
    let world = World::new();
    let root = world.root();
    let (one, two) = (world.unit(&root, "One"), world.unit(&root, "Two"));
    let shop = world.accounts_in(&one, &["shop"]).remove(0);
    world.automatic_set("baseline", json!({}));
    world.deploy("baseline", &one, &[REGION]);
    world.deploy("baseline", &two, &[REGION]);
    let first = world.instance("baseline", &shop, REGION)["StackId"].clone();
    world.place(&shop, &one, &two);
    let begun = world.operations("baseline");
    assert_eq!(begun[2..], ["DELETE RUNNING", "CREATE QUEUED"]);
    world.settle();
    let instance = world.instance("baseline", &shop, REGION);
    assert_eq!(instance["OrganizationalUnitId"], two);
    assert_ne!(instance["StackId"], first);
}

#[test]
fn a_unit_that_covers_an_account_before_and_after_keeps_its_instances() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let shop = world.account("shop");
    world.automatic_set("baseline", json!({}));
    world.deploy("baseline", &root, &[REGION]);
    world.deploy("baseline", &unit, &[REGION, EUROPE]);
    let first = world.instance("baseline", &shop, REGION)["StackId"].clone();
    world.place(&shop, &root, &unit);
    world.settle();
    assert_eq!(world.instance("baseline", &shop, REGION)["StackId"], first);
    assert_eq!(world.instance("baseline", &shop, EUROPE)["OrganizationalUnitId"], unit);
    assert_eq!(world.operations("baseline"), ["CREATE SUCCEEDED"; 3]);
}

#[test]
fn filters_overrides_and_preferences_count_for_nothing() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let kept_out = world.accounts_in(&unit, &["kept-out"]).remove(0);
    world.automatic_set("baseline", json!({}));
    let mut request = targeting("baseline", &unit, &[REGION]);
    request["DeploymentTargets"]["Accounts"] = json!([kept_out]);
    request["DeploymentTargets"]["AccountFilterType"] = json!("DIFFERENCE");
    request["ParameterOverrides"] = json!([{"ParameterKey": "Text", "ParameterValue": "own"}]);
    world.ok("CreateStackInstances", request);
    world.settle();
    assert_eq!(world.instances("baseline"), Vec::<String>::new());
    world.place(&kept_out, &unit, &root);
    world.place(&kept_out, &root, &unit);
    world.settle();
    let instance = world.instance("baseline", &kept_out, REGION);
    assert_eq!((&instance["Status"], &instance["ParameterOverrides"]), (&json!("CURRENT"), &json!([])));
}

#[test]
fn stacks_stay_behind_where_the_set_says_so() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let shop = world.accounts_in(&unit, &["shop"]).remove(0);
    world.automatic_set("baseline", json!({"RetainStacksOnAccountRemoval": true}));
    world.deploy("baseline", &unit, &[REGION]);
    let stack = world.instance("baseline", &shop, REGION)["StackId"].clone();
    world.place(&shop, &unit, &root);
    world.settle();
    assert_eq!(world.instances("baseline"), Vec::<String>::new());
    let found = world.ok_as(&shop, "DescribeStacks", json!({"StackName": stack}));
    assert_eq!(found["Stacks"][0]["StackStatus"], "CREATE_COMPLETE");
}

#[test]
fn only_sets_with_automatic_deployment_follow_and_only_into_units_that_still_have_them() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let shop = world.account("shop");
    world.set("by-hand");
    world.automatic_set("given-up", json!({}));
    for set in ["by-hand", "given-up"] {
        world.deploy(set, &unit, &[REGION]);
    }
    let targets = |set: &str| world.list("ListStackSetAutoDeploymentTargets", json!({"StackSetName": set}));
    assert_eq!(targets("given-up"), [json!({"OrganizationalUnitId": unit, "Regions": [REGION]})]);
    world.withdraw("given-up", &unit, &[REGION]);
    assert_eq!(targets("given-up"), Vec::<serde_json::Value>::new());
    world.place(&shop, &root, &unit);
    world.settle();
    assert_eq!(world.instances("by-hand"), Vec::<String>::new());
    assert_eq!(world.instances("given-up"), Vec::<String>::new());
}

#[test]
fn instances_of_dependencies_are_made_first_and_removed_last() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let shop = world.account("shop");
    // In the order of their names the dependent one would come first.
    world.automatic_set("z-first", json!({}));
    let needed = arn(&world, "z-first");
    world.automatic_set("a-second", json!({"DependsOn": [needed]}));
    for set in ["z-first", "a-second"] {
        world.deploy(set, &unit, &[REGION]);
    }
    world.place(&shop, &root, &unit);
    let latest = |set: &str| world.operations(set).last().unwrap().clone();
    assert_eq!(
        (latest("z-first"), latest("a-second")),
        ("CREATE RUNNING".to_owned(), "CREATE QUEUED".to_owned())
    );
    world.settle();
    assert_eq!(latest("a-second"), "CREATE SUCCEEDED");
    world.place(&shop, &unit, &root);
    assert_eq!(
        (latest("z-first"), latest("a-second")),
        ("DELETE QUEUED".to_owned(), "DELETE RUNNING".to_owned())
    );
    world.settle();
    assert_eq!(latest("z-first"), "DELETE SUCCEEDED");
}

#[test]
fn where_a_dependency_fails_what_depends_on_it_is_not_made() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let shop = world.account("shop");
    world.automatic_set("first", json!({}));
    world.automatic_set("second", json!({"DependsOn": [arn(&world, "first")]}));
    for set in ["first", "second"] {
        world.deploy(set, &unit, &[REGION]);
    }
    let failing = world.failing("fail=*/*/AWS::SSM::Parameter");
    failing.place(&shop, &root, &unit);
    failing.settle();
    assert_eq!(failing.operations("second").last().unwrap(), "CREATE FAILED");
    assert_eq!(failing.instances("second"), Vec::<String>::new());
}

#[test]
fn dependencies_that_cannot_be_are_refused() {
    let world = World::new();
    world.automatic_set("first", json!({}));
    let first = arn(&world, "first");
    world.automatic_set("second", json!({"DependsOn": [first]}));
    let second = arn(&world, "second");
    let update = |depends: serde_json::Value| {
        let request = json!({"StackSetName": "first", "UsePreviousTemplate": true,
            "AutoDeployment": {"Enabled": true, "DependsOn": depends}});
        world.refused("UpdateStackSet", request)
    };
    assert!(update(json!([second])).contains("circular"));
    assert!(update(json!([first])).contains("circular"));
    assert!(update(json!([first.replace("first", "missing")])).contains("not found"));
    let arns: Vec<String> = (0..11)
        .map(|number| {
            let name = format!("set-{number}");
            world.automatic_set(&name, json!({}));
            arn(&world, &name)
        })
        .collect();
    let mut request = super::set_request("too-many", &super::template());
    request["AutoDeployment"] = json!({"Enabled": true, "DependsOn": arns});
    assert_eq!(world.code("CreateStackSet", request.clone()), "LimitExceededException");
    request["AutoDeployment"]["DependsOn"] = json!(arns[..10]);
    world.ok("CreateStackSet", request);
}

#[test]
fn a_closed_account_is_skipped_and_a_purged_one_is_forgotten() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let shop = world.accounts_in(&unit, &["shop"]).remove(0);
    world.automatic_set("baseline", json!({}));
    world.deploy("baseline", &unit, &[REGION]);
    world.organizations("CloseAccount", json!({"AccountId": shop}));
    world.ok("UpdateStackInstances", targeting("baseline", &unit, &[REGION]));
    world.wait(60);
    assert_eq!(world.instances("baseline"), [format!("{shop} {REGION} CURRENT SKIPPED_SUSPENDED_ACCOUNT")]);
    assert_eq!(world.operations("baseline").last().unwrap(), "UPDATE SUCCEEDED");
    world.wait(91 * 86_400);
    assert_eq!(world.instances("baseline"), Vec::<String>::new());
}

#[test]
fn an_account_that_leaves_the_organization_loses_its_instances() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let shop = world.accounts_in(&unit, &["shop"]).remove(0);
    world.automatic_set("baseline", json!({}));
    world.deploy("baseline", &unit, &[REGION]);
    world.wait(5 * 86_400);
    world.organizations("RemoveAccountFromOrganization", json!({"AccountId": shop}));
    world.settle();
    assert_eq!(world.instances("baseline"), Vec::<String>::new());
    let left = world.ok_as(&shop, "ListStacks", json!({"StackStatusFilter": ["CREATE_COMPLETE"]}));
    assert_eq!(left["StackSummaries"], json!([]));
}

#[test]
fn an_operation_by_hand_is_refused_while_instances_follow_an_account() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let shop = world.account("shop");
    world.automatic_set("baseline", json!({}));
    world.deploy("baseline", &unit, &[REGION]);
    world.place(&shop, &root, &unit);
    let request = targeting("baseline", &unit, &[EUROPE]);
    assert_eq!(world.code("CreateStackInstances", request), "OperationInProgressException");
}
