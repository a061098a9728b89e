//! Who may work on sets, and the switch that lets StackSets in.

use super::{MANAGEMENT, REGION, World, set_request, targeting, template, text};
use serde_json::json;

const ADMINISTRATORS: &str = "member.org.stacksets.cloudformation.amazonaws.com";

fn register(world: &World, account: &str) {
    let request = json!({"AccountId": account, "ServicePrincipal": ADMINISTRATORS});
    world.organizations("RegisterDelegatedAdministrator", request);
}

#[test]
fn access_is_switched_by_its_own_operations_and_seen_by_organizations() {
    let world = World::closed();
    let status = || text(&world.ok("DescribeOrganizationsAccess", json!({}))["Status"]);
    assert_eq!(status(), "DISABLED");
    assert!(
        world
            .refused("CreateStackSet", set_request("baseline", &template()))
            .contains("enable organizations access")
    );
    world.ok("ActivateOrganizationsAccess", json!({}));
    assert_eq!(status(), "ENABLED");
    let trusted = world.organizations_list("ListAWSServiceAccessForOrganization", "EnabledServicePrincipals");
    let names: Vec<String> = trusted.iter().map(|one| text(&one["ServicePrincipal"])).collect();
    assert_eq!(names, [ADMINISTRATORS, "stacksets.cloudformation.amazonaws.com"]);
    let account = world.account("security");
    register(&world, &account);
    assert_eq!(world.code("DeactivateOrganizationsAccess", json!({})), "InvalidOperationException");
    let request = json!({"AccountId": account, "ServicePrincipal": ADMINISTRATORS});
    world.organizations("DeregisterDelegatedAdministrator", request);
    world.ok("DeactivateOrganizationsAccess", json!({}));
    assert_eq!(status(), "DISABLED");
}

#[test]
fn a_member_account_switches_nothing_and_has_no_sets() {
    let world = World::new();
    let shop = world.account("shop");
    let set = world.set("baseline");
    for operation in
        ["ActivateOrganizationsAccess", "DeactivateOrganizationsAccess", "DescribeOrganizationsAccess"]
    {
        let told = world.refused_as(&shop, operation, json!({}));
        assert!(told.starts_with("InvalidOperationException"), "{told}");
    }
    assert_eq!(world.ok_as(&shop, "ListStackSets", json!({}))["Summaries"], json!([]));
    let told = world.refused_as(&shop, "DescribeStackSet", json!({"StackSetName": set}));
    assert!(told.starts_with("StackSetNotFoundException"), "{told}");
    let told = world.refused_as(&shop, "CreateStackSet", set_request("other", &template()));
    assert!(told.contains("You must be the management account or delegated admin account"), "{told}");
    let told = world.refused_as(&shop, "ListStackSets", json!({"CallAs": "DELEGATED_ADMIN"}));
    assert_eq!(told, "ValidationError: Account used is not a delegated administrator");
}

#[test]
fn a_delegated_administrator_works_on_the_sets_of_the_management_account_when_it_says_so() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    world.accounts_in(&unit, &["shop"]);
    let security = world.account("security");
    register(&world, &security);
    let mut request = set_request("baseline", &template());
    request["CallAs"] = json!("DELEGATED_ADMIN");
    let id = text(&world.ok_as(&security, "CreateStackSet", request)["StackSetId"]);
    let set = world.ok("DescribeStackSet", json!({"StackSetName": "baseline"}));
    assert_eq!(set["StackSet"]["StackSetId"], id);
    assert!(text(&set["StackSet"]["StackSetARN"]).contains(MANAGEMENT));
    let named = json!({"StackSetName": "baseline"});
    assert!(world.refused_as(&security, "DescribeStackSet", named).starts_with("StackSetNotFoundException"));
    let mut request = targeting("baseline", &unit, &[REGION]);
    request["CallAs"] = json!("DELEGATED_ADMIN");
    world.ok_as(&security, "CreateStackInstances", request);
    world.settle();
    assert_eq!(world.instances("baseline").len(), 1);
    let as_management = json!({"CallAs": "DELEGATED_ADMIN"});
    assert!(world.refused("ListStackSets", as_management).contains("not a delegated administrator"));
}

#[test]
fn without_access_sets_can_be_looked_at_and_not_operated() {
    let world = World::new();
    let unit = world.unit(&world.root(), "Workloads");
    world.accounts_in(&unit, &["shop"]);
    world.set("baseline");
    world.deploy("baseline", &unit, &[REGION]);
    world.ok("DeactivateOrganizationsAccess", json!({}));
    assert_eq!(world.instances("baseline").len(), 1);
    let mut request = targeting("baseline", &unit, &[REGION]);
    let refused = "InvalidOperationException";
    assert_eq!(world.code("CreateStackInstances", request.clone()), refused);
    assert_eq!(world.code("UpdateStackInstances", request.clone()), refused);
    request["RetainStacks"] = json!(true);
    assert_eq!(world.code("DeleteStackInstances", request), refused);
    let named = json!({"StackSetName": "baseline", "UsePreviousTemplate": true});
    assert_eq!(world.code("UpdateStackSet", named), refused);
    assert_eq!(world.code("DetectStackSetDrift", json!({"StackSetName": "baseline"})), refused);
}
