//! Whatever is sent, there is an answer.

use super::{KEY, authorization, sandbox};
use crate::codec::models;
use bytes::Bytes;
use proptest::prelude::*;

/// A request of some protocol with a body, a query and a token that nobody would write.
fn request(protocol: usize, at: usize, body: &str, query: &str, token: &str) -> http::Request<Bytes> {
    let paths: Vec<(&str, &str)> = models()
        .iter()
        .flat_map(|model| model.operations.values())
        .filter_map(|operation| operation.http.as_ref())
        .map(|http| (http.method.as_str(), http.uri.as_str()))
        .collect();
    let targets: Vec<String> = models()
        .iter()
        .filter_map(|model| Some((model.target_prefix.as_ref()?, model)))
        .flat_map(|(prefix, model)| model.operations.keys().map(move |name| format!("{prefix}.{name}")))
        .collect();
    let forms: Vec<String> = models()
        .iter()
        .flat_map(|model| {
            model.operations.keys().map(move |name| format!("Action={name}&Version={}", model.api_version))
        })
        .collect();
    let signed = http::Request::builder().header("authorization", authorization(KEY));
    let built = match protocol {
        0 => {
            let (method, path) = paths[at % paths.len()];
            let request = signed.method(method).uri(format!("{path}?{query}"));
            request
                .header("x-amz-sso_bearer_token", token)
                .header("x-amz-account-id", token)
                .body(body.to_owned())
        }
        1 => signed
            .method("POST")
            .uri("/")
            .header("x-amz-target", targets[at % targets.len()].as_str())
            .body(body.to_owned()),
        _ => signed.method("POST").uri("/").body(format!("{}&{body}", forms[at % forms.len()])),
    };
    built.unwrap().map(Bytes::from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_request_goes_without_an_answer(
        protocol in 0_usize..3,
        at in 0_usize..1_000,
        body in "([{}\\[\\]\":,<>/&=%a-zA-Z0-9 ._+-]|é){0,80}",
        query in "[a-z_0-9=&%]{0,40}",
        token in "[ -~]{0,40}",
    ) {
        let sandbox = sandbox();
        let response = sandbox.call(sandbox.now(), request(protocol, at, &body, &query, &token)).unwrap();
        let status = response.status().as_u16();
        let text = String::from_utf8_lossy(response.body()).into_owned();
        prop_assert!(status != 500, "{status} {text}");
    }
}
