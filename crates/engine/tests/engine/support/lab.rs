//! A simulated organization and runs against it, each in simulated time that jumps.

use super::tape::Tape;
use glidepath_aws::{AccessMode, Aws, Clock, Connector, Credentials, Options, Rates, Speed};
use glidepath_engine::{
    ApplyOptions, Approved, Depth, EngineError, Events, Receipt, Scope, apply, approve, check_organization,
    observe,
};
use glidepath_model::Address;
use glidepath_model::organization::Snapshot;
use glidepath_plan::plan::{Allowances, GateName, NewAccounts};
use glidepath_plan::planner::{PlanOptions, plan};
use glidepath_plan::{LandingZone, Plan};
use glidepath_sandbox::{
    ADMINISTRATOR_KEY, Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A world with an organization and nothing in it.
pub(crate) fn options() -> SandboxOptions {
    SandboxOptions::new(WorldSeed {
        seed: 7,
        management: ManagementAccount {
            id: "111122223333".parse().unwrap(),
            name: "acme-root".to_owned(),
            email: "aws@example.com".to_owned(),
        },
        founding: Founding::Organization,
        organization_id: None,
        roles: Vec::new(),
        start: "2027-01-04T08:00:00Z".parse().unwrap(),
        identity_center: IdentityCenter::default(),
    })
}

/// The same world, with the organization that a landing zone names.
pub(crate) fn options_for(zone: &LandingZone) -> SandboxOptions {
    let mut options = options();
    options.world.organization_id = zone.organization_id.clone();
    options.world.identity_center = IdentityCenter::In(zone.home.clone());
    options
}

/// Consent to everything but locking somebody out.
pub(crate) fn everything() -> Allowances {
    let gates = BTreeSet::from(GateName::ALL);
    Allowances { gates, new_accounts: NewAccounts::Any, locked_out: BTreeSet::new() }
}

/// What an apply did and why.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) plan: Plan,
    pub(crate) receipt: Receipt,
}

impl Applied {
    /// Every change was made, and all of it shows.
    pub(crate) fn assert_complete(&self) {
        let Receipt { failed, skipped, not_converged, .. } = &self.receipt;
        assert!(self.receipt.is_complete(), "{failed:#?} {skipped:#?} {not_converged:#?}");
        assert_eq!(self.receipt.done.len(), self.plan.changes.len());
    }
}

/// A simulated organization.
pub(crate) struct Lab {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) tape: Arc<Tape>,
    /// What a run says of itself; its id is set per run.
    pub(crate) apply: ApplyOptions,
    pub(crate) caller: String,
    pub(crate) rates: Rates,
    pub(crate) depth: Depth,
    runs: AtomicU64,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with(Sandbox::in_memory(options()))
    }

    pub(crate) fn with(sandbox: Sandbox) -> Self {
        let apply = ApplyOptions { owner: "ada".into(), host: "build-1".into(), ..ApplyOptions::default() };
        Self {
            sandbox: Arc::new(sandbox),
            tape: Arc::new(Tape::default()),
            apply,
            caller: format!("{ADMINISTRATOR_KEY}111122223333"),
            rates: Rates::Off,
            depth: Depth::Shallow,
            runs: AtomicU64::new(0),
        }
    }

    /// Runs something against the organization, in simulated time from where the world stands.
    pub(crate) fn run<T>(&self, work: impl AsyncFnOnce(&Aws) -> T) -> T {
        let clock = Clock::simulated(self.sandbox.now(), Speed::Max);
        let (sandbox, tape, time) = (self.sandbox.clone(), self.tape.clone(), clock.clone());
        let connector =
            Connector::InProcess(Arc::new(move |request| tape.pass(&sandbox, time.now(), request)));
        let options = Options {
            credentials: Credentials::Key { id: self.caller.clone(), secret: "secret".into() },
            rates: self.rates,
            access: AccessMode::ReadWrite,
            seed: self.runs.fetch_add(1, Ordering::Relaxed),
            ..Options::new(connector, clock.clone(), "eu-west-1")
        };
        let result = clock.run(async {
            let aws = Aws::connect(options).await.unwrap();
            work(&aws).await
        });
        self.sandbox.advance(clock.now()).unwrap();
        result.unwrap()
    }

    pub(crate) fn advance(&self, seconds: u32) {
        let now = self.sandbox.now() + std::time::Duration::from_secs(seconds.into());
        self.sandbox.advance(now).unwrap();
    }

    /// Does something behind the engine's back.
    pub(crate) fn call(&self, operation: &str, request: Value) -> Value {
        self.sandbox.call_json("111122223333", "organizations", operation, request).expect(operation)
    }

    /// Asks CloudFormation of the management account, in the home Region, behind the engine's back.
    pub(crate) fn cloudformation(&self, operation: &str, request: Value) -> Value {
        self.cloudformation_of("111122223333", "eu-west-1", operation, request)
    }

    /// Asks CloudFormation of an account in a Region.
    pub(crate) fn cloudformation_of(
        &self,
        account: &str,
        region: &str,
        operation: &str,
        request: Value,
    ) -> Value {
        let answer = self.sandbox.call_json_in(region, account, "cloudformation", operation, request);
        answer.unwrap_or_else(|error| panic!("{operation}: {error}"))
    }

    /// The stacks of a stack set: account, Region and how it stands, in order.
    pub(crate) fn instances(&self, set: &str) -> Vec<(String, String, String)> {
        let answer = self.cloudformation("ListStackInstances", json!({"StackSetName": set}));
        assert!(answer.get("NextToken").is_none());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut all: Vec<_> = answer["Summaries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let status = text(&one["StackInstanceStatus"]["DetailedStatus"]);
                (text(&one["Account"]), text(&one["Region"]), status)
            })
            .collect();
        all.sort();
        all
    }

    /// AWS's id of something of the manifest.
    pub(crate) fn physical(&self, zone: &LandingZone, address: &str) -> String {
        let plan = self.plan(zone);
        let found = plan.physical_ids.iter().find(|(at, _)| at.to_string() == address);
        found.unwrap_or_else(|| panic!("{address}")).1.clone()
    }

    /// Moves an account behind the engine's back.
    pub(crate) fn move_account(&self, zone: &LandingZone, account: &str, from: &str, to: &str) {
        let [account, from, to] = [account, from, to].map(|address| self.physical(zone, address));
        let request = json!({"AccountId": account, "SourceParentId": from, "DestinationParentId": to});
        self.call("MoveAccount", request);
    }

    pub(crate) fn observe(&self, zone: &LandingZone) -> Snapshot {
        self.observe_to(zone, Depth::Shallow)
    }

    /// Looks as far as this.
    pub(crate) fn observe_to(&self, zone: &LandingZone, depth: Depth) -> Snapshot {
        let scope = Scope::Everything(depth);
        self.run(async |aws| observe(aws, zone, &scope, &Events::silent()).await.unwrap())
    }

    pub(crate) fn plan(&self, zone: &LandingZone) -> Plan {
        planned(zone, &self.observe(zone))
    }

    /// Plans and applies as the command does, with consent to everything.
    pub(crate) fn try_apply(&self, zone: &LandingZone) -> Result<Applied, EngineError> {
        self.run(async |aws| self.apply_on(aws, zone, &Events::silent()).await)
    }

    pub(crate) fn apply(&self, zone: &LandingZone) -> Applied {
        self.try_apply(zone).expect("the apply has a receipt")
    }

    pub(crate) async fn apply_on(
        &self,
        aws: &Aws,
        zone: &LandingZone,
        events: &Events,
    ) -> Result<Applied, EngineError> {
        check_organization(aws, zone).await?;
        let plan = planned(zone, &observe(aws, zone, &Scope::Everything(self.depth), events).await?);
        let approved = approved(plan.clone());
        let options = self.options();
        let receipt = apply(aws, zone, &approved, &options, events).await?;
        Ok(Applied { plan, receipt })
    }

    /// The options of the next run.
    pub(crate) fn options(&self) -> ApplyOptions {
        let number = self.runs.fetch_add(1, Ordering::Relaxed);
        let run_id =
            if self.apply.run_id.is_empty() { format!("run-{number}") } else { self.apply.run_id.clone() };
        ApplyOptions { run_id, ..self.apply.clone() }
    }

    /// Nothing is left to do, and nothing is unknown.
    pub(crate) fn assert_settled(&self, zone: &LandingZone) {
        let plan = self.plan(zone);
        assert!(plan.is_empty() && plan.refusals.is_empty(), "{:#?} {:#?}", plan.changes, plan.withheld);
        assert_eq!(plan.gaps, []);
    }
}

pub(crate) fn approved(plan: Plan) -> Approved {
    approve(plan, &everything()).unwrap_or_else(|refused| panic!("{refused}: {refused:#?}"))
}

pub(crate) fn planned(zone: &LandingZone, snapshot: &Snapshot) -> Plan {
    let options = PlanOptions { today: "2027-01-04".parse().unwrap(), targets: Vec::new(), caller: None };
    plan(zone, snapshot, &options)
}

/// An address from its text.
pub(crate) fn at(text: &str) -> Address {
    Address::parse(text).unwrap()
}
