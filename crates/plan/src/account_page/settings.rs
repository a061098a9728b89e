//! The settings of an account, one line each.

use glidepath_model::account_settings::AccountSettings;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A setting of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingHere {
    /// The setting, `passwordPolicy.minimumLength`.
    pub setting: String,
    /// The Regions that it holds in; empty where it holds for the whole account.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub regions: BTreeSet<String>,
    /// What it shall be.
    pub wanted: Value,
    /// What it is; none where AWS was not asked, or has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<Value>,
}

/// One row for each setting and value, those that are the same in several Regions in one.
pub(super) fn rows(wanted: &AccountSettings, found: Option<&AccountSettings>) -> Vec<SettingHere> {
    let flat = |settings: &AccountSettings| {
        let mut all = BTreeMap::new();
        let mut value = serde_json::to_value(settings).unwrap_or_default();
        let regions = value.as_object_mut().and_then(|members| members.shift_remove("regions"));
        flatten(&mut all, None, "", &value);
        for (region, value) in regions.as_ref().and_then(Value::as_object).into_iter().flatten() {
            flatten(&mut all, Some(region), "", value);
        }
        all
    };
    let there = found.map(&flat);
    let mut rows: Vec<SettingHere> = Vec::new();
    for ((setting, region), wanted) in flat(wanted) {
        let key = (setting.clone(), region.clone());
        let found = there.as_ref().and_then(|there| there.get(&key)).cloned();
        let same =
            rows.iter_mut().find(|row| row.setting == setting && row.wanted == wanted && row.found == found);
        match (same, region) {
            (Some(row), Some(region)) => {
                row.regions.insert(region);
            }
            (Some(_), None) => {}
            (None, region) => {
                rows.push(SettingHere { setting, regions: region.into_iter().collect(), wanted, found });
            }
        }
    }
    rows
}

/// Settings by their way and Region: one row for each plain value. A contact and a default VPC are one each.
fn flatten(
    all: &mut BTreeMap<(String, Option<String>), Value>,
    region: Option<&str>,
    way: &str,
    value: &Value,
) {
    match value {
        Value::Object(members) if !way.starts_with("contacts.") && way != "defaultVpc" => {
            for (key, value) in members {
                let way = if way.is_empty() { key.clone() } else { format!("{way}.{key}") };
                flatten(all, region, &way, value);
            }
        }
        value => {
            all.insert((way.to_owned(), region.map(str::to_owned)), value.clone());
        }
    }
}
