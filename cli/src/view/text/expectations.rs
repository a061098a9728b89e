//! How expectations fared, for people: what does not hold first, then the sum.

use crate::view::expectations::{Row, Tested};
use crate::view::explanation::place;
use crate::view::style::{BAD, DIM, GOOD, TALK, count, listed, paint, shown};
use glidepath_plan::expectation::CheckedPlace;
use std::collections::BTreeMap;

/// How many accounts are named before the rest is counted.
const NAMED: usize = 5;

/// The page.
pub(crate) fn page(tested: &Tested<'_>) -> String {
    let mut text = String::new();
    for row in tested.rows {
        let (style, word) = if row.checked.holds() { (GOOD, "holds ") } else { (BAD, "FAILED") };
        text.push_str(&format!("{}  {}\n", paint(style, word), shown(&row.expectation.says.value)));
        if !row.checked.holds() {
            text.push_str(&faults(row, tested));
        }
    }
    if tested.rows.is_empty() {
        text.push_str("no expectations: nothing was checked\n");
    }
    let failed = tested.failed();
    let verdict = match failed {
        0 => paint(GOOD, "all hold"),
        _ => paint(BAD, format!("{failed} failed")),
    };
    text.push_str(&format!(
        "{}, {} {}: {verdict}\n",
        count(tested.rows.len(), "expectation"),
        count(tested.asked(), "request"),
        shown(&tested.by),
    ));
    if !tested.gaps.is_empty() {
        let operations: Vec<String> = tested.gaps.iter().take(3).map(|gap| shown(&gap.operation)).collect();
        text.push_str(&format!(
            "{}: {} could not be read: answers may be other ones\n",
            paint(TALK, "not checked"),
            listed(&operations)
        ));
    }
    text
}

/// What is otherwise than expected, each fault once with the accounts it is found in.
fn faults(row: &Row<'_>, tested: &Tested<'_>) -> String {
    let mut by_fault: BTreeMap<&str, Vec<&CheckedPlace>> = BTreeMap::new();
    for place in &row.checked.places {
        for fault in &place.faults {
            by_fault.entry(fault).or_default().push(place);
        }
    }
    let mut text = String::new();
    for (fault, places) in by_fault {
        let names: Vec<String> =
            places.iter().take(NAMED).filter_map(|place| place.account.as_ref()).map(shown).collect();
        let more = places.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let within = if names.is_empty() { String::new() } else { format!(" in {}{more}", names.join(", ")) };
        text.push_str(&format!("        {}{within}\n", shown(&fault)));
    }
    let wants = row.expectation.wants.word();
    let there = place(Some(row.expectation.says.span), tested.sources).unwrap_or_default();
    text.push_str(&format!("        {}\n", paint(DIM, format!("expected: {wants} ({})", shown(&there)))));
    text
}
