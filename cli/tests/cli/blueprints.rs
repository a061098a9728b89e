//! `blueprints`: the catalogue, and blueprints of one's own.

use crate::desk::Desk;

const PLAIN: &str = "Description: A topic for alarms\nMetadata: {Glidepath: {Placement: {who: members, regions: home}}}\n\
    Parameters:\n  Shown:\n    Type: String\n    Default: Alarms\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    \
    Properties: {DisplayName: !Ref Shown}\n";

#[test]
fn the_catalogue_is_listed_shown_rendered_and_checked() {
    let desk = Desk::empty();
    let listed = desk.run(&["blueprints", "list", "--who", "log-archive", "--json"]);
    listed.expect_code(0);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let ids: Vec<&str> =
        listed["blueprints"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"log-archive") && !ids.contains(&"config-recorder"), "{ids:?}");
    let shown = desk.run(&["blueprints", "show", "config-recorder"]);
    shown.expect_code(0);
    assert!(shown.stdout.contains("AWS::Config::DeliveryChannel"), "{}", shown.stdout);
    let checked = desk.run(&["blueprints", "check"]);
    checked.expect_code(0);
    assert!(checked.stderr.contains("all right"), "{}", checked.stderr);
    let docs = desk.run(&["blueprints", "docs", "pages"]);
    docs.expect_code(0);
    assert!(desk.read("pages/log-archive.md").contains("Object Lock"));
}

#[test]
fn a_blueprint_is_rendered_with_arguments_and_wrong_ones_are_refused() {
    let desk = Desk::empty();
    desk.write("good.yaml", "lock_mode: GOVERNANCE\nsources: [organizationTrail]\n");
    let ran = desk.run(&["blueprints", "render", "log-archive", "--with", "good.yaml"]);
    ran.expect_code(0);
    let template: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let lock = &template["Resources"]["OrganizationTrail"]["Properties"]["ObjectLockConfiguration"];
    assert_eq!(lock["Rule"]["DefaultRetention"]["Mode"], "GOVERNANCE");
    desk.write("bad.yaml", "lock_mod: GOVERNANCE\nlock_days: soon\n");
    let ran = desk.run(&["blueprints", "render", "log-archive", "--with", "bad.yaml"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("did you mean `lock_mode`?"), "{}", ran.stderr);
    assert!(ran.stderr.contains("`lock_days` is a whole number"), "{}", ran.stderr);
    let ran = desk.run(&["blueprints", "show", "log-archiv"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("did you mean `log-archive`"), "{}", ran.stderr);
    desk.run(&["blueprints", "list", "--who", "nobody"]).expect_code(3);
    desk.run(&["blueprints", "check", "nowhere"]).expect_code(3);
}

#[test]
fn a_plain_template_is_a_blueprint_of_ones_own() {
    let desk = Desk::empty();
    desk.write("own/alarms.yaml", PLAIN);
    desk.run(&["blueprints", "check", "own"]).expect_code(0);
    desk.write("with.yaml", "Shown: Night\n");
    let ran = desk.run(&["blueprints", "render", "alarms", "--from", "own", "--with", "with.yaml"]);
    ran.expect_code(0);
    let template: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(template["Parameters"]["Shown"]["Default"], "Night");
    assert_eq!(template["Metadata"]["Glidepath"]["Blueprint"], "alarms");
}

#[test]
fn a_stack_that_would_delete_data_is_refused() {
    let desk = Desk::empty();
    let deletes = PLAIN.replace("AWS::SNS::Topic", "AWS::DynamoDB::Table").replace("{DisplayName: !Ref Shown}", "{TableName: !Ref Shown, KeySchema: [{AttributeName: a, KeyType: HASH}], AttributeDefinitions: [{AttributeName: a, AttributeType: S}], BillingMode: PAY_PER_REQUEST}");
    desk.write("own/table.yaml", &deletes);
    let ran = desk.run(&["blueprints", "check", "own"]);
    ran.expect_code(1);
    assert!(ran.stdout.contains("write `DeletionPolicy: RetainExceptOnCreate`"), "{}", ran.stdout);
    assert!(ran.stdout.contains("write `UpdateReplacePolicy: Retain`"), "{}", ran.stdout);
}
