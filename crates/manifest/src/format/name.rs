//! Names, descriptions and tags.
//!
//! Source of the lengths: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
//! and the AWS Organizations API model; of the tag rules:
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html>.

use super::{published, within};
use crate::code::{BAD_NAME, BAD_TAG, BAD_TEXT, RESERVED_NAME};
use crate::shape::{Fault, Format};

/// The name that marks what is ours; it becomes a tag value.
pub(crate) static ORGANIZATION_NAME: Format = Format {
    noun: "an organization name",
    form: "1 to 64 lower-case letters, digits or hyphens, beginning with a letter",
    pattern: Some("^[a-z][a-z0-9-]{0,63}$"),
    words: None,
    check: |text| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.len() <= 64
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(fits)
        {
            return Ok(());
        }
        Err(Fault::new(
            BAD_NAME,
            format!("`{text}` is not an organization name"),
            "use 1 to 64 lower-case letters, digits or hyphens, beginning with a letter",
        ))
    },
};

/// The name of a member account, as CreateAccount takes it.
pub(crate) static ACCOUNT_NAME: Format = Format {
    noun: "an account name",
    form: "1 to 50 printable ASCII characters",
    pattern: Some("^[ -~]{1,50}$"),
    words: None,
    check: |text| {
        within(text, "an account name", published(|limits| &limits.account_name_length), BAD_NAME)?;
        if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            let help = "use letters, digits and punctuation of ASCII; tags can hold other letters";
            return Err(Fault::new(BAD_NAME, format!("the account name `{text}` is not ASCII"), help));
        }
        no_outer_space(text, "an account name")
    },
};

/// The name of a unit. The key `/` names the root.
pub(crate) static UNIT_NAME: Format = Format {
    noun: "a unit name",
    form: "1 to 128 characters",
    pattern: None,
    words: None,
    check: |text| {
        within(text, "a unit name", published(|limits| &limits.name_length), BAD_NAME)?;
        no_outer_space(text, "a unit name")
    },
};

/// The name of an organization policy.
pub(crate) static POLICY_NAME: Format = Format {
    noun: "a policy name",
    form: "1 to 128 characters; `glidepath-lock`, `glidepath-quarantine` and Control Tower's `aws-guardrails-…` and `aws-controltower-…` are taken",
    pattern: None,
    words: None,
    check: |text| {
        within(text, "a policy name", published(|limits| &limits.name_length), BAD_NAME)?;
        no_outer_space(text, "a policy name")?;
        let lower = text.to_ascii_lowercase();
        if lower == LOCK {
            return Err(Fault::new(
                RESERVED_NAME,
                format!("the policy name `{text}` is Glidepath's own"),
                "choose another name: a policy of this name is the lock that keeps two runs apart",
            ));
        }
        if lower == QUARANTINE {
            return Err(Fault::new(
                RESERVED_NAME,
                format!("the policy name `{text}` is Glidepath's own"),
                "choose another name: a policy of this name freezes accounts with `quarantine: true`",
            ));
        }
        if CONTROL_TOWER.iter().any(|prefix| lower.starts_with(prefix)) {
            return Err(Fault::new(
                RESERVED_NAME,
                format!("the policy name `{text}` belongs to AWS Control Tower"),
                "choose another name: Control Tower counts and changes policies of such names as its own",
            ));
        }
        Ok(())
    },
};

/// The organization policy that serves as lock.
const LOCK: &str = "glidepath-lock";
/// The organization policy on accounts under quarantine.
const QUARANTINE: &str = "glidepath-quarantine";
/// How Control Tower's policy names begin.
///
/// Source: <https://docs.aws.amazon.com/controltower/latest/userguide/governance-drift.html>
const CONTROL_TOWER: [&str; 2] = ["aws-guardrails-", "aws-controltower-"];

/// A policy's description.
pub(crate) static DESCRIPTION: Format = Format {
    noun: "a description",
    form: "at most 512 characters",
    pattern: None,
    words: None,
    check: |text| {
        let most = published(|limits| &limits.description_length);
        if text.is_empty() { Ok(()) } else { within(text.trim_end(), "a description", most, BAD_TEXT) }
    },
};

/// A tag's key.
pub(crate) static TAG_KEY: Format = Format {
    noun: "a tag key",
    form: "1 to 128 characters; `aws:` and `glidepath:` are taken",
    pattern: None,
    words: None,
    check: |text| {
        within(text, "a tag key", 128, BAD_TAG)?;
        tag_characters(text, "a tag key")?;
        let lower = text.to_ascii_lowercase();
        for (prefix, owner) in [("aws:", "AWS"), ("glidepath:", "Glidepath")] {
            if lower.starts_with(prefix) {
                let summary = format!("tag keys that begin with `{prefix}` are {owner}'s own");
                return Err(Fault::new(BAD_TAG, summary, "choose another key"));
            }
        }
        Ok(())
    },
};

/// A tag's value.
pub(crate) static TAG_VALUE: Format = Format {
    noun: "a tag value",
    form: "at most 256 characters",
    pattern: None,
    words: None,
    check: |text| {
        if text.is_empty() {
            return Ok(());
        }
        within(text, "a tag value", 256, BAD_TAG)?;
        tag_characters(text, "a tag value")
    },
};

/// Any text at all.
pub(crate) static ANY_TEXT: Format =
    Format { noun: "a text", form: "any text", pattern: None, words: None, check: |_| Ok(()) };

/// A path within the manifest's folder; whether it stays there is decided when it is read.
pub(crate) static FILE_PATH: Format = Format {
    noun: "a file name",
    form: "a `.json` or `.yaml` file within the manifest's folder",
    pattern: None,
    words: None,
    check: |text| within(text, "a file name", 1024, BAD_TEXT),
};

fn tag_characters(text: &str, noun: &str) -> Result<(), Fault> {
    let fits =
        |character: char| character.is_alphanumeric() || character == ' ' || "_.:/=+-@".contains(character);
    match text.chars().find(|character| !fits(*character)) {
        None => Ok(()),
        Some(character) => Err(Fault::new(
            BAD_TAG,
            format!("{noun} may not hold `{character}`"),
            "letters, digits, spaces and `_ . : / = + - @` are allowed",
        )),
    }
}

fn no_outer_space(text: &str, noun: &str) -> Result<(), Fault> {
    if text.trim() == text {
        return Ok(());
    }
    Err(Fault::new(BAD_NAME, format!("{noun} may not begin or end with a space"), "take the space out"))
}
