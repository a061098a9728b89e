//! What a run tells about its calls.

use crate::fake::{Answer, Log, options, run, throttled};
use glidepath_aws::organizations::Reader;
use glidepath_aws::{Clock, Connector, Exchange, Options, TraceLine};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

#[test]
fn every_attempt_is_traced_with_what_came_of_it() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = lines.clone();
    let options = options(
        &Log::default(),
        |_, _, before| if before == 0 { throttled() } else { Answer::Json(json!({})) },
    );
    let trace = Arc::new(move |line: &TraceLine| told.lock().unwrap().push(line.clone()));
    run(Options { trace: Some(trace), ..options }, async |aws| {
        Reader::new(aws.session()).list_roots().await.unwrap()
    });
    let lines = lines.lock().unwrap();
    let told: Vec<_> =
        lines.iter().map(|line| (line.attempt, line.failure.as_deref(), line.again_in.is_some())).collect();
    assert_eq!(told, [(1, Some("TooManyRequestsException"), true), (2, None, false)]);
    assert!(lines.iter().all(|line| line.operation == "organizations:ListRoots"));
}

#[test]
fn requests_and_answers_are_recorded_whole_and_broken_ones_without_a_status() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = lines.clone();
    let options = options(&Log::default(), |_, _, before| match before {
        0 => Answer::Reset,
        1 => throttled(),
        _ => Answer::Json(json!({"Roots": []})),
    });
    let record = Arc::new(move |exchange: &Exchange| told.lock().unwrap().push(exchange.clone()));
    run(Options { record: Some(record), ..options }, async |aws| {
        Reader::new(aws.session()).list_roots().await.unwrap()
    });
    let lines = lines.lock().unwrap();
    let statuses: Vec<_> = lines.iter().map(|line| line.status).collect();
    assert_eq!(statuses, [None, Some(400), Some(200)]);
    assert_eq!(
        lines[2].to_json_line(),
        r#"{"service":"organizations","operation":"ListRoots","request":"{\"MaxResults\":20}","status":200,"response":"{\"Roots\":[]}"}"#
    );
}

#[test]
fn an_answer_over_a_socket_is_read_and_recorded_like_one_in_process() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = String::new();
        let mut piece = [0; 4096];
        // The request's body is the last to come.
        while !request.ends_with("{\"MaxResults\":20}") {
            let read = socket.read(&mut piece).unwrap();
            request.push_str(std::str::from_utf8(piece.get(..read).unwrap()).unwrap());
        }
        socket
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\nconnection: close\r\n\r\n{\"Roots\":[]}")
            .unwrap();
        request
    });
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = lines.clone();
    let options = Options {
        connector: Connector::Endpoint(format!("http://{address}")),
        clock: Clock::system(),
        record: Some(Arc::new(move |exchange: &Exchange| told.lock().unwrap().push(exchange.clone()))),
        ..options(&Log::default(), |_, _, _| Answer::Reset)
    };
    let roots = run(options, async |aws| Reader::new(aws.session()).list_roots().await);
    assert_eq!(roots, Ok(vec![]));
    let request = server.join().unwrap().to_lowercase();
    assert!(request.contains("x-amz-target: awsorganizationsv20161128.listroots"), "{request}");
    assert!(request.contains("/us-east-1/organizations/aws4_request"), "{request}");
    assert!(request.contains("app/glidepath"), "{request}");
    assert_eq!(lines.lock().unwrap()[0].response, r#"{"Roots":[]}"#);
}
