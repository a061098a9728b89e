//! Names of guardrails and frameworks. Whether there is one of a name is for the catalogue to say.

use super::within;
use crate::code::{BAD_GUARDRAIL, BAD_TEXT};
use crate::shape::{Fault, Format};

/// A guardrail of the catalogue, or a file with one.
pub(crate) static GUARDRAIL: Format = Format {
    noun: "a guardrail",
    form: "an id of the catalogue, such as `org-deny-leave`, or a file of your own, such as `./guardrails/our-rule.yaml`",
    pattern: Some("^(\\./.+\\.yaml|[a-z0-9-]{1,64})$"),
    words: None,
    check: |text| {
        if is_id(text) || is_file(text) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_GUARDRAIL,
            format!("`{text}` is neither a guardrail's id nor a file with one"),
            "write an id, such as `org-deny-leave`, or a file beginning with `./` and ending in `.yaml`",
        ))
    },
};

/// A guardrail of the catalogue.
pub(crate) static CATALOGUE_ID: Format = Format {
    noun: "a guardrail's id",
    form: "such as `org-deny-leave`",
    pattern: Some("^[a-z0-9-]{1,64}$"),
    words: None,
    check: |text| {
        if is_id(text) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_GUARDRAIL,
            format!("`{text}` is not a guardrail's id"),
            "write an id of the catalogue, such as `org-deny-leave`",
        ))
    },
};

/// A framework that guardrails are mapped to.
pub(crate) static FRAMEWORK: Format = Format {
    noun: "a framework",
    form: "its short name, such as `cis-5.0`",
    pattern: Some("^[a-z0-9.-]{1,64}$"),
    words: None,
    check: |text| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
        if (1..=64).contains(&text.len()) && text.bytes().all(fits) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_GUARDRAIL,
            format!("`{text}` is not the short name of a framework"),
            "write it in lower case with its version, such as `cis-5.0`",
        ))
    },
};

/// Why something is spared or left out.
pub(crate) static REASON: Format = Format {
    noun: "a reason",
    form: "1 to 512 characters",
    pattern: None,
    words: None,
    check: |text| within(text, "a reason", 512, BAD_TEXT),
};

/// How paths to files of the user's own begin.
pub(crate) const OWN_FILE: &str = "./";

pub(crate) fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

fn is_file(text: &str) -> bool {
    let inner = text.strip_prefix(OWN_FILE).and_then(|rest| rest.strip_suffix(".yaml"));
    inner.is_some_and(|inner| !inner.is_empty()) && !text.chars().any(char::is_control)
}
