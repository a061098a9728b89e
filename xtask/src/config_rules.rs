//! `cargo xtask config-rules [--python PATH]`: AWS Config's managed rules with their triggers, resource types,
//! inputs and Regions, written to `guardrails/data/config-rules.txt`.
//!
//! They are read from the list in the pinned `moto` package, Region names from the pinned `botocore`, both by the
//! judges' python (or that of PATH). Only facts are kept, no prose.

use crate::python;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The file that is written.
const WRITTEN: &str = "guardrails/data/config-rules.txt";

/// The day on which the pinned release was read.
const READ_ON: &str = "2026-11-23";

/// Prints versions, rules and Region names as JSON.
const SCRIPT: &str = r#"
import gzip, json, os, botocore, moto
def load(package, name):
    path = os.path.join(os.path.dirname(package.__file__), *name.split("/"))
    if os.path.exists(path):
        return json.load(open(path))
    return json.load(gzip.open(path + ".gz"))
rules = load(moto, "config/resources/aws_managed_rules.json")["ManagedRules"]
partitions = load(botocore, "data/endpoints.json")["partitions"]
regions = {row["description"]: name for one in partitions for name, row in one["regions"].items()}
print(json.dumps({"moto": moto.__version__, "botocore": botocore.__version__, "rules": rules, "regions": regions}))
"#;

/// Why no list was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigRulesError {
    /// An argument that is not understood.
    #[error("`{0}` is not an argument of `config-rules`\nhelp: `cargo xtask config-rules [--python PATH]`")]
    Argument(String),
    /// Python could not be had or failed.
    #[error("python cannot read the list of moto: {0}")]
    Python(String),
    /// The list is not of the form it was.
    #[error("the data of `{place}` has no {what}")]
    Lacks {
        /// The rule or member.
        place: String,
        /// What is missing.
        what: String,
    },
    /// The file could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: std::io::Error,
    },
}

/// Writes the list; returns the file written.
///
/// # Errors
/// [`ConfigRulesError`] says what could not be read, understood or written.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<PathBuf, ConfigRulesError> {
    let python = match arguments {
        [] => python::environment(root).map_err(|error| ConfigRulesError::Python(format!("{error:#}")))?,
        [flag, path] if flag == "--python" => PathBuf::from(path),
        [other, ..] => return Err(ConfigRulesError::Argument(other.clone())),
    };
    let output = Command::new(python)
        .args(["-c", SCRIPT])
        .output()
        .map_err(|error| ConfigRulesError::Python(error.to_string()))?;
    if !output.status.success() {
        return Err(ConfigRulesError::Python(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let data: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| ConfigRulesError::Python(error.to_string()))?;
    let path = root.join(WRITTEN);
    let text = text(&data)?;
    std::fs::write(&path, text).map_err(|source| ConfigRulesError::Write { path: path.clone(), source })?;
    Ok(path)
}

/// The whole file: its head, the sets of Regions, the rules.
fn text(data: &Value) -> Result<String, ConfigRulesError> {
    let names = map(data, "regions")?;
    let mut sets: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for (identifier, rule) in map(data, "rules")? {
        let next = sets.len();
        let regions = regions(identifier, word(identifier, rule, "AWS Region")?, names)?;
        let set = *sets.entry(regions).or_insert(next);
        rows.push(row(identifier, rule, set)?);
    }
    let mut text = format!(
        "# AWS Config's managed rules; read by guardrails/src/managed.rs.\n\
         # Written by `cargo xtask config-rules`, not edited by hand.\n\
         # source: moto {} (PyPI), moto/config/resources/aws_managed_rules.json, from AWS's list of managed rules at\n\
         #   https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html;\n\
         #   Region codes from botocore {} (PyPI)\n\
         # licence: Apache-2.0 (both)\n\
         # date: {READ_ON}\n\
         #\n\
         # `@NUMBER` names a set of Regions. Every other line is a rule: identifier, trigger, set of Regions, resource\n\
         # types (`-` for none), inputs as NAME:TYPE, `?` behind an optional one, `=` before a default.\n",
        word("the list", data, "moto")?,
        word("the list", data, "botocore")?,
    );
    let mut by_number: Vec<(&String, &usize)> = sets.iter().collect();
    by_number.sort_by_key(|(_, number)| **number);
    for (set, number) in by_number {
        let _ = writeln!(text, "@{number} {set}");
    }
    for row in rows {
        text.push_str(&row);
    }
    Ok(text)
}

fn row(identifier: &str, rule: &Value, set: usize) -> Result<String, ConfigRulesError> {
    let trigger = match word(identifier, rule, "Trigger type")? {
        "Periodic" => "periodic",
        "Configuration changes and Periodic" => "both",
        text if text.starts_with("Configuration changes") => "change",
        other => return Err(lacks(identifier, format!("known trigger: `{other}`"))),
    };
    let types = rule.get("Resource Types").and_then(Value::as_str).unwrap_or("-").replace(' ', "");
    let mut line = format!("{identifier} {trigger} @{set} {types}");
    for input in rule.get("Parameters").and_then(Value::as_array).into_iter().flatten() {
        let name = word(identifier, input, "Name")?;
        let ty = match word(identifier, input, "Type")? {
            "CSV" => "csv",
            "String" => "text",
            "int" => "integer",
            "boolean" => "flag",
            "double" => "number",
            "StringMap" => "map",
            other => return Err(lacks(identifier, format!("known type of `{name}`: `{other}`"))),
        };
        let optional = input.get("Optional").and_then(Value::as_bool) == Some(true);
        let _ = write!(line, " {name}:{ty}{}", if optional { "?" } else { "" });
        if let Some(default) = input.get("Default").and_then(Value::as_str) {
            let _ = write!(line, "={default}");
        }
    }
    line.push('\n');
    Ok(line)
}

/// The set of Regions as `all`, `except …` or `only …`, by code.
fn regions(
    identifier: &str,
    text: &str,
    names: &serde_json::Map<String, Value>,
) -> Result<String, ConfigRulesError> {
    let (word, listed) = match text {
        "All supported AWS regions" => return Ok("all".to_owned()),
        _ => match (
            text.strip_prefix("All supported AWS regions except "),
            text.strip_prefix("Only available in "),
        ) {
            (Some(rest), _) => ("except", rest),
            (_, Some(rest)) => ("only", rest),
            _ => return Err(lacks(identifier, format!("known Regions: `{text}`"))),
        },
    };
    let listed = listed.trim_end_matches(" Regions").trim_end_matches(" Region");
    let codes = listed.split(", ").map(|name| {
        let code = names.get(name).and_then(Value::as_str);
        code.ok_or_else(|| lacks(identifier, format!("known Region `{name}`")))
    });
    let codes: BTreeSet<&str> = codes.collect::<Result<_, _>>()?;
    Ok(format!("{word} {}", codes.into_iter().collect::<Vec<_>>().join(" ")))
}

fn map<'v>(data: &'v Value, name: &str) -> Result<&'v serde_json::Map<String, Value>, ConfigRulesError> {
    data.get(name).and_then(Value::as_object).ok_or_else(|| lacks("the list", format!("`{name}`")))
}

fn word<'v>(place: &str, data: &'v Value, name: &str) -> Result<&'v str, ConfigRulesError> {
    data.get(name).and_then(Value::as_str).ok_or_else(|| lacks(place, format!("`{name}`")))
}

fn lacks(place: &str, what: String) -> ConfigRulesError {
    ConfigRulesError::Lacks { place: place.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rule_becomes_a_line_and_regions_become_codes() {
        let rule = json!({
            "AWS Region": "Only available in Europe (Ireland), US East (N. Virginia) Region",
            "Trigger type": "Configuration changes and Periodic",
            "Resource Types": "AWS::EC2::Instance, AWS::EC2::Volume",
            "Parameters": [
                {"Name": "days", "Type": "int", "Optional": true, "Default": "14"},
                {"Name": "keys", "Type": "CSV", "Optional": false},
            ],
        });
        let data = json!({
            "moto": "1", "botocore": "2", "rules": {"A_RULE": rule},
            "regions": {"Europe (Ireland)": "eu-west-1", "US East (N. Virginia)": "us-east-1"},
        });
        let text = text(&data).unwrap();
        let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            rows,
            [
                "@0 only eu-west-1 us-east-1",
                "A_RULE both @0 AWS::EC2::Instance,AWS::EC2::Volume days:integer?=14 keys:csv",
            ]
        );
    }

    #[test]
    fn what_is_not_of_the_known_form_is_refused_by_name() {
        let rule = json!({"AWS Region": "Somewhere", "Trigger type": "Periodic"});
        let data = json!({"moto": "1", "botocore": "2", "rules": {"A_RULE": rule}, "regions": {}});
        let error = text(&data).unwrap_err().to_string();
        assert!(error.contains("A_RULE") && error.contains("Somewhere"), "{error}");
    }
}
