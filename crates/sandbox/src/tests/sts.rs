//! Who am I, and becoming a role.

use super::{KEY, MANAGEMENT, MEMBER, account, answer, element, form_request, sandbox};
use crate::Sandbox;
use crate::service::sts::{Role, add_role, remove_roles};
use bytes::Bytes;
use jiff::ToSpan as _;
use std::collections::BTreeSet;

fn assume(sandbox: &Sandbox, key: &str, role: &str, more: &str) -> (u16, String) {
    let form = format!("Action=AssumeRole&RoleArn={role}&RoleSessionName=tests{more}");
    answer(sandbox, form_request(key, &form))
}

/// `GetCallerIdentity` with the credentials of an `AssumeRole` answer.
fn identity(credentials: &str) -> http::Request<Bytes> {
    let mut request = form_request(element(credentials, "AccessKeyId"), "Action=GetCallerIdentity");
    let token = element(credentials, "SessionToken").parse().unwrap();
    request.headers_mut().insert("x-amz-security-token", token);
    request
}

const ROLE: &str = "arn:aws:iam::444455556666:role/Entry";

#[test]
fn an_administrator_key_is_the_management_account_or_the_one_it_names() {
    let sandbox = sandbox();
    for (key, account) in
        [(KEY, MANAGEMENT), ("AKIASANDBOXANYTHING", MANAGEMENT), ("AKIASANDBOX444455556666", MEMBER)]
    {
        let (status, xml) = answer(&sandbox, form_request(key, "Action=GetCallerIdentity"));
        assert_eq!((status, element(&xml, "Account")), (200, account));
        assert_eq!(element(&xml, "Arn"), format!("arn:aws:iam::{account}:user/sandbox-administrator"));
    }
}

#[test]
fn an_assumed_role_is_another_account() {
    let sandbox = sandbox();
    let (status, credentials) = assume(&sandbox, KEY, ROLE, "");
    assert_eq!(status, 200, "{credentials}");
    assert_eq!(element(&credentials, "Expiration"), "2026-11-24T05:00:00Z");
    let (status, xml) = answer(&sandbox, identity(&credentials));
    assert_eq!((status, element(&xml, "Account")), (200, MEMBER));
    assert_eq!(element(&xml, "Arn"), "arn:aws:sts::444455556666:assumed-role/Entry/tests");
}

#[test]
fn a_role_that_is_missing_or_trusts_others_denies_access_in_the_same_words() {
    let sandbox = sandbox();
    for (key, role) in [(KEY, "arn:aws:iam::444455556666:role/Missing"), ("AKIASANDBOX777788889999", ROLE)] {
        let (status, xml) = assume(&sandbox, key, role, "");
        assert_eq!((status, element(&xml, "Code")), (403, "AccessDenied"));
        let message = element(&xml, "Message");
        assert!(
            message.ends_with(&format!("is not authorized to perform: sts:AssumeRole on resource: {role}"))
        );
    }
    let wrong_path = assume(&sandbox, KEY, "arn:aws:iam::111122223333:role/plan", "");
    assert_eq!(wrong_path.0, 403);
    assert_eq!(assume(&sandbox, KEY, "arn:aws:iam::111122223333:role/glidepath/plan", "").0, 200);
}

#[test]
fn a_session_ends_with_its_time_and_with_its_role() {
    let sandbox = sandbox();
    let (_, credentials) = assume(&sandbox, KEY, ROLE, "&DurationSeconds=900");
    sandbox.advance(sandbox.now() + 15.minutes()).unwrap();
    let (status, xml) = answer(&sandbox, identity(&credentials));
    assert_eq!((status, element(&xml, "Code")), (403, "ExpiredToken"));
    let (_, credentials) = assume(&sandbox, KEY, ROLE, "");
    sandbox.change(|world| remove_roles(world, &account(MEMBER)));
    let (status, xml) = answer(&sandbox, identity(&credentials));
    assert_eq!((status, element(&xml, "Code")), (403, "InvalidClientTokenId"));
    assert_eq!(assume(&sandbox, KEY, ROLE, "").0, 403);
}

#[test]
fn a_role_assumed_from_a_role_lasts_an_hour_at_most() {
    let sandbox = sandbox();
    sandbox.change(|world| {
        let trusts = BTreeSet::from([account(MEMBER)]);
        let role = Role { max_session: 7_200, ..Role::new(account(MANAGEMENT), "/", "Long", trusts) };
        add_role(world, role);
    });
    let (_, credentials) = assume(&sandbox, KEY, ROLE, "");
    let chained = |seconds: u32| {
        let form = format!(
            "Action=AssumeRole&RoleArn=arn:aws:iam::{MANAGEMENT}:role/Long&RoleSessionName=tests&DurationSeconds={seconds}"
        );
        let mut request = form_request(element(&credentials, "AccessKeyId"), &form);
        let token = element(&credentials, "SessionToken").parse().unwrap();
        request.headers_mut().insert("x-amz-security-token", token);
        answer(&sandbox, request).0
    };
    assert_eq!((chained(3_600), chained(3_601)), (200, 400));
    assert_eq!(
        assume(
            &sandbox,
            "AKIASANDBOX444455556666",
            &format!("arn:aws:iam::{MANAGEMENT}:role/Long"),
            "&DurationSeconds=7200"
        )
        .0,
        200
    );
}

#[test]
fn a_token_of_another_key_or_made_up_is_refused() {
    let sandbox = sandbox();
    let (_, credentials) = assume(&sandbox, KEY, ROLE, "");
    for (key, token) in [
        ("ASIAAAAAAAAAAAAAAAAA", element(&credentials, "SessionToken")),
        (element(&credentials, "AccessKeyId"), "00ff.00ff"),
    ] {
        let mut request = form_request(key, "Action=GetCallerIdentity");
        request.headers_mut().insert("x-amz-security-token", token.parse().unwrap());
        let (status, xml) = answer(&sandbox, request);
        assert_eq!((status, element(&xml, "Code")), (403, "InvalidClientTokenId"));
    }
}

#[test]
fn session_lengths_are_bounded_by_the_api_and_by_the_role() {
    let sandbox = sandbox();
    for more in ["&DurationSeconds=899", "&DurationSeconds=3601", "&DurationSeconds=43201"] {
        let (status, xml) = assume(&sandbox, KEY, ROLE, more);
        assert_eq!((status, element(&xml, "Code")), (400, "ValidationError"), "{more}");
    }
}

#[test]
fn a_role_can_be_added_by_its_arn_and_by_nothing_else() {
    let sandbox = sandbox();
    let arn = "arn:aws:iam::777788889999:role/deep/path/Added";
    assert_eq!(assume(&sandbox, KEY, arn, "").0, 403);
    sandbox.add_role(arn).unwrap();
    assert_eq!(assume(&sandbox, KEY, arn, "").0, 200);
    for wrong in ["arn:aws:iam::*:role/break-glass", "arn:aws:iam::777788889999:user/x", "Added"] {
        assert!(sandbox.add_role(wrong).is_err(), "{wrong}");
    }
}
