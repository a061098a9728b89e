//! How an operation goes about: how many instances at once, how many failures it bears, which Region comes first.
//!
//! Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html>,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/concurrency-mode.html>

use super::super::super::ServiceError;
use super::super::refusal::invalid;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most instances that are worked on at once in a Region, as AWS's quota of an administrator account has it.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/cfn.html>
const AT_ONCE: u64 = 10_000;

/// Whether Regions are worked on one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum RegionConcurrency {
    Sequential,
    Parallel,
}

/// Whether failures slow an operation down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ConcurrencyMode {
    /// Never so many at once that more could fail than is borne.
    #[serde(rename = "STRICT_FAILURE_TOLERANCE")]
    Strict,
    /// Always as many at once as may be.
    #[serde(rename = "SOFT_FAILURE_TOLERANCE")]
    Soft,
}

/// An operation's preferences, as requests give them and answers tell them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Preferences {
    #[serde(skip_serializing_if = "Option::is_none")]
    region_concurrency_type: Option<RegionConcurrency>,
    #[serde(default)]
    region_order: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_tolerance_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_tolerance_percentage: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_concurrent_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_concurrent_percentage: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concurrency_mode: Option<ConcurrencyMode>,
}

impl Preferences {
    /// The preferences with AWS's defaults filled in, if they contradict neither themselves nor the Regions.
    pub(super) fn checked(mut self, regions: &BTreeSet<String>) -> Result<Self, ServiceError> {
        if self.failure_tolerance_count.is_some() && self.failure_tolerance_percentage.is_some() {
            return Err(invalid(
                "Cannot specify both FailureToleranceCount and FailureTolerancePercentage in OperationPreferences",
            ));
        }
        if self.max_concurrent_count.is_some() && self.max_concurrent_percentage.is_some() {
            return Err(invalid(
                "Cannot specify both MaxConcurrentCount and MaxConcurrentPercentage in OperationPreferences",
            ));
        }
        let ordered: BTreeSet<&String> = self.region_order.iter().collect();
        if ordered.len() < self.region_order.len() {
            return Err(invalid("RegionOrder must not contain duplicate regions"));
        }
        if let Some(stray) = ordered.into_iter().find(|region| !regions.contains(*region)) {
            return Err(invalid(format!(
                "Region {stray} in RegionOrder is not among the regions of the operation"
            )));
        }
        if self.failure_tolerance_percentage.is_none() {
            self.failure_tolerance_count.get_or_insert(0);
        }
        if self.max_concurrent_percentage.is_none() {
            self.max_concurrent_count.get_or_insert(1);
        }
        self.region_concurrency_type.get_or_insert(RegionConcurrency::Sequential);
        self.concurrency_mode.get_or_insert(ConcurrencyMode::Strict);
        Ok(self)
    }

    /// How many failures a Region bears, of so many instances.
    pub(super) fn tolerance(&self, total: u64) -> u64 {
        match self.failure_tolerance_percentage {
            Some(percentage) => total.saturating_mul(percentage) / 100,
            None => self.failure_tolerance_count.unwrap_or(0),
        }
    }

    /// How many instances of a Region may be worked on at once, of so many and after so many failures.
    pub(super) fn at_once(&self, total: u64, failed: u64) -> u64 {
        let at_most = match self.max_concurrent_percentage {
            Some(percentage) => total.saturating_mul(percentage) / 100,
            None => self.max_concurrent_count.unwrap_or(1),
        };
        let at_most = at_most.clamp(1, AT_ONCE);
        let tolerance = self.tolerance(total);
        if failed > tolerance {
            return 0;
        }
        match self.concurrency_mode {
            Some(ConcurrencyMode::Soft) => at_most,
            Some(ConcurrencyMode::Strict) | None => at_most.min(tolerance + 1 - failed),
        }
    }

    /// Whether every Region is worked on from the start.
    pub(super) fn is_parallel(&self) -> bool {
        self.region_concurrency_type == Some(RegionConcurrency::Parallel)
    }

    /// The Regions in the order they are worked on: those with a place first, the others by name.
    pub(super) fn ordered(&self, regions: &BTreeSet<String>) -> Vec<String> {
        let first = self.region_order.iter().filter(|region| regions.contains(*region));
        let rest = regions.iter().filter(|region| !self.region_order.contains(region));
        first.chain(rest).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn preferences(value: Value) -> Preferences {
        let given: Preferences = serde_json::from_value(value).unwrap();
        given.checked(&BTreeSet::from(["eu-west-1".to_owned(), "us-east-1".to_owned()])).unwrap()
    }

    #[test]
    fn percentages_round_down_and_one_at_once_is_the_least() {
        let given = preferences(json!({"FailureTolerancePercentage": 10, "MaxConcurrentPercentage": 10}));
        assert_eq!([9, 19, 25].map(|total| given.tolerance(total)), [0, 1, 2]);
        assert_eq!([9, 19, 25].map(|total| given.at_once(total, 0)), [1, 1, 2]);
    }

    #[test]
    fn strict_operations_slow_down_by_one_with_each_failure_and_soft_ones_stop_at_once() {
        let strict = preferences(json!({"FailureToleranceCount": 2, "MaxConcurrentCount": 5}));
        assert_eq!([0, 1, 2, 3].map(|failed| strict.at_once(9, failed)), [3, 2, 1, 0]);
        let soft = preferences(json!({"FailureToleranceCount": 2, "MaxConcurrentCount": 5,
            "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE"}));
        assert_eq!([0, 1, 2, 3].map(|failed| soft.at_once(9, failed)), [5, 5, 5, 0]);
    }

    #[test]
    fn regions_with_a_place_come_first() {
        let regions = ["a", "b", "c"].map(str::to_owned).into();
        let given = Preferences { region_order: vec!["c".to_owned()], ..Preferences::default() };
        assert_eq!(given.ordered(&regions), ["c", "a", "b"]);
    }
}
