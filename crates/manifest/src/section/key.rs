//! `keys:`, the keys of AWS KMS that are not of a stack: those that protect logs.

use super::tags;
use crate::format::{
    ACCOUNT_NAME, KEY_ADMIN, KEY_DESCRIPTION, KEY_READER, KEY_SERVICE, READER_ACCOUNT, READER_ORGANIZATION,
    REGION, RETIREMENT, ROTATION, days,
};
use crate::manifest::{Key, KeyAdmin, KeyReader};
use crate::record::{Record, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::Entry;
use std::collections::BTreeMap;

/// Days between two rotations where the manifest does not say: AWS's own.
const USUAL_ROTATION: u32 = 365;

pub(crate) static SECTION: Section = Section {
    name: "key",
    doc: "A symmetric encryption key, in the account that owns it. Its policy is made of `admins`, `encryptFor` and \
          `decryptFor`; the administrators of its account can always change it, and without being named nobody \
          can decrypt. A key that leaves the manifest is forgotten, never deleted.",
    fields: &[
        &ACCOUNT,
        &REGIONS,
        &DESCRIPTION,
        &ADMINS,
        &ENCRYPT_FOR,
        &DECRYPT_FOR,
        &ROTATION_FIELD,
        &TAGS,
        &RETIRE,
    ],
};
static ACCOUNT: Field = Field {
    name: "account",
    shape: Shape::Text(&ACCOUNT_NAME),
    need: Need::Required,
    doc: "The account that owns it. It is entered by its access role.",
    example: "log-archive",
    default: "",
};
static REGIONS: Field = Field {
    name: "regions",
    shape: Shape::List(&Shape::Text(&REGION)),
    need: Need::Required,
    doc: "Where it is: governed regions. More than one makes it a multi-Region key, whose primary key is in the first \
          and replicas in the others; a key of one Region cannot become one.",
    example: "[eu-west-1]",
    default: "",
};
static DESCRIPTION: Field = Field {
    name: "description",
    shape: Shape::Text(&KEY_DESCRIPTION),
    need: Need::Optional,
    doc: "What it is for.",
    example: "Logs of the whole organization",
    default: "",
};
static ADMINS: Field = Field {
    name: "admins",
    shape: Shape::List(&Shape::Text(&KEY_ADMIN)),
    need: Need::Optional,
    doc: "Who administers it besides the administrators of its own account: roles of `roles` (`access`, `apply`, \
          `breakGlass`, `plan`) or ARNs of roles. They cannot decrypt.",
    example: "[apply]",
    default: "nobody else",
};
static ENCRYPT_FOR: Field = Field {
    name: "encryptFor",
    shape: Shape::List(&Shape::Text(&KEY_SERVICE)),
    need: Need::Optional,
    doc: "Services that work with it, under the conditions that AWS recommends against confused deputies.",
    example: "[cloudtrail, config, logs]",
    default: "none",
};
static DECRYPT_FOR: Field = Field {
    name: "decryptFor",
    shape: Shape::List(&Shape::Text(&KEY_READER)),
    need: Need::Optional,
    doc: "Who may decrypt, as far as their own policies let them: `account/NAME`, `organization` (every account of it), \
          or the ARN of a role.",
    example: "[account/security]",
    default: "nobody",
};
static ROTATION_FIELD: Field = Field {
    name: "rotation",
    shape: Shape::Text(&ROTATION),
    need: Need::Optional,
    doc: "How often its material is rotated.",
    example: "365d",
    default: "`365d`",
};
static TAGS: Field = tags("Its tags.", "");
static RETIRE: Field = Field {
    name: "retire",
    shape: Shape::Section(&RETIRE_SECTION),
    need: Need::Optional,
    doc: "Whether it is to be deleted, and after how long. Nothing that it encrypted can be read after that. Until then, \
          taking the line out takes the deletion back.",
    example: "{after: 30d}",
    default: "it stays",
};

static RETIRE_SECTION: Section = Section { name: "retire", doc: "The end of a key.", fields: &[&AFTER] };
static AFTER: Field = Field {
    name: "after",
    shape: Shape::Text(&RETIREMENT),
    need: Need::Required,
    doc: "How long it waits for somebody to notice.",
    example: "30d",
    default: "",
};

/// Every key that says where it is.
pub(crate) fn read(entries: &[Entry]) -> BTreeMap<String, Key> {
    entries.iter().filter_map(|entry| Some((entry.key.value.to_string(), key(entry)?))).collect()
}

fn key(entry: &Entry) -> Option<Key> {
    let record = Record::of(&entry.value);
    let period = |record: Record<'_>, field: &Field| {
        let text = record.text(field)?;
        Some(Spanned::new(days(text.value)?, text.span))
    };
    Some(Key {
        span: entry.key.span,
        account: owned(record.text(&ACCOUNT)?),
        regions: record.texts(&REGIONS).into_iter().map(owned).collect(),
        listed: record.entry(&REGIONS).map_or(entry.key.span, |entry| entry.key.span),
        description: record.text(&DESCRIPTION).map(|text| text.value.to_owned()).unwrap_or_default(),
        admins: record.texts(&ADMINS).into_iter().map(admin).collect(),
        encrypt_for: record.texts(&ENCRYPT_FOR).into_iter().map(owned).collect(),
        decrypt_for: record.texts(&DECRYPT_FOR).into_iter().map(reader).collect(),
        rotation: period(record, &ROTATION_FIELD).map_or(USUAL_ROTATION, |days| days.value),
        tags: record.text_map(&TAGS),
        retire: record.entry(&RETIRE).and_then(|entry| period(Record::of(&entry.value), &AFTER)),
    })
}

fn admin(text: Spanned<&str>) -> Spanned<KeyAdmin> {
    let admin = match text.value {
        "access" => KeyAdmin::Access,
        "apply" => KeyAdmin::Apply,
        "breakGlass" => KeyAdmin::BreakGlass,
        "plan" => KeyAdmin::Plan,
        arn => KeyAdmin::Role(arn.to_owned()),
    };
    Spanned::new(admin, text.span)
}

fn reader(text: Spanned<&str>) -> Spanned<KeyReader> {
    let reader = match (text.value, text.value.strip_prefix(READER_ACCOUNT)) {
        (_, Some(name)) => KeyReader::Account(name.to_owned()),
        (READER_ORGANIZATION, None) => KeyReader::Organization,
        (arn, None) => KeyReader::Role(arn.to_owned()),
    };
    Spanned::new(reader, text.span)
}
