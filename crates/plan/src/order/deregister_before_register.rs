//! A service's former administrator is deregistered before the next one is registered: most services
//! take only one, and AWS refuses the second.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html>

use super::{Scene, Wait, Why};
use crate::change::{Change, Verb};
use glidepath_model::Address;

/// What each registration waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let of = |verb: Verb| {
        scene.changes.values().filter(move |change| change.action.verb() == verb).filter_map(service)
    };
    let mut found = Vec::new();
    for (service, earlier) in of(Verb::Delete) {
        for (_, later) in of(Verb::Create).filter(|(other, _)| *other == service) {
            found.push(Wait { why: Why::Firm, later: later.clone(), earlier: earlier.clone() });
        }
    }
    found
}

fn service(change: &Change) -> Option<(&str, &Address)> {
    match &change.address {
        Address::DelegatedAdministrator { service, .. } => Some((service, &change.address)),
        _ => None,
    }
}
