//! Words and numbers of `accountSettings`, and aliases of accounts.

use super::key::{KEY_NAME, days};
use crate::code::{BAD_SETTING, BAD_TEXT, UNKNOWN_WORD};
use crate::shape::{Fault, Format};
use glidepath_model::account_settings::{HttpTokens, Preference, SnapshotBlock};

/// What a key of `keys:` begins with.
pub(crate) const NAMED_KEY: &str = "key/";

/// The alias of an account.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html>
pub(crate) static ACCOUNT_ALIAS: Format = Format {
    noun: "an account alias",
    form: "3 to 63 of `a-z`, `0-9` and hyphens; no hyphen at either end, and no two in a row",
    pattern: Some("^[a-z0-9]+(-[a-z0-9]+)*$"),
    words: None,
    check: |text| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let hyphens = text.starts_with('-') || text.ends_with('-') || text.contains("--");
        if (3..=63).contains(&text.len()) && text.bytes().all(fits) && !hyphens {
            return Ok(());
        }
        Err(Fault::new(
            BAD_SETTING,
            format!("`{text}` cannot be the alias of an account"),
            "write 3 to 63 lower-case letters, digits and single hyphens between them",
        ))
    },
};

/// The name of a contact.
///
/// Source of these three: <https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html>
pub(crate) static CONTACT_NAME: Format = Format {
    noun: "a contact's name",
    form: "1 to 64 characters",
    pattern: None,
    words: None,
    check: |text| super::within(text, "a contact's name", 64, BAD_TEXT),
};

/// The title of a contact.
pub(crate) static CONTACT_TITLE: Format = Format {
    noun: "a contact's title",
    form: "1 to 50 characters",
    pattern: None,
    words: None,
    check: |text| super::within(text, "a contact's title", 50, BAD_TEXT),
};

/// The telephone number of a contact.
pub(crate) static CONTACT_PHONE: Format = Format {
    noun: "a telephone number",
    form: "1 to 25 digits, spaces, brackets, `+` and `-`",
    pattern: Some("^[ 0-9()+-]{1,25}$"),
    words: None,
    check: |text| {
        super::within(text, "a telephone number", 25, BAD_TEXT)?;
        if text.chars().all(|character| character.is_ascii_digit() || " ()+-".contains(character)) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_TEXT,
            format!("`{text}` is not a telephone number"),
            "write digits, spaces, brackets, `+` and `-`, as in `+1 555 0100`: AWS takes no others",
        ))
    },
};

/// After how many days a password expires.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>
pub(crate) static PASSWORD_AGE: Format = Format {
    noun: "an age of passwords",
    form: "`1d` to `1095d`",
    pattern: Some("^[0-9]{1,4}d$"),
    words: None,
    check: |text| match days(text) {
        Some(1..=1095) => Ok(()),
        _ => Err(Fault::new(
            BAD_SETTING,
            format!("`{text}` is not an age of passwords"),
            "write 1 to 1095 days, as in `90d`: IAM takes no other",
        )),
    },
};

/// A key that encrypts new volumes.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyEbsDefaultKmsKeyId.html>
pub(crate) static EBS_KEY: Format = Format {
    noun: "a key for volumes",
    form: "`key/NAME` of `keys`, `alias/NAME`, or the ARN of a key or alias",
    pattern: Some("^(key/.+|alias/.+|arn:.+)$"),
    words: None,
    check: |text| {
        let wrong = || {
            Fault::new(
                BAD_SETTING,
                format!("`{text}` names no key that volumes can be encrypted by"),
                "write `key/NAME` of `keys`, `alias/NAME`, or the ARN of a key or alias in the account and Region",
            )
        };
        if let Some(name) = text.strip_prefix(NAMED_KEY) {
            return (KEY_NAME.check)(name);
        }
        let alias = |text: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
            let name = text.strip_prefix("alias/");
            name.is_some_and(|name| (1..=250).contains(&name.len()) && name.bytes().all(fits))
        };
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let fits = match parts.as_slice() {
            ["arn", partition, "kms", region, account, resource] => {
                let id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
                let key = resource.strip_prefix("key/");
                partition.starts_with("aws")
                    && glidepath_model::regions::region(region).is_some()
                    && glidepath_model::AccountId::parse(account).is_ok()
                    && (alias(resource) || key.is_some_and(|key| !key.is_empty() && key.bytes().all(id)))
            }
            _ => alias(text),
        };
        if fits { Ok(()) } else { Err(wrong()) }
    },
};

/// Whether instances ask for a token.
pub(crate) static HTTP_TOKENS: Format = Format {
    noun: "a choice of tokens",
    form: "one of the words below",
    pattern: None,
    words: Some(|| HttpTokens::ALL.iter().map(|choice| choice.word()).collect()),
    check: |text| one_of(text, &HTTP_TOKENS),
};

/// Whether something is on where nobody says so.
pub(crate) static PREFERENCE: Format = Format {
    noun: "a preference",
    form: "one of the words below",
    pattern: None,
    words: Some(|| Preference::ALL.iter().map(|choice| choice.word()).collect()),
    check: |text| one_of(text, &PREFERENCE),
};

/// Whether snapshots can be shared with everybody.
pub(crate) static SNAPSHOT_BLOCK: Format = Format {
    noun: "a block of snapshots",
    form: "one of the words below",
    pattern: None,
    words: Some(|| SnapshotBlock::ALL.iter().map(|choice| choice.word()).collect()),
    check: |text| one_of(text, &SNAPSHOT_BLOCK),
};

/// That there is none.
pub(crate) static ABSENT: Format = Format {
    noun: "the word absent",
    form: "`absent`",
    pattern: None,
    words: Some(|| vec!["absent"]),
    check: |text| one_of(text, &ABSENT),
};

fn one_of(text: &str, format: &Format) -> Result<(), Fault> {
    let words = format.words.map(|words| words()).unwrap_or_default();
    if words.contains(&text) {
        return Ok(());
    }
    let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let summary = format!("`{text}` is not {}", format.noun);
    Err(Fault::new(UNKNOWN_WORD, summary, format!("write {}", list.join(" or "))))
}
