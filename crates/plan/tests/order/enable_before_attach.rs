//! A policy type after the trusted access it needs; that access after the type when both go.

use super::waits;
use crate::support::{HEAD, made, plan, plan_of, whole_zone};

const HUB: &str = "units: {A: }\ntrustedAccess: {securityhub.amazonaws.com: }\n\
                   policies: {p: {type: security-hub, document: {securityhub: {}}, on: [A]}}";

#[test]
fn a_type_waits_for_the_access_it_needs() {
    let plan = plan_of(HUB, "{}");
    assert!(waits(&plan, "policy-type/security-hub", "trusted-access/securityhub.amazonaws.com"));
}

#[test]
fn access_goes_after_the_type_that_needs_it() {
    let head = HEAD.trim_end();
    let after = format!(
        "{head}\n  policyTypes: {{security-hub: {{absent: true}}}}\nunits: {{A: }}\n\
         trustedAccess: {{securityhub.amazonaws.com: {{absent: true}}}}"
    );
    let plan = plan(&whole_zone(&after), &made(HUB));
    assert!(waits(&plan, "trusted-access/securityhub.amazonaws.com", "policy-type/security-hub"));
    assert!(waits(&plan, "policy-type/security-hub", "attachment/security-hub/p@A"));
}
