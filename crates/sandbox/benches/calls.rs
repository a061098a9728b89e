//! How long one mutating call takes, from request to journalled answer, by the number of entities in the world. The
//! aim: 5,000 calls a second at 10,000 entities.

use bytes::Bytes;
use glidepath_model::AccountId;
use glidepath_sandbox::{
    ADMINISTRATOR_KEY, Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed,
};
use serde_json::{Value, json};
use std::cell::Cell;

const MANAGEMENT: &str = "111122223333";
const CONTENT: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:*","Resource":"*"}]}"#;

fn main() {
    divan::main();
}

#[divan::bench(args = [100, 1_000, 10_000])]
fn update_policy_on_disk(bencher: divan::Bencher<'_, '_>, entities: usize) {
    let Ok(dir) = tempfile::tempdir() else { return };
    let Some(options) = options() else { return };
    let Ok(sandbox) = Sandbox::open(dir.path(), options) else { return };
    let created: Vec<Value> = (0..entities).filter_map(|number| create(&sandbox, number)).collect();
    assert_eq!(created.len(), entities);
    let id = created.first().and_then(|policy| policy.pointer("/Policy/PolicySummary/Id")).cloned();
    let number = Cell::new(0);
    bencher.bench_local(|| {
        number.set(number.get() + 1);
        let request = json!({"PolicyId": id, "Description": number.get().to_string()});
        let answer = request_of("UpdatePolicy", &request).map(|request| sandbox.call(sandbox.now(), request));
        assert!(answer.is_some_and(|answer| answer.is_ok_and(|answer| answer.status().is_success())));
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

fn create(sandbox: &Sandbox, number: usize) -> Option<Value> {
    let name = format!("policy-{number}");
    let request =
        json!({"Name": name, "Description": "", "Type": "SERVICE_CONTROL_POLICY", "Content": CONTENT});
    sandbox.call_json(MANAGEMENT, "organizations", "CreatePolicy", request).ok()
}

fn request_of(operation: &str, body: &Value) -> Option<http::Request<Bytes>> {
    let credential = format!("{ADMINISTRATOR_KEY}/20261124/us-east-1/organizations/aws4_request");
    http::Request::post("/")
        .header("x-amz-target", format!("AWSOrganizationsV20161128.{operation}"))
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"),
        )
        .body(Bytes::from(body.to_string()))
        .ok()
}
