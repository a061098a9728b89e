//! One verb per file: arguments in, the libraries called, a view printed, an exit code out.

mod access;
mod account;
mod apply;
mod blueprints;
mod completions;
mod consent;
mod doctor;
mod drift;
mod evaluate;
mod explain;
mod explain_code;
mod ground;
mod guardrails;
mod init;
mod lint;
mod look;
mod permissions;
mod plan;
mod sandbox;
mod schema;
mod test;
mod validate;
mod version;

pub(crate) use access::Comparison;
pub(crate) use doctor::{Finding, Level};

use crate::args::{Args, Verb};
use crate::failure::Outcome;

/// Runs the verb of a command line.
pub(crate) fn run(args: Args) -> Outcome {
    let Args { verb, aws } = args;
    match verb {
        Verb::Init(args) => init::run(&args),
        Verb::Validate(args) => validate::run(&args),
        Verb::Plan(args) => plan::run(&args, &aws),
        Verb::Apply(args) => apply::run(&args, &aws),
        Verb::Drift(args) => drift::run(&args, &aws),
        Verb::Doctor(args) => doctor::run(&args, &aws),
        Verb::Permissions(args) => permissions::run(&args),
        Verb::Evaluate(args) => evaluate::run(&args),
        Verb::Guardrails(verb) => guardrails::run(verb),
        Verb::Blueprints(verb) => blueprints::run(verb),
        Verb::Explain(args) => explain::run(&args, &aws),
        Verb::Account(verb) => account::run(&verb, &aws),
        Verb::Access(verb) => access::run(verb, &aws),
        Verb::Test(args) => test::run(&args, &aws),
        Verb::Lint(args) => lint::run(&args),
        Verb::ExplainCode { code } => explain_code::run(&code),
        Verb::Schema { of } => schema::run(of),
        Verb::Sandbox(verb) => sandbox::run(verb, &aws),
        Verb::Completions { shell } => completions::run(shell),
        Verb::Version { json } => version::run(if json { version::Form::Json } else { version::Form::Text }),
    }
}
