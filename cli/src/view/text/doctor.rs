//! The findings of `doctor`, a line each.

use crate::cmd::{Finding, Level};
use crate::view::style::{BAD, DIM, GOOD, TALK, WARN, padded, paint, shown};

/// The page.
pub(crate) fn page(findings: &[Finding]) -> String {
    let mut text = String::new();
    let wide = findings.iter().map(|finding| finding.topic.len()).max().unwrap_or(0);
    for finding in findings {
        let (word, style) = match finding.level {
            Level::Ok => ("ok  ", GOOD),
            Level::Warn => ("warn", WARN),
            Level::Fail => ("fail", BAD),
        };
        let topic = padded(finding.topic, wide);
        text.push_str(&format!("{}  {}  {}\n", paint(style, word), paint(DIM, topic), shown(&finding.text)));
        if let Some(help) = &finding.help {
            text.push_str(&format!("{}{}: {}\n", " ".repeat(wide + 8), paint(TALK, "help"), shown(help)));
        }
    }
    text
}
