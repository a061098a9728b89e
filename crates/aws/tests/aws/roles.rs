//! Who calls, and roles in other accounts.

use crate::fake::{Answer, Log, options, run};
use glidepath_aws::organizations::Reader;
use glidepath_aws::{Aws, Connector, Credentials, Options};
use serde_json::json;
use std::time::Duration;

const ROLE: &str = "arn:aws:iam::444455556666:role/OrganizationAccountAccessRole";

fn assumed(key: usize, expiration: &str) -> Answer {
    Answer::Xml(
        200,
        format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
             <AccessKeyId>ASIAROLE{key}</AccessKeyId><SecretAccessKey>example</SecretAccessKey>\
             <SessionToken>token</SessionToken><Expiration>{expiration}</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ),
    )
}

fn refused(status: u16, code: &str) -> Answer {
    let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>");
    Answer::Xml(
        status,
        format!("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">{error}</ErrorResponse>"),
    )
}

#[test]
fn the_caller_is_told_by_sts() {
    let options = options(&Log::default(), |_, _, _| {
        let caller = "<Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDA</UserId><Account>111122223333</Account>";
        let result = format!("<GetCallerIdentityResult>{caller}</GetCallerIdentityResult>");
        Answer::Xml(200, format!("<GetCallerIdentityResponse>{result}</GetCallerIdentityResponse>"))
    });
    let caller = run(options, async |aws| aws.caller().await.unwrap());
    assert_eq!((caller.account.as_str(), caller.user_id.as_str()), ("111122223333", "AIDA"));
}

#[test]
fn a_role_is_assumed_once_and_again_before_its_credentials_expire() {
    let log = Log::default();
    let options = options(&log, |operation, _, before| match operation {
        "AssumeRole" if before == 0 => assumed(1, "2027-01-01T01:00:00Z"),
        "AssumeRole" => assumed(2, "2027-01-01T02:00:00Z"),
        _ => Answer::Json(json!({})),
    });
    run(options, async |aws| {
        let list = async |aws: &Aws| {
            let session = aws.assume(ROLE, "glidepath").await.unwrap();
            Reader::new(&session).list_roots().await.unwrap();
        };
        list(&aws).await;
        list(&aws).await;
        aws.clock().sleep(Duration::from_secs(56 * 60)).await;
        list(&aws).await;
    });
    let told: Vec<_> = log.all().into_iter().map(|request| (request.operation, request.key)).collect();
    let told: Vec<_> = told.iter().map(|(operation, key)| (operation.as_str(), key.as_str())).collect();
    assert_eq!(
        told,
        [
            ("AssumeRole", "AKIAIOSFODNN7EXAMPLE"),
            ("ListRoots", "ASIAROLE1"),
            ("ListRoots", "ASIAROLE1"),
            ("AssumeRole", "AKIAIOSFODNN7EXAMPLE"),
            ("ListRoots", "ASIAROLE2"),
        ]
    );
}

#[test]
fn a_role_that_cannot_be_assumed_is_a_denial() {
    let options = options(&Log::default(), |_, _, _| refused(403, "AccessDenied"));
    let error = run(options, async |aws| aws.assume(ROLE, "glidepath").await.unwrap_err());
    assert!(error.is_denied(), "{error}");
    assert_eq!(error.operation(), Some("sts:AssumeRole"));
}

#[test]
fn a_role_that_is_lost_in_the_middle_of_a_run_is_a_denial_too() {
    let options = options(&Log::default(), |operation, _, before| match operation {
        "AssumeRole" if before == 0 => assumed(1, "2027-01-01T01:00:00Z"),
        "AssumeRole" => refused(403, "AccessDenied"),
        _ => Answer::Json(json!({})),
    });
    let error = run(options, async |aws| {
        let session = aws.assume(ROLE, "glidepath").await.unwrap();
        aws.clock().sleep(Duration::from_secs(3600)).await;
        Reader::new(&session).list_roots().await.unwrap_err()
    });
    assert!(error.is_denied(), "{error}");
}

#[test]
fn expired_credentials_say_what_to_do() {
    let options = options(&Log::default(), |_, _, _| refused(403, "ExpiredToken"));
    let error = run(options, async |aws| aws.caller().await.unwrap_err());
    assert!(error.to_string().ends_with("sign in again"), "{error}");
}

#[test]
fn a_simulated_run_takes_no_credentials_from_the_machine() {
    let options = options(&Log::default(), |_, _, _| Answer::Reset);
    let clock = options.clock.clone();
    let credentials = Credentials::Chain { profile: None };
    let error = clock.run(Aws::connect(Options { credentials, ..options })).unwrap().err().unwrap();
    assert_eq!(error.to_string(), "cannot set up a session with AWS: a simulated run needs a key of its own");
}

#[test]
fn time_that_jumps_does_not_go_with_a_real_connection() {
    let options = options(&Log::default(), |_, _, _| Answer::Reset);
    let clock = options.clock.clone();
    let connector = Connector::Endpoint("http://127.0.0.1:9".into());
    let error = clock.run(Aws::connect(Options { connector, ..options })).unwrap().err().unwrap();
    assert_eq!(
        error.to_string(),
        "cannot set up a session with AWS: time that jumps does not wait for a network; give the simulation a speed"
    );
}

#[test]
fn a_home_that_is_no_region_is_refused() {
    let options = options(&Log::default(), |_, _, _| Answer::Reset);
    let clock = options.clock.clone();
    let error =
        clock.run(Aws::connect(Options { home: "eu-west-99".into(), ..options })).unwrap().err().unwrap();
    assert_eq!(error.to_string(), "cannot set up a session with AWS: `eu-west-99` is not an AWS region");
}
