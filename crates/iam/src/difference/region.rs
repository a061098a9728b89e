//! Comparing two sets of policies: newly denied is what was allowed on every level and by no Deny
//! touched, and now is not.

use super::DocumentLevel;
use super::cell::{Cell, Example, Literal, Member, Test, literals};
use super::text_set::Form;
use crate::context::Context;
use crate::decision::Outcome;
use crate::document::Effect;
use crate::evaluate::{Layers, Level};
use crate::request::{Principal, Request, Resource};
use crate::statement::Policy;

/// How many cells one difference may fall into before it is left whole and unproved.
const MOST_CELLS: usize = 400;

/// The form of every principal's ARN: it is always there, and so is not told.
pub(super) const ANY_PRINCIPAL: &str = "arn:*:*:*:*:*";

/// A principal that the examples are made by where they say nothing else.
const SOMEBODY: &str = "arn:aws:iam::111122223333:role/example";

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What was allowed and no longer is.
    pub newly_denied: Vec<Region>,
    /// What was not allowed and now is.
    pub newly_allowed: Vec<Region>,
}

impl Comparison {
    /// Whether the two sets are proved to decide every request alike.
    #[must_use]
    pub fn is_equivalence(&self) -> bool {
        self.newly_denied.is_empty() && self.newly_allowed.is_empty()
    }

    /// Whether an example shows that the two sets differ.
    #[must_use]
    pub fn is_difference(&self) -> bool {
        let mut all = self.newly_denied.iter().chain(&self.newly_allowed);
        all.any(|region| matches!(region.proof, Proof::Example(_)))
    }
}

/// A part of all requests that changes, or may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Which requests.
    pub cell: Cell,
    /// What makes the change.
    pub origin: Origin,
    /// Whether it is sure.
    pub proof: Proof,
}

/// What makes a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A Deny on one side only.
    Deny {
        /// Its level.
        level: String,
        /// Its policy.
        policy: String,
        /// Its name, if it has one.
        sid: Option<String>,
        /// Its place in the policy, from 0.
        statement: usize,
    },
    /// A level that allows on one side only.
    Allow {
        /// The level.
        level: String,
    },
}

/// Whether a region is known to have a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Evaluating this request against both sets shows the change.
    Example(Example),
    /// No such request was found, and none was proved not to exist.
    NotProved,
}

/// Whose requests the policies reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// SCPs: principals of member accounts, who always have an ARN.
    Principals,
    /// RCPs: everyone, services and strangers included.
    Everyone,
}

/// Compares two sets of policies along one path from the root to an account.
#[must_use]
pub fn compare(before: &[DocumentLevel], after: &[DocumentLevel], reach: Reach) -> Comparison {
    let (old, new) = (Side::of(before, reach), Side::of(after, reach));
    Comparison { newly_denied: lost(&old, &new), newly_allowed: lost(&new, &old) }
}

/// Every request there can be.
pub(crate) fn everyone(reach: Reach) -> Cell {
    let mut start = Cell::default();
    if reach == Reach::Principals {
        let forms = Form::arn(ANY_PRINCIPAL).into_iter().collect();
        let test =
            Test::Key { key: "aws:principalarn".to_owned(), forms, when_absent: false, negated: false };
        start.restrict(&Literal { test, holds: true });
    }
    start
}

/// One set of policies, ready for both ways of asking.
struct Side {
    /// Every request there can be.
    start: Cell,
    denies: Vec<(Origin, Vec<Literal>)>,
    levels: Vec<(String, Vec<Vec<Literal>>)>,
    layers: Layers,
}

impl Side {
    fn of(levels: &[DocumentLevel], reach: Reach) -> Self {
        let start = everyone(reach);
        let mut side = Self { start, denies: Vec::new(), levels: Vec::new(), layers: Layers::default() };
        let mut ready = Vec::new();
        for level in levels {
            let mut allows = Vec::new();
            for (policy, document) in &level.documents {
                for (at, statement) in document.statements.iter().enumerate() {
                    let literals = literals(statement, document.has_variables());
                    match statement.effect {
                        Effect::Allow => allows.push(literals),
                        Effect::Deny => {
                            let origin = Origin::Deny {
                                level: level.name.clone(),
                                policy: policy.clone(),
                                sid: statement.sid.clone(),
                                statement: at,
                            };
                            side.denies.push((origin, literals));
                        }
                    }
                }
            }
            side.levels.push((level.name.clone(), allows));
            let policies =
                level.documents.iter().map(|(name, document)| Policy::new(name, document)).collect();
            ready.push(Level { name: level.name.clone(), policies });
        }
        side.layers.scps = Some(ready);
        side.layers.identity = vec![everything()];
        side
    }

    /// What all levels allow together, Denies aside.
    fn allowed(&self) -> Vec<Cell> {
        let mut cells = vec![self.start.clone()];
        for (_, allows) in &self.levels {
            cells = cells
                .iter()
                .flat_map(|cell| allows.iter().map(|literals| within(cell, literals)))
                .filter(|cell| cell.member() != Member::Nobody)
                .take(MOST_CELLS + 1)
                .collect();
        }
        cells
    }

    fn allows(&self, request: &Request) -> bool {
        self.layers.outcome(request) == Outcome::Allowed
    }
}

fn within(cell: &Cell, literals: &[Literal]) -> Cell {
    let mut inside = cell.clone();
    for literal in literals {
        inside.restrict(literal);
    }
    inside
}

/// What `from` allows and `to` does not.
fn lost(from: &Side, to: &Side) -> Vec<Region> {
    let allowed = from.allowed();
    let mut regions = Vec::new();
    for (origin, literals) in &to.denies {
        if from.denies.iter().any(|(_, known)| known == literals) {
            continue;
        }
        let cells = allowed.iter().map(|cell| within(cell, literals)).collect();
        regions.extend(settle(cells, &[], from, to, origin));
    }
    let most = from.levels.len().max(to.levels.len());
    for at in 0..most {
        let old = from.levels.get(at);
        let new = to.levels.get(at);
        // A level that is not there restricts nothing.
        let Some((name, allows)) = new else { continue };
        if old.is_some_and(|(_, known)| known == allows) {
            continue;
        }
        let origin = Origin::Allow { level: name.clone() };
        regions.extend(settle(allowed.clone(), allows, from, to, &origin));
    }
    regions
}

/// Takes away what is allowed again or was denied already, and looks for examples in what is left.
fn settle(
    cells: Vec<Cell>,
    also_allowed: &[Vec<Literal>],
    from: &Side,
    to: &Side,
    origin: &Origin,
) -> Vec<Region> {
    let takers: Vec<&Vec<Literal>> =
        also_allowed.iter().chain(from.denies.iter().map(|(_, literals)| literals)).collect();
    let cells = cells.into_iter().filter(|cell| cell.member() != Member::Nobody);
    let left = cells.flat_map(|cell| rest(cell, &takers));
    left.map(|cell| {
        let proof = prove(&cell, from, to);
        Region { cell, origin: origin.clone(), proof }
    })
    .collect()
}

/// The cell without these statements.
///
/// Statements that leave the fewest pieces go first: one that covers the whole cell ends it before others
/// have broken it up. Where the pieces become too many to show, what was left whole still covers them.
fn rest(cell: Cell, takers: &[&Vec<Literal>]) -> Vec<Cell> {
    let meeting = takers.iter().filter(|taken| within(&cell, taken).member() != Member::Nobody);
    let mut meeting: Vec<(usize, &[Literal])> =
        meeting.map(|taken| (cell.minus(taken).len(), taken.as_slice())).collect();
    if meeting.iter().any(|(pieces, _)| *pieces == 0) {
        return Vec::new();
    }
    meeting.sort_by_key(|(pieces, _)| *pieces);
    let mut left = vec![cell];
    for (_, taken) in meeting {
        let next: Vec<Cell> =
            left.iter().flat_map(|cell| without(cell, taken)).take(MOST_CELLS + 1).collect();
        if next.len() > MOST_CELLS {
            break;
        }
        left = next;
    }
    left
}

/// The cell without a statement; whole, where the two do not meet.
fn without(cell: &Cell, statement: &[Literal]) -> Vec<Cell> {
    if within(cell, statement).member() == Member::Nobody {
        vec![cell.clone()]
    } else {
        cell.minus(statement)
    }
}

fn prove(cell: &Cell, from: &Side, to: &Side) -> Proof {
    for example in cell.examples() {
        if let Some(request) = request(&example)
            && from.allows(&request)
            && !to.allows(&request)
        {
            return Proof::Example(example);
        }
    }
    Proof::NotProved
}

/// The request that an example describes.
fn request(example: &Example) -> Option<Request> {
    let mut context = Context::new();
    for (key, value) in &example.context {
        context.set(key, value.clone());
    }
    let told = example.context.get("aws:principalarn").and_then(|arn| Principal::parse(arn).ok());
    let principal = match told {
        Some(principal) => principal,
        None => Principal::parse(SOMEBODY).ok()?,
    };
    for key in ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:PrincipalIsAWSService"]
    {
        if !example.context.contains_key(&key.to_ascii_lowercase()) {
            // What the cell leaves open stays absent, so that the example is exactly what was found.
            context.set_all(key, Vec::new());
        }
    }
    Request::new(principal, &example.action, Resource::Arn(example.resource.clone()), None, context).ok()
}

fn everything() -> Policy {
    use crate::document::{Document, Scope, Statement};
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: Scope::Only(vec!["*".to_owned()]),
        resources: Some(Scope::Only(vec!["*".to_owned()])),
        conditions: Vec::new(),
    };
    Policy::new("everything", &Document { version: None, id: None, statements: vec![statement] })
}
