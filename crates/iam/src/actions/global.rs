//! AWS's global condition keys, and when a request carries them (`data/global-keys.txt`).

use super::key;
use super::key::Values;
use std::sync::LazyLock;

const WRITTEN: &str = include_str!("../../data/global-keys.txt");

static KEYS: LazyLock<Vec<GlobalKey>> =
    LazyLock::new(|| WRITTEN.lines().filter_map(GlobalKey::read).collect());

/// A condition key that does not belong to one service.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalKey {
    /// Its name; `*` stands for a part that the user names: `aws:PrincipalTag/*`.
    pub name: &'static str,
    /// When a request carries it.
    pub presence: Presence,
    /// How many values it holds.
    pub values: Values,
}

/// When a request carries a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// Every request does.
    Always,
    /// Every request but an anonymous one.
    Signed,
    /// Every request of a principal that belongs to an organization.
    Member,
    /// It depends on the principal, the network, the resource or the parameters.
    Sometimes,
}

impl GlobalKey {
    fn read(line: &'static str) -> Option<Self> {
        let mut words = line.split(' ').filter(|_| !line.starts_with('#'));
        let name = words.next()?;
        let presence = match words.next()? {
            "always" => Presence::Always,
            "signed" => Presence::Signed,
            "member" => Presence::Member,
            "sometimes" => Presence::Sometimes,
            _ => return None,
        };
        let values = match words.next()? {
            "single" => Values::Single,
            "several" => Values::Several,
            _ => return None,
        };
        words.next().is_none().then_some(Self { name, presence, values })
    }
}

/// Every global key, by name.
#[must_use]
pub fn global_keys() -> &'static [GlobalKey] {
    &KEYS
}

/// The global key that a policy names, in any case.
#[must_use]
pub fn global_key(written: &str) -> Option<&'static GlobalKey> {
    KEYS.iter().find(|known| key::is(known.name, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_file_is_read_and_the_names_are_sorted() {
        let lines: Vec<&str> = WRITTEN.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), KEYS.len());
        assert!(KEYS.is_sorted_by(|one, other| one.name < other.name));
    }

    #[test]
    fn a_key_says_when_it_is_there() {
        let presence = |name: &str| global_key(name).map(|key| key.presence);
        assert_eq!(presence("AWS:requestedregion"), Some(Presence::Always));
        assert_eq!(presence("aws:PrincipalArn"), Some(Presence::Signed));
        assert_eq!(presence("aws:PrincipalTag/team"), Some(Presence::Sometimes));
        assert_eq!(presence("aws:Moon"), None);
        assert_eq!(global_key("aws:TagKeys").map(|key| key.values), Some(Values::Several));
    }
}
