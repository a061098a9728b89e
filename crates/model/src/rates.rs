//! How often AWS lets an operation be called: `data/rates.yaml`, read on first use.

use crate::data::{DataError, parse};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A token bucket.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Tokens that come back each second; a call takes one.
    pub rate: f64,
    /// Tokens the bucket holds.
    pub burst: f64,
}

/// The buckets that some operations share.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRow {
    /// The operations, sorted.
    pub operations: Vec<String>,
    /// The bucket of each calling account.
    pub account: Rate,
    /// The bucket that all accounts of an organization share, where AWS publishes one.
    pub organization: Option<Rate>,
}

/// What the bucket of an account is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All calls of the account.
    #[default]
    Account,
    /// The account's calls to one Region.
    AccountRegion,
}

/// The published rates of one service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRates {
    /// The page they were read from.
    pub source: String,
    /// The day they were read.
    pub date: String,
    /// What the bucket of an account is counted for.
    #[serde(default)]
    pub scope: Scope,
    /// A row for each set of operations that share a bucket.
    pub rows: Vec<RateRow>,
}

/// Every published rate.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// By the service's name, `organizations`.
    pub services: BTreeMap<String, ServiceRates>,
}

static PUBLISHED: LazyLock<Result<Rates, DataError>> =
    LazyLock::new(|| parse("rates.yaml", include_str!("../data/rates.yaml")));

impl Rates {
    /// What AWS publishes.
    ///
    /// # Errors
    /// [`DataError`] when the built-in file is broken.
    pub fn published() -> Result<&'static Self, DataError> {
        PUBLISHED.as_ref().map_err(Clone::clone)
    }

    /// What the buckets of a service's accounts are counted for.
    #[must_use]
    pub fn scope(&self, service: &str) -> Scope {
        self.services.get(service).map(|rates| rates.scope).unwrap_or_default()
    }

    /// The row of an operation; none when AWS publishes no rate for it.
    #[must_use]
    pub fn row(&self, service: &str, operation: &str) -> Option<&RateRow> {
        self.services
            .get(service)?
            .rows
            .iter()
            .find(|row| row.operations.iter().any(|name| name == operation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_no_operation_has_two_rows() {
        for (service, rates) in &Rates::published().unwrap().services {
            let mut names: Vec<String> = rates.rows.iter().flat_map(|row| row.operations.clone()).collect();
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{service}");
            assert!(
                rates.rows.iter().all(|row| row.account.rate > 0.0 && row.account.burst >= 1.0),
                "{service}"
            );
        }
    }

    #[test]
    fn policy_writes_share_one_bucket_and_unpublished_operations_have_none() {
        let rates = Rates::published().unwrap();
        assert!(rates.row("organizations", "AttachPolicy").is_some());
        assert_eq!(rates.row("organizations", "AttachPolicy"), rates.row("organizations", "DeletePolicy"));
        assert_eq!(rates.row("organizations", "PutResourcePolicy"), None);
    }
}
