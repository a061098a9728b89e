//! The sandbox over a socket.

use super::{sandbox, time};
use crate::serve::serve;
use crate::{Sandbox, SandboxOptions};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

async fn exchange(address: std::net::SocketAddr, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let text =
        format!("{head} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n");
    let signed = "authorization: AWS4-HMAC-SHA256 Credential=AKIASANDBOX/20261124/us-east-1/sts/aws4_request, SignedHeaders=h, Signature=0";
    stream.write_all(format!("{text}{signed}\r\n\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is broken on purpose may fail here instead of ending.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn served<T>(sandbox: Sandbox, test: impl AsyncFnOnce(std::net::SocketAddr, Arc<Sandbox>) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let sandbox = Arc::new(sandbox);
        tokio::spawn(serve(listener, sandbox.clone(), || time("2026-11-24T05:00:00Z")));
        test(address, sandbox).await
    })
}

const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[test]
fn calls_are_answered_at_the_time_of_the_clock_and_the_clock_moves_on_request() {
    served(sandbox(), async |address, sandbox| {
        let answer = exchange(address, "POST /", IDENTITY).await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains("<Account>111122223333</Account>"),
            "{answer}"
        );
        assert_eq!(sandbox.now(), time("2026-11-24T05:00:00Z"));
        let answer = exchange(address, "POST /_sandbox/clock", r#"{"advance_seconds": 90}"#).await;
        assert!(answer.ends_with(r#"{"now":"2026-11-24T05:01:30Z"}"#), "{answer}");
        exchange(address, "POST /_sandbox/clock", r#"{"now": "2026-12-01T00:00:00Z"}"#).await;
        assert_eq!(sandbox.now(), time("2026-12-01T00:00:00Z"));
        let back = exchange(address, "POST /_sandbox/clock", r#"{"now": "2026-11-30T00:00:00Z"}"#).await;
        assert!(back.starts_with("HTTP/1.1 400"), "{back}");
        let answer = exchange(address, "GET /_sandbox/clock", "").await;
        assert!(answer.ends_with(r#"{"now":"2026-12-01T00:00:00Z"}"#), "{answer}");
    });
}

#[test]
fn a_reset_starts_the_world_anew() {
    served(sandbox(), async |address, sandbox| {
        let fresh = sandbox.canonical_dump();
        sandbox.change(|world| world.put(super::tagged_resource()));
        assert_ne!(sandbox.canonical_dump(), fresh);
        exchange(address, "POST /_sandbox/clock", r#"{"advance_seconds": 90}"#).await;
        let answer = exchange(address, "POST /_sim/reset", "").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(sandbox.canonical_dump(), fresh);
        let answer = exchange(address, "GET /_sandbox/clock", "").await;
        assert!(answer.ends_with(r#"{"now":"2026-11-24T05:00:00Z"}"#), "{answer}");
    });
}

#[test]
fn what_people_do_in_consoles_is_done_by_control_requests_and_refused_where_it_cannot_be() {
    served(sandbox(), async |address, sandbox| {
        for (path, body, status) in [
            ("sign-in", r#"{"user": "alice"}"#, "400"),
            ("sign-in", r#"{"name": "alice"}"#, "400"),
            ("identity-center", "[", "400"),
            ("identity-center", "{}", "200"),
            ("network-interface", r#"{"account": "12", "region": "eu-west-1"}"#, "400"),
            ("network-interface", r#"{"account": "111122223333", "region": "eu-west-1"}"#, "200"),
        ] {
            let answer = exchange(address, &format!("POST /_sandbox/{path}"), body).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path} {body}: {answer}");
        }
        assert!(sandbox.sign_in("alice").is_err());
        exchange(address, "POST /_sandbox/identity-center", r#"{"region": "eu-west-1"}"#).await;
        let listed = sandbox.call_json_in(
            "eu-west-1",
            super::MANAGEMENT,
            "sso-admin",
            "ListInstances",
            serde_json::json!({}),
        );
        assert_eq!(listed.unwrap()["Instances"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn a_reset_connection_ends_without_an_answer() {
    let mut options: SandboxOptions = super::options();
    options.faults = Some("reset-before=1".parse().unwrap());
    served(Sandbox::in_memory(options), async |address, _| {
        assert_eq!(exchange(address, "POST /", IDENTITY).await, "");
    });
}
