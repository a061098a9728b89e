//! What a template can ask of the world around its stack: exports, parameters of Systems Manager, Availability Zones.

use super::resource;
use super::stack::Stack;
use crate::world::World;
use glidepath_template::Surroundings;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The world as the template of one stack sees it. It notes which exports were asked for and found.
#[derive(Debug)]
pub(super) struct Around<'a> {
    world: &'a World,
    account: &'a str,
    region: &'a str,
    imported: RefCell<BTreeSet<String>>,
}

impl<'a> Around<'a> {
    pub(super) fn new(world: &'a World, account: &'a str, region: &'a str) -> Self {
        Self { world, account, region, imported: RefCell::default() }
    }

    /// The exports that were found.
    pub(super) fn imported(&self) -> BTreeSet<String> {
        self.imported.borrow().clone()
    }
}

impl Surroundings for Around<'_> {
    fn export(&self, name: &str) -> Option<String> {
        let at = format!("{}/{}/{name}", self.account, self.region);
        let stack = self.world.by::<Stack>("export", &at).next()?;
        let output = stack.outputs.iter().find(|output| output.export.as_deref() == Some(name))?;
        self.imported.borrow_mut().insert(name.to_owned());
        Some(output.value.clone())
    }

    fn dynamic(&self, service: &str, reference: &str) -> Option<String> {
        // Secrets are no part of the simulated world: a template that wants one is refused.
        if service == "ssm" { self.parameter(reference) } else { None }
    }

    fn zones(&self, region: &str) -> Vec<String> {
        ["a", "b", "c"].iter().map(|zone| format!("{region}{zone}")).collect()
    }

    fn parameter(&self, name: &str) -> Option<String> {
        resource::parameter(self.world, self.account, self.region, name)
    }
}
