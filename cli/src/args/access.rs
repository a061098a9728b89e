//! What the verb takes that asks who may sign in where.

use super::asking::Against;
use super::verbs::ManifestArg;
use clap::{Args, Subcommand};
use glidepath_model::Date;

#[derive(Debug, Subcommand)]
pub(crate) enum AccessVerb {
    /// List who may sign in to an account, and what is left of it under the guardrails
    Who(AccessWhoArgs),
    /// List where a group or user may sign in, and as what
    Of(AccessOfArgs),
    /// Sign in as yourself, and compare what you really reach with what the manifest promises
    Check(AccessCheckArgs),
}

/// What every question takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct AccessArgs {
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// What to answer from: `manifest` or `aws`
    #[arg(long, value_name = "WHAT", default_value = "manifest", value_parser = Against::of_manifest_or_aws)]
    pub(crate) against: Against,
    /// The day to answer for, instead of today: access ends on days
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath access who --account shop-prod
  glidepath access who --account shop-prod --against aws --json

Exits 0, 3 when there is no such account, 5 when something could not be read.")]
pub(crate) struct AccessWhoArgs {
    /// The account, by its name in the manifest
    #[arg(long, value_name = "NAME")]
    pub(crate) account: String,
    #[command(flatten)]
    pub(crate) access: AccessArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath access of platform
  glidepath access of anna landing-zone --against aws

What a user has by groups is told where the manifest says who is in them (`directory: managed`).
Exits 0, 3 when the name is nobody's, 5 when something could not be read.")]
pub(crate) struct AccessOfArgs {
    /// The group or user
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) access: AccessArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aws sso login
  glidepath access check --user anna

Asks the AWS access portal, by the token of `aws sso login`, which accounts and permission sets you reach.
Exits 0 when that is what the manifest promises, 2 when it is not.")]
pub(crate) struct AccessCheckArgs {
    /// Your user name in the directory
    #[arg(long, value_name = "USER")]
    pub(crate) user: String,
    /// Groups that you are in, where an identity provider says so
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
    /// The access portal that you signed in to, where there are several
    #[arg(long, value_name = "URL")]
    pub(crate) start_url: Option<String>,
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// The day to compare for, instead of today: access ends on days
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
