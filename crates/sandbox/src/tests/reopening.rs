//! Every kind of row survives the disk: a world that is dropped and opened again after each call ends like one that
//! never was.

use super::{MANAGEMENT, options};
use crate::Sandbox;
use jiff::ToSpan as _;
use serde_json::{Value, json};

/// One step: an operation and its request, in which `$name` stands for what an earlier answer had.
struct Step {
    operation: &'static str,
    request: Value,
    /// The name for a member of the answer, given as a JSON pointer.
    keep: Option<(&'static str, &'static str)>,
}

fn step(operation: &'static str, request: Value) -> Step {
    Step { operation, request, keep: None }
}

fn keeping(operation: &'static str, request: Value, name: &'static str, pointer: &'static str) -> Step {
    Step { operation, request, keep: Some((name, pointer)) }
}

fn steps() -> Vec<Step> {
    let statement =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:*","Resource":"*"}]}"#;
    let delegation = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*",
        "Principal": {"AWS": "arn:aws:iam::$account:root"}, "Action": "organizations:ListAccounts"}]});
    let mut policy = json!({"Name": "guard", "Description": "", "Type": "SERVICE_CONTROL_POLICY"});
    policy["Content"] = Value::from(statement);
    policy["Tags"] = json!([{"Key": "team", "Value": "blue"}]);
    vec![
        step("EnablePolicyType", json!({"RootId": "$root", "PolicyType": "SERVICE_CONTROL_POLICY"})),
        keeping(
            "CreateOrganizationalUnit",
            json!({"ParentId": "$root", "Name": "Workloads", "Tags": [{"Key": "a", "Value": "b"}]}),
            "unit",
            "/OrganizationalUnit/Id",
        ),
        keeping(
            "CreateAccount",
            json!({"AccountName": "shop", "Email": "shop@example.com"}),
            "request",
            "/CreateAccountStatus/Id",
        ),
        keeping(
            "DescribeCreateAccountStatus",
            json!({"CreateAccountRequestId": "$request"}),
            "account",
            "/CreateAccountStatus/AccountId",
        ),
        step(
            "MoveAccount",
            json!({"AccountId": "$account", "SourceParentId": "$root", "DestinationParentId": "$unit"}),
        ),
        keeping("CreatePolicy", policy, "policy", "/Policy/PolicySummary/Id"),
        step("AttachPolicy", json!({"PolicyId": "$policy", "TargetId": "$unit"})),
        step("EnableAWSServiceAccess", json!({"ServicePrincipal": "sso.amazonaws.com"})),
        step(
            "RegisterDelegatedAdministrator",
            json!({"AccountId": "$account", "ServicePrincipal": "sso.amazonaws.com"}),
        ),
        step("PutResourcePolicy", json!({"Content": delegation.to_string()})),
        step("TagResource", json!({"ResourceId": "$account", "Tags": [{"Key": "x", "Value": "y"}]})),
        step("DetachPolicy", json!({"PolicyId": "$policy", "TargetId": "$unit"})),
        step(
            "DeregisterDelegatedAdministrator",
            json!({"AccountId": "$account", "ServicePrincipal": "sso.amazonaws.com"}),
        ),
        step("CloseAccount", json!({"AccountId": "$account"})),
        step("UpdateOrganizationalUnit", json!({"OrganizationalUnitId": "$unit", "Name": "Work"})),
    ]
}

/// Takes every step, an hour apart; `between` may put another sandbox in the place of the one it gets.
fn run(mut sandbox: Sandbox, mut between: impl FnMut(Sandbox) -> Sandbox) -> (Value, Vec<String>) {
    let mut names = vec![("$root".to_owned(), super::writes::root(&sandbox))];
    for Step { operation, request, keep } in steps() {
        let text = names.iter().fold(request.to_string(), |text, (name, value)| text.replace(name, value));
        let request = serde_json::from_str(&text).unwrap();
        let answer = sandbox.call_json(MANAGEMENT, "organizations", operation, request);
        let answer = answer.unwrap_or_else(|error| panic!("{operation}: {error}"));
        if let Some((name, pointer)) = keep {
            let value = answer.pointer(pointer).and_then(Value::as_str);
            names.push((
                format!("${name}"),
                value.unwrap_or_else(|| panic!("{operation}: {answer}")).to_owned(),
            ));
        }
        sandbox = between(sandbox);
        sandbox.advance(sandbox.now() + 1.hour()).unwrap();
    }
    (sandbox.canonical_dump(), sandbox.show())
}

#[test]
fn a_world_that_is_reopened_after_each_call_ends_like_one_that_is_not() {
    let wanted = run(Sandbox::in_memory(options()), |sandbox| sandbox);
    let dir = tempfile::tempdir().unwrap();
    let reopened = run(Sandbox::open(dir.path(), options()).unwrap(), |sandbox| {
        drop(sandbox);
        Sandbox::open(dir.path(), options()).unwrap()
    });
    assert_eq!(wanted, reopened);
    let logged = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(logged.path(), options()).unwrap();
    assert_eq!(run(sandbox, |sandbox| sandbox).0, wanted.0);
    assert_eq!(
        Sandbox::open(logged.path(), options()).unwrap().canonical_dump(),
        wanted.0,
        "from the log alone"
    );
}

#[test]
fn a_dump_names_nothing_by_id() {
    let (dump, _) = run(Sandbox::in_memory(options()), |sandbox| sandbox);
    let mut other = options();
    other.world.seed = 99;
    let (again, _) = run(Sandbox::in_memory(other), |sandbox| sandbox);
    assert_eq!(dump, again, "worlds of two seeds differ in ids only");
}
