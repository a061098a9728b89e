//! The catalogue keeps what it promises: every file is right, and its own cases hold.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use glidepath_guardrails::{Catalogue, Exceptions, Expectation, Guardrail, index_page, page};
use glidepath_model::AccountId;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn all() -> Vec<&'static Guardrail> {
    let catalogue = Catalogue::built_in();
    catalogue.ids().map(|id| catalogue.get(id).unwrap_or_else(|error| panic!("{id}: {error:?}"))).collect()
}

#[test]
fn every_guardrail_is_right_and_its_cases_hold() {
    let mut wrong = String::new();
    for guardrail in all() {
        for finding in guardrail.check() {
            wrong.push_str(&format!("{}: {finding}\n", guardrail.id));
        }
        for failure in guardrail.run_cases().failures() {
            wrong.push_str(&format!(
                "{}:{}: {}: {:?}\n",
                guardrail.id, failure.line, failure.says, failure.faults
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_preventive_guardrail_has_cases_both_ways() {
    for guardrail in all() {
        let has = |word: &str| guardrail.cases.iter().any(|case| case.expectation.word() == word);
        let both = has("denied") && has("allowed");
        assert!(both || has("effective") || has("document"), "{}", guardrail.id);
    }
}

#[test]
fn an_exception_frees_the_spared_account_and_no_other() {
    let own: AccountId = "111122223333".parse().unwrap();
    let other: AccountId = "444455556666".parse().unwrap();
    for guardrail in all().into_iter().filter(|one| one.exceptions == Exceptions::Condition) {
        let elsewhere = guardrail.run_cases_with(&own, &BTreeSet::from([other.clone()]));
        assert_eq!(elsewhere.failures().count(), 0, "{}: it guards other accounts less", guardrail.id);
        let inside = guardrail.run_cases_with(&own, &BTreeSet::from([own.clone()]));
        let denials =
            guardrail.cases.iter().filter(|case| matches!(case.expectation, Expectation::Denied(_)));
        assert_eq!(
            inside.failures().count(),
            denials.count(),
            "{}: it still guards the spared account",
            guardrail.id
        );
    }
}

#[test]
fn the_pages_are_those_of_the_catalogue() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/guardrails");
    let mut pages: Vec<(PathBuf, String)> = all()
        .into_iter()
        .map(|guardrail| (folder.join(format!("{}.md", guardrail.id)), page(guardrail)))
        .collect();
    pages.push((folder.join("README.md"), index_page(all())));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (path, text) in &pages {
            std::fs::write(path, text).unwrap();
        }
    }
    for (path, text) in &pages {
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == *text, "{} is stale: run the tests with UPDATE_DOCS=1", path.display());
    }
    let known: BTreeSet<&Path> = pages.iter().map(|(path, _)| path.as_path()).collect();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(known.contains(path.as_path()), "{} is the page of no guardrail", path.display());
    }
}
