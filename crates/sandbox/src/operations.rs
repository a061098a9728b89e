//! What can be called, and which errors each operation can give.

use crate::codec;
use crate::service::{Operation, services};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// An operation the sandbox answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperationInfo {
    /// The service's name.
    pub service: &'static str,
    /// The operation's name.
    pub operation: &'static str,
    /// The errors of its shape data that it can answer with, sorted.
    pub errors: Vec<String>,
}

/// A row of `data/not-raised.yaml`: an error of the shape data that the sandbox never gives, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotRaised {
    /// The operation, or `*` for all of the service.
    operation: String,
    error: String,
    #[serde(rename = "reason")]
    _reason: String,
}

const NOT_RAISED: &str = include_str!("../data/not-raised.yaml");

/// The rows by service. The file is part of the program and read by a test.
fn not_raised() -> &'static BTreeMap<String, Vec<NotRaised>> {
    static ROWS: OnceLock<BTreeMap<String, Vec<NotRaised>>> = OnceLock::new();
    ROWS.get_or_init(|| serde_yaml::from_str(NOT_RAISED).unwrap_or_default())
}

/// Whether the sandbox can answer an operation with an error of its shape data.
pub(crate) fn is_raised(service: &str, operation: &str, error: &str) -> bool {
    let rows = not_raised().get(service).map(Vec::as_slice).unwrap_or_default();
    !rows.iter().any(|row| row.error == error && (row.operation == "*" || row.operation == operation))
}

/// Every operation the sandbox answers, by service and name.
#[must_use]
pub fn operations() -> Vec<OperationInfo> {
    let known = registry().iter().filter_map(|((service, name), _)| {
        let errors = &codec::model(service)?.operations.get(*name)?.errors;
        let errors = errors.iter().filter(|error| is_raised(service, name, error)).cloned().collect();
        Some(OperationInfo { service, operation: name, errors })
    });
    known.collect()
}

/// Handlers by service and operation.
pub(crate) fn registry() -> &'static BTreeMap<(&'static str, &'static str), Operation> {
    static REGISTRY: OnceLock<BTreeMap<(&'static str, &'static str), Operation>> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let each = services().into_iter().flat_map(|service| {
            (service.operations)()
                .into_iter()
                .map(move |operation| ((service.name, operation.name), operation))
        });
        each.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_that_is_answered_has_shape_data() {
        assert_eq!(operations().len(), registry().len());
    }

    #[test]
    fn every_row_of_not_raised_names_an_error_of_an_operation_that_is_answered() {
        let rows: BTreeMap<String, Vec<NotRaised>> = serde_yaml::from_str(NOT_RAISED).unwrap();
        for (service, rows) in &rows {
            let model = codec::model(service).unwrap();
            for row in rows {
                let mut names = registry().keys().filter(|(of, _)| of == service).map(|(_, name)| *name);
                let found = names.any(|name| {
                    (row.operation == "*" || row.operation == name)
                        && model.operations[name].errors.contains(&row.error)
                });
                assert!(found, "{service}: {} {}", row.operation, row.error);
            }
        }
    }
}
