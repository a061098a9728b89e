//! IAM Identity Center: what assignments name, how large permission sets are, and whose the administration is.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::{Directory, Group, Identity, PermissionSet, Switch, User};
use crate::span::{Span, Spanned};
use glidepath_model::{Principal, Selector};
use std::collections::BTreeMap;

/// The service principal of IAM Identity Center.
const SERVICE: &str = "sso.amazonaws.com";
/// Bytes of an inline policy without white space.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
const INLINE_BYTES: usize = 10_240;
/// Policies of AWS's own and of accounts in one permission set: as many as one role may have at the most.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const POLICIES: usize = 25;
/// Policies of one role before AWS was asked for more.
const POLICIES_AT_FIRST: usize = 20;

fn identity<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = &'s Identity> {
    scene.draft.identity.iter()
}

fn sets<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = (&'s String, &'s PermissionSet)> {
    identity(scene).flat_map(|identity| &identity.permission_sets)
}

pub(super) fn unknown_permission_set(scene: &Scene<'_>, report: &mut Report) {
    for identity in identity(scene) {
        for line in &identity.assignments {
            let wanted = &line.permission_set;
            if identity.permission_sets.contains_key(&wanted.value) {
                continue;
            }
            let near = report.nearest(&wanted.value, identity.permission_sets.keys());
            report.add(
                Diagnostic::new(
                    code::UNKNOWN_PERMISSION_SET,
                    format!("there is no permission set `{}`", wanted.value),
                )
                .at(wanted.span, "")
                .help("name one of `permissionSets`")
                .nearest(wanted.span, near),
            );
        }
    }
}

pub(super) fn unknown_principal(scene: &Scene<'_>, report: &mut Report) {
    for identity in identity(scene) {
        let Directory::Managed { groups, users } = &identity.directory else { continue };
        let there = |name: &str| matches!(users.get(name), Some(User::Present { .. }));
        for group in groups.values() {
            let Group::Present { members: Some(members), .. } = group else { continue };
            for user in members.iter().filter(|user| !there(&user.value)) {
                report_unknown("user", user, users.keys(), report);
            }
        }
        for line in &identity.assignments {
            let span = line.principal.span;
            match &line.principal.value {
                Principal::Group(name) if !matches!(groups.get(name), Some(Group::Present { .. })) => {
                    report_unknown("group", &Spanned::new(name.clone(), span), groups.keys(), report);
                }
                Principal::User(name) if !there(name) => {
                    report_unknown("user", &Spanned::new(name.clone(), span), users.keys(), report);
                }
                Principal::Group(_) | Principal::User(_) => {}
            }
        }
    }
}

fn report_unknown<'n>(
    what: &str,
    wanted: &Spanned<String>,
    known: impl Iterator<Item = &'n String>,
    report: &mut Report,
) {
    let near = report.nearest(&wanted.value, known).filter(|near| *near != wanted.value);
    report.add(
        Diagnostic::new(code::UNKNOWN_PRINCIPAL, format!("the directory has no {what} `{}`", wanted.value))
            .at(wanted.span, "")
            .help(format!("name one of `{what}s`, or add it there"))
            .nearest(wanted.span, near),
    );
}

pub(super) fn assigned_twice(scene: &Scene<'_>, report: &mut Report) {
    for identity in identity(scene) {
        let mut first: BTreeMap<(&Principal, &String, &Selector), Span> = BTreeMap::new();
        for line in &identity.assignments {
            for on in &line.on {
                let key = (&line.principal.value, &line.permission_set.value, &on.value);
                match first.get(&key) {
                    Some(before) => report.add(
                        Diagnostic::new(
                            code::ASSIGNED_TWICE,
                            format!(
                                "`{}` has `{}` on `{}` twice",
                                line.principal.value, line.permission_set.value, on.value
                            ),
                        )
                        .at(on.span, "assigned again here")
                        .at(*before, "first assigned here")
                        .help("delete one, so that it is clear until when it holds"),
                    ),
                    None => {
                        first.insert(key, on.span);
                    }
                }
            }
        }
    }
}

pub(super) fn listed_twice(scene: &Scene<'_>, report: &mut Report) {
    for (_, set) in sets(scene) {
        let managed = set.managed.iter().map(|policy| (policy.value.clone(), policy.span));
        let customer = set
            .customer
            .iter()
            .map(|policy| (format!("{}{}", policy.value.path, policy.value.name), policy.span));
        repeated(managed, report);
        repeated(customer, report);
    }
    for identity in identity(scene) {
        let Directory::Managed { groups, .. } = &identity.directory else { continue };
        for group in groups.values() {
            if let Group::Present { members: Some(members), .. } = group {
                repeated(members.iter().map(|user| (user.value.clone(), user.span)), report);
            }
        }
    }
}

fn repeated(items: impl Iterator<Item = (String, Span)>, report: &mut Report) {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    for (item, span) in items {
        match first.get(&item) {
            Some(before) => report.add(
                Diagnostic::new(code::REPEATED_ITEM, format!("`{item}` is listed twice"))
                    .at(span, "listed again here")
                    .at(*before, "first listed here")
                    .help("delete one"),
            ),
            None => {
                first.insert(item, span);
            }
        }
    }
}

pub(super) fn too_large(scene: &Scene<'_>, report: &mut Report) {
    for (name, set) in sets(scene) {
        if let Some(inline) = &set.inline {
            let size = dense(&inline.document.value.to_string());
            if size > INLINE_BYTES {
                report.add(
                    Diagnostic::new(
                        code::PERMISSION_SET_TOO_LARGE,
                        format!("the inline policy of `{name}` has {size} bytes without white space, {INLINE_BYTES} at the most"),
                    )
                    .at(inline.document.span, "")
                    .help("move parts of it to policies under `customerManaged`"),
                );
            }
        }
        let policies = set.managed.len() + set.customer.len();
        if policies > POLICIES {
            report.add(
                Diagnostic::new(
                    code::PERMISSION_SET_TOO_LARGE,
                    format!("`{name}` has {policies} policies, {POLICIES} at the most"),
                )
                .at(set.span, "")
                .help(format!(
                    "name fewer: a role takes {POLICIES_AT_FIRST} until AWS raises the quota in each account, and never more than {POLICIES}"
                )),
            );
        }
    }
}

/// The bytes of a document that AWS counts: all but white space.
fn dense(text: &str) -> usize {
    text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count()
}

pub(super) fn former_name_still_in_use(scene: &Scene<'_>, report: &mut Report) {
    for identity in identity(scene) {
        let mut claimed: BTreeMap<&String, Span> = BTreeMap::new();
        for (name, set) in &identity.permission_sets {
            let Some(was) = &set.was else { continue };
            if identity.permission_sets.contains_key(&was.value) {
                report.add(
                    Diagnostic::new(
                        code::PERMISSION_SET_WAS,
                        format!("`{name}` was `{}`, which is still in the manifest", was.value),
                    )
                    .at(was.span, "")
                    .help("take the old one out, or this `was`"),
                );
            } else if let Some(before) = claimed.get(&was.value) {
                report.add(
                    Diagnostic::new(
                        code::PERMISSION_SET_WAS,
                        format!("two permission sets were `{}`", was.value),
                    )
                    .at(was.span, "claimed again here")
                    .at(*before, "first claimed here")
                    .help("keep one of the two"),
                );
            }
            claimed.insert(&was.value, was.span);
        }
    }
}

pub(super) fn trusted_access_absent(scene: &Scene<'_>, report: &mut Report) {
    let absent = scene.draft.trusted_access.get(SERVICE).filter(|switch| switch.value == Switch::Absent);
    if let (Some(switch), Some(identity)) = (absent, &scene.draft.identity) {
        report.add(
            Diagnostic::new(
                code::CONTRADICTION,
                "IAM Identity Center cannot work without its trusted access",
            )
            .at(switch.span, "absent here")
            .at(identity.span, "used here")
            .help("take one of the two out"),
        );
    }
}

pub(super) fn administrator(scene: &Scene<'_>, report: &mut Report) {
    for admin in identity(scene).filter_map(|identity| identity.admin.as_ref()) {
        let name = admin.value.as_str();
        if scene.management() == Some(name) {
            report.add(
                Diagnostic::new(
                    code::ADMIN_MANAGEMENT,
                    "the management account administers IAM Identity Center anyway",
                )
                .at(admin.span, "")
                .help("name a member account, or take `admin` out"),
            );
        } else if !scene.draft.tree.accounts.contains_key(name) {
            let near = report.nearest(name, scene.draft.tree.accounts.keys());
            report.add(
                Diagnostic::new(
                    code::ADMIN_UNKNOWN,
                    format!("`{name}`, the administrator of IAM Identity Center, is not an account"),
                )
                .at(admin.span, "")
                .help("name an account of `units`")
                .nearest(admin.span, near),
            );
        }
        let stated = scene.draft.delegated_administrators.get(SERVICE);
        let other = stated
            .into_iter()
            .flatten()
            .find(|(account, switch)| (account.as_str() == name) == (switch.value == Switch::Absent));
        if let Some((_, switch)) = other {
            report.add(
                Diagnostic::new(
                    code::CONTRADICTION,
                    format!(
                        "`{name}` administers IAM Identity Center here, and elsewhere something else is said"
                    ),
                )
                .at(admin.span, "")
                .at(switch.span, "said here")
                .help("say it in one place"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_does_not_count() {
        assert_eq!(dense("{ \"a\":\n\t1 }"), 7);
    }
}
