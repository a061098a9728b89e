//! Central logging, as far as the catalogue is not needed for it.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::{BlueprintName, LogSource};

/// The archive and the aggregator are member accounts.
pub(super) fn no_member_account(scene: &Scene<'_>, report: &mut Report) {
    let Some(logging) = &scene.draft.logging else { return };
    let accounts = &scene.draft.tree.accounts;
    for named in std::iter::once(&logging.archive).chain(&logging.aggregator) {
        if accounts.contains_key(&named.value) {
            continue;
        }
        let near = report.nearest(&named.value, accounts.keys());
        let summary = format!("`{}` is not a member account", named.value);
        report.add(
            Diagnostic::new(code::LOGGING_ACCOUNT, summary)
                .at(named.span, "")
                .help("name an account of `units`; the management account keeps no logs")
                .nearest(named.span, near),
        );
    }
}

pub(super) fn locked_longer_than_kept(scene: &Scene<'_>, report: &mut Report) {
    let Some(logging) = &scene.draft.logging else { return };
    let Some(lock) = &logging.lock else { return };
    if lock.days > logging.retention.delete_after {
        let summary = format!(
            "logs are locked for {} days and to be deleted after {}",
            lock.days, logging.retention.delete_after
        );
        report.add(
            Diagnostic::new(code::LOGGING_ORDER, summary)
                .at(logging.span, "")
                .help("lock them for no longer than `retention.deleteAfter`"),
        );
    }
}

/// Sources whose senders have to be told where to work.
pub(super) fn nobody_sends(scene: &Scene<'_>, report: &mut Report) {
    let Some(logging) = &scene.draft.logging else { return };
    for source in &logging.sources {
        let sender = match source.value {
            LogSource::VpcFlowLogs => "vpc-flow-logs",
            LogSource::ResolverQueries => "dns-resolver",
            LogSource::Waf => "waf-baseline",
            LogSource::OrganizationTrail | LogSource::Config | LogSource::S3Access | LogSource::Elb => {
                continue;
            }
        };
        let sends = scene.draft.blueprints.iter().any(|entry| match &entry.blueprint {
            BlueprintName::Catalogue(id) => id == sender,
            // One of the user's own may.
            BlueprintName::Own(_) => true,
        });
        if !sends {
            let summary = format!("`{}` gets a bucket, and nothing sends to it yet", source.value.word());
            report.add(Diagnostic::new(code::LOGGING_SENDER, summary).at(source.span, "").help(format!(
                "add `{{use: {sender}, on: […]}}` to `blueprints`, where there is something to log"
            )));
        }
    }
}

/// The account that keeps everybody's logs is not closed: they would go with it.
pub(super) fn archive_closing(scene: &Scene<'_>, report: &mut Report) {
    let Some(logging) = &scene.draft.logging else { return };
    let archive = scene.draft.tree.accounts.get(&logging.archive.value);
    if let Some(account) = archive.filter(|account| account.close) {
        report.add(
            Diagnostic::new(code::CONTRADICTION, "the account that keeps the logs is to be closed")
                .at(account.span, "closed here")
                .at(logging.archive.span, "keeps the logs of all accounts here")
                .help("let another account keep them first, and copy what is kept: it goes with the account"),
        );
    }
}

/// The key is there to stay, and where the buckets are.
pub(super) fn key_unfit(scene: &Scene<'_>, report: &mut Report) {
    let Some(named) = scene.draft.logging.as_ref().and_then(|logging| logging.key.as_ref()) else { return };
    let name = &named.value;
    let Some(key) = scene.draft.keys.get(name) else {
        let near = report.nearest(name, scene.draft.keys.keys());
        report.add(
            Diagnostic::new(code::LOGGING_KEY, format!("`{name}` is not a key of this manifest"))
                .at(named.span, "")
                .help("name one of `keys`, or add it there")
                .nearest(named.span, near),
        );
        return;
    };
    if let Some(retire) = &key.retire {
        report.add(
            Diagnostic::new(
                code::LOGGING_KEY,
                format!("the logs cannot have the key `{name}`: it is to be retired"),
            )
            .at(named.span, "wanted here")
            .at(retire.span, "retired here")
            .help(
                "what it has encrypted cannot be read without it; keep it, or name another one for new logs",
            ),
        );
    }
    let home = scene.draft.organization.home.as_ref().map(|home| &home.value);
    if let Some(home) = home.filter(|home| key.regions.iter().all(|region| region.value != **home)) {
        report.add(
            Diagnostic::new(
                code::LOGGING_KEY,
                format!("the key `{name}` is not in `{home}`, where the logs are"),
            )
            .at(named.span, "wanted here")
            .at(key.listed, "it is here only")
            .help(format!(
                "add `{home}` to the regions of the key: a bucket takes a key of its own Region only"
            )),
        );
    }
}

/// The services that write the logs may encrypt with the key.
pub(super) fn key_lets_nobody_in(scene: &Scene<'_>, report: &mut Report) {
    let Some(logging) = &scene.draft.logging else { return };
    let named = logging.key.as_ref();
    let Some((named, key)) = named.and_then(|named| Some((named, scene.draft.keys.get(&named.value)?)))
    else {
        return;
    };
    for source in &logging.sources {
        let service = match source.value {
            LogSource::OrganizationTrail => "cloudtrail",
            LogSource::Config => "config",
            LogSource::VpcFlowLogs | LogSource::ResolverQueries | LogSource::Waf => "delivery",
            // Their buckets can have no key.
            LogSource::S3Access | LogSource::Elb => continue,
        };
        if key.encrypt_for.iter().any(|word| word.value == service) {
            continue;
        }
        let summary = format!(
            "`{}` could not be written: the key `{}` does not let it in",
            source.value.word(),
            named.value
        );
        report.add(
            Diagnostic::new(code::LOGGING_KEY_SERVICE, summary)
                .at(source.span, "")
                .at(key.span, format!("`encryptFor` lacks `{service}`"))
                .help(format!("add `{service}` to `encryptFor` of the key")),
        );
    }
}
