//! AWS's partitions and regions as data (`crates/model/data/regions.yaml`): which regions exist, which
//! must be enabled by an account first, and which region answers for global services.
//!
//! Read on first use. Availability of single services is not told here.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// An AWS partition: a set of regions with its own accounts and its own ARNs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Its id as it stands in ARNs.
    pub id: String,
    /// Its name in prose.
    pub title: String,
    /// The region that answers for global services such as Organizations and IAM.
    pub control_region: String,
    /// What the names of its hosts end in, `amazonaws.com`.
    pub dns_suffix: String,
    /// Whether this version can work in it; the others are known so that they can be refused by name.
    pub supported: bool,
}

/// An AWS region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code, such as `eu-west-1`.
    pub name: String,
    /// The partition it belongs to, by id.
    pub partition: String,
    /// Whether accounts have it from the start.
    pub availability: Availability,
}

/// Whether an account can use a region without asking.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Every account has it.
    Enabled,
    /// Each account has to enable it first.
    OptIn,
}

/// How an opt-in region stands in an account.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OptInStatus {
    /// It can be used.
    Enabled,
    /// AWS is enabling it, which takes minutes, sometimes hours.
    Enabling,
    /// AWS is disabling it.
    Disabling,
    /// It cannot be used.
    Disabled,
}

impl OptInStatus {
    /// Whether it is enabled, or will be without another request.
    #[must_use]
    pub fn is_asked_for(self) -> bool {
        matches!(self, Self::Enabled | Self::Enabling)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    partitions: BTreeMap<String, PartitionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PartitionRow {
    title: String,
    control: String,
    dns_suffix: String,
    supported: bool,
    enabled: Vec<String>,
    opt_in: Vec<String>,
}

#[derive(Default)]
struct Table {
    partitions: BTreeMap<String, Partition>,
    regions: BTreeMap<String, Region>,
}

/// The table, or why the embedded file could not be read; a test keeps the latter from shipping.
static TABLE: LazyLock<Result<Table, serde_yaml::Error>> = LazyLock::new(|| {
    let file: File = serde_yaml::from_str(include_str!("../data/regions.yaml"))?;
    let mut table = Table::default();
    for (id, row) in file.partitions {
        let regions = row.enabled.into_iter().map(|name| (name, Availability::Enabled));
        for (name, availability) in
            regions.chain(row.opt_in.into_iter().map(|name| (name, Availability::OptIn)))
        {
            table.regions.insert(name.clone(), Region { name, partition: id.clone(), availability });
        }
        let partition = Partition {
            id: id.clone(),
            title: row.title,
            control_region: row.control,
            dns_suffix: row.dns_suffix,
            supported: row.supported,
        };
        table.partitions.insert(id, partition);
    }
    Ok(table)
});

/// The region of that code, in whatever partition.
#[must_use]
pub fn region(name: &str) -> Option<&'static Region> {
    TABLE.as_ref().ok()?.regions.get(name)
}

/// Whether each account has to enable that region first.
#[must_use]
pub fn is_opt_in(name: &str) -> bool {
    region(name).is_some_and(|region| region.availability == Availability::OptIn)
}

/// The partition of that id.
#[must_use]
pub fn partition(id: &str) -> Option<&'static Partition> {
    TABLE.as_ref().ok()?.partitions.get(id)
}

/// Every region of the partitions that this version can work in, by code.
pub fn supported_regions() -> impl Iterator<Item = &'static Region> {
    let regions = TABLE.as_ref().ok().into_iter().flat_map(|table| table.regions.values());
    regions.filter(|region| partition(&region.partition).is_some_and(|partition| partition.supported))
}

/// Every partition that is known, by id.
pub fn partitions() -> impl Iterator<Item = &'static Partition> {
    TABLE.as_ref().ok().into_iter().flat_map(|table| table.partitions.values())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_has_its_control_region_among_its_own() {
        assert!(TABLE.is_ok());
        for found in partitions() {
            assert_eq!(region(&found.control_region).unwrap().partition, found.id);
        }
        assert_eq!(partition("aws").unwrap().control_region, "us-east-1");
    }

    #[test]
    fn regions_of_other_partitions_are_known_but_not_supported() {
        assert!(region("cn-north-1").is_some() && region("us-gov-east-1").is_some());
        assert!(supported_regions().all(|region| region.partition == "aws"));
        assert_eq!(region("ap-east-1").unwrap().availability, Availability::OptIn);
        assert_eq!(region("eu-west-1").unwrap().availability, Availability::Enabled);
        assert!(is_opt_in("eu-south-1") && !is_opt_in("eu-west-1") && !is_opt_in("nowhere-1"));
    }
}
