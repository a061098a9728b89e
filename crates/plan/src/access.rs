//! What a plan makes of the rights inside accounts: what SCPs and RCPs newly deny and newly allow, for
//! each line of levels from the root to an account, in words and with examples.
//!
//! Accounts under the same documents before and after are told once. What the policy engine could not
//! prove is said to be not proved.

mod action_words;
mod bearings;
mod by_service;
mod line;
mod permission_set;

pub use bearings::{Bearings, NO_ACCOUNT, keys_read, leave_open};
pub use by_service::{ServiceChange, Turn, by_service};
pub use line::{Library, Lines};
pub use permission_set::denied_of;

use crate::shape::Transition;
use glidepath_iam::difference::{Cell, Comparison, Origin, Proof, Reach, Region, Words, compare};
use glidepath_model::PolicyType;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What accounts may newly do, or no longer do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccessChange {
    /// The type of policy that makes the difference: SCP or RCP.
    pub policy_type: PolicyType,
    /// The accounts' names, sorted.
    pub accounts: Vec<String>,
    /// What is denied from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newly_denied: Vec<Reached>,
    /// What is no longer denied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newly_allowed: Vec<Reached>,
    /// A policy that could not be read as one, so that nothing can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
}

/// A part of all requests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Reached {
    /// The service that the actions belong to; `*` for several.
    pub service: String,
    /// The actions, in words.
    pub actions: String,
    /// The resources, in words.
    pub resources: String,
    /// The conditions, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// What makes the difference: a policy, or a level that allows less or more.
    pub because: String,
    /// A request that shows it: action, resource, and the keys that matter. None where it is not proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<ExampleRequest>,
}

/// A request that shows a difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExampleRequest {
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// Context keys and what they hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
}

/// The policy types that decide rights, and whom they reach.
const DECIDING: [(PolicyType, Reach); 2] =
    [(PolicyType::Scp, Reach::Principals), (PolicyType::Rcp, Reach::Everyone)];

/// The names of the policies at each level.
type Names = Vec<Vec<String>>;

/// What changes for the accounts that stay, by line of levels. New accounts are not among them: nothing
/// was allowed in them before.
#[must_use]
pub fn access_changes(transition: &Transition, management: &str) -> Vec<AccessChange> {
    let mut all = Vec::new();
    let mut dictionary = Dictionary::new();
    for (ty, reach) in DECIDING {
        let (before, after) = (Lines::new(&transition.before, ty), Lines::new(&transition.after, ty));
        let mut groups: BTreeMap<(Names, Names), Vec<String>> = BTreeMap::new();
        for account in transition.before.accounts.keys().filter(|name| *name != management) {
            if !transition.after.accounts.contains_key(account) {
                continue;
            }
            let key = (before.names(account), after.names(account));
            groups.entry(key).or_default().push(account.clone());
        }
        for accounts in groups.into_values() {
            let Some(first) = accounts.first() else { continue };
            if before.documents(first) == after.documents(first) {
                continue;
            }
            let change = match (before.levels(first), after.levels(first)) {
                (Ok(old), Ok(new)) => told(ty, accounts, &compare(&old, &new, reach), &mut dictionary),
                (Err(policy), _) | (_, Err(policy)) => AccessChange {
                    policy_type: ty,
                    accounts,
                    newly_denied: Vec::new(),
                    newly_allowed: Vec::new(),
                    unread: Some(policy),
                },
            };
            if !change.is_nothing() {
                all.push(change);
            }
        }
    }
    all.sort_by(|one, two| (one.policy_type, &one.accounts).cmp(&(two.policy_type, &two.accounts)));
    all
}

impl AccessChange {
    fn is_nothing(&self) -> bool {
        self.newly_denied.is_empty() && self.newly_allowed.is_empty() && self.unread.is_none()
    }
}

/// What a comparison tells, in words, of nobody's accounts in particular.
pub(crate) fn in_words(comparison: &Comparison) -> AccessChange {
    told(PolicyType::Scp, Vec::new(), comparison, &mut Dictionary::new())
}

/// What was put in words already: most lines of levels change alike.
type Dictionary = HashMap<Cell, Words>;

fn told(
    ty: PolicyType,
    accounts: Vec<String>,
    comparison: &Comparison,
    dictionary: &mut Dictionary,
) -> AccessChange {
    let mut list = |regions: &[Region]| {
        let mut all: Vec<Reached> = regions.iter().map(|region| reached(region, dictionary)).collect();
        all.sort();
        all.dedup();
        all
    };
    AccessChange {
        policy_type: ty,
        accounts,
        newly_denied: list(&comparison.newly_denied),
        newly_allowed: list(&comparison.newly_allowed),
        unread: None,
    }
}

fn reached(region: &Region, dictionary: &mut Dictionary) -> Reached {
    let words = dictionary.entry(region.cell.clone()).or_insert_with(|| region.cell.words());
    let example = match &region.proof {
        Proof::NotProved => None,
        Proof::Example(example) => Some(ExampleRequest {
            action: action_words::one(&example.action),
            resource: example.resource.clone(),
            context: example.context.clone(),
        }),
    };
    Reached {
        service: service(&words.actions),
        actions: action_words::written(&words.actions),
        resources: words.resources.clone(),
        conditions: words.conditions.clone(),
        because: match &region.origin {
            Origin::Deny { level, policy, sid, .. } => {
                let statement = sid.as_ref().map(|sid| format!(", statement `{sid}`")).unwrap_or_default();
                format!("policy `{policy}` on `{level}`{statement}")
            }
            Origin::Allow { level } => format!("what `{level}` allows"),
        },
        example,
    }
}

/// The one service of an action list, else `*`.
fn service(actions: &str) -> String {
    let listed = actions.split_once(" but not ").map_or(actions, |(wanted, _)| wanted);
    let mut services =
        listed.split(", ").map(|action| action.split_once(':').map_or("*", |(service, _)| service));
    let first = services.next().unwrap_or("*");
    let one = services.all(|other| other == first) && !first.contains(['*', ' ']);
    if one { first.to_owned() } else { "*".to_owned() }
}
