//! `lint`: documents in, findings out.

use crate::desk::Desk;

const SLIPS: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Action": ["s3:PutBucketAkl", "ec2:RunInstances"],
      "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}}
    }
  ]
}
"#;

const SOUND: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:PutBucketAcl", "Resource": "*"}}"#;

#[test]
fn findings_are_told_with_their_places_and_warnings_do_not_fail() {
    let desk = Desk::empty();
    desk.write("slips.json", SLIPS);
    desk.write("sound.json", SOUND);
    let ran = desk.run(&["lint", "--as", "scp", "slips.json", "sound.json"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
    desk.run(&["lint", "--as", "scp", "--strict", "slips.json"]).expect_code(3);
    desk.run(&["lint", "--as", "scp", "--strict", "sound.json"]).expect_code(0);
}

#[test]
fn what_aws_refuses_is_invalid_input() {
    let desk = Desk::empty();
    desk.write("sound.json", SOUND);
    desk.write("broken.json", "{\"Statement\": [\n  {\"Effect\": \"Maybe\", \"Action\": \"s3:*\"}\n]}");
    let ran = desk.run(&["lint", "--as", "rcp", "sound.json", "broken.json"]);
    ran.expect_code(3);
    insta::assert_snapshot!(ran.transcript());
    desk.run(&["lint", "--as", "scp", "nothing.json"]).expect_code(3);
}

#[test]
fn findings_as_json_have_a_version_and_the_date_of_the_data() {
    let desk = Desk::empty();
    desk.write("slips.json", SLIPS);
    let ran = desk.run(&["lint", "--as", "scp", "--json", "slips.json"]);
    ran.expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["format_version"], 1);
    assert!(json["data"].as_str().unwrap().starts_with("20"), "{}", json["data"]);
    let first = &json["findings"][0];
    assert_eq!(
        (&first["file"], &first["line"], &first["column"]),
        (&"slips.json".into(), &6.into(), &18.into())
    );
    assert_eq!((&first["code"], &first["severity"]), (&"unknown-action".into(), &"warning".into()));
    assert_eq!(json["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn a_finding_is_explained_by_its_name() {
    let ran = Desk::empty().run(&["explain-code", "Absent-Key"]);
    ran.expect_code(0);
    insta::assert_snapshot!(ran.transcript());
}
