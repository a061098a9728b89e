//! The plan file: a plan as JSON with its version, the tool's version and a digest of the plan.
//!
//! A plan file is never executed, only compared with a fresh plan. Reading is strict: a file of another
//! version, with an unknown field, or changed by hand is refused.

use crate::change::{Change, FieldChange, differences};
use crate::plan::{FORMAT_VERSION, Plan};
use glidepath_model::text::printable;
use glidepath_model::{Address, Digest};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A plan file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is no JSON.
    #[error("it is not JSON: {0}")]
    Json(String),
    /// It is JSON but no plan file.
    #[error("it is not a plan file: `{0}` is missing; `glidepath plan -o FILE` writes one")]
    Missing(&'static str),
    /// It is of a version that this tool does not read.
    #[error(
        "its format version is {found}, and this version of glidepath reads {FORMAT_VERSION}: plan again, or use the glidepath that wrote it (`{tool}`)"
    )]
    Version {
        /// The version in the file.
        found: String,
        /// The tool version in the file.
        tool: String,
    },
    /// It holds something that a plan does not.
    #[error("it is not the plan that was written: {0}")]
    Form(String),
    /// It was changed after it was written.
    #[error(
        "its digest does not match its content: it was changed after `glidepath plan` wrote it; plan again"
    )]
    Digest,
}

const FIELDS: [&str; 4] = ["format_version", "tool", "digest", "plan"];

/// A plan as the text of a plan file, ending in a line break.
#[must_use]
pub fn write(plan: &Plan) -> String {
    // A plan holds nothing that JSON cannot: every map key is a string.
    let plan = serde_json::to_value(plan).unwrap_or(Value::Null);
    let file = json!({
        "format_version": FORMAT_VERSION,
        "tool": env!("CARGO_PKG_VERSION"),
        "digest": Digest::of(&plan).as_str(),
        "plan": plan,
    });
    format!("{file:#}\n")
}

/// Reads the text of a plan file.
///
/// # Errors
/// [`FileError`] says what is wrong with it.
pub fn read(text: &str) -> Result<Plan, FileError> {
    let file: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| FileError::Json(error.to_string()))?;
    let field = |name: &'static str| file.get(name).ok_or(FileError::Missing(name));
    let version = field("format_version")?;
    if *version != json!(FORMAT_VERSION) {
        let tool = file.get("tool").and_then(Value::as_str).unwrap_or("unknown");
        return Err(FileError::Version {
            found: printable(&version.to_string()).into_owned(),
            tool: printable(tool).into_owned(),
        });
    }
    if let Some(other) = file.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(FileError::Form(format!("unknown field `{}`", printable(other))));
    }
    field("tool")?;
    let (digest, plan) = (field("digest")?, field("plan")?);
    if *digest != json!(Digest::of(plan).as_str()) {
        return Err(FileError::Digest);
    }
    let fault = |error: serde_json::Error| FileError::Form(printable(&error.to_string()).into_owned());
    serde_json::from_value(plan.clone()).map_err(fault)
}

/// Where a reviewed plan and the plan of now are not the same.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanDifference {
    /// The address whose change is not the same.
    pub address: Address,
    /// How.
    pub kind: DifferenceKind,
}

/// How two plans differ at an address.
#[derive(Debug, Clone, PartialEq)]
pub enum DifferenceKind {
    /// Only the reviewed plan changes it.
    OnlyReviewed,
    /// Only the plan of now changes it.
    OnlyNow,
    /// Both do, differently; the reviewed values are the fields' `before`.
    Differs(Vec<FieldChange>),
}

/// Every address at which a reviewed plan and the plan of now do not do the same; none when they are equal.
#[must_use]
pub fn compare(reviewed: &Plan, now: &Plan) -> Vec<PlanDifference> {
    let by_address = |plan: &Plan| -> BTreeMap<Address, Change> {
        plan.changes.iter().map(|change| (change.address.clone(), change.clone())).collect()
    };
    let (old, new) = (by_address(reviewed), by_address(now));
    let addresses: BTreeSet<&Address> = old.keys().chain(new.keys()).collect();
    let mut found: Vec<PlanDifference> = addresses
        .into_iter()
        .filter_map(|address| {
            let kind = match (old.get(address), new.get(address)) {
                (Some(_), None) => DifferenceKind::OnlyReviewed,
                (None, Some(_)) => DifferenceKind::OnlyNow,
                (Some(one), Some(two)) => {
                    let fields = differences(&action(one), &action(two));
                    if fields.is_empty() {
                        return None;
                    }
                    DifferenceKind::Differs(fields)
                }
                (None, None) => return None,
            };
            Some(PlanDifference { address: address.clone(), kind })
        })
        .collect();
    let whose =
        |plan: &Plan| json!({"organization": plan.organization, "organizationId": plan.organization_id});
    let fields = differences(&whose(reviewed), &whose(now));
    if !fields.is_empty() {
        found.push(PlanDifference { address: Address::Organization, kind: DifferenceKind::Differs(fields) });
    }
    found
}

fn action(change: &Change) -> Value {
    let mut value = serde_json::to_value(&change.action).unwrap_or(Value::Null);
    // The list of differing fields follows from the two values.
    for action in value.as_object_mut().into_iter().flat_map(|all| all.iter_mut().map(|(_, action)| action)) {
        if let Some(members) = action.as_object_mut() {
            members.shift_remove("fields");
        }
    }
    value
}
