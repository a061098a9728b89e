//! What a change does to requests: what it newly denies or allows, what it no longer denies or allows,
//! where, and for which services.

use crate::change::{Change, Verb};
use crate::shape::{PolicyKey, Shape, Transition, allows_all, statements};
use crate::spec::Spec;
use glidepath_model::canonical::canonical_json;
use glidepath_model::{Address, PolicyType, Target, UnitPath};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A part of what a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Something is newly denied.
    DenyGained,
    /// Something is newly allowed.
    AllowGained,
    /// Something is no longer allowed.
    AllowLost,
    /// Something is no longer denied.
    DenyLost,
}

/// Which services' requests a part is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Services {
    /// Possibly all.
    All,
    /// These, by the prefix of their actions.
    Named(BTreeSet<String>),
}

impl Services {
    /// Whether some request may be of both.
    #[must_use]
    pub fn meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(one), Self::Named(two)) => !one.is_disjoint(two),
            (Self::All, _) | (_, Self::All) => true,
        }
    }

    fn join(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Named(one), Self::Named(two)) => one.extend(two),
            (Self::All, _) | (_, Self::All) => *self = Self::All,
        }
    }

    /// The services of a statement: the part before the colon of each of its actions.
    fn of(statement: &Value) -> Self {
        let actions: Vec<&str> = match statement.get("Action") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(_) | None => return Self::All,
        };
        let mut named = BTreeSet::new();
        for action in actions {
            match action.split_once(':') {
                Some((service, _)) if !service.contains(['*', '?']) => {
                    named.insert(service.to_ascii_lowercase());
                }
                _ => return Self::All,
            }
        }
        Self::Named(named)
    }
}

/// What a change does to requests: one to an authorization policy (SCP, RCP), to its attachment, or to
/// the place of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The policy; none where a whole type is disabled or an account moves.
    pub policy: Option<(PolicyType, String)>,
    /// Whether it is the policy's content that changes, everywhere at once.
    pub is_content: bool,
    /// Where it is felt: at these targets and below.
    pub targets: BTreeSet<Target>,
    /// What happens there.
    pub parts: BTreeMap<Part, Services>,
}

impl Effect {
    /// The effect of a change, if it is one on requests.
    #[must_use]
    pub fn of(transition: &Transition, change: &Change) -> Option<Self> {
        match &change.address {
            Address::Attachment { ty, policy, target } if !ty.is_declarative() => {
                Some(Self::of_attachment(transition, change.action.verb(), &(*ty, policy.clone()), target))
            }
            Address::Policy { ty, name } if !ty.is_declarative() => {
                let (Some(Spec::Policy(before)), Some(Spec::Policy(after))) =
                    (change.action.before(), change.action.after())
                else {
                    return None;
                };
                // Where it is attached later it already says what it will.
                let targets: BTreeSet<Target> = transition.before.targets_of(*ty, name).cloned().collect();
                let mut parts = parts(&before.document, &after.document);
                allow_all_hides(transition, *ty, name, &targets, &mut parts);
                Some(Self { policy: Some((*ty, name.clone())), is_content: true, targets, parts })
            }
            Address::PolicyType(ty) if !ty.is_declarative() && change.action.verb() == Verb::Delete => {
                let targets = BTreeSet::from([Target::Unit(UnitPath::root())]);
                let parts = BTreeMap::from([(Part::DenyLost, Services::All)]);
                Some(Self { policy: None, is_content: false, targets, parts })
            }
            Address::Account(name) => {
                let unit = |spec: Option<&Spec>| match spec {
                    Some(Spec::Account(spec)) => Some(spec.unit.clone()),
                    _ => None,
                };
                let (from, to) = (unit(change.action.before()), unit(change.action.after())?);
                if from.as_ref() == Some(&to) {
                    return None;
                }
                let targets = BTreeSet::from([Target::Account(name.clone())]);
                let parts = from.map_or_else(appears, |from| moves(transition, &from, &to));
                Some(Self { policy: None, is_content: false, targets, parts })
            }
            _ => None,
        }
    }

    fn of_attachment(transition: &Transition, verb: Verb, key: &PolicyKey, target: &Target) -> Self {
        let (before, after) = (&transition.before, &transition.after);
        let mut found = match verb {
            Verb::Create => parts(&Value::Null, document(after.policies.get(key))),
            // A policy that changes in the same plan goes with what it says before or after.
            Verb::Delete => {
                let mut all = parts(document(before.policies.get(key)), &Value::Null);
                for (part, services) in parts(document(after.policies.get(key)), &Value::Null) {
                    add(&mut all, part, services);
                }
                all
            }
            Verb::Update | Verb::Adopt | Verb::Forget => BTreeMap::new(),
        };
        let targets = BTreeSet::from([target.clone()]);
        allow_all_hides(transition, key.0, &key.1, &targets, &mut found);
        Self { policy: Some(key.clone()), is_content: false, targets, parts: found }
    }

    /// Whether this is part of it.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        self.parts.contains_key(&part)
    }

    /// Whether one part of this and one of another may concern the same request.
    #[must_use]
    pub fn meets(&self, part: Part, other: &Self, its_part: Part) -> bool {
        match (self.parts.get(&part), other.parts.get(&its_part)) {
            (Some(one), Some(two)) => one.meet(two),
            _ => false,
        }
    }
}

/// Where another policy allows everything before, nothing is newly allowed; where one does after, nothing is
/// lost.
fn allow_all_hides(
    transition: &Transition,
    ty: PolicyType,
    policy: &str,
    targets: &BTreeSet<Target>,
    parts: &mut BTreeMap<Part, Services>,
) {
    let hidden = |shape: &Shape| {
        targets.iter().all(|target| {
            shape.documents_at(target, ty).any(|(name, document)| name != policy && allows_all(document))
        })
    };
    if hidden(&transition.before) {
        parts.remove(&Part::AllowGained);
    }
    if hidden(&transition.after) {
        parts.remove(&Part::AllowLost);
    }
}

/// A new account: nothing was possible in it.
fn appears() -> BTreeMap<Part, Services> {
    BTreeMap::from([(Part::DenyLost, Services::All), (Part::AllowGained, Services::All)])
}

/// An account's move: it leaves what denies and allows on levels that it only had before, and comes under
/// what does on levels that it only has after.
fn moves(transition: &Transition, from: &UnitPath, to: &UnitPath) -> BTreeMap<Part, Services> {
    let mut found = BTreeMap::new();
    let (left, reached): (BTreeSet<UnitPath>, BTreeSet<UnitPath>) =
        (from.ancestry().collect(), to.ancestry().collect());
    let sides = [
        (&transition.before, left.difference(&reached), Part::DenyLost, Part::AllowGained),
        (&transition.after, reached.difference(&left), Part::DenyGained, Part::AllowLost),
    ];
    for (shape, levels, deny, allow) in sides {
        for level in levels.map(|path| Target::Unit(path.clone())) {
            for ty in [PolicyType::Scp, PolicyType::Rcp] {
                let documents: Vec<&Value> =
                    shape.documents_at(&level, ty).map(|(_, document)| document).collect();
                for statement in documents.iter().flat_map(|document| statements(document)) {
                    if denies(statement) {
                        add(&mut found, deny, Services::of(statement));
                    }
                }
                let open = documents.iter().any(|document| allows_all(document));
                if shape.policy_types.contains(&ty) && !open {
                    add(&mut found, allow, Services::All);
                }
            }
        }
    }
    found
}

/// A policy that is not in the shape, or was not read, may say anything; this stands for it.
fn document(found: Option<&Value>) -> &Value {
    found.unwrap_or(&Value::Null)
}

/// The parts of replacing one document by another; null stands for none.
fn parts(before: &Value, after: &Value) -> BTreeMap<Part, Services> {
    let (old, new) = (said(before), said(after));
    let mut found = BTreeMap::new();
    for (text, statement) in &old {
        if !new.contains_key(text) {
            let part = if denies(statement) { Part::DenyLost } else { Part::AllowLost };
            add(&mut found, part, Services::of(statement));
        }
    }
    for (text, statement) in &new {
        if !old.contains_key(text) {
            let part = if denies(statement) { Part::DenyGained } else { Part::AllowGained };
            add(&mut found, part, Services::of(statement));
        }
    }
    found
}

fn add(parts: &mut BTreeMap<Part, Services>, part: Part, services: Services) {
    parts.entry(part).or_insert_with(|| Services::Named(BTreeSet::new())).join(services);
}

fn denies(statement: &Value) -> bool {
    statement.get("Effect") != Some(&Value::from("Allow"))
}

/// Statements by what they say, their names left out.
fn said(document: &Value) -> BTreeMap<String, &Value> {
    statements(document)
        .into_iter()
        .map(|statement| {
            let mut bare = statement.clone();
            if let Value::Object(members) = &mut bare {
                members.remove("Sid");
            }
            (canonical_json(&bare), statement)
        })
        .collect()
}

/// Whether something at one of these places is felt at the other: one lies above the other, an account
/// below all units that it is in before or after.
#[must_use]
pub fn on_one_line(transition: &Transition, one: &Target, two: &Target) -> bool {
    one == two || is_above(transition, one, two) || is_above(transition, two, one)
}

fn is_above(transition: &Transition, above: &Target, below: &Target) -> bool {
    let Target::Unit(above) = above else { return false };
    match below {
        Target::Unit(path) => path.is_within(above),
        Target::Account(name) => [&transition.before, &transition.after]
            .iter()
            .filter_map(|shape| shape.accounts.get(name))
            .any(|unit| unit.is_within(above)),
    }
}
