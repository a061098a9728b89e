//! Whether who plans takes their own access away. A caller who signed in through IAM Identity Center works by a role of
//! a permission set; the plan must not take it, unless that is said by name.
//!
//! Whether a caller is in a group is known only where this manifest says who is; elsewhere the plan tells that it does
//! not know.
//!
//! Source of the roles' names: <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>

use super::{Finding, Scene};
use crate::gate::{Gate, GateName};
use crate::plan::Notice;
use crate::spec::{Desired, Spec};
use glidepath_model::text::printable;
use glidepath_model::{Address, Principal};

/// How the names of roles begin that IAM Identity Center makes.
const ROLE: &str = "AWSReservedSSO_";

/// A caller who signed in through IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Caller<'a> {
    account: &'a str,
    permission_set: &'a str,
    user: &'a str,
}

impl<'a> Caller<'a> {
    /// The caller of an ARN such as `arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/anna`.
    fn of(arn: &'a str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':').skip(4);
        let (account, resource) = (parts.next()?, parts.next()?);
        let (role, user) = resource.strip_prefix("assumed-role/")?.split_once('/')?;
        let (permission_set, _) = role.strip_prefix(ROLE)?.rsplit_once('_')?;
        Some(Self { account, permission_set, user })
    }
}

/// How sure it is that a principal is, or holds, the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    No,
    Perhaps,
    Surely,
}

/// The gate on taking one's own access, and a notice where nobody can tell.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(arn) = scene.options.caller.as_deref() else { return Vec::new() };
    let Some(caller) = Caller::of(arn) else { return Vec::new() };
    let identity = &scene.world.identity;
    let account = scene.world.snapshot.accounts.keys().find(|id| id.as_str() == caller.account);
    let Some(account) = account.and_then(|id| identity.account_name(id)) else { return Vec::new() };
    let mut before = Holds::No;
    let mut after = Holds::No;
    let mut taking = Vec::new();
    for (address, seen) in scene.observed {
        let Some((principal, was)) = has(address, Some(&seen.spec), &caller, account) else { continue };
        let held = holds(scene, principal, &caller);
        if was {
            before = before.max(held);
        }
        let change = scene.changes.get(address);
        let is = match change {
            None => was,
            Some(change) => has(address, change.action.after(), &caller, account).is_some_and(|(_, is)| is),
        };
        if is {
            after = after.max(held);
        } else if was {
            taking.push(address.clone());
        }
    }
    for (address, change) in scene.changes.iter().filter(|(address, _)| !scene.observed.contains_key(address))
    {
        if let Some((principal, true)) = has(address, change.action.after(), &caller, account) {
            after = after.max(holds(scene, principal, &caller));
        }
    }
    let set = printable(caller.permission_set);
    let place = printable(account);
    if !taking.is_empty() && before > Holds::No && after == Holds::No {
        return vec![Finding::Gate(Gate {
            name: GateName::LockOut,
            addresses: taking,
            summary: format!(
                "you signed in to `{place}` with `{set}`, and nobody who may be you has it there any more"
            ),
            principal: Some(arn.to_owned()),
        })];
    }
    if !taking.is_empty() && before > after {
        let text = format!(
            "you signed in to `{place}` with `{set}`, which is taken from some who have it there: whether you are among \
             those who keep it is not known"
        );
        return vec![Finding::Notice(Notice { address: taking.into_iter().next(), text })];
    }
    let own = Address::PermissionSet(caller.permission_set.to_owned());
    let changes =
        scene.changes.get(&own).is_some_and(|change| match (change.action.before(), change.action.after()) {
            (Some(Spec::PermissionSet(old)), Some(Spec::PermissionSet(new))) => !old.says_the_same(new),
            _ => false,
        });
    if changes {
        let text = "you signed in with this permission set: what you may do changes with it".to_owned();
        return vec![Finding::Notice(Notice { address: Some(own), text })];
    }
    Vec::new()
}

/// The principal of assignments of the caller's permission set, and whether these hold in the account.
fn has<'a>(
    address: &'a Address,
    spec: Option<&Spec>,
    caller: &Caller<'_>,
    account: &str,
) -> Option<(&'a Principal, bool)> {
    let Address::Assignments { permission_set, principal } = address else { return None };
    if permission_set != caller.permission_set {
        return None;
    }
    let members = match spec {
        Some(Spec::Assignments(spec)) => spec.members.contains(account),
        Some(_) | None => false,
    };
    Some((principal, members))
}

fn holds(scene: &Scene<'_>, principal: &Principal, caller: &Caller<'_>) -> Holds {
    match principal {
        Principal::User(name) if name.eq_ignore_ascii_case(caller.user) => Holds::Surely,
        Principal::User(_) => Holds::No,
        Principal::Group(name) => {
            let members = match scene.world.zone.desired.get(&Address::Membership(name.clone())) {
                Some(Desired::Present(Spec::Membership(spec))) => &spec.members,
                Some(_) | None => return Holds::Perhaps,
            };
            let inside = members.iter().any(|user| user.eq_ignore_ascii_case(caller.user));
            if inside { Holds::Surely } else { Holds::No }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_role_of_identity_center_tells_a_permission_set() {
        let arn = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Power_User_0123456789abcdef/anna";
        let caller = Caller { account: "111122223333", permission_set: "Power_User", user: "anna" };
        assert_eq!(Caller::of(arn), Some(caller));
        assert_eq!(Caller::of("arn:aws:sts::111122223333:assumed-role/admin/anna"), None);
        assert_eq!(Caller::of("arn:aws:iam::111122223333:root"), None);
    }
}
