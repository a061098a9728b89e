//! The same changes of rights for reading: one entry for each service and policy, however many lines of
//! levels it is felt through, the one that bears on most first.

use super::{AccessChange, ExampleRequest, Reached};
use glidepath_model::PolicyType;
use std::collections::{BTreeMap, BTreeSet};

/// Whether rights are lost or gained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// Denied from now on.
    Denied,
    /// No longer denied.
    Allowed,
}

/// What one policy changes in one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceChange {
    /// Lost or gained.
    pub turn: Turn,
    /// The type of the policy.
    pub policy_type: PolicyType,
    /// The service; `*` for several.
    pub service: String,
    /// The actions, each list in words.
    pub actions: BTreeSet<String>,
    /// The resources, in words, each list once.
    pub resources: BTreeSet<String>,
    /// The accounts in which it is felt.
    pub accounts: BTreeSet<String>,
    /// What makes the difference: a policy, or what levels allow.
    pub because: String,
    /// The levels, with the statement where one is named.
    pub levels: BTreeSet<String>,
    /// The conditions of the widest part.
    pub conditions: Vec<String>,
    /// Whether other parts have other conditions.
    pub conditions_vary: bool,
    /// A request that shows it; none where it is not proved.
    pub example: Option<ExampleRequest>,
}

/// A policy's difference in one service.
type Key<'c> = (Turn, PolicyType, &'c str, &'c str);

/// The changes by service, denials first, then by the number of accounts and actions, most first.
#[must_use]
pub fn by_service(changes: &[AccessChange]) -> Vec<ServiceChange> {
    let mut groups: BTreeMap<Key<'_>, Vec<(&AccessChange, &Reached)>> = BTreeMap::new();
    for change in changes {
        for (turn, parts) in [(Turn::Denied, &change.newly_denied), (Turn::Allowed, &change.newly_allowed)] {
            for part in parts {
                let key = (turn, change.policy_type, part.service.as_str(), cause(&part.because));
                groups.entry(key).or_default().push((change, part));
            }
        }
    }
    let mut all: Vec<ServiceChange> =
        groups.into_iter().filter_map(|(key, parts)| joined(key, &parts)).collect();
    all.sort_by_key(|one| {
        let weight = one.accounts.len() * one.breadth();
        (one.turn, std::cmp::Reverse(weight), one.service.clone())
    });
    all
}

impl ServiceChange {
    /// How wide it is: its actions counted, one that stands for many as many.
    fn breadth(&self) -> usize {
        let lists = self.actions.iter().flat_map(|list| list.split(", "));
        lists.map(|action| if action.contains('*') || action.contains("any") { 100 } else { 1 }).sum()
    }
}

/// What makes the difference, without the level.
fn cause(because: &str) -> &str {
    because.split_once(" on `").map_or(because, |(policy, _)| policy)
}

/// What makes the difference, and the level with what follows it.
fn split(because: &str) -> (String, Option<String>) {
    match because.split_once(" on `") {
        Some((policy, level)) => (policy.to_owned(), Some(format!("`{level}"))),
        None => (because.to_owned(), None),
    }
}

fn joined(key: Key<'_>, parts: &[(&AccessChange, &Reached)]) -> Option<ServiceChange> {
    let (turn, policy_type, service, _) = key;
    let proved = |part: &Reached| part.example.is_none();
    // The widest part tells: the one with the fewest conditions, proved ones before others.
    let widest = parts.iter().map(|(_, part)| *part).min_by_key(|part| {
        let said: usize = part.conditions.iter().map(String::len).sum();
        let context = part.example.as_ref().map_or(0, |example| example.context.len());
        (proved(part), part.conditions.len(), context, said)
    })?;
    let texts = |text: fn(&Reached) -> &String| parts.iter().map(|(_, part)| text(part).clone()).collect();
    Some(ServiceChange {
        turn,
        policy_type,
        service: service.to_owned(),
        actions: texts(|part| &part.actions),
        resources: texts(|part| &part.resources),
        accounts: parts.iter().flat_map(|(change, _)| change.accounts.iter().cloned()).collect(),
        because: split(key.3).0,
        levels: parts.iter().filter_map(|(_, part)| split(&part.because).1).collect(),
        conditions: widest.conditions.clone(),
        conditions_vary: parts.iter().any(|(_, part)| part.conditions != widest.conditions),
        example: widest.example.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(actions: &str, because: &str, conditions: &[&str]) -> Reached {
        Reached {
            service: "s3".into(),
            actions: actions.into(),
            resources: "any resource".into(),
            conditions: conditions.iter().map(|text| (*text).to_owned()).collect(),
            because: because.into(),
            example: None,
        }
    }

    fn change(account: &str, denied: Vec<Reached>, allowed: Vec<Reached>) -> AccessChange {
        AccessChange {
            policy_type: PolicyType::Scp,
            accounts: vec![account.to_owned()],
            newly_denied: denied,
            newly_allowed: allowed,
            unread: None,
        }
    }

    #[test]
    fn what_one_policy_denies_through_several_levels_is_one_entry() {
        let changes = [
            change("a", vec![part("s3:get", "policy `p` on `A`", &["k is v"])], Vec::new()),
            change("b", vec![part("s3:get", "policy `p` on `B`", &[])], Vec::new()),
        ];
        let found = by_service(&changes);
        assert_eq!(found.len(), 1, "{found:?}");
        let one = &found[0];
        assert_eq!(one.accounts.len(), 2);
        assert_eq!((one.conditions.len(), one.conditions_vary), (0, true));
        assert_eq!((one.because.as_str(), one.levels.len()), ("policy `p`", 2));
    }

    #[test]
    fn denials_come_first_and_the_widest_of_them_before_others() {
        let changes = [change(
            "a",
            vec![part("s3:get", "policy `p` on `A`", &[]), part("s3:*", "policy `q` on `A`", &[])],
            vec![part("s3:*", "policy `r` on `A`", &[])],
        )];
        let causes: Vec<String> = by_service(&changes).into_iter().map(|one| one.because).collect();
        assert_eq!(causes, ["policy `q`", "policy `p`", "policy `r`"]);
    }
}
