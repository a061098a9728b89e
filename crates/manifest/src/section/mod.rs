//! The sections of a manifest: their tables, and how each becomes typed values.

pub(crate) mod blueprint;
pub(crate) mod budget;
pub(crate) mod expectation;
pub(crate) mod guardrail;
pub(crate) mod identity;
pub(crate) mod key;
pub(crate) mod logging;
pub(crate) mod organization;
pub(crate) mod policy;
pub(crate) mod roles;
pub(crate) mod root_access;
pub(crate) mod safety;
pub(crate) mod settings;
pub(crate) mod switch;
pub(crate) mod unit;

use crate::format::{FOREIGN, TAG_KEY, TAG_VALUE};
use crate::shape::{Field, Need, Section, Shape};

/// The whole manifest.
pub(crate) static MANIFEST: Section = Section {
    name: "manifest",
    doc: "One file, or a folder whose `*.yaml` and `*.yml` files are read as one: maps are merged key by key, and a \
          key given twice is an error that names both places. An empty value means an empty map or list.\n\n\
          Text that YAML would read as a number or as `true` or `false` must stand in quotes. Anchors and aliases \
          work; merge keys (`<<`) and YAML tags (`!Sub`) do not.",
    fields: &[
        &VERSION,
        &ORGANIZATION,
        &ROLES,
        &UNITS,
        &POLICIES,
        &GUARDRAILS,
        &TRUSTED_ACCESS,
        &DELEGATED_ADMINISTRATORS,
        &RESOURCE_POLICY,
        &KEYS,
        &FOREIGN_PATTERNS,
        &SAFETY,
        &IDENTITY,
        &LOGGING,
        &SERVICES,
        &EDGE,
        &BLUEPRINTS,
        &ACCOUNT_SETTINGS,
    ],
};

static VERSION: Field = Field {
    name: "glidepath",
    shape: Shape::Version,
    need: Need::Required,
    doc: "The version of this form. Once in the whole manifest.",
    example: "1",
    default: "",
};

pub(crate) static ORGANIZATION: Field = Field {
    name: "organization",
    shape: Shape::Section(&organization::SECTION),
    need: Need::Required,
    doc: "Which organization this is, and what holds for all of it.",
    example: "{name: acme, management: {…}, home: eu-west-1, regions: [eu-west-1]}",
    default: "",
};

pub(crate) static ROLES: Field = Field {
    name: "roles",
    shape: Shape::Section(&roles::SECTION),
    need: Need::Optional,
    doc: "Which roles Glidepath uses, and who must be able to repair the organization.",
    example: "{access: OrganizationAccountAccessRole}",
    default: "AWS's own access role",
};

pub(crate) static UNITS: Field = Field {
    name: "units",
    shape: Shape::Map { keys: &crate::format::UNIT_NAME, values: &Shape::Section(&unit::SECTION) },
    need: Need::Optional,
    doc: "The tree of units and accounts, by name. The key `/` holds accounts that stay directly at the root; it \
          takes only `accounts`.",
    example: "{Security: {accounts: {log-archive: }}, Sandbox: }",
    default: "",
};

pub(crate) static POLICIES: Field = Field {
    name: "policies",
    shape: Shape::Map { keys: &crate::format::POLICY_NAME, values: &Shape::Section(&policy::SECTION) },
    need: Need::Optional,
    doc: "Organization policies of all types, by name.",
    example: "{no-marketplace: {type: scp, file: policies/no-marketplace.json, on: [Sandbox]}}",
    default: "",
};

pub(crate) static GUARDRAILS: Field = Field {
    name: "guardrails",
    shape: Shape::List(&Shape::Section(&guardrail::SECTION)),
    need: Need::Optional,
    doc: "Guardrails of the catalogue or of your own, one by one or by framework, and where they hold.",
    example: "[{use: org-deny-leave, on: [Workloads]}]",
    default: "",
};

pub(crate) static TRUSTED_ACCESS: Field = Field {
    name: "trustedAccess",
    shape: Shape::Map { keys: &crate::format::PRINCIPAL, values: &Shape::Section(&switch::SWITCH) },
    need: Need::Optional,
    doc: "Services that may work in every account, by service principal. What is not named here is left as it is.",
    example: "{guardduty.amazonaws.com: , macie.amazonaws.com: {absent: true}}",
    default: "",
};

pub(crate) static DELEGATED_ADMINISTRATORS: Field = Field {
    name: "delegatedAdministrators",
    shape: Shape::Map { keys: &crate::format::PRINCIPAL, values: &switch::DELEGATES },
    need: Need::Optional,
    doc: "Member accounts that run a service for the whole organization, by service principal: an account, a list of \
          accounts, or a map. What is not named here is left as it is.",
    example: "{guardduty.amazonaws.com: security}",
    default: "",
};

pub(crate) static RESOURCE_POLICY: Field = Field {
    name: "resourcePolicy",
    shape: Shape::Section(&policy::RESOURCE_POLICY),
    need: Need::Optional,
    doc: "The organization's delegation policy. Left out, it is left as it is.",
    example: "{file: policies/delegation.json}",
    default: "",
};

pub(crate) static KEYS: Field = Field {
    name: "keys",
    shape: Shape::Map { keys: &crate::format::KEY_NAME, values: &Shape::Section(&key::SECTION) },
    need: Need::Optional,
    doc: "Keys of AWS KMS that protect what must outlive a stack, by name.",
    example: "{log-archive: {account: log-archive, regions: [eu-west-1], encryptFor: [cloudtrail]}}",
    default: "",
};

pub(crate) static FOREIGN_PATTERNS: Field = Field {
    name: "foreign",
    shape: Shape::List(&Shape::Text(&FOREIGN)),
    need: Need::Optional,
    doc: "Addresses of things that are known and none of Glidepath's business; drift does not list them.",
    example: "[unit/Legacy, \"policy/scp/old-*\"]",
    default: "",
};

pub(crate) static SAFETY: Field = Field {
    name: "safety",
    shape: Shape::Section(&safety::SECTION),
    need: Need::Optional,
    doc: "How much one run may remove or move before somebody has to allow it by name.",
    example: "{removals: {percent: 30, atLeast: 3}}",
    default: "30 % and at least 3 removals; 10 % and at least 3 moves",
};

pub(crate) static BLUEPRINTS: Field = Field {
    name: "blueprints",
    shape: Shape::List(&Shape::Section(&blueprint::SECTION)),
    need: Need::Optional,
    doc: "What is deployed into accounts by CloudFormation: blueprints of the catalogue or of your own.",
    example: "[{use: ssm-session-manager, on: [/]}]",
    default: "",
};

pub(crate) static ACCOUNT_SETTINGS: Field = Field {
    name: "accountSettings",
    shape: Shape::List(&Shape::Section(&settings::SECTION)),
    need: Need::Optional,
    doc: "Settings of whole accounts: passwords, encryption of volumes, what may be public, the default VPC.",
    example: "[{on: [/], ebsEncryption: true}]",
    default: "",
};

pub(crate) static LOGGING: Field = Field {
    name: "logging",
    shape: Shape::Section(&logging::SECTION),
    need: Need::Optional,
    doc: "The log archive, what it keeps and for how long.",
    example: "{archive: log-archive, sources: [organizationTrail, config]}",
    default: "",
};

pub(crate) static IDENTITY: Field = Field {
    name: "identity",
    shape: Shape::Section(&identity::SECTION),
    need: Need::Optional,
    doc: "Who may sign in where: permission sets and assignments of IAM Identity Center.",
    example: "{permissionSets: {Admin: {managed: [AdministratorAccess]}}}",
    default: "",
};

static SERVICES: Field = later("services", "Security services for the whole organization.");
static EDGE: Field = later("edge", "AWS WAF, Shield and Firewall Manager.");

const fn later(name: &'static str, doc: &'static str) -> Field {
    Field { name, shape: Shape::Later, need: Need::Optional, doc, example: "", default: "" }
}

static TAG_VALUES: Shape = Shape::Text(&TAG_VALUE);

/// The key `tags`, with what is tagged in its own words.
pub(crate) const fn tags(doc: &'static str, default: &'static str) -> Field {
    Field {
        name: "tags",
        shape: Shape::Map { keys: &TAG_KEY, values: &TAG_VALUES },
        need: Need::Optional,
        doc,
        example: "{cost-center: \"42\"}",
        default,
    }
}
