//! The default VPC, taken apart.

use super::{HERE, MANAGEMENT, World, account, text};
use serde_json::{Value, json};

/// The VPC, its gateway and its subnets, by id.
fn parts(world: &World, caller: &str) -> (String, String, Vec<String>) {
    let call = |operation: &str| world.call(caller, "ec2", operation, json!({}));
    let ids = |told: &Value, id: &str| {
        told.as_array().unwrap().iter().map(|row| text(&row[id])).collect::<Vec<_>>()
    };
    let vpcs = ids(&call("DescribeVpcs")["Vpcs"], "VpcId");
    let gateways = ids(&call("DescribeInternetGateways")["InternetGateways"], "InternetGatewayId");
    (vpcs[0].clone(), gateways[0].clone(), ids(&call("DescribeSubnets")["Subnets"], "SubnetId"))
}

#[test]
fn a_default_vpc_goes_in_aws_s_order_and_stays_gone() {
    let world = World::new();
    let member = world.member("one");
    let (vpc, gateway, subnets) = parts(&world, &member);
    let attempt = |operation: &str, request: Value| world.attempt(&member, "ec2", operation, request);
    let in_use = Err("DependencyViolation".to_owned());
    assert_eq!(attempt("DeleteVpc", json!({"VpcId": vpc})), in_use);
    assert_eq!(attempt("DeleteInternetGateway", json!({"InternetGatewayId": gateway})), in_use);
    attempt("DetachInternetGateway", json!({"InternetGatewayId": gateway, "VpcId": vpc})).unwrap();
    attempt("DeleteInternetGateway", json!({"InternetGatewayId": gateway})).unwrap();
    for subnet in &subnets {
        assert_eq!(attempt("DeleteVpc", json!({"VpcId": vpc})), in_use);
        attempt("DeleteSubnet", json!({"SubnetId": subnet})).unwrap();
    }
    attempt("DeleteVpc", json!({"VpcId": vpc})).unwrap();
    assert_eq!(attempt("DeleteVpc", json!({"VpcId": vpc})), Err("InvalidVpcID.NotFound".to_owned()));
    assert_eq!(attempt("DescribeVpcs", json!({})).unwrap()["Vpcs"], json!([]));
    assert_eq!(parts(&world, MANAGEMENT).2.len(), 3, "another account keeps its own");
    assert!(!world.sandbox.add_network_interface(&account(&member), HERE).unwrap());
}

#[test]
fn a_default_vpc_that_is_used_cannot_be_taken_apart() {
    let world = World::new();
    assert!(world.sandbox.add_network_interface(&account(MANAGEMENT), HERE).unwrap());
    let (vpc, gateway, subnets) = parts(&world, MANAGEMENT);
    let asked = json!({"Filters": [{"Name": "vpc-id", "Values": [vpc]}]});
    let found = world.call(MANAGEMENT, "ec2", "DescribeNetworkInterfaces", asked);
    let subnet = text(&found["NetworkInterfaces"][0]["SubnetId"]);
    assert!(subnets.contains(&subnet));
    let refused = world.refused(MANAGEMENT, "ec2", "DeleteSubnet", json!({"SubnetId": subnet}));
    assert_eq!(refused, "DependencyViolation");
    let detach = json!({"InternetGatewayId": gateway, "VpcId": vpc});
    assert_eq!(world.refused(MANAGEMENT, "ec2", "DetachInternetGateway", detach), "DependencyViolation");
}

#[test]
fn filters_pass_by_any_value_and_wildcards_and_unknown_ones_are_refused() {
    let world = World::new();
    let count = |filter: Value| {
        let told = world.call(MANAGEMENT, "ec2", "DescribeSubnets", json!({"Filters": [filter]}));
        told["Subnets"].as_array().unwrap().len()
    };
    assert_eq!(count(json!({"Name": "availability-zone", "Values": ["eu-west-1a", "eu-west-1c"]})), 2);
    assert_eq!(count(json!({"Name": "subnet-id", "Values": ["subnet-*"]})), 3);
    assert_eq!(count(json!({"Name": "vpc-id", "Values": ["vpc-0"]})), 0);
    let unknown = json!({"Filters": [{"Name": "color", "Values": ["red"]}]});
    assert_eq!(world.refused(MANAGEMENT, "ec2", "DescribeSubnets", unknown), "InvalidParameterValue");
}
