//! How the plan of now differs from the one that was reviewed.

use super::fields;
use crate::view::style::{BOLD, GONE, GOOD, WARN, paint, shown};
use glidepath_plan::file::{DifferenceKind, PlanDifference};

/// The page.
pub(crate) fn page(differences: &[PlanDifference]) -> String {
    let mut text = format!("\n{}\n", paint(BOLD, "The reviewed plan and the plan of now differ:"));
    for difference in differences {
        let address = shown(&difference.address);
        match &difference.kind {
            DifferenceKind::OnlyReviewed => {
                text.push_str(&format!(
                    "  {} {address}  changed by the reviewed plan only\n",
                    paint(GONE, "-")
                ));
            }
            DifferenceKind::OnlyNow => {
                text.push_str(&format!(
                    "  {} {address}  changed by the plan of now only\n",
                    paint(GOOD, "+")
                ));
            }
            DifferenceKind::Differs(changed) => {
                text.push_str(&format!("  {} {address}\n", paint(WARN, "~")));
                for line in changed.iter().flat_map(fields::field) {
                    text.push_str(&format!("      {line}\n"));
                }
            }
        }
    }
    text.push('\n');
    text
}
