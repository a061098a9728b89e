//! The few colours there are, and the words and measures that every page shares.

use anstyle::{AnsiColor, Style};
use glidepath_model::text::printable;
use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;
use unicode_width::UnicodeWidthStr as _;

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const GONE: Style = AnsiColor::Red.on_default();
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
pub(crate) const TALK: Style = AnsiColor::Cyan.on_default();

/// A text in a style.
pub(crate) fn paint(style: Style, text: impl Display) -> String {
    if style == PLAIN { text.to_string() } else { format!("{style}{text}{style:#}") }
}

/// Anything from outside as one safe line.
pub(crate) fn shown(value: &impl Display) -> String {
    match printable(&value.to_string()) {
        Cow::Borrowed(safe) => safe.to_owned(),
        Cow::Owned(safe) => safe,
    }
}

/// `1 change`, `3 changes`; the plural is the singular with an `s` unless it is given.
pub(crate) fn count(number: usize, singular: &str) -> String {
    match (number, singular) {
        (1, _) => format!("1 {singular}"),
        (_, word) => match word.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{number} {stem}ies"),
            _ if word.ends_with('s') => format!("{number} {word}"),
            _ => format!("{number} {word}s"),
        },
    }
}

/// Columns that a text without escape sequences takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// A text filled up with spaces to a width.
pub(crate) fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// A duration as people say it: two units at most.
pub(crate) fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => "under a second".to_owned(),
        1..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Words joined as in a sentence: `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(words: &[String]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// `one, two and 3 more`: so many of these names, and how many more there are.
pub(crate) fn few(names: &[String], most: usize) -> String {
    let mut words: Vec<String> = names.iter().take(most).map(shown).collect();
    if let Some(more) = names.len().checked_sub(most).filter(|more| *more > 0) {
        words.push(format!("{more} more"));
    }
    listed(&words)
}

/// An argument as a shell wants it.
pub(crate) fn quoted(argument: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "-_./:@%+=,".contains(character);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_right_plural() {
        assert_eq!(count(1, "policy"), "1 policy");
        assert_eq!(count(2, "policy"), "2 policies");
        assert_eq!(count(0, "gateway"), "0 gateways");
        assert_eq!(count(2, "trusted access"), "2 trusted access");
    }

    #[test]
    fn durations_are_rounded_up_to_what_matters() {
        let words: Vec<String> = [0, 42, 100, 3_600, 7_300].map(|s| spoken(Duration::from_secs(s))).into();
        assert_eq!(words, ["under a second", "42 s", "2 min", "60 min", "2 h 1 min"]);
    }

    #[test]
    fn an_argument_with_a_space_or_a_quote_survives_the_shell() {
        assert_eq!(quoted("unit/Workloads/Prod"), "unit/Workloads/Prod");
        assert_eq!(quoted("it's here"), r"'it'\''s here'");
    }
}
