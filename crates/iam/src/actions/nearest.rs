//! The known name that somebody may have meant.

/// Names longer than this are not looked at: no action, prefix or key is.
const LONGEST: usize = 128;

/// The one of these names that is nearest to a mistyped one, case aside; none if none is near.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > LONGEST {
        return None;
    }
    let wanted = name.to_ascii_lowercase();
    let most = (wanted.chars().count() / 4).max(1);
    let near = known.into_iter().filter(|other| other.len().abs_diff(wanted.len()) <= most);
    let scored = near.map(|other| (strsim::damerau_levenshtein(&wanted, &other.to_ascii_lowercase()), other));
    scored
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_mended_and_another_word_is_not() {
        let known = ["GetObject", "PutObject", "ListBucket"];
        assert_eq!(nearest("getobjects", known), Some("GetObject"));
        assert_eq!(nearest("PutOjbect", known), Some("PutObject"));
        assert_eq!(nearest("MakeCoffee", known), None);
        assert_eq!(nearest(&"x".repeat(500), known), None);
    }
}
