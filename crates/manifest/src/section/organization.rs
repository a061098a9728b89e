//! `organization:`

use super::budget::{self, BudgetDraft};
use super::root_access;
use super::switch;
use super::tags;
use crate::diagnostic::Report;
use crate::format::{
    ACCOUNT_ID, ACCOUNT_NAME, CONTACT_KIND, CONTACT_NAME, CONTACT_PHONE, CONTACT_TITLE, EMAIL, EMAIL_PATTERN,
    LIMIT_NAME, ORGANIZATION_ID, ORGANIZATION_NAME, POLICY_TYPE, REGION,
};
use crate::manifest::{Contact, Management, Organization, Switch};
use crate::record::{Record, keyed, number, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::{Span, Spanned};
use glidepath_model::account_settings::ContactKind;
use glidepath_model::{AccountId, OrganizationId, PolicyType, Tags};
use std::collections::BTreeMap;

pub(crate) static SECTION: Section = Section {
    name: "organization",
    doc: "Which organization this is, and what holds for all of it. Every command that talks to AWS first compares \
          `id` and `management.id` with the organization it finds, and stops on a mismatch.",
    fields: &[
        &NAME,
        &ID,
        &MANAGEMENT,
        &HOME,
        &REGIONS,
        &EMAIL_OF_ACCOUNTS,
        &POLICY_TYPES,
        &CONTACTS,
        &ROOT_ACCESS,
        &LIMITS,
        &BUDGET,
    ],
};

static NAME: Field = Field {
    name: "name",
    shape: Shape::Text(&ORGANIZATION_NAME),
    need: Need::Required,
    doc: "The name that marks what is Glidepath's, in the tag `glidepath:managed-by`. Changing it disowns everything.",
    example: "acme",
    default: "",
};
static ID: Field = Field {
    name: "id",
    shape: Shape::Text(&ORGANIZATION_ID),
    need: Need::Optional,
    doc: "The organization's id. Leave it out only before the organization exists.",
    example: "o-a1b2c3d4e5",
    default: "",
};
static MANAGEMENT: Field = Field {
    name: "management",
    shape: Shape::Section(&MANAGEMENT_SECTION),
    need: Need::Required,
    doc: "The management account. It stands here and never under `units`.",
    example: "{name: acme-root, id: \"111122223333\"}",
    default: "",
};
static HOME: Field = Field {
    name: "home",
    shape: Shape::Text(&REGION),
    need: Need::Required,
    doc: "The region where what exists once is kept; one of `regions`.",
    example: "eu-west-1",
    default: "",
};
static REGIONS: Field = Field {
    name: "regions",
    shape: Shape::List(&Shape::Text(&REGION)),
    need: Need::Required,
    doc: "The governed regions. One that accounts do not have from the start is enabled in every account, the \
          management account included, and never disabled again.",
    example: "[eu-west-1, eu-central-1]",
    default: "",
};
static EMAIL_OF_ACCOUNTS: Field = Field {
    name: "email",
    shape: Shape::Text(&EMAIL_PATTERN),
    need: Need::Optional,
    doc: "The e-mail address of accounts that give none. `{account}` stands for the account's name in lower case, with \
          hyphens for whatever an address may not hold.",
    example: "aws+{account}@example.com",
    default: "every account gives its own",
};
static POLICY_TYPES: Field = Field {
    name: "policyTypes",
    shape: Shape::Map { keys: &POLICY_TYPE, values: &Shape::Section(&switch::SWITCH) },
    need: Need::Optional,
    doc: "Policy types to turn on, or off with `absent: true`. A type of which a policy is attached is turned on \
          without being named.",
    example: "{scp: , tag: {absent: true}}",
    default: "",
};
pub(crate) static CONTACTS: Field = Field {
    name: "contacts",
    shape: Shape::Map { keys: &CONTACT_KIND, values: &Shape::Section(&CONTACT_SECTION) },
    need: Need::Optional,
    doc: "Alternate contacts of all accounts, by kind; an account of `units` can have others. Implies trusted access of \
          `account.amazonaws.com`. Contacts that leave the manifest stay as they are.",
    example: "{security: {name: Security Team, title: CISO, email: sec@example.com, phone: \"+1 555 0100\"}}",
    default: "",
};
static ROOT_ACCESS: Field = Field {
    name: "rootAccess",
    shape: Shape::Section(&root_access::SECTION),
    need: Need::Optional,
    doc: "Centralized root access. Implies trusted access of `iam.amazonaws.com`.",
    example: "{credentialsManagement: true, sessions: true}",
    default: "",
};
static LIMITS: Field = Field {
    name: "limits",
    shape: Shape::Map { keys: &LIMIT_NAME, values: &LIMIT },
    need: Need::Optional,
    doc: "Limits of AWS that differ for this organization, by name. AWS raises some on request.",
    example: "{accounts: 500}",
    default: "what AWS publishes",
};
static BUDGET: Field = Field {
    name: "budget",
    shape: Shape::Section(&budget::SECTION),
    need: Need::Optional,
    doc: "The budget of every account that does not say otherwise, the management account not included.",
    example: "{monthly: 500, notify: [finance@example.com]}",
    default: "accounts have none",
};
static LIMIT: Shape = Shape::Number { min: 1, max: 1_000_000 };

static MANAGEMENT_SECTION: Section = Section {
    name: "management",
    doc: "The management account. No selector reaches it but `account/<its name>`.",
    fields: &[&MANAGEMENT_NAME, &MANAGEMENT_ID, &MANAGEMENT_TAGS],
};
static MANAGEMENT_NAME: Field = Field {
    name: "name",
    shape: Shape::Text(&ACCOUNT_NAME),
    need: Need::Required,
    doc: "Its name in this manifest.",
    example: "acme-root",
    default: "",
};
static MANAGEMENT_ID: Field = Field {
    name: "id",
    shape: Shape::Text(&ACCOUNT_ID),
    need: Need::Required,
    doc: "Its id.",
    example: "\"111122223333\"",
    default: "",
};
static MANAGEMENT_TAGS: Field = tags("Its tags as this manifest knows them; they are not applied.", "");

static CONTACT_SECTION: Section = Section {
    name: "contact",
    doc: "An alternate contact.",
    fields: &[&NAME_OF_CONTACT, &TITLE_OF_CONTACT, &EMAIL_OF_CONTACT, &PHONE_OF_CONTACT],
};
static NAME_OF_CONTACT: Field = contact("name", Shape::Text(&CONTACT_NAME), "Who it is.", "Security Team");
static TITLE_OF_CONTACT: Field = contact("title", Shape::Text(&CONTACT_TITLE), "Their title.", "CISO");
static EMAIL_OF_CONTACT: Field =
    contact("email", Shape::Text(&EMAIL), "Their e-mail address.", "sec@example.com");
static PHONE_OF_CONTACT: Field =
    contact("phone", Shape::Text(&CONTACT_PHONE), "Their telephone number.", "\"+1 555 0100\"");

const fn contact(name: &'static str, shape: Shape, doc: &'static str, example: &'static str) -> Field {
    Field { name, shape, need: Need::Required, doc, example, default: "" }
}

/// The section with whatever of it is right.
#[derive(Default)]
pub(crate) struct OrganizationDraft {
    pub(crate) name: Option<Spanned<String>>,
    pub(crate) id: Option<Spanned<OrganizationId>>,
    pub(crate) management_name: Option<Spanned<String>>,
    pub(crate) management_id: Option<Spanned<AccountId>>,
    pub(crate) management_tags: Tags,
    pub(crate) home: Option<Spanned<String>>,
    pub(crate) regions: Vec<Spanned<String>>,
    pub(crate) email: Option<Spanned<String>>,
    /// Whether the key `email` is there, right or wrong.
    pub(crate) email_given: bool,
    pub(crate) policy_types: BTreeMap<PolicyType, Spanned<Switch>>,
    pub(crate) contacts: BTreeMap<ContactKind, Spanned<Contact>>,
    pub(crate) root_access: Vec<root_access::Written>,
    pub(crate) limits: BTreeMap<String, Spanned<u64>>,
    pub(crate) budget: BudgetDraft,
    pub(crate) budgeted: Option<Span>,
}

/// Reads the section.
pub(crate) fn read(record: Record<'_>, report: &mut Report) -> OrganizationDraft {
    let management = record.map(&MANAGEMENT);
    let budget = budget::read(record.entry(&BUDGET), report);
    budget::check_default(&budget, report);
    OrganizationDraft {
        name: record.text(&NAME).map(owned),
        id: record.parsed(&ID, OrganizationId::parse),
        management_name: management.text(&MANAGEMENT_NAME).map(owned),
        management_id: management.parsed(&MANAGEMENT_ID, AccountId::parse),
        management_tags: management.text_map(&MANAGEMENT_TAGS),
        home: record.text(&HOME).map(owned),
        regions: record.texts(&REGIONS).into_iter().map(owned).collect(),
        email: record.text(&EMAIL_OF_ACCOUNTS).map(owned),
        email_given: record.entry(&EMAIL_OF_ACCOUNTS).is_some(),
        policy_types: record
            .entries(&POLICY_TYPES)
            .iter()
            .filter_map(|entry| Some((PolicyType::from_key(&entry.key.value).ok()?, switch::read(entry))))
            .collect(),
        contacts: read_contacts(record),
        root_access: root_access::read(record.map(&ROOT_ACCESS)),
        limits: record
            .entries(&LIMITS)
            .iter()
            .filter_map(|entry| {
                Some((entry.key.value.to_string(), keyed(entry, number(&entry.value, &LIMIT)?)))
            })
            .collect(),
        budget,
        budgeted: record.entry(&BUDGET).map(|entry| entry.key.span),
    }
}

/// The alternate contacts of a record, by kind.
pub(crate) fn read_contacts(record: Record<'_>) -> BTreeMap<ContactKind, Spanned<Contact>> {
    let one = |entry: &crate::yaml::Entry| {
        let kind = ContactKind::from_word(&entry.key.value)?;
        Some((kind, keyed(entry, read_contact(Record::of(&entry.value))?)))
    };
    record.entries(&CONTACTS).iter().filter_map(one).collect()
}

fn read_contact(record: Record<'_>) -> Option<Contact> {
    let text = |field| record.text(field).map(|text| text.value.to_owned());
    Some(Contact {
        name: text(&NAME_OF_CONTACT)?,
        title: text(&TITLE_OF_CONTACT)?,
        email: text(&EMAIL_OF_CONTACT)?,
        phone: text(&PHONE_OF_CONTACT)?,
    })
}

impl OrganizationDraft {
    /// The section, if nothing that it needs is missing.
    pub(crate) fn finish(self) -> Option<Organization> {
        Some(Organization {
            name: self.name?,
            id: self.id,
            management: Management {
                name: self.management_name?,
                id: self.management_id?,
                tags: self.management_tags,
            },
            home: self.home?,
            regions: self.regions,
            email: self.email,
            policy_types: self.policy_types,
            contacts: self.contacts,
            root_access: self
                .root_access
                .into_iter()
                .filter_map(|(feature, switch)| Some((feature, Spanned::new(switch.value?, switch.span))))
                .collect(),
            limits: self.limits,
            budget: self.budgeted,
        })
    }
}
