//! `cargo xtask VERB`: conventions as tests, generated data and pages, and the one test command.
//!
//! It knows the workspace only as files and through `cargo metadata`; no crate of the product is linked
//! in, and nothing of the product depends on it.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command of the workspace talks to its user"
)]

mod actions;
mod config_rules;
mod docs;
mod page;
mod python;
mod readme;
mod resource_types;
mod shapes;
mod stage;
mod suite;
mod tidy;
mod workspace;

use std::process::ExitCode;

/// What `cargo xtask` understands.
const USAGE: &str = "\
usage: cargo xtask VERB

  test [STAGE…]               the test command; with names, only those stages
  tidy                        the conventions that no compiler checks
  docs [--check]              write the generated pages, or fail where one is stale
  shapes [--botocore PATH]    write the sandbox's wire shapes from botocore's API models
  actions [--iam-data PATH]   write the linter's services, actions and condition keys from a public package
  resource-types [--cfnlint PATH]
                              write the resource types that templates are checked by, from cfn-lint's schemas
  config-rules [--python PATH]
                              write AWS Config's managed rules from the pinned moto";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = workspace::root();
    let Some((verb, rest)) = arguments.split_first() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let outcome = match verb.as_str() {
        "test" => suite::run(&root, rest),
        "tidy" => tidy::run(&root, rest),
        "docs" => docs::run(&root, rest),
        "shapes" => shapes::run(&root, rest).map_err(anyhow::Error::from).map(|written| {
            for path in written {
                println!("{}", path.display());
            }
        }),
        "actions" => {
            actions::run(&root, rest).map(|path| println!("{}", path.display())).map_err(anyhow::Error::from)
        }
        "resource-types" => resource_types::run(&root, rest)
            .map(|path| println!("{}", path.display()))
            .map_err(anyhow::Error::from),
        "config-rules" => config_rules::run(&root, rest)
            .map(|path| println!("{}", path.display()))
            .map_err(anyhow::Error::from),
        other => Err(anyhow::anyhow!("`{other}` is not a verb\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
