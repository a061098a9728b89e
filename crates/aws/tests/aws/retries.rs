//! What a call does when it fails.

use crate::fake::{Answer, Log, options, permit, run, throttled};
use glidepath_aws::organizations::{NewAccount, Reader, Writer};
use glidepath_aws::{Aws, Clock, Connector, Error, Options, Speed};
use glidepath_model::organization::CreateAccountState;
use glidepath_model::{NodeId, PolicyId, Tags};
use serde_json::json;

fn attach(aws: &Aws) -> impl Future<Output = Result<(), Error>> {
    let writer = Writer::new(aws.session(), permit()).unwrap();
    async move {
        writer.attach_policy(&PolicyId::parse("p-11112222").unwrap(), &NodeId::parse("r-ab12").unwrap()).await
    }
}

async fn create_account(aws: &Aws) -> Result<CreateAccountState, Error> {
    let writer = Writer::new(aws.session(), permit()).unwrap();
    let slot = writer.account_slot().await.unwrap();
    let (role, tags) = ("OrganizationAccountAccessRole", Tags::new());
    let new = NewAccount { name: "shop-prod", email: "shop-prod@example.com", role, tags: &tags };
    Ok(writer.create_account(&slot, new).await?.state)
}

fn created() -> Answer {
    Answer::Json(json!({"CreateAccountStatus": {
        "Id": "car-11112222", "AccountName": "shop-prod", "State": "IN_PROGRESS", "RequestedTimestamp": 1_798_761_600.0
    }}))
}

#[test]
fn a_throttled_read_is_sent_again_after_a_wait() {
    let log = Log::default();
    let options = options(
        &log,
        |_, _, before| if before < 2 { throttled() } else { Answer::Json(json!({"Roots": []})) },
    );
    let calls = run(options, async |aws| {
        assert_eq!(Reader::new(aws.session()).list_roots().await, Ok(vec![]));
        aws.calls()
    });
    let count = calls["organizations:ListRoots"];
    assert_eq!((count.calls, count.attempts, count.throttled), (1, 3, 2));
    let seconds = log.seconds();
    assert!(seconds[1] > 0.0 && seconds[1] <= 0.5, "{seconds:?}");
    assert!(seconds[2] > seconds[1] && seconds[2] <= seconds[1] + 1.0, "{seconds:?}");
}

#[test]
fn a_call_that_is_always_throttled_ends_after_eight_attempts() {
    let log = Log::default();
    let error = run(options(&log, |_, _, _| throttled()), async |aws| attach(&aws).await.unwrap_err());
    assert_eq!(error, Error::Throttled { operation: "organizations:AttachPolicy", attempts: 8 });
    assert_eq!(log.all().len(), 8);
}

#[test]
fn a_write_waits_until_another_change_has_ended() {
    for code in ["ConcurrentModificationException", "PolicyChangesInProgressException"] {
        let log = Log::default();
        let options = options(&log, move |_, _, before| match before {
            0..12 => Answer::Error(400, code, json!({})),
            _ => Answer::Json(json!({})),
        });
        assert_eq!(run(options, async |aws| attach(&aws).await), Ok(()));
        assert_eq!(log.all().len(), 13, "{code}");
    }
}

#[test]
fn a_change_that_never_ends_is_waited_for_five_minutes() {
    let log = Log::default();
    let options = options(&log, |_, _, _| Answer::Error(400, "ConcurrentModificationException", json!({})));
    let error = run(options, async |aws| attach(&aws).await.unwrap_err());
    assert_eq!(error.code(), Some("ConcurrentModificationException"));
    let last = *log.seconds().last().unwrap();
    assert!((270.0..=300.0).contains(&last), "{last}");
}

#[test]
fn a_new_organization_is_waited_for_up_to_an_hour() {
    let log = Log::default();
    let clock = Clock::simulated(crate::fake::START.parse().unwrap(), Speed::Max);
    let told = clock.clone();
    let start = clock.now();
    let options = options(&log, move |_, _, _| {
        if told.since(start).as_secs() < 3600 {
            Answer::Error(400, "FinalizingOrganizationException", json!({}))
        } else {
            created()
        }
    });
    let connector = options.connector.clone();
    let state = run(Options { clock, connector, ..options }, async |aws| create_account(&aws).await);
    assert_eq!(state, Ok(CreateAccountState::InProgress));
    let attempts = log.all().len();
    assert!((120..=240).contains(&attempts), "{attempts}");
}

#[test]
fn a_crowded_close_waits_and_a_quota_does_not() {
    let log = Log::default();
    let answers = |reason: &'static str| {
        options(&log, move |_, _, before| match before {
            0 => Answer::Error(400, "ConstraintViolationException", json!({"Reason": reason})),
            _ => Answer::Json(json!({})),
        })
    };
    let close = async |aws: Aws| {
        let writer = Writer::new(aws.session(), permit()).unwrap();
        let slot = writer.closing_slot().await.unwrap();
        writer.close_account(&slot, &"444455556666".parse().unwrap()).await
    };
    assert_eq!(run(answers("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED"), close), Ok(()));
    assert_eq!(log.all().len(), 2);
    let log = Log::default();
    let options = options(&log, |_, _, _| {
        Answer::Error(400, "ConstraintViolationException", json!({"Reason": "CLOSE_ACCOUNT_QUOTA_EXCEEDED"}))
    });
    let error = run(options, close).unwrap_err();
    assert_eq!((error.reason(), log.all().len()), (Some("CLOSE_ACCOUNT_QUOTA_EXCEEDED"), 1));
}

#[test]
fn reads_and_idempotent_writes_are_sent_again_after_a_break() {
    let log = Log::default();
    let options = options(&log, |_, _, before| match before {
        0 => Answer::Reset,
        1 => Answer::Error(500, "ServiceException", json!({})),
        2 => Answer::Xml(503, "<html>sorry</html>".into()),
        _ => Answer::Json(json!({})),
    });
    assert_eq!(run(options, async |aws| attach(&aws).await), Ok(()));
    assert_eq!(log.all().len(), 4);
}

#[test]
fn a_call_that_always_breaks_says_what_broke() {
    let log = Log::default();
    let error = run(options(&log, |_, _, _| Answer::Reset), async |aws| attach(&aws).await.unwrap_err());
    assert_eq!(log.all().len(), 8);
    let text = error.to_string();
    assert!(text.starts_with("`organizations:AttachPolicy` failed 8 times"), "{text}");
    assert!(text.contains("the connection was reset"), "{text}");
}

#[test]
fn a_create_account_that_may_have_arrived_is_never_sent_again() {
    for broken in [|| Answer::Reset, || Answer::Error(500, "ServiceException", json!({}))] {
        let log = Log::default();
        let error =
            run(options(&log, move |_, _, _| broken()), async |aws| create_account(&aws).await.unwrap_err());
        assert!(
            matches!(error, Error::OutcomeUnknown { operation: "organizations:CreateAccount", .. }),
            "{error}"
        );
        assert_eq!(log.all().len(), 1);
    }
}

#[test]
fn a_create_account_that_aws_turned_away_is_sent_again() {
    let log = Log::default();
    let options = options(&log, |_, _, before| match before {
        0 => throttled(),
        1 => Answer::Error(400, "ConcurrentModificationException", json!({})),
        _ => created(),
    });
    assert_eq!(run(options, async |aws| create_account(&aws).await), Ok(CreateAccountState::InProgress));
    assert_eq!(log.all().len(), 3);
}

#[test]
fn a_create_account_that_never_left_is_sent_again() {
    // A port that was free a moment ago refuses connections.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = options(&Log::default(), |_, _, _| Answer::Reset);
    let options = Options {
        connector: Connector::Endpoint(format!("http://127.0.0.1:{port}")),
        clock: Clock::simulated(crate::fake::START.parse().unwrap(), Speed::Times(200.0)),
        ..options
    };
    let error = run(options, async |aws| create_account(&aws).await.unwrap_err());
    assert!(matches!(error, Error::Transport { attempts: 5, .. }), "{error}");
}

#[test]
fn a_denial_is_told_apart_and_not_repeated() {
    let log = Log::default();
    let options = options(&log, |_, _, _| Answer::Error(400, "AccessDeniedException", json!({})));
    let error = run(options, async |aws| attach(&aws).await.unwrap_err());
    assert!(error.is_denied());
    assert_eq!(error.to_string(), "`organizations:AttachPolicy` was denied: AccessDeniedException it is");
    assert_eq!(log.all().len(), 1);
}

#[test]
fn the_same_seed_waits_the_same_and_another_seed_does_not() {
    let seconds = |seed| {
        let log = Log::default();
        let options = Options { seed, ..options(&log, |_, _, _| throttled()) };
        run(options, async |aws| attach(&aws).await.unwrap_err());
        log.seconds()
    };
    assert_eq!(seconds(1), seconds(1));
    assert_ne!(seconds(1), seconds(2));
}
