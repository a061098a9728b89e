//! The settings that an account has from birth, as their callers meet them: one file a topic.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot read its own data should stop; indexing a JSON value is total"
)]

mod contacts;
mod default_vpc;
mod ec2_defaults;
mod regions;
mod root_access;
mod separation;

use glidepath_model::{AccountId, Timestamp};
use glidepath_sandbox::{
    CallError, Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MANAGEMENT: &str = "111122223333";
const HERE: &str = "eu-west-1";
/// A Region that accounts do not have from the start.
const OPT_IN: &str = "af-south-1";

/// A sandbox and what tests do with it.
struct World {
    sandbox: Sandbox,
}

impl World {
    fn new() -> Self {
        let seed = WorldSeed {
            seed: 7,
            management: ManagementAccount {
                id: account(MANAGEMENT),
                name: "management".to_owned(),
                email: "management@example.com".to_owned(),
            },
            founding: Founding::Organization,
            organization_id: None,
            roles: Vec::new(),
            start: "2026-11-24T04:00:00Z".parse().unwrap(),
            identity_center: IdentityCenter::Absent,
        };
        Self { sandbox: Sandbox::in_memory(SandboxOptions::new(seed)) }
    }

    fn attempt_in(
        &self,
        region: &str,
        caller: &str,
        (service, operation): (&str, &str),
        request: Value,
    ) -> Result<Value, String> {
        let answer = self.sandbox.call_json_in(region, caller, service, operation, request);
        answer.map_err(|error| match error {
            CallError::Service(error) => error.code.to_owned(),
            other => panic!("{other}"),
        })
    }

    fn attempt(&self, caller: &str, service: &str, operation: &str, request: Value) -> Result<Value, String> {
        self.attempt_in(HERE, caller, (service, operation), request)
    }

    fn call(&self, caller: &str, service: &str, operation: &str, request: Value) -> Value {
        self.attempt(caller, service, operation, request.clone())
            .unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    /// The code of the refusal.
    fn refused(&self, caller: &str, service: &str, operation: &str, request: Value) -> String {
        match self.attempt(caller, service, operation, request.clone()) {
            Ok(answer) => panic!("{operation} {request} was answered: {answer}"),
            Err(error) => error,
        }
    }

    fn now(&self) -> Timestamp {
        self.sandbox.now()
    }

    fn wait(&self, seconds: i64) {
        self.sandbox.advance(self.now() + SignedDuration::from_secs(seconds)).unwrap();
    }

    fn member(&self, name: &str) -> String {
        let request = json!({"Email": format!("{name}@example.com"), "AccountName": name});
        let made = self.call(MANAGEMENT, "organizations", "CreateAccount", request);
        self.wait(120);
        let request = json!({"CreateAccountRequestId": made["CreateAccountStatus"]["Id"]});
        let told = self.call(MANAGEMENT, "organizations", "DescribeCreateAccountStatus", request);
        text(&told["CreateAccountStatus"]["AccountId"])
    }

    fn trust(&self, principal: &str) {
        let request = json!({"ServicePrincipal": principal});
        self.call(MANAGEMENT, "organizations", "EnableAWSServiceAccess", request);
    }
}

fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
