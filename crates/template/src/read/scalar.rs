//! What type a plain word has: numbers of both notations, and the words of YAML 1.1, which CloudFormation reads.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html> and
//! <https://yaml.org/type/>. Dates are text there.

use serde_json::{Number, Value};

/// A plain word of YAML.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plain {
    /// It has this value.
    Is(Value),
    /// A number whose text would not come back: `007`, `1.10`, `12:30`.
    Ambiguous,
}

/// The value of a plain word.
pub(super) fn plain(text: &str) -> Plain {
    let value = match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Value::Bool(false),
        _ if !looks_like_a_number(text) => Value::String(text.to_owned()),
        _ => return number(text).map_or(Plain::Ambiguous, |number| Plain::Is(Value::Number(number))),
    };
    Plain::Is(value)
}

/// The number that a text is, if it would be written the same way again.
pub(super) fn number(text: &str) -> Option<Number> {
    let number = if text.contains(['.', 'e', 'E']) {
        Number::from_f64(text.parse().ok()?)?
    } else {
        let whole = text.parse::<i64>().map(Number::from);
        whole.or_else(|_| text.parse::<u64>().map(Number::from)).ok()?
    };
    (number.to_string() == text).then_some(number)
}

/// Whether some version of YAML takes the text for a number.
fn looks_like_a_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let mut characters = unsigned.chars();
    match (characters.next(), characters.next()) {
        (Some('0'), Some('x' | 'o' | 'b')) => {
            characters.all(|digit| digit.is_ascii_hexdigit() || digit == '_')
        }
        (Some('.'), Some(second)) if second.is_ascii_digit() => is_real(unsigned),
        (Some(first), _) if first.is_ascii_digit() => is_real(unsigned) || is_sexagesimal(unsigned),
        _ => false,
    }
}

/// `15`, `1.5`, `.5`, `1.`, `1e9`, its sign taken off.
fn is_real(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let exponent = exponent.is_none_or(|text| {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        !unsigned.is_empty() && digits(unsigned)
    });
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    exponent && digits(whole) && digits(part)
}

/// `12:30:45`, which YAML 1.1 counts in sixties.
fn is_sexagesimal(text: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.contains(':') && text.split(':').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_types_of_yaml_as_cloudformation_reads_it() {
        let shown = |text: &str| match plain(text) {
            Plain::Is(value) => value.to_string(),
            Plain::Ambiguous => "?".to_owned(),
        };
        let words = "yes off y 42 -1 1.5 2012-10-17 1.2.3 o-1 111122223333 0.0.0.0/0 a:1 2001:db8::/32";
        let shown_words: Vec<String> = words.split(' ').map(shown).collect();
        assert_eq!(
            shown_words.join(" "),
            "true false \"y\" 42 -1 1.5 \"2012-10-17\" \"1.2.3\" \"o-1\" 111122223333 \"0.0.0.0/0\" \"a:1\" \
             \"2001:db8::/32\""
        );
        for text in ["007", "012345678901", "1.10", "0x1f", "1e3", "12:30", "1_000", "+1", ".5", "-0", ".inf"]
        {
            assert_eq!(plain(text), Plain::Ambiguous, "{text}");
        }
    }
}
