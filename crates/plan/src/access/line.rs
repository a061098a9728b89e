//! The levels from the root to an account with the documents attached to each.

use crate::shape::{Shape, is_full_access};
use glidepath_iam::difference::DocumentLevel;
use glidepath_iam::document::{self, Document};
use glidepath_iam::evaluate::Level;
use glidepath_iam::statement::Policy;
use glidepath_model::{PolicyType, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Every policy of one type as a document that was read once.
#[derive(Debug)]
pub struct Library {
    documents: BTreeMap<String, Option<Document>>,
    ready: BTreeMap<String, Policy>,
}

impl Library {
    /// Reads the policies of a type.
    #[must_use]
    pub fn new(shape: &Shape, ty: PolicyType) -> Self {
        let of_type = shape.policies.iter().filter(|((other, _), _)| *other == ty);
        let documents: BTreeMap<String, Option<Document>> =
            of_type.map(|((_, name), value)| (name.clone(), read(value))).collect();
        let ready = documents
            .iter()
            .filter_map(|(name, document)| Some((name.clone(), Policy::new(name, document.as_ref()?))))
            .collect();
        Self { documents, ready }
    }

    fn document(&self, name: &str) -> Option<&Document> {
        self.documents.get(name).and_then(Option::as_ref)
    }
}

fn read(value: &Value) -> Option<Document> {
    document::parse(&value.to_string()).ok()
}

/// The lines of one policy type through one shape of the tree.
#[derive(Debug)]
pub struct Lines<'a> {
    shape: &'a Shape,
    ty: PolicyType,
    library: Library,
}

impl<'a> Lines<'a> {
    /// The lines of a type.
    #[must_use]
    pub fn new(shape: &'a Shape, ty: PolicyType) -> Self {
        Self { shape, ty, library: Library::new(shape, ty) }
    }

    /// Whether the type is in force; if not, it restricts nothing.
    #[must_use]
    pub fn in_force(&self) -> bool {
        self.shape.policy_types.contains(&self.ty)
    }

    /// The names attached to each level above an account, from the root down.
    #[must_use]
    pub fn names(&self, account: &str) -> Vec<Vec<String>> {
        if !self.in_force() {
            return Vec::new();
        }
        self.shape.line(account).iter().map(|target| self.attached(target)).collect()
    }

    /// The documents of each level above an account: what two lines are compared by.
    #[must_use]
    pub fn documents(&self, account: &str) -> Vec<Vec<&Value>> {
        let document = |name: &String| self.shape.policies.get(&(self.ty, name.clone()));
        self.names(account).iter().map(|names| names.iter().filter_map(document).collect()).collect()
    }

    /// The levels for comparing.
    ///
    /// # Errors
    /// The name of a policy that is no policy document, or was not read.
    pub fn levels(&self, account: &str) -> Result<Vec<DocumentLevel>, String> {
        let mut levels = Vec::new();
        if !self.in_force() {
            return Ok(levels);
        }
        for target in self.shape.line(account) {
            let mut documents = Vec::new();
            for name in self.attached(&target) {
                let document = self.library.document(&name).ok_or_else(|| name.clone())?;
                documents.push((name, document.clone()));
            }
            levels.push(DocumentLevel { name: target.to_string(), documents });
        }
        Ok(levels)
    }

    /// The levels for evaluating, none where the type is not in force; and the names of policies that are
    /// left out since they are no policy documents, or were not read.
    #[must_use]
    pub fn ready(&self, targets: &[Target]) -> (Option<Vec<Level>>, BTreeSet<String>) {
        let mut unread = BTreeSet::new();
        if !self.in_force() {
            return (None, unread);
        }
        let mut levels = Vec::new();
        for target in targets {
            let mut policies = Vec::new();
            for name in self.attached(target) {
                match self.library.ready.get(&name) {
                    Some(policy) => policies.push(policy.clone()),
                    None => {
                        unread.insert(name);
                    }
                }
            }
            levels.push(Level { name: target.to_string(), policies });
        }
        (Some(levels), unread)
    }

    /// The policies attached to a target. RCPs always leave AWS's own in place.
    fn attached(&self, target: &Target) -> Vec<String> {
        let mut names: Vec<String> = self.shape.attached_to(target, self.ty).map(str::to_owned).collect();
        if let Some(full) = self.ty.full_access_policy()
            && !full.detachable
            && !names.iter().any(|name| is_full_access(self.ty, name))
        {
            names.push(full.name.to_owned());
        }
        names
    }
}
