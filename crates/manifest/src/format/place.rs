//! Regions, unit paths and selectors.

use crate::code::{BAD_SELECTOR, PARTITION, UNKNOWN_REGION};
use crate::shape::{Fault, Format};
use glidepath_model::{Selector, UnitPath, regions};

/// A region of a partition that this version can work in.
pub(crate) static REGION: Format = Format {
    noun: "a region",
    form: "a region's code, such as `eu-west-1`",
    pattern: None,
    words: Some(|| regions::supported_regions().map(|region| region.name.as_str()).collect()),
    check: |text| {
        let Some(region) = regions::region(text) else {
            let help = "use a region's code, such as `eu-west-1`; the reference lists those that are known";
            return Err(Fault::new(UNKNOWN_REGION, format!("`{text}` is not a region that is known"), help));
        };
        match regions::partition(&region.partition) {
            Some(partition) if partition.supported => Ok(()),
            Some(partition) => Err(Fault::new(
                PARTITION,
                format!("`{text}` lies in {}, which this version does not support", partition.title),
                "use a region of the commercial partition",
            )),
            None => Ok(()),
        }
    },
};

/// The path of a unit.
pub(crate) static UNIT_PATH: Format = Format {
    noun: "a unit path",
    form: "names separated by `/`, as in `Workloads/Prod`",
    pattern: None,
    words: None,
    check: |text| match UnitPath::parse(text) {
        Ok(path) if !path.is_root() => Ok(()),
        Ok(_) => Err(Fault::new(BAD_SELECTOR, "the root is no unit", "name a unit, as in `Workloads/Prod`")),
        Err(error) => {
            Err(Fault::new(BAD_SELECTOR, error.to_string(), "a `/` within a name is written `\\/`"))
        }
    },
};

/// A selector.
pub(crate) static SELECTOR: Format = Format {
    noun: "a selector",
    form: "a unit path (the unit and all below it), `account/NAME`, `tag:key=value`, or `/` for the root",
    pattern: None,
    words: None,
    check: |text| match Selector::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(Fault::new(
            BAD_SELECTOR,
            error.to_string(),
            "write a unit path, `account/NAME`, `tag:key=value`, or `/`",
        )),
    },
};
