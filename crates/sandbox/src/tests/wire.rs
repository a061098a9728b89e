//! Requests that are not what AWS takes.

use super::{KEY, answer, element, form_request, json_request, sandbox};
use serde_json::{Value, json};

const GET_RESOURCES: &str = "ResourceGroupsTaggingAPI_20170126.GetResources";

fn code(body: &str) -> String {
    let value: Value = serde_json::from_str(body).unwrap();
    value["__type"].as_str().unwrap().to_owned()
}

#[test]
fn a_request_nobody_signed_or_an_unknown_key_is_refused_in_each_protocol_s_words() {
    let sandbox = sandbox();
    let mut unsigned = json_request(KEY, GET_RESOURCES, &json!({}));
    unsigned.headers_mut().remove("authorization");
    let (status, body) = answer(&sandbox, unsigned);
    assert_eq!((status, code(&body).as_str()), (400, "MissingAuthenticationTokenException"));
    let (status, body) = answer(&sandbox, json_request("AKIDEXAMPLE", GET_RESOURCES, &json!({})));
    assert_eq!((status, code(&body).as_str()), (400, "UnrecognizedClientException"));
    let mut garbled = json_request(KEY, GET_RESOURCES, &json!({}));
    garbled.headers_mut().insert("authorization", "AWS4-HMAC-SHA256 Credential=x".parse().unwrap());
    let (status, body) = answer(&sandbox, garbled);
    assert_eq!((status, code(&body).as_str()), (400, "IncompleteSignatureException"));
    let mut unsigned = form_request(KEY, "Action=GetCallerIdentity");
    unsigned.headers_mut().remove("authorization");
    let (status, body) = answer(&sandbox, unsigned);
    assert_eq!((status, element(&body, "Code")), (403, "MissingAuthenticationToken"));
}

#[test]
fn unknown_services_and_operations_are_refused() {
    let sandbox = sandbox();
    let (status, body) = answer(&sandbox, json_request(KEY, "AWSIdentityStore.CreateKey", &json!({})));
    assert_eq!((status, code(&body).as_str()), (404, "UnknownOperationException"));
    let (status, body) =
        answer(&sandbox, json_request(KEY, "ResourceGroupsTaggingAPI_20170126.Fly", &json!({})));
    assert_eq!((status, code(&body).as_str()), (400, "UnknownOperationException"));
    let (status, body) = answer(&sandbox, form_request(KEY, "Action=GetSessionToken"));
    assert_eq!((status, element(&body, "Code")), (400, "InvalidAction"));
}

#[test]
fn bodies_of_the_wrong_form_are_refused() {
    let sandbox = sandbox();
    for body in [json!([]), json!({"ResourcesPerPage": "ten"}), json!({"Color": "red"})] {
        let (status, answer) = answer(&sandbox, json_request(KEY, GET_RESOURCES, &body));
        assert_eq!((status, code(&answer).as_str()), (400, "SerializationException"), "{body}");
    }
    let (status, body) =
        answer(&sandbox, form_request(KEY, "Action=AssumeRole&RoleArn=short&RoleSessionName=x"));
    assert_eq!((status, element(&body, "Code")), (400, "ValidationError"));
    assert!(element(&body, "Message").contains("at 'roleArn' failed to satisfy constraint"), "{body}");
}

#[test]
fn faults_strike_in_each_service_s_words_and_connections_break() {
    let mut options = super::options();
    let mut outcomes = Vec::new();
    for (plan, key) in [("throttle=1", KEY), ("error=1", KEY), ("throttle=1", "AKIDEXAMPLE")] {
        options.faults = Some(plan.parse().unwrap());
        let sandbox = crate::Sandbox::in_memory(options.clone());
        let (status, body) = answer(&sandbox, json_request(key, GET_RESOURCES, &json!({})));
        outcomes.push(format!("{status} {}", code(&body)));
        let (status, body) = answer(&sandbox, form_request(key, "Action=GetCallerIdentity"));
        outcomes.push(format!("{status} {}", element(&body, "Code")));
    }
    assert_eq!(
        outcomes,
        [
            "400 ThrottledException",
            "400 Throttling",
            "500 InternalServiceException",
            "500 InternalFailure",
            "400 UnrecognizedClientException",
            "403 InvalidClientTokenId"
        ]
    );
    for (plan, after_effect) in [("reset-before=1", false), ("reset-after=1", true)] {
        options.faults = Some(plan.parse().unwrap());
        let sandbox = crate::Sandbox::in_memory(options.clone());
        let request = form_request(KEY, "Action=GetCallerIdentity");
        let fault = sandbox.call(sandbox.now(), request).unwrap_err();
        assert_eq!(fault, crate::Fault::ConnectionReset { after_effect });
    }
}

#[test]
fn every_exchange_is_recorded() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut options = super::options();
    options.record = Some(file.reopen().unwrap().into());
    let sandbox = crate::Sandbox::in_memory(options);
    answer(&sandbox, json_request(KEY, GET_RESOURCES, &json!({"ResourcesPerPage": 5})));
    answer(&sandbox, json_request(KEY, GET_RESOURCES, &json!({"ResourcesPerPage": 101})));
    let text = std::fs::read_to_string(file.path()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["request"], json!({"ResourcesPerPage": 5}));
    assert_eq!(lines[0]["response"]["PaginationToken"], "");
    assert_eq!(
        (&lines[1]["status"], &lines[1]["error"]["code"]),
        (&json!(400), &json!("InvalidParameterException"))
    );
}
