//! What AWS knows: services, their actions with access levels, and the condition keys that each supports.
//!
//! The facts stand in `data/actions.txt`, which `cargo xtask actions` writes and whose head says where they
//! come from and when. They age: AWS adds actions every week, so that a name that is not here is *unknown*
//! and never called wrong. The file is cut into services once and each service is read when it is asked for.

mod global;
mod key;
mod nearest;
mod rcp;
mod section;

pub use global::{GlobalKey, Presence, global_key, global_keys};
pub use key::{ConditionKey, Values};
pub use nearest::nearest;
pub use rcp::{is_reached_by_rcps, rcp_services};

use crate::pattern::Pattern;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// The file as it is written; its head says what its lines are.
const WRITTEN: &str = include_str!("../../data/actions.txt");

/// The services by prefix, each with its part of the file and what that says once it was asked for.
static SERVICES: LazyLock<BTreeMap<&'static str, (&'static str, OnceLock<Service>)>> = LazyLock::new(|| {
    let sections = WRITTEN.split("\n=").skip(1).filter_map(|section| section.split_once('\n'));
    sections.map(|(prefix, lines)| (prefix, (lines, OnceLock::new()))).collect()
});

/// A service by its prefix in policies, in any case: `s3`.
#[must_use]
pub fn service(prefix: &str) -> Option<&'static Service> {
    let lower = prefix.to_ascii_lowercase();
    let (prefix, (lines, read)) = SERVICES.get_key_value(lower.as_str())?;
    Some(read.get_or_init(|| section::read(prefix, lines)))
}

/// The prefixes of all services, sorted.
pub fn prefixes() -> impl Iterator<Item = &'static str> {
    SERVICES.keys().copied()
}

/// The day of the data, `2026-09-26`: what is younger is not known.
#[must_use]
pub fn collected() -> &'static str {
    let head = WRITTEN.lines().take_while(|line| line.starts_with('#'));
    head.filter_map(|line| line.strip_prefix("# date: ")).next().unwrap_or_default()
}

/// The known actions that a pattern such as `s3:Get*` matches. Without wildcards in the service only that
/// service is read.
#[must_use]
pub fn matching(pattern: &str) -> Vec<Action> {
    let (prefix, name) = match pattern.split_once(':') {
        Some(parts) => parts,
        None if pattern == "*" => ("*", "*"),
        None => return Vec::new(),
    };
    if !prefix.contains(['*', '?']) {
        return service(prefix).map(|service| service.matching(name)).unwrap_or_default();
    }
    let wanted = Pattern::new(&prefix.to_ascii_lowercase());
    let services = prefixes().filter(|prefix| wanted.matches(prefix)).filter_map(service);
    services.flat_map(|service| service.matching(name)).collect()
}

/// A service with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    prefix: &'static str,
    keys: Vec<ConditionKey>,
    /// By name in lower case.
    actions: BTreeMap<String, Facts>,
    /// The keys, by place, that the actions of one group support.
    groups: Vec<Vec<usize>>,
}

/// What is known of one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Facts {
    name: &'static str,
    level: AccessLevel,
    group: usize,
}

impl Service {
    /// Its prefix: `s3`.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// An action by its name, in any case and without the prefix: `GetObject`.
    #[must_use]
    pub fn action(&'static self, name: &str) -> Option<Action> {
        self.actions.get(&name.to_ascii_lowercase()).map(|facts| Action { service: self, facts })
    }

    /// All its actions, sorted by name in lower case.
    pub fn actions(&'static self) -> impl Iterator<Item = Action> {
        self.actions.values().map(move |facts| Action { service: self, facts })
    }

    /// The actions whose names a pattern matches, in any case: `Get*`.
    #[must_use]
    pub fn matching(&'static self, pattern: &str) -> Vec<Action> {
        let pattern = Pattern::new(&pattern.to_ascii_lowercase());
        let found = self.actions.iter().filter(|(name, _)| pattern.matches(name));
        found.map(|(_, facts)| Action { service: self, facts }).collect()
    }

    /// Every condition key that one of its actions supports or that its page lists.
    #[must_use]
    pub fn keys(&self) -> &[ConditionKey] {
        &self.keys
    }

    /// The condition key that a policy names, in any case.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&ConditionKey> {
        self.keys.iter().find(|key| key.is(name))
    }
}

/// An action of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    service: &'static Service,
    facts: &'static Facts,
}

impl Action {
    /// Its service.
    #[must_use]
    pub fn service(self) -> &'static Service {
        self.service
    }

    /// Its name without the prefix, as AWS writes it: `GetObject`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts.name
    }

    /// What kind of access it gives.
    #[must_use]
    pub fn level(self) -> AccessLevel {
        self.facts.level
    }

    /// The condition keys that it supports, those of the resource types it acts on included; keys that are
    /// global and not about tags are not among them.
    pub fn keys(self) -> impl Iterator<Item = &'static ConditionKey> {
        let places = self.service.groups.get(self.facts.group).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.service.keys.get(*place))
    }

    /// Whether it supports a condition key, as a policy writes it.
    #[must_use]
    pub fn supports(self, key: &str) -> bool {
        self.keys().any(|known| known.is(key))
    }
}

/// What kind of access an action gives.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// It lists resources.
    List,
    /// It reads what is in them.
    Read,
    /// It changes tags only.
    Tagging,
    /// It makes, changes or removes resources.
    Write,
    /// It changes who may do what.
    PermissionsManagement,
}

impl AccessLevel {
    /// The level in AWS's words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Tagging => "Tagging",
            Self::Write => "Write",
            Self::PermissionsManagement => "Permissions management",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_found_in_any_case_with_level_and_keys() {
        let put = service("S3").and_then(|service| service.action("putobject")).unwrap();
        assert_eq!((put.name(), put.level()), ("PutObject", AccessLevel::Write));
        assert!(put.supports("S3:X-Amz-Acl") && put.supports("s3:RequestObjectTag/team"));
        assert!(!put.supports("s3:prefix") && !put.supports("ec2:InstanceType"));
        assert_eq!(service("s3").and_then(|service| service.action("MakeCoffee")), None);
        assert!(service("coffee").is_none());
    }

    #[test]
    fn keys_of_resource_types_count_for_the_action() {
        let run = service("ec2").and_then(|service| service.action("RunInstances")).unwrap();
        assert!(run.supports("ec2:InstanceType") && run.supports("ec2:Owner"));
        assert!(run.supports("aws:ResourceTag/team"));
    }

    #[test]
    fn a_pattern_finds_the_actions_it_matches() {
        let names = |pattern: &str| -> Vec<String> {
            let found = matching(pattern);
            found.iter().map(|action| format!("{}:{}", action.service().prefix(), action.name())).collect()
        };
        assert_eq!(names("STS:GetC*"), ["sts:GetCallerIdentity"]);
        assert_eq!(names("sts:tag?ession"), ["sts:TagSession"]);
        assert!(names("s3:Brew*").is_empty() && names("s3").is_empty());
        assert!(names("s3*:PutObject*").contains(&"s3-outposts:PutObject".to_owned()));
        assert!(matching("*").len() > 20_000);
    }
}
