//! Settings of accounts: set, found changed, put back; and what happens where an account does not let us in.

use crate::support::{Lab, with, zone, zone_in};
use glidepath_model::AccountId;
use glidepath_plan::plan::GateName;
use glidepath_plan::{DriftReport, LandingZone, Plan};
use serde_json::{Value, json};

/// All that can be set, on three member accounts and, by contacts and a password policy, on the management account.
pub(crate) const SETTINGS: &str = r#"  id: o-a1b2c3d4e5
  contacts: {security: {name: Security, title: CISO, email: security@example.com, phone: "+1 555 0100"}}
  rootAccess: {credentialsManagement: true, sessions: true}
units:
  Security: {accounts: {audit: }}
  Workloads:
    accounts:
      shop:
        alias: acme-shop
        contacts:
          security: {name: Shop, title: Lead, email: shop@example.com, phone: "+1 555 0101"}
          billing: {name: Money, title: CFO, email: money@example.com, phone: "+1 555 0102"}
      lab:
accountSettings:
  - on: [/, account/acme-root]
    passwordPolicy: {minimumLength: 14, symbols: true, maxAge: 90d, reusePrevention: 24}
  - on: [/]
    ebsEncryption: true
    s3PublicAccessBlock: true
    serialConsole: false
    imageBlock: true
  - on: [Workloads]
    instanceMetadata: {httpTokens: required, hopLimit: 2}
    snapshotBlock: block-all-sharing
    defaultVpc: absent
"#;

const REGION: &str = "eu-west-1";

fn lab_of(zone: &LandingZone) -> Lab {
    let lab = Lab::with(glidepath_sandbox::Sandbox::in_memory(crate::support::options_for(zone)));
    lab.apply(zone).assert_complete();
    lab.assert_settled(zone);
    lab
}

fn account(lab: &Lab, zone: &LandingZone, name: &str) -> String {
    lab.physical(zone, &format!("account/{name}"))
}

/// Asks a service as an account, behind the engine's back.
fn ask(lab: &Lab, account: &str, service: &str, operation: &str, request: Value) -> Value {
    let answer = lab.sandbox.call_json_in(REGION, account, service, operation, request);
    answer.unwrap_or_else(|error| panic!("{operation}: {error}"))
}

fn differing(plan: &Plan) -> Vec<String> {
    let fields = |change: &glidepath_plan::Change| {
        let fields = change.action.fields().iter();
        let paths: Vec<String> = fields.map(|field| field.path.join(".")).collect();
        format!("{}: {}", change.address, paths.join(", "))
    };
    plan.changes.iter().map(fields).collect()
}

fn gates(plan: &Plan) -> Vec<GateName> {
    plan.gates.iter().map(|gate| gate.name).collect()
}

#[test]
fn every_setting_comes_about_and_a_second_plan_is_empty() {
    let zone = zone(SETTINGS);
    let lab = lab_of(&zone);
    let (shop, audit) = (account(&lab, &zone, "shop"), account(&lab, &zone, "audit"));
    let contact = |id: &str, kind: &str| {
        ask(&lab, id, "account", "GetAlternateContact", json!({"AlternateContactType": kind}))
    };
    assert_eq!(contact(&shop, "SECURITY")["AlternateContact"]["Name"], "Shop");
    assert_eq!(contact(&shop, "BILLING")["AlternateContact"]["Name"], "Money");
    assert_eq!(contact(&audit, "SECURITY")["AlternateContact"]["Name"], "Security");
    assert_eq!(contact("111122223333", "SECURITY")["AlternateContact"]["Name"], "Security");
    assert_eq!(
        ask(&lab, &shop, "iam", "ListAccountAliases", json!({}))["AccountAliases"],
        json!(["acme-shop"])
    );
    let policy = &ask(&lab, "111122223333", "iam", "GetAccountPasswordPolicy", json!({}))["PasswordPolicy"];
    assert_eq!((&policy["MinimumPasswordLength"], &policy["MaxPasswordAge"]), (&json!(14), &json!(90)));
    let block = ask(&lab, &audit, "s3control", "GetPublicAccessBlock", json!({"AccountId": audit}));
    assert_eq!(block["PublicAccessBlockConfiguration"]["RestrictPublicBuckets"], true);
    let ec2 = |id: &str, operation: &str| ask(&lab, id, "ec2", operation, json!({}));
    assert_eq!(ec2(&audit, "GetEbsEncryptionByDefault")["EbsEncryptionByDefault"], true);
    assert_eq!(ec2(&shop, "GetSnapshotBlockPublicAccessState")["State"], "block-all-sharing");
    assert_eq!(ec2(&audit, "GetSnapshotBlockPublicAccessState")["State"], "unblocked");
    assert_eq!(ec2(&shop, "GetInstanceMetadataDefaults")["AccountLevel"]["HttpTokens"], "required");
    for (id, vpcs) in [(&shop, 0), (&audit, 1)] {
        assert_eq!(ec2(id, "DescribeVpcs")["Vpcs"].as_array().unwrap().len(), vpcs, "{id}");
    }
    assert_eq!(ec2(&shop, "DescribeInternetGateways")["InternetGateways"], json!([]));
    let root = ask(&lab, "111122223333", "iam", "ListOrganizationsFeatures", json!({}));
    assert_eq!(root["EnabledFeatures"], json!(["RootCredentialsManagement", "RootSessions"]));
}

#[test]
fn what_somebody_changed_is_drift_and_is_put_back_by_one_call_each() {
    let zone = zone(SETTINGS);
    let lab = lab_of(&zone);
    let shop = account(&lab, &zone, "shop");
    ask(&lab, &shop, "ec2", "DisableEbsEncryptionByDefault", json!({}));
    ask(&lab, &shop, "ec2", "EnableSerialConsoleAccess", json!({}));
    let metadata = json!({"HttpTokens": "optional", "HttpEndpoint": "disabled"});
    ask(&lab, &shop, "ec2", "ModifyInstanceMetadataDefaults", metadata);
    let block = json!({"AccountId": shop, "PublicAccessBlockConfiguration": {"BlockPublicAcls": true}});
    ask(&lab, &shop, "s3control", "PutPublicAccessBlock", block);
    let policy = json!({"MinimumPasswordLength": 8, "RequireNumbers": true});
    ask(&lab, &shop, "iam", "UpdateAccountPasswordPolicy", policy);
    ask(&lab, &shop, "iam", "CreateAccountAlias", json!({"AccountAlias": "other"}));
    ask(&lab, &shop, "account", "DeleteAlternateContact", json!({"AlternateContactType": "BILLING"}));
    let report = DriftReport::of(&lab.plan(&zone), &zone);
    let modified: Vec<String> = report.modified.iter().map(|one| one.address.to_string()).collect();
    assert_eq!(modified, ["settings/shop"]);
    let fields = [
        "alias",
        "contacts.billing",
        "passwordPolicy.maxAge",
        "passwordPolicy.minimumLength",
        "passwordPolicy.reusePrevention",
        "passwordPolicy.symbols",
        "regions.eu-west-1.ebsEncryption",
        "regions.eu-west-1.instanceMetadata.httpTokens",
        "regions.eu-west-1.serialConsole",
        "s3PublicAccessBlock.blockPublicPolicy",
        "s3PublicAccessBlock.ignorePublicAcls",
        "s3PublicAccessBlock.restrictPublicBuckets",
    ];
    assert_eq!(differing(&lab.plan(&zone)), [format!("settings/shop: {}", fields.join(", "))]);
    lab.tape.wipe();
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
    for operation in [
        "EnableEbsEncryptionByDefault",
        "DisableSerialConsoleAccess",
        "ModifyInstanceMetadataDefaults",
        "PutPublicAccessBlock",
        "UpdateAccountPasswordPolicy",
        "CreateAccountAlias",
        "PutAlternateContact",
    ] {
        assert_eq!(lab.tape.count(operation), 1, "{operation}");
    }
    // What the manifest does not speak of stays as somebody set it.
    let policy = &ask(&lab, &shop, "iam", "GetAccountPasswordPolicy", json!({}))["PasswordPolicy"];
    assert_eq!((&policy["RequireNumbers"], &policy["RequireSymbols"]), (&json!(true), &json!(true)));
    let metadata = ask(&lab, &shop, "ec2", "GetInstanceMetadataDefaults", json!({}));
    assert_eq!(metadata["AccountLevel"]["HttpEndpoint"], "disabled");
    assert_eq!(metadata["AccountLevel"]["HttpTokens"], "required");
}

#[test]
fn a_setting_that_leaves_the_manifest_stays_as_it_is() {
    let before = zone(SETTINGS);
    let lab = lab_of(&before);
    let after = zone(SETTINGS.split("accountSettings:").next().unwrap());
    lab.assert_settled(&after);
    let shop = account(&lab, &before, "shop");
    assert_eq!(
        ask(&lab, &shop, "ec2", "GetEbsEncryptionByDefault", json!({}))["EbsEncryptionByDefault"],
        true
    );
}

#[test]
fn an_account_that_cannot_be_entered_is_a_gap_of_its_own_and_all_others_are_set() {
    let text = with(SETTINGS, &[("audit: ", "audit: , audit-2: ")]);
    let zone = zone(&text);
    let lab = lab_of(&zone);
    let (audit, other) = (account(&lab, &zone, "audit"), account(&lab, &zone, "audit-2"));
    for id in [&audit, &other] {
        ask(&lab, id, "ec2", "DisableEbsEncryptionByDefault", json!({}));
    }
    lab.tape.deny("AssumeRole", &audit);
    let plan = lab.plan(&zone);
    let gaps: Vec<&str> = plan.gaps.iter().map(|gap| gap.prefix.as_str()).collect();
    assert_eq!(gaps, ["settings/audit"]);
    assert_eq!(plan.gaps[0].operation, "sts:AssumeRole");
    let withheld: Vec<String> = plan.withheld.iter().map(|one| one.address.to_string()).collect();
    assert_eq!(withheld, ["settings/audit"]);
    assert_eq!(differing(&plan), ["settings/audit-2: regions.eu-west-1.ebsEncryption"]);
    lab.apply(&zone).assert_complete();
    let encrypted = |id: &str| {
        ask(&lab, id, "ec2", "GetEbsEncryptionByDefault", json!({}))["EbsEncryptionByDefault"].clone()
    };
    assert_eq!((encrypted(&audit), encrypted(&other)), (json!(false), json!(true)));
    lab.tape.allow_all();
    lab.apply(&zone).assert_complete();
    assert_eq!(encrypted(&audit), true);
}

#[test]
fn a_refusal_within_an_account_is_a_gap_and_never_an_absence() {
    let zone = zone(SETTINGS);
    let lab = lab_of(&zone);
    lab.tape.deny("DescribeVpcs", "");
    let plan = lab.plan(&zone);
    let gaps: Vec<String> = plan.gaps.iter().map(|gap| format!("{} {}", gap.prefix, gap.operation)).collect();
    assert_eq!(gaps, ["settings/lab ec2:DescribeVpcs", "settings/shop ec2:DescribeVpcs"]);
    assert_eq!(plan.changes, []);
}

#[test]
fn a_second_region_is_set_like_the_first_and_only_there() {
    let before = zone(SETTINGS);
    let lab = lab_of(&before);
    let after = zone_in("regions: [eu-west-1, eu-central-1]", SETTINGS);
    lab.tape.wipe();
    let applied = lab.apply(&after);
    applied.assert_complete();
    assert_eq!(gates(&applied.plan), [GateName::DefaultVpcDelete]);
    lab.assert_settled(&after);
    // Three accounts have volumes, two of them no default VPC.
    assert_eq!(lab.tape.count("EnableEbsEncryptionByDefault"), 3);
    assert_eq!(lab.tape.count("DeleteVpc"), 2);
    assert_eq!(lab.tape.count("UpdateAccountPasswordPolicy"), 0);
}

#[test]
fn a_default_vpc_in_which_something_lives_stays_and_holds_up_nobody_else() {
    let zone = zone(&SETTINGS.replace("    defaultVpc: absent\n", ""));
    let lab = lab_of(&zone);
    let shop = account(&lab, &zone, "shop");
    assert!(lab.sandbox.add_network_interface(&AccountId::parse(&shop).unwrap(), REGION).unwrap());
    let after = crate::support::zone(SETTINGS);
    let told = |zone: &LandingZone| {
        let notices = lab.plan(zone).notices.into_iter();
        notices.filter(|notice| notice.text.contains("1 network interface lives in it")).count()
    };
    assert_eq!(told(&after), 1);
    lab.tape.wipe();
    lab.apply(&after).assert_complete();
    lab.assert_settled(&after);
    assert_eq!((lab.tape.count("DeleteVpc"), told(&after)), (1, 1));
    let spared = crate::support::zone(&SETTINGS.replace(
        "    defaultVpc: absent\n",
        "    defaultVpc: absent\n    except: [{target: account/shop, until: 2027-02-01, reason: moves out}]\n",
    ));
    assert_eq!(told(&spared), 0);
}

#[test]
fn an_interface_that_comes_between_plan_and_apply_stops_the_deletion_before_it_begins() {
    let without = zone(&SETTINGS.replace("    defaultVpc: absent\n", ""));
    let lab = lab_of(&without);
    let shop = AccountId::parse(&account(&lab, &without, "shop")).unwrap();
    let after = zone(SETTINGS);
    let sandbox = lab.sandbox.clone();
    let moved = std::sync::atomic::AtomicBool::new(false);
    let planned = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    lab.tape.before_each(move |operation, _, _| {
        // The lock is taken once the plan has been made again.
        if operation == "CreatePolicy" {
            planned.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        if planned.load(std::sync::atomic::Ordering::Relaxed) > 0
            && !moved.swap(true, std::sync::atomic::Ordering::Relaxed)
        {
            sandbox.add_network_interface(&shop, REGION).unwrap();
        }
    });
    lab.tape.wipe();
    let applied = lab.apply(&after);
    let failed: Vec<String> =
        applied.receipt.failed.iter().map(|one| format!("{}: {}", one.address, one.error)).collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].starts_with("settings/shop: something lives in the default VPC"), "{failed:?}");
    // The one of the other account goes all the same.
    assert_eq!(lab.tape.count("DetachInternetGateway"), 1);
    assert_eq!(lab.tape.count("DeleteVpc"), 1);
}

#[test]
fn volumes_are_encrypted_by_a_key_of_the_manifest_that_the_same_run_makes() {
    let text = with(
        SETTINGS,
        &[
            (
                "  - on: [/]\n    ebsEncryption: true\n",
                "  - {on: [account/shop], ebsEncryption: {key: key/volumes}}\n  - on: [/]\n",
            ),
            ("accountSettings:", "keys: {volumes: {account: shop, regions: [eu-west-1]}}\naccountSettings:"),
        ],
    );
    let zone = zone(&text);
    let lab = lab_of(&zone);
    let shop = account(&lab, &zone, "shop");
    let key = ask(&lab, &shop, "ec2", "GetEbsDefaultKmsKeyId", json!({}));
    let described = ask(&lab, &shop, "kms", "DescribeKey", json!({"KeyId": "alias/volumes"}));
    assert_eq!(key["KmsKeyId"], described["KeyMetadata"]["Arn"]);
    ask(&lab, &shop, "ec2", "ResetEbsDefaultKmsKeyId", json!({}));
    assert_eq!(differing(&lab.plan(&zone)), ["settings/shop: regions.eu-west-1.ebsKey"]);
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
}

#[test]
fn root_access_that_is_stated_absent_is_turned_off_by_consent_and_left_alone_without_a_word() {
    let zone = zone(SETTINGS);
    let lab = lab_of(&zone);
    let line = "  rootAccess: {credentialsManagement: true, sessions: true}\n";
    let silent = crate::support::zone(&SETTINGS.replace(line, ""));
    lab.assert_settled(&silent);
    let off = SETTINGS.replace(line, "  rootAccess: {sessions: {absent: true}}\n");
    let off = crate::support::zone(&off);
    let plan = lab.plan(&off);
    assert_eq!(gates(&plan), [GateName::SwitchOff]);
    lab.apply(&off).assert_complete();
    lab.assert_settled(&off);
    let root = ask(&lab, "111122223333", "iam", "ListOrganizationsFeatures", json!({}));
    assert_eq!(root["EnabledFeatures"], json!(["RootCredentialsManagement"]));
}

#[test]
fn throttled_accounts_are_read_and_set_all_the_same() {
    let zone = zone_in("regions: [eu-west-1, eu-central-1]", SETTINGS);
    let mut options = crate::support::options_for(&zone);
    options.faults = Some("seed=3,throttle=0.4".parse().unwrap());
    let lab = Lab::with(glidepath_sandbox::Sandbox::in_memory(options));
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
}

/// The formula of the guide: for each account 1 + contacts + settings of the account, and for each of its Regions one for
/// each setting there.
#[test]
fn a_look_takes_as_many_calls_as_the_guide_says() {
    let zone = zone_in("regions: [eu-west-1, eu-central-1]", SETTINGS);
    let lab = lab_of(&zone);
    lab.tape.wipe();
    lab.plan(&zone);
    let of_settings = [
        "GetAlternateContact",
        "ListAccountAliases",
        "GetAccountPasswordPolicy",
        "GetPublicAccessBlock",
        "GetEbsEncryptionByDefault",
        "GetInstanceMetadataDefaults",
        "GetSerialConsoleAccessStatus",
        "GetSnapshotBlockPublicAccessState",
        "GetImageBlockPublicAccessState",
        "DescribeVpcs",
    ];
    let asked =
        lab.tape.calls().into_iter().filter(|call| of_settings.contains(&call.operation.as_str())).count();
    assert_eq!(lab.tape.count("AssumeRole"), 3, "one for each member, none for the management account");
    // audit: one contact, password policy, public access; in each Region encryption, console, images.
    let audit = 1 + 2 + 2 * 3;
    // shop: two contacts, alias, password policy, public access; in each Region six settings.
    let shop = 2 + 3 + 2 * 6;
    let lab_account = 1 + 2 + 2 * 6;
    let management = 1 + 1;
    assert_eq!(asked, audit + shop + lab_account + management);
    assert_eq!(lab.tape.count("ListOrganizationsFeatures"), 1);
}
