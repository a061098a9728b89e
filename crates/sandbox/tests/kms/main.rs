//! The Key Management Service as its callers meet it: one file a noun.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot read its own data should stop; indexing a JSON value is total"
)]

mod access;
mod alias;
mod deletion;
mod grant;
mod key;
mod key_policy;
mod multi_region;
mod page;
mod rotation;
mod tag;

use glidepath_model::{AccountId, Timestamp};
use glidepath_sandbox::{
    CallError, Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MANAGEMENT: &str = "111122223333";
/// An account with a role that trusts the management account.
const MEMBER: &str = "444455556666";
const HERE: &str = "eu-west-1";
const THERE: &str = "eu-central-1";
/// A key id of the right form that no key has.
const NO_KEY: &str = "00000000-0000-0000-0000-000000000000";

/// A sandbox and what tests do with it, as the administrator of the member account in one Region.
struct World {
    sandbox: Sandbox,
}

impl World {
    fn new() -> Self {
        let seed = WorldSeed {
            seed: 7,
            management: ManagementAccount {
                id: AccountId::parse(MANAGEMENT).unwrap(),
                name: "management".to_owned(),
                email: "management@example.com".to_owned(),
            },
            founding: Founding::Organization,
            organization_id: None,
            roles: vec![
                format!("arn:aws:iam::{MEMBER}:role/Entry"),
                format!("arn:aws:iam::{MANAGEMENT}:role/glidepath/apply"),
            ],
            start: "2026-11-24T04:00:00Z".parse().unwrap(),
            identity_center: IdentityCenter::default(),
        };
        Self { sandbox: Sandbox::in_memory(SandboxOptions::new(seed)) }
    }

    fn try_in(&self, region: &str, caller: &str, operation: &str, request: Value) -> Result<Value, String> {
        self.sandbox.call_json_in(region, caller, "kms", operation, request).map_err(|error| match error {
            CallError::Service(error) => error.code.to_owned(),
            other => panic!("{other}"),
        })
    }

    fn ok_in(&self, region: &str, operation: &str, request: Value) -> Value {
        self.try_in(region, MEMBER, operation, request.clone())
            .unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    fn ok(&self, operation: &str, request: Value) -> Value {
        self.ok_in(HERE, operation, request)
    }

    /// The code of the refusal.
    fn refused(&self, operation: &str, request: Value) -> String {
        self.refused_as(MEMBER, operation, request)
    }

    fn refused_as(&self, caller: &str, operation: &str, request: Value) -> String {
        match self.try_in(HERE, caller, operation, request.clone()) {
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

    fn wait_days(&self, days: i64) {
        self.wait(days * 86_400);
    }

    /// A key with what the request says; its id.
    fn key_of(&self, request: Value) -> String {
        text(&self.ok("CreateKey", request)["KeyMetadata"]["KeyId"])
    }

    fn key(&self) -> String {
        self.key_of(json!({}))
    }

    fn multi_region_key(&self) -> String {
        self.key_of(json!({"MultiRegion": true}))
    }

    /// A key with a replica that is settled.
    fn replicated_key(&self) -> String {
        let key = self.multi_region_key();
        self.ok("ReplicateKey", json!({"KeyId": key, "ReplicaRegion": THERE}));
        self.wait(10);
        key
    }

    fn metadata_in(&self, region: &str, key: &str) -> Value {
        self.ok_in(region, "DescribeKey", json!({"KeyId": key}))["KeyMetadata"].clone()
    }

    fn state(&self, key: &str) -> String {
        text(&self.metadata_in(HERE, key)["KeyState"])
    }

    fn policy(&self, key: &str) -> Value {
        let answer = self.ok("GetKeyPolicy", json!({"KeyId": key}));
        serde_json::from_str(answer["Policy"].as_str().unwrap()).unwrap()
    }

    /// Everything a listing gives, page after page.
    fn list(&self, operation: &str, mut request: Value, member: &str) -> Vec<Value> {
        let mut found = Vec::new();
        loop {
            let answer = self.ok(operation, request.clone());
            found.extend(answer[member].as_array().unwrap().iter().cloned());
            assert_eq!(answer["Truncated"], answer.get("NextMarker").is_some());
            match answer.get("NextMarker") {
                Some(marker) => request["Marker"] = marker.clone(),
                None => return found,
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn root(account: &str) -> String {
    format!("arn:aws:iam::{account}:root")
}

fn key_arn(account: &str, region: &str, key: &str) -> String {
    format!("arn:aws:kms:{region}:{account}:key/{key}")
}

/// A statement that lets a principal do something.
fn allow(principal: &str, action: &str) -> Value {
    json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"})
}

/// A policy with the statement that keeps the account's administrators in, and these.
fn policy(statements: &[Value]) -> String {
    let mut all = vec![allow(&root(MEMBER), "kms:*")];
    all.extend_from_slice(statements);
    json!({"Version": "2012-10-17", "Statement": all}).to_string()
}

const DENIED: &str = "AccessDeniedException";
const INVALID_STATE: &str = "KMSInvalidStateException";
const MALFORMED: &str = "MalformedPolicyDocumentException";
const NOT_FOUND: &str = "NotFoundException";
const UNSUPPORTED: &str = "UnsupportedOperationException";
const VALIDATION: &str = "ValidationException";
