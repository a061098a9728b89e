//! Everything that is printed. Data goes to stdout, talk to stderr; nothing else in the workspace prints.
//!
//! Views make text from finished values and decide nothing. Text from outside passes through
//! [`glidepath_model::text::printable`] on its way. Colours are written as escape sequences and taken out
//! again where the stream is no terminal or `NO_COLOR` is set; they never carry meaning alone.

pub(crate) mod expectations;
pub(crate) mod explanation;
pub(crate) mod failure;
pub(crate) mod json;
pub(crate) mod progress;
pub(crate) mod style;
pub(crate) mod text;

use std::io::Write as _;

/// Writes data, what a pipe wants. A reader that went away is no failure.
pub(crate) fn data(text: &str) {
    let mut stream = anstream::stdout().lock();
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
}

/// Writes talk, what a person wants beside the data.
pub(crate) fn talk(text: &str) {
    let mut stream = anstream::stderr().lock();
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
}

/// Whether a person sits at the other end: somebody who can be asked and who sees progress.
pub(crate) fn is_interactive() -> bool {
    use std::io::IsTerminal as _;
    let unattended = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    !unattended && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}
