//! Where a blueprint is deployed: units and accounts in Regions, and the management account beside them.

use super::{Newcomers, members};
use crate::deployment::Member;
use crate::guardrail::exception::{selects, spared_accounts};
use glidepath_blueprints::{Blueprint, Regions, Role, Who};
use glidepath_manifest::manifest::{BlueprintUse, Manifest};
use glidepath_manifest::{Diagnostic, code};
use glidepath_model::regions::{partition, region};
use glidepath_model::{Date, Selector, Target, UnitPath};
use std::collections::BTreeSet;

/// Where a blueprint is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Units and accounts in Regions.
    pub(crate) members: BTreeSet<Member>,
    /// The Regions in which the management account gets a stack of its own.
    pub(crate) management: BTreeSet<String>,
    /// Who sees to accounts that come later.
    pub(crate) newcomers: Newcomers,
}

/// The place of an entry; none where it is nowhere, which is complained of.
pub(super) fn place(
    manifest: &Manifest,
    entry: &BlueprintUse,
    blueprint: &Blueprint,
    today: Date,
    findings: &mut Vec<Diagnostic>,
) -> Option<Place> {
    let regions = regions(manifest, entry, blueprint.placement.regions);
    let management = &manifest.organization.management.name.value;
    let names_management =
        entry.on.iter().any(|on| matches!(&on.value, Selector::Account(name) if name == management));
    let nobody =
        Place { members: BTreeSet::new(), management: BTreeSet::new(), newcomers: Newcomers::Nobody };
    match blueprint.placement.who {
        Who::Management => Some(Place { management: regions, ..nobody }),
        Who::Account(role) => {
            let Some(account) = player(manifest, entry, role) else {
                findings.push(unclear(entry, role));
                return None;
            };
            Some(Place { members: members([&Target::Account(account)], &regions), ..nobody })
        }
        Who::Members => {
            let targets = targets(manifest, entry, today, findings);
            if targets.all.is_empty() && !names_management {
                findings.push(
                    Diagnostic::new(
                        code::BLUEPRINT_NOWHERE,
                        format!("`{}` is deployed nowhere", entry.name.value),
                    )
                    .at(entry.span, "it is for member accounts, and `on` names none")
                    .help("name units or accounts under `on`, or take the entry out"),
                );
                return None;
            }
            Some(Place {
                members: members(&targets.all, &regions),
                management: if names_management { regions } else { BTreeSet::new() },
                newcomers: targets.newcomers,
            })
        }
    }
}

fn regions(manifest: &Manifest, entry: &BlueprintUse, own: Regions) -> BTreeSet<String> {
    if !entry.regions.is_empty() {
        return entry.regions.iter().map(|region| region.value.clone()).collect();
    }
    let home = &manifest.organization.home.value;
    match own {
        Regions::Governed => {
            manifest.organization.regions.iter().map(|region| region.value.clone()).collect()
        }
        Regions::Home => BTreeSet::from([home.clone()]),
        Regions::Control => {
            let partition = region(home).and_then(|home| partition(&home.partition));
            partition.map(|partition| partition.control_region.clone()).into_iter().collect()
        }
    }
}

/// The account that plays a role: the one that `on` names, else the one of that name.
fn player(manifest: &Manifest, entry: &BlueprintUse, role: Role) -> Option<String> {
    let named: Vec<&String> = entry
        .on
        .iter()
        .filter_map(|on| match &on.value {
            Selector::Account(name) => Some(name),
            Selector::Unit(_) | Selector::Tag { .. } => None,
        })
        .collect();
    match (named.as_slice(), entry.on.len()) {
        ([one], 1) if manifest.accounts.contains_key(*one) => Some((*one).clone()),
        ([], 0) => {
            let player = super::player_of(manifest, role);
            manifest.accounts.contains_key(player).then(|| player.to_owned())
        }
        _ => None,
    }
}

fn unclear(entry: &BlueprintUse, role: Role) -> Diagnostic {
    let summary = format!("`{}` is for one account, and it is not clear which", entry.name.value);
    let span = entry.on.first().map_or(entry.span, |on| on.span);
    Diagnostic::new(code::BLUEPRINT_ROLE, summary)
        .at(span, "")
        .help(format!("name one member account under `on`, or have an account `{role}` in `units`"))
}

struct Targets {
    all: BTreeSet<Target>,
    newcomers: Newcomers,
}

/// Whole units where nothing is spared, else every account by itself.
fn targets(
    manifest: &Manifest,
    entry: &BlueprintUse,
    today: Date,
    findings: &mut Vec<Diagnostic>,
) -> Targets {
    let spared = spared_accounts(manifest, &entry.except, today, findings);
    let units: BTreeSet<&UnitPath> = entry
        .on
        .iter()
        .filter_map(|on| match &on.value {
            Selector::Unit(path) => Some(path),
            Selector::Account(_) | Selector::Tag { .. } => None,
        })
        .collect();
    let names: BTreeSet<&String> = manifest
        .accounts
        .iter()
        .filter(|(name, account)| {
            let tags = account.tags.as_ref();
            !account.close && entry.on.iter().any(|on| selects(&on.value, name, &account.unit, tags))
        })
        .map(|(name, _)| name)
        .collect();
    // The management account gets a stack of its own, and no unit is less whole for it.
    let management = &manifest.organization.management.name.value;
    let is_management = |on: &Selector| matches!(on, Selector::Account(name) if name == management);
    let members = entry.on.iter().filter(|on| !is_management(&on.value)).count();
    let whole = units.len() == members && spared.is_empty();
    if whole {
        // What is below another one is reached by it.
        let top =
            units.iter().filter(|path| !units.iter().any(|other| other != *path && path.is_within(other)));
        let all = top.map(|path| Target::Unit((*path).clone())).collect();
        return Targets { all, newcomers: Newcomers::Aws };
    }
    let all = names.into_iter().filter(|name| !spared.contains(name.as_str()));
    let newcomers = if units.is_empty() { Newcomers::Nobody } else { Newcomers::Apply };
    Targets { all: all.map(|name| Target::Account(name.clone())).collect(), newcomers }
}
