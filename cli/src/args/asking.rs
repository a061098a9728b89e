//! What the verbs take that ask about rights.

use super::verbs::ManifestArg;
use clap::{Args, ValueEnum};
use glidepath_model::Date;
use std::path::PathBuf;

/// What a question is answered from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Against {
    /// The manifest alone.
    Manifest,
    /// AWS as it is.
    Aws,
    /// AWS as it will be once the plan of this file is applied.
    Plan(PathBuf),
}

impl Against {
    /// One of the two that need no plan.
    pub(super) fn of_manifest_or_aws(text: &str) -> Result<Self, String> {
        match text {
            "manifest" => Ok(Self::Manifest),
            "aws" => Ok(Self::Aws),
            _ => Err("`manifest` or `aws` is wanted".to_owned()),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "the form that the argument parser wants")]
    fn parse(text: &str) -> Result<Self, std::convert::Infallible> {
        Ok(match text {
            "manifest" => Self::Manifest,
            "aws" => Self::Aws,
            file => Self::Plan(file.into()),
        })
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath explain --principal role/developer --account shop-dev --action s3:CreateBucket
  glidepath explain --principal role/developer --account shop-dev --action ec2:RunInstances \\
    --context aws:RequestedRegion=us-west-2 --against aws
  glidepath explain --principal arn:aws:iam::444455556666:root --action iam:CreateAccessKey --against plan.json

Only SCPs and RCPs are asked: policies of the principal and of the resource are taken to allow the request.
A key that a policy reads and nobody tells leaves the answer open; `--context KEY=` says that it is absent.
Exits 0 whatever the answer is, 3 when the question cannot be asked, 5 when something could not be read.")]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// Who asks: an ARN, a service principal, or with `--account` `role/NAME`, `user/NAME` or `root`
    #[arg(long, value_name = "PRINCIPAL")]
    pub(crate) principal: String,
    /// For what, `service:Action`
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: String,
    /// On what: an ARN, or `*` for an action that has no resource
    #[arg(long, value_name = "ARN")]
    pub(crate) resource: Option<String>,
    /// A context key with its value; repeated for several values; without a value the key is absent
    #[arg(long = "context", value_name = "KEY=VALUE", value_parser = context)]
    pub(crate) context: Vec<(String, String)>,
    /// The account of the resource, and of a principal that names none: its name or id
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// The account that owns the resource, where it is another one
    #[arg(long, value_name = "NAME")]
    pub(crate) resource_account: Option<String>,
    /// What to answer from: `manifest`, `aws`, or the file of a plan, for AWS once it is applied
    #[arg(long, value_name = "WHAT", default_value = "manifest", value_parser = Against::parse)]
    pub(crate) against: Against,
    /// The day to answer for, instead of today: exceptions end on days
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn context(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if key.contains(':') => Ok((key.to_owned(), value.to_owned())),
        _ => Err("`KEY=VALUE` is wanted, such as `aws:RequestedRegion=eu-west-1`".to_owned()),
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath test                                    every file of `expectations/` beside the manifest
  glidepath test expectations/sandbox.yaml --against aws
  glidepath test --junit report.xml                 for pipelines

docs/reference/expectations.md has the form of the files. Exits 0 when everything is as expected, 1 when
something is not, 3 when a file is wrong, 5 when something could not be read.")]
pub(crate) struct TestArgs {
    /// Files of expectations, or folders of such files; `expectations/` beside the manifest if left out
    #[arg(value_name = "FILES")]
    pub(crate) files: Vec<PathBuf>,
    /// The manifest: a file, or a folder whose `*.yaml` files are one manifest together
    #[arg(long, value_name = "MANIFEST", default_value = ".")]
    pub(crate) manifest: PathBuf,
    /// What to answer from: `manifest`, `aws`, or the file of a plan, for AWS once it is applied
    #[arg(long, value_name = "WHAT", default_value = "manifest", value_parser = Against::parse)]
    pub(crate) against: Against,
    /// The day to answer for, instead of today: exceptions end on days
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Write a JUnit report to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a schema is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// Manifests
    Manifest,
    /// Files of expectations, for `test`
    Expectations,
}
