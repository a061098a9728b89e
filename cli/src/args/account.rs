//! What the verb takes that shows accounts.

use super::asking::Against;
use super::verbs::ManifestArg;
use clap::{Args, Subcommand};
use glidepath_model::Date;

#[derive(Debug, Subcommand)]
pub(crate) enum AccountVerb {
    /// Show everything that applies to one account
    Show(AccountShowArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath account show shop-prod
  glidepath account show shop-prod --against aws        as AWS is, and where that differs

Exits 0; 2 when AWS differs from the manifest, 3 when there is no such account, 5 when something could
not be read.")]
pub(crate) struct AccountShowArgs {
    /// The account, by its name in the manifest
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// What to show it by: `manifest` or `aws`
    #[arg(long, value_name = "WHAT", default_value = "manifest", value_parser = Against::of_manifest_or_aws)]
    pub(crate) against: Against,
    /// The day to show it for, instead of today: access and exceptions end on days
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
