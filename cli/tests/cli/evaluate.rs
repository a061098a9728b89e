//! `evaluate`: questions in, answers out.

use crate::desk::Desk;
use serde_json::{Value, json};

fn question(id: u32, action: &str) -> Value {
    let full = json!({"name": "FullAWSAccess", "policy": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}});
    let deny = json!({"name": "no-leaving", "policy": {"Version": "2012-10-17", "Statement": [{"Sid": "Stay", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]}});
    json!({
        "format_version": 1,
        "id": id,
        "scps": [{"level": "root", "policies": [full, deny]}],
        "identity_policies": [full],
        "request": {"principal": "arn:aws:iam::444455556666:role/app", "action": action, "resource": "*"},
    })
}

#[test]
fn each_question_has_its_answer_and_one_that_cannot_be_read_makes_the_run_invalid() {
    let desk = Desk::empty();
    let mut odd = question(2, "s3:GetObject");
    odd["region"] = json!("eu-west-1");
    let lines =
        [question(1, "organizations:LeaveOrganization").to_string(), odd.to_string(), odd.to_string()];
    desk.write("questions.jsonl", &format!("{}\n\n", lines.join("\n")));
    let ran = desk.run(&["evaluate", "questions.jsonl"]);
    ran.expect_code(0);
    let answers: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<(&Value, &Value)> =
        answers.iter().map(|answer| (&answer["decision"], &answer["by"]["sid"])).collect();
    assert_eq!(told[0], (&json!("ExplicitlyDenied"), &json!("Stay")));
    assert_eq!((told.len(), told[1].0), (3, &json!("Allowed")));
    assert_eq!(ran.stderr.matches("`region` is not a member").count(), 1, "{}", ran.stderr);

    desk.write("questions.jsonl", &format!("{{\n{}\n", lines[0]));
    let ran = desk.run(&["evaluate", "questions.jsonl"]);
    ran.expect_code(3);
    assert_eq!(ran.stdout.lines().count(), 2);
    assert!(ran.stdout.starts_with(r#"{"id":null,"error":"not a question:"#), "{}", ran.stdout);
}

#[test]
fn a_file_that_is_not_there_is_invalid_input() {
    Desk::empty().run(&["evaluate", "nothing.jsonl"]).expect_code(3);
}
