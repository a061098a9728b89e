//! The changes as a tree: what belongs to the whole organization first, then unit by unit.

use super::fields;
use crate::view::style::{BAD, BOLD, DIM, GONE, GOOD, PLAIN, TALK, WARN, padded, paint, shown, width};
use anstyle::Style;
use glidepath_model::{Address, Target, UnitPath};
use glidepath_plan::change::{Change, Verb};
use glidepath_plan::danger::{Danger, dangers};
use glidepath_plan::spec::Spec;
use glidepath_plan::{LandingZone, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// How much of each change is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What differs.
    Differences,
    /// Also everything that created things will be and deleted things were.
    Everything,
}

/// Addresses longer than this do not push the words beside the others to the right.
const ALIGNED: usize = 56;

/// The sign and the colour of a verb. The sign alone tells which it is.
pub(crate) fn sign(verb: Verb) -> (&'static str, Style) {
    match verb {
        Verb::Create => ("+", GOOD),
        Verb::Update => ("~", WARN),
        Verb::Adopt => ("*", TALK),
        Verb::Delete => ("-", GONE),
        Verb::Forget => ("o", TALK),
    }
}

/// The tree of a plan's changes, every line ending in a line break.
pub(crate) fn tree(plan: &Plan, zone: &LandingZone, detail: Detail) -> String {
    let shows = Shows { detail, dangers: dangers(plan) };
    let mut page = String::new();
    let mut general: BTreeMap<&'static str, Vec<&Change>> = BTreeMap::new();
    let mut units: BTreeMap<UnitPath, Branch<'_>> = BTreeMap::new();
    for change in &plan.changes {
        match place(change, zone) {
            Place::General(title) => general.entry(title).or_default().push(change),
            Place::Unit(path) => units.entry(path).or_default().own = Some(change),
            Place::Inside(path) => units.entry(path).or_default().inside.push(change),
        }
    }
    for (title, changes) in general {
        page.push_str(&format!("  {}\n", paint(BOLD, title)));
        group(&mut page, changes, 2, &shows);
    }
    if units.is_empty() {
        return page;
    }
    page.push_str(&format!("  {}\n", paint(BOLD, "/")));
    let above: BTreeSet<UnitPath> =
        units.keys().flat_map(|path| path.ancestry().collect::<Vec<_>>()).collect();
    for path in above {
        units.entry(path).or_default();
    }
    for (path, branch) in units {
        let depth = path.depth() + 1;
        match branch.own {
            Some(change) => group(&mut page, vec![change], depth, &shows),
            None if path.is_root() => {}
            None => {
                let name = paint(DIM, format!("unit/{}", shown(&path)));
                page.push_str(&format!("{}  {name}\n", "  ".repeat(depth)));
            }
        }
        group(&mut page, branch.inside, depth + 1, &shows);
    }
    page
}

/// What is shown beside the changes themselves.
struct Shows<'a> {
    detail: Detail,
    dangers: BTreeMap<&'a Address, Danger>,
}

impl Shows<'_> {
    /// The words beside a change's address.
    fn beside(&self, change: &Change) -> String {
        let gist = fields::gist(change);
        let mut words = Vec::new();
        if !gist.is_empty() {
            words.push(paint(DIM, gist));
        }
        if self.dangers.get(&change.address) == Some(&Danger::Dangerous) {
            words.push(paint(BAD, "dangerous"));
        }
        words.join("  ")
    }
}

#[derive(Default)]
struct Branch<'a> {
    own: Option<&'a Change>,
    inside: Vec<&'a Change>,
}

enum Place {
    General(&'static str),
    Unit(UnitPath),
    Inside(UnitPath),
}

/// Where a change is shown. An account that the manifest no longer names is shown at the root.
fn place(change: &Change, zone: &LandingZone) -> Place {
    let home = |name: &str| zone.accounts.get(name).map(|account| account.unit.clone());
    match &change.address {
        Address::Organization
        | Address::PolicyType(_)
        | Address::TrustedAccess(_)
        | Address::DelegatedAdministrator { .. }
        | Address::RootAccess(_)
        | Address::ResourcePolicy => Place::General("Organization"),
        Address::Policy { .. } => Place::General("Policies"),
        Address::StackSet(_) | Address::StackSetTargets(_) => Place::General("Stack sets"),
        Address::Stack { .. } => Place::General("Stacks of the management account"),
        Address::Key(_) => Place::General("Keys"),
        Address::Group(_)
        | Address::User(_)
        | Address::Membership(_)
        | Address::AccessControlAttributes
        | Address::PermissionSet(_)
        | Address::Assignments { .. }
        | Address::Assignment { .. } => Place::General("Identity Center"),
        Address::Unit(path) => Place::Unit(path.clone()),
        Address::Attachment { target: Target::Unit(path), .. } => Place::Inside(path.clone()),
        Address::Attachment { target: Target::Account(name), .. } => {
            Place::Inside(home(name).unwrap_or_default())
        }
        Address::AccountSettings(name) => Place::Inside(home(name).unwrap_or_default()),
        Address::Account(name) => {
            let observed = match change.action.before() {
                Some(Spec::Account(account)) => Some(account.unit.clone()),
                _ => None,
            };
            Place::Inside(home(name).or(observed).unwrap_or_default())
        }
    }
}

/// Changes side by side, in the order of their addresses.
fn group(page: &mut String, mut changes: Vec<&Change>, depth: usize, shows: &Shows<'_>) {
    changes.sort_by(|one, two| order(one).cmp(&order(two)));
    let rows: Vec<(&Change, String, String)> =
        changes.into_iter().map(|change| (change, shown(&change.address), shows.beside(change))).collect();
    let told = rows.iter().filter(|(_, _, gist)| !gist.is_empty());
    let wide = told.map(|(_, address, _)| width(address)).filter(|wide| *wide <= ALIGNED).max().unwrap_or(0);
    let indent = "  ".repeat(depth);
    for (change, address, gist) in rows {
        let (sign, style) = sign(change.action.verb());
        let line = if gist.is_empty() {
            format!("{} {address}", paint(style, sign))
        } else {
            format!("{} {}  {}", paint(style, sign), padded(&address, wide), gist)
        };
        page.push_str(&format!("{indent}{line}\n"));
        let mut below = fields::lines(change);
        if shows.detail == Detail::Everything {
            below.extend(fields::all(change));
        }
        for line in below {
            page.push_str(&format!("{indent}    {}\n", paint(PLAIN, line)));
        }
    }
}

/// Accounts come before what is attached to them; attachments of the unit itself come first.
fn order(change: &Change) -> (u8, String, &Address) {
    match &change.address {
        Address::Attachment { target: Target::Unit(_), .. } => (0, String::new(), &change.address),
        Address::Account(name) => (1, name.clone(), &change.address),
        Address::Attachment { target: Target::Account(name), .. } => (1, name.clone(), &change.address),
        other => (2, String::new(), other),
    }
}
