//! `accountSettings:`, what accounts get as a whole and in each governed Region.

use super::guardrail::{EXCEPTION, exceptions};
use super::policy::selectors;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::format::{
    ABSENT, EBS_KEY, HTTP_TOKENS, NAMED_KEY, PASSWORD_AGE, PREFERENCE, SELECTOR, SNAPSHOT_BLOCK, days,
};
use crate::manifest::{AccountSettingsUse, EbsEncryption, EbsKey};
use crate::record::{Record, keyed};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::{Node, Value};
use glidepath_model::Selector;
use glidepath_model::account_settings::{
    HttpTokens, InstanceMetadata, PasswordPolicy, Preference, SnapshotBlock,
};

pub(crate) static SECTION: Section = Section {
    name: "accountSettings",
    doc: "Settings of whole accounts, set by direct calls as the account itself. Settings that are left out are left as \
          they are, and so are those of an entry that leaves the manifest. Two entries may reach one account as long as \
          they do not give it two values of one setting. What concerns a Region is set in every governed one. Where one \
          policy of the organization does the same for all accounts, prefer that: `validate` tells.",
    fields: &[
        &ON,
        &EXCEPT,
        &PASSWORD_POLICY,
        &EBS_ENCRYPTION,
        &S3_BLOCK,
        &INSTANCE_METADATA,
        &SERIAL_CONSOLE,
        &SNAPSHOTS,
        &IMAGES,
        &DEFAULT_VPC,
    ],
};
/// The fields that set something.
static SETTINGS: [&Field; 8] = [
    &PASSWORD_POLICY,
    &EBS_ENCRYPTION,
    &S3_BLOCK,
    &INSTANCE_METADATA,
    &SERIAL_CONSOLE,
    &SNAPSHOTS,
    &IMAGES,
    &DEFAULT_VPC,
];
static ON: Field = Field {
    name: "on",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Required,
    doc: "The accounts: a unit path or `/` (with all below it), `account/NAME`, or `tag:key=value`. The management account \
          only where it is named.",
    example: "[Workloads, account/acme-root]",
    default: "",
};
static EXCEPT: Field = Field {
    name: "except",
    shape: Shape::List(&Shape::Section(&EXCEPTION)),
    need: Need::Optional,
    doc: "Accounts that are spared for a time: their settings are left as they are.",
    example: "[{target: account/shop-dev, until: 2027-03-31, reason: migration}]",
    default: "",
};
static PASSWORD_POLICY: Field = Field {
    name: "passwordPolicy",
    shape: Shape::Section(&PASSWORD_SECTION),
    need: Need::Optional,
    doc: "What passwords of IAM users must be like.",
    example: "{minimumLength: 14, symbols: true, maxAge: 90d}",
    default: "",
};
static EBS_ENCRYPTION: Field = Field {
    name: "ebsEncryption",
    shape: Shape::Either(&[Shape::Flag, Shape::Section(&EBS_SECTION)]),
    need: Need::Optional,
    doc: "Whether new volumes and copies of snapshots are encrypted where nobody says so, in every governed Region. \
          `true` leaves the key as it is, which is AWS's own at first.",
    example: "true",
    default: "",
};
static S3_BLOCK: Field = Field {
    name: "s3PublicAccessBlock",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether no bucket of the account can be public, in any Region: all four settings on, or all four off.",
    example: "true",
    default: "",
};
static INSTANCE_METADATA: Field = Field {
    name: "instanceMetadata",
    shape: Shape::Section(&METADATA_SECTION),
    need: Need::Optional,
    doc: "Defaults for the metadata service of new instances, in every governed Region.",
    example: "{httpTokens: required, hopLimit: 2}",
    default: "",
};
static SERIAL_CONSOLE: Field = Field {
    name: "serialConsole",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether instances can be reached by their serial consoles, in every governed Region.",
    example: "false",
    default: "",
};
static SNAPSHOTS: Field = Field {
    name: "snapshotBlock",
    shape: Shape::Text(&SNAPSHOT_BLOCK),
    need: Need::Optional,
    doc: "Whether snapshots of volumes can be shared with everybody, in every governed Region.",
    example: "block-all-sharing",
    default: "",
};
static IMAGES: Field = Field {
    name: "imageBlock",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether images can no longer be shared with everybody, in every governed Region. AWS may take ten minutes.",
    example: "true",
    default: "",
};
static DEFAULT_VPC: Field = Field {
    name: "defaultVpc",
    shape: Shape::Text(&ABSENT),
    need: Need::Optional,
    doc: "That there shall be no default VPC in any governed Region: it goes with its subnets and its internet gateway. A \
          plan that takes one away asks by the gate `default-vpc-delete`, and one in which a network interface lives \
          stays and is told.",
    example: "absent",
    default: "",
};

static PASSWORD_SECTION: Section = Section {
    name: "passwordPolicy",
    doc: "What passwords of IAM users must be like. IAM replaces a policy as a whole: what is not stated here keeps what \
          it was.",
    fields: &[
        &MINIMUM_LENGTH,
        &SYMBOLS,
        &NUMBERS,
        &UPPERCASE,
        &LOWERCASE,
        &MAX_AGE,
        &REUSE_PREVENTION,
        &HARD_EXPIRY,
        &USERS_MAY_CHANGE,
    ],
};
static MINIMUM_LENGTH: Field = Field {
    name: "minimumLength",
    shape: Shape::Number { min: 6, max: 128 },
    need: Need::Optional,
    doc: "The fewest characters.",
    example: "14",
    default: "",
};
static SYMBOLS: Field = flag_field("symbols", "Whether a symbol is required.");
static NUMBERS: Field = flag_field("numbers", "Whether a digit is required.");
static UPPERCASE: Field = flag_field("uppercase", "Whether a capital letter is required.");
static LOWERCASE: Field = flag_field("lowercase", "Whether a small letter is required.");
static MAX_AGE: Field = Field {
    name: "maxAge",
    shape: Shape::Text(&PASSWORD_AGE),
    need: Need::Optional,
    doc: "After how many days a password expires.",
    example: "90d",
    default: "",
};
static REUSE_PREVENTION: Field = Field {
    name: "reusePrevention",
    shape: Shape::Number { min: 1, max: 24 },
    need: Need::Optional,
    doc: "How many former passwords cannot be used again.",
    example: "24",
    default: "",
};
static HARD_EXPIRY: Field = flag_field(
    "hardExpiry",
    "Whether somebody whose password expired needs an administrator to set another.",
);
static USERS_MAY_CHANGE: Field = flag_field("usersMayChange", "Whether users may change their own password.");

static EBS_SECTION: Section = Section {
    name: "ebsEncryption",
    doc: "New volumes are encrypted, by a key of one's own.",
    fields: &[&KEY],
};
static KEY: Field = Field {
    name: "key",
    shape: Shape::Text(&EBS_KEY),
    need: Need::Required,
    doc: "The key: `key/NAME` of `keys`, where it is in that account and Region; or an alias or ARN that is.",
    example: "alias/volumes",
    default: "",
};

static METADATA_SECTION: Section = Section {
    name: "instanceMetadata",
    doc: "Defaults for the metadata service of new instances. What is not stated keeps what it was; `no-preference` \
          leaves it to the image and to whoever launches the instance.",
    fields: &[&HTTP_TOKENS_FIELD, &HOP_LIMIT, &ENDPOINT, &TAGS],
};
static HTTP_TOKENS_FIELD: Field = Field {
    name: "httpTokens",
    shape: Shape::Text(&HTTP_TOKENS),
    need: Need::Optional,
    doc: "Whether instances tell nothing without a token: `required` is version 2 alone.",
    example: "required",
    default: "",
};
static HOP_LIMIT: Field = Field {
    name: "hopLimit",
    shape: Shape::Number { min: 1, max: 64 },
    need: Need::Optional,
    doc: "How many hops an answer may travel; containers need 2.",
    example: "2",
    default: "",
};
static ENDPOINT: Field = preference("endpoint", "Whether the service answers at all.", "enabled");
static TAGS: Field = preference("tags", "Whether it tells the tags of the instance.", "disabled");

const fn flag_field(name: &'static str, doc: &'static str) -> Field {
    Field { name, shape: Shape::Flag, need: Need::Optional, doc, example: "true", default: "" }
}

const fn preference(name: &'static str, doc: &'static str, example: &'static str) -> Field {
    Field { name, shape: Shape::Text(&PREFERENCE), need: Need::Optional, doc, example, default: "" }
}

/// Reads the section. The second are selectors of exceptions that are not whole.
pub(crate) fn read(items: &[Node], report: &mut Report) -> (Vec<AccountSettingsUse>, Vec<Spanned<Selector>>) {
    let mut loose = Vec::new();
    let mut one = |item: &Node| {
        let record = Record::of(item);
        let on = selectors(record, &ON, report);
        let span = on.first().map_or(item.span, |first| first.span);
        if !SETTINGS.iter().any(|field| record.entry(field).is_some()) {
            report.add(
                Diagnostic::new(code::SETTING_NOTHING, "an entry of `accountSettings` sets nothing")
                    .at(span, "")
                    .help("add a setting, or take the entry out"),
            );
        }
        AccountSettingsUse {
            span,
            on,
            except: exceptions(record, &EXCEPT, &mut loose, report),
            password_policy: record
                .entry(&PASSWORD_POLICY)
                .map(|entry| keyed(entry, password_policy(record))),
            ebs_encryption: ebs_encryption(record),
            s3_public_access_block: switch(record, &S3_BLOCK),
            instance_metadata: record
                .entry(&INSTANCE_METADATA)
                .map(|entry| keyed(entry, instance_metadata(record))),
            serial_console: switch(record, &SERIAL_CONSOLE),
            snapshot_block: record
                .text(&SNAPSHOTS)
                .and_then(|word| Some(Spanned::new(SnapshotBlock::from_word(word.value)?, word.span))),
            image_block: switch(record, &IMAGES),
            no_default_vpc: record.text(&DEFAULT_VPC).map(|word| word.span),
        }
    };
    let entries = items.iter().map(&mut one).collect();
    (entries, loose)
}

/// A flag with its place, where it is stated.
fn switch(record: Record<'_>, field: &Field) -> Option<Spanned<bool>> {
    record.entry(field).map(|entry| keyed(entry, record.flag(field)))
}

fn password_policy(record: Record<'_>) -> PasswordPolicy {
    let record = record.map(&PASSWORD_POLICY);
    let flag = |field: &Field| record.entry(field).map(|_| record.flag(field));
    let number = |field: &Field| record.number(field).and_then(|number| u32::try_from(number).ok());
    PasswordPolicy {
        minimum_length: number(&MINIMUM_LENGTH),
        symbols: flag(&SYMBOLS),
        numbers: flag(&NUMBERS),
        uppercase: flag(&UPPERCASE),
        lowercase: flag(&LOWERCASE),
        max_age: record.text(&MAX_AGE).and_then(|text| days(text.value)),
        reuse_prevention: number(&REUSE_PREVENTION),
        hard_expiry: flag(&HARD_EXPIRY),
        users_may_change: flag(&USERS_MAY_CHANGE),
    }
}

fn ebs_encryption(record: Record<'_>) -> Option<Spanned<EbsEncryption>> {
    let entry = record.entry(&EBS_ENCRYPTION)?;
    let wanted = match &entry.value.value {
        Value::Scalar(_) if record.flag(&EBS_ENCRYPTION) => EbsEncryption::On,
        Value::Scalar(_) => EbsEncryption::Off,
        Value::Map(_) | Value::List(_) | Value::Empty => {
            let text = Record::of(&entry.value).text(&KEY)?.value;
            EbsEncryption::By(match text.strip_prefix(NAMED_KEY) {
                Some(name) => EbsKey::Named(name.to_owned()),
                None => EbsKey::Text(text.to_owned()),
            })
        }
    };
    Some(keyed(entry, wanted))
}

fn instance_metadata(record: Record<'_>) -> InstanceMetadata {
    let record = record.map(&INSTANCE_METADATA);
    let preference = |field: &Field| record.text(field).and_then(|word| Preference::from_word(word.value));
    InstanceMetadata {
        http_tokens: record.text(&HTTP_TOKENS_FIELD).and_then(|word| HttpTokens::from_word(word.value)),
        hop_limit: record.number(&HOP_LIMIT).and_then(|number| u32::try_from(number).ok()),
        endpoint: preference(&ENDPOINT),
        tags: preference(&TAGS),
    }
}
