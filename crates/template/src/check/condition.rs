//! Conditions that wait for themselves, and parameters whose defaults break their own rules.

use crate::expression::Referred;
use crate::fault::{Fault, Path};
use crate::section::Origin;
use crate::template::Template;
use std::collections::BTreeSet;

pub(super) fn check(template: &Template, faults: &mut Vec<Fault>) {
    let conditions = Path::Root.key("Conditions");
    for name in template.conditions().keys() {
        if let Some(other) = waits_for_itself(template, name) {
            let message = format!(
                "Template format error: Found circular condition dependency between {name} and {other}"
            );
            faults.push(Fault::new(conditions.key(name), message));
        }
    }
    for (name, parameter) in template.parameters() {
        let default = parameter.default.as_ref().filter(|_| parameter.form.origin == Origin::Given);
        faults.extend(default.and_then(|default| parameter.check(name, default).err()));
    }
}

/// The condition that closes the circle, if there is one.
fn waits_for_itself<'t>(template: &'t Template, start: &'t str) -> Option<&'t str> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![start];
    while let Some(name) = open.pop() {
        let Some(condition) = template.conditions().get(name) else { continue };
        let mut closes = false;
        condition.visit(&Path::Root, &mut |_, referred| {
            let Referred::Condition(next) = referred else { return };
            closes |= next == start;
            if seen.insert(next) {
                open.push(next);
            }
        });
        if closes {
            return Some(name);
        }
    }
    None
}
