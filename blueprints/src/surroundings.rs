//! What a blueprint takes from the landing zone around it, under fixed names.

use crate::blueprint::Role;
use glidepath_model::{AccountId, OrganizationId};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// What a blueprint takes from the landing zone around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The organization's id; none before the organization exists.
    pub organization_id: Option<OrganizationId>,
    /// The management account.
    pub management_account: AccountId,
    /// The home Region.
    pub home: String,
    /// The governed Regions.
    pub regions: Vec<String>,
    /// The partition, `aws`.
    pub partition: String,
    /// The partition's domain, `amazonaws.com`.
    pub dns_suffix: String,
    /// Accounts by their role (`log-archive`, `security`, `network`); one that is not created yet is left out.
    pub accounts: BTreeMap<String, AccountId>,
    /// The organization's name in the manifest.
    pub name: String,
}

/// The name under which the helper `account` finds the accounts. No template can write it as a path.
pub(crate) const ACCOUNTS: &str = "accounts";

/// Names that every template may use beside its parameters.
pub(crate) const NAMES: &[&str] = &[
    "organization_id",
    "organization_name",
    "management_account",
    "home_region",
    "governed_regions",
    "partition",
    "dns_suffix",
];

impl Surroundings {
    /// The names with their values; what is not known is null.
    pub(crate) fn names(&self) -> Map<String, Json> {
        let mut names = Map::new();
        let id = self.organization_id.as_ref().map_or(Json::Null, |id| id.as_str().into());
        names.insert("organization_id".to_owned(), id);
        names.insert("organization_name".to_owned(), self.name.as_str().into());
        names.insert("management_account".to_owned(), self.management_account.as_str().into());
        names.insert("home_region".to_owned(), self.home.as_str().into());
        names.insert("governed_regions".to_owned(), self.regions.clone().into());
        names.insert("partition".to_owned(), self.partition.as_str().into());
        names.insert("dns_suffix".to_owned(), self.dns_suffix.as_str().into());
        let accounts = self.accounts.iter().map(|(role, id)| (role.clone(), json!(id.as_str())));
        names.insert(ACCOUNTS.to_owned(), Json::Object(accounts.collect()));
        names
    }

    /// The landing zone of the examples: AWS's documentation accounts, two Regions.
    #[must_use]
    pub fn of_examples() -> Option<Self> {
        let account = |id: &str| AccountId::parse(id).ok();
        let mut accounts = BTreeMap::new();
        for (role, id) in [
            (Role::LogArchive, "777788889999"),
            (Role::Security, "123456789012"),
            (Role::Network, "444455556666"),
        ] {
            accounts.insert(role.word().to_owned(), account(id)?);
        }
        Some(Self {
            organization_id: OrganizationId::parse("o-a1b2c3d4e5").ok(),
            management_account: account("111122223333")?,
            home: "eu-west-1".to_owned(),
            regions: vec!["eu-west-1".to_owned(), "us-east-1".to_owned()],
            partition: "aws".to_owned(),
            dns_suffix: "amazonaws.com".to_owned(),
            accounts,
            name: "acme".to_owned(),
        })
    }
}
