//! A kind of resource is the same file name in four places: what it is, how it is read and written, its
//! test, and its page. The engine may have more files than that: what one kind does in several steps.

use super::{Finding, Tree};
use anyhow::Result;
use std::collections::BTreeSet;

/// Where the four files of a kind stand, and what each is for.
const PLACES: [Place; 4] = [
    Place { before: "crates/plan/src/kind/", after: ".rs" },
    Place { before: "crates/engine/src/kind/", after: ".rs" },
    Place { before: "crates/plan/tests/kind/", after: ".rs" },
    Place { before: "docs/resources/", after: ".md" },
];

struct Place {
    before: &'static str,
    after: &'static str,
}

/// Every kind that lacks one of its files.
pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    Ok(missing(&tree.paths))
}

fn missing(paths: &[String]) -> Vec<Finding> {
    let kinds: BTreeSet<&str> = paths
        .iter()
        .flat_map(|path| {
            let naming = PLACES.iter().filter(|place| !place.before.starts_with("crates/engine/"));
            naming.filter_map(|place| path.strip_prefix(place.before)?.strip_suffix(place.after))
        })
        .filter(|name| !name.contains('/') && !["mod", "main", "README"].contains(name))
        .collect();
    let mut findings = Vec::new();
    for kind in kinds {
        for Place { before, after } in PLACES {
            let wanted = format!("{before}{kind}{after}");
            if !paths.contains(&wanted) {
                findings.push(Finding::on(&wanted, format!("the kind `{kind}` lacks this file")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_without_a_page_is_found() {
        let paths = [
            "crates/engine/src/kind/unit.rs",
            "crates/plan/src/kind/unit.rs",
            "crates/plan/tests/kind/unit.rs",
        ];
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let found: Vec<String> = missing(&paths).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["docs/resources/unit.md"]);
    }
}
