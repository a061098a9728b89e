//! An account takes one change of a role at a time.

use super::World;

#[test]
fn requests_for_one_account_come_one_after_another_and_accounts_side_by_side() {
    let world = World::new();
    let (one, two) = (world.account("one"), world.account("two"));
    let group = world.group("platform");
    let sets: Vec<String> = (0..3).map(|number| world.set(&format!("set{number}"))).collect();
    let requests: Vec<String> = sets.iter().map(|set| world.submit(set, &one, &group)).collect();
    let elsewhere = world.submit(&sets[0], &two, &group);
    let mut ended = Vec::new();
    for _ in 0..3 {
        world.wait(2);
        ended.push(requests.iter().filter(|request| world.stands(request).0 == "SUCCEEDED").count());
        assert_eq!(world.stands(&elsewhere).0, "SUCCEEDED");
    }
    assert_eq!(ended, [1, 2, 3]);
}

#[test]
fn fifteen_assignments_are_made_at_once_and_no_sixteenth() {
    let world = World::new();
    let (account, set) = (world.account("one"), world.set("Reader"));
    let groups: Vec<String> = (0..16).map(|number| world.group(&format!("group{number}"))).collect();
    for group in groups.iter().take(15) {
        world.submit(&set, &account, group);
    }
    let request = super::assignment(&set, &account, &groups[15]);
    assert_eq!(world.admin_refused("CreateAccountAssignment", request), "ThrottlingException");
    world.wait(2);
    world.submit(&set, &account, &groups[15]);
}

#[test]
fn a_hundred_groups_have_a_permission_set_in_an_account_and_no_more() {
    let world = World::new();
    let (account, set) = (world.account("one"), world.set("Reader"));
    let groups: Vec<String> = (0..101).map(|number| world.group(&format!("group{number}"))).collect();
    for group in groups.iter().take(100) {
        world.submit(&set, &account, group);
        world.wait(2);
    }
    let request = super::assignment(&set, &account, &groups[100]);
    assert_eq!(world.admin_refused("CreateAccountAssignment", request), "ServiceQuotaExceededException");
    // One that has it already is assigned once more.
    world.submit(&set, &account, &groups[0]);
}
