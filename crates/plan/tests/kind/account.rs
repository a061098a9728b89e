//! Accounts: found by id, e-mail address or former name; moved, marked, forgotten, never deleted.

use crate::support::{HEAD, address, made, plan, plan_of, replan, steps, whole_zone, world};
use glidepath_model::regions::OptInStatus;
use glidepath_model::{AccountId, organization::Snapshot};
use std::collections::BTreeMap;

const SHOP: &str = "units: {Workloads: {accounts: {shop: }}, Other: }";

#[test]
fn an_account_is_found_by_its_email_address_in_any_case() {
    let world = "units: {Workloads: {mark: acme}, Other: {mark: acme}}\n\
                 accounts: {shop: {email: AWS+Shop@Example.com, unit: Workloads, mark: acme}}";
    assert_eq!(steps(&plan_of(SHOP, world)), Vec::<String>::new());
}

#[test]
fn tags_that_the_manifest_does_not_name_are_left_alone() {
    let world = "accounts: {shop: {tags: {theirs: x}, mark: acme}}";
    let plan = replan(SHOP, world, SHOP);
    assert_eq!(steps(&plan), Vec::<String>::new());
}

#[test]
fn an_account_whose_tags_were_not_read_still_moves() {
    let after = "units: {Workloads: , Other: {accounts: {shop: }}}";
    let plan = replan(SHOP, "accounts: {shop: {mark: unread}}", after);
    assert_eq!(steps(&plan), ["update account/shop"]);
    assert_eq!(plan.changes[0].action.fields().len(), 1);
}

#[test]
fn an_account_that_left_the_manifest_is_forgotten_only_if_it_carries_our_mark() {
    let after = "units: {Workloads: , Other: }";
    assert_eq!(steps(&replan(SHOP, "{}", after)), ["forget account/shop"]);
    let unmarked = "accounts: {shop: {tags: {theirs: x}}}";
    assert_eq!(steps(&replan(SHOP, unmarked, after)), Vec::<String>::new());
}

#[test]
fn an_account_to_be_closed_that_is_gone_is_no_unknown_account() {
    let plan = plan_of(
        "units: {Old: {accounts: {shop: {id: \"777788889999\", close: true}}}}",
        "units: {Old: {mark: acme}}",
    );
    assert!(plan.refusals.is_empty() && plan.changes.is_empty(), "{:?}", plan.refusals);
}

#[test]
fn two_names_for_one_account_are_refused() {
    let body = "units: {A: {accounts: {one: {id: \"444455556666\", email: one@example.com}, two: {email: two@example.com}}}}";
    let world =
        "units: {A: {mark: acme}}\naccounts: {one: {id: \"444455556666\", email: two@example.com, unit: A}}";
    let codes: Vec<String> = plan_of(body, world).refusals.into_iter().map(|refusal| refusal.code).collect();
    assert_eq!(codes, ["account-claimed-twice"]);
}

#[test]
fn an_account_to_be_closed_is_neither_moved_nor_tagged_and_keeps_its_unit() {
    let before = "units: {Old: {accounts: {shop: }}, New: }";
    let plan = replan(before, "{}", "units: {New: {accounts: {shop: {close: true, tags: {a: b}}}}}");
    assert_eq!(
        steps(&plan),
        [
            "create policy-type/scp",
            "create policy/scp/glidepath-quarantine",
            "create attachment/scp/glidepath-quarantine@account/shop",
            "update account/shop",
            "forget unit/Old"
        ]
    );
    let shop = plan.change(&address("account/shop")).unwrap();
    let paths: Vec<String> = shop.action.fields().iter().map(|field| field.path.join(".")).collect();
    assert_eq!(paths, ["closed"]);
}

#[test]
fn an_account_that_administers_a_service_is_refused_to_be_closed() {
    let body = |account: &str| {
        format!("units: {{A: {{accounts: {{shop: {account}}}}}}}\ntrustedAccess: {{config.amazonaws.com: }}")
    };
    let world = "administrators: {config.amazonaws.com: [shop]}";
    let plan = replan(&body(""), world, &body("{close: true}"));
    assert_eq!(plan.refusals[0].code, "closing-administrator");
}

/// A manifest that governs a Region which accounts have to enable first.
fn opted(body: &str) -> String {
    format!("{}{body}", HEAD.replace("regions: [eu-west-1]", "regions: [eu-west-1, eu-south-1]"))
}

fn notes(plan: &glidepath_plan::Plan, name: &str) -> String {
    plan.change(&address(name)).map(|change| change.notes.join("\n")).unwrap_or_default()
}

/// A world in which account management tells how the Region stands in every account.
fn told(body: &str, status: OptInStatus) -> Snapshot {
    let mut snapshot = made(body);
    snapshot.trusted_access.insert("account.amazonaws.com".to_owned());
    let ids: Vec<AccountId> = snapshot.accounts.keys().cloned().collect();
    for id in ids {
        snapshot.opt_ins.insert(id, BTreeMap::from([("eu-south-1".to_owned(), status)]));
    }
    snapshot
}

#[test]
fn a_governed_opt_in_region_is_wanted_of_every_account_by_trusted_access_that_is_implied() {
    let zone = whole_zone(&opted(SHOP));
    let mut snapshot = world::World::parse("{}").snapshot();
    snapshot.opt_ins.insert("111122223333".parse().unwrap(), BTreeMap::new());
    let plan = plan(&zone, &snapshot);
    let steps = steps(&plan);
    for wanted in
        ["create trusted-access/account.amazonaws.com", "update account/acme-root", "create account/shop"]
    {
        assert!(steps.contains(&wanted.to_owned()), "{wanted}: {steps:?}");
    }
    assert!(
        notes(&plan, "account/shop").contains("it stays at the root"),
        "{}",
        notes(&plan, "account/shop")
    );
}

#[test]
fn a_region_that_is_enabled_or_being_enabled_is_no_change_and_one_that_is_disabled_is() {
    let zone = whole_zone(&opted(SHOP));
    assert_eq!(steps(&plan(&zone, &told(SHOP, OptInStatus::Enabled))), Vec::<String>::new());
    let enabling = plan(&zone, &told(SHOP, OptInStatus::Enabling));
    assert_eq!(steps(&enabling), Vec::<String>::new());
    let open: Vec<String> = enabling.converging.iter().map(|one| one.address.to_string()).collect();
    assert_eq!(open, ["account/acme-root", "account/shop"]);
    let disabled = plan(&zone, &told(SHOP, OptInStatus::Disabled));
    assert_eq!(steps(&disabled), ["update account/acme-root", "update account/shop"]);
}

#[test]
fn an_account_gets_the_regions_that_it_names_and_keeps_them_when_it_names_them_no_more() {
    let body = |regions: &str| format!("units: {{Workloads: {{accounts: {{shop: {{{regions}}}}}}}}}");
    let named = whole_zone(&format!("{HEAD}{}", body("regions: [eu-south-1]")));
    let snapshot = told(&body(""), OptInStatus::Disabled);
    assert_eq!(steps(&plan(&named, &snapshot)), ["update account/shop"], "the management account needs none");
    let snapshot = told(&body(""), OptInStatus::Enabled);
    assert_eq!(steps(&plan(&whole_zone(&format!("{HEAD}{}", body(""))), &snapshot)), Vec::<String>::new());
}

#[test]
fn an_account_that_is_to_be_closed_is_frozen_and_what_goes_with_it_is_told() {
    let body = |shop: &str| {
        format!(
            "units: {{Security: {{accounts: {{log-archive: {{id: \"222233334444\"}}}}}}, W: {{accounts: {{shop: {shop}}}}}}}\nlogging: {{archive: log-archive, sources: [s3Access]}}\n"
        )
    };
    let plan = replan(&body(""), "{}", &body("{close: true}"));
    let told = notes(&plan, "account/shop");
    assert!(told.contains("step: it is frozen"), "{told}");
    assert!(told.contains("its stacks stay"), "{told}");
    assert!(told.contains("lie in it (`eu-west-1`) and go with it after 90 days"), "{told}");
}

#[test]
fn who_gains_and_loses_access_by_a_move_is_told_at_the_move() {
    let body = |from: &str, to: &str| {
        format!(
            "units: {{A: {{accounts: {{{from}}}}}, B: {{accounts: {{{to}}}}}}}\nidentity:\n  permissionSets: {{Admin: {{managed: [AdministratorAccess]}}, Read: {{managed: [SecurityAudit]}}}}\n  assignments: [{{group: platform, permissionSet: Admin, on: [A]}}, {{group: audit, permissionSet: Read, on: [B]}}]\n"
        )
    };
    let told = notes(
        &replan(&body("shop: , till: ", "lab: "), "", &body("till: ", "lab: , shop: ")),
        "account/shop",
    );
    assert!(told.contains("it gains the access `Read` of `group:audit`"), "{told}");
    assert!(told.contains("it loses the access `Admin` of `group:platform`"), "{told}");
}
