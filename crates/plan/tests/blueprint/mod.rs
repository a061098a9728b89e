//! What is said of blueprints that cannot be deployed as the manifest has them.

use crate::support::{HEAD, manifest, today};
use glidepath_guardrails::Catalogue;
use glidepath_plan::resolve;

/// The codes of what is said about a manifest's body.
fn said(head: &str, body: &str) -> Vec<(&'static str, String)> {
    let manifest = manifest(&format!("{head}{body}"));
    let found = match resolve(&manifest, Catalogue::built_in(), today()) {
        Ok(zone) => zone.findings,
        Err(found) => found,
    };
    let mut told: Vec<(&str, String)> = found.into_iter().map(|one| (one.code, one.summary)).collect();
    told.sort();
    told.dedup();
    told
}

const UNITS: &str =
    "units: {Security: {accounts: {log-archive: , security: }}, Workloads: {accounts: {shop: }}}\n";

#[test]
fn each_mistake_has_its_code_and_says_what_it_is_about() {
    let rows = [
        ("{use: config-recoder, on: [Workloads]}", "GP0903", "there is no blueprint `config-recoder`"),
        (
            "{use: ssm-session-manager, on: [Workloads], with: {colour: red}}",
            "GP0905",
            "no parameter `colour`",
        ),
        ("{use: ssm-session-manager}", "GP0906", "`ssm-session-manager` is deployed nowhere"),
        ("{use: log-archive, on: [Security]}", "GP0907", "it is not clear which"),
        ("{use: config-recorder, on: [Workloads]}", "GP0908", "needs the blueprint `log-archive`"),
        ("{use: account-baseline, on: [Workloads]}", "GP0911", "needs `ebs-encryption-by-default`"),
    ];
    for (entry, code, words) in rows {
        let told = said(HEAD, &format!("{UNITS}blueprints: [{entry}]\n"));
        let found = told.iter().any(|(its, summary)| *its == code && summary.contains(words));
        assert!(found, "{entry}: {told:?}");
    }
}

#[test]
fn a_blueprint_that_names_an_id_waits_until_the_manifest_says_it() {
    let before = HEAD.replace("  id: o-a1b2c3d4e5\n", "");
    let body = format!("{UNITS}blueprints: [{{use: log-archive}}]\n");
    let told = said(&before, &body);
    assert_eq!(told, [("GP0910", "`log-archive` waits for the organization's id".to_owned())]);
    assert_eq!(said(HEAD, &body), []);
}
