//! Detective and proactive guardrails: where they go, what they come to, and what is said of them.

use crate::support::{HEAD, manifest, today, zone};
use glidepath_guardrails::Catalogue;
use glidepath_manifest::Diagnostic;
use glidepath_plan::{Detection, LandingZone, Members, resolve};

const UNITS: &str = r#"
units:
  Workloads:
    units:
      Prod: {accounts: {shop-prod: {id: "444455556666"}}}
      Dev: {accounts: {shop-dev: {id: "777788889999"}}}
"#;

fn detection(guardrails: &str) -> Detection {
    zone(&format!("{UNITS}guardrails:\n{guardrails}")).detection
}

/// Code and summary of everything that is found, errors included.
fn found(head: &str, guardrails: &str) -> Vec<(String, String)> {
    let text = format!("{head}{UNITS}guardrails:\n{guardrails}");
    let found = match resolve(&manifest(&text), Catalogue::built_in(), today()) {
        Ok(LandingZone { findings, .. }) => findings,
        Err(found) => found,
    };
    found.into_iter().map(|Diagnostic { code, summary, .. }| (code.to_owned(), summary)).collect()
}

fn rules(detection: &Detection) -> Vec<Vec<&str>> {
    let names = |pack: &'_ glidepath_plan::DetectionPack| pack.rules.len();
    assert!(detection.packs.iter().all(|pack| names(pack) > 0));
    detection
        .packs
        .iter()
        .map(|pack| pack.rules.iter().map(|rule| rule.identifier.as_str()).collect())
        .collect()
}

#[test]
fn what_holds_everywhere_is_a_pack_of_the_organization_without_the_management_account() {
    let found = detection("  - {use: ebs-encrypted, on: [/]}\n");
    let [pack] = found.packs.as_slice() else { panic!("{:?}", found.packs) };
    let Members::Organization { excluded } = &pack.placement.members else { panic!("{pack:?}") };
    assert_eq!(excluded.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["111122223333"]);
    assert!(!pack.placement.management && pack.name.starts_with("glidepath-organization-"), "{}", pack.name);
    let template: serde_json::Value = serde_json::from_str(&pack.template).unwrap();
    let rule = &template["Resources"]["EbsEncryptedEncryptedVolumes"];
    assert_eq!(rule["Type"], "AWS::Config::ConfigRule");
    assert_eq!(rule["Properties"]["Source"]["SourceIdentifier"], "ENCRYPTED_VOLUMES");
    assert_eq!(rule["Properties"]["Scope"]["ComplianceResourceTypes"][0], "AWS::EC2::Volume");
}

#[test]
fn what_holds_on_units_goes_to_them_and_an_exception_is_an_excluded_account() {
    let found = detection(
        "  - {use: ebs-encrypted, on: [Workloads]}\n  \
           - {use: efs-encrypted, on: [Workloads], except: [{target: account/shop-dev, until: 2027-03-31, reason: soon}]}\n",
    );
    let excluded: Vec<usize> = found
        .packs
        .iter()
        .map(|pack| match &pack.placement.members {
            Members::Targets { targets, excluded } => {
                assert_eq!(targets.iter().map(ToString::to_string).collect::<Vec<_>>(), ["Workloads"]);
                excluded.len()
            }
            Members::Organization { .. } => panic!("{pack:?}"),
        })
        .collect();
    let mut sorted = excluded.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [0, 1], "a pack each: what is excluded is said of the whole pack");
}

#[test]
fn the_management_account_is_reached_only_where_it_is_named() {
    let found = detection(
        "  - {use: iam-root-mfa-enabled, on: [/, account/acme-root]}\n  - {use: ebs-encrypted, on: [account/acme-root]}\n",
    );
    assert!(found.packs.iter().all(|pack| pack.placement.management));
    let organization = |pack: &&glidepath_plan::DetectionPack| {
        matches!(pack.placement.members, Members::Organization { .. })
    };
    assert_eq!(found.packs.iter().filter(organization).count(), 1);
    let alone = found.packs.iter().find(|pack| !organization(pack)).unwrap();
    assert!(alone.name.starts_with("glidepath-management-"), "{}", alone.name);
    let Members::Targets { targets, .. } = &alone.placement.members else { panic!("{alone:?}") };
    assert!(targets.is_empty());
}

#[test]
fn a_guardrail_twice_is_deployed_once() {
    let found = detection(
        "  - {use: ebs-encrypted, on: [Workloads]}\n  - {use: ebs-encrypted, on: [Workloads/Prod, Workloads/Dev]}\n",
    );
    assert_eq!(rules(&found), [["EC2_EBS_ENCRYPTION_BY_DEFAULT", "ENCRYPTED_VOLUMES"]]);
    assert_eq!(found.packs[0].spans.len(), 2);
}

#[test]
fn values_of_the_manifest_are_the_inputs_of_the_rules() {
    let found = detection(
        "  - {use: iam-credentials-fresh, on: [Workloads], with: {maxAccessKeyAge: 30}}\n  \
           - {use: org-membership-detected, on: [Workloads]}\n",
    );
    let template: serde_json::Value = serde_json::from_str(&found.packs[0].template).unwrap();
    let inputs = |id: &str| template["Resources"][id]["Properties"]["InputParameters"].clone();
    assert_eq!(inputs("IamCredentialsFreshAccessKeysRotated")["maxAccessKeyAge"], "30");
    let membership = inputs("OrgMembershipDetectedAccountPartOfOrganizations");
    assert_eq!(membership["MasterAccountId"], "111122223333");
}

#[test]
fn a_framework_chooses_what_detects_and_all_of_it_fits_into_packs() {
    let found = detection("  - {framework: pci-4.0, behaviour: detective, on: [/]}\n");
    let count: usize = found.packs.iter().map(|pack| pack.rules.len()).sum();
    assert!(count > 100, "{count} rules");
    assert!(found.packs.iter().all(|pack| pack.rules.len() <= 130 && pack.template.len() <= 51_200));
    assert_eq!(found.controls.len(), 1, "CloudWatch and Config are looked at by controls");
    let names: std::collections::BTreeSet<&str> = found.packs.iter().map(|pack| pack.name.as_str()).collect();
    assert_eq!(names.len(), found.packs.len());
}

#[test]
fn what_judges_templates_is_a_rule_file_with_its_values() {
    let found = detection(
        "  - {use: cloudhsm-template-resilient, on: [Workloads/Prod], with: {allowed_hsm_types: [hsm3.medium]}}\n",
    );
    let [one] = found.templates.as_slice() else { panic!("{:?}", found.templates) };
    assert!(one.rules.text.contains("HsmType in [\"hsm3.medium\"]"), "{}", one.rules.text);
    assert_eq!(one.rules.rules.iter().map(String::as_str).collect::<Vec<_>>(), ["CLUSTERS_ARE_RESILIENT"]);
}

#[test]
fn what_is_resolved_and_deployed_by_nobody_is_counted() {
    let guardrails = "  - {use: ebs-encrypted, on: [/]}\n  - {use: config-recorder-on, on: [/]}\n  \
                        - {use: ds-template-hardened, on: [/]}\n";
    let notes = found(HEAD, guardrails);
    let resolved = "1 guardrail resolved and not deployed: 1 Security Hub control";
    assert!(notes.contains(&("GP0719".to_owned(), resolved.to_owned())), "{notes:?}");
    assert!(notes.iter().any(|(code, _)| code == "GP0720"), "nothing records: {notes:?}");
}

#[test]
fn more_rules_than_an_account_takes_are_refused() {
    let head = format!("{HEAD}  limits: {{configRules: 2}}\n");
    let guardrails =
        "  - {use: ebs-encrypted, on: [Workloads]}\n  - {use: efs-encrypted, on: [Workloads/Prod]}\n";
    let summaries: Vec<String> = found(&head, guardrails)
        .into_iter()
        .filter(|(code, _)| code == "GP0717")
        .map(|(_, text)| text)
        .collect();
    assert_eq!(summaries, ["`shop-prod` gets 3 Config rules in `eu-west-1`, and 2 are the most"]);
}

#[test]
fn a_region_without_a_rule_is_told() {
    let head = HEAD.replace("[eu-west-1]", "[eu-west-1, eu-central-2]");
    let told = found(&head, "  - {use: inspector-scanning-enabled, on: [Workloads]}\n");
    let (code, text) = told.iter().find(|(code, _)| code == "GP0718").unwrap();
    assert!(text.contains("in `eu-central-2`") && text.contains("inspector"), "{code}: {text}");
}

#[test]
fn one_guardrail_with_two_values_on_the_same_accounts_is_refused() {
    let told = found(
        HEAD,
        "  - {use: iam-credentials-fresh, on: [Workloads]}\n  \
           - {use: iam-credentials-fresh, on: [Workloads], with: {maxAccessKeyAge: 30}}\n",
    );
    assert!(told.iter().any(|(code, _)| code == "GP0716"), "{told:?}");
}

#[test]
fn rules_of_one_guardrail_that_fill_more_than_a_pack_are_refused() {
    let names: Vec<String> = (0..131).map(|at| format!("service-{at}")).collect();
    let told = found(
        HEAD,
        &format!(
            "  - {{use: vpc-endpoints-present, on: [Workloads], with: {{serviceNames: [{}]}}}}\n",
            names.join(", ")
        ),
    );
    assert!(
        told.iter().any(|(code, text)| code == "GP0715" && text.contains("vpc-endpoints-present")),
        "{told:?}"
    );
}

#[test]
fn an_exception_that_another_entry_overrules_is_told_of_what_detects_too() {
    let told = found(
        HEAD,
        "  - {use: ebs-encrypted, on: [/]}\n  \
           - {use: ebs-encrypted, on: [Workloads], except: [{target: account/shop-dev, until: 2027-03-31, reason: soon}]}\n",
    );
    assert!(told.iter().any(|(code, _)| code == "GP0711"), "{told:?}");
}

const LOGGING: &str = "logging: {archive: log-archive, sources: [config]}\n";

/// The deployments of a manifest that also records, without those of logging itself.
fn deployed(guardrails: &str) -> Vec<String> {
    let units = "units: {Security: {accounts: {log-archive: }}, Workloads: {accounts: {shop-dev: {id: \"444455556666\"}, shop-prod: }}}\n";
    let zone = zone(&format!("{units}{LOGGING}guardrails:\n{guardrails}"));
    let packs = zone.deployments.iter().filter(|(_, one)| one.blueprint == "conformance pack");
    let of_digest =
        |text: String| text.split('-').filter(|part| part.len() != 8).collect::<Vec<_>>().join("-");
    packs.map(|(address, _)| of_digest(address.to_string())).collect()
}

#[test]
fn a_pack_of_the_organization_is_a_stack_of_the_management_account() {
    let found = deployed("  - {use: ebs-encrypted, on: [/]}\n");
    assert_eq!(found, ["stack/glidepath-organization-organization@eu-west-1"]);
}

#[test]
fn a_pack_of_units_is_a_stack_set_that_comes_after_the_recorder() {
    let guardrails = "  - {use: ebs-encrypted, on: [Workloads]}\n";
    assert_eq!(deployed(guardrails).len(), 1);
    let units = "units: {Security: {accounts: {log-archive: }}, Workloads: {accounts: {shop-prod: }}}\n";
    let zone = zone(&format!("{units}{LOGGING}guardrails:\n{guardrails}"));
    let plan = crate::support::plan(&zone, &crate::support::world::empty());
    let pack = plan
        .changes
        .iter()
        .find(|change| change.address.to_string().starts_with("stack-set-targets/glidepath"));
    let recorder = glidepath_model::Address::StackSetTargets("config-recorder".into());
    assert!(
        pack.is_some_and(|change| change.waits_for.contains(&recorder)),
        "{:?}",
        crate::support::steps(&plan)
    );
}

#[test]
fn an_excluded_account_gets_no_stack_of_the_pack() {
    let spared = "  - {use: ebs-encrypted, on: [Workloads], except: [{target: account/shop-dev, until: 2027-03-31, reason: soon}]}\n";
    let units = "units: {Security: {accounts: {log-archive: }}, Workloads: {accounts: {shop-dev: {id: \"444455556666\"}, shop-prod: }}}\n";
    let zone = zone(&format!("{units}{LOGGING}guardrails:\n{spared}"));
    let members: Vec<String> = zone
        .desired
        .iter()
        .filter(|(address, _)| address.to_string().starts_with("stack-set-targets/glidepath"))
        .flat_map(|(_, desired)| match desired {
            glidepath_plan::Desired::Present(glidepath_plan::Spec::StackSetTargets(spec)) => {
                spec.members.iter().map(ToString::to_string).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    assert_eq!(members, ["account/shop-prod@eu-west-1"]);
}

#[test]
fn a_template_that_breaks_a_rule_where_it_goes_is_refused_and_nowhere_else() {
    let entries = "{use: cloudhsm, on: [account/shop-prod]}, {use: network-vpc, on: [account/shop-prod]}";
    let rules = |on: &str| {
        format!(
            "  - {{use: cloudhsm-template-resilient, on: [{on}], with: {{allowed_hsm_types: [hsm3.medium]}}}}\n"
        )
    };
    let codes = |on: &str| {
        let body = format!("{}blueprints: [{entries}]\n", rules(on));
        found(HEAD, &body).into_iter().filter(|(code, _)| code == "GP0722").collect::<Vec<_>>()
    };
    let told = codes("Workloads/Prod");
    let [(_, summary)] = told.as_slice() else { panic!("{told:?}") };
    assert!(
        summary.starts_with("`cloudhsm` breaks `CLUSTERS_ARE_RESILIENT` of `cloudhsm-template"),
        "{summary}"
    );
    assert!(summary.contains("another type of HSM is wanted"), "{summary}");
    assert_eq!(codes("Workloads/Dev"), []);
}

#[test]
fn a_resource_with_an_excuse_may_break_the_rule() {
    // Its permissions boundary begins with everything, and says why.
    let body = "  - {use: iam-templates-least-privilege, on: [/]}\nblueprints: [{use: iam-baseline, on: [Workloads]}]\n";
    assert!(found(HEAD, body).iter().all(|(code, _)| code != "GP0722"), "{:?}", found(HEAD, body));
}

#[test]
fn what_security_hub_runs_everywhere_has_no_rule_of_its_own() {
    let rules = |blueprint: &str| {
        let units = "units: {Security: {accounts: {log-archive: , security: }}, Workloads: }\n";
        let text =
            format!("{units}{LOGGING}guardrails:\n  - {{use: iam-credentials-fresh, on: [/]}}\n{blueprint}");
        let detection = zone(&text).detection;
        (
            detection.packs.iter().map(|pack| pack.rules.len()).sum::<usize>(),
            detection.left_to_security_hub.len(),
        )
    };
    let hub =
        |with: &str| format!("blueprints: [{{use: securityhub-org, with: {{standards: [fsbp]{with}}}}}]\n");
    let alone = rules("");
    assert!(alone.0 > 1 && alone.1 == 0, "{alone:?}");
    assert_eq!(rules(&hub("")), alone, "a policy for nobody");
    assert_eq!(rules(&hub(", target: Workloads")), alone, "a policy for a part");
    assert_eq!(rules(&hub(", target: /, target_type: ROOT, disabled_controls: [IAM.3]")), alone);
    assert_eq!(rules(&hub(", target: /, target_type: ROOT")), (alone.0 - 1, 1));
}
