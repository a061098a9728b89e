//! Wildcards: `*` for any run of characters, `?` for exactly one.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>.

/// One piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// This very character.
    Plain(char),
    /// `?`: any one character.
    One,
    /// `*`: any run of characters.
    Run,
}

/// A pattern over texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

impl Pattern {
    /// A pattern in which `*` and `?` are wildcards.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::from_pieces(text.chars().map(|character| match character {
            '*' => Piece::Run,
            '?' => Piece::One,
            plain => Piece::Plain(plain),
        }))
    }

    /// A pattern from its pieces; runs that follow each other count as one.
    #[must_use]
    pub fn from_pieces(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut kept: Vec<Piece> = Vec::new();
        for piece in pieces {
            if piece != Piece::Run || kept.last() != Some(&Piece::Run) {
                kept.push(piece);
            }
        }
        Self { pieces: kept }
    }

    /// Whether it matches every text.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.pieces == [Piece::Run]
    }

    /// Its pieces.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether the whole text matches. Linear in the text but for the last run, which is tried again.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        glob(&self.pieces, text, |_, _| true)
    }

    /// Whether the whole text matches as a resource: a run stays within its colon-separated segment
    /// unless it ends the segment, and `?` never stands for a colon.
    #[must_use]
    pub fn matches_resource(&self, text: &str) -> bool {
        glob(&self.pieces, text, |ends_segment, character| ends_segment || character != ':')
            && (!self.pieces.contains(&Piece::One) || self.matches_without_colon(text))
    }

    /// Whether an ARN has this form: six parts compared one by one, so that a wildcard stays within its
    /// part. A lone `*` is every ARN.
    #[must_use]
    pub fn matches_arn(&self, arn: &str) -> bool {
        if self.is_everything() {
            return true;
        }
        let mut parts = arn.splitn(6, ':');
        let mut forms = self.pieces.splitn(6, |piece| *piece == Piece::Plain(':'));
        (0..6).all(|_| match (parts.next(), forms.next()) {
            (Some(part), Some(form)) => glob(form, part, |_, _| true),
            _ => false,
        })
    }

    fn matches_without_colon(&self, text: &str) -> bool {
        // A `?` that would have to stand for a colon is the only difference, and rare: decide it by the
        // exhaustive matcher.
        exhaustive(&self.pieces, text)
    }
}

/// Greedy matching with one point to come back to. `may_run(ends_segment, character)` says whether a run
/// may take this character.
fn glob(pieces: &[Piece], text: &str, may_run: fn(bool, char) -> bool) -> bool {
    let mut at = 0;
    let mut rest = text;
    let mut retry: Option<(usize, &str)> = None;
    loop {
        let step = match (pieces.get(at), rest.chars().next()) {
            (None, None) => return true,
            (Some(Piece::Run), _) => {
                retry = Some((at, rest));
                at += 1;
                continue;
            }
            (Some(Piece::Plain(wanted)), Some(found)) => *wanted == found,
            (Some(Piece::One), Some(_)) => true,
            (Some(Piece::Plain(_) | Piece::One), None) | (None, Some(_)) => false,
        };
        if step {
            at += 1;
            rest = tail(rest);
            continue;
        }
        let Some((run, from)) = retry else { return false };
        let Some(taken) = from.chars().next() else { return false };
        let ends_segment = matches!(pieces.get(run + 1), None | Some(Piece::Plain(':')));
        if !may_run(ends_segment, taken) {
            // A run that must stop here may still leave the rest to an earlier, freer run.
            return exhaustive(pieces, text);
        }
        retry = Some((run, tail(from)));
        at = run + 1;
        rest = tail(from);
    }
}

fn tail(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next();
    characters.as_str()
}

/// Resource matching by dynamic programming: exact, and slower.
fn exhaustive(pieces: &[Piece], text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let mut reachable = vec![false; characters.len() + 1];
    if let Some(first) = reachable.first_mut() {
        *first = true;
    }
    for (at, piece) in pieces.iter().enumerate() {
        let mut next = vec![false; characters.len() + 1];
        let ends_segment = matches!(pieces.get(at + 1), None | Some(Piece::Plain(':')));
        let mut running = false;
        for position in 0..=characters.len() {
            let here = reachable.get(position).copied().unwrap_or(false);
            let character = characters.get(position).copied();
            match piece {
                Piece::Run => {
                    running |= here;
                    if let Some(slot) = next.get_mut(position) {
                        *slot = running;
                    }
                    running &= character.is_some_and(|found| ends_segment || found != ':');
                }
                Piece::One | Piece::Plain(_) => {
                    let fits = character.is_some_and(|found| match piece {
                        Piece::Plain(wanted) => *wanted == found,
                        Piece::One | Piece::Run => found != ':',
                    });
                    if here
                        && fits
                        && let Some(slot) = next.get_mut(position + 1)
                    {
                        *slot = true;
                    }
                }
            }
        }
        reachable = next;
    }
    reachable.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn as_regex(pattern: &str, run: &str, one: &str) -> regex::Regex {
        let body: String = pattern
            .chars()
            .map(|character| match character {
                '*' => run.to_owned(),
                '?' => one.to_owned(),
                plain => regex::escape(&plain.to_string()),
            })
            .collect();
        regex::Regex::new(&format!("(?s)^{body}$")).unwrap()
    }

    proptest! {
        #[test]
        fn the_matcher_agrees_with_a_regex(pattern in "[ab:*?é]{0,9}", text in "[ab:é]{0,12}") {
            let expected = as_regex(&pattern, ".*", ".").is_match(&text);
            prop_assert_eq!(Pattern::new(&pattern).matches(&text), expected);
        }

        #[test]
        fn the_resource_matcher_agrees_with_a_regex(pattern in "[ab:*?]{0,9}", text in "[ab:]{0,12}") {
            let collapsed = { let mut p = pattern.clone(); while p.contains("**") { p = p.replace("**", "*"); } p };
            let characters: Vec<char> = collapsed.chars().collect();
            let body: String = characters.iter().enumerate().map(|(at, character)| match character {
                '*' if matches!(characters.get(at + 1), None | Some(':')) => ".*".to_owned(),
                '*' => "[^:]*".to_owned(),
                '?' => "[^:]".to_owned(),
                plain => regex::escape(&plain.to_string()),
            }).collect();
            let expected = regex::Regex::new(&format!("(?s)^{body}$")).unwrap().is_match(&text);
            prop_assert_eq!(Pattern::new(&pattern).matches_resource(&text), expected, "{}", pattern);
        }
    }

    #[test]
    fn the_documented_resource_examples_hold() {
        let matches = |pattern: &str, text: &str| Pattern::new(pattern).matches_resource(text);
        assert!(matches(
            "arn:aws:iam::123456789012:user/Development/*",
            "arn:aws:iam::123456789012:user/Development/a/b"
        ));
        assert!(matches("arn:aws:s3:::amzn-bucket*/*test/*", "arn:aws:s3:::amzn-bucket1/object/test/x"));
        assert!(matches("arn:aws:ec2:*", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"));
        assert!(!matches("arn:aws:ec2:*-1:*", "arn:aws:ec2:eu:west:1-1:x"));
    }
}
