//! What each verb takes.

use clap::{Args, Subcommand, ValueEnum};
use glidepath_model::{AccountId, Address, Date};
use glidepath_plan::plan::GateName;
use std::path::PathBuf;

/// Where the manifest is.
#[derive(Debug, Clone, Args)]
pub(crate) struct ManifestArg {
    /// The manifest: a file, or a folder whose `*.yaml` files are one manifest together
    #[arg(value_name = "MANIFEST", default_value = ".")]
    pub(crate) manifest: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath init
  glidepath init landing-zone --name acme --home eu-west-1 --management-id 111122223333

Asks for what is left out when there is a terminal. Never overwrites a file.")]
pub(crate) struct InitArgs {
    /// The folder to write `landing-zone.yaml` to; made when it is not there
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The organization's name in the manifest
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The management account's id
    #[arg(long, value_name = "ACCOUNT_ID")]
    pub(crate) management_id: Option<AccountId>,
    /// The home region
    #[arg(long, value_name = "REGION")]
    pub(crate) home: Option<String>,
    /// The pattern for e-mail addresses of accounts, such as `aws+{account}@example.com`
    #[arg(long, value_name = "PATTERN")]
    pub(crate) email: Option<String>,
}

/// How complaints are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// With the lines they are about
    Human,
    /// A line each, `file:line:column: error[CODE]: …`, for editors
    Short,
    /// One JSON document
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath validate
  glidepath validate examples/enterprise --format short

Policy documents are linted, too; warnings do not fail. Exits 0 when the manifest can be planned, 3 when
it cannot, or when AWS would refuse one of its policies.")]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// How complaints are written
    #[arg(long, value_name = "FORM", default_value = "human")]
    pub(crate) format: Form,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath plan
  glidepath plan landing-zone -o plan.json        keep the plan, to apply exactly this one later
  glidepath plan --target unit/Workloads/Prod     only this, and what it needs first
  glidepath plan --detailed-exitcode              for pipelines: 2 when there are changes

Exits 0, 4 when the plan holds a refusal, 5 when something could not be read; with
--detailed-exitcode 2 when there are changes.")]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// Write the plan to this file, for `apply --plan`
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Print the plan as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Show also what created things will be and deleted things were
    #[arg(long, conflicts_with = "json")]
    pub(crate) full: bool,
    /// Exit with 2 when there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
}

/// What a plan is about.
#[derive(Debug, Clone, Args)]
pub(crate) struct ScopeArgs {
    /// Only the change to this address, and what it waits for; may be repeated
    #[arg(long = "target", value_name = "ADDRESS", value_parser = Address::parse)]
    pub(crate) targets: Vec<Address>,
    /// The day to plan for, instead of today: exceptions end on days
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// List every stack of every stack set, and ask who else has a permission set where the manifest names others:
    /// a call for each hundred stacks and for each pair of set and account
    #[arg(long)]
    pub(crate) deep: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath apply                                  shows the plan, asks, applies
  glidepath apply --plan plan.json                 only if the plan is still the one in the file
  glidepath apply --yes --allow-new-accounts 3     for pipelines
  glidepath apply --sandbox /tmp/world --yes       creations need no further consent in a sandbox

An apply that failed or was stopped is resumed by running it again.")]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// Apply only if today's plan makes the same changes as this one
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
    /// Print the receipt as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Show also what created things will be and deleted things were
    #[arg(long, conflicts_with = "json")]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    #[command(flatten)]
    pub(crate) consent: ConsentArgs,
}

/// What is consented to beforehand.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Consent")]
pub(crate) struct ConsentArgs {
    /// Do not ask; dangers still need the options below
    #[arg(long)]
    pub(crate) yes: bool,
    /// Consent to a danger that the plan names: policy-delete, policy-detach, unit-delete, account-forget,
    /// account-move, access-revoke, root-removal, switch-off or last-allow
    #[arg(long, value_name = "GATE", value_delimiter = ',')]
    pub(crate) allow: Vec<GateName>,
    /// Consent to locking out this principal, who has to be able to repair the organization
    #[arg(long, value_name = "PRINCIPAL")]
    pub(crate) allow_lock_out: Vec<String>,
    /// Consent to leaving those resources of a stack as they are that CloudFormation does not get past, on the way
    /// back of a failed update or in a deletion that failed before; the plan names them
    #[arg(long, value_name = "STACK", value_parser = Address::parse)]
    pub(crate) leave_stuck: Vec<Address>,
    /// Consent to this many new accounts: an account is easily made and hard to get rid of
    #[arg(long, value_name = "N")]
    pub(crate) allow_new_accounts: Option<u32>,
    /// Consent to closing the accounts that the manifest marks with `close: true`
    #[arg(long)]
    pub(crate) allow_close: bool,
    /// Consent to making the account of the credentials the management account of a new organization;
    /// its id is asked for, or given
    #[arg(long, value_name = "ACCOUNT_ID", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "the option may be left out, or stand alone, or hold a value")]
    pub(crate) create_organization: Option<Option<AccountId>>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath drift
  glidepath drift --json > drift.json
  glidepath drift --deep                          every stack is listed and compared with its template

Exits 0 when AWS is as the manifest says, 2 when it is not, 5 when something could not be read.")]
pub(crate) struct DriftArgs {
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The day to compare for, instead of today
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// List every stack and everybody who has a permission set, and have CloudFormation compare each stack with its
    /// template: this takes calls and minutes, which are told first
    #[arg(long)]
    pub(crate) deep: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  glidepath doctor\n  AWS_PROFILE=root glidepath doctor landing-zone --json"
)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) from: ManifestArg,
    /// Print the findings as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath permissions plan > plan-role.json
  aws iam put-role-policy --role-name apply --policy-name glidepath \\
    --policy-document \"$(glidepath permissions apply)\"")]
pub(crate) struct PermissionsArgs {
    /// What the role shall be able to do
    pub(crate) permission: Permission,
    #[command(flatten)]
    pub(crate) from: ManifestArg,
}

/// What a role shall be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Permission {
    /// `plan`, `drift` and `doctor`: only reads
    Plan,
    /// `apply` as well
    Apply,
    /// The role that enters member accounts: what `apply` does there
    Member,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SandboxVerb {
    /// Answer AWS's calls on a local address, for other clients
    Serve(ServeArgs),
    /// Print what is in the sandbox
    Show {
        /// Print JSON: the whole world without ids, in canonical form
        #[arg(long)]
        json: bool,
    },
    /// Throw the sandbox's world away; the next command makes a new one
    Reset,
    /// Make one AWS call in the sandbox, behind Glidepath's back
    Call(CallArgs),
    /// List the AWS operations that the sandbox knows
    Operations {
        /// Print JSON, with the errors that each can raise
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  glidepath sandbox serve --sandbox /tmp/world --port 4570 &
  AWS_ACCESS_KEY_ID=AKIASANDBOX111122223333 AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1 \\
    aws organizations list-accounts --endpoint-url http://127.0.0.1:4570")]
pub(crate) struct ServeArgs {
    /// The manifest that a new world is made for
    #[arg(value_name = "MANIFEST")]
    pub(crate) manifest: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes a free one, and the address is printed either way
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Begin a new world without an organization
    #[arg(long)]
    pub(crate) stand_alone: bool,
    /// Begin a new world in which nobody has enabled IAM Identity Center
    #[arg(long)]
    pub(crate) without_identity_center: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  glidepath sandbox call organizations ListRoots '{}' --sandbox /tmp/world")]
pub(crate) struct CallArgs {
    /// The service, as `sandbox operations` names it
    pub(crate) service: String,
    /// The operation, as AWS writes it: DetachPolicy
    pub(crate) operation: String,
    /// The request as JSON, in the API's own member names
    #[arg(value_name = "JSON", default_value = "{}")]
    pub(crate) request: String,
    /// The account whose administrator calls; the management account when left out
    #[arg(long = "as", value_name = "ACCOUNT_ID")]
    pub(crate) caller: Option<AccountId>,
    /// The Region that is called
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    pub(crate) region: String,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A line holds `scps` and `rcps` by level, `identity_policies`, and a `request` with principal, action,
resource and context; docs/reference/evaluate.md tells all members. It needs no credentials.

Examples:
  glidepath evaluate questions.jsonl > answers.jsonl
  producer | glidepath evaluate")]
pub(crate) struct EvaluateArgs {
    /// The file with the questions; standard input if left out or `-`
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GuardrailsVerb {
    /// List the guardrails that hold some words and fit some filters
    #[command(visible_alias = "search")]
    List(GuardrailListArgs),
    /// Print everything about one guardrail
    Show {
        /// Its id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check guardrails and run their own cases
    Test {
        /// A folder with guardrails of your own; the built-in ones if left out
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Write Guard rules for cfn-guard and hooks; with a manifest, what it makes of its guardrails
    #[command(after_help = "\
Without a manifest, each proactive guardrail of the catalogue becomes DIR/<id>.guard with its
defaults, and each of its cases DIR/cases/<id>-<number>-<passes|fails>.json with the rules
beside it. With a manifest, its conformance packs become DIR/packs/<name>.json as well.

Examples:
  glidepath guardrails export rules
  cfn-guard validate --rules rules/ds-template-hardened.guard --data template.yaml
  glidepath guardrails export out --manifest landing-zone")]
    Export {
        /// The folder for the files
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The manifest whose guardrails are written, with its values, in place of the catalogue's
        #[arg(long, value_name = "PATH")]
        manifest: Option<PathBuf>,
    },
    /// Write a reference page for each guardrail
    Docs {
        /// The folder for the pages
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BlueprintsVerb {
    /// List the blueprints that hold some words and fit some filters
    #[command(visible_alias = "search")]
    List(BlueprintListArgs),
    /// Print everything about one blueprint
    Show {
        /// Its id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the CloudFormation template that a blueprint becomes
    Render(BlueprintRenderArgs),
    /// Check blueprints and what comes of their examples
    Check {
        /// A folder with blueprints of your own, or one of them; the built-in ones if left out
        #[arg(value_name = "PATH")]
        path: Option<PathBuf>,
    },
    /// Write a reference page for each blueprint
    Docs {
        /// The folder for the pages
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath blueprints list --who members
  glidepath blueprints search flow logs")]
pub(crate) struct BlueprintListArgs {
    /// Words that must stand in id, title or what it is for
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// Only those of this area, 1 to 15
    #[arg(long, value_name = "NUMBER")]
    pub(crate) area: Option<u8>,
    /// Only those for members, management, log-archive, security or network
    #[arg(long)]
    pub(crate) who: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
What it takes from the landing zone is that of the examples: AWS's documentation accounts, two Regions.

Examples:
  glidepath blueprints render log-archive
  glidepath blueprints render log-archive --with arguments.yaml
  glidepath blueprints render --to rendered       # every example of every blueprint")]
pub(crate) struct BlueprintRenderArgs {
    /// Its id; all blueprints, by their examples, if left out
    #[arg(required_unless_present = "to")]
    pub(crate) id: Option<String>,
    /// A file of arguments, as under `with:` in the manifest
    #[arg(long, value_name = "FILE", requires = "id")]
    pub(crate) with: Option<PathBuf>,
    /// The folder where the blueprint is, if it is one of your own
    #[arg(long, value_name = "PATH")]
    pub(crate) from: Option<PathBuf>,
    /// A folder to write every example to, one file each
    #[arg(long, value_name = "DIR", conflicts_with = "with")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  glidepath guardrails list --framework cis-5.0 --severity high
  glidepath guardrails search root user")]
pub(crate) struct GuardrailListArgs {
    /// Words that must stand in id, title, service or rationale
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// Only those mapped to this framework, such as cis-5.0
    #[arg(long)]
    pub(crate) framework: Option<String>,
    /// Only those of this area, 1 to 15
    #[arg(long, value_name = "NUMBER")]
    pub(crate) area: Option<u8>,
    /// Only those about a service whose name holds this
    #[arg(long)]
    pub(crate) service: Option<String>,
    /// Only those at least this severe: low, medium, high or critical
    #[arg(long)]
    pub(crate) severity: Option<String>,
    /// Only preventive, detective or proactive ones
    #[arg(long)]
    pub(crate) behaviour: Option<String>,
    /// Only those by this mechanism, such as scp or rcp
    #[arg(long)]
    pub(crate) mechanism: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
