//! Parts of a request that is asked about.

use crate::code::{BAD_ROLE, BAD_TEXT, UNKNOWN_WORD};
use crate::expectation::Expected;
use crate::shape::{Fault, Format};

/// An action that is asked for: no pattern, since a pattern is many questions.
pub(crate) static ACTION: Format = Format {
    noun: "an action",
    form: "`s3:GetObject`, without wildcards",
    pattern: Some("^[A-Za-z0-9-]+:[A-Za-z0-9-]+$"),
    words: None,
    check: |text| {
        let plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        match text.split_once(':') {
            Some((service, name)) if plain(service) && plain(name) => Ok(()),
            _ => Err(Fault::new(
                BAD_TEXT,
                format!("`{text}` is not an action"),
                "write one as `s3:GetObject`; several stand in a list",
            )),
        }
    },
};

/// A resource that is asked about.
pub(crate) static RESOURCE: Format = Format {
    noun: "a resource",
    form: "an ARN, in which `{partition}`, `{account}` and `{region}` are filled in, or `*`",
    pattern: Some("^(\\*|arn:.+)$"),
    words: None,
    check: |text| {
        if text == "*" || (text.starts_with("arn:") && text.splitn(6, ':').count() == 6) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_TEXT,
            format!("`{text}` is not a resource"),
            "write an ARN, such as `arn:{partition}:s3:::name/*`, or `*` for actions that have none",
        ))
    },
};

/// Who asks.
pub(crate) static ASKER: Format = Format {
    noun: "a principal",
    form: "`role/NAME`, `user/NAME` or `root` of each account, an ARN, or a service principal",
    pattern: Some("^(root|role/.+|user/.+|arn:.+|[a-z0-9.-]+\\.amazonaws\\.com)$"),
    words: None,
    check: |text| {
        let named = |prefix: &str| text.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
        let fits = text == "root" || named("role/") || named("user/") || named("arn:");
        if (fits || text.ends_with(".amazonaws.com")) && !text.contains(['*', '?', ' ']) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_ROLE,
            format!("`{text}` is not a principal"),
            "write `role/developer` for the role in each account, or one principal's whole ARN",
        ))
    },
};

/// What an answer must be.
pub(crate) static EXPECTED: Format = Format {
    noun: "an answer",
    form: "one of the words below",
    pattern: None,
    words: Some(|| vec![Expected::Allowed.word(), Expected::Denied.word()]),
    check: |text| match expected(text) {
        Some(_) => Ok(()),
        None => {
            Err(Fault::new(UNKNOWN_WORD, format!("`{text}` is no answer"), "write `allowed` or `denied`"))
        }
    },
};

/// The answer of a word.
pub(crate) fn expected(text: &str) -> Option<Expected> {
    [Expected::Allowed, Expected::Denied].into_iter().find(|answer| answer.word() == text)
}
