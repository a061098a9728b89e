//! What blueprints need: other blueprints, trusted access, administrators, and steps that are a person's.

use super::{Blueprints, Newcomers, Piece};
use crate::kind::delegated_administrator::DelegatedAdministratorSpec;
use crate::kind::trusted_access::TrustedAccessSpec;
use crate::setting;
use crate::spec::{Desired, Spec};
use glidepath_blueprints::Switch;
use glidepath_manifest::manifest::{BlueprintName, BlueprintUse, Manifest};
use glidepath_manifest::{Diagnostic, code};
use glidepath_model::services::{Access, Administrator, Services};
use glidepath_model::{Address, Target};
use std::collections::{BTreeMap, BTreeSet};

/// Stack sets that one stack set, and all of them together, can be told to wait for.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>
const WAITS_OF_ONE: usize = 10;
const WAITS_OF_ALL: usize = 100;

/// What one entry comes after.
#[derive(Debug, Clone, Default)]
pub(super) struct Needed {
    /// What must be there before its stacks are made.
    pub(super) before_stacks: BTreeSet<Address>,
    /// The stack sets that AWS itself must wait for in accounts that come later.
    pub(super) depends_on: BTreeSet<String>,
}

/// What each entry needs, by its name. Trusted access and administrators are added to what is desired.
pub(super) fn needs(
    manifest: &Manifest,
    entries: &[&BlueprintUse],
    pieces: &[Piece<'_>],
    all: &mut Blueprints,
) -> BTreeMap<String, Needed> {
    let mut found = BTreeMap::new();
    for piece in pieces {
        let mut needed = Needed::default();
        others(entries, piece, pieces, &mut needed, &mut all.findings);
        services(manifest, piece, &mut needed, all);
        by_hand(manifest, piece, all);
        if needed.depends_on.len() > WAITS_OF_ONE {
            let summary = format!(
                "`{}` waits for {} stack sets, AWS takes {WAITS_OF_ONE}",
                piece.entry.name.value,
                needed.depends_on.len()
            );
            all.findings.push(too_many(piece, summary));
        }
        found.insert(piece.entry.name.value.clone(), needed);
    }
    let waits: usize = found.values().map(|needed: &Needed| needed.depends_on.len()).sum();
    if let (true, Some(first)) = (waits > WAITS_OF_ALL, pieces.first()) {
        let summary = format!("all stack sets together wait for {waits} others, AWS takes {WAITS_OF_ALL}");
        all.findings.push(too_many(first, summary));
    }
    circles(pieces, &mut all.findings);
    found
}

fn too_many(piece: &Piece<'_>, summary: String) -> Diagnostic {
    Diagnostic::new(code::BLUEPRINT_TOO_MANY, summary)
        .at(piece.entry.span, "")
        .help("take some of the needs out of your own blueprints")
}

/// The other blueprints: every entry that deploys one of that id.
fn others(
    entries: &[&BlueprintUse],
    piece: &Piece<'_>,
    pieces: &[Piece<'_>],
    needed: &mut Needed,
    findings: &mut Vec<Diagnostic>,
) {
    for id in &piece.blueprint.needs.blueprints {
        let there: Vec<&Piece<'_>> = pieces.iter().filter(|other| other.blueprint.id == *id).collect();
        // One that waits for an id has been told of, and what needs it waits with it.
        let named = entries.iter().any(|entry| entry.name.value == *id || is_of(entry, id));
        if there.is_empty() && !named {
            let summary = format!("`{}` needs the blueprint `{id}`", piece.entry.name.value);
            findings.push(
                Diagnostic::new(code::BLUEPRINT_NEEDS, summary)
                    .at(piece.entry.span, "")
                    .help(format!("add `{{use: {id}, …}}` to `blueprints`")),
            );
        }
        for other in there {
            for (name, _) in other.parts() {
                for region in &other.place.management {
                    needed
                        .before_stacks
                        .insert(Address::Stack { name: name.clone(), region: region.clone() });
                }
                if !other.place.members.is_empty() {
                    needed.before_stacks.insert(Address::StackSetTargets(name.clone()));
                    if other.place.newcomers == Newcomers::Aws {
                        needed.depends_on.insert(name);
                    }
                }
            }
        }
    }
}

fn is_of(entry: &BlueprintUse, id: &str) -> bool {
    matches!(&entry.blueprint, BlueprintName::Catalogue(its) if its == id)
}

/// Trusted access and administrators that AWS Organizations switches; the services' own calls are a person's.
fn services(manifest: &Manifest, piece: &Piece<'_>, needed: &mut Needed, all: &mut Blueprints) {
    let known = |principal: &str| Services::published().ok().and_then(|services| services.get(principal));
    let needs = &piece.blueprint.needs;
    for principal in &needs.trusted_access {
        let address = Address::TrustedAccess(principal.clone());
        match known(principal).map(|service| &service.access) {
            Some(Access::Service { operation }) => all.findings.push(step(piece, principal, operation)),
            Some(Access::Organizations) | None => {
                all.desired
                    .insert(address.clone(), Desired::Present(Spec::TrustedAccess(TrustedAccessSpec {})));
                needed.before_stacks.insert(address);
            }
        }
    }
    for administrator in &needs.delegated_administrators {
        let service = known(&administrator.principal);
        let account = manifest.accounts.keys().find(|name| *name == administrator.role.word());
        match (service.map(|service| &service.administrator), account) {
            (Some(Administrator::Organizations { .. }), Some(account)) => {
                let address = Address::DelegatedAdministrator {
                    service: administrator.principal.clone(),
                    account: account.clone(),
                };
                let access = Address::TrustedAccess(administrator.principal.clone());
                all.desired.insert(access, Desired::Present(Spec::TrustedAccess(TrustedAccessSpec {})));
                all.desired.insert(
                    address.clone(),
                    Desired::Present(Spec::DelegatedAdministrator(DelegatedAdministratorSpec {})),
                );
                needed.before_stacks.insert(address);
            }
            (Some(Administrator::Service { operation, .. }), _) => {
                all.findings.push(step(piece, &administrator.principal, operation));
            }
            (Some(Administrator::Organizations { .. } | Administrator::None) | None, _) => {}
        }
    }
}

/// Settings without a CloudFormation type: those that the manifest can set are told where it does not, all others are a
/// person's.
fn by_hand(manifest: &Manifest, piece: &Piece<'_>, all: &mut Blueprints) {
    let needs = &piece.blueprint.needs;
    let switches: BTreeSet<&Switch> = needs.switches.iter().chain(&needs.afterwards).collect();
    let targets: BTreeSet<&Target> = piece.place.members.iter().map(|member| &member.target).collect();
    let (ours, switches): (Vec<&Switch>, Vec<&Switch>) =
        switches.into_iter().partition(|switch| line_of(**switch).is_some());
    let open: Vec<&Switch> =
        ours.into_iter().filter(|switch| !setting::is_set(manifest, &targets, **switch)).collect();
    if !open.is_empty() {
        let words: Vec<&str> = open.iter().map(|switch| switch.word()).collect();
        let summary =
            format!("`{}` needs `{}`, which is not set here", piece.entry.name.value, words.join("`, `"));
        let lines: Vec<&str> = open.iter().filter_map(|switch| line_of(**switch)).collect();
        all.findings.push(
            Diagnostic::new(code::BLUEPRINT_BY_HAND, summary)
                .at(piece.entry.span, "")
                .help(format!("write {} for the same accounts", lines.join(", "))),
        );
    }
    if !switches.is_empty() {
        let words: Vec<&str> = switches.iter().map(|switch| switch.word()).collect();
        let operations: Vec<&str> = switches.iter().map(|switch| switch.operation()).collect();
        all.findings.push(step(piece, &words.join("`, `"), &operations.join("`, `")));
    }
}

/// What the manifest says to have a switch set, where it can.
fn line_of(switch: Switch) -> Option<&'static str> {
    match switch {
        Switch::AccountPasswordPolicy => Some("`accountSettings: [{passwordPolicy: …}]`"),
        Switch::AccountPublicAccessBlock => Some("`accountSettings: [{s3PublicAccessBlock: true}]`"),
        Switch::EbsEncryptionByDefault => Some("`accountSettings: [{ebsEncryption: true}]`"),
        Switch::RootCredentials => Some("`organization: {rootAccess: {credentialsManagement: true}}`"),
        Switch::BackupAcrossAccounts
        | Switch::DetectiveAdministrator
        | Switch::DetectiveMembers
        | Switch::FirewallManagerAdministrator
        | Switch::GuardDutyAdministrator
        | Switch::GuardDutyMembers
        | Switch::InspectorAdministrator
        | Switch::InspectorMembers
        | Switch::MacieAdministrator
        | Switch::MacieMembers
        | Switch::RamSharing
        | Switch::SecurityHubAdministrator
        | Switch::ServiceCatalogSharing
        | Switch::ShieldSubscription
        | Switch::SystemsManagerExplorer => None,
    }
}

fn step(piece: &Piece<'_>, what: &str, operation: &str) -> Diagnostic {
    let summary = format!("`{}` needs `{what}`, which is not set here", piece.entry.name.value);
    Diagnostic::new(code::BLUEPRINT_BY_HAND, summary)
        .at(piece.entry.span, "")
        .help(format!("set it once with `{operation}`"))
}

/// Blueprints that need each other in a circle.
fn circles(pieces: &[Piece<'_>], findings: &mut Vec<Diagnostic>) {
    let needs: BTreeMap<&str, &Vec<String>> =
        pieces.iter().map(|piece| (piece.blueprint.id.as_str(), &piece.blueprint.needs.blueprints)).collect();
    for piece in pieces {
        let own = piece.blueprint.id.as_str();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = vec![own];
        while let Some(id) = open.pop() {
            for next in needs.get(id).into_iter().flat_map(|all| all.iter()) {
                if next == own {
                    let summary = format!("`{own}` needs itself, by way of `{id}`");
                    findings.push(
                        Diagnostic::new(code::BLUEPRINT_CIRCLE, summary)
                            .at(piece.entry.span, "")
                            .help("take one of the needs out of your own blueprint"),
                    );
                    open.clear();
                    break;
                }
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
    }
}
