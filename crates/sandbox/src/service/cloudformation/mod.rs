//! AWS CloudFormation: stacks, change sets and what they deploy.
//!
//! One file per noun. A request becomes a [`deployment::Order`]; its stack then has something under way ([`work`]) that
//! is carried out when its time has come. Nothing here knows the wire.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html>

mod deployment;
mod refusal;
mod stack;
mod template_text;
mod work;

use super::{Operation, Service};
use crate::world::{Due, TableInfo, World};
use glidepath_model::Timestamp;

/// The service.
pub const SERVICE: Service =
    Service { name: NAME, operations, tables, found: |_| {}, settle, show: |_| Vec::new() };

const NAME: &str = "cloudformation";

fn operations() -> Vec<Operation> {
    Vec::new()
}

fn tables() -> Vec<TableInfo> {
    vec![TableInfo::of::<stack::Stack>(), TableInfo::of::<template_text::TemplateText>()]
}

fn settle(world: &mut World, due: &Due) {
    if due.kind == work::DUE {
        work::settle(world, due);
    }
}

/// Has `kind` carried out for `key` after so many seconds.
fn schedule(world: &mut World, now: Timestamp, seconds: i64, kind: &str, key: &str) {
    let at = now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
    world.schedule(Due { at, service: NAME.to_owned(), kind: kind.to_owned(), key: key.to_owned() });
}
