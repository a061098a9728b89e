//! Address patterns of `foreign:`.

use crate::code::BAD_FOREIGN;
use crate::shape::{Fault, Format};
use glidepath_model::{Address, PolicyType, escape};

/// An address, or one with `*` for any run of characters.
pub(crate) static FOREIGN: Format = Format {
    noun: "an address pattern",
    form: "an address, in which `*` stands for any run of characters: `unit/Legacy`, `policy/scp/old-*`",
    pattern: None,
    words: None,
    check: |text| {
        if is_pattern(text) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_FOREIGN,
            format!("`{text}` is not an address pattern"),
            "write the kind first, as in `unit/Legacy`, `account/old-*` or `policy/scp/old-*`",
        ))
    },
};

/// The kinds whose addresses have something behind the slash.
const NAMED: [&str; 7] =
    ["policy-type", "unit", "account", "trusted-access", "delegated-administrator", "policy", "attachment"];

fn is_pattern(text: &str) -> bool {
    if text.chars().any(char::is_control) {
        return false;
    }
    if !has_wildcard(text) {
        return Address::parse(text).is_ok();
    }
    let Some((kind, rest)) = escape::split_once(text, '/') else { return false };
    if !NAMED.contains(&kind) || rest.is_empty() {
        return false;
    }
    if !matches!(kind, "policy" | "attachment") {
        return true;
    }
    let ty = escape::split_once(rest, '/').map_or(rest, |(ty, _)| ty);
    has_wildcard(ty) || PolicyType::from_key(ty).is_ok()
}

fn has_wildcard(text: &str) -> bool {
    escape::split_once(text, '*').is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_begins_with_a_kind_that_is_known() {
        for text in
            ["unit/Legacy", "policy/scp/old-*", "policy/*", "account/*", r"unit/a\*b", "attachment/scp/x@*"]
        {
            assert!(is_pattern(text), "{text}");
        }
        for text in ["*", "units/x*", "policy/scpp/*", "unit/", "unit", "organization/*"] {
            assert!(!is_pattern(text), "{text}");
        }
    }
}
