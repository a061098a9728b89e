//! `permissions`: the least that a role must be allowed, from the operations table.

mod settings;

use crate::args::{Permission, PermissionsArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::wanted::Wanted;
use glidepath_model::operations::{Access, Operations};
use glidepath_model::{Address, Target};
use glidepath_plan::singleton::makers;
use glidepath_plan::{Desired, LandingZone, Spec};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Actions of Organizations that no resource can be named for.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html>
const WITHOUT_RESOURCE: [&str; 6] = [
    "organizations:CreateAccount",
    "organizations:CreateOrganization",
    "organizations:CreatePolicy",
    "organizations:DisableAWSServiceAccess",
    "organizations:EnableAWSServiceAccess",
    "organizations:PutResourcePolicy",
];

/// The service by which stacks are deployed, and its call that no resource can be named for. What the stacks of the
/// management account make, CloudFormation makes with the caller's rights: those are not told here.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html>
const DEPLOYS: &str = "cloudformation:";
const ACTIVATES: &str = "cloudformation:ActivateOrganizationsAccess";

/// The prefixes of the actions of IAM Identity Center and of its directory.
const IDENTITY: [&str; 2] = ["sso:", "identitystore:"];
/// The operations by which Regions are enabled in accounts.
const REGIONS: [&str; 2] = ["account:EnableRegion", "account:ListRegions"];
/// What AWS does with the caller's rights where a permission set comes to the management account itself.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html>
const OWN_ROLES: [&str; 12] = [
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateRole",
];

pub(super) fn run(args: &PermissionsArgs) -> Outcome {
    let zone = Wanted::read(&args.from.manifest, None)?.zone;
    let table = Operations::table().map_err(|error| Failure::of(ExitCode::Failed, &error))?;
    let partition = glidepath_model::regions::region(&zone.home).map(|region| region.partition.clone());
    let partition = partition
        .ok_or_else(|| Failure::new(ExitCode::Invalid, format!("`{}` is not an AWS region", zone.home)))?;
    view::json::print(&match args.permission {
        Permission::Plan | Permission::Apply => policy(&zone, &partition, table, args.permission),
        Permission::Member => settings::of_member(&zone, table),
    });
    Ok(ExitCode::Done)
}

/// The policy document.
fn policy(zone: &LandingZone, partition: &str, table: &Operations, permission: Permission) -> Value {
    let mut reads = BTreeSet::new();
    let mut writes = BTreeSet::new();
    let mut creations = BTreeSet::new();
    let mut deployments = BTreeSet::new();
    for row in table.rows.values() {
        // What an earlier manifest deployed is still looked at.
        let is_write = row.access == Access::Write;
        if is_write && row.name.starts_with(DEPLOYS) && zone.deployments.is_empty() {
            continue;
        }
        // Settings of accounts, and their Regions, have statements of their own.
        if settings::is_of_settings(&row.name) {
            continue;
        }
        for action in &row.actions {
            match row.access {
                // Entering accounts, their keys and the service-linked role have statements of their own.
                _ if action == "sts:AssumeRole" || action == "iam:CreateServiceLinkedRole" => {}
                _ if action.starts_with("kms:") || is_of_singletons(action) => {}
                _ if IDENTITY.iter().any(|prefix| action.starts_with(prefix)) => {}
                // The organization that the manifest names is there.
                _ if action == "organizations:CreateOrganization" && zone.organization_id.is_some() => {}
                Access::Read => {
                    reads.insert(action.clone());
                }
                Access::Write if action == ACTIVATES => {
                    creations.insert(action.clone());
                }
                Access::Write if action.starts_with(DEPLOYS) => {
                    deployments.insert(action.clone());
                }
                Access::Write if WITHOUT_RESOURCE.contains(&action.as_str()) => {
                    creations.insert(action.clone());
                }
                Access::Write => {
                    writes.insert(action.clone());
                }
            }
        }
    }
    let management = &zone.management_id;
    let mut statements = vec![json!({ "Sid": "Read", "Effect": "Allow", "Action": reads, "Resource": "*" })];
    if permission == Permission::Apply {
        let organization = zone.organization_id.as_ref().map_or("*", |id| id.as_str());
        let own = format!("arn:{partition}:organizations::{management}:");
        let mut resources: Vec<String> = ["account", "ou", "policy", "resourcepolicy", "root"]
            .map(|kind| format!("{own}{kind}/{organization}/*"))
            .into();
        // AWS's own policies are attached and detached too.
        resources.push(format!("arn:{partition}:organizations::aws:policy/*"));
        statements
            .push(json!({ "Sid": "Change", "Effect": "Allow", "Action": writes, "Resource": resources }));
        statements.push(json!({ "Sid": "Create", "Effect": "Allow", "Action": creations, "Resource": "*" }));
        if !deployments.is_empty() {
            let own = format!("arn:{partition}:cloudformation:*:{management}:");
            let resources: Vec<String> = ["stack/*/*", "stackset/*", "stackset-target/*", "type/resource/*"]
                .map(|kind| format!("{own}{kind}"))
                .into();
            statements.push(
                json!({ "Sid": "Deploy", "Effect": "Allow", "Action": deployments, "Resource": resources }),
            );
        }
        let mut services = Vec::new();
        services.extend(zone.organization_id.is_none().then_some("organizations"));
        services.extend((!zone.deployments.is_empty()).then_some("stacksets.cloudformation"));
        let roles =
            services.into_iter().map(|service| service_linked_role(partition, management.as_str(), service));
        statements.extend(roles);
    }
    statements.extend(entering(zone, partition, permission));
    statements.extend(regions(zone, partition, table, permission));
    statements.extend(own_keys(zone, table, permission));
    statements.extend(identity(zone, partition, table, permission));
    statements.extend(own_singletons(zone, table, permission));
    statements.extend(settings::of_management(zone, table, permission));
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The accounts that own keys of the manifest.
fn key_owners(zone: &LandingZone) -> BTreeSet<&str> {
    let desired = zone.desired.values();
    desired
        .filter_map(|desired| match desired {
            Desired::Present(Spec::Key(key)) => Some(key.account.as_str()),
            Desired::Present(_) | Desired::Absent => None,
        })
        .collect()
}

/// Services that are asked for what an account has once in a Region.
const SINGLETONS: [&str; 5] = ["access-analyzer:", "config:", "guardduty:", "securityhub:", "ssm:"];

fn is_of_singletons(action: &str) -> bool {
    SINGLETONS.iter().any(|service| action.starts_with(service))
}

/// The accounts that are asked for it before their first stack comes.
fn asked(zone: &LandingZone) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for address in makers(zone) {
        let Some(Desired::Present(Spec::StackSetTargets(targets))) = zone.desired.get(&address) else {
            continue;
        };
        for member in &targets.members {
            names.extend(zone.accounts.iter().filter_map(|(name, account)| match &member.target {
                Target::Account(wanted) => (wanted == name).then_some(name.as_str()),
                Target::Unit(unit) => account.unit.is_within(unit).then_some(name.as_str()),
            }));
        }
    }
    names
}

/// What asking the management account itself needs, where a stack of its own makes something of the kind.
fn own_singletons(zone: &LandingZone, table: &Operations, permission: Permission) -> Option<Value> {
    if !makers(zone).iter().any(|address| matches!(address, Address::Stack { .. })) {
        return None;
    }
    let rows = table.rows.values();
    let wanted = rows.filter(|row| row.access == Access::Read || permission == Permission::Apply);
    let actions: BTreeSet<&String> =
        wanted.flat_map(|row| &row.actions).filter(|action| is_of_singletons(action)).collect();
    Some(json!({ "Sid": "Singletons", "Effect": "Allow", "Action": actions, "Resource": "*" }))
}

/// The access roles of the accounts that are entered. What these may do there is theirs.
fn entering(zone: &LandingZone, partition: &str, permission: Permission) -> Option<Value> {
    // A new account is entered once, to see that it can be; one that has no id here may be new.
    let new =
        zone.accounts.iter().filter(|(_, account)| permission == Permission::Apply && account.id.is_none());
    let new = new.map(|(name, _)| name.as_str());
    let entered = key_owners(zone).into_iter().chain(asked(zone)).chain(settings::entered(zone));
    let entered: BTreeSet<&str> = entered.chain(new).collect();
    let roles: BTreeSet<String> = entered
        .into_iter()
        .filter(|name| *name != zone.management_name)
        .map(|name| {
            let account = zone.accounts.get(name);
            let id = account.and_then(|account| account.id.as_ref()).map_or("*", |id| id.value.as_str());
            let role = account.and_then(|account| account.access.as_ref());
            let role = role.map_or(zone.access_role.as_str(), |role| role.value.as_str());
            format!("arn:{partition}:iam::{id}:role/{role}")
        })
        .collect();
    if roles.is_empty() {
        return None;
    }
    let mut statement = json!({
        "Sid": "EnterAccounts", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": roles,
    });
    if let (Some(id), Value::Object(members)) = (&zone.organization_id, &mut statement) {
        let inside = json!({ "StringEquals": { "aws:ResourceOrgID": id.as_str() } });
        members.insert("Condition".to_owned(), inside);
    }
    Some(statement)
}

/// What enabling Regions in accounts needs, where the landing zone has any that accounts do not have from the start.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html>
fn regions(zone: &LandingZone, partition: &str, table: &Operations, permission: Permission) -> Option<Value> {
    let opts_in = |desired: &Desired| matches!(desired, Desired::Present(Spec::Account(account)) if !account.regions.is_empty());
    if !zone.desired.values().any(opts_in) {
        return None;
    }
    let rows = table.rows.values();
    let wanted = rows.filter(|row| row.access == Access::Read || permission == Permission::Apply);
    let actions: BTreeSet<&String> =
        wanted.filter(|row| REGIONS.contains(&row.name.as_str())).flat_map(|row| &row.actions).collect();
    let own = format!("arn:{partition}:account::{}:account", zone.management_id);
    let organization = zone.organization_id.as_ref().map_or("*", |id| id.as_str());
    let members = format!("{own}/{organization}/*");
    Some(json!({ "Sid": "Regions", "Effect": "Allow", "Action": actions, "Resource": [own, members] }))
}

/// What keys of the management account itself need.
fn own_keys(zone: &LandingZone, table: &Operations, permission: Permission) -> Option<Value> {
    if !key_owners(zone).contains(zone.management_name.as_str()) {
        return None;
    }
    let rows = table.rows.values();
    let wanted = rows.filter(|row| row.access == Access::Read || permission == Permission::Apply);
    let actions: BTreeSet<&String> =
        wanted.flat_map(|row| &row.actions).filter(|action| action.starts_with("kms:")).collect();
    Some(json!({ "Sid": "Keys", "Effect": "Allow", "Action": actions, "Resource": "*" }))
}

/// What IAM Identity Center needs, where the manifest speaks of it. Its actions take no resource that could be named
/// before a permission set is there.
fn identity(zone: &LandingZone, partition: &str, table: &Operations, permission: Permission) -> Vec<Value> {
    let Some(center) = &zone.identity_center else { return Vec::new() };
    let rows = table.rows.values();
    let wanted = rows.filter(|row| row.access == Access::Read || permission == Permission::Apply);
    // A directory of others is never written.
    let ours = |action: &&String, access: Access| {
        let directory = action.starts_with("identitystore:");
        IDENTITY.iter().any(|prefix| action.starts_with(prefix))
            && (!directory || access == Access::Read || center.managed_directory)
    };
    let actions: BTreeSet<&String> =
        wanted.flat_map(|row| row.actions.iter().filter(move |action| ours(action, row.access))).collect();
    let mut statements =
        vec![json!({ "Sid": "IdentityCenter", "Effect": "Allow", "Action": actions, "Resource": "*" })];
    let management = zone.desired.values().any(|desired| {
        matches!(desired, Desired::Present(Spec::Assignments(spec)) if spec.members.contains(&zone.management_name))
    });
    if permission == Permission::Apply && management {
        let own = format!("arn:{partition}:iam::{}:", zone.management_id);
        statements.push(json!({
            "Sid": "OwnPermissionSets",
            "Effect": "Allow",
            "Action": OWN_ROLES,
            "Resource": format!("{own}role/aws-reserved/sso.amazonaws.com/*"),
        }));
        statements.push(json!({
            "Sid": "OwnSignIn",
            "Effect": "Allow",
            "Action": ["iam:CreateSAMLProvider", "iam:GetSAMLProvider", "iam:UpdateSAMLProvider"],
            "Resource": format!("{own}saml-provider/AWSSSO_*_DO_NOT_DELETE"),
        }));
    }
    statements
}

/// Creating an organization makes a role for it, and so does CloudFormation's access to one.
fn service_linked_role(partition: &str, management: &str, service: &str) -> Value {
    let sid = if service == "organizations" { "ServiceLinkedRole" } else { "ServiceLinkedRoleOfStackSets" };
    json!({
        "Sid": sid,
        "Effect": "Allow",
        "Action": "iam:CreateServiceLinkedRole",
        "Resource": format!("arn:{partition}:iam::{management}:role/aws-service-role/{service}.amazonaws.com/*"),
        "Condition": { "StringEquals": { "iam:AWSServiceName": format!("{service}.amazonaws.com") } },
    })
}
