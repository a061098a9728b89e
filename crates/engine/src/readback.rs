//! The closing read: what a run changed is read again, until it shows or two minutes are over.
//!
//! The plan for these addresses must be empty then. What AWS documents as slow is *converging*: it is
//! named, and it is no failure.

use crate::error::EngineError;
use crate::event::{Event, Events};
use crate::observe::{Scope, observe};
use crate::receipt::{Convergence, NotConverged, Receipt};
use crate::stop::Stop;
use glidepath_aws::Aws;
use glidepath_model::Address;
use glidepath_model::organization::{Gap, Snapshot};
use glidepath_plan::diff::diff;
use glidepath_plan::world::World;
use glidepath_plan::{Change, LandingZone, Observed, Plan, Spec, Verb};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long is waited for changes to show.
const PATIENCE: Duration = Duration::from_secs(2 * 60);
/// The first and the longest wait between two looks.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const UNREAD: &str = "it could not be read";

/// Reads again what was done, and names what does not show.
pub(crate) async fn read_back(
    aws: &Aws,
    (zone, plan): (&LandingZone, &Plan),
    receipt: &Receipt,
    stop: &Stop,
    events: &Events,
) -> Vec<NotConverged> {
    let mut open: BTreeSet<Address> = receipt.done.iter().map(|done| done.address.clone()).collect();
    if open.is_empty() {
        return Vec::new();
    }
    events.send(Event::ReadBackStarted { addresses: open.len() });
    let begun = aws.clock().now();
    let mut wait = FIRST_WAIT;
    loop {
        let left = match observe(aws, zone, &Scope::Only(open.clone()), &Events::silent()).await {
            Ok(snapshot) => compare(zone, plan, &snapshot, &open),
            Err(error) => unread(&open, &error),
        };
        open = left.iter().map(|left| left.address.clone()).collect();
        let worth_waiting = left.iter().any(|left| left.state != Convergence::Converging);
        if !worth_waiting || stop.is_asked() || aws.clock().since(begun) + wait > PATIENCE {
            return left;
        }
        events.send(Event::ReadBackWaiting { open: open.len(), next_in: wait });
        aws.clock().sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// What a fresh plan still wants at these addresses.
fn compare(
    zone: &LandingZone,
    plan: &Plan,
    snapshot: &Snapshot,
    addresses: &BTreeSet<Address>,
) -> Vec<NotConverged> {
    let world = World::new(zone, snapshot);
    let observed = world.observed();
    let difference = diff(&world, &observed);
    let one = |address: &Address| {
        let withheld = difference.withheld.iter().find(|withheld| withheld.address == *address);
        let slow = difference.converging.iter().find(|slow| slow.address == *address);
        let refusal = difference.refusals.iter().find(|refusal| refusal.addresses.contains(address));
        let (state, differs) = match (withheld, slow, refusal) {
            (Some(withheld), _, _) => (Convergence::NotChecked(withheld.gap.clone()), UNREAD.to_owned()),
            (None, Some(slow), _) => (Convergence::Converging, slow.what.clone()),
            (None, None, Some(refusal)) => (Convergence::Late, refusal.summary.clone()),
            // Only some accounts of these assignments were asked for, and they are as the plan said.
            (None, None, None) if is_as_planned(plan, address, observed.get(address)) => return None,
            (None, None, None) => {
                let change = difference.changes.get(address)?;
                let slow = glidepath_plan::setting::is_slow(change);
                (if slow { Convergence::Converging } else { Convergence::Late }, in_words(change))
            }
        };
        Some(NotConverged { address: address.clone(), state, differs })
    };
    addresses.iter().filter_map(one).collect()
}

/// Whether assignments are what the plan was to make of them, whatever the manifest still wants.
fn is_as_planned(plan: &Plan, address: &Address, observed: Option<&Observed>) -> bool {
    match (plan.change(address).and_then(|change| change.action.after()), observed) {
        (Some(Spec::Assignments(planned)), Some(seen)) => match &seen.spec {
            Spec::Assignments(found) => found.members == planned.members,
            _ => false,
        },
        _ => false,
    }
}

fn in_words(change: &Change) -> String {
    let fields: Vec<String> = change.action.fields().iter().map(|field| field.path.join(".")).collect();
    match change.action.verb() {
        Verb::Create => "it is not there".to_owned(),
        Verb::Delete => "it is still there".to_owned(),
        Verb::Forget => "it still carries our mark".to_owned(),
        Verb::Adopt => "it does not carry our mark".to_owned(),
        Verb::Update => format!("these fields differ: {}", fields.join(", ")),
    }
}

fn unread(addresses: &BTreeSet<Address>, error: &EngineError) -> Vec<NotConverged> {
    let one = |address: &Address| NotConverged {
        address: address.clone(),
        state: Convergence::NotChecked(Gap {
            prefix: address.to_string(),
            operation: String::new(),
            error: error.to_string(),
        }),
        differs: UNREAD.to_owned(),
    };
    addresses.iter().map(one).collect()
}
