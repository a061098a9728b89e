//! Who may sign in where: applying any plan leaves nothing to do, whatever was there before.

use crate::support::model::Model;
use crate::support::{made, plan, shown, zone};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const ACCOUNTS: [&str; 4] = ["one", "two", "three", "four"];
const SETS: [&str; 3] = ["Admin", "Read", "Ship"];
const MANAGED: [&str; 3] = ["AdministratorAccess", "ReadOnlyAccess", "SecurityAudit"];
const GROUPS: [&str; 3] = ["platform", "shop", "audit"];
const USERS: [&str; 3] = ["anna", "bela", "carla"];
const PLACES: [&str; 5] = ["/", "W", "account/one", "\"tag:stage=prod\"", "account/acme-root"];

/// What a manifest says of people, before it is text.
#[derive(Debug, Clone)]
struct People {
    /// Managed policies of each set; whether it has an inline one, and whether it is for responders.
    sets: BTreeMap<&'static str, (BTreeSet<usize>, bool, bool)>,
    groups: BTreeMap<&'static str, BTreeSet<usize>>,
    users: BTreeSet<&'static str>,
    /// Who, as what, where and where not; those that name somebody or something that is not there are left out.
    lines: Vec<(usize, usize, BTreeSet<usize>, Option<usize>)>,
    frozen: Option<usize>,
    closing: bool,
}

fn any_people() -> impl Strategy<Value = People> {
    let set = (proptest::collection::btree_set(0..MANAGED.len(), 1..3), any::<bool>(), any::<bool>());
    let sets = proptest::collection::btree_map(proptest::sample::select(SETS.to_vec()), set, 0..=3);
    let members = proptest::collection::btree_set(0..USERS.len(), 0..=3);
    let groups = proptest::collection::btree_map(proptest::sample::select(GROUPS.to_vec()), members, 0..=3);
    let users = proptest::sample::subsequence(USERS.to_vec(), 0..=3);
    let places = proptest::collection::btree_set(0..PLACES.len(), 1..3);
    let line = (0..GROUPS.len() + USERS.len(), 0..SETS.len(), places, proptest::option::of(1..3_usize));
    let lines = proptest::collection::vec(line, 0..6);
    let frozen = proptest::option::weighted(0.3, 0..ACCOUNTS.len());
    (sets, groups, users, lines, frozen, any::<bool>()).prop_map(
        |(sets, groups, users, lines, frozen, closing)| People {
            sets,
            groups,
            users: users.into_iter().collect(),
            lines,
            frozen,
            closing,
        },
    )
}

impl People {
    fn body(&self) -> String {
        let account = |(at, name): (usize, &&str)| {
            let tags = if at < 2 { "tags: {stage: prod}" } else { "" };
            let word = if self.closing { "close: true" } else { "quarantine: true" };
            let frozen = if self.frozen == Some(at) { word } else { "" };
            let parts: Vec<&str> = [tags, frozen].into_iter().filter(|part| !part.is_empty()).collect();
            format!("{name}: {{{}}}", parts.join(", "))
        };
        let accounts: Vec<String> = ACCOUNTS.iter().enumerate().map(account).collect();
        let mut text = format!("units: {{W: {{accounts: {{{}}}}}, V: }}\n", accounts.join(", "));
        text.push_str("identity:\n  directory: managed\n  permissionSets:\n");
        for (name, (managed, inline, responder)) in &self.sets {
            let managed: Vec<&str> = managed.iter().map(|at| MANAGED[*at]).collect();
            let inline = if *inline {
                ", inline: {Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: \"s3:PutObject\", Resource: \"*\"}]}"
            } else {
                ""
            };
            writeln!(
                text,
                "    {name}: {{managed: [{}]{inline}, responder: {responder}}}",
                managed.join(", ")
            )
            .unwrap();
        }
        text.push_str("  users:\n");
        for user in &self.users {
            writeln!(text, "    {user}: {{given: {user}, family: Example}}").unwrap();
        }
        text.push_str("  groups:\n");
        for (group, members) in &self.groups {
            let members: Vec<&str> =
                members.iter().map(|at| USERS[*at]).filter(|user| self.users.contains(user)).collect();
            writeln!(text, "    {group}: {{members: [{}]}}", members.join(", ")).unwrap();
        }
        text.push_str("  assignments:\n");
        let mut seen = BTreeSet::new();
        for (who, set, on, except) in &self.lines {
            let who = match GROUPS.get(*who) {
                Some(group) if self.groups.contains_key(group) => format!("group: {group}"),
                Some(_) => continue,
                None => match USERS.get(who - GROUPS.len()) {
                    Some(user) if self.users.contains(user) => format!("user: {user}"),
                    Some(_) | None => continue,
                },
            };
            let set = SETS[*set];
            if !self.sets.contains_key(set) || !seen.insert((who.clone(), set)) {
                continue;
            }
            let on: Vec<&str> = on.iter().map(|at| PLACES[*at]).collect();
            let except = except.map(|at| format!(", except: [{}]", PLACES[at])).unwrap_or_default();
            writeln!(text, "    - {{{who}, permissionSet: {set}, on: [{}]{except}}}", on.join(", ")).unwrap();
        }
        text
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_global_rejects: 4096, ..ProptestConfig::default() })]

    #[test]
    fn applying_a_plan_about_people_leaves_nothing_to_do(before in any_people(), after in any_people()) {
        let zone = zone(&after.body());
        let world = made(&before.body());
        let first = plan(&zone, &world);
        prop_assume!(first.refusals.is_empty());
        let second = plan(&zone, &Model::apply(&world, &first));
        prop_assert!(second.changes.is_empty(), "{}\nthen\n{}", shown::plan(&first), shown::plan(&second));
    }
}
