//! What the statements of a document do to each other: one that never matches, one that another makes
//! superfluous, an Allow that is taken back.
//!
//! Statements are compared by the symbols of [`crate::difference`]: what those prove is reported, what
//! they leave open is not.

use super::{Code, Kind, Linter, Part};
use crate::difference::{Cell, Literal, Member, Reach, everyone, literals};
use crate::document::{Effect, Principal, Scope, Statement};
use crate::pattern::Pattern;

/// In documents with more statements than this, which AWS would not take, they are not compared; nor are
/// more pairs than this, nor an Allow that falls into more pieces.
const MOST_STATEMENTS: usize = 400;
const MOST_PAIRS: usize = 100;
const MOST_PIECES: usize = 64;

/// A statement ready to be compared.
struct Symbols<'d> {
    part: Part<'d>,
    literals: Vec<Literal>,
    cell: Cell,
}

pub(super) fn check(linter: &mut Linter<'_>) {
    if linter.document.statements.len() > MOST_STATEMENTS {
        return;
    }
    let reach = match linter.kind {
        Kind::Scp | Kind::Identity => Reach::Principals,
        Kind::Rcp | Kind::Resource => Reach::Everyone,
    };
    let mut alive: Vec<Symbols<'_>> = Vec::new();
    for part in linter.parts() {
        if let Some(first) = alive.iter().find(|known| is_same(known.part.statement, part.statement)) {
            let message = format!("the statement is the same as {}: it adds nothing", name(first.part));
            linter.find(Code::Duplicate, here(part), message, "take one of the two out");
            continue;
        }
        let literals = literals(part.statement, linter.document.has_variables());
        let mut cell = everyone(reach);
        literals.iter().for_each(|literal| cell.restrict(literal));
        if cell.member() == Member::Nobody {
            let message = "no request can match the statement: its parts contradict each other";
            let help = "look at patterns and conditions that exclude what others ask for; values of one key are alternatives, operators and keys are not";
            linter.find(Code::NeverMatches, here(part), message, help);
            continue;
        }
        alive.push(Symbols { part, literals, cell });
    }
    shadows(linter, &alive);
    taken_back(linter, &alive);
}

fn shadows(linter: &mut Linter<'_>, alive: &[Symbols<'_>]) {
    let mut pairs = 0;
    for one in alive {
        let others = alive.iter().filter(|other| {
            let (one, other) = (one.part, other.part);
            one.at != other.at
                && one.statement.effect == other.statement.effect
                && is_about_all_of(other.statement, one.statement)
                && may_hold_all_of(other.statement, one.statement)
        });
        for other in others {
            pairs += 1;
            if pairs > MOST_PAIRS {
                return;
            }
            let mutual = || {
                covers(&one.literals, &other.cell)
                    && is_about_all_of(one.part.statement, other.part.statement)
            };
            if !covers(&other.literals, &one.cell) || (one.part.at < other.part.at && mutual()) {
                continue;
            }
            let does = match one.part.statement.effect {
                Effect::Allow => "allows",
                Effect::Deny => "denies",
            };
            let message = format!("everything that the statement {does}, {} {does} too", name(other.part));
            let help = "take it out, or narrow the other one if this one's conditions are meant";
            linter.find(Code::Shadowed, here(one.part), message, help);
            break;
        }
    }
}

/// Allows of which nothing is left when the document's own Denies are taken away.
fn taken_back(linter: &mut Linter<'_>, alive: &[Symbols<'_>]) {
    let of = |effect: Effect| alive.iter().filter(move |known| known.part.statement.effect == effect);
    for allow in of(Effect::Allow) {
        let denies: Vec<&Symbols<'_>> = of(Effect::Deny)
            .filter(|deny| is_about_all_of(deny.part.statement, allow.part.statement))
            .collect();
        let denied =
            |action: &String| denies.iter().any(|deny| takes(deny.part.statement, &instance(action)));
        let actions = &allow.part.statement.actions;
        let hopeless = !actions.is_negated() && !actions.patterns().iter().all(denied);
        if denies.is_empty() || hopeless {
            continue;
        }
        let mut pieces = vec![allow.cell.clone()];
        for deny in &denies {
            pieces =
                pieces.iter().flat_map(|piece| piece.minus(&deny.literals)).take(MOST_PIECES + 1).collect();
            if pieces.len() > MOST_PIECES {
                break;
            }
        }
        if pieces.is_empty() {
            let message = "the document's own Deny statements deny everything that the statement allows";
            let help = "narrow the Deny, or take the Allow out: a Deny always wins";
            linter.find(Code::AllowsNothing, here(allow.part), message, help);
        }
    }
}

fn here(part: Part<'_>) -> (Option<usize>, usize) {
    (Some(part.at), part.places.start)
}

/// A statement in words: by its `Sid`, else by its number.
fn name(part: Part<'_>) -> String {
    match part.statement.sid.as_deref().filter(|sid| !sid.is_empty()) {
        Some(sid) => format!("statement {} (`{sid}`)", part.at + 1),
        None => format!("statement {}", part.at + 1),
    }
}

fn is_same(one: &Statement, other: &Statement) -> bool {
    one.effect == other.effect
        && one.principals == other.principals
        && one.actions == other.actions
        && one.resources == other.resources
        && one.conditions == other.conditions
}

/// Whether every request in the cell matches the statement with these literals, as far as is proved.
fn covers(literals: &[Literal], cell: &Cell) -> bool {
    cell.minus(literals).is_empty()
}

/// Whether one statement is about all the principals that another is about.
fn is_about_all_of(one: &Statement, other: &Statement) -> bool {
    let everyone = matches!(&one.principals, Some(Scope::Only(list)) if list.contains(&Principal::Anyone));
    everyone || one.principals == other.principals
}

/// Whether one statement's actions can hold all of another's: a cheap look at one action of each pattern,
/// which spares most pairs the comparison by symbols.
fn may_hold_all_of(one: &Statement, other: &Statement) -> bool {
    other.actions.is_negated() || other.actions.patterns().iter().all(|text| takes(one, &instance(text)))
}

fn takes(statement: &Statement, action: &str) -> bool {
    let named = |text: &String| Pattern::new(&text.to_ascii_lowercase()).matches(action);
    statement.actions.patterns().iter().any(named) != statement.actions.is_negated()
}

/// An action that a pattern matches, in lower case.
fn instance(pattern: &str) -> String {
    if !pattern.contains(':') {
        return "x:y".to_owned();
    }
    let (prefix, name) = pattern.split_once(':').unwrap_or((pattern, ""));
    let fill = |part: &str| {
        let plain = part.replace('*', "").replace('?', "x");
        if plain.is_empty() { "x".to_owned() } else { plain.to_ascii_lowercase() }
    };
    format!("{}:{}", fill(prefix), fill(name))
}
