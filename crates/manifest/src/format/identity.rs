//! IAM Identity Center: names, sessions, policies and attributes.
//!
//! Sources: the API references of IAM Identity Center and of the identity store,
//! <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html>,
//! <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroup.html>.

use super::within;
use crate::code::{BAD_NAME, BAD_PERMISSION_SET, BAD_SESSION, BAD_TEXT, UNKNOWN_WORD};
use crate::shape::{Fault, Format};

/// The name of a permission set. It becomes part of a role's name and can never be changed.
pub(crate) static PERMISSION_SET_NAME: Format = Format {
    noun: "a permission set's name",
    form: "1 to 32 letters, digits or `+ = , . @ _ -`",
    pattern: Some("^[A-Za-z0-9_+=,.@-]{1,32}$"),
    words: None,
    check: |text| {
        if (1..=32).contains(&text.len()) && text.bytes().all(is_iam) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_NAME,
            format!("`{text}` is not a permission set's name"),
            "use 1 to 32 letters, digits or `+ = , . @ _ -`: AWS makes roles of it",
        ))
    },
};

/// The description of a permission set.
pub(crate) static PERMISSION_SET_DESCRIPTION: Format = Format {
    noun: "a description",
    form: "1 to 700 characters of Latin-1",
    pattern: None,
    words: None,
    check: |text| {
        within(text.trim_end(), "a description", 700, BAD_TEXT)?;
        let fits =
            |character: char| (' '..='~').contains(&character) || ('\u{a1}'..='\u{ff}').contains(&character);
        if text.trim_end().chars().all(fits) {
            return Ok(());
        }
        let help = "AWS takes letters of western European languages only here";
        Err(Fault::new(BAD_TEXT, format!("AWS does not take the description `{text}`"), help))
    },
};

/// How long a session lasts.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html>
pub(crate) static SESSION: Format = Format {
    noun: "the length of a session",
    form: "`1h` to `12h`, in hours or minutes: `4h`, `90m`, `1h30m`",
    pattern: Some("^([0-9]{1,2}h)?([0-9]{1,3}m)?$"),
    words: None,
    check: |text| match session_seconds(text) {
        Some(3_600..=43_200) => Ok(()),
        _ => Err(Fault::new(
            BAD_SESSION,
            format!("`{text}` is not the length of a session"),
            "write one hour to twelve, as in `4h`, `90m` or `1h30m`: AWS takes no other",
        )),
    },
};

/// Where a session begins.
pub(crate) static RELAY_STATE: Format = Format {
    noun: "a relay state",
    form: "an address within the AWS console, at most 240 characters",
    pattern: None,
    words: None,
    check: |text| {
        within(text, "a relay state", 240, BAD_TEXT)?;
        let fits =
            |byte: u8| byte.is_ascii_alphanumeric() || b"&$@#\\/%?=~-_'\"|!:,.;*+[] (){}".contains(&byte);
        if text.bytes().all(fits) {
            return Ok(());
        }
        let help = "write the address of a page of the console";
        Err(Fault::new(BAD_TEXT, format!("AWS does not take the relay state `{text}`"), help))
    },
};

/// One of AWS's own policies.
pub(crate) static MANAGED_POLICY: Format = Format {
    noun: "one of AWS's own policies",
    form: "its name with its path, such as `AdministratorAccess` or `job-function/ViewOnlyAccess`",
    pattern: Some("^[A-Za-z0-9_+=,.@/-]{1,512}$"),
    words: None,
    check: |text| {
        if text.starts_with("arn:") {
            return Err(Fault::new(
                BAD_PERMISSION_SET,
                format!("`{text}` is an ARN"),
                "write what follows `policy/` in it; a policy of your own belongs under `customerManaged`",
            ));
        }
        if !text.is_empty() && text.split('/').all(|part| !part.is_empty() && part.bytes().all(is_iam)) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_PERMISSION_SET,
            format!("`{text}` is not the name of a policy"),
            "write the policy's name with its path, such as `job-function/ViewOnlyAccess`",
        ))
    },
};

/// The name of a policy that each account has for itself.
pub(crate) static CUSTOMER_POLICY_NAME: Format = Format {
    noun: "a policy's name",
    form: "1 to 128 letters, digits or `+ = , . @ _ -`",
    pattern: Some("^[A-Za-z0-9_+=,.@-]{1,128}$"),
    words: None,
    check: |text| {
        if (1..=128).contains(&text.len()) && text.bytes().all(is_iam) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_PERMISSION_SET,
            format!("`{text}` is not the name of a policy"),
            "write the name alone: its path stands under `path`, and the account is each one's own",
        ))
    },
};

/// The path of a policy.
pub(crate) static POLICY_PATH: Format = Format {
    noun: "a policy's path",
    form: "`/` or `/teams/platform/`",
    pattern: Some("^/([A-Za-z0-9_+=,.@-]+/)*$"),
    words: None,
    check: |text| {
        let inner = text.strip_prefix('/');
        let fits = inner.is_some_and(|inner| {
            let parts = inner.strip_suffix('/').map(|parts| parts.split('/'));
            inner.is_empty()
                || parts
                    .is_some_and(|mut parts| parts.all(|part| !part.is_empty() && part.bytes().all(is_iam)))
        });
        if fits && text.len() <= 512 {
            return Ok(());
        }
        Err(Fault::new(
            BAD_PERMISSION_SET,
            format!("`{text}` is not the path of a policy"),
            "a path begins and ends with `/`, as in `/teams/platform/`",
        ))
    },
};

/// Whose the directory is.
pub(crate) static DIRECTORY: Format = Format {
    noun: "a directory",
    form: "`external` or `managed`",
    pattern: None,
    words: Some(|| vec!["external", "managed"]),
    check: |text| match text {
        "external" | "managed" => Ok(()),
        _ => Err(Fault::new(
            UNKNOWN_WORD,
            format!("`{text}` says nothing of a directory"),
            "write `external` where an identity provider fills the directory, `managed` where this manifest does",
        )),
    },
};

/// A group's name.
pub(crate) static GROUP_NAME: Format = Format {
    noun: "a group's name",
    form: "1 to 1024 characters",
    pattern: None,
    words: None,
    check: |text| {
        within(text, "a group's name", 1024, BAD_NAME)?;
        if text.trim() == text {
            return Ok(());
        }
        Err(Fault::new(BAD_NAME, "a group's name may not begin or end with a space", "take the space out"))
    },
};

/// A user name.
pub(crate) static USER_NAME: Format = Format {
    noun: "a user name",
    form: "1 to 128 characters without spaces; `Administrator` and `AWSAdministrators` are AWS's",
    pattern: None,
    words: None,
    check: |text| {
        within(text, "a user name", 128, BAD_NAME)?;
        if ["administrator", "awsadministrators"].contains(&text.to_ascii_lowercase().as_str()) {
            return Err(Fault::new(
                BAD_NAME,
                format!("the user name `{text}` is AWS's own"),
                "choose another user name",
            ));
        }
        if text.chars().any(char::is_whitespace) {
            return Err(Fault::new(BAD_NAME, format!("the user name `{text}` holds a space"), "take it out"));
        }
        Ok(())
    },
};

/// A part of a person's name, or the description of a group.
pub(crate) static PERSON_TEXT: Format = Format {
    noun: "a text",
    form: "1 to 1024 characters",
    pattern: None,
    words: None,
    check: |text| within(text, "a text", 1024, BAD_TEXT),
};

/// The name of an attribute for access control: a tag key of sessions.
pub(crate) static ATTRIBUTE: Format = Format {
    noun: "an attribute's name",
    form: "1 to 128 letters, digits, spaces or `_ . : / = + - @`",
    pattern: None,
    words: None,
    check: |text| {
        within(text, "an attribute's name", 128, BAD_NAME)?;
        let fits = |character: char| {
            character.is_alphanumeric() || character == ' ' || "_.:/=+-@".contains(character)
        };
        if text.chars().all(fits) {
            return Ok(());
        }
        let help = "letters, digits, spaces and `_ . : / = + - @` are allowed: it becomes a tag of sessions";
        Err(Fault::new(BAD_NAME, format!("AWS does not take the attribute `{text}`"), help))
    },
};

/// Where the value of an attribute comes from.
pub(crate) static ATTRIBUTE_SOURCE: Format = Format {
    noun: "the source of an attribute",
    form: "`${path:enterprise.costCenter}` and the like",
    pattern: None,
    words: None,
    check: |text| {
        within(text, "the source of an attribute", 256, BAD_TEXT)?;
        let fits = |character: char| {
            character.is_alphanumeric() || character == ' ' || "_.:/=+-@[]{}$\\\"".contains(character)
        };
        if text.chars().all(fits) {
            return Ok(());
        }
        let help = "write where the directory has the value, as in `${path:enterprise.costCenter}`";
        Err(Fault::new(BAD_TEXT, format!("AWS does not take `{text}` as a source"), help))
    },
};

fn is_iam(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

/// The seconds of `4h`, `90m` or `1h30m`.
pub(crate) fn session_seconds(text: &str) -> Option<u32> {
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain && digits.len() <= 4 { digits.parse::<u32>().ok() } else { None }
    };
    let (hours, rest) = match text.split_once('h') {
        Some((hours, rest)) => (number(hours)?, rest),
        None => (0, text),
    };
    let minutes = match rest {
        "" if text.contains('h') => 0,
        rest => number(rest.strip_suffix('m')?)?,
    };
    Some(hours * 3_600 + minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_hours_and_minutes() {
        for (text, seconds) in [("4h", 14_400), ("90m", 5_400), ("1h30m", 5_400), ("12h", 43_200)] {
            assert_eq!(session_seconds(text), Some(seconds), "{text}");
        }
        for text in ["", "h", "m", "4", "4h30", "PT4H", "-1h", "1d", "1h1h"] {
            assert_eq!(session_seconds(text), None, "{text}");
        }
        for text in ["59m", "12h1m", "13h", "0h"] {
            assert!((SESSION.check)(text).is_err(), "{text}");
        }
    }
}
