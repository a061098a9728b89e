//! Comparing one value of a request with one value of a policy.
//!
//! A value of the request that cannot be read as a number, time or address matches nothing.

use crate::document::Comparison;
use crate::pattern::Pattern;
use std::net::IpAddr;

/// Whether a request's value compares so with a policy's value. Negated comparisons are asked through
/// their positive counterpart; `Null` is decided elsewhere.
#[must_use]
pub fn holds(comparison: Comparison, value: &str, text: &str, pattern: &Pattern) -> bool {
    use Comparison as C;
    match comparison {
        C::StringEquals | C::StringNotEquals | C::BinaryEquals => value == text,
        C::StringEqualsIgnoreCase | C::StringNotEqualsIgnoreCase => {
            value.to_lowercase() == text.to_lowercase()
        }
        C::StringLike | C::StringNotLike => pattern.matches(value),
        C::NumericEquals | C::NumericNotEquals => numbers(value, text, |order| order.is_eq()),
        C::NumericLessThan => numbers(value, text, |order| order.is_lt()),
        C::NumericLessThanEquals => numbers(value, text, |order| order.is_le()),
        C::NumericGreaterThan => numbers(value, text, |order| order.is_gt()),
        C::NumericGreaterThanEquals => numbers(value, text, |order| order.is_ge()),
        C::DateEquals | C::DateNotEquals => times(value, text, |order| order.is_eq()),
        C::DateLessThan => times(value, text, |order| order.is_lt()),
        C::DateLessThanEquals => times(value, text, |order| order.is_le()),
        C::DateGreaterThan => times(value, text, |order| order.is_gt()),
        C::DateGreaterThanEquals => times(value, text, |order| order.is_ge()),
        C::Bool => value.eq_ignore_ascii_case(text),
        C::IpAddress | C::NotIpAddress => in_range(value, text),
        C::ArnEquals | C::ArnLike | C::ArnNotEquals | C::ArnNotLike => pattern.matches_arn(value),
        C::Null => false,
    }
}

/// What a comparison reads its values as, where it cannot compare this one; none where it can. A text is
/// compared with anything.
pub(crate) fn misread(comparison: Comparison, text: &str) -> Option<&'static str> {
    use Comparison as C;
    let (readable, what) = match comparison {
        C::StringEquals
        | C::StringNotEquals
        | C::StringEqualsIgnoreCase
        | C::StringNotEqualsIgnoreCase
        | C::StringLike
        | C::StringNotLike
        | C::BinaryEquals => return None,
        C::NumericEquals
        | C::NumericNotEquals
        | C::NumericLessThan
        | C::NumericLessThanEquals
        | C::NumericGreaterThan
        | C::NumericGreaterThanEquals => (number(text).is_some(), "a number"),
        C::DateEquals
        | C::DateNotEquals
        | C::DateLessThan
        | C::DateLessThanEquals
        | C::DateGreaterThan
        | C::DateGreaterThanEquals => (time(text).is_some(), "a time such as `2026-11-24T10:00:00Z`"),
        C::Bool | C::Null => {
            (["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)), "`true` or `false`")
        }
        C::IpAddress | C::NotIpAddress => (is_range(text), "an address or a range such as `203.0.113.0/24`"),
        C::ArnEquals | C::ArnLike | C::ArnNotEquals | C::ArnNotLike => {
            let everything = !text.is_empty() && text.bytes().all(|byte| byte == b'*');
            (everything || text.matches(':').count() >= 5, "an ARN, which has six parts, or `*`")
        }
    };
    (!readable).then_some(what)
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn numbers(value: &str, text: &str, wanted: fn(std::cmp::Ordering) -> bool) -> bool {
    match (number(value), number(text)) {
        (Some(one), Some(other)) => one.partial_cmp(&other).is_some_and(wanted),
        _ => false,
    }
}

fn times(value: &str, text: &str, wanted: fn(std::cmp::Ordering) -> bool) -> bool {
    match (time(value), time(text)) {
        (Some(one), Some(other)) => wanted(one.cmp(&other)),
        _ => false,
    }
}

/// A time as AWS takes it: a W3C profile of ISO 8601, from `2026` to `2026-11-24T10:00:00.5+01:00`, or
/// seconds since 1970.
fn time(text: &str) -> Option<jiff::Timestamp> {
    let text = text.trim();
    let is_date = text.get(4..5) == Some("-");
    if let Ok(seconds) = text.parse::<i64>()
        && (text.len() != 4 || text.starts_with('-'))
    {
        return jiff::Timestamp::from_second(seconds).ok();
    }
    let full = match text.len() {
        4 => format!("{text}-01-01T00:00:00Z"),
        7 if is_date => format!("{text}-01T00:00:00Z"),
        10 if is_date => format!("{text}T00:00:00Z"),
        _ => with_seconds(text),
    };
    full.parse().ok()
}

/// `2026-11-24T10:00Z` with its seconds.
fn with_seconds(text: &str) -> String {
    let bytes = text.as_bytes();
    let minutes_only = bytes.get(13) == Some(&b':') && bytes.get(16).is_none_or(|byte| *byte != b':');
    match (minutes_only, text.get(..16), text.get(16..)) {
        (true, Some(head), Some(zone)) => format!("{head}:00{}", if zone.is_empty() { "Z" } else { zone }),
        _ => text.to_owned(),
    }
}

/// Whether an address lies in a range; a range without a prefix length is one address.
fn in_range(value: &str, range: &str) -> bool {
    let (network, length) = match range.trim().split_once('/') {
        Some((network, length)) => (network, length.parse::<u32>().ok()),
        None => (range.trim(), Some(128)),
    };
    let Some(length) = length else { return false };
    match (value.trim().parse::<IpAddr>(), network.parse::<IpAddr>()) {
        (Ok(IpAddr::V4(address)), Ok(IpAddr::V4(network))) => {
            let bare = !range.contains('/');
            let shift = if bare { 0 } else { 32u32.saturating_sub(length) };
            (bare || length <= 32) && same_head(address.to_bits().into(), network.to_bits().into(), shift)
        }
        (Ok(IpAddr::V6(address)), Ok(IpAddr::V6(network))) => {
            length <= 128 && same_head(address.to_bits(), network.to_bits(), 128 - length)
        }
        _ => false,
    }
}

fn is_range(text: &str) -> bool {
    let (network, length) = match text.trim().split_once('/') {
        Some((network, length)) => (network, length.parse::<u32>().ok()),
        None => (text.trim(), Some(0)),
    };
    match network.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => length.is_some_and(|length| length <= 32),
        Ok(IpAddr::V6(_)) => length.is_some_and(|length| length <= 128),
        Err(_) => false,
    }
}

fn same_head(one: u128, other: u128, shift: u32) -> bool {
    shift >= 128 || (one >> shift) == (other >> shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(comparison: Comparison, value: &str, text: &str) -> bool {
        holds(comparison, value, text, &Pattern::new(text))
    }

    #[test]
    fn rule_19_wildcards_count_only_in_the_like_pair() {
        assert!(!check(Comparison::StringEquals, "abc", "a*"));
        assert!(check(Comparison::StringLike, "abc", "a*"));
        assert!(!check(Comparison::StringLike, "Abc", "a*"), "case counts");
        assert!(check(Comparison::StringEqualsIgnoreCase, "ABC", "abc"));
    }

    #[test]
    fn rule_20_numbers_and_dates() {
        assert!(check(Comparison::NumericLessThanEquals, "10", "10.0"));
        assert!(!check(Comparison::NumericEquals, "ten", "10"), "what is no number matches nothing");
        assert!(check(Comparison::DateGreaterThan, "2026-11-24T10:00:00Z", "2026-11-24"));
        assert!(check(Comparison::DateEquals, "2026-11-24T10:00Z", "2026-11-24T11:00:00+01:00"));
        assert!(check(Comparison::DateEquals, "1764000000", "1764000000"));
        assert!(check(Comparison::DateLessThan, "2026", "2026-02"));
    }

    #[test]
    fn rule_21_addresses_of_both_kinds() {
        assert!(check(Comparison::IpAddress, "203.0.113.7", "203.0.113.0/24"));
        assert!(check(Comparison::IpAddress, "203.0.113.7", "203.0.113.7"));
        assert!(!check(Comparison::IpAddress, "203.0.113.8", "203.0.113.7"));
        assert!(check(Comparison::IpAddress, "2001:db8::1", "2001:db8::/32"));
        assert!(!check(Comparison::IpAddress, "2001:db8::1", "203.0.113.0/24"));
        assert!(check(Comparison::IpAddress, "1.2.3.4", "0.0.0.0/0"));
        assert!(!check(Comparison::IpAddress, "cloudformation.amazonaws.com", "0.0.0.0/0"));
    }

    #[test]
    fn rule_22_arns_are_compared_part_by_part() {
        let role = "arn:aws:iam::111122223333:role/platform/deploy";
        assert!(check(Comparison::ArnLike, role, "arn:*:iam::*:role/platform/*"));
        assert!(check(Comparison::ArnEquals, role, "arn:aws:iam::*:role/*"));
        assert!(
            !check(Comparison::ArnLike, role, "arn:aws:iam:*:role/platform/deploy"),
            "a star stays in its part"
        );
        assert!(check(Comparison::ArnLike, role, "*"));
    }
}
