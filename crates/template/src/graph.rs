//! What waits for what: the resources of a template in the order in which they are made.

use crate::expression::Referred;
use crate::fault::{Fault, Path};
use crate::section::Resource;
use crate::template::Template;
use std::collections::{BTreeMap, BTreeSet};

impl Template {
    /// The logical ids, each after all that it names by `Ref`, `Fn::GetAtt`, `Fn::Sub` or `DependsOn`; ties by name.
    ///
    /// # Errors
    /// A fault that names the resources which wait for each other, in the words of CloudFormation.
    pub fn order(&self) -> Result<Vec<String>, Fault> {
        let mut waits = self.dependencies();
        let mut order = Vec::with_capacity(waits.len());
        let mut free: BTreeSet<&str> =
            waits.iter().filter(|(_, on)| on.is_empty()).map(|(name, _)| *name).collect();
        let mut behind: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, on) in &waits {
            for other in on {
                behind.entry(other).or_default().push(name);
            }
        }
        while let Some(name) = free.pop_first() {
            order.push(name.to_owned());
            for next in behind.get(name).into_iter().flatten() {
                if let Some(on) = waits.get_mut(next) {
                    on.remove(name);
                    if on.is_empty() {
                        free.insert(next);
                    }
                }
            }
        }
        if order.len() == waits.len() {
            return Ok(order);
        }
        waits.retain(|_, on| !on.is_empty());
        let message = format!("Circular dependency between resources: [{}]", cycles(&waits).join(", "));
        Err(Fault::new(Path::Root.key("Resources"), message))
    }

    /// What every resource waits for. Names that are no resources are left out: the checks tell them.
    pub(crate) fn dependencies(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let resources = self.resources();
        let dependencies = resources.iter().map(|(name, resource)| {
            let mut on: BTreeSet<&str> = BTreeSet::new();
            let known = |other: &str| resources.get_key_value(other).map(|(other, _)| other.as_str());
            on.extend(resource.depends_on.iter().filter_map(|other| known(other)));
            visit(resource, &Path::Root, &mut |_, referred| match referred {
                Referred::Name(other) | Referred::Attribute(other, _) => on.extend(known(other)),
                Referred::Condition(_) | Referred::Mapping(..) | Referred::Limited(_) => {}
            });
            (name.as_str(), on)
        });
        dependencies.collect()
    }
}

/// Shows every reference in a resource.
pub(crate) fn visit<'r>(
    resource: &'r Resource,
    path: &Path<'_>,
    see: &mut dyn FnMut(&Path<'_>, Referred<'r>),
) {
    resource.parsed.properties.visit(&path.key("Properties"), see);
    for (key, expression) in &resource.parsed.attributes {
        expression.visit(&path.key(key), see);
    }
}

/// Of what could not be ordered, those that wait for themselves by some way; the others only wait for these.
fn cycles<'n>(waits: &BTreeMap<&'n str, BTreeSet<&'n str>>) -> Vec<&'n str> {
    let waits_for_itself = |start: &str| {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = vec![start];
        while let Some(name) = open.pop() {
            for next in waits.get(name).into_iter().flatten() {
                if *next == start {
                    return true;
                }
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        false
    };
    waits.keys().copied().filter(|name| waits_for_itself(name)).collect()
}
