//! The kinds of resource, one file each, of the same names as in `glidepath-plan`: how a kind is read, and
//! how a change of it is made.
//!
//! Adding a kind is an arm in [`perform`] and a read in [`crate::observe`].
//!
//! INVARIANT (every step can be repeated): a change is made of steps, each of which leads to the same
//! state when it is made twice, so that a run that died between two of them is resumed by running again.

pub(crate) mod access_control_attributes;
pub(crate) mod account;
pub(crate) mod account_creation;
pub(crate) mod account_settings;
pub(crate) mod assignments;
pub(crate) mod attachment;
pub(crate) mod delegated_administrator;
pub(crate) mod group;
pub(crate) mod identity_center;
pub(crate) mod key;
pub(crate) mod key_convergence;
pub(crate) mod key_creation;
pub(crate) mod membership;
pub(crate) mod organization;
pub(crate) mod permission_set;
pub(crate) mod policy;
pub(crate) mod policy_type;
pub(crate) mod resource_policy;
pub(crate) mod root_access;
pub(crate) mod stack;
pub(crate) mod stack_set;
pub(crate) mod stack_set_targets;
pub(crate) mod trusted_access;
pub(crate) mod unit;
pub(crate) mod user;

use crate::work::{Outcome, Problem, Work};
use glidepath_model::Address;
use glidepath_plan::{Action, Change, Spec};

/// An action on one kind, its values of that kind's type.
pub(crate) enum Step<'a, S> {
    /// It is made.
    Create { after: &'a S },
    /// It is changed in place.
    Update { physical: &'a str, before: &'a S, after: &'a S },
    /// It becomes ours.
    Adopt { physical: &'a str, before: &'a S, after: &'a S },
    /// It goes.
    Delete { physical: &'a str, before: &'a S },
    /// Our mark is taken off.
    Forget { physical: &'a str },
}

/// One change, for the file of its kind.
pub(crate) struct Task<'a, S> {
    pub(crate) work: &'a Work<'a>,
    pub(crate) address: &'a Address,
    pub(crate) step: Step<'a, S>,
}

fn task<'a, S>(
    work: &'a Work<'a>,
    change: &'a Change,
    of_kind: fn(&'a Spec) -> Option<&'a S>,
) -> Result<Task<'a, S>, Problem> {
    let typed = |spec: &'a Spec| {
        of_kind(spec).ok_or_else(|| Problem::BadValue {
            address: change.address.clone(),
            cause: "before and after are of different kinds".to_owned(),
        })
    };
    let step = match &change.action {
        Action::Create { after } => Step::Create { after: typed(after)? },
        Action::Update { physical, before, after, .. } => {
            Step::Update { physical, before: typed(before)?, after: typed(after)? }
        }
        Action::Adopt { physical, before, after, .. } => {
            Step::Adopt { physical, before: typed(before)?, after: typed(after)? }
        }
        Action::Delete { physical, before } => Step::Delete { physical, before: typed(before)? },
        Action::Forget { physical, .. } => Step::Forget { physical },
    };
    Ok(Task { work, address: &change.address, step })
}

macro_rules! of {
    ($variant:ident) => {
        |spec| match spec {
            Spec::$variant(spec) => Some(spec),
            _ => None,
        }
    };
}

/// Makes a change and waits until AWS has settled it.
pub(crate) async fn perform(work: &Work<'_>, change: &Change) -> Result<Outcome, Problem> {
    let either = change.action.after().or_else(|| change.action.before());
    let Some(spec) = either else { return Ok(Outcome::none()) };
    match spec {
        Spec::Organization(_) => organization::perform(task(work, change, of!(Organization))?).await,
        Spec::PolicyType(_) => policy_type::perform(task(work, change, of!(PolicyType))?).await,
        Spec::Unit(_) => unit::perform(task(work, change, of!(Unit))?).await,
        Spec::Account(_) => account::perform(task(work, change, of!(Account))?).await,
        Spec::TrustedAccess(_) => trusted_access::perform(task(work, change, of!(TrustedAccess))?).await,
        Spec::DelegatedAdministrator(_) => {
            delegated_administrator::perform(task(work, change, of!(DelegatedAdministrator))?).await
        }
        Spec::ResourcePolicy(_) => resource_policy::perform(task(work, change, of!(ResourcePolicy))?).await,
        Spec::Policy(_) => policy::perform(task(work, change, of!(Policy))?).await,
        Spec::Attachment(_) => attachment::perform(task(work, change, of!(Attachment))?).await,
        Spec::StackSet(_) => stack_set::perform(task(work, change, of!(StackSet))?).await,
        Spec::StackSetTargets(_) => {
            stack_set_targets::perform(task(work, change, of!(StackSetTargets))?).await
        }
        Spec::Stack(_) => stack::perform(task(work, change, of!(Stack))?).await,
        Spec::Key(_) => key::perform(task(work, change, of!(Key))?).await,
        Spec::AccountSettings(_) => {
            account_settings::perform(task(work, change, of!(AccountSettings))?).await
        }
        Spec::RootAccess(_) => root_access::perform(task(work, change, of!(RootAccess))?).await,
        Spec::Group(_) => group::perform(task(work, change, of!(Group))?).await,
        Spec::User(_) => user::perform(task(work, change, of!(User))?).await,
        Spec::Membership(_) => membership::perform(task(work, change, of!(Membership))?).await,
        Spec::AccessControlAttributes(_) => {
            access_control_attributes::perform(task(work, change, of!(AccessControlAttributes))?).await
        }
        Spec::PermissionSet(_) => permission_set::perform(task(work, change, of!(PermissionSet))?).await,
        Spec::Assignments(_) => assignments::perform(task(work, change, of!(Assignments))?).await,
    }
}
