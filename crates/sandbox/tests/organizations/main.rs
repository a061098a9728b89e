//! AWS Organizations as its callers meet it: one file a noun.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot read its own data should stop; indexing a JSON value is total"
)]

mod access;
mod account;
mod account_closure;
mod account_creation;
mod account_departure;
mod attachment;
mod delegated_administrator;
mod effective_policy;
mod handshake;
mod organization;
mod page;
mod policy;
mod policy_document;
mod policy_type;
mod resource_policy;
mod tag;
mod trusted_access;
mod unit;

use glidepath_model::{AccountId, Timestamp};
use glidepath_sandbox::{
    CallError, Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MANAGEMENT: &str = "111122223333";

/// A document that every SCP test can use.
const DENY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}"#;

/// A sandbox and what tests do with it.
struct World {
    sandbox: Sandbox,
}

impl World {
    fn founded(founding: Founding) -> Self {
        let seed = WorldSeed {
            seed: 7,
            management: ManagementAccount {
                id: AccountId::parse(MANAGEMENT).unwrap(),
                name: "management".to_owned(),
                email: "management@example.com".to_owned(),
            },
            founding,
            organization_id: None,
            roles: Vec::new(),
            start: "2026-11-24T04:00:00Z".parse().unwrap(),
            identity_center: IdentityCenter::default(),
        };
        Self { sandbox: Sandbox::in_memory(SandboxOptions::new(seed)) }
    }

    /// With an organization.
    fn new() -> Self {
        Self::founded(Founding::Organization)
    }

    fn try_as(&self, caller: &str, operation: &str, request: Value) -> Result<Value, String> {
        self.sandbox.call_json(caller, "organizations", operation, request).map_err(|error| match error {
            CallError::Service(error) => match error.reason_text() {
                Some(reason) => format!("{} {reason}", error.code),
                None => error.code.to_owned(),
            },
            other => panic!("{other}"),
        })
    }

    /// The answer to the management account.
    fn ok(&self, operation: &str, request: Value) -> Value {
        self.try_as(MANAGEMENT, operation, request.clone())
            .unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    /// The code and reason of the refusal to the management account.
    fn refused(&self, operation: &str, request: Value) -> String {
        self.refused_as(MANAGEMENT, operation, request)
    }

    fn refused_as(&self, caller: &str, operation: &str, request: Value) -> String {
        match self.try_as(caller, operation, request.clone()) {
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

    /// Everything a listing gives, page after page.
    fn list(&self, operation: &str, mut request: Value, member: &str) -> Vec<Value> {
        let mut found = Vec::new();
        loop {
            let answer = self.ok(operation, request.clone());
            found.extend(answer[member].as_array().unwrap().iter().cloned());
            match answer.get("NextToken") {
                Some(token) => request["NextToken"] = token.clone(),
                None => return found,
            }
        }
    }

    fn root(&self) -> String {
        text(&self.list("ListRoots", json!({}), "Roots")[0]["Id"])
    }

    fn unit(&self, parent: &str, name: &str) -> String {
        let answer = self.ok("CreateOrganizationalUnit", json!({"ParentId": parent, "Name": name}));
        text(&answer["OrganizationalUnit"]["Id"])
    }

    /// An account of this name, created and waited for.
    fn account(&self, name: &str) -> String {
        let email = format!("{name}@example.com");
        let answer = self.ok("CreateAccount", json!({"AccountName": name, "Email": email}));
        let id = answer["CreateAccountStatus"]["Id"].clone();
        self.wait(60);
        let answer = self.ok("DescribeCreateAccountStatus", json!({"CreateAccountRequestId": id}));
        text(&answer["CreateAccountStatus"]["AccountId"])
    }

    fn policy(&self, ty: &str, name: &str, content: &str) -> String {
        let request = json!({"Type": ty, "Name": name, "Description": "", "Content": content});
        text(&self.ok("CreatePolicy", request)["Policy"]["PolicySummary"]["Id"])
    }

    fn scp(&self, name: &str) -> String {
        self.policy("SERVICE_CONTROL_POLICY", name, DENY)
    }

    fn enable(&self, ty: &str) {
        self.ok("EnablePolicyType", json!({"RootId": self.root(), "PolicyType": ty}));
        self.wait(60);
    }

    fn attach(&self, policy: &str, target: &str) {
        self.ok("AttachPolicy", json!({"PolicyId": policy, "TargetId": target}));
    }

    /// The names of the policies of a type on a target.
    fn attached(&self, target: &str, ty: &str) -> Vec<String> {
        let found = self.list("ListPoliciesForTarget", json!({"TargetId": target, "Filter": ty}), "Policies");
        let mut names: Vec<String> = found.iter().map(|policy| text(&policy["Name"])).collect();
        names.sort();
        names
    }

    /// A member account that is delegated administrator of some service.
    fn administrator(&self, name: &str) -> String {
        let account = self.account(name);
        self.ok("EnableAWSServiceAccess", json!({"ServicePrincipal": "ssm.amazonaws.com"}));
        self.ok(
            "RegisterDelegatedAdministrator",
            json!({"AccountId": account, "ServicePrincipal": "ssm.amazonaws.com"}),
        );
        account
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

const DENIED: &str = "AccessDeniedException";
