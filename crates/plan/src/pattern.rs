//! Texts that are like each other: address patterns, in which `*` matches any run of characters and everything else
//! itself; and the name that was probably meant.

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

/// The name most like this one, if any is like it: a third of it may differ.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n String>) -> Option<String> {
    let wanted: String = name.chars().take(128).collect::<String>().to_lowercase();
    let most = (wanted.chars().count() / 3).max(1);
    known
        .map(|other| (strsim::damerau_levenshtein(&wanted, &other.to_lowercase()), other))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, other)| other.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        let known = ["platform".to_owned(), "payments".to_owned()];
        assert_eq!(nearest("plattform", known.iter()), Some("platform".to_owned()));
        assert_eq!(nearest("accounting", known.iter()), None);
    }

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
