//! The merge of declarative policies, against AWS's documented rules and as laws over random documents.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot read its own data should stop; indexing a JSON value is total"
)]

use glidepath_iam::merge::{MergeError, check, effective, outermost_key};
use glidepath_model::PolicyType;
use proptest::prelude::*;
use serde_json::{Value, json};

fn tag(key: &str, settings: Value) -> Value {
    json!({ "tags": { key: settings } })
}

fn merged(ty: PolicyType, levels: &[&[Value]]) -> Value {
    effective(ty, &levels.iter().map(|level| level.to_vec()).collect::<Vec<_>>()).unwrap()
}

fn cost_center() -> Value {
    tag(
        "costcenter",
        json!({
            "tag_key": {"@@assign": "CostCenter"},
            "tag_value": {"@@assign": ["Build", "Run"]},
        }),
    )
}

#[test]
fn a_child_that_assigns_replaces_the_inherited_list_and_adds_settings() {
    let child = tag(
        "costcenter",
        json!({
            "tag_value": {"@@assign": ["Trial"]},
            "enforced_for": {"@@assign": ["dynamodb:table"]},
        }),
    );
    assert_eq!(
        merged(PolicyType::Tag, &[&[cost_center()], &[child]]),
        tag(
            "costcenter",
            json!({
                "enforced_for": ["dynamodb:table"],
                "tag_key": "CostCenter",
                "tag_value": ["Trial"],
            })
        )
    );
}

#[test]
fn a_child_that_appends_keeps_the_inherited_values_and_their_order() {
    let child = tag("costcenter", json!({"tag_value": {"@@append": ["Sell", "Run"]}}));
    assert_eq!(
        merged(PolicyType::Tag, &[&[cost_center()], &[], &[child]]),
        tag("costcenter", json!({"tag_key": "CostCenter", "tag_value": ["Build", "Run", "Sell"]}))
    );
}

#[test]
fn a_child_that_removes_takes_away_only_what_it_names_and_empty_settings_vanish() {
    let unit = tag("costcenter", json!({"enforced_for": {"@@append": ["dynamodb:table"]}}));
    let account = tag(
        "costcenter",
        json!({
            "tag_value": {"@@remove": ["Build", "Sell"]},
            "enforced_for": {"@@remove": ["dynamodb:table"]},
        }),
    );
    assert_eq!(
        merged(PolicyType::Tag, &[&[cost_center()], &[unit], &[account]]),
        tag("costcenter", json!({"tag_key": "CostCenter", "tag_value": ["Run"]}))
    );
}

#[test]
fn a_child_uses_only_the_operators_its_parents_left() {
    let root = tag(
        "project",
        json!({
            "tag_key": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "Project"},
            "tag_value": {"@@operators_allowed_for_child_policies": ["@@append"], "@@assign": ["Care"]},
        }),
    );
    let unit = tag(
        "project",
        json!({
            "tag_key": {"@@assign": "PROJECT"},
            "tag_value": {"@@assign": ["Other"], "@@append": ["Research"], "@@remove": ["Care"]},
        }),
    );
    assert_eq!(
        merged(PolicyType::Tag, &[&[root], &[unit]]),
        tag("project", json!({"tag_key": "Project", "tag_value": ["Care", "Research"]}))
    );
}

#[test]
fn child_controls_of_one_level_leave_what_all_of_them_allow() {
    let first = tag(
        "project",
        json!({
            "tag_value": {"@@operators_allowed_for_child_policies": ["@@append"], "@@assign": ["Care"]},
        }),
    );
    let second = tag(
        "project",
        json!({
            "tag_value": {"@@operators_allowed_for_child_policies": ["@@append", "@@remove"]},
        }),
    );
    let child = tag("project", json!({"tag_value": {"@@append": ["More"], "@@remove": ["Care"]}}));
    assert_eq!(
        merged(PolicyType::Tag, &[&[first, second], &[child]]),
        tag("project", json!({"tag_value": ["Care", "More"]}))
    );
}

#[test]
fn of_two_policies_on_one_target_the_one_attached_first_wins() {
    let first =
        tag("project", json!({"tag_key": {"@@assign": "PROJECT"}, "tag_value": {"@@append": ["Care"]}}));
    let second = tag("project", json!({"tag_key": {"@@assign": "project"}}));
    assert_eq!(
        merged(PolicyType::Tag, &[&[first, second]]),
        tag("project", json!({"tag_key": "PROJECT", "tag_value": ["Care"]}))
    );
}

#[test]
fn a_locked_node_takes_no_new_keys_but_an_unlocked_one_below_still_changes() {
    let root = json!({"services": {
        "@@operators_allowed_for_child_policies": ["@@none"],
        "default": {"opt_out_policy": {"@@assign": "optOut"}},
    }});
    let unit = json!({"services": {
        "default": {"opt_out_policy": {"@@assign": "optIn"}},
        "lex": {"opt_out_policy": {"@@assign": "optIn"}},
    }});
    assert_eq!(
        merged(PolicyType::AiOptOut, &[&[root], &[unit]]),
        json!({"services": {"default": {"opt_out_policy": "optIn"}}})
    );
}

#[test]
fn an_opt_out_locked_at_its_setting_stands_while_other_services_may_be_added() {
    let root = json!({"services": {"default": {
        "@@operators_allowed_for_child_policies": ["@@none"],
        "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"},
    }}});
    let account = json!({"services": {
        "default": {"opt_out_policy": {"@@assign": "optIn"}},
        "lex": {"opt_out_policy": {"@@assign": "optIn"}},
    }});
    assert_eq!(
        merged(PolicyType::AiOptOut, &[&[root], &[account]]),
        json!({"services": {"default": {"opt_out_policy": "optOut"}, "lex": {"opt_out_policy": "optIn"}}})
    );
}

#[test]
fn backup_plans_of_parent_and_child_stand_side_by_side_with_rules_in_lower_case() {
    let root = json!({"plans": {
        "@@operators_allowed_for_child_policies": ["@@append"],
        "Daily": {
            "regions": {"@@append": ["eu-west-1"]},
            "rules": {"At_Five": {"target_backup_vault_name": {"@@assign": "Vault"}}},
        },
    }});
    let account = json!({"plans": {"Monthly": {"selections": {"tags": {"ByKind": {"tag_key": {"@@assign": "Kind"}}}}}}});
    assert_eq!(
        merged(PolicyType::Backup, &[&[root], &[account]]),
        json!({"plans": {
            "Daily": {"regions": ["eu-west-1"], "rules": {"at_five": {"target_backup_vault_name": "Vault"}}},
            "Monthly": {"selections": {"tags": {"bykind": {"tag_key": "Kind"}}}},
        }})
    );
}

#[test]
fn ec2_attributes_merge_setting_by_setting() {
    let root = json!({"ec2_attributes": {
        "serial_console_access": {"status": {"@@assign": "disabled"}},
        "image_block_public_access": {"state": {"@@assign": "block_new_sharing"}},
    }});
    let unit = json!({"ec2_attributes": {"serial_console_access": {"status": {"@@assign": "enabled"}}}});
    assert_eq!(
        merged(PolicyType::Ec2, &[&[root], &[unit]]),
        json!({"ec2_attributes": {
            "image_block_public_access": {"state": "block_new_sharing"},
            "serial_console_access": {"status": "enabled"},
        }})
    );
}

#[test]
fn keys_meet_whatever_their_case_and_keep_the_highest_spelling() {
    let child = tag("COSTCENTER", json!({"tag_value": {"@@assign": ["One"]}}));
    let result =
        merged(PolicyType::Tag, &[&[tag("CostCenter", json!({"tag_key": {"@@assign": "k"}}))], &[child]]);
    assert_eq!(result, tag("CostCenter", json!({"tag_key": "k", "tag_value": ["One"]})));
}

#[test]
fn types_without_documented_merge_say_so() {
    for ty in PolicyType::ALL.iter().copied() {
        let documented =
            matches!(ty, PolicyType::Tag | PolicyType::Backup | PolicyType::AiOptOut | PolicyType::Ec2);
        let result = effective(ty, &[]);
        assert_eq!(result.is_ok(), documented, "{ty}");
        if !documented {
            assert_eq!(result, Err(MergeError::NotImplemented(ty)));
        }
    }
}

#[test]
fn each_fault_of_a_document_is_named_with_its_place() {
    let faults: Vec<String> = [
        json!([]),
        json!({}),
        json!({"services": {}}),
        json!({"tags": "all"}),
        json!({"tags": {"a": {"tag_key": "A"}}}),
        json!({"tags": {"a": {"tag_key": {"@@set": "A"}}}}),
        json!({"tags": {"a": {"tag_value": {"@@append": "A"}}}}),
        json!({"tags": {"a": {"tag_value": {"@@assign": {"x": 1}}}}}),
        json!({"tags": {"a": {"tag_key": {"@@assign": "A", "inner": {}}}}}),
        json!({"tags": {"a": {}, "A": {}}}),
        json!({"tags": {"@@operators_allowed_for_child_policies": ["@@none", "@@append"]}}),
    ]
    .iter()
    .map(|document| check(PolicyType::Tag, document).unwrap_err().to_string())
    .collect();
    assert_eq!(
        faults,
        [
            "`the document` must be a JSON object",
            "the document is empty; a policy of type `tag` starts with `tags`",
            "the outermost key is `services`; a policy of type `tag` starts with `tags`",
            "`tags` holds a bare value; write it as `{\"@@assign\": …}`",
            "`tags.a.tag_key` holds a bare value; write it as `{\"@@assign\": …}`",
            "`tags.a.tag_key` uses `@@set`, which is not an operator of this policy type",
            "`@@append` at `tags.a.tag_value` wants an array",
            "`@@assign` at `tags.a.tag_value` wants a text, a number, a truth value or an array of them",
            "`tags.a.tag_key` sets a value and has further keys; it can only do one of them",
            "`tags` names `a` twice; keys of declarative policies do not differ by case",
            "`@@operators_allowed_for_child_policies` at `tags` wants an array of `@@all`, `@@none`, \
             or some of `@@assign`, `@@append`, `@@remove`",
        ]
    );
}

#[test]
fn an_opt_out_policy_knows_no_append_and_a_text_cannot_be_appended_to() {
    let append = json!({"services": {"lex": {"opt_out_policy": {"@@append": ["optIn"]}}}});
    assert!(matches!(check(PolicyType::AiOptOut, &append), Err(MergeError::Operator { .. })));
    let levels = [
        vec![tag("a", json!({"tag_key": {"@@assign": "A"}}))],
        vec![tag("a", json!({"tag_key": {"@@append": ["B"]}}))],
    ];
    assert_eq!(effective(PolicyType::Tag, &levels), Err(MergeError::NotAList("tags.a.tag_key".to_owned())));
}

/// A document of tag policies over few keys and values, so that levels meet often.
fn any_document() -> impl Strategy<Value = Value> {
    let words = prop::collection::vec(prop::sample::select(vec!["x", "y", "z"]), 0..3);
    let control = prop::sample::select(vec![
        json!(["@@all"]),
        json!(["@@none"]),
        json!(["@@append"]),
        json!(["@@assign", "@@remove"]),
    ]);
    let setting = (prop::option::of(words.clone()), words.clone(), words, prop::option::of(control.clone()))
        .prop_map(|(assign, append, remove, control)| {
            let mut node = json!({"@@append": append, "@@remove": remove});
            if let Some(values) = assign {
                node["@@assign"] = json!(values);
            }
            if let Some(control) = control {
                node["@@operators_allowed_for_child_policies"] = control;
            }
            node
        });
    let names = prop::sample::select(vec!["a", "b", "c"]);
    (prop::collection::btree_map(names, setting, 0..3), prop::option::of(control)).prop_map(
        |(tags, control)| {
            let mut node = json!({});
            for (name, setting) in tags {
                node[name] = json!({"tag_value": setting});
            }
            if let Some(control) = control {
                node["@@operators_allowed_for_child_policies"] = control;
            }
            json!({"tags": node})
        },
    )
}

fn any_levels() -> impl Strategy<Value = Vec<Vec<Value>>> {
    prop::collection::vec(prop::collection::vec(any_document(), 0..3), 0..4)
}

/// A document that forbids everything at each place that `effective` fills.
fn lock(effective: &Value) -> Value {
    let mut tags = json!({"@@operators_allowed_for_child_policies": ["@@none"]});
    for (name, _) in effective["tags"].as_object().into_iter().flatten() {
        tags[name] = json!({
            "@@operators_allowed_for_child_policies": ["@@none"],
            "tag_value": {"@@operators_allowed_for_child_policies": ["@@none"]},
        });
    }
    json!({"tags": tags})
}

fn has_operator(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(key, inner)| key.starts_with("@@") || has_operator(inner))
        }
        Value::Array(items) => items.is_empty() || items.iter().any(has_operator),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn levels_without_documents_change_nothing(levels in any_levels()) {
        let padded: Vec<Vec<Value>> = levels.iter().flat_map(|level| [Vec::new(), level.clone()]).collect();
        prop_assert_eq!(effective(PolicyType::Tag, &levels), effective(PolicyType::Tag, &padded));
    }

    #[test]
    fn an_effective_policy_has_no_operators_and_nothing_empty(levels in any_levels()) {
        let result = effective(PolicyType::Tag, &levels).unwrap();
        prop_assert!(!has_operator(&result), "{}", result);
    }

    #[test]
    fn below_a_full_lock_no_filled_setting_changes(above in any_levels(), below in any_levels()) {
        let before = effective(PolicyType::Tag, &above).unwrap();
        let locked: Vec<Vec<Value>> =
            above.iter().cloned().chain([vec![lock(&before)]]).chain(below).collect();
        let after = effective(PolicyType::Tag, &locked).unwrap();
        for (name, settings) in before["tags"].as_object().into_iter().flatten() {
            prop_assert_eq!(&after["tags"][name], settings);
        }
    }

    #[test]
    fn any_text_is_a_key_unless_it_looks_like_an_operator(text in ".{0,40}") {
        for ty in PolicyType::ALL.iter().copied() {
            if let Some(key) = outermost_key(ty) {
                let verdict = check(ty, &json!({ key: { text.as_str(): { "@@assign": [text.as_str()] } } }));
                prop_assert_eq!(verdict.is_ok(), !text.starts_with("@@"));
            }
        }
    }
}
