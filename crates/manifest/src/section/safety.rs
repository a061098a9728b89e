//! `safety:`

use crate::manifest::{Safety, Threshold};
use crate::record::Record;
use crate::shape::{Field, Need, Section, Shape};

pub(crate) static SECTION: Section = Section {
    name: "safety",
    doc: "How much one run may remove or move before somebody has to allow it by name. A gate closes where both the \
          share and the number are exceeded.",
    fields: &[&REMOVALS, &MOVES],
};
static REMOVALS: Field = Field {
    name: "removals",
    shape: Shape::Section(&THRESHOLD),
    need: Need::Optional,
    doc: "Removals of one kind, out of what Glidepath owns of it.",
    example: "{percent: 30, atLeast: 3}",
    default: "more than 30 %, and at least 3",
};
static MOVES: Field = Field {
    name: "moves",
    shape: Shape::Section(&THRESHOLD),
    need: Need::Optional,
    doc: "Accounts moved to another unit, out of all accounts.",
    example: "{percent: 10, atLeast: 3}",
    default: "more than 10 %, and at least 3",
};

static THRESHOLD: Section =
    Section { name: "threshold", doc: "A share and a number.", fields: &[&PERCENT, &AT_LEAST] };
static PERCENT: Field = Field {
    name: "percent",
    shape: Shape::Number { min: 0, max: 100 },
    need: Need::Optional,
    doc: "Percent of the whole; exceeded when more than this.",
    example: "30",
    default: "as above",
};
static AT_LEAST: Field = Field {
    name: "atLeast",
    shape: Shape::Number { min: 0, max: u32::MAX as u64 },
    need: Need::Optional,
    doc: "The least number that counts at all.",
    example: "3",
    default: "as above",
};

/// Reads the section over what holds by default.
pub(crate) fn read(record: Record<'_>) -> Safety {
    let default = Safety::default();
    Safety {
        removals: threshold(record.map(&REMOVALS), default.removals),
        moves: threshold(record.map(&MOVES), default.moves),
    }
}

fn threshold(record: Record<'_>, default: Threshold) -> Threshold {
    let percent = record.number(&PERCENT).and_then(|number| u8::try_from(number).ok());
    let at_least = record.number(&AT_LEAST).and_then(|number| u32::try_from(number).ok());
    Threshold { percent: percent.unwrap_or(default.percent), at_least: at_least.unwrap_or(default.at_least) }
}
