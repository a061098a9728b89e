//! Principals that guardrails spare, and the proof that nobody else can become one.
//!
//! Sparing a role by the pattern of its ARN is a hole unless everyone else is denied to create or alter a
//! role that matches the pattern: a name alone proves nothing.

use glidepath_iam::difference::{DocumentLevel, Reach, compare};
use glidepath_iam::document::{Condition, Document, Effect, Operator, Scope, Statement, Version};
use glidepath_model::text::printable;
use std::collections::BTreeSet;

/// The roles through which service-managed StackSets work in member accounts; ordinary roles that SCPs bind.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html>.
const STACK_SETS: &str = "arn:*:iam::*:role/stacksets-exec-*";

/// What makes or changes a role so that somebody else can act as it.
pub const ROLE_CHANGES: &[&str] = &[
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UpdateAssumeRolePolicy",
];

/// Characters of a role's path and name before its first wildcard, so that a pattern names somebody.
const LITERAL_AT_LEAST: usize = 4;

/// Patterns of the roles that exempting statements spare, the StackSets roles always among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExemptPrincipals(Vec<String>);

/// Why a pattern spares nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` cannot be spared: {fault}")]
pub struct ExemptError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it, and what is wanted.
    pub fault: &'static str,
}

impl ExemptPrincipals {
    /// The principals of these patterns and the StackSets roles, each once, in order.
    ///
    /// # Errors
    /// Every pattern that is no role ARN, or too wide.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Result<Self, Vec<ExemptError>> {
        let all: BTreeSet<String> = patterns.into_iter().chain([STACK_SETS.to_owned()]).collect();
        let errors: Vec<ExemptError> = all
            .iter()
            .filter_map(|pattern| {
                let fault = judge(pattern).err()?;
                Some(ExemptError { pattern: printable(pattern).into_owned(), fault })
            })
            .collect();
        if errors.is_empty() { Ok(Self(all.into_iter().collect())) } else { Err(errors) }
    }

    /// Their patterns.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.0
    }

    /// The condition that spares them.
    pub(crate) fn condition(&self) -> Option<Condition> {
        let operator = Operator::parse("ArnNotLike")?;
        Some(Condition { operator, key: "aws:PrincipalArn".to_owned(), values: self.0.clone() })
    }
}

/// What is wrong with a pattern, if anything.
pub(crate) fn judge(pattern: &str) -> Result<(), &'static str> {
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
        return Err("the ARN of a role is wanted, `arn:*:iam::*:role/deploy`");
    };
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if *partition != "*" && !(partition.starts_with("aws") && plain(partition)) {
        return Err("the partition is `*` or written out");
    }
    if *account != "*" && !(account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err("the account is `*` or twelve digits");
    }
    let Some(name) = resource.strip_prefix("role/") else {
        return Err("only roles are spared, not users, root users or sessions");
    };
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-/*?".contains(&byte);
    if name.is_empty() || !name.bytes().all(legal) {
        return Err("the role's name has characters that no role has");
    }
    let literal = name.find(['*', '?']).unwrap_or(name.len());
    if literal < name.len() && literal < LITERAL_AT_LEAST {
        return Err("it is too wide: at least four characters of path and name come before a wildcard");
    }
    Ok(())
}

/// A way to become an exempt principal that is open, or not proved to be closed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unguarded {
    /// The pattern by which somebody is spared.
    pub pattern: String,
    /// The action that is open.
    pub action: &'static str,
}

/// The ways in which somebody other than the exempt principals can make or change a role that one of these
/// patterns matches, where these SCPs are in force from the root to the account. Nothing is left where all
/// of them are proved to be closed.
#[must_use]
pub fn unguarded(
    patterns: &BTreeSet<String>,
    exempt: &ExemptPrincipals,
    levels: &[DocumentLevel],
) -> Vec<Unguarded> {
    let is_open = |actions: &[&str], pattern: &String| {
        let statement = Statement {
            sid: None,
            effect: Effect::Deny,
            principals: None,
            actions: Scope::Only(actions.iter().map(|action| (*action).to_owned()).collect()),
            resources: Some(Scope::Only(vec![pattern.clone()])),
            conditions: exempt.condition().into_iter().collect(),
        };
        let document = Document { version: Some(Version::V2012), id: None, statements: vec![statement] };
        let mut closed = levels.to_vec();
        if let Some(level) = closed.last_mut() {
            level.documents.push(("closed".to_owned(), document));
        }
        levels.is_empty() || !compare(levels, &closed, Reach::Principals).newly_denied.is_empty()
    };
    // All actions at once are one comparison; only where something is open they are told apart.
    let mut open = Vec::new();
    for pattern in patterns {
        if !is_open(ROLE_CHANGES, pattern) {
            continue;
        }
        let actions = ROLE_CHANGES.iter().filter(|action| is_open(&[action], pattern));
        open.extend(actions.map(|action| Unguarded { pattern: pattern.clone(), action }));
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_a_role_and_is_not_too_wide() {
        for good in [
            "arn:*:iam::*:role/glidepath/*",
            "arn:aws-us-gov:iam::111122223333:role/deploy",
            "arn:*:iam::*:role/break-glass-?",
            "arn:*:iam::*:role/ci",
        ] {
            assert_eq!(judge(good), Ok(()), "{good}");
        }
        for bad in [
            "*",
            "arn:*:iam::*:role/*",
            "arn:*:iam::*:role/a*",
            "arn:*:iam::*:role/*-admin",
            "arn:*:iam::*:user/maria",
            "arn:*:iam::*:root",
            "arn:*:sts::*:assumed-role/deploy/*",
            "arn:*:iam::1111*:role/deploy",
            "arn:*:iam::*:role/${aws:username}",
            "arn:*:*::*:role/deploy",
        ] {
            assert!(judge(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_stack_set_roles_are_always_spared_and_every_bad_pattern_is_told() {
        let exempt = ExemptPrincipals::new(["arn:*:iam::*:role/deploy".to_owned()]).unwrap();
        assert_eq!(exempt.patterns(), ["arn:*:iam::*:role/deploy", STACK_SETS]);
        let errors = ExemptPrincipals::new(["*".to_owned(), "arn:*:iam::*:role/*".to_owned()]).unwrap_err();
        assert_eq!(errors.len(), 2);
    }
}
