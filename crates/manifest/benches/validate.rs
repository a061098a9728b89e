//! How long it takes to check a manifest, by number of accounts. The aim: 0.3 s for 10,000.

use glidepath_manifest::load_text;
use std::fmt::Write as _;

fn main() {
    divan::main();
}

#[divan::bench(args = [100, 1_000, 10_000])]
fn validate(bencher: divan::Bencher<'_, '_>, accounts: usize) {
    let text = manifest(accounts);
    assert!(load_text("manifest.yaml", &text).manifest.is_some());
    bencher.bench(|| load_text("manifest.yaml", &text));
}

fn manifest(accounts: usize) -> String {
    let mut text = "glidepath: 1\norganization:\n  name: acme\n  management: {name: acme-root, id: \"111122223333\"}\n  \
                    home: eu-west-1\n  regions: [eu-west-1, eu-central-1]\nunits:\n"
        .to_owned();
    for account in 0..accounts {
        if account % 200 == 0 {
            let _ = writeln!(text, "  Unit{}:\n    accounts:", account / 200);
        }
        let _ = writeln!(
            text,
            "      account-{account}:\n        id: \"{}\"\n        email: aws+account-{account}@example.com\n        \
             tags:\n          cost-center: \"{}\"\n          owner: team-{}@example.com\n          stage: s{}",
            100_000_000_000 + account,
            account % 97,
            account % 31,
            account % 3
        );
    }
    text.push_str("policies:\n");
    for policy in 0..25 {
        let _ = writeln!(
            text,
            "  policy-{policy}:\n    type: backup\n    document: {{plans: {{p{policy}: {{regions: {{\"@@assign\": [eu-west-1]}}}}}}}}\n    \
             on: [account/account-{policy}, \"tag:cost-center={policy}\"]"
        );
    }
    text
}
