//! A plan for people: the summary first, what stands in the way, the changes, what to know, what to do
//! next. One line when there is nothing to do.

use super::obstacles::{Answer, obstacles};
use super::reach::reach;
use super::rights::rights;
use super::summary::{Effort, summary};
use super::tree::{Detail, tree};
use crate::view::style::{BOLD, DIM, GOOD, TALK, count, paint, shown};
use glidepath_plan::plan::Gate;
use glidepath_plan::{LandingZone, Plan};

/// What is shown.
pub(crate) struct PlanPage<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) zone: &'a LandingZone,
    pub(crate) effort: Effort,
    pub(crate) detail: Detail,
    /// What has become of each gate.
    pub(crate) answer: &'a dyn Fn(&Gate) -> Answer,
}

/// The page; equal plans make equal pages.
pub(crate) fn page(page: &PlanPage<'_>) -> String {
    let plan = page.plan;
    if plan.is_empty() && plan.refusals.is_empty() && plan.gates.is_empty() && plan.gaps.is_empty() {
        return format!("{}{}", nothing_to_do(plan), notices(plan));
    }
    let mut text = summary(plan, page.effort);
    text.push_str(&obstacles(plan, page.answer));
    if !plan.changes.is_empty() {
        text.push_str(&format!("\n{}\n", paint(BOLD, "Changes")));
        text.push_str(&tree(plan, page.zone, page.detail));
    }
    if !plan.impact.is_empty() {
        text.push_str(&format!(
            "\n{}\n",
            paint(BOLD, "Policies that come to reach accounts, or no longer do")
        ));
        text.push_str(&reach(&plan.impact));
    }
    if !plan.access.is_empty() {
        text.push_str(&format!("\n{}\n", paint(BOLD, "Requests that are newly denied or newly allowed")));
        text.push_str(&rights(&plan.access));
    }
    let notices = notices(plan);
    if !notices.is_empty() {
        text.push('\n');
        text.push_str(&notices);
    }
    text
}

/// The line of a landing zone that is as the manifest says.
fn nothing_to_do(plan: &Plan) -> String {
    let id = plan.organization_id.as_ref().map(|id| paint(DIM, format!(" ({id})"))).unwrap_or_default();
    format!(
        "{}{id}: {}\n",
        paint(BOLD, shown(&plan.organization)),
        paint(GOOD, "nothing to do, AWS is as the manifest says")
    )
}

/// What a reader should know, a line each; what is there and not ours in one.
fn notices(plan: &Plan) -> String {
    let mut text = String::new();
    for going in &plan.converging {
        text.push_str(&format!(
            "{}: {}: {}\n",
            paint(TALK, "converging"),
            shown(&going.address),
            shown(&going.what)
        ));
    }
    for notice in &plan.notices {
        let about =
            notice.address.as_ref().map(|address| format!("{}: ", shown(address))).unwrap_or_default();
        text.push_str(&format!("{}: {about}{}\n", paint(TALK, "note"), shown(&notice.text)));
    }
    if !plan.unlisted.is_empty() {
        text.push_str(&format!("{}: {}\n", paint(TALK, "not checked"), unlisted(plan.unlisted.len())));
    }
    if !plan.unmanaged.is_empty() {
        let number = count(plan.unmanaged.len(), "thing");
        text.push_str(&format!(
            "{}: {number} in our units that the manifest does not name; `glidepath drift` lists them\n",
            paint(TALK, "note")
        ));
    }
    text
}

/// What is said of targets whose stacks were not all listed.
pub(crate) fn unlisted(number: usize) -> String {
    format!("whether every account has its stack, of {}; `--deep` lists them", count(number, "target set"))
}
