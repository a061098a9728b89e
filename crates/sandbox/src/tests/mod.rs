//! The sandbox as its callers see it: requests in, answers out.

mod consistency;
mod garbage;
mod reopening;
mod serving;
mod store;
mod sts;
mod tagging;
mod wire;
mod worlds;
mod writes;

use crate::{Founding, IdentityCenter, ManagementAccount, Sandbox, SandboxOptions, WorldSeed};
use bytes::Bytes;
use glidepath_model::{AccountId, Timestamp};
use serde_json::Value;

/// The management account of every test.
pub(crate) const MANAGEMENT: &str = "111122223333";
/// An account with a role that trusts the management account, and one that trusts nobody else.
pub(crate) const MEMBER: &str = "444455556666";
/// The key of the management account's administrator.
pub(crate) const KEY: &str = "AKIASANDBOX";

pub(crate) fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn world_seed() -> WorldSeed {
    WorldSeed {
        seed: 7,
        management: ManagementAccount {
            id: account(MANAGEMENT),
            name: "management".to_owned(),
            email: "management@example.com".to_owned(),
        },
        founding: Founding::Organization,
        organization_id: None,
        roles: vec![
            format!("arn:aws:iam::{MEMBER}:role/Entry"),
            format!("arn:aws:iam::{MANAGEMENT}:role/glidepath/plan"),
        ],
        start: time("2026-11-24T04:00:00Z"),
        identity_center: IdentityCenter::default(),
    }
}

pub(crate) fn options() -> SandboxOptions {
    SandboxOptions::new(world_seed())
}

pub(crate) fn sandbox() -> Sandbox {
    Sandbox::in_memory(options())
}

fn authorization(key: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={key}/20261124/us-east-1/any/aws4_request, SignedHeaders=host, Signature=00"
    )
}

/// A JSON 1.1 request, signed with a key.
pub(crate) fn json_request(key: &str, target: &str, body: &Value) -> http::Request<Bytes> {
    http::Request::post("/")
        .header("x-amz-target", target)
        .header("authorization", authorization(key))
        .body(Bytes::from(body.to_string()))
        .unwrap()
}

/// A Query request, signed with a key.
pub(crate) fn form_request(key: &str, form: &str) -> http::Request<Bytes> {
    http::Request::post("/")
        .header("authorization", authorization(key))
        .body(Bytes::from(format!("{form}&Version=2011-06-15")))
        .unwrap()
}

/// Status and body of the answer at the world's own time.
pub(crate) fn answer(sandbox: &Sandbox, request: http::Request<Bytes>) -> (u16, String) {
    let response = sandbox.call(sandbox.now(), request).unwrap();
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

/// The text of an XML element that occurs once.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0
}

/// A resource with a tag, of no service in particular.
pub(crate) fn tagged_resource() -> crate::service::tagging::TaggedResource {
    let arn = format!("arn:aws:organizations::{MANAGEMENT}:root/o-a1b2c3d4e5/r-ab12");
    let tags = glidepath_model::Tags::from([("k".to_owned(), "v".to_owned())]);
    crate::service::tagging::TaggedResource { arn, tags }
}
