//! What type a scalar is, by the core schema of YAML 1.2: `yes` and `on` are text, `true` is not.
//!
//! Source: <https://yaml.org/spec/1.2.2/#103-core-schema>

use super::tree::{Scalar, Style};

/// A scalar with its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Resolved<'t> {
    Text(&'t str),
    Flag(bool),
    /// A whole number that fits.
    Whole(i64),
    /// Any other number.
    Real(f64),
    /// A number whose text would not come back: `007`, `.inf`, one too large.
    Ambiguous,
}

/// The type of a scalar. Empty ones never get here: the reader makes them [`super::Value::Empty`].
pub(crate) fn resolve(scalar: &Scalar) -> Resolved<'_> {
    let text: &str = &scalar.text;
    if scalar.style == Style::Text {
        return Resolved::Text(text);
    }
    match text {
        "true" | "True" | "TRUE" => return Resolved::Flag(true),
        "false" | "False" | "FALSE" => return Resolved::Flag(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return Resolved::Text(text);
    }
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits && digits.len() > 1 && digits.starts_with('0') {
        return Resolved::Ambiguous;
    }
    if all_digits {
        return text.parse().map_or(Resolved::Ambiguous, Resolved::Whole);
    }
    let based = |prefix, radix| {
        let rest: &str = text.strip_prefix(prefix)?;
        (!rest.is_empty() && rest.bytes().all(|byte| char::from(byte).is_digit(radix))).then_some(())
    };
    if based("0x", 16).or_else(|| based("0o", 8)).is_some()
        || matches!(digits, ".inf" | ".Inf" | ".INF")
        || matches!(text, ".nan" | ".NaN" | ".NAN")
    {
        return Resolved::Ambiguous;
    }
    if is_real(digits) {
        return match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Resolved::Real(number),
            _ => Resolved::Ambiguous,
        };
    }
    Resolved::Text(text)
}

/// Whether the text is `1.5`, `.5`, `1.` or `1e9`, its sign taken off.
fn is_real(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let exponent = exponent.is_none_or(|text| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    exponent && digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty())
}

/// Whether a plain scalar says that there is nothing.
pub(super) fn is_empty(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_core_schema_makes_types() {
        let plain = |text: &str| Scalar { text: text.into(), style: Style::Plain };
        let types: Vec<String> = [
            "yes",
            "on",
            "true",
            "42",
            "-1",
            "007",
            "0x1f",
            "1.5",
            "1e3",
            ".",
            "1.2.3",
            "o-1",
            "111122223333",
        ]
        .iter()
        .map(|text| format!("{:?}", resolve(&plain(text))))
        .collect();
        assert_eq!(
            types.join(" "),
            "Text(\"yes\") Text(\"on\") Flag(true) Whole(42) Whole(-1) Ambiguous Ambiguous Real(1.5) Real(1000.0) \
             Text(\".\") Text(\"1.2.3\") Text(\"o-1\") Whole(111122223333)"
        );
    }
}
