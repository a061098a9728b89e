//! Settings of accounts, as far as nothing has to be expanded for it.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::{EbsEncryption, EbsKey, Switch};
use crate::span::{Span, Spanned};
use std::collections::BTreeMap;

/// No two accounts of AWS have the same alias.
pub(super) fn alias_used_twice(scene: &Scene<'_>, report: &mut Report) {
    let mut aliases: Vec<&Spanned<String>> =
        scene.draft.tree.accounts.values().filter_map(|account| account.alias.as_ref()).collect();
    aliases.sort_by_key(|alias| alias.span);
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for alias in aliases {
        match first.get(alias.value.as_str()) {
            Some(before) => report.add(
                Diagnostic::new(
                    code::ALIAS_TWICE,
                    format!("the alias `{}` belongs to two accounts", alias.value),
                )
                .at(alias.span, "given again here")
                .at(*before, "first given here")
                .help("give each account its own: an alias is taken once in all of AWS"),
            ),
            None => {
                first.insert(&alias.value, alias.span);
            }
        }
    }
}

/// A key by a name that `keys` does not have.
pub(super) fn key_unknown(scene: &Scene<'_>, report: &mut Report) {
    for entry in &scene.draft.account_settings {
        let Some(Spanned { value: EbsEncryption::By(EbsKey::Named(name)), span }) = &entry.ebs_encryption
        else {
            continue;
        };
        if scene.draft.keys.contains_key(name) {
            continue;
        }
        let near = report.nearest(name, scene.draft.keys.keys());
        let help = match near {
            Some(near) => format!("did you mean `key/{near}`?"),
            None => "name a key of `keys`, or write an alias or ARN".to_owned(),
        };
        report.add(
            Diagnostic::new(code::SETTING_KEY, format!("there is no key `{name}`")).at(*span, "").help(help),
        );
    }
}

/// `false` would look like turning it off, and leave it on.
pub(super) fn neither_on_nor_absent(scene: &Scene<'_>, report: &mut Report) {
    for (_, switch) in &scene.draft.organization.root_access {
        if switch.value.is_none() {
            report.add(
                Diagnostic::new(code::ROOT_ACCESS, "`false` turns no part of root access off")
                    .at(switch.span, "")
                    .help("write `{absent: true}` to turn it off, or take the line out to leave it as it is"),
            );
        }
    }
}

/// What cannot be done without trusted access that shall be off.
pub(super) fn trusted_access_absent(scene: &Scene<'_>, report: &mut Report) {
    let contacts = scene.draft.organization.contacts.values().map(|contact| contact.span);
    let own = scene.draft.tree.accounts.values().flat_map(|account| account.contacts.values());
    let contact = contacts.chain(own.map(|contact| contact.span)).min();
    let switches = scene.draft.organization.root_access.iter().map(|(_, switch)| switch);
    let root = switches.filter(|switch| switch.value == Some(Switch::On)).map(|switch| switch.span).min();
    let needs = [
        ("account.amazonaws.com", "alternate contacts", contact),
        ("iam.amazonaws.com", "centralized root access", root),
    ];
    for (service, what, used) in needs {
        let absent = scene.draft.trusted_access.get(service).filter(|switch| switch.value == Switch::Absent);
        if let (Some(switch), Some(used)) = (absent, used) {
            report.add(
                Diagnostic::new(code::CONTRADICTION, format!("{what} cannot be set without trusted access"))
                    .at(switch.span, "absent here")
                    .at(used, "used here")
                    .help("take one of the two out"),
            );
        }
    }
}
