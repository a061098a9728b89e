//! The calls that changes to IAM Identity Center take.

use crate::kind::permission_set::PermissionSetSpec;
use crate::spec::Spec;
use glidepath_model::identity_center::Boundary;
use std::collections::BTreeSet;

pub(super) fn created(after: &Spec) -> Vec<&'static str> {
    match after {
        Spec::Group(_) => vec!["identitystore:GetGroupId", "identitystore:CreateGroup"],
        Spec::User(_) => vec!["identitystore:GetUserId", "identitystore:CreateUser"],
        Spec::Membership(spec) => {
            let mut all = vec!["identitystore:ListGroupMemberships"];
            all.extend(vec!["identitystore:CreateGroupMembership"; spec.members.len()]);
            all
        }
        Spec::AccessControlAttributes(_) => vec![
            "sso-admin:CreateInstanceAccessControlAttributeConfiguration",
            "sso-admin:DescribeInstanceAccessControlAttributeConfiguration",
        ],
        Spec::PermissionSet(spec) => {
            let mut all = vec!["sso-admin:ListPermissionSets", "sso-admin:CreatePermissionSet"];
            all.extend(policies(None, spec));
            all
        }
        Spec::Assignments(spec) => assigned(spec.members.len(), 0),
        _ => Vec::new(),
    }
}

pub(super) fn updated(before: &Spec, after: &Spec) -> Vec<&'static str> {
    match (before, after) {
        (Spec::Group(_), _) => vec!["identitystore:UpdateGroup"],
        (Spec::User(_), _) => vec!["identitystore:UpdateUser"],
        (Spec::Membership(old), Spec::Membership(new)) => {
            let mut all = vec!["identitystore:ListGroupMemberships"];
            let (come, gone) = (count(&new.members, &old.members), count(&old.members, &new.members));
            all.extend(vec!["identitystore:CreateGroupMembership"; come]);
            all.extend(vec!["identitystore:DeleteGroupMembership"; gone]);
            all
        }
        (Spec::AccessControlAttributes(_), _) => {
            vec!["sso-admin:UpdateInstanceAccessControlAttributeConfiguration"]
        }
        (Spec::PermissionSet(old), Spec::PermissionSet(new)) => {
            let mut all = Vec::new();
            let plain =
                |spec: &PermissionSetSpec| (spec.description.clone(), spec.session, spec.relay_state.clone());
            all.extend((plain(old) != plain(new)).then_some("sso-admin:UpdatePermissionSet"));
            all.extend(policies(Some(old), new));
            all.extend((old.tags != new.tags).then_some("sso-admin:TagResource"));
            if !old.says_the_same(new) || !old.not_provisioned.is_empty() {
                all.extend([
                    "sso-admin:ProvisionPermissionSet",
                    "sso-admin:DescribePermissionSetProvisioningStatus",
                ]);
            }
            all
        }
        (Spec::Assignments(old), Spec::Assignments(new)) => {
            assigned(count(&new.members, &old.members), count(&old.members, &new.members))
        }
        _ => Vec::new(),
    }
}

pub(super) fn deleted(before: &Spec) -> Vec<&'static str> {
    match before {
        Spec::Group(_) => vec!["identitystore:DeleteGroup"],
        Spec::User(_) => vec!["identitystore:DeleteUser"],
        Spec::Membership(spec) => vec!["identitystore:DeleteGroupMembership"; spec.members.len()],
        Spec::AccessControlAttributes(_) => {
            vec!["sso-admin:DeleteInstanceAccessControlAttributeConfiguration"]
        }
        Spec::PermissionSet(_) => vec!["sso-admin:ListTagsForResource", "sso-admin:DeletePermissionSet"],
        Spec::Assignments(spec) => assigned(0, spec.members.len()),
        _ => Vec::new(),
    }
}

fn count(of: &BTreeSet<String>, but: &BTreeSet<String>) -> usize {
    of.difference(but).count()
}

/// Each request is sent once and looked at once at least.
fn assigned(come: usize, gone: usize) -> Vec<&'static str> {
    let mut all = vec!["sso-admin:ListAccountAssignmentsForPrincipal"];
    all.extend(vec!["sso-admin:CreateAccountAssignment"; come]);
    all.extend(vec!["sso-admin:DescribeAccountAssignmentCreationStatus"; come]);
    all.extend(vec!["sso-admin:DeleteAccountAssignment"; gone]);
    all.extend(vec!["sso-admin:DescribeAccountAssignmentDeletionStatus"; gone]);
    all
}

/// What brings the policies of a set from one state to the other.
fn policies(before: Option<&PermissionSetSpec>, after: &PermissionSetSpec) -> Vec<&'static str> {
    let (managed, customer) =
        before.map(|old| (old.managed.clone(), old.customer_managed.clone())).unwrap_or_default();
    let mut all = Vec::new();
    let mut each = |operation: &'static str, times: usize| all.extend(vec![operation; times]);
    each("sso-admin:AttachManagedPolicyToPermissionSet", after.managed.difference(&managed).count());
    each("sso-admin:DetachManagedPolicyFromPermissionSet", managed.difference(&after.managed).count());
    let (come, gone) = (
        after.customer_managed.difference(&customer).count(),
        customer.difference(&after.customer_managed).count(),
    );
    each("sso-admin:AttachCustomerManagedPolicyReferenceToPermissionSet", come);
    each("sso-admin:DetachCustomerManagedPolicyReferenceFromPermissionSet", gone);
    let inline = before.and_then(|old| old.inline.as_ref());
    match (inline, &after.inline) {
        (old, Some(new)) if old != Some(new) => each("sso-admin:PutInlinePolicyToPermissionSet", 1),
        (Some(_), None) => each("sso-admin:DeleteInlinePolicyFromPermissionSet", 1),
        _ => {}
    }
    let boundary: Option<&Boundary> = before.and_then(|old| old.boundary.as_ref());
    match (boundary, &after.boundary) {
        (old, Some(new)) if old != Some(new) => each("sso-admin:PutPermissionsBoundaryToPermissionSet", 1),
        (Some(_), None) => each("sso-admin:DeletePermissionsBoundaryFromPermissionSet", 1),
        _ => {}
    }
    all
}
