//! What is looked at: pure, from what was read to findings.

use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::view::style::{count, listed, shown};
use glidepath_engine::Standing;
use glidepath_model::operations::OperationRow;
use glidepath_model::organization::{FeatureSet, PolicyTypeStatus, Snapshot};
use glidepath_model::{Address, PolicyType};
use glidepath_plan::plan::Usage;
use glidepath_plan::spec::Desired;
use glidepath_plan::standing;
use glidepath_plan::world::World;
use glidepath_plan::{LandingZone, Spec};
use std::collections::BTreeSet;

/// Quotas with room that are told of.
const FULLEST: usize = 4;

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warn,
    /// It keeps a plan or an apply from working.
    Fail,
}

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) level: Level,
    /// What it is about: `quotas`.
    pub(crate) topic: &'static str,
    pub(crate) text: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// What it means for the run's exit code.
    pub(crate) code: ExitCode,
}

impl Finding {
    fn ok(topic: &'static str, text: impl Into<String>) -> Self {
        Self { level: Level::Ok, topic, text: text.into(), help: None, code: ExitCode::Done }
    }

    fn warn(topic: &'static str, text: impl Into<String>, help: impl Into<String>) -> Self {
        Self { level: Level::Warn, help: Some(help.into()), ..Self::ok(topic, text) }
    }

    fn fail(topic: &'static str, text: impl Into<String>, help: impl Into<String>) -> Self {
        Self { level: Level::Fail, code: ExitCode::Failed, ..Self::warn(topic, text, help) }
    }
}

/// The one finding of a run that came to its end before anything could be looked at.
pub(super) fn ended(failure: &Failure) -> Finding {
    Finding {
        level: Level::Fail,
        topic: "credentials",
        text: failure.summary.clone(),
        help: failure.help.clone(),
        code: failure.code,
    }
}

/// Everything, in the order of a reader's questions.
pub(super) fn all(
    zone: &LandingZone,
    standing: &Standing,
    snapshot: &Snapshot,
    usage: &[Usage],
) -> Vec<Finding> {
    let mut findings = vec![
        Finding::ok("credentials", shown(&standing.caller.arn)),
        Finding::ok("management", format!("account {} is the one of the manifest", standing.caller.account)),
    ];
    let Some(organization) = &standing.organization else {
        findings.push(Finding::warn(
            "organization",
            "the account belongs to no organization yet",
            "`glidepath apply --create-organization` makes one",
        ));
        return findings;
    };
    findings.push(match &zone.organization_id {
        Some(id) => Finding::ok("organization", format!("{id} is the one of the manifest")),
        None => Finding::warn(
            "organization",
            format!("{} is not written in the manifest", organization.id),
            format!(
                "add `id: {}` to `organization:`, so that no other one is ever taken for it",
                organization.id
            ),
        ),
    });
    findings.push(match organization.features {
        FeatureSet::All => Finding::ok("features", "all features are on"),
        FeatureSet::ConsolidatedBilling => Finding::fail(
            "features",
            "only consolidated billing is on",
            "turn all features on in the Organizations console: every invited account has to agree",
        ),
    });
    findings.push(policy_types(zone, snapshot));
    findings.extend(quotas(usage));
    findings.push(trusted_access(zone, snapshot));
    findings.extend(identity_center(zone, snapshot));
    findings.extend(permissions(snapshot));
    findings
}

/// The addresses that the manifest wants to exist.
fn wanted(zone: &LandingZone) -> impl Iterator<Item = (&Address, &Spec)> {
    zone.desired.iter().filter_map(|(address, desired)| match desired {
        Desired::Present(spec) => Some((address, spec)),
        Desired::Absent => None,
    })
}

fn policy_types(zone: &LandingZone, snapshot: &Snapshot) -> Finding {
    let status = |ty: &PolicyType| snapshot.root.as_ref().and_then(|root| root.policy_types.get(ty)).copied();
    let wanted: Vec<PolicyType> = wanted(zone)
        .filter_map(|(address, _)| match address {
            Address::PolicyType(ty) => Some(*ty),
            _ => None,
        })
        .collect();
    let missing: Vec<String> = wanted
        .iter()
        .filter(|ty| status(ty) != Some(PolicyTypeStatus::Enabled))
        .map(|ty| match status(ty) {
            Some(PolicyTypeStatus::PendingEnable) => format!("{ty} (being enabled)"),
            Some(PolicyTypeStatus::PendingDisable) => format!("{ty} (being disabled)"),
            Some(PolicyTypeStatus::Enabled) | None => ty.to_string(),
        })
        .collect();
    if missing.is_empty() {
        return Finding::ok("policy types", format!("{} wanted, all enabled", wanted.len()));
    }
    let text = format!("{} wanted, not enabled: {}", wanted.len(), missing.join(", "));
    Finding::warn("policy types", text, "`glidepath apply` enables them")
}

/// How much of AWS's quotas is used, and would be after an apply: the tight ones one by one, of the others
/// the fullest.
fn quotas(usage: &[Usage]) -> Vec<Finding> {
    let is_tight =
        |usage: &Usage| usage.before.max(usage.after).saturating_mul(10) > usage.quota.saturating_mul(9);
    let (tight, mut fine): (Vec<&Usage>, Vec<&Usage>) = usage.iter().partition(|usage| is_tight(usage));
    let share = |usage: &Usage| usage.before.saturating_mul(1_000).checked_div(usage.quota).unwrap_or(0);
    fine.sort_by_key(|usage| (std::cmp::Reverse(share(usage)), &usage.limit));
    let words: Vec<String> = fine.iter().take(FULLEST).map(|usage| used(usage)).collect();
    let mut findings = Vec::new();
    if !words.is_empty() {
        findings.push(Finding::ok("quotas", listed(&words)));
    }
    findings.extend(tight.into_iter().map(|usage| {
        let after = if usage.after == usage.before { String::new() } else { format!(", {} after an apply", usage.after) };
        let limit = &usage.limit;
        let help = format!(
            "make room, or ask AWS for more; write what it granted as `limits: {{{limit}: N}}` under `organization:`"
        );
        Finding::warn("quotas", format!("{}{after}", used(usage)), help)
    }));
    findings
}

fn used(usage: &Usage) -> String {
    let place = usage.place.as_ref().map(|place| format!(" on {}", shown(place))).unwrap_or_default();
    format!("{} {} of {}{place}", usage.limit, usage.before, usage.quota)
}

fn trusted_access(zone: &LandingZone, snapshot: &Snapshot) -> Finding {
    let wanted: BTreeSet<&str> = wanted(zone)
        .filter_map(|(address, _)| match address {
            Address::TrustedAccess(service) => Some(service.as_str()),
            _ => None,
        })
        .collect();
    let off: Vec<String> =
        wanted.iter().filter(|service| !snapshot.trusted_access.contains(**service)).map(shown).collect();
    if off.is_empty() {
        return Finding::ok("trusted access", format!("{} wanted, all on", count(wanted.len(), "service")));
    }
    Finding::warn("trusted access", format!("off: {}", off.join(", ")), "`glidepath apply` turns it on")
}

/// Whether IAM Identity Center is enabled, and everybody whom the manifest names is in its directory.
fn identity_center(zone: &LandingZone, snapshot: &Snapshot) -> Vec<Finding> {
    let Some(wanted) = &zone.identity_center else { return Vec::new() };
    let topic = "identity center";
    let world = World::new(zone, snapshot);
    let missing = standing::refusals(&world);
    if !missing.is_empty() {
        return missing.into_iter().map(|one| Finding::fail(topic, one.summary, one.help)).collect();
    }
    match &snapshot.identity_center.instance {
        Some(instance) => {
            let text = format!("{} in {}", shown(&instance.arn), shown(&wanted.region));
            vec![Finding::ok(topic, text)]
        }
        // What could not be read is told among the permissions.
        None => Vec::new(),
    }
}

/// What could not be read, and which actions that would have needed.
fn permissions(snapshot: &Snapshot) -> Vec<Finding> {
    if snapshot.gaps.is_empty() {
        let text = "every read that a plan needs is allowed; writes are not tried";
        return vec![Finding::ok("permissions", text)];
    }
    let operations: BTreeSet<&str> = snapshot.gaps.iter().map(|gap| gap.operation.as_str()).collect();
    operations
        .into_iter()
        .map(|operation| {
            let error =
                snapshot.gaps.iter().find(|gap| gap.operation == operation).map(|gap| shown(&gap.error));
            let actions = OperationRow::find(operation).map(|row| row.actions.join(", ")).unwrap_or_default();
            Finding {
                code: ExitCode::Incomplete,
                ..Finding::fail(
                    "permissions",
                    error.unwrap_or_default(),
                    format!("the role needs {actions}; `glidepath permissions plan` prints the whole policy"),
                )
            }
        })
        .collect()
}
