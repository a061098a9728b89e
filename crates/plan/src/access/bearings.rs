//! What a request carries by being made in this organization: ids, partition, Region, and the context keys
//! that follow from them.

use crate::world::World;
use crate::zone::LandingZone;
use glidepath_iam::context::{Context, Lookup};
use glidepath_iam::evaluate::Layers;
use glidepath_iam::statement::{Policy, Statement};
use glidepath_model::AccountId;
use glidepath_model::regions::{partition, region};
use std::collections::{BTreeMap, BTreeSet};

/// The id of an account that is still to be created, as far as requests are concerned.
pub const NO_ACCOUNT: &str = "000000000000";
/// The id of an organization that is still to be created.
const NO_ORGANIZATION: &str = "o-0000000000";

/// Keys that a request of a person or a role surely does not carry: no service makes it on their behalf.
const ABSENT: [&str; 3] = ["aws:calledvia", "aws:calledviafirst", "aws:calledvialast"];

/// Keys that follow from principal and resource, so that `Request` fills them in by itself.
const FILLED: [&str; 6] = [
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principaltype",
    "aws:principalisawsservice",
    "aws:resourceaccount",
    "aws:username",
];

/// Where requests are made.
#[derive(Debug, Clone)]
pub struct Bearings<'a> {
    /// The landing zone.
    pub zone: &'a LandingZone,
    ids: BTreeMap<String, AccountId>,
    organization: String,
}

impl<'a> Bearings<'a> {
    /// By what the manifest says alone.
    #[must_use]
    pub fn of_zone(zone: &'a LandingZone) -> Self {
        let named = zone.accounts.iter().filter_map(|(name, account)| {
            Some((name.clone(), account.id.as_ref().map(|id| id.value.clone())?))
        });
        let management = (zone.management_name.clone(), zone.management_id.clone());
        let organization = zone.organization_id.as_ref().map(ToString::to_string);
        Self {
            zone,
            ids: named.chain([management]).collect(),
            organization: organization.unwrap_or_else(|| NO_ORGANIZATION.to_owned()),
        }
    }

    /// By what was read from AWS, and by the manifest where nothing was.
    #[must_use]
    pub fn of_world(world: &World<'a>) -> Self {
        Self::of_zone(world.zone).and_what_is_in(world)
    }

    /// With what was read from AWS added.
    #[must_use]
    pub fn and_what_is_in(mut self, world: &World<'_>) -> Self {
        for id in world.snapshot.accounts.keys() {
            if let Some(name) = world.identity.account_name(id) {
                self.ids.insert(name.to_owned(), id.clone());
            }
        }
        if let Some(organization) = &world.snapshot.organization {
            self.organization = organization.id.to_string();
        }
        self
    }

    /// The id of an account; [`NO_ACCOUNT`] for one that is still to be created.
    #[must_use]
    pub fn account_id(&self, name: &str) -> &str {
        self.ids.get(name).map_or(NO_ACCOUNT, AccountId::as_str)
    }

    /// The account of an id.
    #[must_use]
    pub fn account_name(&self, id: &str) -> Option<&str> {
        self.ids.iter().find(|(_, known)| known.as_str() == id).map(|(name, _)| name.as_str())
    }

    /// The organization's partition.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        region(&self.zone.home).map_or("aws", |region| region.partition.as_str())
    }

    /// Where a request is made: global services answer in the control Region alone, others in the home Region.
    #[must_use]
    pub fn region(&self, action: &str) -> String {
        let global = ["iam:", "organizations:"].iter().any(|service| action.starts_with(service));
        let control =
            partition(self.partition()).filter(|_| global).map(|found| found.control_region.clone());
        control.unwrap_or_else(|| self.zone.home.clone())
    }

    /// What is taken for granted of a request for which nothing else is told.
    #[must_use]
    pub fn assumptions(&self, principal: &str, action: &str) -> [(&'static str, String); 7] {
        [
            ("aws:RequestedRegion", self.region(action)),
            ("aws:SecureTransport", "true".to_owned()),
            ("aws:ViaAWSService", "false".to_owned()),
            // No endpoint of AWS answers an older client.
            // <https://aws.amazon.com/blogs/security/tls-1-2-required-for-aws-endpoints/>
            ("s3:TlsVersion", "1.2".to_owned()),
            ("aws:PrincipalArn", principal.to_owned()),
            ("aws:PrincipalOrgID", self.organization.clone()),
            ("aws:ResourceOrgID", self.organization.clone()),
        ]
    }
}

/// Every key that a statement of an SCP or RCP reads, in lower case.
#[must_use]
pub fn keys_read(layers: &Layers) -> BTreeSet<String> {
    let levels = layers.scps.iter().flatten().chain(layers.rcps.iter().flatten());
    let statements = levels.flat_map(|level| &level.policies).flat_map(Policy::statements);
    statements.flat_map(Statement::keys).map(str::to_owned).collect()
}

/// Marks every key as unknown that nobody told and that does not follow from the request itself.
pub fn leave_open(context: &mut Context, keys: &BTreeSet<String>) {
    for key in keys {
        let settled = ABSENT.contains(&key.as_str()) || FILLED.contains(&key.as_str());
        if !settled && context.get(key) == Lookup::Absent {
            context.set_unknown(key);
        }
    }
}
