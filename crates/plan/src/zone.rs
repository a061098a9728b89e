//! The landing zone: the manifest resolved, every target expanded, every desired thing by its address.
//!
//! [`resolve`] is the only constructor; what comes out of it is checked and complete.

use crate::blueprint::{self, Deployment};
use crate::budget;
use crate::guardrail::{self, Application, Detection, Origin};
use crate::kind;
use crate::kind::assignments::Ended;
use crate::quarantine;
use crate::setting;
use crate::spec::Desired;
use glidepath_guardrails::Catalogue;
use glidepath_manifest::manifest::{Account, Directory, ForeignPattern, PermissionSet, Roles, Safety, Unit};
use glidepath_manifest::{Diagnostic, Manifest, Span};
use glidepath_model::{
    AccountId, Address, Date, Digest, OrganizationId, PolicyType, Principal, Selector, Tags, Target, UnitPath,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The manifest resolved.
#[derive(Debug, Clone)]
pub struct LandingZone {
    /// The name in our mark.
    pub organization: String,
    /// The organization's id, once known.
    pub organization_id: Option<OrganizationId>,
    /// The management account's name in the manifest.
    pub management_name: String,
    /// The management account's id.
    pub management_id: AccountId,
    /// The home region.
    pub home: String,
    /// The role by which a member account is entered.
    pub access_role: String,
    /// Every role that the manifest names.
    pub roles: Roles,
    /// Units by path.
    pub units: BTreeMap<UnitPath, Unit>,
    /// Member accounts by name.
    pub accounts: BTreeMap<String, Account>,
    /// Policy types that `organization.policyTypes` states itself.
    pub stated_types: BTreeSet<PolicyType>,
    /// Policy types that the manifest speaks of.
    pub policy_types: Vec<PolicyType>,
    /// Everything desired, by address.
    pub desired: BTreeMap<Address, Desired>,
    /// Every guardrail where it holds, filled in.
    pub guardrails: Vec<Application>,
    /// What detects and what judges templates, resolved: no part of what is desired.
    pub detection: Detection,
    /// The guardrails that policies were made of, by the policy's address.
    pub origins: BTreeMap<Address, Vec<Origin>>,
    /// What is deployed, by the address of its stack set or stack.
    pub deployments: BTreeMap<Address, Deployment>,
    /// IAM Identity Center, where the manifest speaks of it.
    pub identity_center: Option<IdentityCenter>,
    /// Where the manifest speaks of each of its own policies.
    pub places: BTreeMap<Address, Span>,
    /// What is worth knowing about the manifest and only the catalogue and the day tell.
    pub findings: Vec<Diagnostic>,
    /// What is known and ignored by drift.
    pub foreign: Vec<ForeignPattern>,
    /// Thresholds.
    pub safety: Safety,
    /// AWS limits that the manifest overrides.
    pub limits: BTreeMap<String, u64>,
    /// The digest of everything above that reaches a plan.
    pub digest: Digest,
}

/// What is to be known of IAM Identity Center beside what is desired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCenter {
    /// The Region in which it is enabled.
    pub region: String,
    /// Whether this manifest says who is in the directory.
    pub managed_directory: bool,
    /// The groups and users that the manifest names anywhere.
    pub principals: BTreeSet<Principal>,
    /// New names of permission sets, by the name that each had before.
    pub renamed: BTreeMap<String, String>,
    /// Access that was given until a day that has passed.
    pub ended: BTreeSet<Ended>,
}

/// Resolves a manifest that its own checks have passed, for one day.
///
/// # Errors
/// Everything that is wrong with its guardrails, what is only worth knowing included.
pub fn resolve(
    manifest: &Manifest,
    catalogue: &Catalogue,
    today: Date,
) -> Result<LandingZone, Vec<Diagnostic>> {
    let guardrails = guardrail::guardrails(manifest, catalogue, today);
    if guardrail::has_errors(&guardrails.findings) {
        return Err(guardrails.findings);
    }
    let blueprints = blueprint::blueprints(manifest, today);
    if guardrail::has_errors(&blueprints.findings) {
        return Err(guardrails.findings.into_iter().chain(blueprints.findings).collect());
    }
    let unguarded = guardrail::unguarded_responders(manifest, &guardrails.applications);
    let packs =
        guardrail::packs(manifest, &guardrails.detection, (&blueprints.desired, &blueprints.deployments));
    let of_blueprints = (&blueprints.desired, &blueprints.deployments);
    let mut judged = guardrail::judged(manifest, &guardrails.detection, of_blueprints);
    let of_packs = (&packs.desired, &packs.deployments);
    judged.extend(guardrail::judged(manifest, &guardrails.detection, of_packs));
    if guardrail::has_errors(&judged) {
        return Err(guardrails.findings.into_iter().chain(blueprints.findings).chain(judged).collect());
    }
    let budgets = budget::budgets(manifest);
    // What a deployment needs is stated by it; what the manifest says itself goes before.
    let mut desired: BTreeMap<Address, Desired> = budgets.desired;
    desired.extend(blueprints.desired);
    desired.extend(packs.desired);
    desired.extend(kind::organization::desired());
    desired.extend(kind::policy_type::desired(manifest));
    desired.extend(kind::unit::desired(manifest));
    desired.extend(kind::account::desired(manifest));
    desired.extend(kind::trusted_access::desired(manifest));
    desired.extend(kind::delegated_administrator::desired(manifest));
    desired.extend(kind::resource_policy::desired(manifest));
    desired.extend(kind::policy::desired(manifest));
    desired.extend(kind::attachment::desired(manifest));
    desired.extend(quarantine::desired(manifest));
    desired.extend(kind::key::desired(manifest));
    let settings = kind::account_settings::wanted(manifest, today);
    let owners = setting::owners(manifest, &settings.desired, (&guardrails.applications, &desired));
    let settings_findings: Vec<Diagnostic> = settings.findings.into_iter().chain(owners).collect();
    if guardrail::has_errors(&settings_findings) {
        return Err(guardrails.findings.into_iter().chain(settings_findings).collect());
    }
    desired.extend(settings.desired);
    desired.extend(kind::root_access::desired(manifest));
    desired.extend(kind::group::desired(manifest));
    desired.extend(kind::user::desired(manifest));
    desired.extend(kind::membership::desired(manifest));
    desired.extend(kind::access_control_attributes::desired(manifest));
    let sets = kind::permission_set::desired(manifest, &desired);
    let assigned = kind::assignments::assigned(manifest, &sets, today);
    if guardrail::has_errors(&assigned.findings) {
        return Err(guardrails.findings.into_iter().chain(assigned.findings).collect());
    }
    desired.extend(sets);
    desired.extend(assigned.desired);
    desired.extend(guardrails.desired);
    let policy_types = desired
        .keys()
        .filter_map(|address| match address {
            Address::PolicyType(ty) | Address::Policy { ty, .. } | Address::Attachment { ty, .. } => {
                Some(*ty)
            }
            _ => None,
        })
        .collect::<BTreeSet<_>>();
    let digest = digest(manifest, &desired);
    Ok(LandingZone {
        organization: manifest.organization.name.value.clone(),
        organization_id: manifest.organization.id.as_ref().map(|id| id.value.clone()),
        management_name: manifest.organization.management.name.value.clone(),
        management_id: manifest.organization.management.id.value.clone(),
        home: manifest.organization.home.value.clone(),
        access_role: manifest.roles.access.value.clone(),
        roles: manifest.roles.clone(),
        units: manifest.units.clone(),
        accounts: manifest.accounts.clone(),
        stated_types: manifest.organization.policy_types.keys().copied().collect(),
        policy_types: policy_types.into_iter().collect(),
        desired,
        guardrails: guardrails.applications,
        detection: guardrails.detection,
        origins: guardrails.origins,
        deployments: budgets
            .deployments
            .into_iter()
            .chain(blueprints.deployments)
            .chain(packs.deployments)
            .collect(),
        identity_center: identity_center(manifest, assigned.ended),
        places: places(manifest),
        findings: guardrails
            .findings
            .into_iter()
            .chain(unguarded)
            .chain(blueprints.findings)
            .chain(packs.findings)
            .chain(assigned.findings)
            .chain(settings_findings)
            .collect(),
        foreign: manifest.foreign.iter().map(|pattern| pattern.value.clone()).collect(),
        safety: manifest.safety,
        limits: manifest
            .organization
            .limits
            .iter()
            .map(|(name, limit)| (name.clone(), limit.value))
            .collect(),
        digest,
    })
}

fn identity_center(manifest: &Manifest, ended: BTreeSet<Ended>) -> Option<IdentityCenter> {
    let identity = manifest.identity.as_ref()?;
    let home = &manifest.organization.home.value;
    let former = |(name, set): (&String, &PermissionSet)| {
        set.was.as_ref().map(|was| (was.value.clone(), name.clone()))
    };
    Some(IdentityCenter {
        region: identity.region.as_ref().map_or(home, |region| &region.value).clone(),
        managed_directory: matches!(identity.directory, Directory::Managed { .. }),
        principals: identity.principals(),
        renamed: identity.permission_sets.iter().filter_map(former).collect(),
        ended,
    })
}

fn places(manifest: &Manifest) -> BTreeMap<Address, Span> {
    let address = |name: &String, ty| Address::Policy { ty, name: name.clone() };
    manifest.policies.iter().map(|(name, policy)| (address(name, policy.ty), policy.span)).collect()
}

fn digest(manifest: &Manifest, desired: &BTreeMap<Address, Desired>) -> Digest {
    let wanted: serde_json::Map<String, serde_json::Value> = desired
        .iter()
        .map(|(address, desired)| {
            let value = match desired {
                Desired::Present(spec) => spec.fields(),
                Desired::Absent => json!("absent"),
            };
            (address.to_string(), value)
        })
        .collect();
    let foreign: Vec<&str> = manifest.foreign.iter().map(|pattern| pattern.value.0.as_str()).collect();
    let safety = manifest.safety;
    Digest::of(&json!({
        "organization": manifest.organization.name.value,
        "id": manifest.organization.id.as_ref().map(|id| id.value.as_str()),
        "management": manifest.organization.management.id.value.as_str(),
        "wanted": wanted,
        "foreign": foreign,
        "safety": [safety.removals.percent, safety.removals.at_least, safety.moves.percent, safety.moves.at_least],
    }))
}

/// The targets that one selector reaches when something is *attached* by it: a unit or the root stands
/// for itself, since attachments are inherited; a tag stands for every account that carries it.
#[must_use]
pub fn attachment_targets(manifest: &Manifest, selector: &Selector) -> Vec<Target> {
    match selector {
        Selector::Unit(path) => vec![Target::Unit(path.clone())],
        Selector::Account(name) => vec![Target::Account(name.clone())],
        Selector::Tag { key, value } => manifest
            .accounts
            .iter()
            .filter(|(_, account)| carries(account.tags.as_ref(), key, value))
            .map(|(name, _)| Target::Account(name.clone()))
            .collect(),
    }
}

fn carries(tags: Option<&Tags>, key: &str, value: &str) -> bool {
    tags.and_then(|tags| tags.get(key)).is_some_and(|found| found == value)
}
