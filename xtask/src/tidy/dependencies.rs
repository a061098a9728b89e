//! Every dependency version stands once, in the workspace's table; members inherit it. What drives the fuzz
//! bodies is no member and is built with other tools.

use super::{Finding, Tree};
use anyhow::Result;

/// Every dependency of a member that does not say `workspace = true`.
pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let members = tree
        .texts
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml") && !file.path.ends_with("/fuzz/Cargo.toml"))
        .flat_map(|file| own_versions(&file.path, &file.text));
    Ok(members.collect())
}

fn own_versions(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut among_dependencies = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            among_dependencies = section.trim_end_matches(']').ends_with("dependencies");
            if section.contains("dependencies.") {
                let message = "write a dependency as one line, `name.workspace = true` or a table in braces";
                findings.push(Finding::at(path, index + 1, message));
            }
            continue;
        }
        let is_entry = among_dependencies && !line.is_empty() && !line.starts_with('#');
        if is_entry && !line.replace(' ', "").contains("workspace=true") {
            let name = line.split(['=', '.', ' ']).next().unwrap_or(line);
            let message = format!("`{name}` has a version of its own: move it to the table in Cargo.toml");
            findings.push(Finding::at(path, index + 1, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_in_a_member_is_found() {
        let text = "[package]\nname = \"x\"\n[dependencies]\n# why\na.workspace = true\nb = { workspace = true, features = [\"c\"] }\nd = \"1\"\n";
        let found: Vec<String> = own_versions("x/Cargo.toml", text).iter().map(Finding::to_string).collect();
        assert_eq!(
            found,
            ["x/Cargo.toml:7: `d` has a version of its own: move it to the table in Cargo.toml"]
        );
    }
}
