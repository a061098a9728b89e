//! IAM Identity Center as its callers meet it: the directory, permission sets, assignments, the access portal.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot read its own data should stop; indexing a JSON value is total"
)]

mod assignment;
mod departure;
mod directory;
mod dump;
mod instance;
mod portal;
mod provisioning;
mod queue;

use glidepath_model::{AccountId, Timestamp};
use glidepath_sandbox::{
    CallError, Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MANAGEMENT: &str = "111122223333";
const HOME: &str = "eu-west-1";
const TRUSTED: &str = "sso.amazonaws.com";

/// What every world of these tests begins with.
fn options() -> SandboxOptions {
    SandboxOptions::new(WorldSeed {
        seed: 7,
        management: ManagementAccount {
            id: AccountId::parse(MANAGEMENT).unwrap(),
            name: "management".to_owned(),
            email: "management@example.com".to_owned(),
        },
        founding: Founding::Organization,
        organization_id: None,
        roles: Vec::new(),
        start: "2026-11-24T04:00:00Z".parse().unwrap(),
        identity_center: IdentityCenter::In(HOME.to_owned()),
    })
}

/// A world with trusted access for Identity Center, and what tests do with it as the management account.
struct World {
    sandbox: Sandbox,
    instance: String,
    store: String,
}

impl World {
    fn new() -> Self {
        Self::over(Sandbox::in_memory(options()))
    }

    fn over(sandbox: Sandbox) -> Self {
        let mut world = Self { sandbox, instance: String::new(), store: String::new() };
        world.call("organizations", "EnableAWSServiceAccess", json!({"ServicePrincipal": TRUSTED}));
        let listed = world.call("sso-admin", "ListInstances", json!({}));
        world.instance = text(&listed["Instances"][0]["InstanceArn"]);
        world.store = text(&listed["Instances"][0]["IdentityStoreId"]);
        world
    }

    fn attempt(&self, caller: &str, service: &str, operation: &str, request: Value) -> Result<Value, String> {
        let answer = self.sandbox.call_json_in(HOME, caller, service, operation, request);
        answer.map_err(|error| match error {
            CallError::Service(error) => error.code.to_owned(),
            other => panic!("{other}"),
        })
    }

    fn call(&self, service: &str, operation: &str, request: Value) -> Value {
        self.attempt(MANAGEMENT, service, operation, request.clone())
            .unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    fn refused(&self, service: &str, operation: &str, request: Value) -> String {
        match self.attempt(MANAGEMENT, service, operation, request.clone()) {
            Ok(answer) => panic!("{operation} {request} was answered: {answer}"),
            Err(error) => error,
        }
    }

    /// A call to the administration, about the instance.
    fn admin(&self, operation: &str, mut request: Value) -> Value {
        request["InstanceArn"] = json!(self.instance);
        self.call("sso-admin", operation, request)
    }

    /// The code by which the administration refuses.
    fn admin_refused(&self, operation: &str, mut request: Value) -> String {
        request["InstanceArn"] = json!(self.instance);
        self.refused("sso-admin", operation, request)
    }

    /// A call to the directory.
    fn directory(&self, operation: &str, mut request: Value) -> Value {
        request["IdentityStoreId"] = json!(self.store);
        self.call("identitystore", operation, request)
    }

    fn now(&self) -> Timestamp {
        self.sandbox.now()
    }

    fn wait(&self, seconds: i64) {
        self.sandbox.advance(self.now() + SignedDuration::from_secs(seconds)).unwrap();
    }

    fn account(&self, name: &str) -> String {
        let request = json!({"Email": format!("{name}@example.com"), "AccountName": name});
        let made = self.call("organizations", "CreateAccount", request);
        self.wait(120);
        let request = json!({"CreateAccountRequestId": made["CreateAccountStatus"]["Id"]});
        let told = self.call("organizations", "DescribeCreateAccountStatus", request);
        text(&told["CreateAccountStatus"]["AccountId"])
    }

    fn group(&self, name: &str) -> String {
        text(&self.directory("CreateGroup", json!({"DisplayName": name}))["GroupId"])
    }

    fn user(&self, name: &str) -> String {
        let full = json!({"GivenName": name, "FamilyName": "Example"});
        let request = json!({"UserName": name, "DisplayName": name, "Name": full});
        text(&self.directory("CreateUser", request)["UserId"])
    }

    fn join(&self, group: &str, user: &str) {
        self.directory("CreateGroupMembership", json!({"GroupId": group, "MemberId": {"UserId": user}}));
    }

    /// A permission set's ARN.
    fn set(&self, name: &str) -> String {
        text(&self.admin("CreatePermissionSet", json!({"Name": name}))["PermissionSet"]["PermissionSetArn"])
    }

    /// Has an assignment made; the request's id.
    fn submit(&self, set: &str, account: &str, group: &str) -> String {
        let made = self.admin("CreateAccountAssignment", assignment(set, account, group));
        text(&made["AccountAssignmentCreationStatus"]["RequestId"])
    }

    /// How a request to assign stands: its status, and why it failed.
    fn stands(&self, request: &str) -> (String, String) {
        let asked = json!({"AccountAssignmentCreationRequestId": request});
        let told = self.admin("DescribeAccountAssignmentCreationStatus", asked);
        let status = &told["AccountAssignmentCreationStatus"];
        (text(&status["Status"]), status["FailureReason"].as_str().unwrap_or_default().to_owned())
    }

    fn assign(&self, set: &str, account: &str, group: &str) {
        let request = self.submit(set, account, group);
        self.wait(60);
        assert_eq!(self.stands(&request), ("SUCCEEDED".to_owned(), String::new()));
    }

    fn unassign(&self, set: &str, account: &str, group: &str) {
        self.admin("DeleteAccountAssignment", assignment(set, account, group));
        self.wait(60);
    }

    /// The accounts that hold a permission set.
    fn accounts(&self, set: &str) -> Vec<String> {
        let told = self.admin("ListAccountsForProvisionedPermissionSet", json!({"PermissionSetArn": set}));
        told["AccountIds"].as_array().unwrap().iter().map(text).collect()
    }

    /// Those of them that do not hold its latest content.
    fn stale(&self, set: &str) -> Vec<String> {
        let filter = "LATEST_PERMISSION_SET_NOT_PROVISIONED";
        let asked = json!({"PermissionSetArn": set, "ProvisioningStatus": filter});
        let told = self.admin("ListAccountsForProvisionedPermissionSet", asked);
        told["AccountIds"].as_array().unwrap().iter().map(text).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A request about the assignment of a group.
fn assignment(set: &str, account: &str, group: &str) -> Value {
    json!({"PermissionSetArn": set, "TargetId": account, "TargetType": "AWS_ACCOUNT", "PrincipalType": "GROUP",
        "PrincipalId": group})
}
