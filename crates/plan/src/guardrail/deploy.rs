//! Conformance packs as stack sets and stacks.
//!
//! A pack for the whole organization is one organization conformance pack in a stack of the management account,
//! a Region at a time. Any other pack goes to its targets by a stack set, and to the management account, where
//! that is named, by a stack. All of them come after the recorder, without which AWS refuses a pack.

use super::detection::{Detection, DetectionPack, Members};
use crate::blueprint::{Deployment, Newcomers, members};
use crate::deployment::Member;
use crate::kind::stack::StackSpec;
use crate::kind::stack_set::{AutoDeploymentSpec, StackSetSpec, TRUSTED_SERVICE};
use crate::kind::stack_set_targets::StackSetTargetsSpec;
use crate::kind::trusted_access::TrustedAccessSpec;
use crate::ownership::marked;
use crate::spec::{Desired, Spec};
use glidepath_manifest::{Diagnostic, Manifest, code};
use glidepath_model::{AccountId, Address, Tags, Target};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The service that puts packs into every account of an organization.
/// <https://docs.aws.amazon.com/config/latest/developerguide/conformance-pack-organization-apis.html>
const PACKS_SERVICE: &str = "config-multiaccountsetup.amazonaws.com";
/// The blueprint whose stacks record.
const RECORDER: &str = "config-recorder";

/// What packs come to.
#[derive(Debug, Default)]
pub(crate) struct Packs {
    pub(crate) desired: BTreeMap<Address, Desired>,
    pub(crate) deployments: BTreeMap<Address, Deployment>,
    pub(crate) findings: Vec<Diagnostic>,
}

/// Makes deployments of packs. `there` is what blueprints deploy, the recorder among it.
pub(crate) fn packs(
    manifest: &Manifest,
    detection: &Detection,
    there: (&BTreeMap<Address, Desired>, &BTreeMap<Address, Deployment>),
) -> Packs {
    let mut all = Packs::default();
    let recorder = Recorder::among(there);
    if let (Some(pack), true) = (detection.packs.first(), recorder.first.is_empty()) {
        let diagnostic = Diagnostic::new(
            code::DETECTION_UNRECORDED,
            "Config rules look at what is recorded, and this manifest deploys no recorder",
        );
        let first = pack.spans.first().copied();
        all.findings.push(first.into_iter().fold(diagnostic, |one, span| one.at(span, "")).help(
            "add `logging` with the source `config`, or the blueprint `config-recorder`, unless another one records",
        ));
    }
    for pack in &detection.packs {
        deploy(manifest, pack, &recorder, &mut all);
    }
    all
}

/// The deployments that record.
struct Recorder {
    /// What must be there before a pack.
    first: BTreeSet<Address>,
    /// The stack sets among them that AWS looks after.
    sets: BTreeSet<String>,
}

impl Recorder {
    fn among((desired, deployments): (&BTreeMap<Address, Desired>, &BTreeMap<Address, Deployment>)) -> Self {
        let (mut first, mut sets) = (BTreeSet::new(), BTreeSet::new());
        for (address, _) in deployments.iter().filter(|(_, one)| one.blueprint == RECORDER) {
            match address {
                Address::StackSet(name) => {
                    first.insert(Address::StackSetTargets(name.clone()));
                    let set = desired.get(address);
                    let auto = matches!(set, Some(Desired::Present(Spec::StackSet(set))) if set.auto_deployment.is_some());
                    sets.extend(auto.then(|| name.clone()));
                }
                other => {
                    first.insert(other.clone());
                }
            }
        }
        Self { first, sets }
    }
}

fn deploy(manifest: &Manifest, pack: &DetectionPack, recorder: &Recorder, all: &mut Packs) {
    let organization = &manifest.organization.name.value;
    let mut access = |service: &str| {
        let address = Address::TrustedAccess(service.to_owned());
        let desired = Desired::Present(Spec::TrustedAccess(TrustedAccessSpec {}));
        all.desired.insert(address.clone(), desired);
        address
    };
    let mut stacks: Vec<(String, Value, BTreeSet<Address>)> = Vec::new();
    let mut placed: BTreeSet<Member> = BTreeSet::new();
    let mut newcomers = Newcomers::Aws;
    match &pack.placement.members {
        Members::Organization { excluded } => {
            let mut first = recorder.first.clone();
            first.insert(access(PACKS_SERVICE));
            stacks.push((format!("{}-organization", pack.name), of_organization(pack, excluded), first));
        }
        Members::Targets { targets, excluded } => {
            (placed, newcomers) = place(manifest, pack, targets, excluded);
        }
    }
    if pack.placement.management {
        stacks.push((pack.name.clone(), of_account(pack), recorder.first.clone()));
    }
    let origin = |newcomers| {
        pack.spans.first().map(|span| Deployment {
            blueprint: "conformance pack".to_owned(),
            span: *span,
            cost: vec!["Evaluations of Config rules, by the number of rules and of changes.".to_owned()],
            newcomers,
        })
    };
    if !placed.is_empty() {
        access(TRUSTED_SERVICE);
    }
    for (name, template, after) in stacks {
        for region in &pack.regions {
            let address = Address::Stack { name: name.clone(), region: region.clone() };
            let spec = StackSpec {
                template: template.clone(),
                parameters: BTreeMap::new(),
                capabilities: BTreeSet::new(),
                termination_protection: true,
                trouble: None,
                stuck: BTreeSet::new(),
                replaces: BTreeSet::new(),
                after: after.clone(),
                tags: marked(&Tags::new(), organization, &address),
            };
            all.desired.insert(address.clone(), Desired::Present(Spec::Stack(spec)));
            all.deployments.extend(origin(Newcomers::Nobody).map(|origin| (address, origin)));
        }
    }
    if placed.is_empty() {
        return;
    }
    let set = Address::StackSet(pack.name.clone());
    let depends_on = recorder.sets.clone();
    let auto = (newcomers == Newcomers::Aws).then_some(AutoDeploymentSpec { retain: false, depends_on });
    let spec = StackSetSpec {
        description: format!("{} Config rules (Glidepath)", pack.rules.len()),
        template: of_account(pack),
        parameters: BTreeMap::new(),
        capabilities: BTreeSet::new(),
        auto_deployment: auto,
        managed_execution: true,
        tags: marked(&Tags::new(), organization, &set),
    };
    let targets = StackSetTargetsSpec {
        members: placed,
        after: recorder
            .first
            .iter()
            .filter(|one| matches!(one, Address::StackSetTargets(_)))
            .cloned()
            .collect(),
        spared: BTreeSet::new(),
        replaces: BTreeMap::new(),
        trouble: BTreeMap::new(),
    };
    all.desired.insert(set.clone(), Desired::Present(Spec::StackSet(spec)));
    all.desired.insert(
        Address::StackSetTargets(pack.name.clone()),
        Desired::Present(Spec::StackSetTargets(targets)),
    );
    all.deployments.extend(origin(newcomers).map(|origin| (set, origin)));
}

/// Whole units where nobody is left out, else every account by itself.
fn place(
    manifest: &Manifest,
    pack: &DetectionPack,
    targets: &BTreeSet<Target>,
    excluded: &BTreeSet<AccountId>,
) -> (BTreeSet<Member>, Newcomers) {
    let is_unit = |target: &Target| matches!(target, Target::Unit(_));
    if excluded.is_empty() && targets.iter().all(is_unit) {
        return (members(targets, &pack.regions), Newcomers::Aws);
    }
    let reached = manifest.accounts.iter().filter(|(name, account)| {
        let within = |target: &Target| match target {
            Target::Unit(path) => account.unit.is_within(path),
            Target::Account(other) => other == *name,
        };
        let spared = account.id.as_ref().is_some_and(|id| excluded.contains(&id.value));
        !account.close && !spared && targets.iter().any(within)
    });
    let accounts: Vec<Target> = reached.map(|(name, _)| Target::Account(name.clone())).collect();
    let newcomers = if targets.iter().any(is_unit) { Newcomers::Apply } else { Newcomers::Nobody };
    (members(&accounts, &pack.regions), newcomers)
}

fn of_account(pack: &DetectionPack) -> Value {
    template(json!({
        "Type": "AWS::Config::ConformancePack",
        "Properties": {"ConformancePackName": pack.name, "TemplateBody": pack.template},
    }))
}

fn of_organization(pack: &DetectionPack, excluded: &BTreeSet<AccountId>) -> Value {
    let excluded: Vec<&str> = excluded.iter().map(AccountId::as_str).collect();
    template(json!({
        "Type": "AWS::Config::OrganizationConformancePack",
        "Properties": {
            "OrganizationConformancePackName": pack.name,
            "TemplateBody": pack.template,
            "ExcludedAccounts": excluded,
        },
    }))
}

fn template(pack: Value) -> Value {
    json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Pack": pack}})
}
