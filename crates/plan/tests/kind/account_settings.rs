//! Settings of accounts: who gets which, what differs, what is left alone; two values, two owners, two names.

use crate::support::{made, manifest, plan, plan_of, replan, steps, today, zone};
use glidepath_guardrails::Catalogue;
use glidepath_manifest::Diagnostic;
use glidepath_model::Address;
use glidepath_model::account_settings::AccountSettings;
use glidepath_plan::{Danger, Desired, GateName, LandingZone, Plan, Spec, resolve};
use proptest::prelude::*;

const UNITS: &str = "units: {Security: {accounts: {audit: }}, Workloads: {accounts: {shop: , lab: }}}\n";
const CONTACT: &str = "{name: Security, title: CISO, email: s@example.com, phone: \"1\"}";

fn body(entries: &str) -> String {
    format!("{UNITS}accountSettings:\n{entries}")
}

fn settings(zone: &LandingZone, name: &str) -> Option<AccountSettings> {
    match zone.desired.get(&Address::AccountSettings(name.to_owned())) {
        Some(Desired::Present(Spec::AccountSettings(settings))) => Some(settings.clone()),
        _ => None,
    }
}

/// What is found wrong, or worth knowing, when this is resolved: code and summary.
fn findings(body: &str) -> Vec<String> {
    let text = format!("{}{body}", crate::support::HEAD);
    let found = resolve(&manifest(&text), Catalogue::built_in(), today());
    let all = found.map_or_else(|wrong| wrong, |zone| zone.findings);
    all.iter().map(|one: &Diagnostic| format!("{} {}", one.code, one.summary)).collect()
}

fn fields(plan: &Plan) -> Vec<String> {
    plan.changes.iter().flat_map(|change| change.action.fields()).map(|field| field.path.join(".")).collect()
}

#[test]
fn selectors_reach_members_and_the_management_account_only_by_its_name() {
    let zone =
        zone(&body("  - {on: [/], serialConsole: false}\n  - {on: [account/acme-root], imageBlock: true}\n"));
    for name in ["audit", "shop", "lab"] {
        let region = &settings(&zone, name).unwrap().regions["eu-west-1"];
        assert_eq!((region.serial_console, region.image_block), (Some(false), None), "{name}");
    }
    let root = &settings(&zone, "acme-root").unwrap().regions["eu-west-1"];
    assert_eq!((root.serial_console, root.image_block), (None, Some(true)));
}

#[test]
fn an_account_that_is_spared_or_to_be_closed_gets_nothing() {
    let entry = "  - {on: [/], serialConsole: false, except: [{target: account/lab, until: 2027-06-30, reason: x}]}\n";
    let zone = zone(&body(entry).replace("audit: ", "audit: {close: true}"));
    assert!(settings(&zone, "shop").is_some());
    assert_eq!((settings(&zone, "lab"), settings(&zone, "audit")), (None, None));
}

#[test]
fn contacts_are_those_of_all_accounts_but_where_an_account_has_its_own() {
    let head = format!("  contacts: {{security: {CONTACT}}}\n");
    let own = CONTACT.replace("Security", "Shop");
    let zone = zone(&format!(
        "{head}{}",
        UNITS.replace("shop: ", &format!("shop: {{contacts: {{security: {own}, billing: {own}}}}}"))
    ));
    let names = |account: &str| -> Vec<String> {
        settings(&zone, account).unwrap().contacts.values().map(|contact| contact.name.clone()).collect()
    };
    assert_eq!(names("shop"), ["Shop", "Shop"]);
    assert_eq!(
        (names("lab"), names("acme-root")),
        (vec!["Security".to_owned()], vec!["Security".to_owned()])
    );
}

#[test]
fn settings_wait_for_their_account_for_trusted_access_and_for_keys() {
    let text = format!(
        "  contacts: {{security: {CONTACT}}}\n{UNITS}keys: {{volumes: {{account: lab, regions: [eu-west-1]}}}}\n\
         accountSettings: [{{on: [account/lab], ebsEncryption: {{key: key/volumes}}}}]\n"
    );
    let plan = plan_of(&text, "{}");
    let change = plan.changes.iter().find(|change| change.address.to_string() == "settings/lab").unwrap();
    let waits: Vec<String> = change.waits_for.iter().map(ToString::to_string).collect();
    assert_eq!(waits, ["account/lab", "trusted-access/account.amazonaws.com", "key/volumes"]);
    assert_eq!(steps(&replan(&text, "{}", &text)), Vec::<String>::new());
}

#[test]
fn only_what_the_manifest_sets_is_compared() {
    let text = body(
        "  - {on: [account/shop], passwordPolicy: {minimumLength: 14}, instanceMetadata: {hopLimit: 2}}\n",
    );
    let there = |length: u32, hops: u32| {
        let world = format!(
            "settings: {{shop: {{alias: mine, passwordPolicy: {{minimumLength: {length}, symbols: true}}, \
             regions: {{eu-west-1: {{serialConsole: true, instanceMetadata: {{hopLimit: {hops}, httpTokens: optional}}}}}}}}}}"
        );
        replan(&text, &world, &text)
    };
    assert_eq!(steps(&there(14, 2)), Vec::<String>::new());
    assert_eq!(fields(&there(8, 2)), ["passwordPolicy.minimumLength"]);
    assert_eq!(fields(&there(14, 1)), ["regions.eu-west-1.instanceMetadata.hopLimit"]);
}

#[test]
fn a_policy_that_is_not_there_differs_in_every_member_that_is_wanted() {
    let text = body("  - {on: [account/shop], passwordPolicy: {minimumLength: 14, hardExpiry: false}}\n");
    let plan = replan(&text, "settings: {shop: {}}", &text);
    assert_eq!(fields(&plan), ["passwordPolicy.hardExpiry", "passwordPolicy.minimumLength"]);
}

#[test]
fn what_weakens_an_account_is_dangerous() {
    let dangers = |entry: &str, there: &str| {
        let text = body(&format!("  - {{on: [account/shop], {entry}}}\n"));
        let plan = replan(&text, &format!("settings: {{shop: {{regions: {{eu-west-1: {there}}}}}}}"), &text);
        glidepath_plan::danger::dangers(&plan).into_values().collect::<Vec<_>>()
    };
    assert_eq!(dangers("ebsEncryption: true", "{ebsEncryption: false}"), [Danger::Caution]);
    assert_eq!(dangers("ebsEncryption: false", "{ebsEncryption: true}"), [Danger::Dangerous]);
    assert_eq!(dangers("serialConsole: true", "{serialConsole: false}"), [Danger::Dangerous]);
    assert_eq!(
        dangers("snapshotBlock: unblocked", "{snapshotBlock: block-all-sharing}"),
        [Danger::Dangerous]
    );
}

#[test]
fn a_gap_of_one_account_says_nothing_of_another_whose_name_begins_like_it() {
    let text = body("  - {on: [/], serialConsole: false}\n").replace("audit: ", "audit: , audit-2: ");
    let open = "{regions: {eu-west-1: {serialConsole: true}}}";
    let world = format!(
        "{{settings: {{audit: {open}, audit-2: {open}}}, \
         gaps: [{{prefix: settings/audit, operation: \"sts:AssumeRole\", error: no}}]}}"
    );
    let plan = replan(&text, &world, &text);
    assert_eq!(steps(&plan), ["update settings/audit-2"]);
    assert_eq!(plan.withheld[0].address.to_string(), "settings/audit");
}

#[test]
fn a_default_vpc_goes_by_a_gate_and_one_in_use_stays_and_is_told() {
    let text = body("  - {on: [account/shop], defaultVpc: absent}\n");
    let there = |more: &str| {
        let vpc = format!("!present {{vpc: vpc-1, subnets: [subnet-1, subnet-2]{more}}}");
        let world = format!("settings: {{shop: {{regions: {{eu-west-1: {{defaultVpc: {vpc}}}}}}}}}");
        replan(&text, &world, &text)
    };
    let plan = there(", gateway: igw-1");
    assert_eq!(plan.gates.iter().map(|gate| gate.name).collect::<Vec<_>>(), [GateName::DefaultVpcDelete]);
    assert_eq!(
        plan.changes[0].notes,
        ["the default VPC `vpc-1` of eu-west-1 goes with 2 subnets, and its internet gateway `igw-1`"]
    );
    let plan = there(", interfaces: [eni-1, eni-2]");
    assert_eq!((steps(&plan).len(), plan.gates.len(), plan.refusals.len()), (0, 0, 0));
    let told: Vec<&str> = plan.notices.iter().map(|notice| notice.text.as_str()).collect();
    assert!(
        told.iter().any(|text| text.contains("stays: 2 network interfaces live in it, first `eni-1`")),
        "{told:?}"
    );
}

#[test]
fn two_values_of_one_setting_are_refused_and_equal_ones_are_not() {
    let two = |first: &str, second: &str| {
        findings(&body(&format!("  - {{on: [/], {first}}}\n  - {{on: [Workloads], {second}}}\n")))
    };
    let wrong = two("passwordPolicy: {minimumLength: 14}", "passwordPolicy: {minimumLength: 12}");
    assert_eq!(
        wrong,
        [
            "GP1203 `lab` gets two different values of `passwordPolicy`",
            "GP1203 `shop` gets two different values of `passwordPolicy`"
        ]
    );
    assert_eq!(two("ebsEncryption: true", "ebsEncryption: {key: alias/x}").len(), 2);
    assert_eq!(two("ebsEncryption: true", "ebsEncryption: true"), Vec::<String>::new());
}

#[test]
fn a_key_of_another_account_or_region_is_refused() {
    let body = |entries: &str| body(entries).replace("shop: ", "shop: {id: \"444455556666\"}");
    let key = |key: &str| {
        findings(&body(&format!("  - {{on: [account/shop], ebsEncryption: {{key: \"{key}\"}}}}\n")))
    };
    let arn = |region: &str, account: &str| format!("arn:aws:kms:{region}:{account}:key/1234");
    assert_eq!(key(&arn("eu-west-1", "444455556666")), Vec::<String>::new());
    assert!(key(&arn("eu-west-1", "777788889999"))[0].contains("is not in the account `shop`"));
    assert!(key(&arn("us-east-1", "444455556666"))[0].contains("is not in eu-west-1"));
    let text = body("  - {on: [account/shop], ebsEncryption: {key: key/volumes}}\n");
    let named = |account: &str, region: &str| {
        findings(&format!("{text}keys: {{volumes: {{account: {account}, regions: [{region}]}}}}\n"))
    };
    assert_eq!(named("shop", "eu-west-1"), Vec::<String>::new());
    assert!(named("lab", "eu-west-1")[0].contains("the key `volumes` is in `lab`"));
}

#[test]
fn two_owners_of_one_setting_are_refused() {
    let entry = body(
        "  - {on: [account/shop], serialConsole: false, snapshotBlock: block-all-sharing, s3PublicAccessBlock: true}\n",
    );
    let with = |more: &str| findings(&format!("{entry}{more}"));
    assert_eq!(with(""), Vec::<String>::new());
    assert_eq!(
        with("guardrails: [{use: ec2-serial-console-off, on: [Workloads]}]\n"),
        ["GP1205 the guardrail `ec2-serial-console-off` sets for `shop` what `serialConsole` sets too"]
    );
    assert_eq!(with("guardrails: [{use: ec2-serial-console-off, on: [Security]}]\n"), Vec::<String>::new());
    let policy = "policies: {mine: {type: s3, document: {s3_attributes: {public_access_block_configuration: {\"@@assign\": all}}}, on: [/]}}\n";
    assert_eq!(
        with(policy),
        ["GP1205 the policy `mine` sets for `shop` what `s3PublicAccessBlock` sets too"]
    );
    let elsewhere = policy.replace("on: [/]", "on: [Security]");
    assert_eq!(with(&elsewhere), Vec::<String>::new());
}

#[test]
fn a_setting_on_a_whole_unit_that_one_policy_would_do_is_noted() {
    let notes = findings(&body("  - {on: [Workloads], serialConsole: false, ebsEncryption: true}\n"));
    assert_eq!(
        notes,
        ["GP1206 one policy would do for the whole unit what `serialConsole` does account by account"]
    );
    assert_eq!(findings(&body("  - {on: [account/shop], serialConsole: false}\n")), Vec::<String>::new());
    assert_eq!(findings(&body("  - {on: [Workloads], serialConsole: true}\n")), Vec::<String>::new());
}

#[test]
fn what_is_no_longer_set_stays_and_nothing_is_said_of_it() {
    let before = body("  - {on: [/], serialConsole: false}\n");
    let plan = plan(&zone(UNITS), &made(&before));
    assert!(plan.is_empty() && plan.unmanaged.is_empty() && plan.foreign.is_empty());
}

#[test]
fn what_a_blueprint_needs_is_noted_only_for_accounts_that_do_not_get_it() {
    let with = |entry: &str| {
        findings(&format!(
            "{UNITS}blueprints: [{{use: kms-keys, on: [Workloads]}}]\naccountSettings: [{entry}]\n"
        ))
    };
    let noted = "GP0911 `kms-keys` needs `ebs-encryption-by-default`, which is not set here";
    assert_eq!(with("{on: [account/shop], ebsEncryption: true}"), [noted]);
    assert_eq!(with("{on: [/], ebsEncryption: false}"), [noted]);
    assert_eq!(with("{on: [/], ebsEncryption: true}"), Vec::<String>::new());
}

#[test]
fn calls_that_an_scp_denies_to_the_access_role_are_told_and_what_it_is_spared_is_not() {
    let denied = |condition: &str| {
        let policy = format!(
            "policies: {{mine: {{type: scp, on: [Workloads], document: {{Version: \"2012-10-17\", Statement: [\
             {{Sid: Keep, Effect: Deny, Action: [\"ec2:EnableEbsEncryptionByDefault\", \"iam:Update*\"], Resource: \"*\"{condition}}}]}}}}}}\n"
        );
        let text = body("  - {on: [account/shop], ebsEncryption: true, passwordPolicy: {symbols: true}}\n");
        let plan = replan(&text, "settings: {shop: {}}", &format!("{text}{policy}"));
        let told = plan.notices.into_iter().filter(|notice| notice.text.contains("the role that enters"));
        told.map(|notice| notice.text).collect::<Vec<_>>()
    };
    let [told] = &denied("")[..] else { panic!("{:?}", denied("")) };
    assert!(told.starts_with("`ec2:EnableEbsEncryptionByDefault` and 1 more are denied"), "{told}");
    assert!(told.contains("statement `Keep` of policy `mine` on `Workloads`"), "{told}");
    let spared = ", Condition: {ArnNotLike: {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/OrganizationAccountAccessRole\"}}";
    assert_eq!(denied(spared), Vec::<String>::new());
}

fn any_settings() -> impl Strategy<Value = AccountSettings> {
    let choice = |words: &'static [&'static str]| proptest::option::of(proptest::sample::select(words));
    let flag = || proptest::option::of(any::<bool>());
    let region = (
        flag(),
        flag(),
        flag(),
        choice(&["block-all-sharing", "unblocked"]),
        choice(&["required", "optional"]),
    );
    let account = (flag(), choice(&["one", "two"]), proptest::option::of(6u32..20), flag());
    (region, account).prop_map(
        |((ebs, console, images, snapshots, tokens), (block, alias, length, symbols))| {
            let mut settings = AccountSettings {
                alias: alias.map(str::to_owned),
                s3_public_access_block: block.map(glidepath_model::account_settings::PublicAccessBlock::all),
                ..AccountSettings::default()
            };
            if length.is_some() || symbols.is_some() {
                let policy = glidepath_model::account_settings::PasswordPolicy {
                    minimum_length: length,
                    symbols,
                    ..Default::default()
                };
                settings.password_policy = Some(policy);
            }
            let metadata = tokens.map(|tokens| glidepath_model::account_settings::InstanceMetadata {
                http_tokens: glidepath_model::account_settings::HttpTokens::from_word(tokens),
                ..Default::default()
            });
            let region = glidepath_model::account_settings::RegionSettings {
                ebs_encryption: ebs,
                serial_console: console,
                image_block: images,
                snapshot_block: snapshots
                    .and_then(glidepath_model::account_settings::SnapshotBlock::from_word),
                instance_metadata: metadata,
                ..Default::default()
            };
            settings.regions.insert("eu-west-1".to_owned(), region);
            settings
        },
    )
}

proptest! {
    #[test]
    fn there_are_steps_exactly_where_something_differs(before in any_settings(), after in any_settings()) {
        let seen = glidepath_plan::kind::account_settings::only(&before, &after);
        let steps = glidepath_plan::setting::steps(&before, &after);
        let differs = glidepath_plan::change::differences(
            &Spec::AccountSettings(seen.clone()).fields(),
            &Spec::AccountSettings(after.clone()).fields(),
        );
        prop_assert_eq!(steps.is_empty(), differs.is_empty(), "{:?} {:?}", seen, after);
        prop_assert!(glidepath_plan::setting::steps(&after, &after).is_empty());
    }
}
