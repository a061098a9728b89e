//! The `identity:` section: permission sets, who has them where, and the directory.

use crate::span::{FileId, Span, Spanned};
use glidepath_model::identity_center::CustomerPolicy;
use glidepath_model::{Date, Principal, Selector, Tags};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The `identity:` section.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Where its key stands.
    pub span: Span,
    /// The Region in which IAM Identity Center is enabled, where it is not the home Region.
    pub region: Option<Spanned<String>>,
    /// The member account that administers it beside the management account.
    pub admin: Option<Spanned<String>>,
    /// Whose the directory is.
    pub directory: Directory,
    /// Permission sets, by name.
    pub permission_sets: BTreeMap<String, PermissionSet>,
    /// Who has which permission set where, in the order of the text.
    pub assignments: Vec<AssignmentLine>,
    /// Attributes for access control, by name, each with where its value comes from; none where nothing is said of
    /// them.
    pub attributes: Option<BTreeMap<String, String>>,
}

/// Whose the directory is.
#[derive(Debug, Clone, PartialEq)]
pub enum Directory {
    /// An identity provider fills it: names are looked up.
    External,
    /// This manifest does.
    Managed {
        /// Groups, by name.
        groups: BTreeMap<String, Group>,
        /// Users, by user name.
        users: BTreeMap<String, User>,
    },
}

/// A group of a managed directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// It shall be there.
    Present {
        /// Where its key stands.
        span: Span,
        /// Its description; empty if nothing is said.
        description: String,
        /// Its users; none where nothing is said of them.
        members: Option<Vec<Spanned<String>>>,
    },
    /// It shall not be there (`absent: true`).
    Absent {
        /// Where its key stands.
        span: Span,
    },
}

/// A user of a managed directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum User {
    /// The user shall be there.
    Present {
        /// Where the key stands.
        span: Span,
        /// The given name.
        given: String,
        /// The family name.
        family: String,
        /// The name as it is shown.
        display: String,
        /// The e-mail address; empty if nothing is said.
        email: String,
    },
    /// The user shall not be there (`absent: true`).
    Absent {
        /// Where the key stands.
        span: Span,
    },
}

/// A permission set.
#[derive(Debug, Clone, PartialEq)]
pub struct PermissionSet {
    /// Where its key stands.
    pub span: Span,
    /// The name it had before. AWS cannot rename one: another takes its place.
    pub was: Option<Spanned<String>>,
    /// Its description; empty if nothing is said.
    pub description: String,
    /// AWS's own policies in it, by name with path.
    pub managed: Vec<Spanned<String>>,
    /// Policies of each account in it.
    pub customer: Vec<Spanned<CustomerPolicy>>,
    /// Its inline policy.
    pub inline: Option<InlinePolicy>,
    /// Its boundary.
    pub boundary: Option<PolicyBoundary>,
    /// How long a session lasts, in seconds.
    pub session: u32,
    /// Where a session begins; empty for the console's start page.
    pub relay_state: String,
    /// Whether those who have it respond to incidents.
    pub responder: bool,
    /// Its tags.
    pub tags: Tags,
}

/// An inline policy and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct InlinePolicy {
    /// The document; its place is that of its key or of the file's name.
    pub document: Spanned<Value>,
    /// The file among the sources that it stands in; none if it stands in the manifest.
    pub file: Option<FileId>,
}

/// A boundary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyBoundary {
    /// One of AWS's own policies, by name with path.
    Managed(String),
    /// A policy of each account.
    Customer(CustomerPolicy),
}

/// A line of `assignments:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentLine {
    /// Where it begins.
    pub span: Span,
    /// Who.
    pub principal: Spanned<Principal>,
    /// Which permission set.
    pub permission_set: Spanned<String>,
    /// Where: every member account that these reach, and the management account only by its name. None at all takes
    /// the access away.
    pub on: Vec<Spanned<Selector>>,
    /// Where not.
    pub except: Vec<Spanned<Selector>>,
    /// The last day on which it holds.
    pub until: Option<Spanned<Date>>,
}

impl Identity {
    /// The groups and users that the manifest names anywhere.
    #[must_use]
    pub fn principals(&self) -> BTreeSet<Principal> {
        let assigned = self.assignments.iter().map(|line| line.principal.value.clone());
        let directory: Vec<Principal> = match &self.directory {
            Directory::External => Vec::new(),
            Directory::Managed { groups, users } => {
                let groups = groups.keys().map(|name| Principal::Group(name.clone()));
                groups.chain(users.keys().map(|name| Principal::User(name.clone()))).collect()
            }
        };
        assigned.chain(directory).collect()
    }
}
