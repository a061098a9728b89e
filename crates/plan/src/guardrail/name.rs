//! Names and descriptions of the policies that guardrails become.
//!
//! A name follows from the targets alone (and for a declarative policy from the guardrail), so that it stays
//! while the guardrails on them change. Two sets of targets never have the same name.

use super::detection::{Members, Placement};
use glidepath_model::{Digest, Target};
use std::collections::BTreeSet;

/// Characters of a policy's description.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html>, `Description`.
const DESCRIPTION: usize = 512;

/// How the description of a policy of guardrails begins.
const PREFIX: &str = "Glidepath guardrails: ";

/// Characters of what stands for the targets; the rest of the 128 is for the guardrail's id.
const TARGETS: usize = 48;

/// The name of a document of packed statements.
pub(super) fn packed(targets: &BTreeSet<Target>, label: &str) -> String {
    let separator = if label.is_empty() { "" } else { "_" };
    format!("guardrails-{}{separator}{label}", slug(targets))
}

/// The name of a declarative policy.
pub(super) fn declarative(guardrail: &str, targets: &BTreeSet<Target>) -> String {
    format!("guardrail-{guardrail}_{}", slug(targets))
}

/// The name of the policy that undoes a declarative one for accounts.
pub(super) fn undoing(guardrail: &str, targets: &BTreeSet<Target>) -> String {
    format!("{}_except", declarative(guardrail, targets))
}

/// Digits of a digest in the name of a pack.
const DIGITS: usize = 8;

/// How the names of conformance packs begin: letters, digits and hyphens alone, as AWS wants them. Those of one
/// placement have the same beginning, others another.
pub(super) fn pack(placement: &Placement) -> String {
    let (targets, excluded) = match &placement.members {
        Members::Organization { excluded } => (None, excluded),
        Members::Targets { targets, excluded } => (Some(targets), excluded),
    };
    let readable = match targets.map(|targets| (targets.first(), targets.len())) {
        None => "organization".to_owned(),
        Some((Some(target), 1)) => readable(target).unwrap_or_else(|| "target".to_owned()).replace('.', "-"),
        Some((None, _)) => "management".to_owned(),
        Some((Some(_), count)) => format!("{count}-targets"),
    };
    let digest: String = Digest::of(&serde_json::json!([
        targets.map(|targets| targets.iter().map(ToString::to_string).collect::<Vec<_>>()),
        excluded.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
        placement.management,
    ]))
    .as_str()
    .chars()
    .take(DIGITS)
    .collect();
    format!("glidepath-{readable}-{digest}")
}

/// A short text for a set of targets: the path of a single one, `.` between its names, where that cannot be
/// taken for another one; else the number of targets and a digest.
fn slug(targets: &BTreeSet<Target>) -> String {
    let texts: Vec<String> = targets.iter().map(ToString::to_string).collect();
    let digest: String = Digest::of_bytes(texts.join("\n").as_bytes()).as_str().chars().take(10).collect();
    match targets.first() {
        Some(target) if targets.len() == 1 => match readable(target) {
            Some(text) => text,
            None => format!("target_{digest}"),
        },
        _ => format!("{}-targets_{digest}", targets.len()),
    }
}

fn readable(target: &Target) -> Option<String> {
    let plain = |name: &String| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let text = match target {
        Target::Unit(path) if path.is_root() => "root".to_owned(),
        Target::Unit(path) => {
            let first = path.names().first()?;
            let taken = ["account", "root"].contains(&first.as_str());
            if taken || !path.names().iter().all(plain) {
                return None;
            }
            path.names().join(".")
        }
        Target::Account(name) => plain(name).then(|| format!("account.{name}"))?,
    };
    (text.len() <= TARGETS).then_some(text)
}

/// A description that lists guardrails, as many as there is room for.
pub(super) fn description<'g>(guardrails: impl IntoIterator<Item = &'g str>) -> String {
    let all: Vec<&str> = guardrails.into_iter().collect();
    let whole = format!("{PREFIX}{}", all.join(", "));
    if whole.chars().count() <= DESCRIPTION {
        return whole;
    }
    let fits = |kept: usize| {
        let text = format!(
            "{PREFIX}{} and {} more",
            all.iter().take(kept).copied().collect::<Vec<_>>().join(", "),
            all.len() - kept
        );
        (text.chars().count() <= DESCRIPTION).then_some(text)
    };
    (0..all.len()).rev().find_map(fits).unwrap_or_default()
}

/// The guardrails that a description lists; none where it leaves some out, or lists none.
pub(super) fn described(text: &str) -> Option<BTreeSet<String>> {
    let listed = text.strip_prefix(PREFIX)?;
    (!listed.ends_with(" more")).then(|| listed.split(", ").map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(targets: &[&str]) -> String {
        packed(&targets.iter().map(|text| Target::parse(text).unwrap()).collect(), "01")
    }

    #[test]
    fn a_single_target_is_readable_and_several_are_counted() {
        assert_eq!(named(&["/"]), "guardrails-root_01");
        assert_eq!(named(&["Workloads/Prod"]), "guardrails-Workloads.Prod_01");
        assert_eq!(named(&["account/shop-dev"]), "guardrails-account.shop-dev_01");
        assert!(named(&["Workloads", "Sandbox"]).starts_with("guardrails-2-targets_"));
    }

    #[test]
    fn targets_that_look_alike_have_names_of_their_own() {
        let all = [
            &["Workloads/Prod"][..],
            &["Workloads.Prod"],
            &["Workloads Prod"],
            &["Workloads_01"],
            &["workloads/prod"],
            &["account/a"],
            &["\\account/a"],
            &["/"],
            &["root"],
            &["A", "B"],
            &["A", "C"],
        ];
        let names: BTreeSet<String> = all.iter().map(|targets| named(targets)).collect();
        assert_eq!(names.len(), all.len(), "{names:?}");
    }

    #[test]
    fn a_description_never_takes_more_room_than_there_is() {
        let ids: Vec<String> = (0..80).map(|at| format!("guardrail-number-{at}")).collect();
        let text = description(ids.iter().map(String::as_str));
        assert!(text.chars().count() <= DESCRIPTION && text.ends_with(" more"), "{text}");
        assert_eq!(description(["a", "b"]), "Glidepath guardrails: a, b");
        assert_eq!(described("Glidepath guardrails: a, b"), Some(["a".to_owned(), "b".to_owned()].into()));
        assert_eq!(described(&text), None);
    }
}
