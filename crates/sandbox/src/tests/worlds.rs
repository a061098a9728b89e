//! Tables, ids and the canonical dump.

use super::{account, sandbox, time, world_seed};
use crate::Sandbox;
use crate::service::sts::{Role, add_role};
use crate::world::{Alphabet, Due, Dumped, Entity, TableInfo, World};
use glidepath_model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Box {
    id: String,
    name: String,
    within: String,
    made: Timestamp,
}

impl Entity for Box {
    const TABLE: &'static str = "test.box";
    const DUMPED: Dumped = Dumped::Without(&["made"]);

    fn key(&self) -> String {
        self.id.clone()
    }

    fn index(&self) -> Vec<(&'static str, String)> {
        vec![("within", self.within.clone())]
    }

    fn alias(&self) -> Option<(String, String)> {
        Some((self.id.clone(), format!("{}/{}", self.within, self.name)))
    }
}

fn put(world: &mut World, within: &str, name: &str) -> String {
    let id = format!("b-{}", world.mint("box", &format!("{within}/{name}"), Alphabet::LowerAlphanumeric, 10));
    let made = world.now();
    world.put(Box { id: id.clone(), name: name.to_owned(), within: within.to_owned(), made });
    id
}

fn names(world: &World, within: &str) -> Vec<String> {
    world.by::<Box>("within", within).map(|row| row.name.clone()).collect()
}

#[test]
fn rows_are_found_by_their_indexes_and_move_with_them() {
    let mut world = World::new(world_seed());
    let top = put(&mut world, "", "top");
    let one = put(&mut world, &top, "one");
    let two = put(&mut world, &top, "two");
    assert_eq!(world.by::<Box>("within", &top).count(), 2);
    world.put(Box { id: two.clone(), name: "two".to_owned(), within: one.clone(), made: world.now() });
    assert_eq!((names(&world, &top), names(&world, &one)), (vec!["one".to_owned()], vec!["two".to_owned()]));
    let mut ids = [top.clone(), one, two.clone()];
    ids.sort();
    let after: Vec<String> = world.after::<Box>(Some(&ids[0])).map(|row| row.id.clone()).collect();
    assert_eq!(after, ids[1..]);
    assert_eq!(world.by_after::<Box>("within", "", Some(&top)).count(), 0);
    world.delete::<Box>(&two);
    assert_eq!((world.count::<Box>(), world.get::<Box>(&two).is_none()), (2, true));
}

#[test]
fn ids_follow_from_natural_keys_in_any_order_and_differ_on_re_creation() {
    let mut one = World::new(world_seed());
    let mut two = World::new(world_seed());
    let first = [put(&mut one, "", "a"), put(&mut one, "", "b")];
    let second = [put(&mut two, "", "b"), put(&mut two, "", "a")];
    assert_eq!(first, [second[1].clone(), second[0].clone()]);
    assert_ne!(put(&mut one, "", "a"), first[0]);
    let digits = one.mint("account", "a@example.com", Alphabet::Digits, 12);
    assert!(
        digits.len() == 12 && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
    );
}

#[test]
fn a_roll_back_undoes_everything_since_the_commit() {
    let mut world = World::new(world_seed());
    let kept = put(&mut world, "", "kept");
    world.commit();
    world.delete::<Box>(&kept);
    put(&mut world, &kept, "gone");
    world.roll_back();
    assert_eq!((world.count::<Box>(), names(&world, "")), (1, vec!["kept".to_owned()]));
    let again = put(&mut world, "", "again");
    let mut other = World::new(world_seed());
    assert_eq!(again, put(&mut other, "", "again"), "a generation that was rolled back does not count");
}

#[test]
fn worlds_that_differ_in_ids_and_times_only_have_one_dump() {
    let tables = [TableInfo::of::<Box>()];
    let mut one = World::new(world_seed());
    let top = put(&mut one, "", "top");
    put(&mut one, &top, "leaf");
    let mut two = World::new(world_seed());
    two.advance(time("2027-01-01T00:00:00Z"));
    let lost = put(&mut two, "", "top");
    two.delete::<Box>(&lost);
    let top = put(&mut two, "", "top");
    put(&mut two, &top, "leaf");
    assert_ne!(lost, top);
    assert_eq!(one.canonical_dump(&tables), two.canonical_dump(&tables));
    put(&mut two, "", "more");
    assert_ne!(one.canonical_dump(&tables), two.canonical_dump(&tables));
    let shown = one.canonical_dump(&tables).to_string();
    assert!(shown.contains("\"within\":\"/top\"") && !shown.contains(&top), "{shown}");
}

#[test]
fn what_is_scheduled_is_taken_in_order_of_time_once_it_is_due() {
    let mut world = World::new(world_seed());
    for (at, key) in [("2026-11-24T04:00:09Z", "second"), ("2026-11-24T04:00:01Z", "first")] {
        let (service, kind) = ("test".to_owned(), "ring".to_owned());
        world.schedule(Due { at: time(at), service, kind, key: key.to_owned() });
    }
    assert_eq!(world.next_due(), Some(time("2026-11-24T04:00:01Z")));
    let mut due = || world.take_due(time("2026-11-24T04:00:09Z")).map(|due| due.key);
    assert_eq!([due(), due(), due()], [Some("first".to_owned()), Some("second".to_owned()), None]);
}

#[test]
fn a_snapshot_stays_as_it_was_and_can_be_gone_on_from() {
    let sandbox = sandbox();
    let before = sandbox.canonical_dump();
    let snapshot = sandbox.snapshot();
    let change = |sandbox: &Sandbox| {
        sandbox
            .change(|world| add_role(world, Role::new(account("777788889999"), "/", "New", BTreeSet::new())));
    };
    change(&sandbox);
    let again = Sandbox::from_snapshot(snapshot, super::options());
    assert_eq!(again.canonical_dump(), before);
    change(&again);
    assert_eq!(again.canonical_dump(), sandbox.canonical_dump());
}
