//! Policies themselves.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::{PolicyBody, ResourcePolicy};
use glidepath_model::PolicyType;
use glidepath_model::canonical::canonical_json;
use serde_json::Value;

/// Characters of a document as it is sent: without white space.
fn size(document: &Value) -> u64 {
    u64::try_from(canonical_json(document).chars().count()).unwrap_or(u64::MAX)
}

pub(super) fn document_too_large(scene: &Scene<'_>, report: &mut Report) {
    for (name, policy) in &scene.draft.policies {
        let PolicyBody::Own { document, .. } = &policy.body else { continue };
        let (size, most) = (size(document), scene.quotas().policy_size(policy.ty));
        if size > most {
            report.add(
                Diagnostic::new(
                    code::POLICY_TOO_LARGE,
                    format!("`{name}` has {size} characters without white space, {most} are the most"),
                )
                .at(document.span, format!("{} too many", size - most))
                .help("split it, or shorten its statements; white space does not count"),
            );
        }
    }
}

pub(super) fn resource_policy_too_large(scene: &Scene<'_>, report: &mut Report) {
    let Some(policy) = &scene.draft.resource_policy else { return };
    let ResourcePolicy::Document { document, .. } = &policy.value else { return };
    let (size, most) = (size(document), scene.quotas().resource_policy_size());
    if size > most {
        let summary =
            format!("the resource policy has {size} characters without white space, {most} are the most");
        report.add(
            Diagnostic::new(code::POLICY_TOO_LARGE, summary)
                .at(policy.span, format!("{} too many", size - most))
                .help("shorten its statements; white space does not count"),
        );
    }
}

pub(super) fn unknown_aws_policy(scene: &Scene<'_>, report: &mut Report) {
    for (name, policy) in &scene.draft.policies {
        let full = policy.ty.full_access_policy();
        if policy.body != PolicyBody::AwsManaged || full.is_some_and(|full| full.name == name) {
            continue;
        }
        let known = PolicyType::ALL
            .iter()
            .filter_map(|ty| Some(format!("`{}` ({ty})", ty.full_access_policy()?.name)));
        report.add(
            Diagnostic::new(
                code::UNKNOWN_AWS_POLICY,
                format!("AWS has no policy `{name}` of type `{}`", policy.ty),
            )
            .at(policy.span, "")
            .help(format!("AWS's own policies are {}", known.collect::<Vec<_>>().join(" and "))),
        );
    }
}

pub(super) fn undetachable(scene: &Scene<'_>, report: &mut Report) {
    for (name, policy) in &scene.draft.policies {
        let full = policy.ty.full_access_policy().filter(|full| full.name == name && !full.detachable);
        if let (Some(full), PolicyBody::AwsManaged, Some(first)) = (full, &policy.body, policy.absent.first())
        {
            report.add(
                Diagnostic::new(code::UNDETACHABLE, format!("AWS does not let `{}` be detached", full.name))
                    .at(first.span, "")
                    .help("take `absent` out"),
            );
        }
    }
}

pub(super) fn wanted_and_absent(scene: &Scene<'_>, report: &mut Report) {
    for (name, policy) in &scene.draft.policies {
        for absent in &policy.absent {
            if let Some(on) = policy.on.iter().find(|on| on.value == absent.value) {
                report.add(
                    Diagnostic::new(
                        code::CONTRADICTION,
                        format!("`{name}` shall be attached to `{}` and shall not be", absent.value),
                    )
                    .at(absent.span, "absent here")
                    .at(on.span, "wanted here")
                    .help("keep one of the two"),
                );
            }
        }
    }
}
