//! Which documents AWS takes.

use super::World;
use serde_json::json;

/// Whether a policy of this type with this document is created, refused as malformed, or neither.
fn verdict(world: &World, ty: &str, content: &str, name: &str) -> &'static str {
    let request = json!({"Type": ty, "Name": name, "Description": "", "Content": content});
    match world.try_as(super::MANAGEMENT, "CreatePolicy", request) {
        Ok(_) => "taken",
        Err(error) if error == "MalformedPolicyDocumentException" => "malformed",
        Err(_) => "refused otherwise",
    }
}

fn statement(inner: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{{inner}}}]}}"#)
}

fn judge(ty: &str, cases: &[(&str, &str)]) {
    let world = World::new();
    for (at, (expected, inner)) in cases.iter().enumerate() {
        assert_eq!(verdict(&world, ty, &statement(inner), &format!("case-{at}")), *expected, "{inner}");
    }
}

#[test]
fn an_scp_takes_the_full_language_but_principals() {
    judge(
        "SERVICE_CONTROL_POLICY",
        &[
            (
                "taken",
                r#""Sid":"A1","Effect":"Deny","Action":["ec2:*Snapshot*","s3:Get?bject"],"Resource":"*""#,
            ),
            ("taken", r#""Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:iam::*:role/x""#),
            ("taken", r#""Effect":"Allow","Action":"*","Resource":["arn:aws:s3:::a","arn:aws:s3:::a/*"]"#),
            (
                "taken",
                r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:ViaAWSService":false}}"#,
            ),
            ("malformed", r#""Effect":"Deny","Action":"*""#),
            ("malformed", r#""Effect":"Deny","Resource":"*""#),
            ("malformed", r#""Effect":"Deny","Action":"*","NotAction":"*","Resource":"*""#),
            ("malformed", r#""Effect":"deny","Action":"*","Resource":"*""#),
            ("malformed", r#""Effect":"Deny","Action":"*","Resource":"*","Principal":"*""#),
            ("malformed", r#""Effect":"Deny","Action":"*","Resource":"*","Sid":"a b""#),
            ("malformed", r#""Effect":"Deny","Action":"GetObject","Resource":"*""#),
            ("malformed", r#""Effect":"Deny","Action":[],"Resource":"*""#),
            ("malformed", r#""Effect":"Deny","Action":"*","Resource":"bucket""#),
            ("malformed", r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":"x"}"#),
            ("malformed", r#""Effect":"Deny","Action":"*","Resource":"*","Comment":"x""#),
        ],
    );
}

#[test]
fn an_rcp_only_denies_everybody_something_of_a_service() {
    judge(
        "RESOURCE_CONTROL_POLICY",
        &[
            ("taken", r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#),
            ("taken", r#""Effect":"Deny","Principal":"*","Action":"s3:*","NotResource":"arn:aws:s3:::a""#),
            ("malformed", r#""Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*""#),
            ("malformed", r#""Effect":"Deny","Principal":"*","Action":"*","Resource":"*""#),
            ("malformed", r#""Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*","Resource":"*""#),
            ("malformed", r#""Effect":"Deny","Action":"s3:*","Resource":"*""#),
            ("malformed", r#""Effect":"Deny","NotPrincipal":"*","Action":"s3:*","Resource":"*""#),
            ("malformed", r#""Effect":"Deny","Principal":"*","NotAction":"s3:*","Resource":"*""#),
        ],
    );
}

#[test]
fn the_frame_of_a_document_is_checked_too() {
    let world = World::new();
    let allow = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    for (at, (expected, content)) in [
        ("taken", format!(r#"{{"Version":"2012-10-17","Id":"x","Statement":{allow}}}"#)),
        ("malformed", format!(r#"{{"Version":"2008-10-17","Statement":[{allow}]}}"#)),
        ("malformed", format!(r#"{{"Statement":[{allow}]}}"#)),
        ("malformed", r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned()),
        ("malformed", format!(r#"{{"Version":"2012-10-17","Statement":[{allow}],"Extra":1}}"#)),
        ("malformed", "not json".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("frame-{at}");
        assert_eq!(verdict(&world, "SERVICE_CONTROL_POLICY", &content, &name), expected, "{content}");
    }
}

#[test]
fn every_declarative_type_starts_with_its_own_key() {
    let world = World::new();
    let keys = [
        ("TAG_POLICY", "tags"),
        ("BACKUP_POLICY", "plans"),
        ("AISERVICES_OPT_OUT_POLICY", "services"),
        ("CHATBOT_POLICY", "chatbot"),
        ("DECLARATIVE_POLICY_EC2", "ec2_attributes"),
        ("SECURITYHUB_POLICY", "securityhub"),
        ("INSPECTOR_POLICY", "inspector"),
        ("UPGRADE_ROLLOUT_POLICY", "upgrade_rollout"),
        ("BEDROCK_POLICY", "bedrock"),
        ("S3_POLICY", "s3_attributes"),
        ("NETWORK_SECURITY_DIRECTOR_POLICY", "network_security_director"),
        ("GUARDDUTY_POLICY", "guardduty"),
    ];
    for (ty, key) in keys {
        let right = json!({ key: {"a": {"@@assign": "b"}} }).to_string();
        let wrong = json!({ "other": {"a": {"@@assign": "b"}} }).to_string();
        assert_eq!(verdict(&world, ty, &right, "right"), "taken", "{ty}");
        assert_eq!(verdict(&world, ty, &wrong, "wrong"), "malformed", "{ty}");
    }
}
