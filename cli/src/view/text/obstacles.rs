//! What stands in the way of a plan: refusals, gates and gaps, each with what to do about it.

use super::summary::by_kind;
use crate::view::style::{BAD, BOLD, DIM, TALK, WARN, count, paint, shown};
use glidepath_model::Address;
use glidepath_plan::Plan;
use glidepath_plan::plan::{Gate, GateName};

/// Addresses named before the rest is counted.
const NAMED: usize = 8;

/// What has become of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nobody consented.
    Closed,
    /// Nobody consented, and everything else is done.
    Waits,
    /// Typing the organization's name consents.
    Typing,
    /// The command line consents.
    Open,
}

/// The pages of refusals, gates and gaps; empty where there are none.
pub(crate) fn obstacles(plan: &Plan, answer: &dyn Fn(&Gate) -> Answer) -> String {
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
        let help = match answer(gate) {
            Answer::Open => {
                page.push_str(&format!("  {}\n", paint(DIM, "consented to")));
                continue;
            }
            Answer::Typing => "typing the organization's name consents".to_owned(),
            Answer::Closed => format!("to consent, apply with `{}`", flag(gate)),
            Answer::Waits => {
                format!("this waits, and all else is done, until it is applied with `{}`", flag(gate))
            }
        };
        named(&mut page, &gate.addresses);
        page.push_str(&format!("  {}: {help}\n", paint(TALK, "help")));
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
        GateName::LockOut => match &gate.principal {
            Some(principal) => format!("--allow-lock-out '{}'", principal.replace('\'', "'\\''")),
            None => gate.name.flag(),
        },
        _ => gate.name.flag(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_read_is_told_with_what_is_held_back_by_it() {
        let plan: Plan = serde_json::from_str(
            r#"{
              "format_version": 1, "organization": "acme", "organizationId": null, "today": "2026-11-24",
              "manifest": "00", "changes": [], "refusals": [], "gates": [], "notices": [], "unmanaged": [],
              "foreign": {},
              "withheld": [{
                "address": "policy/scp/deny", "verb": "create",
                "gap": {"prefix": "policy/scp/", "operation": "organizations:ListPolicies", "error": "denied\u001b[2J"}
              }],
              "gaps": [{"prefix": "policy/scp/", "operation": "organizations:ListPolicies", "error": "denied\u001b[2J"}]
            }"#,
        )
        .unwrap();
        let page = obstacles(&plan, &|_| Answer::Closed);
        let lines: Vec<String> =
            page.lines().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
        assert_eq!(
            lines,
            [
                "",
                "not checked: 1 thing could not be read, so nothing is done about 1 policy",
                "  policy/scp/…  organizations:ListPolicies: denied\\u{1b}[2J",
                "  withheld: create policy/scp/deny",
            ]
        );
    }
}
