//! `permissions`: the least that a role must be allowed, from the operations table.

use crate::args::{Permission, PermissionsArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::wanted::Wanted;
use glidepath_model::operations::{Access, Operations};
use glidepath_plan::LandingZone;
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

pub(super) fn run(args: &PermissionsArgs) -> Outcome {
    let zone = Wanted::read(&args.from.manifest, None)?.zone;
    let table = Operations::table().map_err(|error| Failure::of(ExitCode::Failed, &error))?;
    let partition = glidepath_model::regions::region(&zone.home).map(|region| region.partition.clone());
    let partition = partition
        .ok_or_else(|| Failure::new(ExitCode::Invalid, format!("`{}` is not an AWS region", zone.home)))?;
    view::json::print(&policy(&zone, &partition, table, args.permission));
    Ok(ExitCode::Done)
}

/// The policy document.
fn policy(zone: &LandingZone, partition: &str, table: &Operations, permission: Permission) -> Value {
    let mut reads = BTreeSet::new();
    let mut writes = BTreeSet::new();
    let mut creations = BTreeSet::new();
    let mut deployments = BTreeSet::new();
    for row in table.rows.values() {
        if row.name.starts_with(DEPLOYS) && zone.deployments.is_empty() {
            continue;
        }
        for action in &row.actions {
            match row.access {
                // No member account is entered, and the service-linked role has a statement of its own.
                _ if action == "sts:AssumeRole" || action == "iam:CreateServiceLinkedRole" => {}
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
    json!({ "Version": "2012-10-17", "Statement": statements })
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
