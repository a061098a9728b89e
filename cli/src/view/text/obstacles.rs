//! What stands in the way of a plan: refusals, gates and gaps, each with what to do about it.

use super::summary::by_kind;
use crate::view::style::{BAD, BOLD, DIM, TALK, WARN, count, paint, shown};
use glidepath_model::Address;
use glidepath_plan::Plan;
use glidepath_plan::plan::{Gate, GateName};

/// Addresses named before the rest is counted.
const NAMED: usize = 8;

/// The pages of refusals, gates and gaps; empty where there are none.
pub(crate) fn obstacles(plan: &Plan) -> String {
    let mut page = String::new();
    for refusal in &plan.refusals {
        page.push_str(&format!("\n{}: {}\n", paint(BAD, "refused"), paint(BOLD, shown(&refusal.summary))));
        named(&mut page, &refusal.addresses);
        page.push_str(&format!("  {}: {}\n", paint(TALK, "help"), shown(&refusal.help)));
    }
    for gate in &plan.gates {
        page.push_str(&format!(
            "\n{} {}: {}\n",
            paint(WARN, "gate"),
            gate.name,
            paint(BOLD, shown(&gate.summary))
        ));
        named(&mut page, &gate.addresses);
        page.push_str(&format!("  {}: to consent, apply with `{}`\n", paint(TALK, "help"), flag(gate)));
    }
    if !plan.gaps.is_empty() {
        page.push_str(&format!("\n{}: {}\n", paint(WARN, "not checked"), gaps_headline(plan)));
        for gap in &plan.gaps {
            let what = if gap.prefix.is_empty() {
                "everything".to_owned()
            } else {
                format!("{}…", shown(&gap.prefix))
            };
            page.push_str(&format!("  {what}  {}: {}\n", shown(&gap.operation), shown(&gap.error)));
        }
        for withheld in &plan.withheld {
            page.push_str(&format!(
                "  {} {}\n",
                paint(DIM, format!("withheld: {}", withheld.verb.word())),
                shown(&withheld.address)
            ));
        }
    }
    page
}

fn gaps_headline(plan: &Plan) -> String {
    let unread = format!("{} could not be read", count(plan.gaps.len(), "thing"));
    if plan.withheld.is_empty() {
        unread
    } else {
        format!(
            "{unread}, so nothing is done about {}",
            by_kind(plan.withheld.iter().map(|one| &one.address))
        )
    }
}

fn named(page: &mut String, addresses: &[Address]) {
    for address in addresses.iter().take(NAMED) {
        page.push_str(&format!("  {}\n", shown(address)));
    }
    if let Some(more) = addresses.len().checked_sub(NAMED).filter(|more| *more > 0) {
        page.push_str(&format!("  {}\n", paint(DIM, format!("and {more} more"))));
    }
}

/// What to add to the command line to open a gate.
pub(crate) fn flag(gate: &Gate) -> String {
    match gate.name {
        GateName::NewAccounts => gate.name.flag().replace('N', &gate.addresses.len().to_string()),
        _ => gate.name.flag(),
    }
}
