//! Every blueprint of the catalogue is deployed: what one puts into Parameter Store the others find there, each comes
//! after what it needs, and nothing is left to do.

use crate::deployments::applied;
use crate::support::zone;

/// A landing zone with everything that can be deployed by itself. Left out are those before which somebody has to put
/// something there, a bucket with rules or the metadata of Identity Center, and those that name the id of an account
/// that is only made; `iam-baseline` is one of these and waits, but others want it named.
const EVERYTHING: &str = r#"  id: o-a1b2c3d4e5
units:
  Security: {accounts: {log-archive: , security: }}
  Infrastructure: {accounts: {network: }}
  Workloads: {accounts: {shop: }}
logging:
  archive: log-archive
  sources: [organizationTrail, config, vpcFlowLogs, s3Access, elb, waf, resolverQueries]
  aggregator: security
blueprints:
  - {use: account-baseline, on: [/]}
  - {use: appconfig, on: [Workloads]}
  - {use: backup, on: [Workloads]}
  - {use: cis-monitoring-alarms}
  - {use: cloudfront, on: [Workloads]}
  - {use: cloudhsm}
  - {use: cloudwatch-observability, with: {units: [ou-ab12-cd34ef56], centralize: true}}
  - {use: cognito, on: [Workloads]}
  - {use: data-stores, on: [Workloads], with: {tables: [orders]}}
  - {use: detective-org}
  - {use: directconnect, with: {interfaces: true}}
  - {use: directory-service}
  - {use: dns-public-zones, with: {checked: [www.example.com]}}
  - {use: elb-and-certificates, on: [Workloads], with: {domain_name: shop.example.com}}
  - {use: fms-policies}
  - {use: guardduty-org}
  - {use: iam-access-analyzer}
  - {use: iam-baseline, on: [/]}
  - {use: image-factory}
  - {use: inspector-org}
  - {use: ir-evidence-store}
  - {use: itsm-connector}
  - {use: kinesis-log-pipeline}
  - {use: kms-keys, on: [/]}
  - {use: macie-org}
  - {use: network-transit-hub}
  - {use: network-vpc, on: [/]}
  - {use: resource-groups, on: [/]}
  - {use: s3-data-stores, on: [Workloads]}
  - {use: secrets-rotation, on: [Workloads]}
  - {use: security-event-hub}
  - {use: securityhub-org}
  - {use: serverless-api, on: [Workloads]}
  - {use: servicecatalog, with: {products: [data-stores], permission_sets: [Developer]}}
  - {use: shield-and-ddos, on: [Workloads], with: {endpoints: [www.example.com]}}
  - {use: ssm-automation}
  - {use: ssm-fleet, on: [/]}
  - {use: ssm-opscenter-explorer}
  - {use: ssm-patching, on: [/]}
  - {use: ssm-session-manager, on: [/]}
  - {use: ssm-state-inventory, on: [/]}
  - {use: traffic-mirroring}
  - {use: trustedadvisor-monitor}
  - {use: vpn-site-to-site}
  - {use: waf-baseline, on: [/]}
"#;

#[test]
fn the_catalogue_is_deployed_and_nothing_is_left_to_do() {
    let zone = zone(EVERYTHING);
    let lab = applied(&zone);
    lab.assert_settled(&zone);
}
