//! What the tests share: the simulated organization with a tape of its calls, and landing zones from text.

mod lab;
mod tape;
mod zones;

pub(crate) use lab::{Lab, at, options};
pub(crate) use tape::{Call, Point, is_write};
pub(crate) use zones::{FULL, UNITS, full_with, zone};
