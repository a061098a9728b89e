//! `logging:`, the log archive, what it keeps and for how long.

use super::policy::selectors;
use crate::diagnostic::Report;
use crate::format::{
    ACCOUNT_NAME, BUCKET_PREFIX, KEY_NAME, LOCK_MODE, LOG_DAYS, LOG_SOURCE, SELECTOR, log_days, log_source,
};
use crate::manifest::{LockMode, Logging, ObjectLock, Retention};
use crate::record::{Record, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::Entry;

pub(crate) static SECTION: Section = Section {
    name: "logging",
    doc: "Central logging: one account keeps the logs of all others in buckets of its own, one for each source, that \
          nobody outside the organization and no plain HTTP reaches. What this section says becomes the blueprints \
          `log-archive`, `cloudtrail-org-trail`, `config-recorder`, `config-aggregator`, `access-log-buckets` and \
          `athena-log-analytics`; one that stands under `blueprints` by the same name takes its place.",
    fields: &[&ARCHIVE, &SOURCES, &ON, &RETENTION, &LOCK, &KEY, &PREFIX, &AGGREGATOR, &QUERIES],
};
static ARCHIVE: Field = Field {
    name: "archive",
    shape: Shape::Text(&ACCOUNT_NAME),
    need: Need::Required,
    doc: "The account that keeps the logs.",
    example: "log-archive",
    default: "",
};
static SOURCES: Field = Field {
    name: "sources",
    shape: Shape::List(&Shape::Text(&LOG_SOURCE)),
    need: Need::Required,
    doc: "What is kept. `organizationTrail` and `config` are recorded for every account; `s3Access` and `elb` get a bucket \
          in every account and Region, since AWS delivers them nowhere else. `vpcFlowLogs`, `resolverQueries` and `waf` \
          get their bucket here and are sent by the blueprints `vpc-flow-logs`, `dns-resolver` and `waf-baseline`, which \
          have to be told where there are networks and web ACLs.",
    example: "[organizationTrail, config, s3Access]",
    default: "",
};
static ON: Field = Field {
    name: "on",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Optional,
    doc: "The accounts that are recorded and get buckets for access logs. The organization trail holds for all of them in \
          any case.",
    example: "[Workloads]",
    default: "all member accounts, and the management account",
};
static RETENTION: Field = Field {
    name: "retention",
    shape: Shape::Section(&RETENTION_SECTION),
    need: Need::Optional,
    doc: "For how long logs are kept.",
    example: "{archiveAfter: 90d, deleteAfter: 2555d}",
    default: "90 days at hand, deleted after seven years",
};
static LOCK: Field = Field {
    name: "lock",
    shape: Shape::Section(&LOCK_SECTION),
    need: Need::Optional,
    doc: "Object Lock on the buckets whose sources can write to locked ones.",
    example: "{mode: governance, days: 365d}",
    default: "none",
};
static KEY: Field = Field {
    name: "key",
    shape: Shape::Text(&KEY_NAME),
    need: Need::Optional,
    doc: "The key of `keys` that the logs are encrypted with, in the home Region, where the buckets are. Load balancers \
          and access logs of S3 can use none; their buckets keep the encryption of S3.",
    example: "log-archive",
    default: "S3's own encryption",
};
static PREFIX: Field = Field {
    name: "prefix",
    shape: Shape::Text(&BUCKET_PREFIX),
    need: Need::Optional,
    doc: "How the names of the buckets begin; the source and the organization\'s id follow.",
    example: "acme",
    default: "`glidepath`",
};
static AGGREGATOR: Field = Field {
    name: "aggregator",
    shape: Shape::Text(&ACCOUNT_NAME),
    need: Need::Optional,
    doc: "The account in which all that AWS Config records is gathered.",
    example: "security",
    default: "the account `security`, if there is one",
};
static QUERIES: Field = Field {
    name: "queries",
    shape: Shape::Flag,
    need: Need::Optional,
    doc: "Whether the archive gets an Athena workgroup with tables and named queries over the logs.",
    example: "true",
    default: "`true`, where `organizationTrail` is a source",
};

static RETENTION_SECTION: Section = Section {
    name: "retention",
    doc: "For how long logs are kept.",
    fields: &[&ARCHIVE_AFTER, &DELETE_AFTER],
};
static ARCHIVE_AFTER: Field = Field {
    name: "archiveAfter",
    shape: Shape::Text(&LOG_DAYS),
    need: Need::Optional,
    doc: "After how many days logs move to a cheaper class of storage.",
    example: "90d",
    default: "90 days",
};
static DELETE_AFTER: Field = Field {
    name: "deleteAfter",
    shape: Shape::Text(&LOG_DAYS),
    need: Need::Optional,
    doc: "After how many days logs are deleted.",
    example: "2555d",
    default: "2555 days",
};

static LOCK_SECTION: Section = Section {
    name: "lock",
    doc: "Object Lock: what is written cannot be deleted or overwritten for a time.",
    fields: &[&MODE, &DAYS],
};
static MODE: Field = Field {
    name: "mode",
    shape: Shape::Text(&LOCK_MODE),
    need: Need::Required,
    doc: "`governance` can be lifted by who may; `compliance` by nobody at all, AWS included, and asks for a consent of its \
          own.",
    example: "governance",
    default: "",
};
static DAYS: Field = Field {
    name: "days",
    shape: Shape::Text(&LOG_DAYS),
    need: Need::Required,
    doc: "For how many days.",
    example: "365d",
    default: "",
};

/// Reads the section; none where it does not say enough, which has been complained of.
pub(crate) fn read(entry: &Entry, report: &mut Report) -> Option<Logging> {
    let record = Record::of(&entry.value);
    let days = |record: Record<'_>, field: &Field| record.text(field).and_then(|text| log_days(text.value));
    let default = Retention::default();
    let retention = record.map(&RETENTION);
    let lock = record.map(&LOCK);
    let mode = lock.text(&MODE).map(|word| match word.value {
        "compliance" => LockMode::Compliance,
        _ => LockMode::Governance,
    });
    Some(Logging {
        span: entry.key.span,
        archive: owned(record.text(&ARCHIVE)?),
        sources: record
            .texts(&SOURCES)
            .into_iter()
            .filter_map(|text| Some(Spanned::new(log_source(text.value)?, text.span)))
            .collect(),
        on: selectors(record, &ON, report),
        retention: Retention {
            archive_after: days(retention, &ARCHIVE_AFTER).unwrap_or(default.archive_after),
            delete_after: days(retention, &DELETE_AFTER).unwrap_or(default.delete_after),
        },
        lock: mode.and_then(|mode| Some(ObjectLock { mode, days: days(lock, &DAYS)? })),
        key: record.text(&KEY).map(owned),
        prefix: record.text(&PREFIX).map(owned),
        aggregator: record.text(&AGGREGATOR).map(owned),
        queries: record.entry(&QUERIES).is_none() || record.flag(&QUERIES),
    })
}
