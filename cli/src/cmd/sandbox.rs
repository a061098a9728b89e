//! `sandbox`: the simulated organization itself: served, shown, called, thrown away.

mod serve;

use crate::args::{AwsArgs, CallArgs, SandboxVerb};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::wire;
use glidepath_sandbox::{CallError, Sandbox};
use std::sync::Arc;

pub(super) fn run(verb: SandboxVerb, aws: &AwsArgs) -> Outcome {
    match verb {
        SandboxVerb::Serve(args) => serve::run(&args, aws),
        SandboxVerb::Show { json } => show(aws, json),
        SandboxVerb::Reset => {
            let directory = wire::directory(aws)?;
            wire::reset(&directory)?;
            view::talk(&format!("the sandbox in {} is empty\n", view::style::shown(&directory.display())));
            Ok(ExitCode::Done)
        }
        SandboxVerb::Call(args) => call(&args, aws),
        SandboxVerb::Operations { json } => {
            let operations = glidepath_sandbox::operations();
            if json {
                view::json::print(&view::json::operations(&operations));
            } else {
                view::data(&view::text::operations(&operations));
            }
            Ok(ExitCode::Done)
        }
    }
}

fn show(aws: &AwsArgs, json: bool) -> Outcome {
    let world = wire::existing(aws)?;
    if json {
        view::json::print(&view::json::world(world.canonical_dump()));
    } else {
        view::data(&view::text::lines(&world.show()));
    }
    end(world)
}

fn call(args: &CallArgs, aws: &AwsArgs) -> Outcome {
    let request = serde_json::from_str(&args.request).map_err(|error| {
        Failure::doing(ExitCode::Invalid, "read the request as JSON", &error)
            .help("give one JSON object in single quotes: '{\"ParentId\":\"r-ab12\"}'")
    })?;
    let world = wire::existing(aws)?;
    let caller = args.caller.as_ref().map_or(wire::ADMINISTRATOR_KEY, |id| id.as_str());
    let answer = world.call_json_in(&args.region, caller, &args.service, &args.operation, request);
    end(world)?;
    match answer {
        Ok(answer) => {
            view::json::print(&answer);
            Ok(ExitCode::Done)
        }
        Err(error) => {
            let code = match error {
                CallError::UnknownOperation { .. } | CallError::UnknownCaller(_) => ExitCode::Invalid,
                CallError::Service(_) => ExitCode::Failed,
            };
            Err(Failure::of(code, &error))
        }
    }
}

fn end(world: Arc<Sandbox>) -> Outcome {
    if let Some(world) = Arc::into_inner(world) {
        wire::close(world)?;
    }
    Ok(ExitCode::Done)
}
