//! What the tests share: the simulated organization with a tape of its calls, and landing zones from text.

mod lab;
mod tape;
mod zones;

pub(crate) use lab::{Applied, Lab, at, options, options_for, planned};
pub(crate) use tape::{Call, Lost, is_write};
pub(crate) use zones::{
    DEPLOYED, FULL, SMALL, UNITS, example, full_with, large, organization_of, with, zone, zone_in, zone_on,
};
