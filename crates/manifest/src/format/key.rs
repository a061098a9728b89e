//! Keys of AWS KMS: names, who administers, encrypts and decrypts, and periods.

use super::access::ROLE_ARN;
use crate::code::{BAD_NAME, BAD_PERIOD, NO_KEY_FOR, UNKNOWN_WORD};
use crate::shape::{Fault, Format};
use glidepath_model::key_services::KeyServices;

/// The name of a key; it becomes an alias.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>, `AliasName`
pub(crate) static KEY_NAME: Format = Format {
    noun: "a key name",
    form: "1 to 128 letters, digits, hyphens or `_`; the alias is `alias/NAME`",
    pattern: Some("^[A-Za-z0-9_-]{1,128}$"),
    words: None,
    check: |text| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if (1..=128).contains(&text.len()) && text.bytes().all(fits) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_NAME,
            format!("`{text}` is not a key name"),
            "use 1 to 128 letters, digits, hyphens or `_`: AWS takes no others in an alias",
        ))
    },
};

/// A key's description.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>, `Description`
pub(crate) static KEY_DESCRIPTION: Format = Format {
    noun: "a description",
    form: "at most 8192 characters",
    pattern: None,
    words: None,
    check: |text| {
        if text.is_empty() {
            Ok(())
        } else {
            super::within(text.trim_end(), "a description", 8192, crate::code::BAD_TEXT)
        }
    },
};

/// The words for roles of `roles:`.
pub(crate) const ROLE_WORDS: [&str; 4] = ["access", "apply", "breakGlass", "plan"];
/// The word for every account of the organization.
pub(crate) const ORGANIZATION: &str = "organization";
/// What an account begins with.
pub(crate) const ACCOUNT: &str = "account/";

/// Who administers a key.
pub(crate) static KEY_ADMIN: Format = Format {
    noun: "a key administrator",
    form: "a role of `roles` (`access`, `apply`, `breakGlass` or `plan`), or a role's ARN",
    pattern: Some("^(access|apply|breakGlass|plan|arn:.+)$"),
    words: None,
    check: |text| {
        if ROLE_WORDS.contains(&text) || (text.starts_with("arn:") && (ROLE_ARN.check)(text).is_ok()) {
            return Ok(());
        }
        if text.starts_with("arn:") {
            return (ROLE_ARN.check)(text);
        }
        Err(Fault::new(
            UNKNOWN_WORD,
            format!("`{text}` is neither a role of `roles` nor the ARN of one"),
            "write `access`, `apply`, `breakGlass` or `plan`, or a role's ARN",
        ))
    },
};

/// A service that encrypts with a key.
pub(crate) static KEY_SERVICE: Format = Format {
    noun: "a service that uses keys",
    form: "one of the words below",
    pattern: None,
    words: Some(|| {
        let services = KeyServices::published().ok();
        services.into_iter().flat_map(|services| services.services.keys().map(String::as_str)).collect()
    }),
    check: |text| {
        let Ok(known) = KeyServices::published() else { return Ok(()) };
        if known.services.contains_key(text) {
            return Ok(());
        }
        if let Some(keyless) = known.impossible.get(text) {
            return Err(Fault::new(
                NO_KEY_FOR,
                format!("{} can use no key of yours: {}", keyless.title, keyless.instead),
                "take it out, and give its bucket a policy instead",
            ));
        }
        let words: Vec<String> = known.services.keys().map(|word| format!("`{word}`")).collect();
        Err(Fault::new(
            UNKNOWN_WORD,
            format!("`{text}` is not a service that is known to use keys"),
            format!("choose one of {}", words.join(", ")),
        ))
    },
};

/// Who decrypts with a key.
pub(crate) static KEY_READER: Format = Format {
    noun: "a reader",
    form: "`account/NAME`, `organization`, or a role's ARN",
    pattern: Some("^(account/.+|organization|arn:.+)$"),
    words: None,
    check: |text| {
        if text == ORGANIZATION || text.strip_prefix(ACCOUNT).is_some_and(|name| !name.is_empty()) {
            return Ok(());
        }
        if text.starts_with("arn:") {
            return (ROLE_ARN.check)(text);
        }
        Err(Fault::new(
            UNKNOWN_WORD,
            format!("`{text}` is neither an account, nor the organization, nor a role's ARN"),
            "write `account/NAME`, `organization`, or a role's ARN",
        ))
    },
};

/// Days between two rotations of a key.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html>
pub(crate) static ROTATION: Format = Format {
    noun: "a rotation period",
    form: "`90d` to `2560d`",
    pattern: Some("^[0-9]{2,4}d$"),
    words: None,
    check: |text| match days(text) {
        Some(90..=2560) => Ok(()),
        _ => Err(Fault::new(
            BAD_PERIOD,
            format!("`{text}` is not a rotation period"),
            "write 90 to 2560 days, as in `365d`: AWS KMS takes no other",
        )),
    },
};

/// Days between retiring a key and its deletion.
///
/// AWS waits 7 to 30 days. Nothing that a deleted key encrypted can ever be read again, so only the longest is taken.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html>
pub(crate) static RETIREMENT: Format = Format {
    noun: "a retirement period",
    form: "`30d`",
    pattern: Some("^[0-9]{2}d$"),
    words: None,
    check: |text| match days(text) {
        Some(30) => Ok(()),
        Some(fewer) if fewer < 30 => Err(Fault::new(
            BAD_PERIOD,
            format!("a key is not retired within {fewer} days"),
            "write `30d`: whoever still needs the key must have time to notice",
        )),
        _ => Err(Fault::new(
            BAD_PERIOD,
            format!("`{text}` is not a retirement period"),
            "write `30d`, the longest that AWS KMS waits",
        )),
    },
};

/// The number in `365d`.
pub(crate) fn days(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('d')?;
    let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}
