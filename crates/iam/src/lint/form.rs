//! What the kind of a policy demands of its form, beyond what every policy document has.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.

use super::{Code, Kind, Linter, Part};
use crate::actions;
use crate::document::{Effect, Principal, Scope, Version};
use std::collections::BTreeMap;

pub(super) fn check(linter: &mut Linter<'_>) {
    version(linter);
    sids(linter);
    for part in linter.parts() {
        principals(linter, part);
        resources(linter, part);
        if linter.kind == Kind::Rcp {
            rcp(linter, part);
        }
    }
}

fn version(linter: &mut Linter<'_>) {
    let message = match (linter.kind, linter.document.version) {
        (Kind::Scp | Kind::Rcp, Some(Version::V2008)) => {
            "`Version` is `2008-10-17`, which Organizations refuses"
        }
        (Kind::Rcp, None) => "`Version` is missing, which an RCP has to state",
        _ => return,
    };
    let offset = linter.places.version.unwrap_or(0);
    linter.find(Code::WrongVersion, (None, offset), message, "write `\"Version\": \"2012-10-17\"`");
}

fn sids(linter: &mut Linter<'_>) {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for part in linter.parts() {
        let Some(sid) = &part.statement.sid else { continue };
        let at = (Some(part.at), part.element(&["Sid"]));
        // Key policies and some others take more characters.
        let plain = sid.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain && linter.kind != Kind::Resource {
            let message = format!("the `Sid` `{sid}` is refused: it may hold letters and digits only");
            linter.find(Code::BadSid, at, message, "take the other characters out");
        }
        if let Some(first) = known.insert(sid, part.at).filter(|_| !sid.is_empty()) {
            let message =
                format!("the `Sid` `{sid}` is also that of statement {}: AWS refuses it", first + 1);
            linter.find(Code::RepeatedSid, at, message, "give each statement a name of its own");
        }
    }
}

fn principals(linter: &mut Linter<'_>, part: Part<'_>) {
    let at = (Some(part.at), part.element(&["Principal", "NotPrincipal"]));
    let kind = linter.kind.name();
    match (linter.kind, &part.statement.principals) {
        (Kind::Scp | Kind::Identity, Some(_)) => {
            let message = format!("{kind} names no principal: it is about whoever it is attached to");
            let help = "take it out, and pick principals by a condition on `aws:PrincipalArn`";
            linter.find(Code::PrincipalElement, at, message, help);
        }
        (Kind::Rcp | Kind::Resource, None) => {
            let message = format!("{kind} says whom it is about, and this statement does not");
            linter.find(
                Code::MissingPrincipal,
                at,
                message,
                "add `\"Principal\": \"*\"`, or name principals",
            );
        }
        (Kind::Rcp, Some(scope)) if *scope != Scope::Only(vec![Principal::Anyone]) => {
            let message = "the principal of an RCP is `\"*\"`: AWS refuses any other";
            let help = "write `\"Principal\": \"*\"`, and spare principals by a condition";
            linter.find(Code::RcpPrincipal, at, message, help);
        }
        _ => {}
    }
}

fn resources(linter: &mut Linter<'_>, part: Part<'_>) {
    let statement = part.statement;
    let Some(scope) = &statement.resources else {
        // A role's trust policy has no resource element.
        if linter.kind != Kind::Resource {
            let message = "neither `Resource` nor `NotResource`: AWS refuses the statement";
            let at = (Some(part.at), part.places.start);
            linter.find(Code::MissingResource, at, message, "add `\"Resource\": \"*\"`, or name resources");
        }
        return;
    };
    let everything = *scope == Scope::Only(vec!["*".to_owned()]);
    if linter.kind == Kind::Scp && statement.effect == Effect::Allow && !everything {
        let message = "an Allow of an SCP that names resources: AWS's pages disagree on whether it works";
        let help = "allow `\"Resource\": \"*\"` and deny the rest, or try it in a sandbox account first";
        let at = (Some(part.at), part.element(&["Resource", "NotResource"]));
        linter.find(Code::ScpAllowResource, at, message, help);
    }
}

fn rcp(linter: &mut Linter<'_>, part: Part<'_>) {
    let statement = part.statement;
    if statement.effect == Effect::Allow {
        let message = "an RCP only denies: AWS refuses the Allow";
        let help = "take the statement out; `RCPFullAWSAccess` allows what no RCP denies";
        linter.find(Code::RcpAllows, (Some(part.at), part.element(&["Effect"])), message, help);
    }
    if statement.actions.is_negated() {
        let message = "an RCP has no `NotAction`: AWS refuses the statement";
        let at = (Some(part.at), part.element(&["NotAction"]));
        linter.find(Code::RcpNotAction, at, message, "name the actions under `Action`");
        return;
    }
    for (pattern, offset) in statement.actions.patterns().iter().zip(&part.places.actions) {
        let prefix = pattern.split_once(':').map_or("", |(prefix, _)| prefix);
        if actions::is_reached_by_rcps(prefix) {
            continue;
        }
        let (message, help) = if prefix.is_empty() || prefix.contains(['*', '?']) {
            let message = format!("`{pattern}` names no service: an action of an RCP begins with one");
            (message, "list the services: `s3:*`, `sqs:*`, …")
        } else {
            let message = format!("RCPs do not reach `{prefix}`: `{pattern}` protects nothing");
            (message, "deny it to principals by an SCP, or on the resource itself")
        };
        linter.find(Code::RcpService, (Some(part.at), *offset), message, help);
    }
}
