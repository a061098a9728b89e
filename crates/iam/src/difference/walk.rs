//! Walking many patterns over one text at once.
//!
//! The places of all patterns lie one behind the other as bits of one row; a character moves them all by
//! one shift.

use super::text_set::{Form, Step};

/// Bits, the first in the lowest place of the first word.
pub(super) type Row = Box<[u64]>;

/// Some patterns, ready to be walked together.
pub(super) struct Walk {
    /// What stands at each place; nothing at the end of a pattern.
    steps: Vec<Option<Step>>,
    /// Where each pattern begins and ends.
    bounds: Vec<(usize, usize)>,
    /// Places from which the next one is reached without a character.
    runs: Row,
}

/// What one character does.
pub(super) struct Moves {
    onward: Row,
    stay: Row,
}

/// Whether two rows have a bit in common.
pub(super) fn meet(one: &Row, other: &Row) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

fn set(row: &mut Row, at: usize) {
    if let Some(word) = row.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

impl Walk {
    /// Over these patterns.
    pub(super) fn of<'f>(forms: impl IntoIterator<Item = &'f Form>) -> Self {
        let mut steps = Vec::new();
        let mut bounds = Vec::new();
        for form in forms {
            let first = steps.len();
            steps.extend(form.steps().iter().copied().map(Some));
            bounds.push((first, steps.len()));
            steps.push(None);
        }
        let mut walk = Self { steps, bounds, runs: Row::default() };
        walk.runs = walk.places(|step| matches!(step, Step::Run | Step::RunInSegment));
        walk
    }

    /// How many words a row has.
    pub(super) fn words(&self) -> usize {
        self.steps.len().div_ceil(64)
    }

    fn empty(&self) -> Row {
        vec![0; self.words()].into()
    }

    fn places(&self, is: impl Fn(Step) -> bool) -> Row {
        let mut row = self.empty();
        let wanted = self.steps.iter().enumerate().filter(|(_, step)| step.is_some_and(&is));
        wanted.for_each(|(at, _)| set(&mut row, at));
        row
    }

    /// All places of these patterns, by their numbers.
    pub(super) fn all_of(&self, patterns: std::ops::Range<usize>) -> Row {
        let mut row = self.empty();
        let bounds = self.bounds.get(patterns).unwrap_or_default();
        bounds.iter().flat_map(|(first, end)| *first..=*end).for_each(|at| set(&mut row, at));
        row
    }

    /// The ends of these patterns, by their numbers.
    pub(super) fn ends_of(&self, patterns: std::ops::Range<usize>) -> Row {
        let mut row = self.empty();
        let bounds = self.bounds.get(patterns).unwrap_or_default();
        bounds.iter().for_each(|(_, end)| set(&mut row, *end));
        row
    }

    /// Before the first character.
    pub(super) fn start(&self) -> Row {
        let mut row = self.empty();
        self.bounds.iter().for_each(|(first, _)| set(&mut row, *first));
        self.close(&mut row);
        row
    }

    /// What a character does.
    pub(super) fn moves(&self, character: char) -> Moves {
        let inside = character != ':';
        Moves {
            onward: self.places(|step| match step {
                Step::Plain(wanted) => wanted == character,
                Step::Fold(wanted) => wanted.eq_ignore_ascii_case(&character),
                Step::One => true,
                Step::OneInSegment => inside,
                Step::Run | Step::RunInSegment => false,
            }),
            stay: self.places(|step| match step {
                Step::Run => true,
                Step::RunInSegment => inside,
                Step::Plain(_) | Step::Fold(_) | Step::One | Step::OneInSegment => false,
            }),
        }
    }

    /// The places after one more character.
    pub(super) fn advance(&self, from: &Row, moves: &Moves) -> Row {
        let mut carry = 0;
        let words = from.iter().zip(&moves.onward).zip(&moves.stay);
        let mut to: Row = words
            .map(|((from, onward), stay)| {
                let moved = from & onward;
                let word = moved << 1 | carry | from & stay;
                carry = moved >> 63;
                word
            })
            .collect();
        self.close(&mut to);
        to
    }

    /// Runs may be empty: whatever stands before one stands behind it too.
    fn close(&self, row: &mut Row) {
        let mut grows = true;
        while grows {
            grows = false;
            let mut carry = 0;
            for (word, runs) in row.iter_mut().zip(&self.runs) {
                let behind = *word & runs;
                let more = *word | behind << 1 | carry;
                carry = behind >> 63;
                grows |= more != *word;
                *word = more;
            }
        }
    }
}
