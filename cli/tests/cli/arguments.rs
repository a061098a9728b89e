//! The command line itself.

use crate::desk::{Desk, SMALL};

#[test]
fn help_is_data_and_tells_where_to_begin() {
    let ran = Desk::empty().run(&["--help"]);
    ran.expect_code(0);
    assert!(ran.stderr.is_empty());
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn each_verb_explains_itself_with_examples() {
    let desk = Desk::empty();
    for verb in ["init", "validate", "plan", "apply", "drift", "doctor", "permissions"] {
        let ran = desk.run(&[verb, "-h"]);
        ran.expect_code(0);
        assert!(ran.stdout.contains("Example"), "{}", ran.transcript());
    }
    insta::assert_snapshot!(desk.run(&["apply", "-h"]).transcript());
}

#[test]
fn an_unknown_option_is_invalid_input_and_no_drift() {
    let ran = Desk::empty().run(&["drift", "--jsn"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("--json"), "{}", ran.transcript());
}

#[test]
fn an_unknown_address_names_the_forms_there_are() {
    let ran = Desk::with(SMALL).run(&["plan", "lz", "--target", "vpc/x", "--sandbox", "world"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("is not an address"), "{}", ran.transcript());
}

#[test]
fn an_option_for_sandboxes_is_not_ignored_where_there_is_none() {
    let ran = Desk::with(SMALL).run(&["plan", "lz", "--faults", "throttle=0.5"]);
    ran.expect_code(3);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn without_credentials_a_run_fails_and_says_what_to_do() {
    let ran = Desk::with(SMALL).run(&["plan", "lz"]);
    ran.expect_code(1);
    assert!(ran.stderr.contains("aws sso login"), "{}", ran.transcript());
}

#[test]
fn the_version_is_printed_as_text_and_as_json() {
    let desk = Desk::empty();
    assert_eq!(desk.run(&["version"]).stdout, format!("glidepath {}\n", env!("CARGO_PKG_VERSION")));
    let json: serde_json::Value = serde_json::from_str(&desk.run(&["version", "--json"]).stdout).unwrap();
    assert_eq!(json["format_version"], 1);
}

#[test]
fn completions_complete_our_verbs() {
    let ran = Desk::empty().run(&["completions", "bash"]);
    ran.expect_code(0);
    assert!(ran.stdout.contains("explain-code"));
}
