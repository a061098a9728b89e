//! An account is frozen before access to it is taken away: whoever would notice the one is stopped by the other
//! already.

use super::{Scene, Wait, Why};
use crate::kind::assignments::turned;
use crate::quarantine;
use glidepath_model::Address;

/// What each removal waits for.
#[must_use]
pub fn waits(scene: &Scene<'_>) -> Vec<Wait> {
    let mut found = Vec::new();
    for (address, change) in scene.changes {
        let Address::Assignments { .. } = address else { continue };
        let (_, taken) = turned(&change.action);
        for earlier in taken.iter().map(|account| quarantine::attachment(account)) {
            let freezes = scene.changes.get(&earlier).is_some_and(|change| change.action.after().is_some());
            if freezes {
                found.push(Wait { why: Why::Guarded, later: address.clone(), earlier });
            }
        }
    }
    found
}
