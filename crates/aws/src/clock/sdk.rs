//! The clock as the SDK wants it: a source of time and a way to sleep.

use super::Clock;
use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        SystemTime::try_from(Clock::now(self)).unwrap_or(UNIX_EPOCH)
    }
}

impl AsyncSleep for Clock {
    fn sleep(&self, duration: Duration) -> Sleep {
        Sleep::new(Clock::sleep(self, duration))
    }
}
