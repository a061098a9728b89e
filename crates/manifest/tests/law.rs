//! What holds for any input: reading never panics, and the order of keys means nothing.
#![expect(clippy::unwrap_used, reason = "a failing test shows where")]

use glidepath_manifest::render::{Colour, human};
use glidepath_manifest::{Answers, Loaded, fuzz_manifest, load, load_text, starter};
use glidepath_model::AccountId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

const ORGANIZATION: &str = "organization:\n  name: acme\n  management: {name: acme-root, id: \"111122223333\"}\n  \
                            home: eu-west-1\n  regions: [eu-west-1]\n  email: aws+{account}@example.com\n";

fn said(loaded: &Loaded) -> String {
    human(&loaded.diagnostics, &loaded.sources, Colour::Never)
}

#[test]
fn no_bytes_of_the_corpus_make_the_reader_panic() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut count = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        fuzz_manifest(&std::fs::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 20, "{count}");
}

/// Pieces that YAML and manifests are made of, to get further than random bytes do.
fn any_yaml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\n  "),
        Just("\n    "),
        Just(": "),
        Just("- "),
        Just("? "),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(", "),
        Just("\""),
        Just("'"),
        Just("&a "),
        Just("*a"),
        Just("!!str "),
        Just("|\n"),
        Just(">-\n"),
        Just("#"),
        Just("---\n"),
        Just("\t"),
        Just("\r"),
        Just("é東"),
        Just("\u{202e}"),
        Just("<<"),
        Just("units"),
        Just("accounts"),
        Just("policies"),
        Just("on"),
        Just("type: scp"),
        Just("organization"),
        Just("glidepath: 1\n"),
        Just("account/a"),
        Just("tag:a=b"),
        Just("/"),
        Just("\\"),
        Just("was"),
        Just("~"),
        Just("0x1"),
        Just("1e5"),
        Just("true"),
        Just("%YAML 1.2\n"),
        Just("...\n"),
        Just("\\x1b"),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        fuzz_manifest(&bytes);
    }

    #[test]
    fn no_mixture_of_yaml_makes_the_reader_panic(text in any_yaml()) {
        fuzz_manifest(text.as_bytes());
        fuzz_manifest(format!("glidepath: 1\n{ORGANIZATION}{text}").as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_keys_does_not_reach_the_manifest(
        order in Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle(),
        accounts in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let plain = manifest(&[0, 1, 2, 3, 4], &[0, 1, 2, 3, 4, 5]);
        let mixed = manifest(&order, &accounts);
        prop_assert_eq!(values(&plain), values(&mixed));
    }
}

/// A manifest whose sections and accounts stand in the order given.
fn manifest(order: &[usize], accounts: &[usize]) -> String {
    let accounts: String = accounts
        .iter()
        .fold(String::new(), |text, at| text + &format!("      a{at}: {{tags: {{n: \"{}\"}}}}\n", at % 2));
    let sections = [
        "glidepath: 1\n".to_owned(),
        ORGANIZATION.to_owned(),
        format!("units:\n  Prod:\n    exclusive: true\n    accounts:\n{accounts}"),
        "policies: {two: {type: tag, document: {a: b}, on: [Prod]}, one: {on: [\"tag:n=1\"], document: {a: b}, type: scp}}\n"
            .to_owned(),
        "trustedAccess: {ssm.amazonaws.com: , ram.amazonaws.com: {absent: true}}\n".to_owned(),
    ];
    order.iter().filter_map(|at| sections.get(*at)).map(String::as_str).collect()
}

/// Everything of a manifest but its places.
fn values(text: &str) -> String {
    let loaded = load_text("manifest.yaml", text);
    let manifest = loaded.manifest.unwrap();
    let shown = format!("{manifest:#?}");
    let placed = |line: &&str| {
        !["start:", "end:", "FileId(", "0,", "span:", "file:"]
            .iter()
            .any(|word| line.trim().starts_with(word))
    };
    shown.lines().filter(placed).collect::<Vec<_>>().join("\n")
}

#[test]
fn ten_thousand_accounts_load() {
    let mut text = format!("glidepath: 1\n{ORGANIZATION}units:\n");
    for unit in 0..50 {
        writeln!(text, "  Unit{unit}:\n    accounts:").unwrap();
        for account in 0..200 {
            let id = 100_000_000_000_u64 + unit * 1_000 + account;
            writeln!(
                text,
                "      account-{unit}-{account}:\n        id: \"{id}\"\n        tags: {{stage: s{}}}",
                account % 3
            )
            .unwrap();
        }
    }
    text.push_str("policies:\n  one: {type: tag, document: {a: b}, on: [\"tag:stage=s1\", Unit7]}\n");
    let loaded = load_text("manifest.yaml", &text);
    assert_eq!(said(&loaded), "");
    let manifest = loaded.manifest.unwrap();
    assert_eq!((manifest.accounts.len(), manifest.units.len()), (10_000, 50));
    assert_eq!(manifest.accounts["account-7-3"].email.value, "aws+account-7-3@example.com");
}

#[test]
fn thousands_of_misspelt_names_do_not_make_the_reader_slow() {
    let mut text = format!("glidepath: 1\n{ORGANIZATION}units:\n  U:\n    accounts:\n");
    for account in 0..3_000 {
        writeln!(text, "      account-{account}: {{tagz: }}").unwrap();
    }
    let selectors: Vec<String> = (0..3_000).map(|at| format!("account/acount-{at}")).collect();
    writeln!(text, "policies: {{p: {{type: tag, document: {{a: b}}, on: [{}]}}}}", selectors.join(", "))
        .unwrap();
    let loaded = load_text("manifest.yaml", &text);
    assert_eq!(loaded.diagnostics.len(), 1_001);
    assert!(said(&loaded).contains("5000 more complaints are not shown"));
}

#[test]
fn the_starter_manifest_is_right_as_it_stands() {
    let answers = Answers {
        organization: "acme".to_owned(),
        management: AccountId::parse("111122223333").unwrap(),
        home: "eu-west-1".to_owned(),
        email: "aws+{account}@example.com".to_owned(),
    };
    let loaded = load_text("glidepath.yaml", &starter(&answers));
    assert_eq!(said(&loaded), "");
    assert_eq!(loaded.manifest.unwrap().accounts.len(), 3);
    assert_eq!(Answers::home_fault("eu-west-1"), None);
    assert!(Answers::email_fault("aws@example.com").is_some());
    assert!(Answers::organization_fault("Acme Inc.").is_some());
}

#[test]
fn a_manifest_that_is_only_a_text_names_no_files() {
    let text = format!("glidepath: 1\n{ORGANIZATION}policies: {{p: {{type: scp, file: p.json}}}}\n");
    let loaded = load_text("manifest.yaml", &text);
    assert_eq!(loaded.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), ["GP0021"]);
}

#[test]
fn files_of_a_folder_are_read_in_the_order_of_their_names_and_hidden_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("b.yaml", "units: {Prod: {accounts: {shop: }}}\n");
    write("a.yml", &format!("glidepath: 1\n{ORGANIZATION}"));
    write(".hidden.yaml", "[");
    write("notes.txt", "[");
    let loaded = load(folder.path());
    assert_eq!(said(&loaded), "");
    let names: BTreeMap<&str, &str> = loaded
        .sources
        .iter()
        .map(|source| (source.name().rsplit('/').next().unwrap(), source.text()))
        .collect();
    assert_eq!(names.keys().copied().collect::<Vec<_>>(), ["a.yml", "b.yaml"]);
}
