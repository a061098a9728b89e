//! What questions are answered from: one tree of accounts with its policies, and where requests are made.

use crate::access::{Bearings, Lines};
use crate::change::Change;
use crate::shape::{Shape, Transition};
use crate::world::World;
use crate::zone::LandingZone;
use glidepath_iam::document::{self, Document, Effect, Scope};
use glidepath_iam::evaluate::Layers;
use glidepath_iam::statement::Policy;
use glidepath_model::organization::Snapshot;
use glidepath_model::{Address, PolicyType, Target};
use std::collections::{BTreeMap, BTreeSet};

/// A tree with its policies.
#[derive(Debug, Clone)]
pub struct Ground<'a> {
    shape: Shape,
    bearings: Bearings<'a>,
}

impl<'a> Ground<'a> {
    /// As the manifest alone has it: nothing of AWS is asked, and nothing that is only there counts.
    #[must_use]
    pub fn of_manifest(zone: &'a LandingZone) -> Self {
        Self { shape: Shape::wanted(zone), bearings: Bearings::of_zone(zone) }
    }

    /// As AWS has it, once these changes are made; with none of them, as it is.
    #[must_use]
    pub fn of_aws(zone: &'a LandingZone, snapshot: &Snapshot, changes: &[Change]) -> Self {
        let world = World::new(zone, snapshot);
        let changes: BTreeMap<Address, Change> =
            changes.iter().map(|change| (change.address.clone(), change.clone())).collect();
        let transition = Transition::new(&world, &world.observed(), &changes);
        Self { shape: transition.after, bearings: Bearings::of_zone(zone).and_what_is_in(&world) }
    }

    /// Ready to be asked.
    #[must_use]
    pub fn asker(&self) -> Asker<'_> {
        let (shape, bearings) = (&self.shape, &self.bearings);
        let lines = |ty| Lines::new(shape, ty);
        Asker {
            shape,
            bearings,
            scps: lines(PolicyType::Scp),
            rcps: lines(PolicyType::Rcp),
            all: everything(),
        }
    }
}

/// A ground whose policies are read.
#[derive(Debug)]
pub struct Asker<'g> {
    pub(super) shape: &'g Shape,
    pub(super) bearings: &'g Bearings<'g>,
    scps: Lines<'g>,
    rcps: Lines<'g>,
    all: [Policy; 2],
}

impl Asker<'_> {
    /// The landing zone that is asked about.
    #[must_use]
    pub fn zone(&self) -> &LandingZone {
        self.bearings.zone
    }

    /// Every account of the tree, the management account included.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.shape.accounts.keys().map(String::as_str)
    }

    /// The name of an account that is given by name or id.
    pub(super) fn name_of(&self, account: &str) -> String {
        let known =
            self.bearings.account_name(account).filter(|_| !self.shape.accounts.contains_key(account));
        known.unwrap_or(account).to_owned()
    }

    /// The root, the units and the account itself.
    pub(crate) fn line(&self, account: &str) -> Vec<Target> {
        self.shape.line(account)
    }

    /// Every SCP on the way to the principal's account and every RCP on the way to the resource's, under
    /// policies of principal and resource that allow everything; and the names of policies that could not
    /// be read. An account that is not of the organization has neither.
    pub(super) fn layers(
        &self,
        principal: Option<&str>,
        resource: Option<&str>,
    ) -> (Layers, BTreeSet<String>) {
        let line = |account: Option<&str>| -> Vec<Target> {
            account.map(|name| self.shape.line(name)).unwrap_or_default()
        };
        let (scps, mut unread) = self.scps.ready(&line(principal));
        let (rcps, unread_rcps) = self.rcps.ready(&line(resource));
        unread.extend(unread_rcps);
        let management = Some(self.zone().management_name.as_str());
        let [identity, of_resource] = self.all.clone();
        let layers = Layers {
            scps: scps.filter(|_| principal.is_some()),
            rcps: rcps.filter(|_| resource.is_some()),
            identity: vec![identity],
            resource: Some(of_resource),
            principal_in_management_account: principal == management,
            resource_in_management_account: resource == management,
            ..Layers::default()
        };
        (layers, unread)
    }
}

/// Policies of a principal and of a resource that allow everything, so that SCPs and RCPs alone decide.
fn everything() -> [Policy; 2] {
    let statement = |principals| document::Statement {
        sid: None,
        effect: Effect::Allow,
        principals,
        actions: Scope::Only(vec!["*".to_owned()]),
        resources: Some(Scope::Only(vec!["*".to_owned()])),
        conditions: Vec::new(),
    };
    let policy = |name, principals| {
        Policy::new(name, &Document { version: None, id: None, statements: vec![statement(principals)] })
    };
    let anyone = Some(Scope::Only(vec![document::Principal::Anyone]));
    [policy("of the principal", None), policy("of the resource", anyone)]
}
