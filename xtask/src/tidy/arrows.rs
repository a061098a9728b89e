//! Which crate may use which, as `cargo metadata` tells it.
//!
//! The table is the one of `ARCHITECTURE.md`; an arrow that is not in it fails, also when the code would
//! compile.

use super::{Finding, Tree};
use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// A member and the members it may use.
struct Arrow {
    member: &'static str,
    uses: &'static [&'static str],
    /// What its tests may use beside that.
    in_tests: &'static [&'static str],
}

const ARROWS: &[Arrow] = &[
    Arrow { member: "glidepath-model", uses: &[], in_tests: &[] },
    Arrow { member: "glidepath-iam", uses: &["model"], in_tests: &[] },
    Arrow { member: "glidepath-manifest", uses: &["model"], in_tests: &[] },
    Arrow { member: "glidepath-guardrails", uses: &["model", "iam", "manifest"], in_tests: &[] },
    Arrow { member: "glidepath-blueprints", uses: &["model", "guardrails", "template"], in_tests: &[] },
    Arrow {
        member: "glidepath-plan",
        uses: &["model", "iam", "manifest", "guardrails", "blueprints", "template"],
        in_tests: &[],
    },
    Arrow { member: "glidepath-aws", uses: &["model"], in_tests: &["sandbox"] },
    Arrow {
        member: "glidepath-engine",
        uses: &["model", "iam", "manifest", "guardrails", "plan", "aws", "template"],
        in_tests: &["sandbox"],
    },
    Arrow { member: "glidepath-template", uses: &["model"], in_tests: &[] },
    Arrow { member: "glidepath-sandbox", uses: &["model", "iam", "template"], in_tests: &[] },
    Arrow {
        member: "glidepath",
        uses: &[
            "model",
            "iam",
            "manifest",
            "guardrails",
            "blueprints",
            "plan",
            "aws",
            "engine",
            "sandbox",
            "template",
        ],
        in_tests: &[],
    },
    Arrow { member: "xtask", uses: &[], in_tests: &[] },
];

/// The crates that decide: no IO, no waiting, no SDK.
const PURE: &[&str] = &[
    "glidepath-model",
    "glidepath-iam",
    "glidepath-manifest",
    "glidepath-guardrails",
    "glidepath-blueprints",
    "glidepath-plan",
    "glidepath-template",
];

/// Whether a crate from outside has no place in a pure crate.
fn is_impure(name: &str) -> bool {
    is_sdk(name) || ["tokio", "hyper", "futures", "reqwest", "rand", "async-trait"].contains(&name)
}

/// Whether this is AWS's SDK or a part of it.
fn is_sdk(name: &str) -> bool {
    name.starts_with("aws-")
}

/// Every arrow between members that the table lacks, and every dependency a pure crate must not have.
pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let metadata = MetadataCommand::new()
        .manifest_path(tree.root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("`cargo metadata` failed")?;
    let members: Vec<&Package> = metadata.workspace_packages();
    let mut findings = Vec::new();
    for package in members {
        let manifest = package.manifest_path.strip_prefix(&tree.root).unwrap_or(&package.manifest_path);
        let uses = package.dependencies.iter().map(|dependency| Use {
            name: dependency.name.clone(),
            in_tests: dependency.kind == DependencyKind::Development,
        });
        findings.extend(check_member(&package.name, manifest.as_str(), uses));
    }
    Ok(findings)
}

struct Use {
    name: String,
    in_tests: bool,
}

fn check_member(member: &str, manifest: &str, uses: impl Iterator<Item = Use>) -> Vec<Finding> {
    let Some(arrow) = ARROWS.iter().find(|arrow| arrow.member == member) else {
        let message = format!("`{member}` is a new crate: add its arrows to xtask/src/tidy/arrows.rs");
        return vec![Finding::on(manifest, message)];
    };
    let mut findings = Vec::new();
    for Use { name, in_tests } in uses {
        if let Some(ours) = name.strip_prefix("glidepath-") {
            let allowed = arrow.uses.contains(&ours) || (in_tests && arrow.in_tests.contains(&ours));
            if !allowed {
                findings.push(Finding::on(manifest, format!("`{member}` must not use `{name}`")));
            }
        } else if is_sdk(&name) && member != "glidepath-aws" {
            let message = format!("`{name}` is AWS's SDK, and only `glidepath-aws` names it");
            findings.push(Finding::on(manifest, message));
        } else if PURE.contains(&member) && is_impure(&name) && !in_tests {
            findings.push(Finding::on(manifest, format!("`{member}` is pure and must not use `{name}`")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(member: &str, name: &str, in_tests: bool) -> Vec<String> {
        let uses = [Use { name: name.to_owned(), in_tests }];
        check_member(member, "Cargo.toml", uses.into_iter()).into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn an_arrow_against_the_design_is_found() {
        assert_eq!(
            complaints("glidepath-model", "glidepath-plan", false),
            ["`glidepath-model` must not use `glidepath-plan`"]
        );
        assert_eq!(
            complaints("glidepath-plan", "tokio", false),
            ["`glidepath-plan` is pure and must not use `tokio`"]
        );
    }

    #[test]
    fn only_tests_of_the_engine_use_the_sandbox() {
        assert!(complaints("glidepath-engine", "glidepath-sandbox", true).is_empty());
        assert_eq!(complaints("glidepath-engine", "glidepath-sandbox", false).len(), 1);
    }

    #[test]
    fn the_sdk_is_named_in_one_crate() {
        assert!(complaints("glidepath-aws", "aws-sdk-sts", false).is_empty());
        assert_eq!(complaints("glidepath", "aws-sdk-sts", false).len(), 1);
    }
}
