//! The catalogue keeps what it promises: every file is right, and its own cases hold.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use glidepath_guardrails::{
    Behaviour, Catalogue, ConfigRule, Exceptions, ExemptPrincipals, Expectation, Guardrail, Mechanism, Pack,
    PackRoom, Reach, Resolved, Surroundings, conformance_packs, index_page, page,
};
use glidepath_model::AccountId;
use std::collections::{BTreeMap, BTreeSet};
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
fn every_guardrail_has_the_cases_of_its_behaviour() {
    for guardrail in all() {
        let has = |word: &str| guardrail.cases.iter().any(|case| case.expectation.word() == word);
        let wanted = match guardrail.behaviour {
            Behaviour::Preventive => has("denied") && has("allowed") || has("effective") || has("document"),
            Behaviour::Detective => guardrail.parameters.is_empty() || has("inputs"),
            Behaviour::Proactive => has("passes") && has("fails"),
        };
        assert!(wanted, "{}", guardrail.id);
    }
}

#[test]
fn the_catalogue_holds_what_the_readme_counts() {
    let count = |mechanism| all().iter().filter(|one| one.mechanism == mechanism).count();
    let counts = [Mechanism::ConfigRule, Mechanism::SecurityHubControl, Mechanism::CfnGuard].map(count);
    assert_eq!(counts, [90, 3, 10]);
}

#[test]
fn the_first_template_of_guard_rules_is_judged_with_their_defaults() {
    for guardrail in all().into_iter().filter(|one| one.mechanism == Mechanism::CfnGuard) {
        assert!(guardrail.cases[0].arguments.is_empty(), "{}", guardrail.id);
        assert_eq!(guardrail.guard_cases().unwrap().len(), guardrail.cases.len(), "{}", guardrail.id);
    }
}

/// The rules of every guardrail, with its defaults or, where some have none, with the arguments of its first case.
fn rules() -> Vec<ConfigRule> {
    let surroundings = Surroundings {
        organization: Some("o-a1b2c3d4e5".parse().unwrap()),
        regions: vec!["eu-west-1".to_owned(), "eu-central-1".to_owned()],
        management: Some("111122223333".parse().unwrap()),
        exempt: ExemptPrincipals::new([]).unwrap(),
    };
    let mut rules = Vec::new();
    for guardrail in all() {
        let arguments = guardrail.argument_sets().into_iter().next().unwrap_or_default();
        if let Ok(Resolved::Rules(found)) = guardrail.resolve(&arguments, &surroundings, &BTreeSet::new()) {
            rules.extend(found);
        }
    }
    rules
}

fn reach() -> Reach {
    Reach {
        governed: ["eu-west-1", "eu-central-1"].map(str::to_owned).into(),
        home: "eu-west-1".to_owned(),
        control: "us-east-1".to_owned(),
    }
}

const ROOM: PackRoom = PackRoom { rules: 130, bytes: 51_200 };

#[test]
fn all_rules_of_the_catalogue_fit_into_packs_and_each_is_in_one() {
    let rules = rules();
    let packs = conformance_packs("guardrails-root", &rules, &reach(), ROOM).unwrap();
    let mut names = BTreeSet::new();
    for pack in &packs.packs {
        assert!(pack.rules.len() <= 130 && pack.body().len() <= 51_200, "{}", pack.name);
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        assert!(pack.name.bytes().all(legal), "{}", pack.name);
        let resources = pack.template()["Resources"].as_object().unwrap().len();
        assert_eq!(resources, pack.rules.len(), "{}: a resource each", pack.name);
        names.extend(pack.rules.iter().map(|rule| rule.name.clone()));
    }
    assert_eq!(names.len(), rules.len());
    assert!(rules.len() > 179, "{} rules", rules.len());
    assert!(packs.unavailable.is_empty(), "{:?}", packs.unavailable);
}

#[test]
fn what_is_looked_at_from_one_region_is_deployed_there() {
    let packs = conformance_packs("p", &rules(), &reach(), ROOM).unwrap();
    let of =
        |name: &str| packs.packs.iter().find(|pack| pack.rules.iter().any(|rule| rule.name == name)).unwrap();
    let edge = of("cloudfront-guarded--cloudfront-accesslogs-enabled");
    assert_eq!((edge.name.as_str(), edge.regions.len()), ("p-control", 1));
    assert!(edge.regions.contains("us-east-1"));
    let root = of("iam-root-mfa-enabled--root-account-mfa-enabled");
    assert_eq!((root.name.as_str(), root.regions.len()), ("p-home", 1));
    assert!(of("ebs-encrypted--encrypted-volumes").regions.len() == 2);
}

#[test]
fn a_guardrail_more_leaves_the_others_where_they_are() {
    let rules = rules();
    let room = PackRoom { rules: 20, bytes: 51_200 };
    let place = |rules: &[ConfigRule]| -> BTreeMap<String, String> {
        let packs = conformance_packs("p", rules, &reach(), room).unwrap();
        let of_pack = |pack: &Pack| {
            let name = pack.name.clone();
            pack.rules.iter().map(move |rule| (rule.name.clone(), name.clone())).collect::<Vec<_>>()
        };
        packs.packs.iter().flat_map(of_pack).collect()
    };
    let whole = place(&rules);
    let guardrails: BTreeSet<&String> = rules.iter().map(|rule| &rule.guardrail).collect();
    for left_out in guardrails {
        let fewer: Vec<ConfigRule> =
            rules.iter().filter(|rule| rule.guardrail != *left_out).cloned().collect();
        let moved = place(&fewer)
            .into_iter()
            // A share that was split may be joined again, and then has a shorter name with the same beginning.
            .filter(|(rule, pack)| !whole[rule].starts_with(pack.as_str()))
            .count();
        assert_eq!(moved, 0, "without {left_out}");
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
