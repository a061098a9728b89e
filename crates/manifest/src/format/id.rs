//! AWS's identifiers.

use crate::code::BAD_ID;
use crate::shape::{Fault, Format};
use glidepath_model::{AccountId, OrganizationId};

/// An account id.
pub(crate) static ACCOUNT_ID: Format = Format {
    noun: "an account id",
    form: "twelve digits in quotes",
    pattern: Some("^[0-9]{12}$"),
    words: None,
    check: |text| match AccountId::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(Fault::new(BAD_ID, error.to_string(), "copy it from the account's page, without hyphens"))
        }
    },
};

/// An organization id.
pub(crate) static ORGANIZATION_ID: Format = Format {
    noun: "an organization id",
    form: "`o-` and 10 to 32 lower-case letters or digits",
    pattern: Some("^o-[a-z0-9]{10,32}$"),
    words: None,
    check: |text| match OrganizationId::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(Fault::new(BAD_ID, error.to_string(), "`aws organizations describe-organization` shows it"))
        }
    },
};
