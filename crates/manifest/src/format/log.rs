//! Words and numbers of `logging`.

use crate::code::BAD_LOGGING;
use crate::manifest::LogSource;
use crate::shape::{Fault, Format};

/// A kind of log.
pub(crate) static LOG_SOURCE: Format = Format {
    noun: "a source of logs",
    form: "one of the words listed",
    pattern: None,
    words: Some(|| LogSource::ALL.iter().map(|source| source.word()).collect()),
    check: |text| match log_source(text) {
        Some(_) => Ok(()),
        None => Err(Fault::new(
            BAD_LOGGING,
            format!("`{text}` is no source of logs"),
            "choose one of the sources that the reference lists",
        )),
    },
};

/// How Object Lock holds.
pub(crate) static LOCK_MODE: Format = Format {
    noun: "a mode of Object Lock",
    form: "`governance` or `compliance`",
    pattern: None,
    words: Some(|| vec!["compliance", "governance"]),
    check: |text| match text {
        "compliance" | "governance" => Ok(()),
        _ => Err(Fault::new(
            BAD_LOGGING,
            format!("`{text}` is no mode of Object Lock"),
            "write `governance`, or `compliance`, which nobody can undo",
        )),
    },
};

/// A number of days, `90d`.
pub(crate) static LOG_DAYS: Format = Format {
    noun: "a number of days",
    form: "such as `90d`, 1 to 36500",
    pattern: Some("^[0-9]{1,5}d$"),
    words: None,
    check: |text| match log_days(text) {
        Some(_) => Ok(()),
        None => Err(Fault::new(
            BAD_LOGGING,
            format!("`{text}` is not a number of days"),
            "write days with a `d`, as in `90d`; 1 to 36500",
        )),
    },
};

/// The beginning of names of buckets.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
pub(crate) static BUCKET_PREFIX: Format = Format {
    noun: "the beginning of bucket names",
    form: "2 to 16 of `a-z`, `0-9` and hyphens, a letter first",
    pattern: Some("^[a-z][a-z0-9-]{1,15}$"),
    words: None,
    check: |text| {
        let begins = text.bytes().next().is_some_and(|first| first.is_ascii_lowercase());
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if begins && text.bytes().all(fits) && (2..=16).contains(&text.len()) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_LOGGING,
            format!("names of buckets cannot begin with `{text}`"),
            "write 2 to 16 lower-case letters, digits and hyphens, a letter first",
        ))
    },
};

/// The days of `90d`.
pub(crate) fn log_days(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('d').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().filter(|days| (1..=36_500).contains(days))
}

/// The source of a word.
pub(crate) fn log_source(text: &str) -> Option<LogSource> {
    LogSource::ALL.iter().copied().find(|source| source.word() == text)
}
