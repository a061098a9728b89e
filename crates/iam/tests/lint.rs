//! Every finding has a folder by its name under `tests/lint`: documents that show it (`fires….KIND.json`) and
//! documents that come near and must not (`near….KIND.json`), with what is said about all of them in
//! `expected.txt`. `UPDATE_DOCS=1` rewrites the expected texts; read them like prose before they are kept.
#![expect(clippy::unwrap_used, reason = "a failing test shows where")]

use glidepath_iam::difference::DocumentLevel;
use glidepath_iam::document::parse;
use glidepath_iam::lint::{Code, Finding, Kind, lint, lint_level, page};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn folders() -> Vec<PathBuf> {
    listed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint"))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The documents of a folder by file name, each with what is found in it.
fn found(folder: &Path) -> Vec<(String, Vec<Finding>)> {
    let documents = listed(folder).into_iter().filter(|path| name(path).ends_with(".json"));
    documents
        .map(|path| {
            let word = name(&path).split('.').rev().nth(1).unwrap().to_owned();
            let kind = *Kind::ALL.iter().find(|kind| kind.word() == word).unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            (name(&path), lint(&text, kind).unwrap())
        })
        .collect()
}

fn told(documents: &[(String, Vec<Finding>)]) -> String {
    let mut text = String::new();
    for (name, findings) in documents {
        text.push_str(&format!("== {name}\n"));
        for found in findings {
            let (word, code) = (found.severity().word(), found.code);
            text.push_str(&format!(
                "{}: {word}[{code}]: {}\n  help: {}\n",
                found.place, found.message, found.help
            ));
        }
    }
    text
}

#[test]
fn every_finding_is_told_as_expected() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut wrong = String::new();
    for folder in folders() {
        let text = told(&found(&folder));
        let expected = folder.join("expected.txt");
        if update {
            std::fs::write(&expected, &text).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push_str(&format!("=== {}\n{text}", name(&folder)));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_finding_fires_on_its_documents_and_not_on_those_that_come_near() {
    let mut shown = BTreeSet::new();
    for folder in folders() {
        let code = Code::from_name(&name(&folder)).unwrap();
        let documents = found(&folder);
        for (name, findings) in &documents {
            let fires = findings.iter().any(|found| found.code == code);
            assert_eq!(fires, name.starts_with("fires"), "{code}: {name}");
        }
        assert!(documents.iter().any(|(name, _)| name.starts_with("fires")), "{code} never fires");
        assert!(documents.iter().any(|(name, _)| name.starts_with("near")), "{code} has no near miss");
        shown.insert(code);
    }
    // That one is about several documents, and has the next test.
    shown.insert(Code::MissingAllow);
    assert_eq!(shown, Code::ALL.iter().copied().collect());
}

#[test]
fn a_level_without_an_allow_denies_everything() {
    let deny =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#;
    let level = |texts: &[&str]| DocumentLevel {
        name: "Workloads".to_owned(),
        documents: texts.iter().map(|text| ("policy".to_owned(), parse(text).unwrap())).collect(),
    };
    let finding = lint_level(&level(&[deny, deny])).unwrap();
    assert_eq!(finding.code, Code::MissingAllow);
    assert_eq!(
        finding.message,
        "no SCP on `Workloads` allows anything: all accounts below are denied everything"
    );
    assert_eq!(lint_level(&level(&[deny, &deny.replace("Deny", "Allow")])), None);
}

#[test]
fn a_text_that_is_no_policy_gives_its_complaints() {
    let complaints = lint("{\"Statement\": []}", Kind::Scp).unwrap_err();
    assert_eq!(complaints[0].to_string(), "1:15: `Statement` is an empty list: a policy holds at least one");
}

#[test]
fn a_huge_document_gives_a_bounded_answer() {
    let statements: Vec<String> = (0..3000)
        .map(|at| format!(r#"{{"Effect": "Deny", "Action": "s3:Nothing{at}", "Resource": "*"}}"#))
        .collect();
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
    assert_eq!(lint(&text, Kind::Identity).unwrap().len(), 500);
}

#[test]
fn the_page_of_findings_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/lint.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page(), "docs/reference/lint.md is stale: run the tests once with UPDATE_DOCS=1");
}
