//! The operations table: one row per AWS operation that Glidepath calls, with what every layer needs
//! to know about it.
//!
//! The data is `data/operations.yaml`, read on first use. Retries, lanes, the refusal of writes, call
//! traces and the `permissions` command all read it, so that none of them keeps a list of its own.

use crate::data::{self, DataError};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const FILE: &str = "operations.yaml";

static TABLE: LazyLock<Result<Operations, OperationsError>> =
    LazyLock::new(|| Operations::parse(include_str!("../data/operations.yaml")));

/// What is wrong with the operations table, or with a question to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperationsError {
    /// The operation has no row: nothing may call it.
    #[error("the operation `{0}` has no row in the operations table, so it is not called")]
    NotInTable(String),
    /// The data file is broken.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// Whether an operation changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// It only tells.
    Read,
    /// It changes something.
    Write,
}

/// When an operation may be sent again after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetryClass {
    /// It only tells, so it may always be sent again.
    Read,
    /// A write that leads to the same state when sent twice.
    Idempotent,
    /// A write that a client token makes safe to repeat.
    Token,
    /// A write that is never sent again once it may have reached AWS.
    Once,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRow {
    /// The operation's name in the table, `organizations:AttachPolicy`.
    pub name: String,
    /// The IAM actions that a caller needs; none where AWS asks for none.
    pub actions: Vec<String>,
    /// Whether it changes anything.
    pub access: Access,
    /// When it may be sent again.
    pub retry: RetryClass,
    /// The lane it runs in, a key of [`Operations::lanes`].
    pub lane: String,
}

impl OperationRow {
    /// The row of an operation, by its name in the table: `organizations:AttachPolicy`.
    ///
    /// # Errors
    /// [`OperationsError`] when there is none, or when the data file is broken.
    pub fn find(name: &str) -> Result<&'static Self, OperationsError> {
        let row = Operations::table()?.rows.get(name);
        row.ok_or_else(|| OperationsError::NotInTable(crate::text::printable(name).into_owned()))
    }
}

/// The whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operations {
    /// Every row by its name.
    pub rows: BTreeMap<String, OperationRow>,
    /// How many calls may run at a time in each lane.
    pub lanes: BTreeMap<String, u32>,
}

impl Operations {
    /// The table that Glidepath was built with.
    ///
    /// # Errors
    /// [`OperationsError::Data`] when the data file is broken.
    pub fn table() -> Result<&'static Self, OperationsError> {
        TABLE.as_ref().map_err(Clone::clone)
    }

    fn parse(yaml: &str) -> Result<Self, OperationsError> {
        let broken = |fault: String| OperationsError::Data(DataError { file: FILE, fault });
        let data: Data = data::parse(FILE, yaml)?;
        let mut rows = BTreeMap::new();
        for (name, row) in data.operations {
            if !data.lanes.contains_key(&row.lane) {
                return Err(broken(format!("`{name}` runs in the unknown lane `{}`", row.lane)));
            }
            if (row.access == Access::Read) != (row.retry == RetryClass::Read) {
                return Err(broken(format!("`{name}` retries in a way that its access forbids")));
            }
            let Row { actions, access, retry, lane } = row;
            rows.insert(name.clone(), OperationRow { name, actions, access, retry, lane });
        }
        Ok(Self { rows, lanes: data.lanes })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    lanes: BTreeMap<String, u32>,
    operations: BTreeMap<String, Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    actions: Vec<String>,
    access: Access,
    retry: RetryClass,
    lane: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_we_ship_can_be_read() {
        let table = Operations::table().unwrap();
        assert_eq!(table.lanes.get("organization-writes"), Some(&1));
        assert_eq!(table.lanes.get("account-creation"), Some(&5));
        assert_eq!(OperationRow::find("organizations:CreateAccount").unwrap().retry, RetryClass::Once);
        assert_eq!(OperationRow::find("sts:GetCallerIdentity").unwrap().actions, Vec::<String>::new());
    }

    #[test]
    fn an_operation_without_a_row_is_an_error() {
        let error = OperationRow::find("organizations:LeaveOrganization").unwrap_err();
        assert_eq!(error, OperationsError::NotInTable("organizations:LeaveOrganization".into()));
    }

    #[test]
    fn every_operation_needs_the_action_of_its_own_name_or_none() {
        for (name, row) in &Operations::table().unwrap().rows {
            let own = name.replace("tagging:", "tag:").replace("sso-admin:", "sso:");
            let own = own.replace("s3control:GetPublic", "s3:GetAccountPublic");
            let own = own.replace("s3control:PutPublic", "s3:PutAccountPublic");
            assert!(row.actions.is_empty() || row.actions.contains(&own), "{name}");
        }
    }

    #[test]
    fn a_write_that_retries_like_a_read_is_refused() {
        let yaml = "lanes: {a: 1}\noperations: {x:Y: {actions: [], access: write, retry: read, lane: a}}";
        assert!(matches!(Operations::parse(yaml), Err(OperationsError::Data(_))));
        let yaml = "lanes: {a: 1}\noperations: {x:Y: {actions: [], access: read, retry: read, lane: b}}";
        assert!(matches!(Operations::parse(yaml), Err(OperationsError::Data(_))));
    }
}
