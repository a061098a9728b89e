//! Where AWS is: the real one, one address, or a sandbox; and how calls to it are watched.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

const WHERE: &str = "Where AWS is";

/// Options that every verb takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = WHERE)]
pub(crate) struct AwsArgs {
    /// Use a simulated organization that is kept in this folder; made when it is not there
    #[arg(long, value_name = "DIR", global = true, env = "GLIDEPATH_SANDBOX", hide_env_values = true)]
    pub(crate) sandbox: Option<PathBuf>,

    /// Simulated seconds in a second, or `max`: time jumps whenever everything waits.
    /// Else `max`, and 1 for `sandbox serve`
    #[arg(long, value_name = "N|max", global = true, hide_short_help = true)]
    pub(crate) sandbox_speed: Option<SandboxSpeed>,

    /// Make the sandbox fail on purpose, the same way for the same seed:
    /// `seed=7,throttle=0.1,error=0.05,reset-before=0.05,reset-after=0.05,concurrent=0.05`,
    /// `fail=ACCOUNT/REGION/TYPE` for resources of stacks
    #[arg(long, value_name = "FAULTS", global = true, hide_short_help = true)]
    pub(crate) faults: Option<String>,

    /// Let reads of the sandbox see writes late, as AWS does
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) eventual: bool,

    /// Send every call to this address instead of AWS
    #[arg(long, value_name = "URL", global = true, conflicts_with = "sandbox", hide_short_help = true)]
    pub(crate) endpoint: Option<String>,

    /// Whether calls are paced at AWS's published rates, and the sandbox throttles above them
    #[arg(long, value_name = "on|off", global = true, default_value = "on", hide_short_help = true)]
    pub(crate) rates: OnOff,

    /// Write a line to stderr for every call
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) trace_api: bool,

    /// Append every request and answer to this file, a JSON object a line, without secrets
    #[arg(long, value_name = "FILE", global = true, hide_short_help = true)]
    pub(crate) record: Option<PathBuf>,
}

/// `on` or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnOff {
    On,
    Off,
}

/// How fast simulated time runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum SandboxSpeed {
    Times(f64),
    Max,
}

impl std::str::FromStr for SandboxSpeed {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "max" {
            return Ok(Self::Max);
        }
        match text.parse::<f64>() {
            Ok(times) if times.is_finite() && times > 0.0 => Ok(Self::Times(times)),
            Ok(_) | Err(_) => Err("a number above zero, or `max`, is wanted".to_owned()),
        }
    }
}
