//! AWS CloudFormation as its callers meet it: one file a noun.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot read its own data should stop; indexing a JSON value is total"
)]

mod change_set;
mod drift;
mod export;
mod failure;
mod identity;
mod stack;
mod stack_policy;
mod template;
mod update;

use glidepath_model::AccountId;
use glidepath_sandbox::{
    CallError, Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, Tampering, WorldSeed,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const MEMBER: &str = "444455556666";
const REGION: &str = "eu-west-1";

/// A sandbox and what tests do with it.
struct World {
    sandbox: Sandbox,
}

impl World {
    fn new() -> Self {
        Self::with_faults("")
    }

    fn with_faults(faults: &str) -> Self {
        Self { sandbox: Sandbox::in_memory(Self::options(faults)) }
    }

    fn options(faults: &str) -> SandboxOptions {
        let seed = WorldSeed {
            seed: 7,
            management: ManagementAccount {
                id: AccountId::parse(ACCOUNT).unwrap(),
                name: "management".to_owned(),
                email: "management@example.com".to_owned(),
            },
            founding: Founding::Organization,
            organization_id: None,
            roles: Vec::new(),
            start: "2026-11-24T04:00:00Z".parse().unwrap(),
            identity_center: IdentityCenter::default(),
        };
        let mut options = SandboxOptions::new(seed);
        options.faults = Some(faults.parse().unwrap());
        options
    }

    fn call(&self, region: &str, caller: &str, operation: &str, request: Value) -> Result<Value, String> {
        let answer = self.sandbox.call_json_in(region, caller, "cloudformation", operation, request);
        answer.map_err(|error| match error {
            CallError::Service(error) => format!("{}: {}", error.code, error.message),
            other => panic!("{other}"),
        })
    }

    fn ok(&self, operation: &str, request: Value) -> Value {
        self.call(REGION, ACCOUNT, operation, request.clone())
            .unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    /// Code and message of the refusal.
    fn refused(&self, operation: &str, request: Value) -> String {
        match self.call(REGION, ACCOUNT, operation, request.clone()) {
            Ok(answer) => panic!("{operation} {request} was answered: {answer}"),
            Err(error) => error,
        }
    }

    fn wait(&self, seconds: i64) {
        self.sandbox.advance(self.sandbox.now() + SignedDuration::from_secs(seconds)).unwrap();
    }

    /// Waits for everything that is under way.
    fn settle(&self) {
        while let Some(due) = self.sandbox.next_due() {
            self.sandbox.advance(due).unwrap();
        }
    }

    fn begin(&self, name: &str, template: &Value) -> String {
        let request = json!({"StackName": name, "TemplateBody": template.to_string()});
        text(&self.ok("CreateStack", request)["StackId"])
    }

    /// A stack that has come to its end, whatever that is.
    fn create(&self, name: &str, template: &Value) -> String {
        let id = self.begin(name, template);
        self.settle();
        id
    }

    /// An update that has come to its end.
    fn update(&self, name: &str, template: &Value) {
        self.ok("UpdateStack", json!({"StackName": name, "TemplateBody": template.to_string()}));
        self.settle();
    }

    fn delete(&self, name: &str) {
        self.ok("DeleteStack", json!({"StackName": name}));
        self.settle();
    }

    fn stack(&self, name: &str) -> Value {
        self.ok("DescribeStacks", json!({"StackName": name}))["Stacks"][0].clone()
    }

    fn status(&self, name: &str) -> String {
        text(&self.stack(name)["StackStatus"])
    }

    /// The resource of a logical id.
    fn resource(&self, stack: &str, logical_id: &str) -> Value {
        let request = json!({"StackName": stack, "LogicalResourceId": logical_id});
        self.ok("DescribeStackResource", request)["StackResourceDetail"].clone()
    }

    fn physical_id(&self, stack: &str, logical_id: &str) -> String {
        text(&self.resource(stack, logical_id)["PhysicalResourceId"])
    }

    /// Every event, oldest first: logical id, status and reason.
    fn events(&self, stack: &str) -> Vec<String> {
        let mut events = self.list("DescribeStackEvents", json!({"StackName": stack}), "StackEvents");
        events.reverse();
        let told = events.iter().map(|event| {
            let reason = event["ResourceStatusReason"].as_str().unwrap_or_default();
            format!("{} {} {reason}", text(&event["LogicalResourceId"]), text(&event["ResourceStatus"]))
                .trim_end()
                .to_owned()
        });
        told.collect()
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

    /// Changes a resource behind its stack's back, or removes it.
    fn tamper(&self, ty: &str, id: &str, change: Option<(&str, Value)>) {
        let tampering = Tampering {
            account: ACCOUNT.to_owned(),
            region: REGION.to_owned(),
            ty: ty.to_owned(),
            id: id.to_owned(),
            property: change.as_ref().map(|(property, _)| (*property).to_owned()),
            value: change.map(|(_, value)| value),
        };
        self.sandbox.tamper(&tampering).unwrap();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A template with these resources.
fn template(resources: Value) -> Value {
    json!({ "Resources": resources })
}

/// A parameter of Systems Manager with a made-up name.
fn parameter(value: &str) -> Value {
    json!({"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}})
}

/// A bucket of this name.
fn bucket(name: &str) -> Value {
    json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}})
}
