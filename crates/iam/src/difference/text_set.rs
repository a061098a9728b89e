//! Sets of texts given by wildcard patterns, and whether any text is in them.
//!
//! A set is everything that some pattern of each list matches and no excluded pattern does. Whether it is
//! empty is decided exactly, by walking all patterns over the same text at once; the walk that gets to
//! the end spells a shortest member.

use super::walk::{Moves, Row, Walk, meet};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

/// How far a walk may go before it gives up.
const MOST_STATES: usize = 20_000;

/// How many words of places a walk may look at before it gives up.
const MOST_LOOKS: usize = 4_000_000;

/// How many answers are kept.
const MOST_WALKED: usize = 20_000;

thread_local! {
    /// Answers of walks. One comparison asks the same of many cells, and the comparisons of one plan, one for
    /// each line of units, are mostly the same.
    static WALKED: RefCell<HashMap<TextSet, Found>> = RefCell::default();
}

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// This character.
    Plain(char),
    /// This character in either case.
    Fold(char),
    /// Any one character.
    One,
    /// Any one character but a colon.
    OneInSegment,
    /// Any run.
    Run,
    /// Any run without a colon.
    RunInSegment,
}

impl Step {
    /// The character, where only one will do.
    fn plain(&self) -> Option<char> {
        match self {
            Self::Plain(character) => Some(*character),
            Self::Fold(_) | Self::One | Self::OneInSegment | Self::Run | Self::RunInSegment => None,
        }
    }
}

/// A pattern with the text it came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Form {
    /// The pattern as a person wrote it.
    pub text: String,
    steps: Vec<Step>,
}

impl Form {
    /// A pattern with wildcards that run over everything: `StringLike`, actions.
    #[must_use]
    pub fn like(text: &str) -> Self {
        let steps = text.chars().map(|character| match character {
            '*' => Step::Run,
            '?' => Step::One,
            plain => Step::Plain(plain),
        });
        Self::new(text, steps)
    }

    /// This very text.
    #[must_use]
    pub fn exact(text: &str) -> Self {
        Self::new(text, text.chars().map(Step::Plain))
    }

    /// This text in any case.
    #[must_use]
    pub fn folded(text: &str) -> Self {
        Self::new(text, text.chars().map(Step::Fold))
    }

    /// A resource: a run stays in its segment unless it ends it.
    #[must_use]
    pub fn resource(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let steps = characters.iter().enumerate().map(|(at, character)| match character {
            '*' if ends_segment(&characters, at) => Step::Run,
            '*' => Step::RunInSegment,
            '?' => Step::OneInSegment,
            plain => Step::Plain(*plain),
        });
        Self::new(text, steps)
    }

    /// An ARN condition: wildcards stay in their part but for the last. None if it has not six parts and so
    /// matches no ARN.
    #[must_use]
    pub fn arn(text: &str) -> Option<Self> {
        if !text.is_empty() && text.chars().all(|character| character == '*') {
            return Some(Self::new(text, [Step::Run]));
        }
        if text.matches(':').count() < 5 {
            return None;
        }
        let mut colons = 0;
        let steps = text.chars().map(|character| {
            let last = colons >= 5;
            match character {
                '*' if last => Step::Run,
                '*' => Step::RunInSegment,
                '?' if last => Step::One,
                '?' => Step::OneInSegment,
                plain => {
                    colons += usize::from(plain == ':');
                    Step::Plain(plain)
                }
            }
        });
        Some(Self::new(text, steps))
    }

    fn new(text: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        Self { text: text.to_owned(), steps: steps.into_iter().collect() }
    }

    /// Whether it matches every text.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        !self.steps.is_empty() && self.steps.iter().all(|step| *step == Step::Run)
    }

    /// The one text that it matches, where it has no wildcard and does not fold case.
    fn only(&self) -> Option<String> {
        self.steps.iter().map(Step::plain).collect()
    }

    /// Whether a text may match both, as far as their beginnings and endings before any wildcard tell.
    fn may_meet(&self, other: &Self) -> bool {
        let agree = |(one, two): (&Step, &Step)| match (one.plain(), two.plain()) {
            (Some(one), Some(two)) => Some(one == two),
            _ => None,
        };
        let (one, two) = (&self.steps, &other.steps);
        one.iter().zip(two).map_while(agree).all(|same| same)
            && one.iter().rev().zip(two.iter().rev()).map_while(agree).all(|same| same)
    }

    /// Its steps.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether it matches a text.
    fn matches(&self, text: &str) -> bool {
        if let Some(only) = self.only() {
            return only == text;
        }
        let walk = Walk::of([self]);
        let end =
            text.chars().fold(walk.start(), |row, character| walk.advance(&row, &walk.moves(character)));
        meet(&end, &walk.ends_of(0..1))
    }
}

fn ends_segment(characters: &[char], at: usize) -> bool {
    let behind = characters.get(at + 1..).unwrap_or_default().iter().find(|character| **character != '*');
    matches!(behind, None | Some(':'))
}

/// Texts that one pattern of each list matches, and none of the excluded ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TextSet {
    /// Lists of which each must have a match.
    pub any: Vec<Vec<Form>>,
    /// Patterns that must not match.
    pub none: Vec<Form>,
}

/// A member of a set, or why there is none to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A shortest member.
    Member(String),
    /// The set is empty.
    Empty,
    /// The walk was given up.
    Unknown,
}

impl TextSet {
    /// Adds "matches one of these", or "matches none of these".
    pub fn restrict(&mut self, forms: &[Form], matching: bool) {
        if !matching {
            self.none
                .extend(forms.iter().filter(|form| !self.none.contains(form)).cloned().collect::<Vec<_>>());
        } else if !forms.iter().any(Form::is_everything) && !self.any.iter().any(|list| list == forms) {
            self.any.push(forms.to_vec());
        }
    }

    /// Whether a text is in the set.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        let matches = |form: &Form| form.matches(text);
        self.any.iter().all(|list| list.iter().any(matches)) && !self.none.iter().any(matches)
    }

    /// Looks for a member.
    #[must_use]
    pub fn find(&self) -> Found {
        if self.none.iter().any(Form::is_everything) || self.any.iter().any(Vec::is_empty) {
            return Found::Empty;
        }
        let written: Option<Vec<String>> =
            self.any.iter().find_map(|list| list.iter().map(Form::only).collect());
        if let Some(texts) = written {
            let members = texts.into_iter().filter(|text| self.contains(text));
            return members.min_by_key(|text| (text.len(), text.clone())).map_or(Found::Empty, Found::Member);
        }
        let set = self.likely();
        WALKED.with_borrow_mut(|walked| {
            if let Some(found) = walked.get(&set) {
                return found.clone();
            }
            let found = set.walk();
            if walked.len() >= MOST_WALKED {
                walked.clear();
            }
            walked.insert(set, found.clone());
            found
        })
    }

    /// The same set without the patterns that no member matches, as far as that is plain to see: a walk
    /// takes all patterns along.
    fn likely(&self) -> Self {
        let meets = |form: &Form, lists: &[Vec<Form>]| {
            lists.iter().all(|list| list.iter().any(|other| form.may_meet(other)))
        };
        let kept = |forms: &Vec<Form>| -> Vec<Form> {
            forms.iter().filter(|form| meets(form, &self.any)).cloned().collect()
        };
        Self { any: self.any.iter().map(kept).collect(), none: kept(&self.none) }
    }

    /// Walks all patterns over the same text at once.
    fn walk(&self) -> Found {
        if self.any.iter().any(Vec::is_empty) {
            return Found::Empty;
        }
        let forms: Vec<&Form> = self.any.iter().flatten().chain(&self.none).collect();
        let walk = Walk::of(forms.iter().copied());
        let alphabet = alphabet(&forms).into_iter().map(|character| (character, walk.moves(character)));
        let alphabet: Vec<(char, Moves)> = alphabet.collect();
        let mut first = 0;
        let lists = self.any.iter().map(|list| {
            let numbers = first..first + list.len();
            first = numbers.end;
            (walk.all_of(numbers.clone()), walk.ends_of(numbers))
        });
        let lists: Vec<(Row, Row)> = lists.collect();
        let excluded = walk.ends_of(first..forms.len());
        let start = walk.start();
        let mut seen: HashSet<Row> = HashSet::from([start.clone()]);
        // Each entry: the entry it came from, and the character between them.
        let mut walked: Vec<(usize, char)> = vec![(0, '\0')];
        let mut open = VecDeque::from([(start, 0usize)]);
        let mut looks = 0;
        while let Some((row, at)) = open.pop_front() {
            if lists.iter().all(|(_, ends)| meet(&row, ends)) && !meet(&row, &excluded) {
                return Found::Member(spell(&walked, at));
            }
            looks += alphabet.len() * walk.words();
            if looks > MOST_LOOKS {
                return Found::Unknown;
            }
            for (character, moves) in &alphabet {
                let next = walk.advance(&row, moves);
                let is_dead = lists.iter().any(|(all, _)| !meet(&next, all));
                if is_dead || seen.contains(&next) {
                    continue;
                }
                if seen.len() >= MOST_STATES {
                    return Found::Unknown;
                }
                seen.insert(next.clone());
                walked.push((at, *character));
                open.push_back((next, walked.len() - 1));
            }
        }
        Found::Empty
    }
}

/// Every character that a pattern tells apart, and one that stands for all others.
fn alphabet(forms: &[&Form]) -> Vec<char> {
    let mut named = BTreeSet::from([':']);
    for step in forms.iter().flat_map(|form| &form.steps) {
        match step {
            Step::Plain(character) => {
                named.insert(*character);
            }
            Step::Fold(character) => {
                named.insert(character.to_ascii_lowercase());
                named.insert(character.to_ascii_uppercase());
            }
            Step::One | Step::OneInSegment | Step::Run | Step::RunInSegment => {}
        }
    }
    let other = ('a'..='z').chain('0'..='9').chain('A'..='Z').find(|character| !named.contains(character));
    let other = other.or_else(|| ('\u{4e00}'..='\u{9fff}').find(|character| !named.contains(character)));
    other.into_iter().chain(named).collect()
}

fn spell(walked: &[(usize, char)], mut at: usize) -> String {
    let mut text = Vec::new();
    while at != 0 {
        let Some((from, character)) = walked.get(at) else { break };
        text.push(*character);
        at = *from;
    }
    text.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Pattern;
    use proptest::prelude::*;

    fn set(any: &[&[&str]], none: &[&str]) -> TextSet {
        TextSet {
            any: any.iter().map(|list| list.iter().map(|text| Form::like(text)).collect()).collect(),
            none: none.iter().map(|text| Form::like(text)).collect(),
        }
    }

    #[test]
    fn a_member_is_found_where_patterns_overlap_and_none_where_they_do_not() {
        assert_eq!(set(&[&["s3:Get*"], &["*Object"]], &[]).find(), Found::Member("s3:GetObject".into()));
        assert_eq!(set(&[&["s3:*"]], &["s3:?*", "s3:"]).find(), Found::Empty);
        assert_eq!(set(&[&["a*"], &["b*"]], &[]).find(), Found::Empty);
    }

    proptest! {
        #[test]
        fn forms_match_what_patterns_match(pattern in "[ab:*?]{0,7}", text in "[ab:]{0,9}") {
            let plain = TextSet { any: vec![vec![Form::like(&pattern)]], none: Vec::new() };
            prop_assert_eq!(plain.contains(&text), Pattern::new(&pattern).matches(&text));
            let resource = TextSet { any: vec![vec![Form::resource(&pattern)]], none: Vec::new() };
            prop_assert_eq!(resource.contains(&text), Pattern::new(&pattern).matches_resource(&text));
            let arn = format!("a:b:c:{text}:e:{text}");
            let form = Form::arn(&format!("a:b:c:{pattern}:e:*"));
            let matched = form.is_some_and(|form| TextSet { any: vec![vec![form]], none: Vec::new() }.contains(&arn));
            prop_assert_eq!(matched, Pattern::new(&format!("a:b:c:{pattern}:e:*")).matches_arn(&arn));
        }

        #[test]
        fn what_is_found_is_a_member_and_what_is_empty_has_none(
            any in proptest::collection::vec(proptest::collection::vec("[ab*?]{0,4}", 1..3), 0..3),
            none in proptest::collection::vec("[ab*?]{0,4}", 0..3),
            texts in proptest::collection::vec("[abc]{0,5}", 30),
        ) {
            let set = TextSet {
                any: any.iter().map(|list| list.iter().map(|text| Form::like(text)).collect()).collect(),
                none: none.iter().map(|text| Form::like(text)).collect(),
            };
            match set.find() {
                Found::Member(text) => prop_assert!(set.contains(&text)),
                Found::Empty => prop_assert!(texts.iter().all(|text| !set.contains(text))),
                Found::Unknown => {}
            }
        }
    }
}
