//! What went wrong and what to do about it, on stderr: `error: …`, then `help: …`.

use super::style::{BAD, BOLD, TALK, paint, shown};
use crate::failure::Failure;

/// Tells a failure.
pub(crate) fn tell(failure: &Failure) {
    super::talk(&page(failure));
}

fn page(failure: &Failure) -> String {
    let mut page = String::new();
    let mut lines = failure.summary.lines();
    if let Some(first) = lines.next() {
        page.push_str(&format!("{}: {}\n", paint(BAD, "error"), paint(BOLD, shown(&first))));
    }
    for line in lines {
        page.push_str(&format!("  {}\n", shown(&line)));
    }
    for line in failure.help.iter().flat_map(|help| help.lines()) {
        page.push_str(&format!("{}: {}\n", paint(TALK, "help"), shown(&line)));
    }
    page
}
