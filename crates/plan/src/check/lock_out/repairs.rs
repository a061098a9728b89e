//! What has to stay possible so that a mistake can be repaired: the table of `data/repair.yaml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What has to stay possible, and by whom.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Repair {
    pub(super) who: Who,
    pub(super) why: String,
    pub(super) actions: Vec<String>,
    pub(super) resource: String,
    /// What the request itself says, whoever makes it.
    #[serde(default)]
    pub(super) context: BTreeMap<String, String>,
    /// The service that the account has to administer, by service principal; else it is asked of every account.
    #[serde(default)]
    pub(super) administers: Option<String>,
}

/// Who has to be able to repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Who {
    /// The principal that enters an account, from the management account.
    Entering,
    /// The access role inside the account.
    Access,
    /// The role that applies.
    Deploy,
    /// Whoever the manifest names as break-glass.
    BreakGlass,
    /// CloudFormation's role for stack sets.
    StackSets,
}

/// The table, or why it cannot be read.
pub(super) static REPAIRS: LazyLock<Result<Vec<Repair>, String>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../../data/repair.yaml")).map_err(|error| error.to_string())
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_repairs_is_read_and_every_action_has_a_service() {
        let repairs = REPAIRS.as_ref().unwrap();
        assert!(repairs.len() >= 8);
        assert!(repairs.iter().flat_map(|repair| &repair.actions).all(|action| action.contains(':')));
    }
}
