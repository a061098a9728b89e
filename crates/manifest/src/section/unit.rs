//! `units:` and the accounts in them.

use super::{budget, tags};
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::format::{
    ACCOUNT_ALIAS, ACCOUNT_ID, ACCOUNT_NAME, EMAIL, REGION, ROLE_NAME, UNIT_NAME, UNIT_PATH, email_of_account,
};
use crate::manifest::{Account, Unit};
use crate::record::{Record, owned};
use crate::section::organization::{CONTACTS, OrganizationDraft, read_contacts};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::Entry;
use glidepath_model::{AccountId, UnitPath};
use std::collections::BTreeMap;

pub(crate) static SECTION: Section = Section {
    name: "unit",
    doc: "A unit. A unit that leaves the manifest is deleted if Glidepath made it and it is empty, else forgotten.",
    fields: &[&ACCOUNTS, &UNITS, &TAGS, &WAS, &EXCLUSIVE],
};
pub(crate) static ACCOUNTS: Field = Field {
    name: "accounts",
    shape: Shape::Map { keys: &ACCOUNT_NAME, values: &Shape::Section(&ACCOUNT_SECTION) },
    need: Need::Optional,
    doc: "The accounts of this unit, by name. Always a map.",
    example: "{log-archive: , security: }",
    default: "",
};
static UNITS: Field = Field {
    name: "units",
    shape: Shape::Map { keys: &UNIT_NAME, values: &Shape::Section(&SECTION) },
    need: Need::Optional,
    doc: "The units below this one, by name; five levels at the most.",
    example: "{Prod: , Stage: }",
    default: "",
};
static TAGS: Field = tags("Its tags. Tags that are not named are left as they are.", "");
static WAS: Field = Field {
    name: "was",
    shape: Shape::Text(&UNIT_PATH),
    need: Need::Optional,
    doc: "The path it had before, to rename it in place. The parent must be the same: AWS cannot move a unit.",
    example: "Workloads/Staging",
    default: "",
};
static EXCLUSIVE: Field = Field {
    name: "exclusive",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether everything in it that is not in the manifest is drift, even in a unit that Glidepath did not make.",
    example: "true",
    default: "`false`",
};

pub(crate) static ACCOUNT_SECTION: Section = Section {
    name: "account",
    doc: "A member account, found in AWS by `id`, else by e-mail address, else by `was`. An account that leaves the \
          manifest is forgotten, never closed.",
    fields: &[
        &ID,
        &EMAIL_ADDRESS,
        &ACCOUNT_WAS,
        &ACCOUNT_TAGS,
        &ACCESS,
        &CONTACTS,
        &ALIAS,
        &QUARANTINE,
        &CLOSE,
        &REGIONS,
        &BUDGET,
    ],
};
static ID: Field = Field {
    name: "id",
    shape: Shape::Text(&ACCOUNT_ID),
    need: Need::Optional,
    doc: "Its id, in quotes. Write it once the account exists: it is the surest way to find it.",
    example: "\"444455556666\"",
    default: "",
};
static EMAIL_ADDRESS: Field = Field {
    name: "email",
    shape: Shape::Text(&EMAIL),
    need: Need::Optional,
    doc: "The e-mail address of its root user, used by no other AWS account.",
    example: "shop-prod@example.com",
    default: "by the pattern `organization.email`",
};
static ACCOUNT_WAS: Field = Field {
    name: "was",
    shape: Shape::Text(&ACCOUNT_NAME),
    need: Need::Optional,
    doc: "The name it had in this manifest before.",
    example: "shop",
    default: "",
};
static ACCOUNT_TAGS: Field =
    tags("Its tags; selectors (`tag:key=value`) see these.", "its tags are not managed");
static ACCESS: Field = Field {
    name: "access",
    shape: Shape::Text(&ROLE_NAME),
    need: Need::Optional,
    doc: "The role by which Glidepath enters it.",
    example: "AWSControlTowerExecution",
    default: "`roles.access`",
};
static ALIAS: Field = Field {
    name: "alias",
    shape: Shape::Text(&ACCOUNT_ALIAS),
    need: Need::Optional,
    doc: "Its alias, which stands for its id in the address of the sign-in page for IAM users. No two accounts of AWS have \
          the same. One that leaves the manifest stays.",
    example: "acme-shop-prod",
    default: "",
};
static QUARANTINE: Field = Field {
    name: "quarantine",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether it is frozen where it is: the policy `glidepath-quarantine` on it denies everything to everybody but \
          `roles.responders`, permission sets with `responder: true`, and the roles that no guardrail binds; then all \
          other assignments in it are taken away. Undone by deleting the line.",
    example: "true",
    default: "`false`",
};
static CLOSE: Field = Field {
    name: "close",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether it shall leave: it is frozen as by `quarantine`, then closed, which `apply` does only with \
          `--allow-close` too.",
    example: "true",
    default: "`false`",
};
static REGIONS: Field = Field {
    name: "regions",
    shape: Shape::List(&Shape::Text(&REGION)),
    need: Need::Optional,
    doc: "Regions that are enabled in it beside the governed ones, of those that accounts do not have from the start. \
          None is ever disabled again.",
    example: "[eu-south-1]",
    default: "the governed ones alone",
};
static BUDGET: Field = Field {
    name: "budget",
    shape: Shape::Section(&budget::SECTION),
    need: Need::Optional,
    doc: "What it may cost in a month, and who is told.",
    example: "{monthly: 500}",
    default: "`organization.budget`",
};

/// The tree as it is read.
pub(crate) struct TreeDraft {
    pub(crate) units: BTreeMap<UnitPath, Unit>,
    pub(crate) accounts: BTreeMap<String, Account>,
}

/// Reads the tree and everything in it.
pub(crate) fn read(entries: &[Entry], organization: &OrganizationDraft, report: &mut Report) -> TreeDraft {
    let mut tree = TreeDraft { units: BTreeMap::new(), accounts: BTreeMap::new() };
    for entry in entries {
        if &*entry.key.value == "/" {
            refuse_all_but_accounts(entry, report);
            read_accounts(Record::of(&entry.value), &UnitPath::root(), organization, &mut tree, report);
        } else {
            read_unit(entry, UnitPath::root().child(&entry.key.value), organization, &mut tree, report);
        }
    }
    tree
}

fn refuse_all_but_accounts(entry: &Entry, report: &mut Report) {
    for other in entry.value.entries().iter().filter(|other| &*other.key.value != ACCOUNTS.name) {
        if SECTION.field(&other.key.value).is_some() {
            report.add(
                Diagnostic::new(code::CONTRADICTION, format!("the root takes no `{}`", other.key.value))
                    .at(other.key.span, "")
                    .help("`/` is the root; only `accounts` may stand in it"),
            );
        }
    }
}

fn read_unit(
    entry: &Entry,
    path: UnitPath,
    organization: &OrganizationDraft,
    tree: &mut TreeDraft,
    report: &mut Report,
) {
    let record = Record::of(&entry.value);
    read_accounts(record, &path, organization, tree, report);
    for below in record.entries(&UNITS) {
        read_unit(below, path.child(&below.key.value), organization, tree, report);
    }
    let unit = Unit {
        span: entry.key.span,
        was: record.parsed(&WAS, UnitPath::parse),
        tags: record.text_map(&TAGS),
        exclusive: record.flag(&EXCLUSIVE),
    };
    tree.units.insert(path, unit);
}

fn read_accounts(
    unit: Record<'_>,
    path: &UnitPath,
    organization: &OrganizationDraft,
    tree: &mut TreeDraft,
    report: &mut Report,
) {
    for entry in unit.entries(&ACCOUNTS) {
        if let Some(first) = tree.accounts.get(&*entry.key.value) {
            report.add(account_in_two_units(entry, path, first));
            continue;
        }
        let account = read_account(entry, path, organization, report);
        tree.accounts.insert(entry.key.value.to_string(), account);
    }
}

fn account_in_two_units(entry: &Entry, path: &UnitPath, first: &Account) -> Diagnostic {
    Diagnostic::new(code::ACCOUNT_TWICE, format!("account `{}` stands in two units", entry.key.value))
        .at(entry.key.span, format!("in `{path}` here"))
        .at(first.span, format!("in `{}` here", first.unit))
        .help("an account is in one unit; keep one of the two")
}

fn read_account(
    entry: &Entry,
    path: &UnitPath,
    organization: &OrganizationDraft,
    report: &mut Report,
) -> Account {
    let record = Record::of(&entry.value);
    let own = budget::read(record.entry(&BUDGET), report);
    Account {
        span: entry.key.span,
        unit: path.clone(),
        id: record.parsed(&ID, AccountId::parse),
        email: email(entry, record, organization, report),
        was: record.text(&ACCOUNT_WAS).map(owned),
        tags: record.entry(&ACCOUNT_TAGS).map(|_| record.text_map(&ACCOUNT_TAGS)),
        access: record.text(&ACCESS).map(owned),
        contacts: read_contacts(record),
        alias: record.text(&ALIAS).map(owned),
        quarantine: record.flag(&QUARANTINE),
        close: record.flag(&CLOSE),
        regions: record.texts(&REGIONS).into_iter().map(owned).collect(),
        budget: budget::of_account(own, &organization.budget, (&entry.key.value, entry.key.span), report),
    }
}

/// The account's own address, or the one that the pattern makes. Empty where a complaint stands.
fn email(
    entry: &Entry,
    record: Record<'_>,
    organization: &OrganizationDraft,
    report: &mut Report,
) -> Spanned<String> {
    let name = &entry.key;
    if let Some(given) = record.text(&EMAIL_ADDRESS) {
        return owned(given);
    }
    let nothing = Spanned::new(String::new(), name.span);
    if (ACCOUNT_NAME.check)(&name.value).is_err() {
        return nothing;
    }
    if record.entry(&EMAIL_ADDRESS).is_some() || (organization.email_given && organization.email.is_none()) {
        return nothing;
    }
    let Some(pattern) = &organization.email else {
        report.add(
            Diagnostic::new(code::NO_EMAIL, format!("account `{}` has no e-mail address", name.value))
                .at(name.span, "")
                .help("give it `email:`, or give all accounts a pattern: `organization: {email: aws+{account}@example.com}`"),
        );
        return nothing;
    };
    let Some(made) = email_of_account(pattern, &name.value) else {
        report.add(
            Diagnostic::new(code::NO_EMAIL, format!("the name `{}` makes no e-mail address", name.value))
                .at(name.span, "nothing of it may stand in an address")
                .at(pattern.span, "by this pattern")
                .help("give the account its own `email:`"),
        );
        return nothing;
    };
    if let Err(fault) = (EMAIL.check)(&made) {
        report.add(
            Diagnostic::new(fault.code, fault.summary)
                .at(name.span, "this account's address")
                .at(pattern.span, "by this pattern")
                .help("give the account its own shorter `email:`"),
        );
        return nothing;
    }
    Spanned::new(made, name.span)
}
