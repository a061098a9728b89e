//! IAM Identity Center: permission sets, assignments, a directory of our own and one of others; what somebody changed by
//! hand, what is over, and what a run that died had begun.

use crate::support::{Lab, Lost, approved, at, options_for, planned, with, zone, zone_on};
use glidepath_engine::{Depth, Events, Scope, observe, observe_from};
use glidepath_model::identity_center::Assignment;
use glidepath_plan::{LandingZone, Plan, Verb};
use glidepath_sandbox::Sandbox;
use serde_json::{Value, json};

/// A bit of everything, with a directory of our own.
pub(crate) const IDENTITY: &str = r#"
units:
  Security: {accounts: {log-archive: }}
  Workloads: {accounts: {shop: {tags: {stage: prod}}, till: }}
identity:
  directory: managed
  permissionSets:
    Admin: {managed: [AdministratorAccess], session: 4h}
    Deployer:
      description: Puts artifacts into place
      managed: [ReadOnlyAccess]
      inline: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "*"}]}
      boundary: {managed: PowerUserAccess}
      tags: {owner: platform}
  groups:
    platform: {description: Runs it, members: [anna]}
    shop: {members: [bela, carla]}
  users:
    anna: {given: Anna, family: Example, email: anna@example.com}
    bela: {given: Bela, family: Example}
    carla: {given: Carla, family: Example}
  assignments:
    - {group: platform, permissionSet: Admin, on: [/, account/acme-root]}
    - {group: shop, permissionSet: Deployer, on: [Workloads]}
    - {user: anna, permissionSet: Deployer, on: ["tag:stage=prod"]}
  attributes: {CostCenter: "${path:enterprise.costCenter}"}
"#;

fn lab_for(zone: &LandingZone) -> Lab {
    Lab::with(Sandbox::in_memory(options_for(zone)))
}

fn built(zone: &LandingZone) -> Lab {
    let lab = lab_for(zone);
    lab.apply(zone).assert_complete();
    lab
}

impl Lab {
    /// Asks IAM Identity Center behind the engine's back, as the management account.
    fn center(&self, operation: &str, mut request: Value) -> Value {
        if operation != "ListInstances" {
            request["InstanceArn"] = self.instance()["InstanceArn"].clone();
        }
        self.sandbox
            .call_json_in("eu-west-1", "111122223333", "sso-admin", operation, request)
            .expect(operation)
    }

    fn instance(&self) -> Value {
        let listed = self
            .sandbox
            .call_json_in("eu-west-1", "111122223333", "sso-admin", "ListInstances", json!({}))
            .unwrap();
        listed["Instances"][0].clone()
    }

    fn store(&self, operation: &str, mut request: Value) -> Value {
        request["IdentityStoreId"] = self.instance()["IdentityStoreId"].clone();
        self.sandbox
            .call_json_in("eu-west-1", "111122223333", "identitystore", operation, request)
            .expect(operation)
    }

    fn set(&self, zone: &LandingZone, name: &str) -> String {
        self.physical(zone, &format!("permission-set/{name}"))
    }
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.changes.iter().map(|change| format!("{} {}", change.action.verb().word(), change.address)).collect()
}

#[test]
fn everything_is_built_and_the_next_plan_is_empty() {
    let zone = zone(IDENTITY);
    let lab = built(&zone);
    lab.assert_settled(&zone);
    let writes = ["CreatePermissionSet", "CreateGroup", "CreateUser", "CreateGroupMembership"];
    assert_eq!(writes.map(|operation| lab.tape.count(operation)), [2, 2, 3, 3]);
    // Three member accounts and the management account; two; one.
    assert_eq!(lab.tape.count("CreateAccountAssignment"), 4 + 2 + 1);
    assert_eq!(lab.tape.count("ProvisionPermissionSet"), 0, "an assignment provisions by itself");
}

#[test]
fn a_changed_set_is_provisioned_last_and_once() {
    let before = zone(IDENTITY);
    let lab = built(&before);
    lab.tape.wipe();
    let after = zone(&with(
        IDENTITY,
        &[("s3:PutObject", "s3:GetObject"), ("[ReadOnlyAccess]", "[job-function/ViewOnlyAccess]")],
    ));
    let applied = lab.apply(&after);
    applied.assert_complete();
    assert_eq!(steps(&applied.plan), ["update permission-set/Deployer"]);
    let writes: Vec<String> = lab
        .tape
        .calls()
        .into_iter()
        .map(|call| call.operation)
        .filter(|operation| {
            operation.ends_with("PermissionSet")
                && !operation.starts_with("List")
                && !operation.starts_with("Describe")
                && !operation.starts_with("Get")
        })
        .collect();
    assert_eq!(writes.last().map(String::as_str), Some("ProvisionPermissionSet"));
    assert_eq!(lab.tape.count("ProvisionPermissionSet"), 1);
    lab.assert_settled(&after);
}

#[test]
fn accounts_that_a_run_left_behind_their_set_are_provisioned_by_the_next() {
    let zone = zone(IDENTITY);
    let lab = built(&zone);
    let set = lab.set(&zone, "Deployer");
    let document = |action: &str| {
        let statement = json!({"Effect": "Allow", "Action": action, "Resource": "*"});
        json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
    };
    let put = |action: &str| {
        let request = json!({"PermissionSetArn": set, "InlinePolicy": document(action)});
        lab.center("PutInlinePolicyToPermissionSet", request);
    };
    // The set says again what the manifest says, and the accounts do not: what a run that died would leave.
    put("s3:DeleteObject");
    let request = json!({"PermissionSetArn": set, "TargetType": "ALL_PROVISIONED_ACCOUNTS"});
    lab.center("ProvisionPermissionSet", request);
    lab.advance(600);
    put("s3:PutObject");
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(steps(&applied.plan), ["update permission-set/Deployer"]);
    assert_eq!(applied.plan.changes[0].action.fields()[0].path, ["notProvisioned"]);
    lab.assert_settled(&zone);
}

#[test]
fn what_somebody_changed_is_changed_back() {
    let zone = zone(IDENTITY);
    let lab = built(&zone);
    let set = lab.set(&zone, "Deployer");
    lab.center(
        "DetachManagedPolicyFromPermissionSet",
        json!({"PermissionSetArn": set, "ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    );
    lab.center("DeletePermissionsBoundaryFromPermissionSet", json!({"PermissionSetArn": set}));
    lab.center("UpdatePermissionSet", json!({"PermissionSetArn": set, "SessionDuration": "PT12H"}));
    lab.center("TagResource", json!({"ResourceArn": set, "Tags": [{"Key": "theirs", "Value": "x"}]}));
    let group = lab.physical(&zone, "group/shop");
    let anna = lab.physical(&zone, "user/anna");
    lab.store("CreateGroupMembership", json!({"GroupId": group, "MemberId": {"UserId": anna}}));
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(steps(&applied.plan), ["update membership/shop", "update permission-set/Deployer"]);
    lab.assert_settled(&zone);
}

/// Gives somebody a permission set behind the engine's back.
fn assign(lab: &Lab, zone: &LandingZone, set: &str, account: &str, user: &str) {
    let request = json!({
        "PermissionSetArn": lab.set(zone, set),
        "TargetId": lab.physical(zone, &format!("account/{account}")),
        "TargetType": "AWS_ACCOUNT",
        "PrincipalType": "USER",
        "PrincipalId": lab.physical(zone, &format!("user/{user}")),
    });
    lab.center("CreateAccountAssignment", request);
    lab.advance(600);
}

#[test]
fn whoever_has_a_set_where_nobody_was_promised_it_loses_it() {
    let zone = zone(IDENTITY);
    let lab = built(&zone);
    assign(&lab, &zone, "Deployer", "log-archive", "carla");
    let applied = lab.apply(&zone);
    applied.assert_complete();
    assert_eq!(steps(&applied.plan), ["delete assignments/Deployer/user:carla"]);
    lab.assert_settled(&zone);
}

#[test]
fn whoever_else_has_a_set_where_it_is_promised_to_others_is_found_by_a_deep_look_alone() {
    let external = zone(&with(
        IDENTITY,
        &[
            ("  directory: managed\n", ""),
            (
                "  groups:\n    platform: {description: Runs it, members: [anna]}\n    shop: {members: [bela, carla]}\n",
                "",
            ),
            (
                "  users:\n    anna: {given: Anna, family: Example, email: anna@example.com}\n    bela: {given: Bela, family: Example}\n    carla: {given: Carla, family: Example}\n",
                "",
            ),
        ],
    ));
    let managed = zone(IDENTITY);
    let lab = built(&managed);
    assign(&lab, &managed, "Deployer", "shop", "carla");
    let plan = lab.plan(&external);
    assert!(plan.changes.is_empty(), "{:?}", steps(&plan));
    assert!(plan.notices.iter().any(|notice| notice.text.starts_with("not checked: ")), "{:?}", plan.notices);
    let deep = lab.run(async |aws| {
        observe(aws, &external, &Scope::Everything(Depth::Deep), &Events::silent()).await.unwrap()
    });
    let plan = planned(&external, &deep);
    assert_eq!(steps(&plan), ["delete assignments/Deployer/user:carla"]);
    assert!(!plan.notices.iter().any(|notice| notice.text.starts_with("not checked: ")));
}

#[test]
fn a_deep_look_that_was_cut_off_is_gone_on_with_and_one_that_ended_is_not() {
    let zone = zone(IDENTITY);
    let lab = built(&zone);
    let folder = tempfile::tempdir().unwrap();
    let look = |lab: &Lab| {
        lab.run(async |aws| {
            let scope = Scope::People;
            observe_from(aws, &zone, (&scope, Some(folder.path())), &Events::silent()).await
        })
    };
    let asked = |lab: &Lab| lab.tape.count("ListAccountAssignments");
    lab.tape.wipe();
    let whole = look(&lab).unwrap();
    let pairs = asked(&lab);
    assert!(pairs > 3, "{pairs}");
    // As a look leaves it that was cut off after two answers, in the middle of the third.
    let now = lab.run(async |aws| aws.clock().now());
    let center = &whole.identity_center;
    let answered = center.whole.iter().take(2).map(|(set, account)| {
        let here = |one: &&Assignment| one.permission_set == *set && one.account == *account;
        let who: Vec<_> = center.assignments.iter().filter(here).map(|one| &one.principal).collect();
        json!({"at": now, "permissionSet": set, "account": account, "who": who}).to_string() + "\n"
    });
    let left = answered.collect::<String>() + "{\"at\": ";
    std::fs::write(folder.path().join("asked.jsonl"), left).unwrap();
    lab.tape.wipe();
    assert_eq!(look(&lab).unwrap(), whole);
    assert_eq!(asked(&lab), pairs - 2);
    lab.tape.wipe();
    look(&lab).unwrap();
    assert_eq!(asked(&lab), pairs, "the look before had come to its end");
}

#[test]
fn a_name_that_an_external_directory_does_not_have_is_refused_with_the_nearest() {
    let managed = zone(IDENTITY);
    let lab = built(&managed);
    let external = zone(
        "units: {Workloads: {accounts: {shop: {tags: {stage: prod}}, till: }}, Security: {accounts: {log-archive: }}}\nidentity:\n  permissionSets: {Admin: {managed: [AdministratorAccess]}}\n  assignments: [{group: platfrm, permissionSet: Admin, on: [Workloads]}]\n",
    );
    let plan = lab.plan(&external);
    let told: Vec<&str> = plan.refusals.iter().map(|refusal| refusal.help.as_str()).collect();
    assert_eq!(told.len(), 1, "{:?}", plan.refusals);
    assert!(told[0].starts_with("did you mean `platform`?"), "{told:?}");
}

#[test]
fn a_new_name_moves_everybody_before_the_old_set_goes() {
    let before = zone(IDENTITY);
    let lab = built(&before);
    let after = zone(&with(
        IDENTITY,
        &[
            ("    Deployer:\n", "    Shipper:\n      was: Deployer\n"),
            ("permissionSet: Deployer, on: [Workloads]", "permissionSet: Shipper, on: [Workloads]"),
            ("permissionSet: Deployer, on: [\"tag", "permissionSet: Shipper, on: [\"tag"),
        ],
    ));
    let applied = lab.apply(&after);
    applied.assert_complete();
    assert_eq!(
        steps(&applied.plan),
        [
            "create permission-set/Shipper",
            "create assignments/Shipper/group:shop",
            "delete assignments/Deployer/group:shop",
            "create assignments/Shipper/user:anna",
            "delete assignments/Deployer/user:anna",
            "delete permission-set/Deployer",
        ]
    );
    lab.assert_settled(&after);
}

#[test]
fn access_for_a_time_ends_by_the_plan_of_the_day_after() {
    let text =
        with(IDENTITY, &[("on: [\"tag:stage=prod\"]}", "on: [\"tag:stage=prod\"], until: 2027-01-31}")]);
    let lab = built(&zone(&text));
    let over = zone_on(&text, "2027-02-01");
    let applied = lab.apply(&over);
    applied.assert_complete();
    assert_eq!(steps(&applied.plan), ["delete assignments/Deployer/user:anna"]);
    lab.assert_settled(&over);
}

#[test]
fn what_leaves_the_manifest_is_taken_away_and_people_stay() {
    let before = zone(IDENTITY);
    let lab = built(&before);
    let after = zone(
        "units: {Workloads: {accounts: {shop: {tags: {stage: prod}}, till: }}, Security: {accounts: {log-archive: }}}\nidentity: {directory: managed}\n",
    );
    lab.apply(&after).assert_complete();
    lab.assert_settled(&after);
    let counts = ["DeleteAccountAssignment", "DeletePermissionSet", "DeleteGroup", "DeleteUser"];
    assert_eq!(counts.map(|operation| lab.tape.count(operation)), [7, 2, 0, 0]);
}

#[test]
fn one_account_of_assignments_is_changed_alone() {
    let zone = zone(IDENTITY);
    let lab = built(&zone);
    let gone =
        with(IDENTITY, &[("permissionSet: Deployer, on: [Workloads]", "permissionSet: Deployer, on: []")]);
    let after = crate::support::zone(&gone);
    let options = glidepath_plan::PlanOptions {
        today: "2027-01-04".parse().unwrap(),
        targets: vec![at("assignments/Deployer/group:shop@till")],
        caller: None,
    };
    let plan = glidepath_plan::plan(&after, &lab.observe(&after), &options);
    lab.run(async |aws| {
        let approved = approved(plan.clone());
        let receipt =
            glidepath_engine::apply(aws, &after, &approved, &lab.options(), &Events::silent()).await.unwrap();
        assert!(receipt.failed.is_empty() && receipt.not_converged.is_empty(), "{receipt:#?}");
    });
    assert_eq!(lab.tape.count("DeleteAccountAssignment"), 1);
    assert_eq!(steps(&lab.plan(&after)), ["delete assignments/Deployer/group:shop"]);
}

#[test]
fn an_answer_that_is_lost_makes_nothing_twice() {
    for operation in [
        "CreatePermissionSet",
        "CreateAccountAssignment",
        "CreateGroup",
        "CreateUser",
        "CreateGroupMembership",
    ] {
        for what in [Lost::Answer, Lost::Request] {
            let zone = zone(IDENTITY);
            let lab = lab_for(&zone);
            lab.tape.lose(operation, what);
            lab.apply(&zone).assert_complete();
            lab.assert_settled(&zone);
        }
    }
}

#[test]
fn without_an_instance_the_plan_is_refused() {
    let zone = zone(IDENTITY);
    let mut options = options_for(&zone);
    options.world.identity_center = glidepath_sandbox::IdentityCenter::Absent;
    let lab = Lab::with(Sandbox::in_memory(options));
    let plan = lab.plan(&zone);
    assert_eq!(
        plan.refusals.iter().map(|refusal| refusal.code.as_str()).collect::<Vec<_>>(),
        ["identity-center-missing"]
    );
    assert!(plan.changes.iter().all(|change| change.action.verb() == Verb::Create));
}

#[test]
fn what_may_not_be_read_is_a_gap_and_nothing_changes_under_it() {
    let zone = zone(IDENTITY);
    let lab = built(&zone);
    for (operation, prefix) in [
        ("ListInstances", "permission-set/"),
        ("ListPermissionSets", "assignments/"),
        ("ListGroups", "group/"),
        ("ListAccountAssignmentsForPrincipal", "assignments/Admin/group:platform"),
    ] {
        lab.tape.deny(operation, "");
        let plan = lab.plan(&zone);
        assert!(plan.changes.is_empty(), "{operation}: {:?}", steps(&plan));
        assert!(plan.gaps.iter().any(|gap| gap.prefix == prefix), "{operation}: {:?}", plan.gaps);
        lab.tape.wipe();
        lab.tape.allow_all();
    }
}

#[test]
fn people_and_groups_are_changed_in_place_and_what_is_left_out_is_taken_away() {
    let lab = built(&zone(IDENTITY));
    let after = zone(&with(
        IDENTITY,
        &[
            (
                "anna: {given: Anna, family: Example, email: anna@example.com}",
                "anna: {given: Annabel, family: Example}",
            ),
            (
                "bela: {given: Bela, family: Example}",
                "bela: {given: Bela, family: Example, email: bela@example.com}",
            ),
            ("platform: {description: Runs it, members", "platform: {members"),
            ("shop: {members", "shop: {description: Sells, members"),
        ],
    ));
    let applied = lab.apply(&after);
    applied.assert_complete();
    assert_eq!(
        steps(&applied.plan),
        ["update group/platform", "update group/shop", "update user/anna", "update user/bela"]
    );
    lab.assert_settled(&after);
}
