//! Units among themselves.

use super::Scene;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::span::Span;
use glidepath_model::UnitPath;
use std::collections::BTreeMap;

pub(super) fn too_deep(scene: &Scene<'_>, report: &mut Report) {
    let most = scene.quotas().unit_depth();
    for (path, unit) in &scene.draft.tree.units {
        // Only the first unit too deep: those below it follow from it.
        if u64::try_from(path.depth()).unwrap_or(u64::MAX) == most.saturating_add(1) {
            report.add(
                Diagnostic::new(code::UNIT_DEPTH, format!("the unit `{path}` stands too deep"))
                    .at(unit.span, format!("level {}", path.depth()))
                    .help(format!("AWS takes {most} levels below the root; move it up")),
            );
        }
    }
}

pub(super) fn former_path_still_in_use(scene: &Scene<'_>, report: &mut Report) {
    let units = &scene.draft.tree.units;
    let mut claimed: BTreeMap<&UnitPath, Span> = BTreeMap::new();
    for (path, unit) in units {
        let Some(was) = &unit.was else { continue };
        let (other, text) = match (units.get(&was.value), claimed.get(&was.value)) {
            (Some(other), _) => (other.span, "which is in the manifest"),
            (None, Some(other)) => (*other, "which another unit was"),
            (None, None) => {
                claimed.insert(&was.value, was.span);
                continue;
            }
        };
        report.add(
            Diagnostic::new(code::WAS_EXISTS, format!("`{path}` cannot have been `{}`, {text}", was.value))
                .at(was.span, "")
                .at(other, "here it is")
                .help("take one of the two out"),
        );
    }
}

pub(super) fn former_path_elsewhere(scene: &Scene<'_>, report: &mut Report) {
    let units = &scene.draft.tree.units;
    for (path, unit) in units {
        let Some(was) = &unit.was else { continue };
        let (parent, former) = (path.parent(), was.parent());
        let renamed = parent.as_ref().and_then(|parent| units.get(parent)).and_then(|unit| unit.was.as_ref());
        if parent == former || renamed.map(|was| &was.value) == former.as_ref() {
            continue;
        }
        report.add(
            Diagnostic::new(
                code::WAS_ELSEWHERE,
                format!("`{path}` cannot have been `{}`: the parent is another", was.value),
            )
            .at(was.span, "")
            .at(unit.span, "the unit")
            .help(
                "AWS cannot move a unit: take `was` out, and the plan shows what moving its accounts means",
            ),
        );
    }
}
