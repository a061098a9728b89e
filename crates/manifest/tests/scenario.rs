//! Every scenario folder is a manifest and what is said about it.
//!
//! A folder holds `manifest.yaml` or a folder `manifest/`, the expected text in `expected.txt`, and
//! maybe `bounds.txt` with narrower bounds (`nodes 40`). `UPDATE_DOCS=1` rewrites the expected texts;
//! read them like prose before they are kept. A folder named `GP0107-…` provokes that code.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failing test shows where")]

use glidepath_manifest::manifest::{Policy, PolicyBody};
use glidepath_manifest::render::{Colour, human, json, short};
use glidepath_manifest::{Bounds, Loaded, Severity, explanations, load_text, load_within};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn name(scenario: &Path) -> String {
    scenario.file_name().unwrap().to_string_lossy().into_owned()
}

fn bounds(scenario: &Path) -> Bounds {
    let mut bounds = Bounds::default();
    for line in std::fs::read_to_string(scenario.join("bounds.txt")).unwrap_or_default().lines() {
        match line.split_once(' ').unwrap() {
            ("file_bytes", number) => bounds.file_bytes = number.parse().unwrap(),
            ("total_bytes", number) => bounds.total_bytes = number.parse().unwrap(),
            ("complaints", number) => bounds.complaints = number.parse().unwrap(),
            ("nodes", number) => bounds.nodes = number.parse().unwrap(),
            (other, _) => panic!("bounds.txt knows no `{other}`"),
        }
    }
    bounds
}

fn loaded(scenario: &Path) -> Loaded {
    let folder = scenario.join("manifest");
    let path = if folder.is_dir() { folder } else { scenario.join("manifest.yaml") };
    load_within(&path, bounds(scenario))
}

fn shown(scenario: &Path, loaded: &Loaded) -> String {
    let text = human(&loaded.diagnostics, &loaded.sources, Colour::Never);
    let text = text.replace(&format!("{}/", scenario.display()), "");
    if text.is_empty() { "nothing to say\n".to_owned() } else { text }
}

#[test]
fn every_scenario_says_what_is_expected() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut wrong = Vec::new();
    for scenario in scenarios() {
        let text = shown(&scenario, &loaded(&scenario));
        let expected = scenario.join("expected.txt");
        if update {
            std::fs::write(&expected, &text).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("=== {} says\n{text}", name(&scenario)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_scenario_named_by_a_code_provokes_it_and_every_code_has_one() {
    let mut provoked = BTreeSet::new();
    for scenario in scenarios() {
        let name = name(&scenario);
        let Some(code) = name.split('-').next().filter(|code| code.starts_with("GP")) else { continue };
        let loaded = loaded(&scenario);
        assert!(loaded.diagnostics.iter().any(|found| found.code == code), "{name} does not provoke {code}");
        provoked.insert(code.to_owned());
    }
    // What only the catalogue or the linter tells is provoked by the tests of the crates that know them.
    let elsewhere = |code: &str| {
        let ranges = ["GP0903".."GP0950", "GP1010".."GP1013", "GP1203".."GP1204", "GP1205".."GP1207"];
        ["GP07", "GP08"].iter().any(|family| code.starts_with(family))
            || ranges.iter().any(|range| range.contains(&code))
    };
    let explained: BTreeSet<String> =
        explanations().map(|row| row.code.clone()).filter(|code| !elsewhere(code)).collect();
    assert_eq!(provoked, explained);
}

#[test]
fn there_is_a_manifest_exactly_where_there_is_no_error() {
    for scenario in scenarios() {
        let loaded = loaded(&scenario);
        let wrong = loaded.diagnostics.iter().any(|found| found.severity == Severity::Error);
        assert_eq!(loaded.manifest.is_none(), wrong, "{}", name(&scenario));
        if let Some(manifest) = &loaded.manifest {
            assert!(manifest.accounts.values().all(|account| account.email.contains('@')));
            let whole = |policy: &Policy| match &policy.body {
                PolicyBody::Own { document, .. } => document.is_object(),
                PolicyBody::AwsManaged => true,
            };
            assert!(manifest.policies.values().all(whole), "{}", name(&scenario));
        }
        if name(&scenario).starts_with("right-") {
            assert!(loaded.diagnostics.is_empty(), "{}", shown(&scenario, &loaded));
        }
    }
}

#[test]
fn ten_mistakes_are_shown_together() {
    let scenario = scenarios().into_iter().find(|scenario| name(scenario) == "ten-mistakes").unwrap();
    let loaded = loaded(&scenario);
    let codes: BTreeSet<&str> = loaded.diagnostics.iter().map(|found| found.code).collect();
    assert!(codes.len() >= 10, "{codes:?}");
}

#[test]
fn nothing_that_a_file_holds_reaches_the_terminal_as_a_control_sequence() {
    for scenario in scenarios() {
        let Loaded { diagnostics, sources, .. } = loaded(&scenario);
        let texts = [
            human(&diagnostics, &sources, Colour::Never),
            short(&diagnostics, &sources),
            json(&diagnostics, &sources).to_string(),
        ];
        for text in texts {
            let unsafe_one = text.chars().find(|found| {
                (found.is_control() && *found != '\n') || ('\u{202a}'..='\u{202e}').contains(found)
            });
            assert_eq!(unsafe_one, None, "{}", name(&scenario));
        }
    }
}

#[test]
fn what_a_patch_changes_is_what_was_wrong() {
    let count = |text: &str, code: &str, summary: &str| {
        let loaded = load_text("manifest.yaml", text);
        loaded.diagnostics.iter().filter(|found| found.code == code && found.summary == summary).count()
    };
    let mut patched = 0;
    for scenario in scenarios() {
        let Ok(text) = std::fs::read_to_string(scenario.join("manifest.yaml")) else { continue };
        for found in load_text("manifest.yaml", &text).diagnostics {
            let Some(patch) = &found.patch else { continue };
            let (start, end) = (patch.span.start as usize, patch.span.end as usize);
            let (before, after) = (text.get(..start).unwrap(), text.get(end..).unwrap());
            let mended = format!("{before}{}{after}", patch.replacement);
            assert!(
                count(&mended, found.code, &found.summary) < count(&text, found.code, &found.summary),
                "{}: {} stays with {}",
                name(&scenario),
                found.summary,
                patch.replacement
            );
            patched += 1;
        }
    }
    assert!(patched > 20, "{patched}");
}

#[test]
fn the_short_form_is_one_line_with_file_line_column_and_code() {
    let scenario = scenarios().into_iter().find(|scenario| name(scenario) == "GP0307-home").unwrap();
    let Loaded { diagnostics, sources, .. } = loaded(&scenario);
    let text = short(&diagnostics, &sources).replace(&format!("{}/", scenario.display()), "");
    assert_eq!(text, "manifest.yaml:5:9: error[GP0307]: the home region `eu-west-1` is not governed\n");
    let json = json(&diagnostics, &sources);
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["diagnostics"][0]["labels"][0]["line"], 5);
}
