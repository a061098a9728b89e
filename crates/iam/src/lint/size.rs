//! How many characters a document takes, against what AWS takes.

use super::{Code, Kind, Linter};
use glidepath_model::PolicyType;
use glidepath_model::limits::Limits;

pub(super) fn check(linter: &mut Linter<'_>) {
    let ty = match linter.kind {
        Kind::Scp => PolicyType::Scp,
        Kind::Rcp => PolicyType::Rcp,
        // What an identity policy may take depends on what it is attached to.
        Kind::Identity | Kind::Resource => return,
    };
    let Ok(limits) = Limits::published() else { return };
    let most = limits.policy(ty).size;
    let count = |text: &str| u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let written = count(linter.text);
    if written <= most {
        return;
    }
    let value: Option<serde_json::Value> = serde_json::from_str(linter.text).ok();
    let least = value.map_or(written, |value| count(&value.to_string()));
    let (code, message, help) = if least > most {
        (
            Code::TooLarge,
            format!("{least} characters without white space, and AWS takes {most}: it is refused"),
            "split it into several policies, or merge statements with the same conditions".to_owned(),
        )
    } else {
        (
            Code::LargeAsWritten,
            format!(
                "{written} characters as written, and AWS takes {most}: it fits only without white space"
            ),
            format!("nothing to do in Glidepath, which sends {least}; elsewhere, take the white space out"),
        )
    };
    linter.find(code, (None, 0), message, help);
}
