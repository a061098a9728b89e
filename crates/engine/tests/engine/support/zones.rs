//! Landing zones as users write them.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use glidepath_manifest::{load_text, render};
use glidepath_plan::{LandingZone, resolve};

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
"#;

/// The landing zone of this text; a wrong one fails the test with all that is wrong.
pub(crate) fn zone(body: &str) -> LandingZone {
    let loaded = load_text("landing-zone.yaml", &format!("{HEAD}{body}"));
    let Some(manifest) = loaded.manifest else {
        panic!("{}", render::short(&loaded.diagnostics, &loaded.sources));
    };
    resolve(&manifest)
}

/// The full landing zone with one part of its text replaced, which must be there.
pub(crate) fn full_with(changes: &[(&str, &str)]) -> LandingZone {
    let text = changes.iter().fold(FULL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    zone(&text)
}
