//! `doctor`.

use crate::desk::{Desk, SMALL};

#[test]
fn a_healthy_organization_has_only_good_lines() {
    let ran = Desk::applied(SMALL).run(&["doctor", "lz", "--sandbox", "world"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn an_account_without_an_organization_is_told_what_to_do() {
    let desk = Desk::with(&SMALL.replace("  id: o-a1b2c3d4e5\n", ""));
    let ran = desk.run(&["doctor", "lz", "--sandbox", "world"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn the_findings_as_json_have_a_version() {
    let ran = Desk::applied(SMALL).run(&["doctor", "lz", "--sandbox", "world", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["findings"][0]["level"], "ok");
}
