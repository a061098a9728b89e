//! Packing: the statements of many guardrails in few documents, within AWS's limits of characters a
//! document and documents a target.
//!
//! A document belongs to one set of targets: [`pack`] is called once for each. Where there is room, the
//! document a guardrail falls in follows from its name alone, so that adding or removing one leaves the
//! other documents as they are; only where that takes too many documents they are filled to the brim. What is packed decides every request as the unpacked statements do.

mod merge;

pub use merge::{merged, tidied};

use crate::document::{Document, Effect, Scope, Statement, Version, minified};
use glidepath_model::Digest;
use std::collections::BTreeSet;

/// The statements of one guardrail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// The guardrail's name; unique among those packed together.
    pub source: String,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// How much a target takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Characters a document, white space included.
    pub characters: usize,
    /// Documents.
    pub documents: usize,
}

/// A document and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// What tells it from the others packed with it, and stays the same while the same share of names falls
    /// in it: binary digits, or `d` and a number where documents are filled to the brim. Empty for a lone one.
    pub label: String,
    /// The guardrails that have a statement in it.
    pub sources: BTreeSet<String>,
    /// The document.
    pub document: Document,
}

/// Why statements cannot be packed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// One statement alone is too long.
    #[error("a statement of `{source_name}` takes {characters} characters, and a document holds {capacity}")]
    Statement {
        /// The guardrail.
        source_name: String,
        /// What it takes.
        characters: usize,
        /// What there is.
        capacity: usize,
    },
    /// Even filled to the brim there are too many documents.
    #[error("{needed} documents are needed, and there is room for {capacity}")]
    Documents {
        /// What it takes.
        needed: usize,
        /// What there is.
        capacity: usize,
    },
}

/// Packs the guardrails of one set of targets.
///
/// # Errors
/// [`PackError`] where they do not fit.
pub fn pack(portions: &[Portion], capacity: Capacity) -> Result<Vec<Packed>, PackError> {
    let mut pieces = Vec::new();
    for portion in portions {
        for statement in &portion.statements {
            split(&portion.source, tidied(statement), capacity.characters, &mut pieces)?;
        }
    }
    pieces.sort_by(|one, other| one.source.cmp(&other.source));
    let roomy = by_name(&pieces, capacity.characters, "");
    let packed =
        if roomy.len() <= capacity.documents { roomy } else { dense(pieces, capacity.characters, "") };
    if packed.len() > capacity.documents {
        return Err(PackError::Documents { needed: packed.len(), capacity: capacity.documents });
    }
    Ok(packed.into_iter().map(Bin::into_packed).collect())
}

/// A statement that fits into a document.
#[derive(Debug, Clone)]
struct Piece {
    source: String,
    statement: Statement,
}

/// Cuts a statement until it fits: its actions, else its resources, are divided among two.
fn split(source: &str, statement: Statement, most: usize, pieces: &mut Vec<Piece>) -> Result<(), PackError> {
    let characters = length(std::slice::from_ref(&statement));
    if characters <= most {
        pieces.push(Piece { source: source.to_owned(), statement });
        return Ok(());
    }
    let Some((one, other)) = halves(&statement) else {
        return Err(PackError::Statement { source_name: source.to_owned(), characters, capacity: most });
    };
    split(source, one, most, pieces)?;
    split(source, other, most, pieces)
}

/// Two statements that together say what one said.
fn halves(statement: &Statement) -> Option<(Statement, Statement)> {
    let cut = |list: &[String]| {
        let (one, other) = list.split_at_checked(list.len() / 2)?;
        (!one.is_empty()).then(|| (Scope::Only(one.to_vec()), Scope::Only(other.to_vec())))
    };
    if let Scope::Only(actions) = &statement.actions
        && let Some((one, other)) = cut(actions)
    {
        let with = |actions| Statement { actions, ..statement.clone() };
        return Some((with(one), with(other)));
    }
    if let Some(Scope::Only(resources)) = &statement.resources
        && let Some((one, other)) = cut(resources)
    {
        let with = |resources| Statement { resources: Some(resources), ..statement.clone() };
        return Some((with(one), with(other)));
    }
    None
}

/// A document being filled.
#[derive(Debug, Clone, Default)]
struct Bin {
    label: String,
    sources: BTreeSet<String>,
    statements: Vec<Statement>,
}

impl Bin {
    /// The bin with one more piece, merged where it can be.
    fn with(&self, piece: &Piece) -> Self {
        let mut fuller = self.clone();
        fuller.sources.insert(piece.source.clone());
        fuller.statements.push(piece.statement.clone());
        fuller.statements = merged(fuller.statements);
        fuller
    }

    fn into_packed(self) -> Packed {
        Packed { label: self.label, sources: self.sources, document: document(self.statements) }
    }
}

fn document(statements: Vec<Statement>) -> Document {
    Document { version: Some(Version::V2012), id: None, statements }
}

fn length(statements: &[Statement]) -> usize {
    minified(&document(statements.to_vec())).chars().count()
}

/// Divides by the digests of the names, digit by digit, until each share fits. Which share a guardrail falls
/// in does not depend on the others, so that one more or less touches its own share and at most splits or
/// joins it.
fn by_name(pieces: &[Piece], most: usize, label: &str) -> Vec<Bin> {
    let digit = label.len();
    let start = Bin { label: label.to_owned(), ..Bin::default() };
    let whole = pieces.iter().fold(start, |bin, piece| bin.with(piece));
    if pieces.is_empty() {
        return Vec::new();
    }
    if length(&whole.statements) <= most {
        return vec![whole];
    }
    let one_source = whole.sources.len() == 1;
    if one_source || digit >= DIGITS {
        return dense(pieces.to_vec(), most, label);
    }
    let upper = |piece: &Piece| bit(&piece.source, digit);
    let (high, low): (Vec<Piece>, Vec<Piece>) = pieces.iter().cloned().partition(upper);
    let mut bins = by_name(&low, most, &format!("{label}0"));
    bins.extend(by_name(&high, most, &format!("{label}1")));
    bins
}

/// Binary digits of a digest that are looked at: names that agree on all of them are packed densely.
const DIGITS: usize = 64;

fn bit(source: &str, digit: usize) -> bool {
    let digest = Digest::of_bytes(source.as_bytes());
    let nibble = digest.as_str().chars().nth(digit / 4).and_then(|digit| digit.to_digit(16));
    nibble.is_some_and(|nibble| nibble & (8 >> (digit % 4)) != 0)
}

/// Fills bins to the brim: the longest pieces first, each where it takes the least room.
fn dense(mut pieces: Vec<Piece>, most: usize, label: &str) -> Vec<Bin> {
    pieces.sort_by_cached_key(|piece| {
        (std::cmp::Reverse(length(std::slice::from_ref(&piece.statement))), piece.source.clone())
    });
    let mut bins: Vec<Bin> = Vec::new();
    for piece in &pieces {
        let best = bins
            .iter()
            .enumerate()
            .filter_map(|(at, bin)| {
                let fuller = bin.with(piece);
                let grown = length(&fuller.statements);
                (grown <= most).then(|| (grown.saturating_sub(length(&bin.statements)), at, fuller))
            })
            .min_by_key(|(growth, at, _)| (*growth, *at));
        match best {
            Some((_, at, fuller)) => {
                if let Some(bin) = bins.get_mut(at) {
                    *bin = fuller;
                }
            }
            None => {
                let label = format!("{label}d{}", bins.len() + 1);
                bins.push(Bin { label, ..Bin::default() }.with(piece));
            }
        }
    }
    bins
}

/// Whether the effect is one that may be cut and merged freely. Both are: a Deny of two lists denies what
/// either names, and so does an Allow.
pub(crate) fn same_frame(one: &Statement, other: &Statement) -> bool {
    let effect = |statement: &Statement| statement.effect == Effect::Deny;
    effect(one) == effect(other) && one.principals == other.principals && one.conditions == other.conditions
}
