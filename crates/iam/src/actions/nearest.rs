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
    let near = known
        .into_iter()
        .filter(|other| other.len().abs_diff(wanted.len()) <= most && apart_at_least(&wanted, other) <= most);
    let scored = near.map(|other| (strsim::damerau_levenshtein(&wanted, &other.to_ascii_lowercase()), other));
    scored
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

/// How many slips lie between two names at least, case aside: as many as one has letters that the other lacks.
/// It is told in one pass over each, and most names are too far away by it.
fn apart_at_least(one: &str, other: &str) -> usize {
    if !(one.is_ascii() && other.is_ascii()) {
        return 0;
    }
    let mut surplus = [0_i32; 128];
    let mut count = |text: &str, by: i32| {
        for byte in text.bytes() {
            if let Some(letter) = surplus.get_mut(usize::from(byte.to_ascii_lowercase())) {
                *letter += by;
            }
        }
    };
    count(one, 1);
    count(other, -1);
    let total = |sign: i32| surplus.iter().map(|letter| (letter * sign).max(0).unsigned_abs()).sum::<u32>();
    usize::try_from(total(1).max(total(-1))).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{apart_at_least, nearest};
    use proptest::prelude::*;

    #[test]
    fn a_slip_is_mended_and_another_word_is_not() {
        let known = ["GetObject", "PutObject", "ListBucket"];
        assert_eq!(nearest("getobjects", known), Some("GetObject"));
        assert_eq!(nearest("PutOjbect", known), Some("PutObject"));
        assert_eq!(nearest("MakeCoffee", known), None);
        assert_eq!(nearest(&"x".repeat(500), known), None);
    }

    proptest! {
        #[test]
        fn no_name_is_nearer_than_its_letters_say(one in "[a-dA-Dé]{0,9}", other in "[a-dA-Dé]{0,9}") {
            let (small, lower) = (one.to_lowercase(), other.to_lowercase());
            prop_assert!(apart_at_least(&small, &other) <= strsim::damerau_levenshtein(&small, &lower));
        }
    }
}
