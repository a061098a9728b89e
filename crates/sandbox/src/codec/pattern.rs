//! AWS's patterns, which are Java regular expressions, as ours: compiled on first use, matched against whole texts.

use regex::Regex;
use serde::Deserialize;
use std::sync::OnceLock;

/// A pattern of the shape data.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Pattern {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Pattern {
    fn from(source: String) -> Self {
        Self { source, compiled: OnceLock::new() }
    }
}

impl Pattern {
    /// As AWS writes it.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Whether the whole text matches. A pattern that cannot be compiled matches all; a test compiles each.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.source == r"[\s\S]*" || self.regex().is_none_or(|regex| regex.is_match(text))
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&translated(&self.source)).ok()).as_ref()
    }
}

/// Patterns that look ahead, which the `regex` crate does not, and what matches the same texts of the lengths their
/// shapes allow.
const LOOKING_AHEAD: [(&str, &str); 3] = [
    // Keys of tags that are not AWS's own.
    (
        r"(?!aws:)[a-zA-Z+-=._:/]+",
        r"[b-zA-Z+-=._:/][a-zA-Z+-=._:/]*|a(?:[a-vx-zA-Z+-=._:/][a-zA-Z+-=._:/]*)?|aw(?:[a-rt-zA-Z+-=._:/][a-zA-Z+-=._:/]*)?|aws(?:[a-zA-Z+-9;-=._/][a-zA-Z+-=._:/]*)?",
    ),
    // Account aliases: no two hyphens in a row.
    (r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", r"[a-z0-9](?:-?[a-z0-9])*"),
    // Durations of ISO 8601: a number comes after `P`, or else after `PT`.
    (
        r"(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
        r"-?P(?:(?:\d+Y(?:\d+M)?(?:\d+[DW])?|\d+M(?:\d+[DW])?|\d+[DW])(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?|T(?:\d+H(?:\d+M)?(?:\d+(?:\.\d+)?S)?|\d+M(?:\d+(?:\.\d+)?S)?|\d+(?:\.\d+)?S))",
    ),
];

/// The same pattern in the `regex` crate's words: `\w`, `\d` and `\s` are ASCII in Java, `\u`
/// comes before four hexadecimal digits, a slash may be escaped, and the whole text must match.
fn translated(source: &str) -> String {
    let source = LOOKING_AHEAD.iter().find(|(theirs, _)| *theirs == source).map_or(source, |(_, ours)| *ours);
    let mut result = String::from(r"\A(?:");
    let mut characters = source.chars().peekable();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('w') => result.push_str(if in_class { "0-9A-Za-z_" } else { "[0-9A-Za-z_]" }),
                Some('d') => result.push_str(if in_class { "0-9" } else { "[0-9]" }),
                Some('s') => {
                    result.push_str(if in_class { r" \t\n\r\x0B\x0C" } else { r"[ \t\n\r\x0B\x0C]" })
                }
                Some('u') => {
                    let mut digits = String::new();
                    while let Some(digit) =
                        characters.next_if(|next| digits.len() < 6 && next.is_ascii_hexdigit())
                    {
                        digits.push(digit);
                    }
                    result.push_str(&format!(r"\u{{{digits}}}"));
                }
                Some('/') => result.push('/'),
                Some(':') => result.push(':'),
                Some(' ') => result.push(' '),
                Some(other) => result.extend(['\\', other]),
                None => {}
            },
            '[' if !in_class => {
                in_class = true;
                result.push('[');
            }
            ']' => {
                in_class = false;
                result.push(']');
            }
            other => result.push(other),
        }
    }
    result.push_str(r")\z");
    result
}

#[cfg(test)]
mod tests {
    use super::super::shapes::{Shape, models};
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        let pattern = Pattern::from(pattern.to_owned());
        assert!(pattern.regex().is_some() || pattern.source == r"[\s\S]*", "{}", pattern.source);
        pattern.matches(text)
    }

    #[test]
    fn every_pattern_of_the_shape_data_compiles() {
        let mut seen = 0;
        for model in models() {
            for (name, shape) in model.all_shapes() {
                if let Shape::String { pattern: Some(pattern), .. } = shape {
                    let ours = translated(&pattern.source);
                    assert!(Regex::new(&ours).is_ok(), "{} {name}: {ours}", model.service);
                    seen += 1;
                }
            }
        }
        assert!(seen > 40, "{seen}");
    }

    #[test]
    fn a_pattern_matches_whole_texts_with_java_meaning() {
        let target = r"^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$";
        assert!(matches(target, "444455556666"));
        assert!(!matches(target, "444455556666x"));
        assert!(!matches(r"^\d{12}$", "\u{0661}44455556666"), "arabic digits are not \\d in Java");
        assert!(matches(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$", "Größe 東京"));
        assert!(!matches(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$", "a{b"));
        assert!(matches(
            r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
            "a🎉"
        ));
    }

    #[test]
    fn patterns_that_look_ahead_keep_their_meaning() {
        let [(tag, _), (alias, _), (duration, _)] = LOOKING_AHEAD;
        for key in ["a", "aws", "awsome", "team", "aw:s", "baws:"] {
            assert!(matches(tag, key), "{key}");
        }
        for key in ["", "aws:", "aws:team", "te{am"] {
            assert!(!matches(tag, key), "{key}");
        }
        for (text, fits) in
            [("acme-prod", true), ("a--b", false), ("-ab", false), ("ab-", false), ("Ab", false)]
        {
            assert_eq!(matches(alias, text), fits, "{text}");
        }
        for (text, fits) in [
            ("PT1H", true),
            ("P1DT", true),
            ("P1Y2M3DT4H5M6.7S", true),
            ("P", false),
            ("PT", false),
            ("PTH", false),
        ] {
            assert_eq!(matches(duration, text), fits, "{text}");
        }
    }
}
