//! Token buckets at AWS's published rates, kept for the life of the process.

use glidepath_model::rates::{Rate, Rates as Published, Scope};
use glidepath_model::{AccountId, Timestamp};
use std::collections::BTreeMap;

/// Whether calls are held to AWS's published rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rates {
    /// As fast as the caller likes.
    #[default]
    Unlimited,
    /// Calls above the published rate are answered as throttled.
    Published,
}

/// What is left in a bucket.
#[derive(Debug, Clone, Copy)]
struct Level {
    tokens: f64,
    at: Timestamp,
}

impl Level {
    /// The level at a later time.
    fn refilled(self, rate: Rate, now: Timestamp) -> Self {
        let seconds = now.duration_since(self.at).as_secs_f64().max(0.0);
        Self { tokens: (self.tokens + seconds * rate.rate).min(rate.burst), at: now.max(self.at) }
    }
}

/// Whose bucket it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Account(AccountId),
    AccountRegion(AccountId, String),
    Organization,
}

/// Every bucket that was drawn from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buckets {
    levels: BTreeMap<(Owner, String), Level>,
}

impl Buckets {
    /// Takes a token for a call from each bucket it counts against; with one of them empty, takes none and says no.
    pub(crate) fn take(
        &mut self,
        now: Timestamp,
        (account, region): (&AccountId, &str),
        service: &str,
        operation: &str,
    ) -> bool {
        // The file is part of the program and read by a test of the model.
        let Ok(published) = Published::published() else { return true };
        let Some(row) = published.row(service, operation) else { return true };
        let name = format!("{service}/{}", row.operations.join("+"));
        let owner = match published.scope(service) {
            Scope::Account => Owner::Account(account.clone()),
            Scope::AccountRegion => Owner::AccountRegion(account.clone(), region.to_owned()),
        };
        let mut buckets = vec![((owner, name.clone()), row.account)];
        buckets.extend(row.organization.map(|rate| ((Owner::Organization, name), rate)));
        let levels: Vec<_> = buckets
            .into_iter()
            .map(|(key, rate)| {
                let full = Level { tokens: rate.burst, at: now };
                let level = self.levels.get(&key).copied().unwrap_or(full).refilled(rate, now);
                (key, level)
            })
            .collect();
        if levels.iter().any(|(_, level)| level.tokens < 1.0) {
            return false;
        }
        for (key, level) in levels {
            self.levels.insert(key, Level { tokens: level.tokens - 1.0, ..level });
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan as _;

    #[test]
    fn a_bucket_gives_its_burst_then_its_rate() {
        let account = AccountId::parse("111122223333").unwrap();
        let start = Timestamp::UNIX_EPOCH;
        let mut buckets = Buckets::default();
        let mut take = |seconds: i64, operation| {
            buckets.take(start + seconds.seconds(), (&account, "us-east-1"), "organizations", operation)
        };
        assert_eq!([0; 4].map(|at| take(at, "CreateAccount")), [true, true, true, false]);
        assert!(!take(9, "CreateAccount"), "a token takes ten seconds");
        assert!(take(10, "CreateAccount"));
        assert!(take(10, "PutResourcePolicy"), "no published rate, no limit");
    }

    #[test]
    fn accounts_share_the_bucket_of_their_organization() {
        let [one, two] = ["111122223333", "444455556666"].map(|id| AccountId::parse(id).unwrap());
        let mut buckets = Buckets::default();
        let mut take = |account| {
            buckets.take(Timestamp::UNIX_EPOCH, (account, "us-east-1"), "organizations", "DescribePolicy")
        };
        assert_eq!([&one, &one, &one].map(&mut take), [true, true, false]);
        assert_eq!([&two, &two].map(&mut take), [true, false]);
    }

    #[test]
    fn cloudformation_has_a_bucket_for_each_region_of_an_account() {
        let account = AccountId::parse("111122223333").unwrap();
        let mut buckets = Buckets::default();
        let mut take =
            |region| buckets.take(Timestamp::UNIX_EPOCH, (&account, region), "cloudformation", "CreateStack");
        assert_eq!(["eu-west-1"; 3].map(&mut take), [true, true, false]);
        assert!(take("eu-central-1"));
    }
}
