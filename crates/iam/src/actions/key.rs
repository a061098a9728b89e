//! A condition key as it is known: its name, with room for what the user names, and how many values it holds.

/// A condition key of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionKey {
    pub(super) name: &'static str,
    pub(super) values: Values,
}

/// How many values a request may hold under a key.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Values {
    /// At most one.
    Single,
    /// Any number.
    Several,
}

impl ConditionKey {
    /// Its name; `*` stands for a part that the user names: `aws:RequestTag/*`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How many values it holds.
    #[must_use]
    pub fn values(&self) -> Values {
        self.values
    }

    /// Whether a policy that writes this means this key; case does not matter.
    #[must_use]
    pub fn is(&self, written: &str) -> bool {
        is(self.name, written)
    }
}

/// Whether a policy that writes this means the key of that name: what stands before the first `*` and
/// behind the last one is the same, case aside, and there is something between.
pub(super) fn is(name: &str, written: &str) -> bool {
    let Some((head, tail)) = name.split_once('*') else { return name.eq_ignore_ascii_case(written) };
    let tail = tail.rsplit_once('*').map_or(tail, |(_, last)| last);
    let fits = |part: Option<&str>, wanted: &str| part.is_some_and(|part| part.eq_ignore_ascii_case(wanted));
    written.len() > head.len() + tail.len()
        && fits(written.get(..head.len()), head)
        && fits(written.get(written.len() - tail.len()..), tail)
}

#[cfg(test)]
mod tests {
    use super::is;

    #[test]
    fn a_key_is_known_in_any_case_and_with_any_tag() {
        assert!(is("aws:RequestTag/*", "AWS:requesttag/team"));
        assert!(is("codebuild:a/*.value", "codebuild:a/COLOUR.value"));
        assert!(is("aws:TagKeys", "aws:tagkeys"));
        assert!(!is("aws:RequestTag/*", "aws:RequestTag/"), "a tag has a name");
        assert!(!is("aws:TagKeys", "aws:TagKey"));
        assert!(!is("aws:RequestTag/*", "aws:RequestTäg/x"), "no cut inside a character");
    }
}
