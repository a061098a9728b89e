//! Whether the actions that a statement names are ones that AWS has.

use super::{Code, Linter, Part};
use crate::actions::{self, Service};

pub(super) fn check(linter: &mut Linter<'_>, part: Part<'_>) {
    for (pattern, offset) in part.statement.actions.patterns().iter().zip(&part.places.actions) {
        let Some((prefix, name)) = pattern.split_once(':') else { continue };
        let at = (Some(part.at), *offset);
        if linter.is_full() {
            return;
        }
        if prefix.contains(['*', '?']) {
            if actions::matching(pattern).is_empty() {
                no_match(linter, at, pattern);
            }
            continue;
        }
        match actions::service(prefix) {
            None => unknown_service(linter, at, pattern, (prefix, name)),
            Some(service) if !name.contains(['*', '?']) => {
                if service.action(name).is_none() {
                    unknown_action(linter, at, pattern, (service, name));
                }
            }
            Some(service) => {
                if service.matching(name).is_empty() {
                    no_match(linter, at, pattern);
                }
            }
        }
    }
}

fn unknown_service(
    linter: &mut Linter<'_>,
    at: (Option<usize>, usize),
    pattern: &str,
    (prefix, name): (&str, &str),
) {
    let message = format!("`{prefix}` is no known service: `{pattern}` matches no request");
    let help = match linter.nearest(prefix, actions::prefixes()) {
        Some(meant) => format!("did you mean `{meant}:{name}`?"),
        None => check_the_name("service"),
    };
    linter.find(Code::UnknownService, at, message, help);
}

fn unknown_action(
    linter: &mut Linter<'_>,
    at: (Option<usize>, usize),
    pattern: &str,
    (service, name): (&'static Service, &str),
) {
    let prefix = service.prefix();
    let message = format!("`{prefix}` has no known action `{name}`: `{pattern}` matches no request");
    let help = match linter.nearest(name, service.actions().map(actions::Action::name)) {
        Some(meant) => format!("did you mean `{prefix}:{meant}`?"),
        None => check_the_name("action"),
    };
    linter.find(Code::UnknownAction, at, message, help);
}

fn no_match(linter: &mut Linter<'_>, at: (Option<usize>, usize), pattern: &str) {
    let message = format!("`{pattern}` matches no known action: it does nothing");
    linter.find(Code::MatchesNoAction, at, message, check_the_name("action"));
}

/// What to do about a name that nothing known is near to.
fn check_the_name(what: &str) -> String {
    let date = actions::collected();
    format!(
        "check the name in AWS's Service Authorization Reference; it is right if the {what} is newer than {date}"
    )
}
