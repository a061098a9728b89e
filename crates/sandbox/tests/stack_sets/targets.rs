//! Which accounts and Regions an operation reaches.

use super::{EUROPE, MANAGEMENT, REGION, World, targeting, text};
use glidepath_model::AccountId;
use serde_json::json;

/// The accounts of a set's instances.
fn accounts(world: &World, set: &str) -> Vec<String> {
    let found = world.list("ListStackInstances", json!({"StackSetName": set}));
    found.iter().map(|instance| text(&instance["Account"])).collect()
}

#[test]
fn a_unit_is_reached_to_any_depth_and_the_management_account_never() {
    let world = World::new();
    let root = world.root();
    let outer = world.unit(&root, "Workloads");
    let inner = world.unit(&world.unit(&outer, "Prod"), "Europe");
    let mut wanted = world.accounts_in(&outer, &["shop"]);
    wanted.extend(world.accounts_in(&inner, &["deep"]));
    wanted.sort();
    world.place(MANAGEMENT, &root, &outer);
    world.set("baseline");
    world.deploy("baseline", &outer, &[REGION]);
    assert_eq!(accounts(&world, "baseline"), wanted);
    let instance = world.instance("baseline", &wanted[0], REGION);
    assert_eq!(instance["OrganizationalUnitId"], outer);
}

#[test]
fn the_root_reaches_every_member_account() {
    let world = World::new();
    let root = world.root();
    let unit = world.unit(&root, "Workloads");
    let mut wanted = world.accounts_in(&unit, &["shop"]);
    wanted.push(world.account("loose"));
    wanted.sort();
    world.set("baseline");
    let operation = world.deploy("baseline", &root, &[REGION]);
    assert_eq!(accounts(&world, "baseline"), wanted);
    assert_eq!(world.status("baseline", &operation), "SUCCEEDED");
}

#[test]
fn a_list_of_accounts_narrows_what_a_unit_reaches() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let all = world.accounts_in(&unit, &["one", "two", "three"]);
    for (filter, wanted) in
        [("INTERSECTION", vec![all[1].clone()]), ("DIFFERENCE", vec![all[0].clone(), all[2].clone()])]
    {
        let set = filter.to_lowercase();
        world.set(&set);
        let mut request = targeting(&set, &unit, &[REGION]);
        request["DeploymentTargets"]["Accounts"] = json!([all[1]]);
        request["DeploymentTargets"]["AccountFilterType"] = json!(filter);
        let id = text(&world.ok("CreateStackInstances", request.clone())["OperationId"]);
        world.settle();
        assert_eq!(accounts(&world, &set), wanted, "{filter}");
        assert_eq!(world.operation(&set, &id)["DeploymentTargets"], request["DeploymentTargets"]);
    }
}

#[test]
fn targets_that_cannot_be_meant_are_refused() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let all = world.accounts_in(&unit, &["one"]);
    let loose = world.account("loose");
    world.set("baseline");
    let refused = |targets: serde_json::Value, regions: &[&str]| {
        let request = json!({"StackSetName": "baseline", "DeploymentTargets": targets, "Regions": regions});
        world.refused("CreateStackInstances", request)
    };
    let units = json!([unit]);
    for (targets, wanted) in [
        (json!({"Accounts": all}), "can only have OrganizationalUnit as target"),
        (json!({"OrganizationalUnitIds": ["ou-ab12-abcdefgh"]}), "not found"),
        (json!({"OrganizationalUnitIds": units, "Accounts": all}), "AccountFilterType must be specified"),
        (json!({"OrganizationalUnitIds": units, "Accounts": all, "AccountFilterType": "NONE"}), "NONE"),
        (
            json!({"OrganizationalUnitIds": units, "AccountFilterType": "DIFFERENCE"}),
            "Accounts must be specified",
        ),
        (json!({"OrganizationalUnitIds": units, "Accounts": all, "AccountFilterType": "UNION"}), "UNION"),
        (
            json!({"OrganizationalUnitIds": units, "Accounts": [loose], "AccountFilterType": "INTERSECTION"}),
            "is not in the organizational units",
        ),
        (json!({"OrganizationalUnitIds": units, "AccountsUrl": "s3://bucket/accounts"}), "does not simulate"),
    ] {
        let told = refused(targets, &[REGION]);
        assert!(told.contains(wanted), "{told}");
    }
    let many: Vec<&str> = vec![&unit; 51];
    assert!(refused(json!({"OrganizationalUnitIds": many}), &[REGION]).starts_with("LimitExceededException"));
    let whole = json!({"OrganizationalUnitIds": units});
    assert!(refused(whole.clone(), &["eu-nowhere-1"]).contains("not supported"));
    assert!(refused(whole.clone(), &[]).contains("must not be empty"));
    assert!(refused(whole, &[REGION, REGION]).contains("duplicates"));
    let accounts = json!({"StackSetName": "baseline", "Accounts": all, "Regions": [REGION]});
    assert!(world.refused("CreateStackInstances", accounts).contains("can only have OrganizationalUnit"));
}

#[test]
fn a_region_that_the_account_has_not_enabled_fails_there_and_nowhere_else() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    let account = world.accounts_in(&unit, &["shop"]).remove(0);
    world.set("baseline");
    let mut request = targeting("baseline", &unit, &[EUROPE, "af-south-1"]);
    request["OperationPreferences"] = json!({"FailureToleranceCount": 1});
    let id = text(&world.ok("CreateStackInstances", request)["OperationId"]);
    world.settle();
    assert_eq!(
        world.results("baseline", &id),
        [format!("{account} af-south-1 FAILED"), format!("{account} {EUROPE} SUCCEEDED")]
    );
    let failed = world.instance("baseline", &account, "af-south-1");
    assert_eq!(failed["StatusReason"], format!("Region af-south-1 is not enabled for account {account}"));
    assert!(failed.get("StackId").is_none());
    for id in [account.as_str(), MANAGEMENT] {
        world.sandbox.enable_region(&AccountId::parse(id).unwrap(), "af-south-1").unwrap();
    }
    world.ok("UpdateStackInstances", targeting("baseline", &unit, &["af-south-1"]));
    world.settle();
    assert_eq!(world.instance("baseline", &account, "af-south-1")["Status"], "CURRENT");
}
