//! The Regions that accounts have enabled: asked and enabled by the management account, which never names itself.

use crate::fake::{Answer, Log, options, permit, run};
use glidepath_aws::regions_of_account::{Reader, Writer};
use glidepath_aws::{Aws, Error};
use glidepath_model::AccountId;
use glidepath_model::regions::OptInStatus;
use serde_json::{Value, json};

fn id(text: &str) -> AccountId {
    text.parse().unwrap()
}

/// An answer to every operation.
pub(crate) fn answer(operation: &str) -> Value {
    match operation {
        "POST /listRegions" => json!({"Regions": [
            {"RegionName": "eu-south-1", "RegionOptStatus": "ENABLED"},
            {"RegionName": "af-south-1", "RegionOptStatus": "ENABLING"},
        ]}),
        _ => json!({}),
    }
}

pub(crate) async fn read_everything(aws: &Aws) {
    Reader::new(aws.session(), &id("111122223333")).list(&id("444455556666")).await.unwrap();
}

pub(crate) async fn write_everything(aws: &Aws) {
    let writer = Writer::new(aws.session(), &id("111122223333"), &permit()).unwrap();
    let slots = writer.slots(1).await.unwrap();
    writer.enable(&slots, &id("444455556666"), "eu-south-1").await.unwrap();
}

#[test]
fn a_member_is_named_and_the_management_account_is_not() {
    let log = Log::default();
    run(options(&log, |operation, _, _| Answer::Json(answer(operation))), async |aws| {
        let reader = Reader::new(aws.session(), &id("111122223333"));
        let told = reader.list(&id("444455556666")).await.unwrap();
        assert_eq!(told["eu-south-1"], OptInStatus::Enabled);
        assert!(told["af-south-1"].is_asked_for());
        reader.list(&id("111122223333")).await.unwrap();
        write_everything(&aws).await;
    });
    let named: Vec<Option<Value>> =
        log.all().into_iter().map(|request| request.body.get("AccountId").cloned()).collect();
    assert_eq!(named, [Some(json!("444455556666")), None, Some(json!("444455556666"))]);
}

#[test]
fn a_status_that_nobody_knows_is_no_status() {
    let odd = json!({"Regions": [{"RegionName": "eu-south-1", "RegionOptStatus": "MAYBE"}]});
    let told = run(options(&Log::default(), move |_, _, _| Answer::Json(odd.clone())), async |aws| {
        Reader::new(aws.session(), &id("111122223333")).list(&id("444455556666")).await
    });
    assert!(matches!(told, Err(Error::Malformed { .. })), "{told:?}");
}
