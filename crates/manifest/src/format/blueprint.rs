//! Names of blueprints. Whether there is one of a name is for the catalogue to say.

use super::guardrail::{OWN_FILE, is_id};
use crate::code::BAD_BLUEPRINT;
use crate::shape::{Fault, Format};

/// A blueprint of the catalogue, a folder with one, or a CloudFormation file.
pub(crate) static BLUEPRINT: Format = Format {
    noun: "a blueprint",
    form: "an id of the catalogue, such as `config-recorder`, or a folder or CloudFormation file of your own, such as `./blueprints/our-network`",
    pattern: Some("^(\\./.+|[a-z0-9-]{1,64})$"),
    words: None,
    check: |text| {
        let own = text.strip_prefix(OWN_FILE).is_some_and(|rest| !rest.is_empty());
        if is_id(text) || (own && !text.chars().any(char::is_control)) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_BLUEPRINT,
            format!("`{text}` is neither a blueprint's id nor a folder or file with one"),
            "write an id, such as `config-recorder`, or a folder or file beginning with `./`",
        ))
    },
};

/// The name of a stack set or stack.
pub(crate) static BLUEPRINT_NAME: Format = Format {
    noun: "a name for a stack set",
    form: "a letter, then letters, digits and hyphens, at most 100 in all",
    pattern: Some("^[a-zA-Z][a-zA-Z0-9-]{0,99}$"),
    words: None,
    check: |text| {
        let mut characters = text.bytes();
        let begins = characters.next().is_some_and(|first| first.is_ascii_alphabetic());
        let fits = characters.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if begins && fits && text.len() <= 100 {
            return Ok(());
        }
        Err(Fault::new(
            BAD_BLUEPRINT,
            format!("`{text}` cannot be the name of a stack set"),
            "begin with a letter; letters, digits and hyphens may follow, 100 characters at most",
        ))
    },
};
