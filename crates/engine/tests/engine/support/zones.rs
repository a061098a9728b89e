//! Landing zones as users write them.
use glidepath_guardrails::Catalogue;
use glidepath_manifest::{Loaded, load, load_text, render};
use glidepath_model::Address;
use glidepath_plan::{LandingZone, resolve};
use std::path::Path;

/// The day of the tests.
const TODAY: &str = "2027-01-04";

const HEAD: &str = r#"
glidepath: 1
organization:
  name: acme
  management: {name: acme-root, id: "111122223333"}
  home: eu-west-1
  regions: [eu-west-1]
  email: aws+{account}@example.com
"#;

/// Units alone, three levels deep.
pub(crate) const UNITS: &str = r#"
units:
  Security:
  Infrastructure:
  Workloads:
    tags: {stage: all}
    units:
      Prod: {units: {Shop: , Billing: }}
      Dev:
"#;

/// A bit of every kind.
pub(crate) const FULL: &str = r#"
units:
  Security: {accounts: {log-archive: , security: }}
  Workloads:
    units:
      Prod: {accounts: {shop-prod: {tags: {cost-center: "42"}}}}
      Dev: {accounts: {shop-dev: }}
policies:
  stay:
    type: scp
    description: Members stay
    document:
      Version: "2012-10-17"
      Statement: [{Sid: Stay, Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*"}]
    on: [Security, Workloads]
  no-regions:
    type: scp
    document:
      Version: "2012-10-17"
      Statement:
        - {Sid: Regions, Effect: Deny, Action: "ec2:*", Resource: "*", Condition: {StringNotEquals: {"aws:RequestedRegion": eu-west-1}}}
    on: [account/shop-dev]
  owners:
    type: tag
    document: {tags: {owner: {tag_key: {"@@assign": owner}}}}
    on: [Workloads/Prod]
trustedAccess:
  access-analyzer.amazonaws.com:
delegatedAdministrators:
  access-analyzer.amazonaws.com: security
resourcePolicy:
  document:
    Version: "2012-10-17"
    Statement:
      - Sid: Read
        Effect: Allow
        Principal: {AWS: "arn:aws:iam::111122223333:root"}
        Action: "organizations:DescribeOrganization"
        Resource: "*"
keys:
  logs:
    account: log-archive
    regions: [eu-west-1, us-east-1]
    encryptFor: [cloudtrail, config]
    decryptFor: [account/security]
"#;

/// Blueprints on units, on one account and on the management account; the organization has its id.
pub(crate) const DEPLOYED: &str = r#"  id: o-a1b2c3d4e5
units:
  Security: {accounts: {log-archive: , security: }}
  Workloads:
    units:
      Prod: {accounts: {shop-prod: }}
      Dev: {accounts: {shop-dev: }}
  Sandbox: {accounts: {lab: }}
blueprints:
  - {use: log-archive}
  - {use: config-recorder, on: [Security, Workloads]}
  - {use: ssm-session-manager, on: [Workloads, account/acme-root]}
"#;

/// Two stack sets, one of them after the other, and a stack.
pub(crate) const SMALL: &str = r#"  id: o-a1b2c3d4e5
units:
  Security: {accounts: {log-archive: }}
  Workloads: {accounts: {shop: }}
blueprints:
  - {use: log-archive}
  - {use: config-recorder, on: [Workloads]}
  - {use: ssm-session-manager, on: [account/acme-root]}
"#;

/// 12 units, 45 accounts in them, 7 policies of 3 types, one of them on 21 targets.
pub(crate) fn large() -> String {
    let mut units = String::from("units:\n");
    for unit in 0..12 {
        let accounts: Vec<String> =
            (0..45).filter(|account| account % 12 == unit).map(|account| format!("a{account}: ")).collect();
        units.push_str(&format!("  U{unit}: {{accounts: {{{}}}}}\n", accounts.join(", ")));
    }
    let mut policies = String::from("policies:\n");
    for (name, ty) in [("s1", "scp"), ("s2", "scp"), ("s3", "scp"), ("r1", "rcp")] {
        let principal = if ty == "rcp" { "Principal: \"*\", " } else { "" };
        let statement =
            format!("{{Sid: S, Effect: Deny, {principal}Action: \"s3:DeleteBucket\", Resource: \"*\"}}");
        policies.push_str(&format!(
            "  {name}: {{type: {ty}, document: {{Version: \"2012-10-17\", Statement: [{statement}]}}, on: [U1]}}\n"
        ));
    }
    let everywhere: Vec<String> = (0..21).map(|account| format!("account/a{account}")).collect();
    for (name, on) in [("t1", everywhere.join(", ")), ("t2", "U2, U3".to_owned()), ("t3", "U4".to_owned())] {
        policies.push_str(&format!(
            "  {name}: {{type: tag, document: {{tags: {{{name}: {{tag_key: {{\"@@assign\": {name}}}}}}}}}, on: [{on}]}}\n"
        ));
    }
    format!("{units}{policies}")
}

/// The landing zone of this text; a wrong one fails the test with all that is wrong.
pub(crate) fn zone(body: &str) -> LandingZone {
    zone_on(body, TODAY)
}

/// The landing zone of this text, with other Regions governed.
pub(crate) fn zone_in(regions: &str, body: &str) -> LandingZone {
    let text = format!("{HEAD}{body}").replacen("regions: [eu-west-1]", regions, 1);
    resolved(load_text("landing-zone.yaml", &text), TODAY)
}

/// The landing zone of this text on a day.
pub(crate) fn zone_on(body: &str, today: &str) -> LandingZone {
    resolved(load_text("landing-zone.yaml", &format!("{HEAD}{body}")), today)
}

/// One of the examples that users start from.
pub(crate) fn example(name: &str) -> LandingZone {
    resolved(load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)), TODAY)
}

/// An example without what it deploys: a law that applies it a hundred times looks at its organization only.
/// Deployments have laws of their own.
pub(crate) fn organization_of(name: &str) -> LandingZone {
    let mut zone = example(name);
    let deploys = |address: &Address| {
        matches!(address, Address::StackSet(_) | Address::StackSetTargets(_) | Address::Stack { .. })
    };
    zone.desired.retain(|address, _| !deploys(address));
    zone
}

fn resolved(loaded: Loaded, today: &str) -> LandingZone {
    let Some(manifest) = loaded.manifest else {
        panic!("{}", render::short(&loaded.diagnostics, &loaded.sources));
    };
    resolve(&manifest, Catalogue::built_in(), today.parse().unwrap())
        .unwrap_or_else(|found| panic!("{found:#?}"))
}

/// The full landing zone with one part of its text replaced, which must be there.
pub(crate) fn full_with(changes: &[(&str, &str)]) -> LandingZone {
    zone(&with(FULL, changes))
}

/// A text with parts of it replaced, which must be there.
pub(crate) fn with(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}
