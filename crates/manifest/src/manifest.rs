//! The manifest as typed values: what the user wrote, checked as far as it can be checked without the
//! rest of the landing zone, and nothing expanded yet. Every value that a later complaint may be about
//! keeps its [`Span`].

mod identity;
mod settings;

pub use identity::{
    AssignmentLine, Directory, Group, Identity, InlinePolicy, PermissionSet, PolicyBoundary, User,
};

pub use settings::{AccountSettingsUse, Contact, EbsEncryption, EbsKey};

use crate::span::{FileId, Span, Spanned};
use glidepath_model::account_settings::{ContactKind, RootFeature};
use glidepath_model::{AccountId, Date, OrganizationId, PolicyType, Selector, Tags, UnitPath};
use serde_json::Value;
use std::collections::BTreeMap;

/// A whole manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// `organization:`
    pub organization: Organization,
    /// `roles:`
    pub roles: Roles,
    /// Every unit of `units:`, by path; the root is not among them.
    pub units: BTreeMap<UnitPath, Unit>,
    /// Every account of `units:`, by name, the management account not included.
    pub accounts: BTreeMap<String, Account>,
    /// `policies:`, by name.
    pub policies: BTreeMap<String, Policy>,
    /// `guardrails:`, in the order of the text.
    pub guardrails: Vec<GuardrailUse>,
    /// `logging:`
    pub logging: Option<Logging>,
    /// `blueprints:`, in the order of the text.
    pub blueprints: Vec<BlueprintUse>,
    /// `accountSettings:`, in the order of the text.
    pub account_settings: Vec<AccountSettingsUse>,
    /// `trustedAccess:`, by service principal.
    pub trusted_access: BTreeMap<String, Spanned<Switch>>,
    /// `delegatedAdministrators:`, by service principal, then account name.
    pub delegated_administrators: BTreeMap<String, BTreeMap<String, Spanned<Switch>>>,
    /// `resourcePolicy:`
    pub resource_policy: Option<Spanned<ResourcePolicy>>,
    /// `keys:`, by name.
    pub keys: BTreeMap<String, Key>,
    /// `identity:`
    pub identity: Option<Identity>,
    /// `foreign:`
    pub foreign: Vec<Spanned<ForeignPattern>>,
    /// `safety:`
    pub safety: Safety,
}

/// The `organization:` section.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    /// The name that marks what is ours, in the tag `glidepath:managed-by`.
    pub name: Spanned<String>,
    /// The organization's id; none only before the first apply.
    pub id: Option<Spanned<OrganizationId>>,
    /// The management account.
    pub management: Management,
    /// The home region.
    pub home: Spanned<String>,
    /// The governed regions, home among them.
    pub regions: Vec<Spanned<String>>,
    /// The e-mail pattern for accounts that give none; holds `{account}`.
    pub email: Option<Spanned<String>>,
    /// Policy types stated here: enabled, or `absent`. A type with a policy that is attached somewhere
    /// is enabled without being stated.
    pub policy_types: BTreeMap<PolicyType, Spanned<Switch>>,
    /// Alternate contacts of all accounts, by kind.
    pub contacts: BTreeMap<ContactKind, Spanned<Contact>>,
    /// What is stated of centralized root access.
    pub root_access: BTreeMap<RootFeature, Spanned<Switch>>,
    /// Limits of AWS that this organization has raised, by their name in the limits table.
    pub limits: BTreeMap<String, Spanned<u64>>,
    /// Whether a budget stands here, which holds for every account that says nothing else.
    pub budget: Option<Span>,
}

/// The management account.
#[derive(Debug, Clone, PartialEq)]
pub struct Management {
    /// Its name in this manifest.
    pub name: Spanned<String>,
    /// Its id.
    pub id: Spanned<AccountId>,
    /// Its tags in this manifest, for selectors; they are not applied.
    pub tags: Tags,
}

/// The `roles:` section.
#[derive(Debug, Clone, PartialEq)]
pub struct Roles {
    /// The role by which Glidepath enters a member account.
    pub access: Spanned<String>,
    /// The role that plans, as an ARN.
    pub plan: Option<Spanned<String>>,
    /// The role that applies, as an ARN.
    pub apply: Option<Spanned<String>>,
    /// Principals that must be able to repair the organization.
    pub break_glass: Vec<Spanned<BreakGlass>>,
    /// Roles whom the quarantine of an account does not bind: patterns of ARNs.
    pub responders: Vec<Spanned<String>>,
}

/// A principal that must be able to repair the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlass {
    /// Its ARN; the account part may be `*`.
    pub arn: String,
    /// Context keys it comes with, such as `aws:MultiFactorAuthPresent`.
    pub context: BTreeMap<String, String>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Where its key stands.
    pub span: Span,
    /// The path it had before it was renamed; same parent.
    pub was: Option<Spanned<UnitPath>>,
    /// Its tags.
    pub tags: Tags,
    /// Whether anything in it that is not in the manifest is drift even where Glidepath made none of it.
    pub exclusive: bool,
}

/// A member account.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Where its key stands.
    pub span: Span,
    /// The unit it belongs to; the root as the empty path.
    pub unit: UnitPath,
    /// Its id, once known.
    pub id: Option<Spanned<AccountId>>,
    /// Its e-mail address: its own, or by the organization's pattern.
    pub email: Spanned<String>,
    /// The name it had in this manifest before.
    pub was: Option<Spanned<String>>,
    /// Its tags; none when the manifest says nothing of tags, and then they are not managed.
    pub tags: Option<Tags>,
    /// The access role, where it differs from `roles.access`.
    pub access: Option<Spanned<String>>,
    /// Its alternate contacts, where they differ from those of all accounts.
    pub contacts: BTreeMap<ContactKind, Spanned<Contact>>,
    /// Its alias, if the manifest gives it one.
    pub alias: Option<Spanned<String>>,
    /// Whether everybody but those who respond is kept from doing anything in it.
    pub quarantine: bool,
    /// Whether the account shall be closed.
    pub close: bool,
    /// Regions that it uses beside the governed ones, as far as each account has to enable them first.
    pub regions: Vec<Spanned<String>>,
    /// Its budget: its own, or the organization's.
    pub budget: Option<Budget>,
}

impl Account {
    /// Whether it is frozen where it is: by itself, or before it is closed.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.quarantine || self.close
    }
}

/// What an account may cost in a month, and who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Where it stands: at the account, or at the organization.
    pub span: Span,
    /// The amount of a month, in whole units of the currency.
    pub monthly: u64,
    /// The currency, by ISO 4217.
    pub currency: String,
    /// The e-mail addresses that are told; with none there is a topic.
    pub notify: Vec<String>,
    /// The percentages of the amount at which they are told, rising.
    pub at: Vec<u64>,
    /// The ARN of a topic that is told too.
    pub topic: Option<String>,
}

/// An organization policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Where its key stands.
    pub span: Span,
    /// Its type.
    pub ty: PolicyType,
    /// What it says.
    pub body: PolicyBody,
    /// What it is attached to.
    pub on: Vec<Spanned<Selector>>,
    /// What it must not be attached to (only for AWS's own policies, which are additive).
    pub absent: Vec<Spanned<Selector>>,
}

/// What a policy says, and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub enum PolicyBody {
    /// Our own policy.
    Own {
        /// Its description; empty if none.
        description: String,
        /// The document, from `file:` or `document:`.
        document: Spanned<Value>,
        /// The file among the sources that it stands in; none if it stands in the manifest.
        file: Option<FileId>,
        /// Its tags.
        tags: Tags,
    },
    /// A policy of AWS's own (`awsManaged: true`), such as `FullAWSAccess`.
    AwsManaged,
}

/// An entry of `guardrails:`.
#[derive(Debug, Clone, PartialEq)]
pub struct GuardrailUse {
    /// Where it stands: what `use` or `framework` says.
    pub span: Span,
    /// Which guardrails it is about.
    pub choice: GuardrailChoice,
    /// Where they hold.
    pub on: Vec<Spanned<Selector>>,
    /// What they spare.
    pub except: Vec<GuardrailException>,
}

/// Which guardrails an entry is about.
#[derive(Debug, Clone, PartialEq)]
pub enum GuardrailChoice {
    /// One, by `use:`.
    One {
        /// Which one.
        guardrail: GuardrailName,
        /// Values for its parameters.
        with: GuardrailArguments,
    },
    /// Those of the catalogue that are mapped to a framework.
    Framework(FrameworkChoice),
}

/// Values for the parameters of a guardrail, by name; the place is that of the key.
pub type GuardrailArguments = BTreeMap<String, Spanned<Value>>;

/// One guardrail by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardrailName {
    /// One of the catalogue, by its id.
    Catalogue(String),
    /// One of the user's own, by its file.
    Own(OwnGuardrail),
}

/// A guardrail file of the user's own. What it says is not looked at here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnGuardrail {
    /// Its path as the manifest has it, `./guardrails/no-marketplace.yaml`.
    pub path: String,
    /// The file among the sources.
    pub file: FileId,
    /// Its text.
    pub text: String,
}

/// Guardrails by framework. What is left out does not count.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameworkChoice {
    /// The framework, `cis-5.0`.
    pub framework: String,
    /// Only those that act so: `preventive`, `detective` or `proactive`.
    pub behaviour: Option<String>,
    /// Only those at least so severe: `low`, `medium`, `high` or `critical`.
    pub severity: Option<String>,
    /// Only those of these areas, 1 to 15.
    pub areas: Vec<u8>,
    /// Values for parameters, by the guardrail's id; the place is that of the id.
    pub with: BTreeMap<String, Spanned<GuardrailArguments>>,
    /// Those that are left out.
    pub without: Vec<GuardrailOmission>,
}

/// A guardrail that a framework names and an entry leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardrailOmission {
    /// Its id.
    pub guardrail: Spanned<String>,
    /// The last day on which it is left out.
    pub until: Spanned<Date>,
    /// Why.
    pub reason: String,
}

/// A target that guardrails spare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardrailException {
    /// What is spared.
    pub target: Spanned<Selector>,
    /// The last day on which it is spared.
    pub until: Spanned<Date>,
    /// Why.
    pub reason: String,
}

/// The `logging:` section.
#[derive(Debug, Clone, PartialEq)]
pub struct Logging {
    /// Where its key stands.
    pub span: Span,
    /// The account that keeps the logs.
    pub archive: Spanned<String>,
    /// What is kept.
    pub sources: Vec<Spanned<LogSource>>,
    /// The accounts that are recorded; empty for all.
    pub on: Vec<Spanned<Selector>>,
    /// For how long logs are kept.
    pub retention: Retention,
    /// Object Lock, if any.
    pub lock: Option<ObjectLock>,
    /// The key that encrypts what can be encrypted with one.
    pub key: Option<Spanned<String>>,
    /// How the names of the buckets begin.
    pub prefix: Option<Spanned<String>>,
    /// The account in which all that AWS Config records is gathered.
    pub aggregator: Option<Spanned<String>>,
    /// Whether the archive can be queried.
    pub queries: bool,
}

/// A kind of log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogSource {
    /// What CloudTrail records in every account.
    OrganizationTrail,
    /// What AWS Config records in every account and Region.
    Config,
    /// Traffic of networks.
    VpcFlowLogs,
    /// Access to S3 buckets.
    S3Access,
    /// Requests to load balancers.
    Elb,
    /// Requests that AWS WAF looked at.
    Waf,
    /// Names that were resolved.
    ResolverQueries,
}

impl LogSource {
    /// Every source.
    pub const ALL: &'static [Self] = &[
        Self::OrganizationTrail,
        Self::Config,
        Self::VpcFlowLogs,
        Self::S3Access,
        Self::Elb,
        Self::Waf,
        Self::ResolverQueries,
    ];

    /// The word for it in the manifest.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OrganizationTrail => "organizationTrail",
            Self::Config => "config",
            Self::VpcFlowLogs => "vpcFlowLogs",
            Self::S3Access => "s3Access",
            Self::Elb => "elb",
            Self::Waf => "waf",
            Self::ResolverQueries => "resolverQueries",
        }
    }
}

/// For how long logs are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days until they move to a cheaper class of storage.
    pub archive_after: u32,
    /// Days until they are deleted.
    pub delete_after: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { archive_after: 90, delete_after: 2555 }
    }
}

/// Object Lock on buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectLock {
    /// Who can lift it.
    pub mode: LockMode,
    /// For how many days it holds.
    pub days: u32,
}

/// Who can lift Object Lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// Who has the permission.
    Governance,
    /// Nobody.
    Compliance,
}

/// An entry of `blueprints:`.
#[derive(Debug, Clone, PartialEq)]
pub struct BlueprintUse {
    /// Where it stands: what `use` says.
    pub span: Span,
    /// The name of its stack set or stack.
    pub name: Spanned<String>,
    /// Which blueprint.
    pub blueprint: BlueprintName,
    /// Where it is deployed; empty where the blueprint says it itself.
    pub on: Vec<Spanned<Selector>>,
    /// Values for its parameters.
    pub with: GuardrailArguments,
    /// The Regions it is deployed in; empty where the blueprint says it itself.
    pub regions: Vec<Spanned<String>>,
    /// What is spared.
    pub except: Vec<GuardrailException>,
}

/// One blueprint by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlueprintName {
    /// One of the catalogue, by its id.
    Catalogue(String),
    /// One of the user's own.
    Own(OwnBlueprint),
}

/// A blueprint of the user's own. What it says is not looked at here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnBlueprint {
    /// Its path as the manifest has it, `./blueprints/our-network`.
    pub path: String,
    /// The file among the sources that complaints are about.
    pub file: FileId,
    /// What its `blueprint.yaml` says; none for a plain CloudFormation file.
    pub description: Option<String>,
    /// The text of its template.
    pub template: String,
}

/// The `resourcePolicy:` section.
#[derive(Debug, Clone, PartialEq)]
pub enum ResourcePolicy {
    /// The delegation policy shall say this.
    Document {
        /// The document, from `file:` or `document:`.
        document: Value,
        /// Its tags.
        tags: Tags,
    },
    /// There shall be none.
    Absent,
}

/// A key of AWS KMS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Where its key stands.
    pub span: Span,
    /// The account that owns it, by name.
    pub account: Spanned<String>,
    /// Where it is, at least one; the first has the primary key of several.
    pub regions: Vec<Spanned<String>>,
    /// Where `regions` stands.
    pub listed: Span,
    /// What it is for; empty if nothing is said.
    pub description: String,
    /// Who administers it, besides the administrators of its account.
    pub admins: Vec<Spanned<KeyAdmin>>,
    /// The services that work with it, by their words in `glidepath_model::key_services`.
    pub encrypt_for: Vec<Spanned<String>>,
    /// Who may decrypt.
    pub decrypt_for: Vec<Spanned<KeyReader>>,
    /// Days between two rotations.
    pub rotation: u32,
    /// Its tags.
    pub tags: Tags,
    /// Days until it is deleted, if it is to be.
    pub retire: Option<Spanned<u32>>,
}

/// Who administers a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyAdmin {
    /// The role by which the key's account is entered.
    Access,
    /// The role that applies.
    Apply,
    /// Every principal of `roles.breakGlass`.
    BreakGlass,
    /// The role that plans.
    Plan,
    /// A role by its ARN.
    Role(String),
}

/// Who may decrypt with a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyReader {
    /// An account by its name in the manifest.
    Account(String),
    /// Every account of the organization.
    Organization,
    /// A role by its ARN.
    Role(String),
}

/// A switch that is additive: left out, nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// It shall be on.
    On,
    /// It shall be off (`absent: true`).
    Absent,
}

/// An address pattern of `foreign:`; `*` matches any run of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignPattern(pub String);

/// The `safety:` section: thresholds above which a plan needs a gate opened by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Safety {
    /// Removals of one kind, out of what we own of it.
    pub removals: Threshold,
    /// Accounts moved, out of all accounts.
    pub moves: Threshold,
}

/// A share and a number: both must be exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// Percent of the whole, 0 to 100; exceeded when more than this.
    pub percent: u8,
    /// The least number that counts at all.
    pub at_least: u32,
}

impl Default for Safety {
    fn default() -> Self {
        Self {
            removals: Threshold { percent: 30, at_least: 3 },
            moves: Threshold { percent: 10, at_least: 3 },
        }
    }
}
