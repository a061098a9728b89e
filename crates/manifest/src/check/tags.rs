//! Tags, counted.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::manifest::{PolicyBody, ResourcePolicy};
use crate::span::Span;
use glidepath_model::Tags;

/// Tags that Glidepath itself writes on what it owns: `glidepath:managed-by` and `glidepath:address`.
const OWN_TAGS: u64 = 2;

pub(super) fn too_many(scene: &Scene<'_>, report: &mut Report) {
    let most = scene.quotas().tags_per_resource().saturating_sub(OWN_TAGS);
    let draft = scene.draft;
    let mut check = |name: &str, tags: &Tags, span: Span| {
        let count = u64::try_from(tags.len()).unwrap_or(u64::MAX);
        if count > most {
            report.add(
                Diagnostic::new(
                    code::TOO_MANY_TAGS,
                    format!("`{name}` has {count} tags, {most} are the most"),
                )
                .at(span, "")
                .help("take some out; AWS takes 50, of which Glidepath needs two"),
            );
        }
    };
    for (path, unit) in &draft.tree.units {
        check(&path.to_string(), &unit.tags, unit.span);
    }
    for (name, account) in &draft.tree.accounts {
        if let Some(tags) = &account.tags {
            check(name, tags, account.span);
        }
    }
    for (name, policy) in &draft.policies {
        if let PolicyBody::Own { tags, .. } = &policy.body {
            check(name, tags, policy.span);
        }
    }
    for (name, key) in &draft.keys {
        check(name, &key.tags, key.span);
    }
    if let Some(policy) = &draft.resource_policy
        && let ResourcePolicy::Document { tags, .. } = &policy.value
    {
        check("resourcePolicy", tags, policy.span);
    }
}
