//! The cast: who asks in cases, with the context that comes with being who they are.

use glidepath_iam::context::Context;
use std::collections::BTreeMap;

/// The organization of the cases.
pub(crate) const ORGANIZATION: &str = "o-a1b2c3d4e5";
/// The governed Regions of the cases.
pub(crate) const REGIONS: &[&str] = &["eu-west-1", "eu-central-1"];
/// The roles of the cases that every exempting statement spares, beside the StackSets roles.
pub(crate) const EXEMPT: &[&str] = &["arn:*:iam::*:role/glidepath/deploy", "arn:*:iam::*:role/break-glass-*"];
/// The management account of the cases.
pub(crate) const MANAGEMENT: &str = "222233334444";
/// Another organization than that of the cases.
const OTHER_ORGANIZATION: &str = "o-z9y8x7w6v5";

/// Names of the cast with their ARNs and organizations.
const CAST: &[(&str, &str, Option<&str>)] = &[
    ("developer", "arn:{partition}:iam::{account}:role/developer", Some(ORGANIZATION)),
    ("user", "arn:{partition}:iam::{account}:user/maria", Some(ORGANIZATION)),
    ("root", "arn:{partition}:iam::{account}:root", Some(ORGANIZATION)),
    ("deploy", "arn:{partition}:iam::{account}:role/glidepath/deploy", Some(ORGANIZATION)),
    ("break-glass", "arn:{partition}:iam::{account}:role/break-glass-admin", Some(ORGANIZATION)),
    ("stack-set", "arn:{partition}:iam::{account}:role/stacksets-exec-0a1b2c3d", Some(ORGANIZATION)),
    ("network", "arn:{partition}:iam::{account}:role/glidepath/network", Some(ORGANIZATION)),
    ("responder", "arn:{partition}:iam::{account}:role/glidepath/incident-responder", Some(ORGANIZATION)),
    ("image-factory", "arn:{partition}:iam::{account}:role/glidepath/image-factory", Some(ORGANIZATION)),
    (
        "service-linked",
        "arn:{partition}:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
        Some(ORGANIZATION),
    ),
    ("colleague", "arn:{partition}:iam::777788889999:role/developer", Some(ORGANIZATION)),
    ("outsider", "arn:{partition}:iam::999988887777:role/app", Some(OTHER_ORGANIZATION)),
    ("stranger", "arn:{partition}:iam::555544443333:role/app", None),
    ("anonymous", "*", None),
];

/// The names of the cast.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    CAST.iter().map(|(name, _, _)| *name)
}

/// The ARN and context of someone in a case; a text that is no name of the cast is an ARN or a service.
pub(crate) fn play(
    name: &str,
    told: &BTreeMap<String, Option<Vec<String>>>,
    fill: &dyn Fn(&str) -> String,
) -> (String, Context) {
    let member = CAST.iter().find(|(known, _, _)| *known == name);
    let (arn, organization) = match member {
        Some((_, arn, organization)) => (fill(arn), *organization),
        None => {
            let arn = fill(name);
            let inside = arn.starts_with("arn:");
            (arn, inside.then_some(ORGANIZATION))
        }
    };
    let mut context = Context::new();
    let is_told = |key: &str| told.keys().any(|known| known.eq_ignore_ascii_case(key));
    if let Some(organization) = organization
        && !is_told("aws:PrincipalOrgID")
    {
        context.set("aws:PrincipalOrgID", organization);
    }
    if !is_told("aws:SecureTransport") {
        context.set("aws:SecureTransport", "true");
    }
    for (key, values) in told {
        // A key set to no value counts as absent, and keeps what follows from the principal from filling it.
        let values = values.iter().flatten().map(|value| fill(value)).collect();
        context.set_all(key, values);
    }
    (arn, context)
}
