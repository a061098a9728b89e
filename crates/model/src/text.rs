//! Text from outside made safe to show: nothing a user wrote, AWS returned or a file held may
//! reach a terminal as a control sequence.

use std::borrow::Cow;

/// Whether a terminal would do something other than show this character: C0 and C1 controls, and the
/// Unicode format characters that reorder or hide text.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with every control or direction-changing character written as `\u{…}`.
///
/// Line breaks are escaped too: use it on one line at a time.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_unsafe(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_direction_overrides_are_written_out() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}c"), "a\\u{1b}[2Jb\\u{202e}c");
        assert!(matches!(printable("Zürich 東京"), Cow::Borrowed(_)));
    }
}
