//! Regions that are enabled and disabled.

use super::{HERE, MANAGEMENT, OPT_IN, World, account, text};
use serde_json::{Value, json};

fn status(world: &World, region: &str) -> String {
    let told = world.call(MANAGEMENT, "account", "GetRegionOptStatus", json!({"RegionName": region}));
    text(&told["RegionOptStatus"])
}

fn vpcs(world: &World) -> Result<Value, String> {
    world.attempt_in(OPT_IN, MANAGEMENT, ("ec2", "DescribeVpcs"), json!({}))
}

#[test]
fn a_region_can_be_used_once_it_is_enabled_and_no_longer_once_it_is_being_disabled() {
    let world = World::new();
    assert_eq!(
        (status(&world, HERE), status(&world, OPT_IN)),
        ("ENABLED_BY_DEFAULT".into(), "DISABLED".into())
    );
    world.call(MANAGEMENT, "account", "EnableRegion", json!({"RegionName": OPT_IN}));
    assert_eq!(
        (status(&world, OPT_IN).as_str(), vpcs(&world).unwrap_err().as_str()),
        ("ENABLING", "AuthFailure")
    );
    world.wait(300);
    assert_eq!((status(&world, OPT_IN).as_str(), vpcs(&world).is_ok()), ("ENABLED", true));
    world.call(MANAGEMENT, "account", "DisableRegion", json!({"RegionName": OPT_IN}));
    assert_eq!((status(&world, OPT_IN).as_str(), vpcs(&world).is_ok()), ("DISABLING", false));
    world.wait(300);
    assert_eq!(status(&world, OPT_IN), "DISABLED");
}

#[test]
fn a_region_that_was_enabled_from_outside_is_the_same_one() {
    let world = World::new();
    world.sandbox.enable_region(&account(MANAGEMENT), OPT_IN).unwrap();
    assert_eq!(status(&world, OPT_IN), "ENABLED");
    let wanted = json!({"RegionOptStatusContains": ["ENABLED"]});
    let listed = world.call(MANAGEMENT, "account", "ListRegions", wanted);
    assert_eq!(listed["Regions"], json!([{"RegionName": OPT_IN, "RegionOptStatus": "ENABLED"}]));
}

#[test]
fn six_regions_of_an_account_change_at_once_and_no_seventh() {
    let world = World::new();
    let wanted = json!({"RegionOptStatusContains": ["DISABLED"]});
    let listed = world.call(MANAGEMENT, "account", "ListRegions", wanted);
    let names: Vec<String> =
        listed["Regions"].as_array().unwrap().iter().map(|row| text(&row["RegionName"])).collect();
    for name in names.iter().take(6) {
        world.call(MANAGEMENT, "account", "EnableRegion", json!({"RegionName": name}));
    }
    let seventh = json!({"RegionName": names[6]});
    assert_eq!(
        world.refused(MANAGEMENT, "account", "EnableRegion", seventh.clone()),
        "TooManyRequestsException"
    );
    world.wait(300);
    world.call(MANAGEMENT, "account", "EnableRegion", seventh);
}
