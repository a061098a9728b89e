//! What a template can ask of the world around its stack: exports, parameters of Systems Manager, secrets, Availability
//! Zones.

use super::resource::{self, Resource};
use super::secret;
use super::stack::Stack;
use crate::world::World;
use glidepath_template::Surroundings;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The world as the template of one stack sees it. It notes which exports were asked for and found.
#[derive(Debug)]
pub(super) struct Around<'a> {
    world: &'a World,
    account: &'a str,
    region: &'a str,
    imported: RefCell<BTreeSet<String>>,
    /// Texts of secrets that the stack itself is about to make, by ARN: they are in no world yet.
    secrets: RefCell<BTreeMap<String, String>>,
}

impl<'a> Around<'a> {
    pub(super) fn new(world: &'a World, account: &'a str, region: &'a str) -> Self {
        Self { world, account, region, imported: RefCell::default(), secrets: RefCell::default() }
    }

    /// Takes note of a resource that the stack is about to have, for those that come after it.
    pub(super) fn note(&self, resource: &Resource) {
        if let Some(text) = secret::text(resource) {
            self.secrets.borrow_mut().insert(resource.physical_id.clone(), text);
        }
    }

    fn secret(&self, reference: &str) -> Option<String> {
        let (arn, key) = secret::cut(reference);
        let own = self.secrets.borrow().get(arn).cloned();
        let text = own.or_else(|| secret::find(self.world, self.account, self.region, arn))?;
        secret::part(&text, key)
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
        match service {
            "ssm" => self.parameter(reference),
            "secretsmanager" => self.secret(reference),
            // Parameters that are secret are made by no stack: a template that wants one is refused.
            _ => None,
        }
    }

    fn zones(&self, region: &str) -> Vec<String> {
        ["a", "b", "c"].iter().map(|zone| format!("{region}{zone}")).collect()
    }

    fn parameter(&self, name: &str) -> Option<String> {
        resource::parameter(self.world, self.account, self.region, name)
    }
}
