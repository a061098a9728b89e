//! Accounts: found by id, e-mail address or former name; moved, marked, forgotten, never deleted.

use crate::support::{plan_of, replan, steps};

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
    assert_eq!(steps(&plan), ["update account/shop", "forget unit/Old"]);
    let paths: Vec<String> =
        plan.changes[0].action.fields().iter().map(|field| field.path.join(".")).collect();
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
