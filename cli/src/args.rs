//! The command line as typed. Nothing is resolved here.

mod access;
mod account;
mod asking;
mod aws;
mod lint;
mod verbs;

pub(crate) use access::{AccessArgs, AccessCheckArgs, AccessOfArgs, AccessVerb, AccessWhoArgs};
pub(crate) use account::{AccountShowArgs, AccountVerb};
pub(crate) use asking::{Against, ExplainArgs, SchemaOf, TestArgs};
pub(crate) use aws::{AwsArgs, OnOff, SandboxSpeed};
pub(crate) use lint::LintArgs;
#[cfg(test)]
pub(crate) use verbs::ManifestArg;
pub(crate) use verbs::{
    ApplyArgs, BlueprintListArgs, BlueprintRenderArgs, BlueprintsVerb, CallArgs, ConsentArgs, DoctorArgs,
    DriftArgs, EvaluateArgs, Form, GuardrailListArgs, GuardrailsVerb, InitArgs, Permission, PermissionsArgs,
    PlanArgs, SandboxVerb, ScopeArgs, ServeArgs, ValidateArgs,
};

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Try it without an AWS account:
  glidepath init
  glidepath plan --sandbox /tmp/world
  glidepath apply --sandbox /tmp/world --yes
  glidepath drift --sandbox /tmp/world

Exit codes:
  0  nothing to do, or done        3  the input is wrong
  1  something failed              4  a safety check refused
  2  there are changes or drift    5  something could not be checked";

/// Builds and keeps a guarded AWS landing zone.
///
/// One manifest says what the AWS organization must look like. `plan` shows the difference to what AWS
/// really has, `apply` closes it, `drift` tells when somebody opened it again.
#[derive(Debug, Parser)]
#[command(name = "glidepath", version, styles = STYLES, after_help = EXAMPLES, max_term_width = 100)]
#[command(disable_help_subcommand = true, propagate_version = false)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) verb: Verb,
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Write a commented manifest to start from
    Init(InitArgs),
    /// Check the manifest; needs no credentials
    Validate(ValidateArgs),
    /// Show what would have to change in AWS
    Plan(PlanArgs),
    /// Change AWS so that it is as the manifest says
    Apply(ApplyArgs),
    /// Tell where AWS is not as the manifest says
    Drift(DriftArgs),
    /// Check credentials, organization, quotas and permissions
    Doctor(DoctorArgs),
    /// Print the IAM policy that a role needs for `plan` or `apply`
    Permissions(PermissionsArgs),
    /// Look at the catalogue of guardrails, and test your own
    #[command(subcommand)]
    Guardrails(GuardrailsVerb),
    /// Look at the catalogue of blueprints, render them, and check your own
    #[command(subcommand)]
    Blueprints(BlueprintsVerb),
    /// Tell why a request is allowed or denied in this landing zone
    Explain(ExplainArgs),
    /// Show everything that applies to an account
    #[command(subcommand)]
    Account(AccountVerb),
    /// Tell who may sign in where by IAM Identity Center
    #[command(subcommand)]
    Access(AccessVerb),
    /// Check your own expectations about this landing zone
    Test(TestArgs),
    /// Decide requests against policies: JSON lines in, JSON lines out
    Evaluate(EvaluateArgs),
    /// Tell what AWS would refuse in policy documents, and what is probably not meant
    Lint(LintArgs),
    /// Explain a code such as GP0107, or a finding such as unknown-action
    ExplainCode {
        /// The code, as in `error[GP0107]` or `warning[unknown-action]`
        code: String,
    },
    /// Print the JSON Schema of manifests, or of files of expectations
    Schema {
        /// Of what
        #[arg(default_value = "manifest")]
        of: SchemaOf,
    },
    /// A simulated AWS organization to try things on
    #[command(subcommand)]
    Sandbox(SandboxVerb),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the version
    Version {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_verb_and_option_says_what_it_does() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                let known = ["help", "version"].contains(&argument.get_id().as_str());
                assert!(
                    known || argument.get_help().is_some(),
                    "{} {}",
                    command.get_name(),
                    argument.get_id()
                );
            }
            command.get_subcommands().for_each(check);
        }
        check(&Args::command());
    }
}
