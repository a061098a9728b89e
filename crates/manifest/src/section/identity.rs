//! `identity:`, who may sign in where, and what they may do there.

mod directory;
mod permission_set;

use super::policy::selectors;
use crate::code;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Documents;
use crate::format::{
    ACCOUNT_NAME, ATTRIBUTE, ATTRIBUTE_SOURCE, DAY, DIRECTORY, GROUP_NAME, PERMISSION_SET_NAME, REGION,
    SELECTOR, USER_NAME, day,
};
use crate::manifest::{AssignmentLine, Identity};
use crate::record::{Record, owned};
use crate::shape::{Field, Need, Section, Shape};
use crate::span::Spanned;
use crate::yaml::{Entry, Node};
use glidepath_model::{Principal, Selector};

pub(crate) static SECTION: Section = Section {
    name: "identity",
    doc: "IAM Identity Center: permission sets, and who has them in which accounts. The instance itself is enabled by \
          hand, once, in the management account: AWS offers no call for it.",
    fields: &[
        &PERMISSION_SETS,
        &ASSIGNMENTS,
        &DIRECTORY_FIELD,
        &directory::GROUPS,
        &directory::USERS,
        &ATTRIBUTES,
        &ADMIN,
        &REGION_FIELD,
    ],
};
static PERMISSION_SETS: Field = Field {
    name: "permissionSets",
    shape: Shape::Map { keys: &PERMISSION_SET_NAME, values: &Shape::Section(&permission_set::SECTION) },
    need: Need::Optional,
    doc: "Permission sets, by name. One that leaves the manifest is deleted, and everybody loses it.",
    example: "{Admin: {managed: [AdministratorAccess], session: 4h}}",
    default: "",
};
static ASSIGNMENTS: Field = Field {
    name: "assignments",
    shape: Shape::List(&Shape::Section(&ASSIGNMENT)),
    need: Need::Optional,
    doc: "Who has which permission set where. Lines about the same principal and permission set add up.",
    example: "[{group: platform, permissionSet: Admin, on: [Workloads]}]",
    default: "",
};
static DIRECTORY_FIELD: Field = Field {
    name: "directory",
    shape: Shape::Text(&DIRECTORY),
    need: Need::Optional,
    doc: "Whose the directory is: `external` where an identity provider fills it, so that groups and users are only \
          looked up; `managed` where `groups` and `users` here say who is in it.",
    example: "managed",
    default: "`external`",
};
static ATTRIBUTES: Field = Field {
    name: "attributes",
    shape: Shape::Map { keys: &ATTRIBUTE, values: &Shape::Text(&ATTRIBUTE_SOURCE) },
    need: Need::Optional,
    doc: "Attributes for access control, by name: each comes to sessions as a tag with the value that the directory has \
          there. Left out, they are left as they are.",
    example: "{CostCenter: \"${path:enterprise.costCenter}\"}",
    default: "",
};
static ADMIN: Field = Field {
    name: "admin",
    shape: Shape::Text(&ACCOUNT_NAME),
    need: Need::Optional,
    doc: "The member account that administers IAM Identity Center beside the management account. The same as naming it \
          for `sso.amazonaws.com` under `delegatedAdministrators`.",
    example: "identity",
    default: "left as it is",
};
static REGION_FIELD: Field = Field {
    name: "region",
    shape: Shape::Text(&REGION),
    need: Need::Optional,
    doc: "The Region in which IAM Identity Center is enabled.",
    example: "eu-west-1",
    default: "`organization.home`",
};

static ASSIGNMENT: Section = Section {
    name: "assignment",
    doc: "A group or a user, a permission set, and where.",
    fields: &[&GROUP, &USER, &PERMISSION_SET, &ON, &EXCEPT, &UNTIL],
};
static GROUP: Field = Field {
    name: "group",
    shape: Shape::Text(&GROUP_NAME),
    need: Need::Optional,
    doc: "The group, by its name in the directory. Either this or `user`.",
    example: "platform",
    default: "",
};
static USER: Field = Field {
    name: "user",
    shape: Shape::Text(&USER_NAME),
    need: Need::Optional,
    doc: "The user, by the user name. Either this or `group`.",
    example: "anna@example.com",
    default: "",
};
static PERMISSION_SET: Field = Field {
    name: "permissionSet",
    shape: Shape::Text(&PERMISSION_SET_NAME),
    need: Need::Required,
    doc: "A permission set of `permissionSets`.",
    example: "Admin",
    default: "",
};
static ON: Field = Field {
    name: "on",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Required,
    doc: "Where: every member account of a unit path or of `/`, `account/NAME`, or each account with a tag. The \
          management account must be named. An empty list takes the access away everywhere.",
    example: "[Workloads, account/shop-dev]",
    default: "",
};
static EXCEPT: Field = Field {
    name: "except",
    shape: Shape::List(&Shape::Text(&SELECTOR)),
    need: Need::Optional,
    doc: "Where not, of all that `on` reaches.",
    example: "[account/payments-prod]",
    default: "",
};
static UNTIL: Field = Field {
    name: "until",
    shape: Shape::Text(&DAY),
    need: Need::Optional,
    doc: "The last day on which it holds. From the next day on a plan takes the access away, and `drift` says that it is \
          overdue.",
    example: "2027-03-31",
    default: "it holds until the line goes",
};

/// Reads the section.
pub(crate) fn read(entry: &Entry, documents: &mut Documents<'_>, report: &mut Report) -> Identity {
    let record = Record::of(&entry.value);
    Identity {
        span: entry.key.span,
        region: record.text(&REGION_FIELD).map(owned),
        admin: record.text(&ADMIN).map(owned),
        directory: directory::read(record, &DIRECTORY_FIELD, report),
        permission_sets: permission_set::read(record.entries(&PERMISSION_SETS), documents, report),
        assignments: record
            .items(&ASSIGNMENTS)
            .iter()
            .filter_map(|item| assignment(item, entry, report))
            .collect(),
        attributes: record.entry(&ATTRIBUTES).map(|_| record.text_map(&ATTRIBUTES)),
    }
}

fn assignment(item: &Node, around: &Entry, report: &mut Report) -> Option<AssignmentLine> {
    let record = Record::of(item);
    let span = item.place(around.key.span);
    let group =
        record.text(&GROUP).map(|name| Spanned::new(Principal::Group(name.value.to_owned()), name.span));
    let user = record.text(&USER).map(|name| Spanned::new(Principal::User(name.value.to_owned()), name.span));
    let (on, except) = (selectors(record, &ON, report), selectors(record, &EXCEPT, report));
    let stated = (record.entry(&GROUP), record.entry(&USER));
    match stated {
        (Some(group), Some(user)) => report.add(
            Diagnostic::new(code::CONTRADICTION, "an assignment is a group's or a user's, not both")
                .at(user.key.span, "the one or the other")
                .at(group.key.span, "given here")
                .help("write two lines"),
        ),
        (None, None) => report.add(
            Diagnostic::new(code::CONTRADICTION, "an assignment says whose it is")
                .at(span, "neither `group` nor `user`")
                .help("add `group: NAME` or `user: NAME`"),
        ),
        (Some(_), None) | (None, Some(_)) => {}
    }
    Some(AssignmentLine {
        span,
        principal: group.or(user)?,
        permission_set: record.text(&PERMISSION_SET).map(owned)?,
        on,
        except,
        until: record.parsed(&UNTIL, |text| day(text).ok_or(())),
    })
}

/// Every selector of the section's assignments.
pub(crate) fn named(identity: &Identity) -> impl Iterator<Item = &Spanned<Selector>> {
    identity.assignments.iter().flat_map(|line| line.on.iter().chain(&line.except))
}
