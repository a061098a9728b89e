//! Any small manifest, any small world: units two deep, accounts in them, SCPs and tag policies on them.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub(crate) const UNITS: [&str; 6] = ["A", "A/X", "A/Y", "B", "B/X", "C"];
const ACCOUNTS: [&str; 4] = ["one", "two", "three", "four"];
const POLICIES: [&str; 5] = ["p", "q", "r", "s", "t"];
const SERVICES: [&str; 3] = ["ec2:Run", "s3:*", "iam:Pass"];

/// What a manifest says, before it is text.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    units: BTreeSet<&'static str>,
    accounts: BTreeMap<&'static str, usize>,
    policies: BTreeMap<&'static str, PolicyWish>,
    administrator: Option<usize>,
    closed_root: BTreeSet<usize>,
    closing: Option<usize>,
}

#[derive(Debug, Clone)]
struct PolicyWish {
    denies: BTreeSet<usize>,
    allows: bool,
    is_tag: bool,
    targets: BTreeSet<usize>,
}

fn any_policy() -> impl Strategy<Value = PolicyWish> {
    let denies = proptest::collection::btree_set(0..SERVICES.len(), 1..3);
    let targets = proptest::collection::btree_set(0..UNITS.len() + ACCOUNTS.len() + 1, 0..4);
    (denies, prop::bool::weighted(0.2), prop::bool::weighted(0.2), targets)
        .prop_map(|(denies, allows, is_tag, targets)| PolicyWish { denies, allows, is_tag, targets })
}

/// Any manifest.
pub(crate) fn any_wish() -> impl Strategy<Value = Wish> {
    let units = proptest::sample::subsequence(UNITS.to_vec(), 1..=UNITS.len());
    let accounts =
        proptest::collection::btree_map(proptest::sample::select(ACCOUNTS.to_vec()), 0..UNITS.len(), 0..=4);
    let policies =
        proptest::collection::btree_map(proptest::sample::select(POLICIES.to_vec()), any_policy(), 0..=5);
    let closed = proptest::collection::btree_set(0..UNITS.len(), 0..2);
    let switches =
        (proptest::option::of(0..ACCOUNTS.len()), proptest::option::weighted(0.2, 0..ACCOUNTS.len()));
    (units, accounts, policies, switches, closed).prop_map(
        |(units, accounts, policies, (administrator, closing), closed_root)| Wish {
            units: units.into_iter().collect(),
            accounts,
            policies,
            administrator,
            closed_root,
            closing,
        },
    )
}

impl Wish {
    /// The manifest's body. A unit's parents come along; what names something that is not there is left out.
    pub(crate) fn body(&self) -> String {
        let mut units: BTreeSet<&str> = self.units.clone();
        for unit in &self.units {
            units.extend(unit.split_once('/').map(|(above, _)| above));
        }
        let listed: Vec<&str> = units.iter().copied().collect();
        let home: BTreeMap<&str, &str> =
            self.accounts.iter().map(|(name, at)| (*name, listed[at % listed.len()])).collect();
        let mut text = "units:\n".to_owned();
        for top in units.iter().filter(|unit| !unit.contains('/')) {
            let member = |name: &str| {
                let closes = self.closing.is_some_and(|at| ACCOUNTS[at] == name);
                if closes { format!("{name}: {{close: true}}") } else { format!("{name}: ") }
            };
            let inside = |unit: &str| {
                let names: Vec<String> =
                    home.iter().filter(|(_, at)| **at == unit).map(|(name, _)| member(name)).collect();
                names.join(", ")
            };
            let below: Vec<String> = units
                .iter()
                .filter(|unit| unit.split_once('/').is_some_and(|(above, _)| above == *top))
                .map(|unit| {
                    format!("{}: {{accounts: {{{}}}}}", unit.split_once('/').unwrap().1, inside(unit))
                })
                .collect();
            writeln!(text, "  {top}: {{accounts: {{{}}}, units: {{{}}}}}", inside(top), below.join(", "))
                .unwrap();
        }
        let place = |at: &usize| -> Option<String> {
            match *at {
                0 => Some("/".into()),
                at if at <= UNITS.len() => units.get(UNITS[at - 1]).map(|unit| (*unit).to_owned()),
                at => {
                    let name = ACCOUNTS[at - 1 - UNITS.len()];
                    home.contains_key(name).then(|| format!("account/{name}"))
                }
            }
        };
        text.push_str("policies:\n");
        for (name, wish) in &self.policies {
            let targets: Vec<String> = wish.targets.iter().filter_map(place).collect();
            writeln!(text, "  {}", wish.line(name, &targets)).unwrap();
        }
        let closed: Vec<String> = self.closed_root.iter().filter_map(|at| place(&(at + 1))).collect();
        let lists = closed.iter().map(|unit| {
            format!(
                "{{Effect: Allow, Action: [\"s3:*\", \"{}\"], Resource: \"*\"}}",
                SERVICES[unit.len() % 3]
            )
        });
        let lists: Vec<String> = lists.take(1).collect();
        if !closed.is_empty() {
            let on = closed.join(", ");
            writeln!(
                text,
                "  list: {{type: scp, document: {{Statement: [{}]}}, on: [{on}]}}",
                lists.join(", ")
            )
            .unwrap();
            writeln!(text, "  FullAWSAccess: {{type: scp, awsManaged: true, absent: [{on}]}}").unwrap();
        }
        if let Some(name) = self.administrator.map(|at| ACCOUNTS[at]).filter(|name| home.contains_key(name)) {
            writeln!(text, "delegatedAdministrators: {{config.amazonaws.com: [{name}]}}").unwrap();
        }
        text
    }
}

impl PolicyWish {
    fn line(&self, name: &str, targets: &[String]) -> String {
        let on = targets.join(", ");
        if self.is_tag {
            let key = self.denies.len();
            return format!("{name}: {{type: tag, document: {{tags: {{k{key}: {{}}}}}}, on: [{on}]}}");
        }
        let actions: Vec<String> = self.denies.iter().map(|at| format!("\"{}\"", SERVICES[*at])).collect();
        let deny = format!("{{Effect: Deny, Action: [{}], Resource: \"*\"}}", actions.join(", "));
        let allow = if self.allows { ", {Effect: Allow, Action: [\"sqs:*\"], Resource: \"*\"}" } else { "" };
        format!("{name}: {{type: scp, document: {{Statement: [{deny}{allow}]}}, on: [{on}]}}")
    }
}
