//! Blueprints as a list, and how their checks went.

use crate::view::style::{BAD, BOLD, DIM, GOOD, count, padded, paint, shown, width};
use glidepath_blueprints::Blueprint;

/// A line each: id, who gets it, title.
pub(crate) fn list(blueprints: &[&Blueprint]) -> String {
    let place = |one: &Blueprint| format!("{}, {}", one.placement.who.word(), one.placement.regions.word());
    let ids = blueprints.iter().map(|one| width(&one.id)).max().unwrap_or(0);
    let places = blueprints.iter().map(|one| width(&place(one))).max().unwrap_or(0);
    let mut text = String::new();
    for one in blueprints {
        text.push_str(&format!(
            "{}  {}  {}\n",
            padded(&shown(&one.id), ids),
            paint(DIM, padded(&place(one), places)),
            shown(&one.title)
        ));
    }
    text.push_str(&format!("{}\n", paint(BOLD, count(blueprints.len(), "blueprint"))));
    text
}

/// What is wrong with one blueprint, and how many things; a line where nothing is.
pub(crate) fn trial(blueprint: &Blueprint) -> (String, usize) {
    let findings = blueprint.check();
    let word = if findings.is_empty() { paint(GOOD, "ok") } else { paint(BAD, "wrong") };
    let mut text =
        format!("{word} {} ({})\n", shown(&blueprint.id), count(blueprint.examples.len(), "example"));
    for finding in &findings {
        text.push_str(&format!("  {}\n", shown(finding)));
    }
    (text, findings.len())
}
