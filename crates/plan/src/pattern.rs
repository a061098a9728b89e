//! Address patterns: `*` matches any run of characters, everything else itself.

/// Whether the whole text matches the pattern. A `*` protected by a backslash is a plain one, as in
/// addresses.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = glidepath_model::escape::split(pattern, '*').into_iter();
    let Some(first) = pieces.next() else { return false };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, tail)) => rest = tail,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_any_run_and_nothing_else_does() {
        assert!(matches("policy/scp/old-*", "policy/scp/old-regions"));
        assert!(matches("*@Workloads*", "attachment/scp/x@Workloads/Prod"));
        assert!(matches("unit/Legacy", "unit/Legacy"));
        assert!(!matches("unit/Legacy", "unit/Legacy/Sub"));
        assert!(!matches("a*b", "ab c"));
        assert!(!matches("ab*b", "ab"));
    }
}
