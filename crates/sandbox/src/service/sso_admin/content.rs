//! What a permission set grants and how: the part that reaches accounts, and only when it is provisioned.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The session length of a set that names none.
pub(super) const USUAL_SESSION: &str = "PT1H";
/// The shortest and the longest session, in seconds.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html>
const SESSIONS: std::ops::RangeInclusive<i64> = 3_600..=43_200;

/// A policy that has to be in each account by its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PolicyReference {
    pub(super) name: String,
    #[serde(default = "root_path")]
    pub(super) path: String,
}

fn root_path() -> String {
    "/".to_owned()
}

impl PolicyReference {
    /// The policy it means in an account.
    pub(super) fn arn(&self, account: &str) -> String {
        format!("arn:aws:iam::{account}:policy{}{}", self.path, self.name)
    }
}

/// A permissions boundary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Boundary {
    Managed(String),
    Customer(PolicyReference),
}

/// What a permission set grants and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) description: Option<String>,
    /// A duration of ISO 8601.
    pub(super) session: String,
    pub(super) relay_state: Option<String>,
    pub(super) inline: Option<String>,
    /// ARNs of AWS's own policies.
    pub(super) managed: BTreeSet<String>,
    pub(super) customer: BTreeSet<PolicyReference>,
    pub(super) boundary: Option<Boundary>,
}

impl Content {
    /// The length of a session in seconds.
    pub(super) fn session_seconds(&self) -> i64 {
        session_seconds(&self.session).unwrap_or(*SESSIONS.start())
    }

    /// The policies that have to be in an account before the set is provisioned there.
    pub(super) fn references(&self) -> impl Iterator<Item = &PolicyReference> {
        let boundary = match &self.boundary {
            Some(Boundary::Customer(reference)) => Some(reference),
            Some(Boundary::Managed(_)) | None => None,
        };
        self.customer.iter().chain(boundary)
    }

    /// How many policies the role gets attached.
    pub(super) fn attached(&self) -> usize {
        self.managed.len() + self.customer.len()
    }
}

/// The seconds of a duration that a session can have; none for any other.
pub(super) fn session_seconds(text: &str) -> Option<i64> {
    let seconds = text.parse::<jiff::SignedDuration>().ok()?.as_secs();
    SESSIONS.contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lasts_from_one_hour_to_twelve() {
        for (text, seconds) in [("PT1H", Some(3_600)), ("PT12H", Some(43_200)), ("PT90M", Some(5_400))] {
            assert_eq!(session_seconds(text), seconds, "{text}");
        }
        for text in ["PT59M", "PT13H", "P1D", "-PT2H", "PT12H1S", ""] {
            assert_eq!(session_seconds(text), None, "{text}");
        }
    }
}
