//! Texts that are a choice among words.

use crate::code::UNKNOWN_WORD;
use crate::quota::limit_names;
use crate::shape::{Fault, Format};
use glidepath_model::PolicyType;

/// A type of organization policy.
pub(crate) static POLICY_TYPE: Format = Format {
    noun: "a policy type",
    form: "one of the words below",
    pattern: None,
    words: Some(|| PolicyType::ALL.iter().map(|ty| ty.key()).collect()),
    check: |text| one_of(text, &POLICY_TYPE),
};

/// A kind of alternate contact.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html>
pub(crate) static CONTACT_KIND: Format = Format {
    noun: "a kind of contact",
    form: "one of the words below",
    pattern: None,
    words: Some(|| vec!["billing", "operations", "security"]),
    check: |text| one_of(text, &CONTACT_KIND),
};

/// How a guardrail acts.
pub(crate) static BEHAVIOUR: Format = Format {
    noun: "a behaviour",
    form: "one of the words below",
    pattern: None,
    words: Some(|| vec!["preventive", "detective", "proactive"]),
    check: |text| one_of(text, &BEHAVIOUR),
};

/// How bad it is to be without a guardrail.
pub(crate) static SEVERITY: Format = Format {
    noun: "a severity",
    form: "one of the words below",
    pattern: None,
    words: Some(|| vec!["low", "medium", "high", "critical"]),
    check: |text| one_of(text, &SEVERITY),
};

/// A limit that the manifest can raise.
pub(crate) static LIMIT_NAME: Format = Format {
    noun: "a limit",
    form: "one of the names below",
    pattern: None,
    words: Some(|| limit_names().map(|(name, _)| name).collect()),
    check: |text| {
        if limit_names().any(|(name, _)| name == text) {
            return Ok(());
        }
        Err(Fault::new(
            UNKNOWN_WORD,
            format!("`{text}` is not a limit that can be raised here"),
            "the reference lists the names, such as `scp.attachedAtMost`",
        ))
    },
};

fn one_of(text: &str, format: &Format) -> Result<(), Fault> {
    let words = format.words.map(|words| words()).unwrap_or_default();
    if words.contains(&text) {
        return Ok(());
    }
    let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let summary = format!("`{text}` is not {}", format.noun);
    Err(Fault::new(UNKNOWN_WORD, summary, format!("choose one of {}", list.join(", "))))
}
