//! How long to wait before asking again.
//!
//! Exponential with full jitter: a wait between nothing and a ceiling that doubles. The jitter comes from a
//! hash of what is being asked, so that a run with the same seed waits the same way, while two calls that
//! were refused together do not come back together.
//! <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>

use std::time::Duration;

/// The ceiling of the first wait.
const FIRST: Duration = Duration::from_millis(500);
/// The highest ceiling.
const HIGHEST: Duration = Duration::from_secs(20);

/// What a wait is drawn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw<'a> {
    /// The run's seed.
    pub(crate) seed: u64,
    /// The operation.
    pub(crate) operation: &'a str,
    /// The number of the call in this run.
    pub(crate) call: u64,
    /// Which refusal this is, from 1 on.
    pub(crate) attempt: u32,
}

impl Draw<'_> {
    /// The wait before the next attempt.
    pub(crate) fn wait(self) -> Duration {
        let doublings = self.attempt.saturating_sub(1).min(16);
        let ceiling = FIRST.saturating_mul(1 << doublings).min(HIGHEST);
        ceiling.mul_f64(self.fraction())
    }

    /// A wait of half of `period` at least and all of it at most.
    pub(crate) fn around(self, period: Duration) -> Duration {
        period.mul_f64(self.fraction().mul_add(0.5, 0.5))
    }

    /// A number from 0 to 1 that is the same for the same draw: FNV-1a, then the mixing step of SplitMix64.
    fn fraction(self) -> f64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let numbers = [self.seed, self.call, u64::from(self.attempt)];
        let bytes = numbers.into_iter().flat_map(u64::to_le_bytes).chain(self.operation.bytes());
        for byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let top = u32::try_from((hash ^ (hash >> 31)) >> 32).unwrap_or(u32::MAX);
        f64::from(top) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(call: u64, attempt: u32) -> Draw<'static> {
        Draw { seed: 7, operation: "organizations:ListRoots", call, attempt }
    }

    #[test]
    fn waits_stay_below_a_ceiling_that_doubles_up_to_twenty_seconds() {
        for attempt in 1..=12 {
            let ceiling = Duration::from_millis(500 << (attempt - 1)).min(HIGHEST);
            let waits: Vec<Duration> = (0..200).map(|call| draw(call, attempt).wait()).collect();
            assert!(waits.iter().all(|wait| *wait <= ceiling), "attempt {attempt}");
            assert!(waits.iter().any(|wait| *wait > ceiling.mul_f64(0.9)), "attempt {attempt}");
            assert!(waits.iter().any(|wait| *wait < ceiling.mul_f64(0.1)), "attempt {attempt}");
        }
    }

    #[test]
    fn the_same_draw_waits_the_same_and_another_call_does_not() {
        assert_eq!(draw(1, 3).wait(), draw(1, 3).wait());
        assert_ne!(draw(1, 3).wait(), draw(2, 3).wait());
    }
}
