//! The templates that go out, held against the Guard rules of the accounts they go to.

use super::detection::{Detection, TemplateRules, gets};
use super::room;
use crate::blueprint::Deployment;
use crate::spec::{Desired, Spec};
use glidepath_guardrails::{Broken, JudgeError};
use glidepath_manifest::{Diagnostic, Manifest, Span, code};
use glidepath_model::{Address, Digest, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Resources of one complaint that are shown.
const SHOWN: usize = 4;

/// What is wrong with templates by the rules that hold where they go.
pub(crate) fn judged(
    manifest: &Manifest,
    detection: &Detection,
    (desired, deployments): (&BTreeMap<Address, Desired>, &BTreeMap<Address, Deployment>),
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut known: BTreeMap<(usize, String), Result<Vec<Broken>, JudgeError>> = BTreeMap::new();
    let mut told: BTreeSet<(Span, String)> = BTreeSet::new();
    for (at, rules) in detection.templates.iter().enumerate() {
        for (address, deployment) in deployments {
            let Some(template) = template(desired, address) else { continue };
            if !reaches(manifest, rules, desired, address) {
                continue;
            }
            let text = Digest::of_bytes(template.to_string().as_bytes()).as_str().to_owned();
            match known.entry((at, text)).or_insert_with(|| rules.rules.judge(template)) {
                Ok(broken) => {
                    for broken in broken {
                        let key = (deployment.span, broken.rule.clone());
                        if let Some(left) = unexcused(broken, template)
                            && told.insert(key)
                        {
                            findings.push(breaks(rules, deployment, broken, &left));
                        }
                    }
                }
                Err(error) => {
                    let place = rules.spans.first().copied().unwrap_or(deployment.span);
                    if told.insert((place, String::new())) {
                        findings.push(
                            Diagnostic::new(code::RULES_NOT_APPLIED, error.to_string()).at(place, "").help(
                                "mend the rules; `glidepath guardrails test FOLDER` applies them to their cases",
                            ),
                        );
                    }
                }
            }
        }
    }
    findings
}

fn template<'d>(desired: &'d BTreeMap<Address, Desired>, address: &Address) -> Option<&'d Value> {
    match desired.get(address)? {
        Desired::Present(Spec::StackSet(set)) => Some(&set.template),
        Desired::Present(Spec::Stack(stack)) => Some(&stack.template),
        Desired::Present(_) | Desired::Absent => None,
    }
}

/// Whether a deployment goes to an account in which the rules hold.
fn reaches(
    manifest: &Manifest,
    rules: &TemplateRules,
    desired: &BTreeMap<Address, Desired>,
    address: &Address,
) -> bool {
    let holds = |account: &str| gets(manifest, &rules.placement, account);
    let Address::StackSet(name) = address else {
        return holds(&manifest.organization.management.name.value);
    };
    let Some(Desired::Present(Spec::StackSetTargets(targets))) =
        desired.get(&Address::StackSetTargets(name.clone()))
    else {
        return false;
    };
    let targets: BTreeSet<&Target> = targets.members.iter().map(|member| &member.target).collect();
    targets.into_iter().any(|target| match target {
        Target::Account(name) => holds(name),
        Target::Unit(_) => manifest.accounts.keys().any(|account| {
            let own = Target::Account(account.clone());
            holds(account) && room::above(manifest, &own).any(|upper| upper == *target)
        }),
    })
}

/// The resources that break a rule without an excuse; none where all have one.
fn unexcused(broken: &Broken, template: &Value) -> Option<BTreeSet<String>> {
    if broken.resources.is_empty() {
        return Some(BTreeSet::new());
    }
    let excused = |id: &String| {
        let resource = template.get("Resources").and_then(|all| all.get(id));
        let excuses = resource.and_then(|one| one.get("Metadata")?.get("Glidepath")?.get("Excuses"));
        excuses.is_some_and(|excuses| excuses.get(&broken.rule).is_some())
    };
    let left: BTreeSet<String> = broken.resources.iter().filter(|id| !excused(id)).cloned().collect();
    (!left.is_empty()).then_some(left)
}

fn breaks(
    rules: &TemplateRules,
    deployment: &Deployment,
    broken: &Broken,
    left: &BTreeSet<String>,
) -> Diagnostic {
    let guardrail = &rules.rules.guardrail;
    let says: Vec<&str> = broken.says.iter().map(String::as_str).collect();
    let says = if says.is_empty() { String::new() } else { format!(": {}", says.join("; ")) };
    let summary = format!("`{}` breaks `{}` of `{guardrail}`{says}", deployment.blueprint, broken.rule);
    let shown: Vec<String> = left.iter().take(SHOWN).map(|id| format!("`{id}`")).collect();
    let place = match left.len().saturating_sub(SHOWN) {
        _ if left.is_empty() => "by its parameters, conditions or outputs".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    };
    let diagnostic = Diagnostic::new(code::TEMPLATE_BREAKS_RULE, summary).at(deployment.span, place);
    let wanted = rules.spans.first().filter(|span| **span != deployment.span);
    wanted.into_iter().fold(diagnostic, |one, span| one.at(*span, "wanted here")).help(format!(
        "mend the template, excuse the resource in its metadata (`Glidepath: {{Excuses: {{{}: why}}}}`), or spare \
         accounts by `except` of the guardrail",
        broken.rule
    ))
}
