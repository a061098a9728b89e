//! `access`: who may sign in where.

mod check;

pub(crate) use check::Comparison;

use super::look::look;
use crate::args::{AccessArgs, AccessOfArgs, AccessVerb, AccessWhoArgs, Against, AwsArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::progress::Progress;
use crate::view::style::shown;
use crate::view::text::access::{Question, page};
use crate::wanted::Wanted;
use crate::wire::Wire;
use glidepath_aws::AccessMode;
use glidepath_engine::Scope;
use glidepath_model::organization::Gap;
use glidepath_plan::pattern::nearest;
use glidepath_plan::sign_in::{SignIn, SignIns};

pub(super) fn run(verb: AccessVerb, aws: &AwsArgs) -> Outcome {
    match verb {
        AccessVerb::Who(args) => who(&args, aws),
        AccessVerb::Of(args) => of(&args, aws),
        AccessVerb::Check(args) => check::run(&args, aws),
    }
}

/// Who may sign in where, what it is told by, and what could not be read.
struct Told {
    sign_ins: SignIns,
    by: &'static str,
    gaps: Vec<Gap>,
}

fn told(args: &AccessArgs, aws: &AwsArgs) -> Result<Told, Failure> {
    let wanted = Wanted::read(&args.from.manifest, args.today)?;
    if wanted.zone.identity_center.is_none() {
        return Err(Failure::new(ExitCode::Invalid, "the manifest says nothing of who may sign in")
            .help("add an `identity` section; docs/guide/identity.md shows one"));
    }
    if args.against != Against::Aws {
        let sign_ins = SignIns::of_manifest(&wanted.zone);
        return Ok(Told { sign_ins, by: "by the manifest", gaps: Vec::new() });
    }
    let wire = Wire::open(aws, &wanted)?;
    let progress = Progress::new(aws);
    let found = wire.run(look(&wire, &wanted.zone, (AccessMode::ReadOnly, Scope::People), &progress))??;
    wire.close()?;
    let sign_ins = SignIns::of_aws(&wanted.zone, &found.snapshot);
    Ok(Told { sign_ins, by: "as AWS is", gaps: found.snapshot.gaps })
}

fn who(args: &AccessWhoArgs, aws: &AwsArgs) -> Outcome {
    let told = told(&args.access, aws)?;
    if !told.sign_ins.has_account(&args.account) {
        let failure =
            Failure::new(ExitCode::Invalid, format!("there is no account `{}`", shown(&args.account)));
        return Err(meant(failure, &args.account, &told.sign_ins.accounts()));
    }
    let found: Vec<&SignIn> = told.sign_ins.to(&args.account).collect();
    Ok(answer(&told, &Question::Who(&args.account), &found, args.access.json))
}

fn of(args: &AccessOfArgs, aws: &AwsArgs) -> Outcome {
    let told = told(&args.access, aws)?;
    let found: Vec<&SignIn> = told.sign_ins.of_name(&args.name).collect();
    if found.is_empty() {
        let names: Vec<String> = told.sign_ins.names().into_iter().collect();
        let summary = format!("no group or user `{}` may sign in anywhere", shown(&args.name));
        return Err(meant(Failure::new(ExitCode::Invalid, summary), &args.name, &names));
    }
    Ok(answer(&told, &Question::Of(&args.name), &found, args.access.json))
}

fn meant(failure: Failure, name: &str, known: &[String]) -> Failure {
    match nearest(name, known.iter()) {
        Some(near) => failure.help(format!("did you mean `{}`?", shown(&near))),
        None => failure,
    }
}

fn answer(told: &Told, question: &Question<'_>, found: &[&SignIn], json: bool) -> ExitCode {
    if json {
        view::json::print(&view::json::sign_ins(&told.sign_ins, found));
    } else {
        view::data(&page(&told.sign_ins, question, found, told.by));
        view::talk(&view::text::access::gaps(&told.gaps));
    }
    if told.gaps.is_empty() { ExitCode::Done } else { ExitCode::Incomplete }
}
