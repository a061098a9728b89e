//! What accounts have once in a Region: asked by signed requests without a crate of the service's own.

use crate::fake::{Answer, Log, options, permit, run};
use glidepath_aws::singleton::{Reader, Writer};
use glidepath_aws::{Aws, Connector, Error};
use glidepath_model::singleton::{Existing, Singleton};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const REGION: &str = "eu-central-1";
const ALL: [Singleton; 6] = [
    Singleton::ConfigRecorder,
    Singleton::DeliveryChannel,
    Singleton::Detector,
    Singleton::Hub,
    Singleton::Analyzer,
    Singleton::SessionPreferences,
];

/// An answer to every operation, of an account that has everything.
pub(crate) fn answer(operation: &str) -> Value {
    match operation {
        "DescribeConfigurationRecorders" => json!({"ConfigurationRecorders": [
            {"name": "of-a-service", "servicePrincipal": "x.amazonaws.com"},
            {"name": "default", "recordingGroup": {"allSupported": true}},
        ]}),
        "DescribeConfigurationRecorderStatus" => {
            json!({"ConfigurationRecordersStatus": [{"name": "default", "recording": true}]})
        }
        "DescribeDeliveryChannels" => {
            json!({"DeliveryChannels": [{"name": "default", "s3BucketName": "logs"}]})
        }
        "GetDocument" => {
            json!({"Name": "SSM-SessionManagerRunShell", "Content": "{\"inputs\": {\"runAsEnabled\": true}}"})
        }
        "GET /detector" => json!({"detectorIds": ["12abc34d567e8fa901bc2d34e56789f0"]}),
        "GET /detector/12abc34d567e8fa901bc2d34e56789f0" => {
            json!({"status": "ENABLED", "features": [{"name": "S3_DATA_EVENTS", "status": "ENABLED"}]})
        }
        "GET /accounts" => json!({"HubArn": "arn:aws:securityhub:x", "AutoEnableControls": true}),
        "GET /analyzer?type=ACCOUNT" => {
            json!({"analyzers": [{"arn": "arn:aws:x", "name": "mine", "type": "ACCOUNT", "status": "ACTIVE"}]})
        }
        _ => json!({}),
    }
}

pub(crate) async fn read_everything(aws: &Aws) {
    let reader = Reader::new(aws.session(), REGION);
    for one in ALL {
        reader.find(one).await.unwrap().unwrap();
    }
}

pub(crate) async fn write_everything(aws: &Aws) {
    let writer = Writer::new(aws.session(), REGION, &permit()).unwrap();
    writer.stop_recorder("default").await.unwrap();
    writer.delete_channel("default").await.unwrap();
    writer.delete_recorder("default").await.unwrap();
    writer.delete_preferences().await.unwrap();
}

/// What is found where these answers are given.
fn found(answers: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Vec<Result<Option<Existing>, Error>> {
    run(options(&Log::default(), move |operation, _, _| answers(operation)), async |aws| {
        let reader = Reader::new(aws.session(), REGION);
        let mut all = Vec::new();
        for one in ALL {
            all.push(reader.find(one).await);
        }
        all
    })
}

#[test]
fn what_is_there_is_told_in_the_names_of_cloudformation() {
    let told = found(|operation| Answer::Json(answer(operation)));
    let properties: Vec<(String, Value)> =
        told.into_iter().map(|one| one.unwrap().unwrap()).map(|one| (one.id, one.properties)).collect();
    let recorder =
        json!({"Name": "default", "RecordingGroup": {"AllSupported": true}, "StartedOnCreate": true});
    assert_eq!(properties[0], ("default".to_owned(), recorder));
    assert_eq!(properties[1].1["S3BucketName"], "logs");
    assert_eq!(properties[2].1["Enable"], true);
    assert_eq!(properties[2].1["Features"], json!([{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}]));
    assert_eq!((properties[4].0.as_str(), &properties[4].1["Status"]), ("mine", &json!("ACTIVE")));
    assert_eq!(properties[5].1["Content"]["inputs"]["runAsEnabled"], true);
}

#[test]
fn what_is_not_there_is_none_whether_aws_lists_nothing_or_refuses() {
    let told = found(|operation| match operation {
        "GetDocument" => Answer::Error(400, "InvalidDocument", json!({})),
        "GET /accounts" => Answer::Error(401, "InvalidAccessException", json!({})),
        _ => Answer::Json(json!({})),
    });
    assert!(told.iter().all(|one| one.as_ref().unwrap().is_none()), "{told:?}");
}

#[test]
fn a_denial_is_an_error_of_its_operation() {
    let told = found(|_| Answer::Error(403, "AccessDeniedException", json!({})));
    let denied = [
        "config:DescribeConfigurationRecorders",
        "config:DescribeDeliveryChannels",
        "guardduty:ListDetectors",
        "securityhub:DescribeHub",
        "access-analyzer:ListAnalyzers",
        "ssm:GetDocument",
    ];
    let named: Vec<String> = told
        .into_iter()
        .map(|one| one.unwrap_err())
        .map(|error| {
            assert!(error.is_denied(), "{error}");
            error.operation().unwrap().to_owned()
        })
        .collect();
    assert_eq!(named, denied);
}

#[test]
fn requests_are_signed_for_their_service_and_region_and_go_to_its_host() {
    let seen: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let kept = seen.clone();
    let mut options = options(&Log::default(), |_, _, _| Answer::Json(json!({})));
    options.connector = Connector::InProcess(Arc::new(move |request: http::Request<bytes::Bytes>| {
        let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
        let authorization = header("authorization");
        let scope = authorization.split_once("Credential=").unwrap().1.split_once(',').unwrap().0.to_owned();
        assert!(header("x-amz-date").starts_with("20270101T"), "the run's own clock");
        kept.lock().unwrap().push((request.uri().host().unwrap().to_owned(), scope));
        Ok(http::Response::new("{}".into()))
    }));
    run(options, async |aws| {
        let reader = Reader::new(aws.session(), REGION);
        for one in [Singleton::DeliveryChannel, Singleton::Analyzer] {
            reader.find(one).await.unwrap();
        }
    });
    let scope = |service: &str| format!("AKIAIOSFODNN7EXAMPLE/20270101/{REGION}/{service}/aws4_request");
    let expected = ["config", "access-analyzer"]
        .map(|service| (format!("{service}.{REGION}.amazonaws.com"), scope(service)));
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[test]
fn a_throttled_request_is_sent_again_and_a_broken_answer_is_no_answer() {
    let told = run(
        options(&Log::default(), |operation, _, before| match (operation, before) {
            (_, 0) => Answer::Error(400, "ThrottlingException", json!({})),
            ("DescribeDeliveryChannels", _) => Answer::Xml(200, "<html>".to_owned()),
            _ => Answer::Json(json!({})),
        }),
        async |aws| {
            let found = Reader::new(aws.session(), REGION).find(Singleton::DeliveryChannel).await;
            (found, aws.calls()["config:DescribeDeliveryChannels"])
        },
    );
    assert!(matches!(told.0, Err(Error::Malformed { .. })), "{:?}", told.0);
    assert_eq!((told.1.calls, told.1.attempts, told.1.throttled), (1, 2, 1));
}
