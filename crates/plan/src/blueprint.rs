//! The manifest's blueprints made into stack sets and stacks: looked up, rendered, placed, and put after what
//! they need. What comes out are ordinary desired things, so that difference, order and checks know nothing of
//! blueprints.
//!
//! Members get a service-managed stack set, the management account, which stack sets never reach, stacks of its
//! own. AWS looks after new accounts only where whole units are placed and nothing is spared; else an apply
//! adds them.

mod later;
mod logging;
mod needs;
mod placement;

use crate::deployment::{Member, ParameterValue, Parameters};
use crate::guardrail::parameter;
use crate::kind::stack::StackSpec;
use crate::kind::stack_set::{AutoDeploymentSpec, StackSetSpec, TRUSTED_SERVICE};
use crate::kind::stack_set_targets::StackSetTargetsSpec;
use crate::kind::trusted_access::TrustedAccessSpec;
use crate::ownership::marked;
use crate::spec::{Desired, Spec};
use glidepath_blueprints::{
    Argument, Ask, Blueprint, Capability, Catalogue, Fault, LookupError, OnAccountRemoval, Rendered, Role,
    Source, Surroundings, Template,
};
use glidepath_manifest::manifest::{BlueprintName, BlueprintUse, Manifest};
use glidepath_manifest::{Diagnostic, Span, code};
use glidepath_model::regions::{partition, region};
use glidepath_model::{Address, Date, Tags};
use placement::Place;
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a stack set's description, the most that AWS takes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html>
const DESCRIPTION: usize = 1024;

/// The domain of the one partition that this version works in.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
const DNS_SUFFIX: &str = "amazonaws.com";

/// What one stack set or stack was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// The blueprint's id.
    pub blueprint: String,
    /// Where the manifest names it.
    pub span: Span,
    /// What drives its cost.
    pub cost: Vec<String>,
    /// Who sees to accounts that come later.
    pub newcomers: Newcomers,
}

/// Who sees to accounts that come to the units of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newcomers {
    /// AWS, by itself.
    Aws,
    /// The next apply.
    Apply,
    /// Nobody: it is for accounts that are named.
    Nobody,
}

/// What the blueprints of a manifest come to.
#[derive(Debug, Default)]
pub(crate) struct Blueprints {
    pub(crate) desired: BTreeMap<Address, Desired>,
    pub(crate) deployments: BTreeMap<Address, Deployment>,
    pub(crate) findings: Vec<Diagnostic>,
}

/// One entry of the manifest, filled in.
pub(crate) struct Piece<'a> {
    pub(crate) entry: &'a BlueprintUse,
    pub(crate) blueprint: Blueprint,
    rendered: Rendered,
    /// Values for the template's parameters that are known after apply only.
    later: Parameters,
    pub(crate) place: Place,
}

impl Piece<'_> {
    /// The names of its stack sets or stacks, with what each deploys: one, unless its template had to be divided.
    pub(crate) fn parts(&self) -> Vec<(String, &Template)> {
        let name = &self.entry.name.value;
        if self.rendered.shards.is_empty() {
            return vec![(name.clone(), &self.rendered.template)];
        }
        let shards = self.rendered.shards.iter();
        shards.map(|shard| (format!("{name}-{}", shard.number), &shard.template)).collect()
    }
}

/// Makes deployments of the blueprints of a manifest, for one day. With an error among the findings the rest is
/// not whole.
pub(crate) fn blueprints(manifest: &Manifest, today: Date) -> Blueprints {
    let mut all = Blueprints::default();
    let implied = logging::uses(manifest);
    let entries: Vec<&BlueprintUse> = manifest.blueprints.iter().chain(&implied).collect();
    if entries.is_empty() {
        return all;
    }
    let Some(around) = surroundings(manifest) else { return all };
    let mut pieces = Vec::new();
    for entry in &entries {
        pieces.extend(piece(manifest, entry, &around, today, &mut all.findings));
    }
    let needs = needs::needs(manifest, &entries, &pieces, &mut all);
    for piece in &pieces {
        let needed = needs.get(&piece.entry.name.value).cloned().unwrap_or_default();
        deploy(manifest, piece, &needed, &mut all);
    }
    all
}

fn piece<'a>(
    manifest: &Manifest,
    entry: &'a BlueprintUse,
    around: &Surroundings,
    today: Date,
    findings: &mut Vec<Diagnostic>,
) -> Option<Piece<'a>> {
    let blueprint = match find(entry) {
        Ok(blueprint) => blueprint,
        Err(complaints) => {
            findings.extend(complaints);
            return None;
        }
    };
    let later = later::later(manifest, entry, &blueprint, findings)?;
    let with = arguments(entry, &blueprint, &later, findings)?;
    let place = placement::place(manifest, entry, &blueprint, today, findings)?;
    let unknown: Vec<Ask> = blueprint.asks().into_iter().filter(|ask| !is_known(*ask, around)).collect();
    let names: BTreeSet<String> = later.keys().cloned().collect();
    // A template may ask for an account only where an argument wants it.
    let rendered = match unknown.as_slice() {
        [] => Some(blueprint.render_with(&with, &names, around)),
        asked if asked.contains(&Ask::OrganizationId) => None,
        _ => blueprint.render_with(&with, &names, around).ok().map(Ok),
    };
    let Some(rendered) = rendered else {
        let unknown: Vec<String> = unknown.into_iter().map(in_words).collect();
        let summary = format!("`{}` waits for {}", entry.name.value, unknown.join(" and "));
        findings.push(
            Diagnostic::new(code::BLUEPRINT_UNKNOWN_ID, summary)
                .at(entry.span, "it is left out of this run")
                .help("apply once, write the id into the manifest, and apply again"),
        );
        return None;
    };
    match rendered {
        Ok(rendered) => {
            let later = later
                .into_iter()
                .filter_map(|(name, value)| Some((rendered.later.get(&name)?.clone(), value)));
            let later = later.collect();
            Some(Piece { entry, blueprint, rendered, later, place })
        }
        Err(faults) => {
            findings.extend(faults.iter().map(|fault| broken(entry, fault)));
            None
        }
    }
}

fn is_known(ask: Ask, around: &Surroundings) -> bool {
    match ask {
        Ask::OrganizationId => around.organization_id.is_some(),
        Ask::Account(role) => around.accounts.contains_key(role.word()),
    }
}

fn in_words(ask: Ask) -> String {
    match ask {
        Ask::OrganizationId => "the organization's id".to_owned(),
        Ask::Account(role) => format!("the id of the account `{role}`"),
    }
}

/// The blueprint that an entry names.
fn find(entry: &BlueprintUse) -> Result<Blueprint, Vec<Diagnostic>> {
    let found = match &entry.blueprint {
        BlueprintName::Catalogue(id) => Catalogue::built_in().get(id).cloned(),
        BlueprintName::Own(own) => {
            let source = match &own.description {
                Some(blueprint) => Source::Folder {
                    folder: own.path.clone(),
                    blueprint: blueprint.clone(),
                    template: own.template.clone(),
                    examples: Vec::new(),
                },
                None => Source::Plain { file: own.path.clone(), text: own.template.clone() },
            };
            let own = Catalogue::own([source])
                .map_err(|faults| faults.iter().map(|fault| broken(entry, fault)).collect::<Vec<_>>())?;
            let id = own.ids().next().unwrap_or_default();
            own.get(id).cloned()
        }
    };
    found.map_err(|error| match error {
        LookupError::Unknown { id, nearest } => {
            let summary = format!("there is no blueprint `{id}`");
            let diagnostic = Diagnostic::new(code::BLUEPRINT_UNKNOWN, summary).at(entry.span, "");
            let help =
                "`glidepath blueprints list` shows those of the catalogue; one of your own begins with `./`";
            vec![diagnostic.help(help).nearest(entry.span, nearest)]
        }
        LookupError::Broken { faults, .. } => faults.iter().map(|fault| broken(entry, fault)).collect(),
    })
}

fn broken(entry: &BlueprintUse, fault: &Fault) -> Diagnostic {
    Diagnostic::new(code::BLUEPRINT_BROKEN, fault.to_string())
        .at(entry.span, "named here")
        .help("mend the file, or the values given here; `glidepath blueprints check` judges a folder alone")
}

fn arguments(
    entry: &BlueprintUse,
    blueprint: &Blueprint,
    later: &BTreeMap<String, ParameterValue>,
    findings: &mut Vec<Diagnostic>,
) -> Option<BTreeMap<String, Argument>> {
    let known = entry.with.iter().filter(|(name, _)| !later.contains_key(*name));
    let given = known.map(|(name, value)| (name.clone(), value.value.clone())).collect();
    match blueprint.arguments(&given) {
        Ok(arguments) => Some(arguments),
        Err(errors) => {
            for error in errors {
                let span = entry.with.get(parameter(&error)).map_or(entry.span, |value| value.span);
                findings.push(
                    Diagnostic::new(code::BLUEPRINT_ARGUMENT, error.to_string())
                        .at(span, "")
                        .help(format!("`glidepath blueprints show {}` lists its parameters", blueprint.id)),
                );
            }
            None
        }
    }
}

/// What of the landing zone is known before anything is read; none for a home Region that is not known.
fn surroundings(manifest: &Manifest) -> Option<Surroundings> {
    let organization = &manifest.organization;
    let partition = partition(&region(&organization.home.value)?.partition)?;
    let ids = Role::ALL.iter().filter_map(|role| {
        let player = player_of(manifest, *role);
        let id = manifest.accounts.get(player)?.id.as_ref()?.value.clone();
        Some((role.word().to_owned(), id))
    });
    Some(Surroundings {
        organization_id: organization.id.as_ref().map(|id| id.value.clone()),
        management_account: organization.management.id.value.clone(),
        home: organization.home.value.clone(),
        regions: organization.regions.iter().map(|region| region.value.clone()).collect(),
        partition: partition.id.clone(),
        dns_suffix: DNS_SUFFIX.to_owned(),
        accounts: ids.collect(),
        name: organization.name.value.clone(),
    })
}

/// The account that plays a role: the one that `logging` names, else the one of the role's name.
fn player_of(manifest: &Manifest, role: Role) -> &str {
    let archive = manifest.logging.as_ref().map(|logging| logging.archive.value.as_str());
    match role {
        Role::LogArchive => archive.unwrap_or(role.word()),
        Role::Security | Role::Network => role.word(),
    }
}

fn deploy(manifest: &Manifest, piece: &Piece<'_>, needed: &needs::Needed, all: &mut Blueprints) {
    let organization = &manifest.organization.name.value;
    let Piece { entry, blueprint, rendered, later, place } = piece;
    let capabilities: BTreeSet<String> =
        rendered.capabilities.iter().map(|one: &Capability| one.as_str().to_owned()).collect();
    let origin = |newcomers| Deployment {
        blueprint: blueprint.id.clone(),
        span: entry.span,
        cost: blueprint.cost.clone(),
        newcomers,
    };
    for (name, template) in piece.parts() {
        for region in &place.management {
            let address = Address::Stack { name: name.clone(), region: region.clone() };
            let spec = StackSpec {
                template: template.value().clone(),
                parameters: values(template, later),
                capabilities: capabilities.clone(),
                termination_protection: true,
                trouble: None,
                stuck: BTreeSet::new(),
                replaces: BTreeSet::new(),
                after: needed.before_stacks.clone(),
                tags: marked(&Tags::new(), organization, &address),
            };
            all.desired.insert(address.clone(), Desired::Present(Spec::Stack(spec)));
            all.deployments.insert(address, origin(Newcomers::Nobody));
        }
        if place.members.is_empty() {
            continue;
        }
        let access = Address::TrustedAccess(TRUSTED_SERVICE.to_owned());
        all.desired.insert(access, Desired::Present(Spec::TrustedAccess(TrustedAccessSpec {})));
        let set = Address::StackSet(name.clone());
        let auto_deployment = (place.newcomers == Newcomers::Aws).then(|| AutoDeploymentSpec {
            retain: blueprint.on_account_removal == OnAccountRemoval::Retain,
            depends_on: needed.depends_on.clone(),
        });
        let spec = StackSetSpec {
            description: format!("{} (Glidepath: {})", blueprint.title, blueprint.id)
                .chars()
                .take(DESCRIPTION)
                .collect(),
            template: template.value().clone(),
            parameters: values(template, later),
            capabilities: capabilities.clone(),
            auto_deployment,
            managed_execution: true,
            tags: marked(&Tags::new(), organization, &set),
        };
        let targets = StackSetTargetsSpec {
            members: place.members.clone(),
            after: needed.before_stacks.clone(),
            spared: BTreeSet::new(),
            replaces: BTreeMap::new(),
            trouble: BTreeMap::new(),
        };
        all.desired.insert(set.clone(), Desired::Present(Spec::StackSet(spec)));
        all.desired
            .insert(Address::StackSetTargets(name.clone()), Desired::Present(Spec::StackSetTargets(targets)));
        all.deployments.insert(set, origin(place.newcomers));
    }
}

/// The values of a template's parameters: those known after apply, and what its own defaults give the others.
/// CloudFormation tells defaults of a stack set or stack whether they were sent or not, so that they are sent, and
/// wanted, like any others.
fn values(template: &Template, later: &Parameters) -> Parameters {
    let given = |(name, parameter): (&String, &glidepath_template::Parameter)| {
        let default = || parameter.default.clone().map(ParameterValue::Text);
        Some((name.clone(), later.get(name).cloned().or_else(default)?))
    };
    template.parameters().iter().filter_map(given).collect()
}

/// Every pair of a target and a Region.
pub(crate) fn members<'a>(
    targets: impl IntoIterator<Item = &'a glidepath_model::Target>,
    regions: &BTreeSet<String>,
) -> BTreeSet<Member> {
    let pairs = targets.into_iter().flat_map(|target| {
        regions.iter().map(move |region| Member { target: target.clone(), region: region.clone() })
    });
    pairs.collect()
}
