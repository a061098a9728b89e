//! `completions`: the script that lets a shell complete our command line.

use crate::args::Args;
use crate::exit_code::ExitCode;
use crate::failure::Outcome;
use crate::view;
use clap::CommandFactory as _;

pub(super) fn run(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "glidepath", &mut script);
    view::data(&String::from_utf8_lossy(&script));
    Ok(ExitCode::Done)
}
