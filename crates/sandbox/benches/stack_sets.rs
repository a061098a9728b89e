//! How long stack sets take: an operation over 4,000 instances, simulated from its request to its end, and one mutating
//! call in a world of 10,000 instances. The aims: about a second, and 5,000 calls a second.

use glidepath_model::AccountId;
use glidepath_sandbox::{Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::cell::Cell;

const MANAGEMENT: &str = "111122223333";
const REGIONS: [&str; 4] = ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"];
const TEMPLATE: &str = r#"{"Resources":{"Note":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":"x"}},
"Log":{"Type":"AWS::Logs::LogGroup","Properties":{"RetentionInDays":30}}}}"#;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 3)]
fn operation_over_4000_instances(bencher: divan::Bencher<'_, '_>) {
    let preferences = json!({"MaxConcurrentPercentage": 10, "FailureTolerancePercentage": 10});
    deploy_4000(bencher, &preferences);
}

#[divan::bench(sample_count = 3)]
fn operation_over_4000_instances_one_by_one(bencher: divan::Bencher<'_, '_>) {
    deploy_4000(bencher, &json!({}));
}

fn deploy_4000(bencher: divan::Bencher<'_, '_>, preferences: &Value) {
    let (Some(world), Some(options)) = (with_accounts(1_000), options()) else { return };
    let inputs = || Sandbox::from_snapshot(world.snapshot(), options.clone());
    bencher.with_inputs(inputs).bench_local_values(|sandbox| {
        deploy(&sandbox, preferences);
        sandbox
    });
}

#[divan::bench]
fn make_and_delete_a_set_among_10000_instances(bencher: divan::Bencher<'_, '_>) {
    let Some(sandbox) = with_accounts(2_500) else { return };
    deploy(&sandbox, &json!({"MaxConcurrentPercentage": 100, "FailureTolerancePercentage": 100}));
    let number = Cell::new(0);
    bencher.bench_local(|| {
        number.set(number.get() + 1);
        let name = format!("set-{}", number.get());
        make_set(&sandbox, &name);
        call(&sandbox, "cloudformation", "DeleteStackSet", json!({"StackSetName": name}));
    });
}

fn options() -> Option<SandboxOptions> {
    let management = ManagementAccount {
        id: AccountId::parse(MANAGEMENT).ok()?,
        name: "management".to_owned(),
        email: "management@example.com".to_owned(),
    };
    Some(SandboxOptions::new(WorldSeed {
        seed: 1,
        management,
        founding: Founding::Organization,
        organization_id: None,
        roles: Vec::new(),
        start: "2026-11-24T04:00:00Z".parse().ok()?,
        identity_center: IdentityCenter::default(),
    }))
}

/// A world with so many accounts under the root and a set that none of them has.
fn with_accounts(count: usize) -> Option<Sandbox> {
    let sandbox = Sandbox::in_memory(options()?);
    for number in 0..count {
        let request = json!({"AccountName": format!("account-{number}"), "Email": format!("account-{number}@example.com")});
        call(&sandbox, "organizations", "CreateAccount", request);
        if number % 4 == 3 {
            wait(&sandbox, 30);
        }
    }
    wait(&sandbox, 30);
    call(&sandbox, "cloudformation", "ActivateOrganizationsAccess", json!({}));
    make_set(&sandbox, "base");
    Some(sandbox)
}

fn make_set(sandbox: &Sandbox, name: &str) {
    let request = json!({"StackSetName": name, "TemplateBody": TEMPLATE, "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": false}});
    call(sandbox, "cloudformation", "CreateStackSet", request);
}

/// Gives the set to every account in four Regions and waits until all of it stands.
fn deploy(sandbox: &Sandbox, preferences: &Value) {
    let mut request = json!({});
    let root = loop {
        let answer = call(sandbox, "organizations", "ListRoots", request.clone());
        if let Some(root) = answer.pointer("/Roots/0/Id") {
            break root.clone();
        }
        request = json!({"NextToken": answer.get("NextToken")});
    };
    let request = json!({"StackSetName": "base", "Regions": REGIONS, "OperationId": "all",
        "DeploymentTargets": {"OrganizationalUnitIds": [root]}, "OperationPreferences": preferences});
    call(sandbox, "cloudformation", "CreateStackInstances", request);
    wait(sandbox, 864_000);
    let request = json!({"StackSetName": "base", "OperationId": "all"});
    let answer = call(sandbox, "cloudformation", "DescribeStackSetOperation", request);
    assert_eq!(answer.pointer("/StackSetOperation/Status"), Some(&json!("SUCCEEDED")), "{answer}");
}

fn wait(sandbox: &Sandbox, seconds: i64) {
    assert!(sandbox.advance(sandbox.now() + SignedDuration::from_secs(seconds)).is_ok());
}

fn call(sandbox: &Sandbox, service: &str, operation: &str, request: Value) -> Value {
    let answer = sandbox.call_json(MANAGEMENT, service, operation, request);
    assert!(answer.is_ok(), "{operation}: {answer:?}");
    answer.unwrap_or_default()
}
