//! Pacing: calls leave no faster than AWS publishes for their account and bucket, and slower when AWS
//! says "too fast" all the same, since others share the bucket with us.
//!
//! A token bucket per account (or account and Region, where AWS counts Regions apart) and bucket, whose rate
//! falls by half when a call is throttled and recovers step by step with every call that is not (additive
//! increase, multiplicative decrease).

use crate::clock::Clock;
use glidepath_model::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The greatest share of the published rate. A little less than all of it: calls that leave at even distances
/// arrive at uneven ones, and one that arrives early is refused and costs more than it won.
const MOST_SHARE: f64 = 0.97;
/// The least share of the published rate.
const LEAST_SHARE: f64 = 1.0 / 16.0;
/// How much of the published rate one call that is not throttled gives back.
const RECOVERY: f64 = 1.0 / 16.0;
/// Refusals that come this soon after a cut answer calls that left before it, so they do not cut again.
const CUT_AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// A bucket's name: the service and the first of the operations that share it.
pub(crate) type BucketName = (&'static str, &'static str);

/// A published rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    /// The bucket; operations of one bucket share its tokens.
    pub(crate) bucket: BucketName,
    /// Tokens that come back in a second.
    pub(crate) per_second: f64,
    /// Tokens that the bucket holds.
    pub(crate) burst: f64,
}

struct Bucket {
    tokens: f64,
    filled: Timestamp,
    /// The share of the published rate that is in use.
    share: f64,
    cut: Option<Timestamp>,
}

pub(crate) struct Limiter {
    clock: Clock,
    buckets: Mutex<BTreeMap<(String, BucketName), Bucket>>,
}

impl Limiter {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, buckets: Mutex::default() }
    }

    /// Takes a token and waits until it is there. Tokens are given in the order of asking.
    pub(crate) async fn take(&self, account: &str, pace: Pace) {
        let wait = self.with(account, pace, |bucket| {
            bucket.tokens -= 1.0;
            let missing = (-bucket.tokens).max(0.0);
            Duration::try_from_secs_f64(missing / (pace.per_second * bucket.share)).unwrap_or_default()
        });
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
    }

    /// Says that AWS throttled a call.
    pub(crate) fn throttled(&self, account: &str, pace: Pace) {
        let now = self.clock.now();
        self.with(account, pace, |bucket| {
            bucket.tokens = bucket.tokens.min(0.0);
            let recent = bucket.cut.is_some_and(|cut| self.clock.since(cut) < CUT_AT_MOST_EVERY);
            if !recent {
                bucket.share = (bucket.share / 2.0).max(LEAST_SHARE);
                bucket.cut = Some(now);
            }
        });
    }

    /// Says that AWS took a call.
    pub(crate) fn passed(&self, account: &str, pace: Pace) {
        self.with(account, pace, |bucket| bucket.share = (bucket.share + RECOVERY).min(MOST_SHARE));
    }

    /// Works on a bucket that has been filled up to now.
    fn with<T>(&self, account: &str, pace: Pace, work: impl FnOnce(&mut Bucket) -> T) -> T {
        let now = self.clock.now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry((account.to_owned(), pace.bucket)).or_insert(Bucket {
            tokens: pace.burst,
            filled: now,
            share: MOST_SHARE,
            cut: None,
        });
        let passed = self.clock.since(bucket.filled).as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * pace.per_second * bucket.share).min(pace.burst);
        bucket.filled = now;
        work(bucket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Speed;
    use std::sync::Arc;

    const PACE: Pace = Pace { bucket: ("test", "Test"), per_second: 2.0, burst: 3.0 };

    fn simulated() -> (Clock, Limiter) {
        let clock = Clock::simulated("2027-01-01T00:00:00Z".parse().unwrap(), Speed::Max);
        (clock.clone(), Limiter::new(clock))
    }

    /// Never sooner than at the published rate, and at most four percent later.
    #[track_caller]
    fn assert_about(seconds: &[f64], published: &[f64]) {
        assert_eq!(seconds.len(), published.len());
        let about = |(found, wanted): (&f64, &f64)| *found >= *wanted && *found <= wanted * 1.04 + 1e-6;
        assert!(seconds.iter().zip(published).all(about), "{seconds:?}, published {published:?}");
    }

    /// Seconds after the start at which each of `count` calls may leave.
    async fn leaves(clock: &Clock, limiter: &Limiter, count: usize) -> Vec<f64> {
        let start = clock.now();
        let mut seconds = Vec::new();
        for _ in 0..count {
            limiter.take("111122223333", PACE).await;
            seconds.push(clock.since(start).as_secs_f64());
        }
        seconds
    }

    #[test]
    fn a_burst_leaves_at_once_and_the_rest_at_the_published_rate() {
        let (clock, limiter) = simulated();
        let seconds = clock.run(async { leaves(&clock, &limiter, 6).await }).unwrap();
        assert_about(&seconds, &[0.0, 0.0, 0.0, 0.5, 1.0, 1.5]);
    }

    #[test]
    fn a_throttle_halves_the_rate_and_calls_that_pass_bring_it_back() {
        let (clock, limiter) = simulated();
        let gaps = clock
            .run(async {
                leaves(&clock, &limiter, 3).await;
                limiter.throttled("111122223333", PACE);
                limiter.throttled("111122223333", PACE);
                let halved = leaves(&clock, &limiter, 2).await;
                for _ in 0..8 {
                    limiter.passed("111122223333", PACE);
                }
                (halved, leaves(&clock, &limiter, 2).await)
            })
            .unwrap();
        // Two refusals at once count as one.
        assert_about(&gaps.0, &[1.0, 2.0]);
        assert_about(&gaps.1, &[0.5, 1.0]);
    }

    #[test]
    fn accounts_do_not_share_a_bucket() {
        let (clock, limiter) = simulated();
        let waited = clock
            .run(async {
                leaves(&clock, &limiter, 3).await;
                let start = clock.now();
                limiter.take("444455556666", PACE).await;
                clock.since(start)
            })
            .unwrap();
        assert_eq!(waited, Duration::ZERO);
    }

    #[test]
    fn tasks_that_wait_together_leave_one_after_the_other() {
        let (clock, limiter) = simulated();
        let limiter = Arc::new(limiter);
        let seconds = clock
            .run(async {
                let start = clock.now();
                let tasks: Vec<_> = (0..5)
                    .map(|_| {
                        let (clock, limiter) = (clock.clone(), limiter.clone());
                        tokio::spawn(async move {
                            limiter.take("111122223333", PACE).await;
                            clock.since(start).as_secs_f64()
                        })
                    })
                    .collect();
                let mut seconds = Vec::new();
                for task in tasks {
                    seconds.push(task.await.unwrap());
                }
                seconds
            })
            .unwrap();
        assert_about(&seconds, &[0.0, 0.0, 0.0, 0.5, 1.0]);
    }
}
