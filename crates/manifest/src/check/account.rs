//! Accounts among themselves.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::span::Span;
use std::collections::HashMap;

pub(super) fn named_like_the_management_account(scene: &Scene<'_>, report: &mut Report) {
    let Some(management) = &scene.draft.organization.management_name else { return };
    if let Some(account) = scene.draft.tree.accounts.get(&management.value) {
        report.add(
            Diagnostic::new(
                code::MANAGEMENT_TWICE,
                format!("`{}` is the management account and stands under `units`", management.value),
            )
            .at(account.span, "as a member account here")
            .at(management.span, "as the management account here")
            .help("take it out of `units`: the management account stays at the root"),
        );
    }
}

pub(super) fn email_used_twice(scene: &Scene<'_>, report: &mut Report) {
    let emails = scene.draft.tree.accounts.iter().filter(|(_, account)| !account.email.is_empty());
    let used =
        emails.map(|(name, account)| (account.email.to_lowercase(), (name.as_str(), account.email.span)));
    for (email, first, second) in repeated(used) {
        report.add(
            Diagnostic::new(
                code::EMAIL_TWICE,
                format!("the e-mail address `{email}` belongs to two accounts"),
            )
            .at(second.1, format!("of `{}`", second.0))
            .at(first.1, format!("of `{}`", first.0))
            .help("give each account its own: AWS takes an address once, whatever its case"),
        );
    }
}

pub(super) fn id_used_twice(scene: &Scene<'_>, report: &mut Report) {
    let organization = &scene.draft.organization;
    let management = organization.management_id.as_ref().map(|id| {
        let name = scene.management().unwrap_or("the management account");
        (id.value.as_str(), (name, id.span))
    });
    let members = scene.draft.tree.accounts.iter().filter_map(|(name, account)| {
        let id = account.id.as_ref()?;
        Some((id.value.as_str(), (name.as_str(), id.span)))
    });
    for (id, first, second) in repeated(management.into_iter().chain(members)) {
        report.add(
            Diagnostic::new(code::ID_TWICE, format!("the id `{id}` belongs to two accounts"))
                .at(second.1, format!("of `{}`", second.0))
                .at(first.1, format!("of `{}`", first.0))
                .help("give each account its own id, or none where it is not known"),
        );
    }
}

pub(super) fn former_name_still_in_use(scene: &Scene<'_>, report: &mut Report) {
    for (name, account) in &scene.draft.tree.accounts {
        let Some(was) = &account.was else { continue };
        let other = scene.draft.tree.accounts.get(&was.value).map(|other| other.span);
        let management = scene.draft.organization.management_name.as_ref();
        let other = other.or_else(|| management.filter(|name| name.value == was.value).map(|name| name.span));
        if let Some(other) = other {
            report.add(
                Diagnostic::new(
                    code::WAS_EXISTS,
                    format!("`{name}` cannot have been `{}`, which is in the manifest", was.value),
                )
                .at(was.span, "")
                .at(other, "here it is")
                .help("take `was` out, or the account it names"),
            );
        }
    }
}

/// A user of a thing, and where it says so.
type User<'s> = (&'s str, Span);

/// Every use of a thing after the first, in the order of the text, with the first.
fn repeated<'s, K: std::hash::Hash + Eq + Clone>(
    uses: impl Iterator<Item = (K, User<'s>)>,
) -> Vec<(K, User<'s>, User<'s>)> {
    let mut uses: Vec<(K, User<'s>)> = uses.collect();
    uses.sort_by_key(|(_, (_, span))| *span);
    let mut first: HashMap<K, User<'s>> = HashMap::with_capacity(uses.len());
    let mut found = Vec::new();
    for (thing, user) in uses {
        match first.get(&thing) {
            Some(before) => found.push((thing, *before, user)),
            None => {
                first.insert(thing, user);
            }
        }
    }
    found
}
