//! A run that cannot go on: what to tell, what to do next, and the exit code.

use crate::exit_code::ExitCode;
use std::error::Error;

/// Why a run ends here. The causes are told in one line, outermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: ExitCode,
    pub(crate) summary: String,
    pub(crate) help: Option<String>,
}

/// What a verb ends with.
pub(crate) type Outcome = Result<ExitCode, Failure>;

impl Failure {
    /// A failure with a sentence of our own.
    pub(crate) fn new(code: ExitCode, summary: impl Into<String>) -> Self {
        Self { code, summary: summary.into(), help: None }
    }

    /// An error and everything that caused it.
    pub(crate) fn of(code: ExitCode, error: &dyn Error) -> Self {
        Self::new(code, chain(error))
    }

    /// An error that ended an attempt: `doing` fits after "cannot".
    pub(crate) fn doing(code: ExitCode, doing: &str, error: &dyn Error) -> Self {
        Self::new(code, format!("cannot {doing}: {}", chain(error)))
    }

    /// Says what to do next.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// An error and its causes. A cause that its error already tells is not told again.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let error = std::io::Error::other(std::io::Error::other("disk full"));
        assert_eq!(
            Failure::doing(ExitCode::Failed, "write `x`", &error).summary,
            "cannot write `x`: disk full"
        );
    }
}
