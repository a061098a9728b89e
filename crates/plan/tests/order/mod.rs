//! One file for each rule, named as in `src/order/`.

mod arrive_before_deploy;
mod assign_before_unassign;
mod attach_before_detach;
mod dependents_first;
mod deregister_before_register;
mod enable_before_attach;
mod freeze_before_unassign;
mod guard_before_move;
mod leave_before_close;
mod make_room;
mod needs_first;
mod regions_first;

use crate::support::{address, steps};
use glidepath_plan::Plan;

/// Whether one change waits for another, directly.
fn waits(plan: &Plan, later: &str, earlier: &str) -> bool {
    let change = plan.change(&address(later)).unwrap_or_else(|| panic!("no {later} in {:?}", steps(plan)));
    change.waits_for.contains(&address(earlier))
}

/// A policy's line in a manifest: its statement's effect and action, and its targets.
fn scp(name: &str, effect: &str, action: &str, on: &str) -> String {
    format!(
        "  {name}: {{type: scp, document: {{Statement: [{{Effect: {effect}, Action: [\"{action}\"], Resource: \"*\"}}]}}, on: [{on}]}}\n"
    )
}
