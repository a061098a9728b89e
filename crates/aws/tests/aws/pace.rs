//! How fast calls leave, and how many at a time.

use crate::fake::{Answer, Log, options, permit, run, throttled};
use glidepath_aws::organizations::{Reader, Writer};
use glidepath_aws::{Options, Rates};
use glidepath_model::{NodeId, PolicyId};
use serde_json::json;
use std::time::Duration;

fn paced(log: &Log, answer: fn(usize) -> Answer) -> Options {
    Options { rates: Rates::Published, ..options(log, move |_, _, before| answer(before)) }
}

#[test]
fn writes_leave_at_the_rate_that_aws_publishes_for_their_bucket() {
    let log = Log::default();
    run(paced(&log, |_| Answer::Json(json!({}))), async |aws| {
        let writer = Writer::new(aws.session(), permit()).unwrap();
        let (policy, root) = (PolicyId::parse("p-11112222").unwrap(), NodeId::parse("r-ab12").unwrap());
        for _ in 0..3 {
            writer.attach_policy(&policy, &root).await.unwrap();
            writer.detach_policy(&policy, &root).await.unwrap();
        }
    });
    // Two a second after a burst of three; AttachPolicy and DetachPolicy share a bucket.
    let late: Vec<f64> = log
        .seconds()
        .iter()
        .zip([0.0, 0.0, 0.0, 0.5, 1.0, 1.5])
        .map(|(at, published)| at - published)
        .collect();
    assert!(late.iter().all(|late| (0.0..0.06).contains(late)), "{late:?}");
}

#[test]
fn a_throttled_bucket_is_slower_until_calls_pass_again() {
    let log = Log::default();
    let answer = |before| if before == 0 { throttled() } else { Answer::Json(json!({"Roots": []})) };
    run(paced(&log, answer), async |aws| {
        let reader = Reader::new(aws.session());
        for _ in 0..12 {
            reader.list_roots().await.unwrap();
        }
    });
    let seconds = log.seconds();
    let gaps: Vec<f64> = seconds.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // One call a second is published for ListRoots.
    assert!(gaps[1] > 1.5, "{gaps:?}");
    assert!(gaps.windows(2).skip(1).all(|pair| pair[1] <= pair[0] + 1e-6), "{gaps:?}");
    assert!((1.0..1.04).contains(gaps.last().unwrap()), "{gaps:?}");
}

#[test]
fn writes_to_an_organization_go_one_after_the_other() {
    let log = Log::default();
    let options = options(&log, |operation, _, before| match (operation, before) {
        ("AttachPolicy", 0) => Answer::Error(400, "ConcurrentModificationException", json!({})),
        _ => Answer::Json(json!({})),
    });
    run(options, async |aws| {
        let writer = Writer::new(aws.session(), permit()).unwrap();
        let (policy, root) = (PolicyId::parse("p-11112222").unwrap(), NodeId::parse("r-ab12").unwrap());
        let other = PolicyId::parse("p-33334444").unwrap();
        let (one, two) = tokio::join!(writer.attach_policy(&policy, &root), writer.delete_policy(&other));
        one.and(two).unwrap();
    });
    assert_eq!(log.operations(), ["AttachPolicy", "AttachPolicy", "DeletePolicy"]);
}

#[test]
fn a_sixth_account_waits_until_one_of_five_is_there() {
    let seconds = run(options(&Log::default(), |_, _, _| Answer::Json(json!({}))), async |aws| {
        let start = aws.clock().now();
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let (writer, clock) = (Writer::new(aws.session(), permit()).unwrap(), aws.clock().clone());
                tokio::spawn(async move {
                    let slot = writer.account_slot().await.unwrap();
                    let seconds = clock.since(start).as_secs();
                    clock.sleep(Duration::from_secs(30)).await;
                    drop(slot);
                    seconds
                })
            })
            .collect();
        let mut seconds = Vec::new();
        for task in tasks {
            seconds.push(task.await.unwrap());
        }
        seconds
    });
    assert_eq!(seconds, [0, 0, 0, 0, 0, 30]);
}
