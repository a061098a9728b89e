//! The binary `glidepath`: arguments in, a verb run, an exit code out.

mod args;
mod cmd;
mod exit_code;
mod failure;
mod view;
mod wanted;
mod wire;

use clap::Parser as _;
use exit_code::ExitCode;

fn main() -> std::process::ExitCode {
    let code = match args::Args::try_parse() {
        Ok(args) => cmd::run(args).unwrap_or_else(|failure| {
            view::failure::tell(&failure);
            failure.code
        }),
        Err(usage) => {
            // Help and version are data; everything else is a complaint about the command line.
            let _ = usage.print();
            if usage.use_stderr() { ExitCode::Invalid } else { ExitCode::Done }
        }
    };
    code.into()
}
