//! Trusted access and delegated administrators.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::Switch;
use crate::span::{Span, Spanned};
use glidepath_model::services::{Access, Administrator, OrganizationService, Services};

fn service(principal: &str) -> Option<&'static OrganizationService> {
    Services::published().ok()?.get(principal)
}

pub(super) fn unknown(scene: &Scene<'_>, report: &mut Report) {
    let Ok(services) = Services::published() else { return };
    let trusted = scene.draft.trusted_access.iter().map(|(name, switch)| (name, switch.span));
    let delegating = scene.draft.delegating.iter().map(|(name, span)| (name, *span));
    for (principal, span) in trusted.chain(delegating) {
        if services.get(principal).is_some() || !principal.contains('.') {
            continue;
        }
        let near = report.nearest(principal, services.iter().map(|service| service.principal.as_str()));
        report.add(
            Diagnostic::new(
                code::UNKNOWN_SERVICE,
                format!("`{principal}` is not a service that is known here"),
            )
            .at(span, "")
            .help("check the spelling; AWS will decide when it is applied")
            .nearest(span, near),
        );
    }
}

pub(super) fn not_turned_on_by_organizations(scene: &Scene<'_>, report: &mut Report) {
    for (principal, switch) in &scene.draft.trusted_access {
        let Some(found) = service(principal) else { continue };
        if let Access::Service { operation } = &found.access {
            report.add(
                Diagnostic::new(
                    code::NOT_A_SWITCH,
                    format!("trusted access of `{principal}` is not AWS Organizations' to switch"),
                )
                .at(switch.span, "")
                .help(format!("take it out; {} does it by `{operation}`", found.name)),
            );
        }
    }
    for (principal, span) in &scene.draft.delegating {
        if service(principal).is_some_and(|service| service.administrator == Administrator::None) {
            report.add(
                Diagnostic::new(code::NOT_A_SWITCH, format!("`{principal}` has no delegated administrators"))
                    .at(*span, "")
                    .help("take it out; the service runs from the management account only"),
            );
        }
    }
}

/// Every administrator: the service, the account, and what is wanted.
fn administrators<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = (&'s str, &'s str, &'s Spanned<Switch>)> {
    scene.draft.delegated_administrators.iter().flat_map(|(principal, accounts)| {
        accounts.iter().map(move |(account, switch)| (principal.as_str(), account.as_str(), switch))
    })
}

pub(super) fn administrator_unknown(scene: &Scene<'_>, report: &mut Report) {
    let accounts = &scene.draft.tree.accounts;
    for (principal, account, switch) in administrators(scene) {
        if accounts.contains_key(account) || scene.management() == Some(account) {
            continue;
        }
        let near = report.nearest(account, accounts.keys());
        report.add(
            Diagnostic::new(
                code::ADMIN_UNKNOWN,
                format!("`{account}`, an administrator of `{principal}`, is not an account"),
            )
            .at(switch.span, "")
            .help("name an account of `units`")
            .nearest(switch.span, near),
        );
    }
}

pub(super) fn administrator_is_the_management_account(scene: &Scene<'_>, report: &mut Report) {
    for (principal, account, switch) in administrators(scene) {
        if scene.management() == Some(account) {
            report.add(
                Diagnostic::new(
                    code::ADMIN_MANAGEMENT,
                    format!("the management account cannot be a delegated administrator of `{principal}`"),
                )
                .at(switch.span, "")
                .help("name a member account"),
            );
        }
    }
}

pub(super) fn too_many_administrators(scene: &Scene<'_>, report: &mut Report) {
    for (principal, accounts) in &scene.draft.delegated_administrators {
        let Some(most) = service(principal).and_then(|service| service.administrator.at_most()) else {
            continue;
        };
        let mut wanted: Vec<Span> =
            accounts.values().filter(|switch| switch.value == Switch::On).map(|switch| switch.span).collect();
        // A service that has none at all is told of by its own rule.
        if most == 0 || u64::try_from(wanted.len()).unwrap_or(u64::MAX) <= most {
            continue;
        }
        wanted.sort_unstable();
        let summary = format!(
            "`{principal}` takes {most} delegated administrator{} at the most, this names {}",
            if most == 1 { "" } else { "s" },
            wanted.len()
        );
        let mut diagnostic = Diagnostic::new(code::ADMIN_TOO_MANY, summary);
        for span in wanted {
            diagnostic = diagnostic.at(span, "");
        }
        report
            .add(diagnostic.help("keep fewer; an account that shall no longer be one stands under `absent`"));
    }
}
