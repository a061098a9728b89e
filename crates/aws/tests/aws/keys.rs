//! Keys: in which Region they are asked for, and what is sent once, again, and not at all.

use crate::fake::{Answer, Log, options, permit, run};
use glidepath_aws::kms::{Extent, NewKey, Reader, Writer};
use glidepath_aws::{AccessMode, Error};
use glidepath_model::Tags;
use glidepath_model::key::{KeyState, Regionality};
use serde_json::{Value, json};

fn metadata(state: &str, more: &Value) -> Value {
    let mut key = json!({
        "AWSAccountId": "111122223333", "KeyId": "k", "Arn": "arn:aws:kms:eu-west-1:111122223333:key/k",
        "KeyState": state, "Description": "logs",
    });
    key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"KeyMetadata": key})
}

const NEW: NewKey<'static> =
    NewKey { description: "", policy: "{}", tags: &Tags::new(), extent: Extent::Single };

#[test]
fn a_key_is_told_with_its_state_and_its_relatives() {
    let set = json!({"MultiRegion": true, "MultiRegionConfiguration": {
        "MultiRegionKeyType": "PRIMARY",
        "PrimaryKey": {"Arn": "arn:aws:kms:eu-west-1:111122223333:key/k", "Region": "eu-west-1"},
        "ReplicaKeys": [{"Arn": "arn:aws:kms:us-east-1:111122223333:key/k", "Region": "us-east-1"}],
    }});
    let answer = metadata("PendingDeletion", &set);
    let options = options(&Log::default(), move |_, _, _| Answer::Json(answer.clone()));
    let key = run(options, async |aws| Reader::new(aws.session(), "eu-west-1").describe_key("k").await);
    let key = key.unwrap().unwrap();
    assert_eq!((key.state, key.description.as_str()), (KeyState::PendingDeletion, "logs"));
    assert_eq!(key.regionality, Regionality::Primary { replicas: ["us-east-1".to_owned()].into() });
}

#[test]
fn a_key_that_is_not_there_is_none_and_one_that_may_not_be_seen_is_an_error() {
    let options = options(&Log::default(), |_, body, _| {
        let code = if body["KeyId"] == "none" { "NotFoundException" } else { "AccessDeniedException" };
        Answer::Error(400, code, json!({}))
    });
    run(options, async |aws| {
        let reader = Reader::new(aws.session(), "eu-west-1");
        assert_eq!(reader.describe_key("none").await, Ok(None));
        assert!(reader.describe_key("alias/x").await.unwrap_err().is_denied());
    });
}

#[test]
fn a_creation_whose_answer_is_lost_is_not_sent_again_and_other_writes_are() {
    let log = Log::default();
    let options = options(&log, |operation, _, before| match (operation, before) {
        ("CreateKey", _) | ("PutKeyPolicy", 1) => Answer::Reset,
        _ => Answer::Json(json!({})),
    });
    run(options, async |aws| {
        let writer = Writer::new(aws.session(), "eu-west-1", &permit()).unwrap();
        assert!(matches!(writer.create_key(NEW).await, Err(Error::OutcomeUnknown { .. })));
        writer.put_key_policy("k", "{}").await.unwrap();
    });
    assert_eq!(log.operations(), ["CreateKey", "PutKeyPolicy", "PutKeyPolicy"]);
}

#[test]
fn failures_of_kms_are_waited_out() {
    let log = Log::default();
    let options = options(&log, |_, _, before| match before {
        0 => Answer::Error(500, "KMSInternalException", json!({})),
        1 => Answer::Error(500, "DependencyTimeoutException", json!({})),
        2 => Answer::Error(400, "ThrottlingException", json!({})),
        _ => Answer::Json(metadata("Enabled", &json!({}))),
    });
    let key = run(options, async |aws| Reader::new(aws.session(), "eu-west-1").describe_key("k").await);
    assert_eq!(key.unwrap().unwrap().state, KeyState::Enabled);
    assert_eq!(log.operations().len(), 4);
}

#[test]
fn a_run_that_only_reads_gets_no_writer() {
    let options = options(&Log::default(), |_, _, _| Answer::Json(json!({})));
    let options = glidepath_aws::Options { access: AccessMode::ReadOnly, ..options };
    run(options, async |aws| {
        let refused = Writer::new(aws.session(), "eu-west-1", &permit()).unwrap_err();
        assert!(matches!(refused, Error::WriteRefused { .. }));
    });
}

#[test]
fn rotation_is_told_in_days_and_none_where_there_is_none_or_can_be_none() {
    let options = options(&Log::default(), |_, body, _| match body["KeyId"].as_str().unwrap() {
        "yearly" => Answer::Json(json!({"KeyRotationEnabled": true})),
        "often" => Answer::Json(json!({"KeyRotationEnabled": true, "RotationPeriodInDays": 90})),
        "never" => Answer::Json(json!({"KeyRotationEnabled": false})),
        _ => Answer::Error(400, "UnsupportedOperationException", json!({})),
    });
    run(options, async |aws| {
        let reader = Reader::new(aws.session(), "eu-west-1");
        for (id, days) in [("yearly", Some(365)), ("often", Some(90)), ("never", None), ("signing", None)] {
            assert_eq!(reader.rotation(id).await, Ok(days), "{id}");
        }
    });
}
