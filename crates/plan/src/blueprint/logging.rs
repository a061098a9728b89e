//! `logging:` as the blueprints that it stands for.

use super::later::key_text;
use glidepath_manifest::manifest::{BlueprintName, BlueprintUse, LockMode, LogSource, Logging, Manifest};
use glidepath_manifest::{Span, Spanned};
use glidepath_model::regions::{partition, region};
use glidepath_model::{Selector, UnitPath};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The account that gathers what AWS Config records, where the manifest names none.
const AGGREGATOR: &str = "security";

/// The blueprints of central logging; those that the manifest has under the same name itself are left out.
pub(super) fn uses(manifest: &Manifest) -> Vec<BlueprintUse> {
    let Some(logging) = &manifest.logging else { return Vec::new() };
    let keeps = |source: LogSource| logging.sources.iter().any(|one| one.value == source);
    let make =
        |id: &str, on: Vec<Spanned<Selector>>, with: &[(&str, Value)]| entry(logging.span, id, on, with);
    let mut all = Vec::new();
    let archive = vec![account(&logging.archive)];
    let prefix = logging.prefix.as_ref().map(|prefix| ("bucket_prefix", json!(prefix.value)));
    let with = |more: Vec<(&'static str, Value)>| -> Vec<(&'static str, Value)> {
        prefix.clone().into_iter().chain(more).collect()
    };
    let key = logging.key.as_ref().map(|key| ("key_arn", json!(key_text(&key.value))));
    let encrypted = |more: Vec<(&'static str, Value)>| with(key.clone().into_iter().chain(more).collect());
    all.push(make("log-archive", archive.clone(), &encrypted(of_archive(logging))));
    if keeps(LogSource::OrganizationTrail) {
        all.push(make("cloudtrail-org-trail", Vec::new(), &encrypted(Vec::new())));
        if logging.queries {
            all.push(make("athena-log-analytics", archive, &with(Vec::new())));
        }
    }
    if keeps(LogSource::Config) {
        let recorder = make("config-recorder", recorded(manifest, logging), &encrypted(Vec::new()));
        all.push(BlueprintUse { regions: recorded_regions(manifest, logging.span), ..recorder });
        if let Some(name) = aggregator(manifest, logging) {
            all.push(make("config-aggregator", vec![account(&name)], &[]));
        }
    }
    if keeps(LogSource::S3Access) || keeps(LogSource::Elb) {
        let days = json!(logging.retention.delete_after);
        let with = with(vec![("delete_after_days", days)]);
        all.push(make("access-log-buckets", recorded(manifest, logging), &with));
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

/// The governed Regions, and the control Region: what is global is recorded nowhere else.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html>
fn recorded_regions(manifest: &Manifest, span: Span) -> Vec<Spanned<String>> {
    let governed = manifest.organization.regions.iter().map(|region| region.value.clone());
    let home = region(&manifest.organization.home.value);
    let control = home.and_then(|home| partition(&home.partition)).map(|one| one.control_region.clone());
    let all: BTreeSet<String> = governed.chain(control).collect();
    all.into_iter().map(|region| Spanned::new(region, span)).collect()
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
