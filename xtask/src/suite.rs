//! `cargo xtask test`: the one test command. What it runs is [`STAGES`], in order; it stops at the first
//! stage that fails and says which.

#![expect(clippy::disallowed_methods, reason = "seconds per stage are measured, nothing depends on them")]

use crate::stage::{self, Program, Stage, Tally};
use crate::{docs, python, readme};
use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::time::{Duration, Instant};

/// Every stage. Cheap ones first, so that a slip is told in seconds.
const STAGES: &[Stage] = &[
    Stage { name: "format", about: "rustfmt has nothing to change", program: Program::Unused, run: format },
    Stage { name: "lint", about: "clippy has no warning", program: Program::Unused, run: lint },
    Stage {
        name: "test",
        about: "unit, property, scenario, corpus and doc tests; conventions",
        program: Program::Made,
        run: test,
    },
    Stage { name: "pages", about: "generated pages are fresh", program: Program::Needed, run: pages },
    Stage {
        name: "readme",
        about: "the README's commands print what it shows",
        program: Program::Needed,
        run: readme::run,
    },
    Stage {
        name: "python",
        about: "the judges' environment, made when missing",
        program: Program::Unused,
        run: make_python,
    },
    Stage {
        name: "cfn-lint",
        about: "every example of the blueprints is a template that cfn-lint takes",
        program: Program::Needed,
        run: cfn_lint,
    },
    Stage {
        name: "boto3",
        about: "boto3 and botocore judge the sandbox and our requests",
        program: Program::Needed,
        run: boto3,
    },
    Stage {
        name: "moto",
        about: "both examples applied against another simulation of AWS",
        program: Program::Needed,
        run: moto,
    },
    Stage {
        name: "guard",
        about: "AWS's cfn-guard judges the catalogue's Guard rules, and by them the blueprints",
        program: Program::Needed,
        run: guard,
    },
];

/// Runs every stage, or those that are named.
///
/// # Errors
/// The first stage that fails.
pub(crate) fn run(root: &Path, wanted: &[String]) -> Result<()> {
    let known = || STAGES.iter().map(|stage| stage.name).collect::<Vec<_>>().join(", ");
    if let Some(unknown) = wanted.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name)) {
        bail!("`{unknown}` is not a stage; stages are {}", known());
    }
    let mut times: Vec<(&Stage, Duration)> = Vec::new();
    let mut tally = Tally::default();
    let mut built = false;
    for stage in
        STAGES.iter().filter(|stage| wanted.is_empty() || wanted.iter().any(|name| name == stage.name))
    {
        eprintln!("== {}: {}", stage.name, stage.about);
        let start = Instant::now();
        let ready = if stage.program == Program::Needed && !built { build(root) } else { Ok(()) };
        let outcome = ready.and_then(|()| (stage.run)(root));
        built |= stage.program != Program::Unused;
        times.push((stage, start.elapsed()));
        match outcome {
            Ok(counted) => tally.add(counted),
            Err(error) => {
                table(&times);
                return Err(error).with_context(|| format!("stage `{}` failed", stage.name));
            }
        }
    }
    table(&times);
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(())
}

/// The seconds of every stage so far.
fn table(times: &[(&Stage, Duration)]) {
    println!();
    for (stage, time) in times {
        println!("{:>8.1} s  {:<8} {}", time.as_secs_f64(), stage.name, stage.about);
    }
    let all: Duration = times.iter().map(|(_, time)| *time).sum();
    println!("{:>8.1} s  together", all.as_secs_f64());
}

fn format(root: &Path) -> Result<Tally> {
    stage::run(&mut stage::cargo(root, &["fmt", "--all", "--check"]))
}

fn lint(root: &Path) -> Result<Tally> {
    let arguments = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    stage::run(&mut stage::cargo(root, &arguments))
}

/// All tests of all crates. They include the fuzz bodies over their saved corpora, the crash law and the
/// conventions of [`crate::tidy`]. Integration tests run the program, so that it is built beside them; to build
/// it alone would compile much a second time, with fewer features.
fn test(root: &Path) -> Result<Tally> {
    stage::run(stage::offline(&mut stage::cargo(root, &["test", "--workspace"])))
}

fn pages(root: &Path) -> Result<Tally> {
    docs::check(root)?;
    Ok(Tally::default())
}

fn make_python(root: &Path) -> Result<Tally> {
    python::environment(root)?;
    Ok(Tally::default())
}

fn cfn_lint(root: &Path) -> Result<Tally> {
    judge(root, "tests/cfn-lint/judge.py")
}

fn boto3(root: &Path) -> Result<Tally> {
    judge(root, "tests/boto3/judge.py")
}

fn moto(root: &Path) -> Result<Tally> {
    judge(root, "tests/moto/judge.py")
}

fn guard(root: &Path) -> Result<Tally> {
    judge(root, "tests/guard/judge.py")
}

/// Runs one of the python judges against the program that was built.
fn judge(root: &Path, script: &str) -> Result<Tally> {
    let python = python::environment(root)?;
    let mut command = std::process::Command::new(python);
    command.arg(script).current_dir(root);
    let tally = stage::run(stage::offline(&mut command))?;
    if tally.passed == 0 {
        bail!("`{script}` reports no check at all");
    }
    Ok(tally)
}

/// Builds the program; nothing to do when it is fresh.
pub(crate) fn build(root: &Path) -> Result<()> {
    stage::run(&mut stage::cargo(root, &["build", "--quiet", "--package", "glidepath"]))?;
    Ok(())
}
