//! Reading the data files that are built in.

use serde::de::DeserializeOwned;

/// A built-in data file that does not hold what it should: a mistake of this version, found by its tests.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the built-in file `{file}` is broken: {fault}; please report it")]
pub struct DataError {
    /// The file's name, below `crates/model/data/`.
    pub file: &'static str,
    /// What is wrong with it.
    pub fault: String,
}

pub(crate) fn parse<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, DataError> {
    serde_yaml::from_str(text).map_err(|error| DataError { file, fault: error.to_string() })
}
