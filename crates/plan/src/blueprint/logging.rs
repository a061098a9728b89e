//! `logging:` as the blueprints that it stands for.

use glidepath_manifest::manifest::{BlueprintName, BlueprintUse, LockMode, LogSource, Logging, Manifest};
use glidepath_manifest::{Span, Spanned};
use glidepath_model::{Selector, UnitPath};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The account that gathers what AWS Config records, where the manifest names none.
const AGGREGATOR: &str = "security";

/// The blueprints of central logging; those that the manifest has under the same name itself are left out.
pub(super) fn uses(manifest: &Manifest) -> Vec<BlueprintUse> {
    let Some(logging) = &manifest.logging else { return Vec::new() };
    let keeps = |source: LogSource| logging.sources.iter().any(|one| one.value == source);
    let mut all = Vec::new();
    let mut add = |id: &str, on: Vec<Spanned<Selector>>, with: &[(&str, Value)]| {
        all.push(entry(logging.span, id, on, with));
    };
    let archive = vec![account(&logging.archive)];
    let prefix = logging.prefix.as_ref().map(|prefix| ("bucket_prefix", json!(prefix.value)));
    let with = |more: Vec<(&'static str, Value)>| -> Vec<(&'static str, Value)> {
        prefix.clone().into_iter().chain(more).collect()
    };
    add("log-archive", archive.clone(), &with(of_archive(logging)));
    if keeps(LogSource::OrganizationTrail) {
        add("cloudtrail-org-trail", Vec::new(), &with(Vec::new()));
        if logging.queries {
            add("athena-log-analytics", archive, &with(Vec::new()));
        }
    }
    if keeps(LogSource::Config) {
        add("config-recorder", recorded(manifest, logging), &with(Vec::new()));
        if let Some(name) = aggregator(manifest, logging) {
            add("config-aggregator", vec![account(&name)], &[]);
        }
    }
    if keeps(LogSource::S3Access) || keeps(LogSource::Elb) {
        let days = json!(logging.retention.delete_after);
        add("access-log-buckets", recorded(manifest, logging), &with(vec![("delete_after_days", days)]));
    }
    let own = |entry: &BlueprintUse| manifest.blueprints.iter().any(|own| own.name.value == entry.name.value);
    all.retain(|entry| !own(entry));
    all
}

fn of_archive(logging: &Logging) -> Vec<(&'static str, Value)> {
    let sources: Vec<&str> = logging.sources.iter().map(|source| source.value.word()).collect();
    let mut with = vec![
        ("sources", json!(sources)),
        ("archive_after_days", json!(logging.retention.archive_after)),
        ("delete_after_days", json!(logging.retention.delete_after)),
    ];
    if let Some(lock) = &logging.lock {
        let mode = match lock.mode {
            LockMode::Governance => "GOVERNANCE",
            LockMode::Compliance => "COMPLIANCE",
        };
        with.extend([("lock_mode", json!(mode)), ("lock_days", json!(lock.days))]);
    }
    with
}

/// The accounts that are recorded: what `on` says, else everybody.
fn recorded(manifest: &Manifest, logging: &Logging) -> Vec<Spanned<Selector>> {
    if !logging.on.is_empty() {
        return logging.on.clone();
    }
    let everybody = Selector::Unit(UnitPath::root());
    let management = manifest.organization.management.name.value.clone();
    [everybody, Selector::Account(management)]
        .into_iter()
        .map(|selector| Spanned::new(selector, logging.span))
        .collect()
}

fn aggregator(manifest: &Manifest, logging: &Logging) -> Option<Spanned<String>> {
    let usual = || manifest.accounts.contains_key(AGGREGATOR).then(|| AGGREGATOR.to_owned());
    let usual = || usual().map(|name| Spanned::new(name, logging.span));
    logging.aggregator.clone().or_else(usual)
}

fn account(name: &Spanned<String>) -> Spanned<Selector> {
    Spanned::new(Selector::Account(name.value.clone()), name.span)
}

fn entry(span: Span, id: &str, on: Vec<Spanned<Selector>>, with: &[(&str, Value)]) -> BlueprintUse {
    let with: BTreeMap<String, Spanned<Value>> =
        with.iter().map(|(name, value)| ((*name).to_owned(), Spanned::new(value.clone(), span))).collect();
    BlueprintUse {
        span,
        name: Spanned::new(id.to_owned(), span),
        blueprint: BlueprintName::Catalogue(id.to_owned()),
        on,
        with,
        regions: Vec::new(),
        except: Vec::new(),
    }
}
