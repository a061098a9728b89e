//! A run that cannot go on: what to tell, what to do next, and the exit code.

use crate::exit_code::ExitCode;
use std::error::Error;

/// Why a run ends here. The causes are told in one line, outermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: ExitCode,
    /// What went wrong; empty where that was told already.
    pub(crate) summary: String,
    pub(crate) help: Option<String>,
}

/// What a verb ends with.
pub(crate) type Outcome = Result<ExitCode, Failure>;

impl Failure {
    /// A failure with a sentence of our own. A last line `help: …` is what to do next.
    pub(crate) fn new(code: ExitCode, summary: impl Into<String>) -> Self {
        let summary = summary.into();
        match summary.split_once("\nhelp: ") {
            Some((summary, help)) => Self { code, summary: summary.to_owned(), help: Some(help.to_owned()) },
            None => Self { code, summary, help: None },
        }
    }

    /// A failure that has been told already.
    pub(crate) fn told(code: ExitCode) -> Self {
        Self::new(code, "")
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
    fn help_inside_a_message_is_told_as_help() {
        let failure = Failure::new(ExitCode::Invalid, "it is held\nhelp: wait");
        assert_eq!((failure.summary.as_str(), failure.help.as_deref()), ("it is held", Some("wait")));
    }

    #[test]
    fn a_cause_is_told_once() {
        let error = std::io::Error::other(std::io::Error::other("disk full"));
        assert_eq!(
            Failure::doing(ExitCode::Failed, "write `x`", &error).summary,
            "cannot write `x`: disk full"
        );
    }
}
