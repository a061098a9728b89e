//! The one escaping rule of addresses and selectors: a backslash makes the next character plain.
//!
//! In names `\` escapes `/`, `@`, `:`, `*` and itself. Control characters are legal in no name, so a
//! printed address stays on one line.

/// Characters that mean something in an address or selector and are escaped inside a name.
const SPECIAL: [char; 5] = ['\\', '/', '@', ':', '*'];

/// A name as it stands in an address.
#[must_use]
pub fn escape(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for character in name.chars() {
        if SPECIAL.contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// The name that an escaped text stands for. A backslash at the very end stands for itself.
#[must_use]
pub fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            plain.push(characters.next().unwrap_or('\\'));
        } else {
            plain.push(character);
        }
    }
    plain
}

/// Splits at every `separator` that no backslash protects; the parts stay escaped.
#[must_use]
pub fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((head, tail)) = split_once(rest, separator) {
        parts.push(head);
        rest = tail;
    }
    parts.push(rest);
    parts
}

/// Splits at the first `separator` that no backslash protects; both parts stay escaped.
#[must_use]
pub fn split_once(text: &str, separator: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == separator {
            return Some((text.get(..at)?, text.get(at + separator.len_utf8()..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_protected_separator_does_not_split() {
        assert_eq!(split(r"a\/b/c", '/'), vec![r"a\/b", "c"]);
        assert_eq!(split_once(r"a\@b", '@'), None);
    }

    proptest! {
        #[test]
        fn any_name_comes_back_from_its_escaped_form(name in ".{0,40}") {
            prop_assert_eq!(unescape(&escape(&name)), name);
        }

        #[test]
        fn escaped_names_joined_by_a_separator_split_into_the_same_names(names in proptest::collection::vec(".{0,9}", 1..5)) {
            let joined = names.iter().map(|name| escape(name)).collect::<Vec<_>>().join("/");
            let back: Vec<String> = split(&joined, '/').into_iter().map(unescape).collect();
            prop_assert_eq!(back, names);
        }
    }
}
