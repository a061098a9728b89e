//! E-mail addresses of accounts, and the pattern that makes them.
//!
//! Source of the length: the AWS Organizations API model, member `Email`.

use super::published;
use crate::code::BAD_EMAIL;
use crate::shape::{Fault, Format};

/// What the pattern holds in place of the account's name.
const ACCOUNT_PLACEHOLDER: &str = "{account}";

/// The address of an account's root user.
pub(crate) static EMAIL: Format = Format {
    noun: "an e-mail address",
    form: "6 to 64 ASCII characters",
    pattern: Some("^[!-?A-~]+@[A-Za-z0-9.-]+$"),
    words: None,
    check: |text| {
        let (least, most) =
            (published(|limits| &limits.email_length_at_least), published(|limits| &limits.email_length));
        let least = if least == usize::MAX { 0 } else { least };
        let length = text.chars().count();
        if !text.is_ascii() {
            return Err(Fault::new(
                BAD_EMAIL,
                format!("the e-mail address `{text}` is not ASCII"),
                "use ASCII letters only",
            ));
        }
        if length < least || length > most {
            return Err(Fault::new(
                BAD_EMAIL,
                format!("an e-mail address must have {least} to {most} characters, `{text}` has {length}"),
                "AWS takes no others; change the part before the `@`",
            ));
        }
        if well_formed(text) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_EMAIL,
            format!("`{text}` is not an e-mail address"),
            "write it as `name@example.com`",
        ))
    },
};

/// The pattern for accounts that give no address.
pub(crate) static EMAIL_PATTERN: Format = Format {
    noun: "an e-mail pattern",
    form: "an e-mail address that holds `{account}` once, before the `@`",
    pattern: Some("^[!-?A-~]*\\{account\\}[!-?A-~]*@[A-Za-z0-9.-]+$"),
    words: None,
    check: |text| {
        let once = text.matches(ACCOUNT_PLACEHOLDER).count() == 1;
        let before_at =
            text.find(ACCOUNT_PLACEHOLDER).zip(text.rfind('@')).is_some_and(|(place, at)| place < at);
        if !once || !before_at {
            let summary =
                format!("the e-mail pattern `{text}` must hold `{ACCOUNT_PLACEHOLDER}` once, before the `@`");
            return Err(Fault::new(BAD_EMAIL, summary, "write it as `aws+{account}@example.com`"));
        }
        if text.is_ascii() && well_formed(&text.replace(ACCOUNT_PLACEHOLDER, "account")) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_EMAIL,
            format!("`{text}` makes no e-mail addresses"),
            "write it as `aws+{account}@example.com`",
        ))
    },
};

/// The address that the pattern makes for an account: the name in lower case, runs of what an address
/// may not hold as one hyphen. None if nothing of the name remains.
pub(crate) fn email_of_account(pattern: &str, account: &str) -> Option<String> {
    let mut name = String::with_capacity(account.len());
    for character in account.chars() {
        if character.is_ascii_alphanumeric() || character == '_' {
            name.push(character.to_ascii_lowercase());
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    (!name.is_empty()).then(|| pattern.replace(ACCOUNT_PLACEHOLDER, name))
}

fn well_formed(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_fits = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let label_fits = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    !local.is_empty()
        && local.split('.').all(|part| !part.is_empty())
        && local.bytes().all(local_fits)
        && domain.contains('.')
        && domain.split('.').all(label_fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_name_becomes_the_legal_part_of_an_address() {
        let made = |name| email_of_account("aws+{account}@example.com", name);
        assert_eq!(made("Shop Prod (EU)").as_deref(), Some("aws+shop-prod-eu@example.com"));
        assert_eq!(made("shop_prod").as_deref(), Some("aws+shop_prod@example.com"));
        assert_eq!(made("()"), None);
    }

    #[test]
    fn addresses_without_a_domain_or_with_empty_parts_are_refused() {
        for text in
            ["root@localhost", "a..b@example.com", "@example.com", "a b@example.com", "a@-x.com", "a@b@"]
        {
            assert!(!well_formed(text), "{text}");
        }
        assert!(well_formed("aws+shop.prod@mail.example.com"));
    }
}
