//! `explain-code`: what a code of a complaint means, and what to do about it.

use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;

pub(super) fn run(code: &str) -> Outcome {
    let code = code.trim().to_ascii_uppercase();
    match glidepath_manifest::explain(&code) {
        Some(text) => {
            view::data(&view::text::explanation(text));
            Ok(ExitCode::Done)
        }
        None => Err(Failure::new(ExitCode::Invalid, format!("`{code}` is not a code of Glidepath"))
            .help("codes stand in brackets behind `error` and `warning`, as in `error[GP0107]`")),
    }
}
