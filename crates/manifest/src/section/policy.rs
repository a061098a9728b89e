//! `policies:` and `resourcePolicy:`, the only homes of raw policy documents.

use super::tags;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Documents;
use crate::format::{DESCRIPTION, FILE_PATH, POLICY_TYPE, SELECTOR};
use crate::manifest::{Policy, PolicyBody, ResourcePolicy};
use crate::record::{Record, keyed};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::{FileId, Span, Spanned};
use crate::yaml::Entry;
use glidepath_model::{PolicyType, Selector};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

pub(crate) static SECTION: Section = Section {
    name: "policy",
    doc: "An organization policy: one of your own from `file` or `document`, or one of AWS's (`awsManaged: true`). \
          Own policies belong to the manifest and so do their attachments; AWS's are additive.",
    fields: &[&TYPE, &DESCRIPTION_FIELD, &FILE, &DOCUMENT, &AWS_MANAGED, &ON, &ABSENT, &TAGS],
};
static TYPE: Field = Field {
    name: "type",
    shape: Shape::Text(&POLICY_TYPE),
    need: Need::Required,
    doc: "Its type.",
    example: "scp",
    default: "",
};
static DESCRIPTION_FIELD: Field = Field {
    name: "description",
    shape: Shape::Text(&DESCRIPTION),
    need: Need::Optional,
    doc: "What it is for.",
    example: "Nobody buys on the Marketplace",
    default: "",
};
static FILE: Field = Field {
    name: "file",
    shape: Shape::Text(&FILE_PATH),
    need: Need::Optional,
    doc: "The file with its document, JSON or (`.yaml`, `.yml`) YAML, within the manifest's folder.",
    example: "policies/no-marketplace.json",
    default: "",
};
static DOCUMENT: Field = Field {
    name: "document",
    shape: Shape::Document,
    need: Need::Optional,
    doc: "The document itself, as YAML.",
    example: "{Version: \"2012-10-17\", Statement: […]}",
    default: "",
};
static AWS_MANAGED: Field = Field {
    name: "awsManaged",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether it is AWS's own policy of this name, such as `FullAWSAccess`.",
    example: "true",
    default: "`false`",
};
static ON: Field = Field {
    name: "on",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Optional,
    doc: "What it is attached to: a unit path or `/` (that unit or the root itself, from where it reaches all below), \
          `account/NAME`, or `tag:key=value` (each account with that tag).",
    example: "[Workloads, account/shop-dev]",
    default: "attached to nothing",
};
static ABSENT: Field = Field {
    name: "absent",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Optional,
    doc: "What AWS's policy must not be attached to. Only with `awsManaged`.",
    example: "[Sandbox]",
    default: "",
};
static TAGS: Field = tags("Its tags.", "");

pub(crate) static RESOURCE_POLICY: Section = Section {
    name: "resourcePolicy",
    doc: "The organization's delegation policy: which member accounts may manage what of the organization.",
    fields: &[&RESOURCE_FILE, &RESOURCE_DOCUMENT, &RESOURCE_TAGS, &RESOURCE_ABSENT],
};
static RESOURCE_FILE: Field = Field {
    name: "file",
    shape: Shape::Text(&FILE_PATH),
    need: Need::Optional,
    doc: "The file with its document.",
    example: "policies/delegation.json",
    default: "",
};
static RESOURCE_DOCUMENT: Field = Field {
    name: "document",
    shape: Shape::Document,
    need: Need::Optional,
    doc: "The document itself, as YAML.",
    example: "{Version: \"2012-10-17\", Statement: […]}",
    default: "",
};
static RESOURCE_TAGS: Field = tags("Its tags.", "");
static RESOURCE_ABSENT: Field = Field {
    name: "absent",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether there shall be none.",
    example: "true",
    default: "`false`",
};

/// Where a document comes from, as the keys say.
enum Origin<'t> {
    File(&'t Entry),
    Document(&'t Entry),
    Other,
}

/// Every policy that has a type, and what of the others can still be checked.
pub(crate) struct PoliciesDraft {
    pub(crate) by_name: BTreeMap<String, Policy>,
    /// The selectors of policies whose type is missing or wrong.
    pub(crate) untyped: Vec<Spanned<Selector>>,
}

/// Reads all policies.
pub(crate) fn read(entries: &[Entry], documents: &mut Documents<'_>, report: &mut Report) -> PoliciesDraft {
    let mut policies = PoliciesDraft { by_name: BTreeMap::new(), untyped: Vec::new() };
    for entry in entries {
        let record = Record::of(&entry.value);
        let body = read_body(entry, record, documents, report);
        let (on, absent) = (selectors(record, &ON, report), selectors(record, &ABSENT, report));
        match record.parsed(&TYPE, PolicyType::from_key) {
            Some(ty) => {
                let policy = Policy { span: entry.key.span, ty: ty.value, body, on, absent };
                policies.by_name.insert(entry.key.value.to_string(), policy);
            }
            None => policies.untyped.extend(on.into_iter().chain(absent)),
        }
    }
    policies
}

fn read_body(
    entry: &Entry,
    record: Record<'_>,
    documents: &mut Documents<'_>,
    report: &mut Report,
) -> PolicyBody {
    let aws_managed = record.flag(&AWS_MANAGED);
    let origin = origin(entry, aws_managed.then_some(&AWS_MANAGED), (&FILE, &DOCUMENT), report);
    if aws_managed {
        refuse_own_keys(entry, record, report);
        return PolicyBody::AwsManaged;
    }
    if let Some(absent) = record.entry(&ABSENT) {
        report.add(absent_without_aws_managed(absent));
    }
    let description = record.text(&DESCRIPTION_FIELD).map(|text| text.value.to_owned()).unwrap_or_default();
    let (document, file) = read_document(entry, origin, (&FILE, record), documents, report);
    PolicyBody::Own { description, document, file, tags: record.text_map(&TAGS) }
}

/// Reads the resource policy.
pub(crate) fn read_resource_policy(
    entry: &Entry,
    documents: &mut Documents<'_>,
    report: &mut Report,
) -> Spanned<ResourcePolicy> {
    let record = Record::of(&entry.value);
    let absent = record.flag(&RESOURCE_ABSENT);
    let fields = (&RESOURCE_FILE, &RESOURCE_DOCUMENT);
    let origin = origin(entry, absent.then_some(&RESOURCE_ABSENT), fields, report);
    if absent {
        return keyed(entry, ResourcePolicy::Absent);
    }
    let (document, _) = read_document(entry, origin, (&RESOURCE_FILE, record), documents, report);
    let document = document.value;
    keyed(entry, ResourcePolicy::Document { document, tags: record.text_map(&RESOURCE_TAGS) })
}

/// Which of the three ways is taken; a complaint unless it is exactly one.
fn origin<'t>(
    entry: &'t Entry,
    other: Option<&Field>,
    (file, document): (&Field, &Field),
    report: &mut Report,
) -> Origin<'t> {
    let record = Record::of(&entry.value);
    let (file_entry, document_entry) = (record.entry(file), record.entry(document));
    let other_entry = other.and_then(|field| record.entry(field));
    let given: Vec<&Entry> = [file_entry, document_entry, other_entry].into_iter().flatten().collect();
    let third = if std::ptr::eq(file, &FILE) { &AWS_MANAGED } else { &RESOURCE_ABSENT };
    if let [first, second, ..] = given.as_slice() {
        report.add(
            Diagnostic::new(
                code::CONTRADICTION,
                format!("`{}` has both `{}` and `{}`", entry.key.value, first.key.value, second.key.value),
            )
            .at(second.key.span, "the one or the other")
            .at(first.key.span, "given here")
            .help(format!("keep exactly one of `file`, `document` and `{}: true`", third.name)),
        );
    }
    if given.is_empty() {
        report.add(
            Diagnostic::new(code::CONTRADICTION, format!("`{}` says nothing", entry.key.value))
                .at(entry.key.span, "no document")
                .help(format!("give exactly one of `file`, `document` and `{}: true`", third.name)),
        );
    }
    match (file_entry, document_entry) {
        (Some(file), _) => Origin::File(file),
        (None, Some(document)) => Origin::Document(document),
        (None, None) => Origin::Other,
    }
}

/// The document, `null` where a complaint stands, and the file that it stands in, if that is not the manifest.
fn read_document(
    entry: &Entry,
    origin: Origin<'_>,
    (file_field, record): (&Field, Record<'_>),
    documents: &mut Documents<'_>,
    report: &mut Report,
) -> (Spanned<Value>, Option<FileId>) {
    match origin {
        Origin::File(named) => {
            let read = record.text(file_field).and_then(|path| documents.read(path, report));
            let (file, value) = read.map_or((None, Value::Null), |(file, value)| (Some(file), value));
            (Spanned::new(value, named.value.place(named.key.span)), file)
        }
        Origin::Document(document) => (keyed(document, documents.inline(document, report)), None),
        Origin::Other => (keyed(entry, Value::Null), None),
    }
}

fn refuse_own_keys(entry: &Entry, record: Record<'_>, report: &mut Report) {
    for field in [&DESCRIPTION_FIELD, &TAGS] {
        if let Some(found) = record.entry(field) {
            report.add(
                Diagnostic::new(
                    code::CONTRADICTION,
                    format!("`{}` is AWS's own policy and takes no `{}`", entry.key.value, field.name),
                )
                .at(found.key.span, "")
                .help("AWS's policies cannot be changed; only `on` and `absent` say something of them"),
            );
        }
    }
}

fn absent_without_aws_managed(absent: &Entry) -> Diagnostic {
    Diagnostic::new(code::ABSENT_OWN, "`absent` is only for AWS's own policies")
        .at(absent.key.span, "")
        .help("take it out: a policy of your own is detached from whatever `on` does not name")
}

/// The selectors of a list, each once.
pub(crate) fn selectors(record: Record<'_>, field: &Field, report: &mut Report) -> Vec<Spanned<Selector>> {
    let mut selectors: Vec<Spanned<Selector>> = Vec::new();
    let mut known: HashMap<Selector, Span> = HashMap::new();
    for text in record.texts(field) {
        let Ok(selector) = Selector::parse(text.value) else { continue };
        if let Some(first) = known.get(&selector) {
            report.add(
                Diagnostic::new(code::REPEATED_ITEM, format!("`{}` is listed twice", text.value))
                    .at(text.span, "listed again here")
                    .at(*first, "first listed here")
                    .help("delete one"),
            );
            continue;
        }
        known.insert(selector.clone(), text.span);
        selectors.push(Spanned::new(selector, text.span));
    }
    selectors
}
