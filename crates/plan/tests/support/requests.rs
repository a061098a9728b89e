//! What a world allows: SCPs only, with actions that are either named in full or `service:*` or `*`.

use glidepath_model::organization::Snapshot;
use glidepath_model::{AccountId, NodeId, PolicyType};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every request that is tried.
pub(crate) const REQUESTS: [&str; 6] = ["s3:Get", "s3:Put", "ec2:Run", "ec2:Stop", "iam:Pass", "sqs:Send"];

/// The requests that SCPs let this account make.
pub(crate) fn allowed(world: &Snapshot, account: &AccountId) -> BTreeSet<&'static str> {
    let Some(member) = world.accounts.get(account) else { return BTreeSet::new() };
    let enabled = world.root.as_ref().unwrap().policy_types.contains_key(&PolicyType::Scp);
    let mut line = vec![NodeId::Account(account.clone()), member.parent.clone()];
    while let Some(NodeId::Unit(id)) = line.last() {
        line.push(world.units[id].parent.clone());
    }
    let passes = |request: &str| !enabled || line.iter().all(|node| passes_level(world, node, request));
    REQUESTS.into_iter().filter(|request| passes(request)).collect()
}

fn passes_level(world: &Snapshot, node: &NodeId, request: &str) -> bool {
    let attached = world.attachments.iter().filter(|(_, targets)| targets.contains(node)).map(|(id, _)| id);
    let mut allow = false;
    for id in attached.filter(|id| world.policies[*id].ty == PolicyType::Scp) {
        let Some(text) = world.contents.get(id) else {
            allow |= world.policies[id].name == "FullAWSAccess";
            continue;
        };
        let document: Value = serde_json::from_str(text).unwrap();
        for statement in document["Statement"].as_array().unwrap() {
            let actions: Vec<&str> = match &statement["Action"] {
                Value::String(one) => vec![one],
                list => list.as_array().unwrap().iter().map(|action| action.as_str().unwrap()).collect(),
            };
            if actions.iter().any(|action| matches(action, request)) {
                match statement["Effect"].as_str().unwrap() {
                    "Allow" => allow = true,
                    _ => return false,
                }
            }
        }
    }
    allow
}

fn matches(action: &str, request: &str) -> bool {
    action == "*"
        || action == request
        || action.strip_suffix('*').is_some_and(|start| request.starts_with(start))
}
