//! `GetResources` over resources that other services tagged.

use super::{KEY, MANAGEMENT, answer, json_request, sandbox};
use crate::Sandbox;
use crate::service::tagging::put_tags;
use glidepath_model::Tags;
use jiff::ToSpan as _;
use serde_json::{Value, json};

const ACCOUNT: &str = "arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/444455556666";
const UNIT: &str = "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-11112222";
const POLICY: &str = "arn:aws:organizations::111122223333:policy/o-a1b2c3d4e5/tag_policy/p-1234567890";

fn tagged() -> Sandbox {
    let sandbox = sandbox();
    let tags = |pairs: &[(&str, &str)]| -> Tags {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    sandbox.change(|world| {
        put_tags(world, ACCOUNT, tags(&[("team", "blue"), ("env", "prod")]));
        put_tags(world, UNIT, tags(&[("team", "red")]));
        put_tags(world, POLICY, tags(&[("team", "red")]));
        put_tags(world, POLICY, Tags::new());
        put_tags(world, "arn:aws:organizations::111122223333:root/o-a1b2c3d4e5/r-ab12", Tags::new());
    });
    sandbox
}

fn get(sandbox: &Sandbox, request: Value) -> Value {
    sandbox.call_json(MANAGEMENT, "resourcegroupstaggingapi", "GetResources", request).unwrap()
}

fn arns(answer: &Value) -> Vec<&str> {
    let list = answer["ResourceTagMappingList"].as_array().unwrap();
    list.iter().map(|mapping| mapping["ResourceARN"].as_str().unwrap()).collect()
}

fn refused(sandbox: &Sandbox, request: Value) -> String {
    match sandbox.call_json(MANAGEMENT, "resourcegroupstaggingapi", "GetResources", request).unwrap_err() {
        crate::CallError::Service(error) => error.code.to_owned(),
        other => other.to_string(),
    }
}

#[test]
fn what_is_or_was_tagged_is_listed_and_what_never_was_is_not() {
    let sandbox = tagged();
    let answer = get(&sandbox, json!({}));
    assert_eq!(arns(&answer), [ACCOUNT, UNIT, POLICY]);
    assert_eq!(answer["ResourceTagMappingList"][2]["Tags"], json!([]));
    assert_eq!(answer["PaginationToken"], "");
}

#[test]
fn filters_by_tag_and_type_must_all_match() {
    let sandbox = tagged();
    for (request, wanted) in [
        (json!({"TagFilters": [{"Key": "team"}]}), vec![ACCOUNT, UNIT]),
        (json!({"TagFilters": [{"Key": "team", "Values": ["red", "green"]}]}), vec![UNIT]),
        (json!({"TagFilters": [{"Key": "team"}, {"Key": "env", "Values": ["prod"]}]}), vec![ACCOUNT]),
        (json!({"ResourceTypeFilters": ["organizations:ou", "organizations:policy"]}), vec![UNIT, POLICY]),
        (json!({"ResourceTypeFilters": ["organizations"]}), vec![ACCOUNT, UNIT, POLICY]),
        (json!({"ResourceTypeFilters": ["ec2:instance"]}), vec![]),
        (json!({"ResourceARNList": [UNIT, "arn:aws:organizations::111122223333:ou/o-none"]}), vec![UNIT]),
    ] {
        assert_eq!(arns(&get(&sandbox, request.clone())), wanted, "{request}");
    }
}

#[test]
fn pages_follow_their_tokens_for_a_quarter_of_an_hour() {
    let sandbox = tagged();
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let page = get(&sandbox, json!({"ResourcesPerPage": 1, "PaginationToken": token}));
        seen.extend(arns(&page).into_iter().map(str::to_owned));
        token = page["PaginationToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, [ACCOUNT, UNIT, POLICY]);
    let first = get(&sandbox, json!({"ResourcesPerPage": 1}));
    sandbox.advance(sandbox.now() + 16.minutes()).unwrap();
    assert_eq!(
        refused(&sandbox, json!({"PaginationToken": first["PaginationToken"]})),
        "PaginationTokenExpiredException"
    );
    assert_eq!(refused(&sandbox, json!({"PaginationToken": "zz"})), "InvalidParameterException");
}

#[test]
fn requests_that_contradict_themselves_are_refused() {
    let sandbox = tagged();
    for request in [
        json!({"ResourceARNList": [UNIT], "ResourcesPerPage": 5}),
        json!({"ResourcesPerPage": 0}),
        json!({"TagsPerPage": 150}),
        json!({"TagFilters": [{"Values": ["x"]}]}),
    ] {
        assert_eq!(refused(&sandbox, request.clone()), "InvalidParameterException", "{request}");
    }
}

#[test]
fn another_account_or_region_sees_nothing() {
    let sandbox = tagged();
    let other =
        sandbox.call_json("444455556666", "resourcegroupstaggingapi", "GetResources", json!({})).unwrap();
    assert_eq!(arns(&other), Vec::<&str>::new());
    let mut request = json_request(KEY, "ResourceGroupsTaggingAPI_20170126.GetResources", &json!({}));
    let header = "AWS4-HMAC-SHA256 Credential=AKIASANDBOX/20261124/eu-west-1/tagging/aws4_request, SignedHeaders=h, Signature=0";
    request.headers_mut().insert("authorization", header.parse().unwrap());
    let (status, body) = answer(&sandbox, request);
    assert_eq!((status, body.as_str()), (200, r#"{"PaginationToken":"","ResourceTagMappingList":[]}"#));
}
