//! Guardrails as a list, and how their checks and cases went.

use crate::view::style::{BAD, BOLD, DIM, GOOD, count, padded, paint, shown, width};
use glidepath_guardrails::Guardrail;

/// A line each: id, severity, behaviour, mechanism, title.
pub(crate) fn list(guardrails: &[&Guardrail]) -> String {
    let widest =
        |text: fn(&Guardrail) -> String| guardrails.iter().map(|one| width(&text(one))).max().unwrap_or(0);
    let id = |one: &Guardrail| one.id.clone();
    let severity = |one: &Guardrail| one.severity.word().to_owned();
    let behaviour = |one: &Guardrail| one.behaviour.word().to_owned();
    let mechanism = |one: &Guardrail| one.mechanism.word().to_owned();
    let (ids, severities) = (widest(id), widest(severity));
    let (behaviours, mechanisms) = (widest(behaviour), widest(mechanism));
    let mut text = String::new();
    for one in guardrails {
        text.push_str(&format!(
            "{}  {}  {}  {}  {}\n",
            padded(&shown(&one.id), ids),
            padded(&severity(one), severities),
            padded(&behaviour(one), behaviours),
            paint(DIM, padded(&mechanism(one), mechanisms)),
            shown(&one.title)
        ));
    }
    text.push_str(&format!("{}\n", paint(BOLD, count(guardrails.len(), "guardrail"))));
    text
}

/// What is wrong with one guardrail, and how many things; a line where nothing is.
pub(crate) fn trial(guardrail: &Guardrail) -> (String, usize) {
    let findings = guardrail.check();
    let report = guardrail.run_cases();
    let mut text = String::new();
    for finding in &findings {
        text.push_str(&format!("  {}\n", shown(finding)));
    }
    let mut wrong = findings.len();
    for failure in report.failures() {
        wrong += 1;
        text.push_str(&format!("  {}:{}: {}\n", shown(&guardrail.file), failure.line, shown(&failure.says)));
        for fault in &failure.faults {
            text.push_str(&format!("    {}\n", shown(fault)));
        }
    }
    let word = if wrong == 0 { paint(GOOD, "ok") } else { paint(BAD, "wrong") };
    (format!("{word} {} ({})\n{text}", shown(&guardrail.id), count(guardrail.cases.len(), "case")), wrong)
}
