//! Service-managed stack sets as their callers meet them: one file a noun.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot read its own data should stop; indexing a JSON value is total"
)]

mod auto_deployment;
mod drift;
mod dump;
mod instance;
mod operation;
mod organizations_access;
mod preferences;
mod queue;
mod reopening;
mod set;
mod targets;

use glidepath_model::AccountId;
use glidepath_sandbox::{
    CallError, Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MANAGEMENT: &str = "111122223333";
const REGION: &str = "us-east-1";
const EUROPE: &str = "eu-west-1";

/// A sandbox with an organization that lets StackSets in, and what tests do with it.
struct World {
    sandbox: Sandbox,
}

impl World {
    /// An organization that does not let StackSets in.
    fn closed() -> Self {
        Self { sandbox: Sandbox::in_memory(options()) }
    }

    fn new() -> Self {
        let world = Self::closed();
        world.ok("ActivateOrganizationsAccess", json!({}));
        world
    }

    /// The same world, in which resources of these accounts and Regions fail.
    fn failing(&self, faults: &str) -> Self {
        let mut options = options();
        options.faults = Some(faults.parse().unwrap());
        Self { sandbox: Sandbox::from_snapshot(self.sandbox.snapshot(), options) }
    }

    fn try_as(&self, caller: &str, service: &str, operation: &str, request: Value) -> Result<Value, String> {
        let answer = self.sandbox.call_json(caller, service, operation, request);
        answer.map_err(|error| match error {
            CallError::Service(error) => format!("{}: {}", error.code, error.message),
            other => panic!("{other}"),
        })
    }

    /// The answer to the management account.
    fn ok(&self, operation: &str, request: Value) -> Value {
        self.ok_as(MANAGEMENT, operation, request)
    }

    fn ok_as(&self, caller: &str, operation: &str, request: Value) -> Value {
        self.try_as(caller, "cloudformation", operation, request.clone())
            .unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    /// Code and message of the refusal to the management account.
    fn refused(&self, operation: &str, request: Value) -> String {
        self.refused_as(MANAGEMENT, operation, request)
    }

    fn refused_as(&self, caller: &str, operation: &str, request: Value) -> String {
        match self.try_as(caller, "cloudformation", operation, request.clone()) {
            Ok(answer) => panic!("{operation} {request} was answered: {answer}"),
            Err(error) => error,
        }
    }

    /// The code alone.
    fn code(&self, operation: &str, request: Value) -> String {
        let told = self.refused(operation, request);
        told.split_once(':').map_or(told.clone(), |(code, _)| code.to_owned())
    }

    fn organizations(&self, operation: &str, request: Value) -> Value {
        self.try_as(MANAGEMENT, "organizations", operation, request.clone())
            .unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    /// Everything that a listing of Organizations gives; a page of it may be empty.
    fn organizations_list(&self, operation: &str, member: &str) -> Vec<Value> {
        let (mut found, mut request) = (Vec::new(), json!({}));
        loop {
            let answer = self.organizations(operation, request.clone());
            found.extend(answer[member].as_array().unwrap().iter().cloned());
            match answer.get("NextToken") {
                Some(token) => request["NextToken"] = token.clone(),
                None => return found,
            }
        }
    }

    fn wait(&self, seconds: i64) {
        self.sandbox.advance(self.sandbox.now() + SignedDuration::from_secs(seconds)).unwrap();
    }

    /// Waits for the operations that are under way.
    fn settle(&self) {
        self.wait(3_600);
    }

    fn root(&self) -> String {
        text(&self.organizations_list("ListRoots", "Roots")[0]["Id"])
    }

    fn unit(&self, parent: &str, name: &str) -> String {
        let answer =
            self.organizations("CreateOrganizationalUnit", json!({"ParentId": parent, "Name": name}));
        text(&answer["OrganizationalUnit"]["Id"])
    }

    /// An account of this name under the root, created and waited for.
    fn account(&self, name: &str) -> String {
        let email = format!("{name}@example.com");
        let answer = self.organizations("CreateAccount", json!({"AccountName": name, "Email": email}));
        let id = answer["CreateAccountStatus"]["Id"].clone();
        self.wait(60);
        let answer = self.organizations("DescribeCreateAccountStatus", json!({"CreateAccountRequestId": id}));
        text(&answer["CreateAccountStatus"]["AccountId"])
    }

    fn place(&self, account: &str, from: &str, to: &str) {
        let request = json!({"AccountId": account, "SourceParentId": from, "DestinationParentId": to});
        self.organizations("MoveAccount", request);
    }

    /// Accounts of these names in a unit, in order of their ids.
    fn accounts_in(&self, unit: &str, names: &[&str]) -> Vec<String> {
        let root = self.root();
        let mut accounts: Vec<String> = names.iter().map(|name| self.account(name)).collect();
        for account in &accounts {
            self.place(account, &root, unit);
        }
        accounts.sort();
        accounts
    }

    /// A set with a parameter of Systems Manager as its resource; tells its id.
    fn set(&self, name: &str) -> String {
        text(&self.ok("CreateStackSet", set_request(name, &template()))["StackSetId"])
    }

    /// A set whose instances follow accounts.
    fn automatic_set(&self, name: &str, more: Value) -> String {
        let mut request = set_request(name, &template());
        request["AutoDeployment"] = json!({"Enabled": true});
        for (key, value) in more.as_object().unwrap() {
            request["AutoDeployment"][key] = value.clone();
        }
        text(&self.ok("CreateStackSet", request)["StackSetId"])
    }

    /// Gives a set to a unit and waits; tells the operation's id.
    fn deploy(&self, set: &str, unit: &str, regions: &[&str]) -> String {
        let id = text(&self.ok("CreateStackInstances", targeting(set, unit, regions))["OperationId"]);
        self.settle();
        id
    }

    /// Takes a set from a unit and waits.
    fn withdraw(&self, set: &str, unit: &str, regions: &[&str]) -> String {
        let mut request = targeting(set, unit, regions);
        request["RetainStacks"] = json!(false);
        let id = text(&self.ok("DeleteStackInstances", request)["OperationId"]);
        self.settle();
        id
    }

    fn operation(&self, set: &str, id: &str) -> Value {
        let request = json!({"StackSetName": set, "OperationId": id});
        self.ok("DescribeStackSetOperation", request)["StackSetOperation"].clone()
    }

    fn status(&self, set: &str, id: &str) -> String {
        text(&self.operation(set, id)["Status"])
    }

    /// Every operation of a set, oldest first: what it does, how it stands.
    fn operations(&self, set: &str) -> Vec<String> {
        let mut found = self.list("ListStackSetOperations", json!({"StackSetName": set}));
        found.reverse();
        found.iter().map(|one| format!("{} {}", text(&one["Action"]), text(&one["Status"]))).collect()
    }

    /// Every result of an operation: account, Region, how it stands.
    fn results(&self, set: &str, id: &str) -> Vec<String> {
        let found =
            self.list("ListStackSetOperationResults", json!({"StackSetName": set, "OperationId": id}));
        let told = found.iter().map(|one| {
            format!("{} {} {}", text(&one["Account"]), text(&one["Region"]), text(&one["Status"]))
        });
        told.collect()
    }

    /// Every instance of a set: account, Region, status and detailed status.
    fn instances(&self, set: &str) -> Vec<String> {
        let found = self.list("ListStackInstances", json!({"StackSetName": set}));
        let told = found.iter().map(|one| {
            format!(
                "{} {} {} {}",
                text(&one["Account"]),
                text(&one["Region"]),
                text(&one["Status"]),
                text(&one["StackInstanceStatus"]["DetailedStatus"])
            )
        });
        told.collect()
    }

    fn instance(&self, set: &str, account: &str, region: &str) -> Value {
        let request = json!({"StackSetName": set, "StackInstanceAccount": account,
            "StackInstanceRegion": region});
        self.ok("DescribeStackInstance", request)["StackInstance"].clone()
    }

    /// The stack of an instance, as its own account sees it.
    fn stack(&self, set: &str, account: &str, region: &str) -> Value {
        let id = self.instance(set, account, region)["StackId"].clone();
        let answer = self.sandbox.call_json_in(
            region,
            account,
            "cloudformation",
            "DescribeStacks",
            json!({"StackName": id}),
        );
        answer.unwrap()["Stacks"][0].clone()
    }

    /// The summaries that a listing gives, page after page.
    fn list(&self, operation: &str, mut request: Value) -> Vec<Value> {
        let mut found = Vec::new();
        loop {
            let answer = self.ok(operation, request.clone());
            found.extend(answer["Summaries"].as_array().unwrap().iter().cloned());
            match answer.get("NextToken") {
                Some(token) => request["NextToken"] = token.clone(),
                None => return found,
            }
        }
    }
}

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
        identity_center: IdentityCenter::default(),
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A template with one parameter, which is the value of its one resource.
fn template() -> Value {
    json!({
        "Parameters": {"Text": {"Type": "String", "Default": "one"}},
        "Resources": {"Note": {"Type": "AWS::SSM::Parameter",
            "Properties": {"Type": "String", "Value": {"Ref": "Text"}}}},
    })
}

/// The same with another resource.
fn larger_template() -> Value {
    let mut template = template();
    template["Resources"]["Second"] = template["Resources"]["Note"].clone();
    template
}

fn set_request(name: &str, template: &Value) -> Value {
    json!({"StackSetName": name, "TemplateBody": template.to_string(), "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": false}})
}

/// A request on the instances of a set in a unit.
fn targeting(set: &str, unit: &str, regions: &[&str]) -> Value {
    json!({"StackSetName": set, "DeploymentTargets": {"OrganizationalUnitIds": [unit]}, "Regions": regions})
}

/// The value of the parameter that a stack was made with.
fn text_parameter(stack: &Value) -> String {
    text(&stack["Parameters"][0]["ParameterValue"])
}
