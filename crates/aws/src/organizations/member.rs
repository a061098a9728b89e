//! Members of AWS's answers, taken out and parsed; what is missing or misshapen is an error that names it.

use crate::error::Error;
use aws_sdk_organizations::types::Tag;
use aws_smithy_types::DateTime;
use aws_smithy_types::error::operation::BuildError;
use glidepath_model::ids::IdError;
use glidepath_model::{Tags, Timestamp};
use std::str::FromStr;

/// The answer to one operation, for naming it in errors.
#[derive(Clone, Copy)]
pub(super) struct Answer(pub(super) &'static str);

impl Answer {
    pub(super) fn malformed(self, problem: impl Into<String>) -> Error {
        Error::Malformed { operation: self.0, problem: problem.into() }
    }

    /// A member that AWS documents as always there.
    pub(super) fn member<T>(self, name: &str, value: Option<T>) -> Result<T, Error> {
        value.ok_or_else(|| self.malformed(format!("`{name}` is missing")))
    }

    /// A text member.
    pub(super) fn text(self, name: &str, value: Option<&str>) -> Result<String, Error> {
        self.member(name, value).map(str::to_owned)
    }

    /// An id member.
    pub(super) fn id<T: FromStr<Err = IdError>>(self, name: &str, value: Option<&str>) -> Result<T, Error> {
        self.member(name, value)?.parse().map_err(|error: IdError| self.malformed(error.to_string()))
    }

    /// A time member.
    pub(super) fn time(self, name: &str, value: Option<&DateTime>) -> Result<Timestamp, Error> {
        let time = self.member(name, value)?;
        let nanos = i32::try_from(time.subsec_nanos()).unwrap_or_default();
        Timestamp::new(time.secs(), nanos).map_err(|error| self.malformed(format!("`{name}`: {error}")))
    }
}

/// Tags as the SDK wants them; none at all where there are none.
pub(super) fn sdk_tags(operation: &'static str, tags: &Tags) -> Result<Option<Vec<Tag>>, Error> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<Tag>, BuildError> = tags.iter().map(tag).collect();
    let tags = tags.map_err(|error| Answer(operation).malformed(error.to_string()))?;
    Ok(Some(tags).filter(|tags| !tags.is_empty()))
}
