//! `explain-code`: what a code of a complaint means, and what to do about it.

use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::style::shown;
use glidepath_iam::lint::Code;

pub(super) fn run(code: &str) -> Outcome {
    let code = code.trim();
    let text = match (glidepath_manifest::explain(code), Code::from_name(&code.to_ascii_lowercase())) {
        (Some(found), _) => view::text::explanation(found),
        (None, Some(found)) => view::text::finding(found),
        (None, None) => {
            let message = format!("`{}` is not a code of Glidepath", shown(&code));
            return Err(Failure::new(ExitCode::Invalid, message)
                .help("codes stand in brackets behind `error` and `warning`, as in `error[GP0107]`"));
        }
    };
    view::data(&text);
    Ok(ExitCode::Done)
}
