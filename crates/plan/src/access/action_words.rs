//! Actions as AWS writes them: the policy engine compares them in lower case.

use glidepath_iam::actions::service;

/// A list of actions in words, each action that is a known one as AWS writes it.
pub(super) fn written(words: &str) -> String {
    let list = |part: &str| part.split(", ").map(one).collect::<Vec<_>>().join(", ");
    match words.split_once(" but not ") {
        Some((wanted, excluded)) => format!("{} but not {}", list(wanted), list(excluded)),
        None => list(words),
    }
}

/// One action as AWS writes it; any other text as it is.
pub(super) fn one(action: &str) -> String {
    let known =
        action.split_once(':').and_then(|(prefix, name)| Some((prefix, service(prefix)?.action(name)?)));
    known.map_or_else(|| action.to_owned(), |(prefix, action)| format!("{prefix}:{}", action.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_actions_get_their_letters_back_and_patterns_stay() {
        assert_eq!(written("s3:getobject, s3:put*"), "s3:GetObject, s3:put*");
        assert_eq!(written("any action but not iam:createrole"), "any action but not iam:CreateRole");
        assert_eq!(one("nowhere:x"), "nowhere:x");
    }
}
