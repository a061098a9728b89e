//! Whether a principal element is about the caller, and in what way it is named.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>.

use crate::document::{self, Scope};
use crate::request::{Principal, PrincipalKind};

/// How a resource-based policy names the caller; what it needs besides follows from this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// By its account: the account still has to allow the caller itself.
    Account,
    /// The role behind the session, or everyone: boundaries and session policies still limit it.
    Identity,
    /// The very user or session: nothing that merely fails to allow limits it.
    Exact,
}

/// How the element names the caller; none if it does not. Of several ways the strongest counts.
#[must_use]
pub fn match_principals(scope: &Scope<document::Principal>, caller: &Principal) -> Option<Grant> {
    let named = scope.patterns().iter().filter_map(|principal| names(principal, caller)).max();
    match (scope, named) {
        (Scope::Only(_), grant) => grant,
        (Scope::AllBut(_), Some(_)) => None,
        (Scope::AllBut(_), None) => Some(Grant::Identity),
    }
}

fn names(principal: &document::Principal, caller: &Principal) -> Option<Grant> {
    match principal {
        document::Principal::Anyone => Some(Grant::Identity),
        document::Principal::Service(name) => (caller.kind == PrincipalKind::Service
            && (name == &caller.arn || name == "*"))
            .then_some(Grant::Exact),
        document::Principal::Aws(text) => aws(text, caller),
        document::Principal::Federated(text) => (text == &caller.arn).then_some(Grant::Exact),
        document::Principal::CanonicalUser(_) => None,
    }
}

fn aws(text: &str, caller: &Principal) -> Option<Grant> {
    let account = caller.account.as_deref()?;
    let is_account = text == account
        || text.strip_prefix("arn:").is_some_and(|rest| rest.ends_with(&format!(":iam::{account}:root")));
    if is_account {
        return Some(if caller.kind == PrincipalKind::Root { Grant::Exact } else { Grant::Account });
    }
    if text == caller.arn {
        let role = caller.kind == PrincipalKind::Role && !caller.arn.contains(":assumed-role/");
        return Some(if role { Grant::Identity } else { Grant::Exact });
    }
    (text == caller.identity_arn()).then_some(Grant::Identity)
}
