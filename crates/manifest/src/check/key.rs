//! Keys: whose they are, where they are, and who is named by them.

use super::Scene;
use super::selector::unknown_account;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::{Key, KeyAdmin, KeyReader};
use crate::span::{Span, Spanned};
use glidepath_model::Selector;
use glidepath_model::regions::{partition, region};
use std::collections::BTreeMap;

fn keys<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = (&'s String, &'s Key)> {
    scene.draft.keys.iter()
}

pub(super) fn account_unknown(scene: &Scene<'_>, report: &mut Report) {
    for (_, key) in keys(scene) {
        let own = unknown_account(&scene.places, &key.account.value, key.account.span, |name| name, report);
        own.into_iter().for_each(|diagnostic| report.add(diagnostic));
        for reader in &key.decrypt_for {
            let KeyReader::Account(name) = &reader.value else { continue };
            let written = |name: String| Selector::Account(name).to_string();
            let unknown = unknown_account(&scene.places, name, reader.span, written, report);
            unknown.into_iter().for_each(|diagnostic| report.add(diagnostic));
        }
    }
}

pub(super) fn account_closing(scene: &Scene<'_>, report: &mut Report) {
    for (name, key) in keys(scene) {
        let account = scene.draft.tree.accounts.get(&key.account.value);
        if account.is_some_and(|account| account.close) {
            report.add(
                Diagnostic::new(
                    code::CONTRADICTION,
                    format!("the key `{name}` is in `{}`, which shall be closed", key.account.value),
                )
                .at(key.account.span, "")
                .help("take the key out, or keep the account: closing it takes its keys along"),
            );
        }
    }
}

pub(super) fn nowhere(scene: &Scene<'_>, report: &mut Report) {
    for (name, key) in keys(scene) {
        if key.regions.is_empty() {
            report.add(
                Diagnostic::new(code::KEY_REGION, format!("the key `{name}` is in no region"))
                    .at(key.listed, "this names none")
                    .help("name at least one of `organization.regions`"),
            );
        }
    }
}

pub(super) fn region_not_governed(scene: &Scene<'_>, report: &mut Report) {
    let organization = &scene.draft.organization;
    // Global services are called in the partition's control region, whether or not it is governed.
    let home = organization.home.as_ref().and_then(|home| region(home));
    let control =
        home.and_then(|home| partition(&home.partition)).map(|partition| partition.control_region.as_str());
    for (name, key) in keys(scene) {
        for wanted in &key.regions {
            let governed = organization.regions.iter().any(|region| region.value == wanted.value);
            if governed || control == Some(wanted.value.as_str()) || organization.regions.is_empty() {
                continue;
            }
            report.add(
                Diagnostic::new(
                    code::KEY_REGION,
                    format!("the key `{name}` is in `{}`, which is not governed", wanted.value),
                )
                .at(wanted.span, "")
                .help("name one of `organization.regions`, or add this one to them"),
            );
        }
    }
}

pub(super) fn listed_twice(scene: &Scene<'_>, report: &mut Report) {
    for (_, key) in keys(scene) {
        repeated(&key.regions, report);
        repeated(&key.encrypt_for, report);
        repeated(&key.admins, report);
        repeated(&key.decrypt_for, report);
    }
}

fn repeated<T: Ord + Named>(items: &[Spanned<T>], report: &mut Report) {
    let mut first: BTreeMap<&T, Span> = BTreeMap::new();
    for item in items {
        match first.get(&item.value) {
            Some(before) => report.add(
                Diagnostic::new(code::REPEATED_ITEM, format!("`{}` is listed twice", item.value.name()))
                    .at(item.span, "listed again here")
                    .at(*before, "first listed here")
                    .help("delete one"),
            ),
            None => {
                first.insert(&item.value, item.span);
            }
        }
    }
}

/// What an item of a list was written as.
trait Named {
    fn name(&self) -> String;
}

impl Named for String {
    fn name(&self) -> String {
        self.clone()
    }
}

impl Named for KeyAdmin {
    fn name(&self) -> String {
        match self {
            Self::Access => "access".to_owned(),
            Self::Apply => "apply".to_owned(),
            Self::BreakGlass => "breakGlass".to_owned(),
            Self::Plan => "plan".to_owned(),
            Self::Role(arn) => arn.clone(),
        }
    }
}

impl Named for KeyReader {
    fn name(&self) -> String {
        match self {
            Self::Account(name) => Selector::Account(name.clone()).to_string(),
            Self::Organization => "organization".to_owned(),
            Self::Role(arn) => arn.clone(),
        }
    }
}

pub(super) fn role_not_named(scene: &Scene<'_>, report: &mut Report) {
    let roles = &scene.draft.roles;
    for (_, key) in keys(scene) {
        for admin in &key.admins {
            let (word, missing) = match &admin.value {
                KeyAdmin::Apply => ("apply", roles.apply.is_none()),
                KeyAdmin::Plan => ("plan", roles.plan.is_none()),
                KeyAdmin::BreakGlass => ("breakGlass", roles.break_glass.is_empty()),
                KeyAdmin::Access | KeyAdmin::Role(_) => continue,
            };
            if missing {
                report.add(
                    Diagnostic::new(code::KEY_ROLE, format!("`roles` says nothing of `{word}`"))
                        .at(admin.span, "an administrator of this key")
                        .help(format!("add `{word}` to `roles`, or name a role by its ARN here")),
                );
            }
        }
    }
}
