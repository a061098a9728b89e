//! Templates as stacks name them: by the digest of their text. Each text is kept once in the world, and read once in
//! the process, since the stacks of a stack set share theirs.

use super::super::ServiceError;
use super::reference::Asked;
use super::refusal::invalid;
use crate::world::{Dumped, Entity, World};
use glidepath_model::Digest;
use glidepath_template::{Fault, Template};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest template that a request may carry in its body, in bytes.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
pub(super) const LARGEST_BODY: usize = 51_200;
/// How many templates the process keeps read: more than an organization deploys at a time.
const KEPT_READ: usize = 64;
/// How many faults of one template an error names.
const FAULTS_NAMED: usize = 5;

/// A template's text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TemplateText {
    pub(super) digest: String,
    pub(super) text: Arc<str>,
}

impl Entity for TemplateText {
    const TABLE: &'static str = "cloudformation.template";
    // Stacks name their template; one that no stack names any more makes no difference.
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.digest.clone()
    }
}

/// A template that was read and found in order.
pub(super) struct Parsed {
    pub(super) digest: String,
    pub(super) text: Arc<str>,
    pub(super) template: Template,
    /// Its logical ids, each after what it needs.
    pub(super) order: Vec<String>,
    /// The attributes of resources that it asks for.
    pub(super) asked: Asked,
}

impl fmt::Debug for Parsed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Parsed").field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// The templates that were read last, the latest first.
static READ: Mutex<Vec<Arc<Parsed>>> = Mutex::new(Vec::new());

/// The first of the kept ones that `wanted` picks, moved to the front.
fn kept(wanted: impl Fn(&Parsed) -> bool) -> Option<Arc<Parsed>> {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let at = read.iter().position(|parsed| wanted(parsed))?;
    let found = read.remove(at);
    read.insert(0, found.clone());
    Some(found)
}

/// Reads a template and judges it.
pub(super) fn read(text: &Arc<str>) -> Result<Arc<Parsed>, ServiceError> {
    // Comparing pointers is safe: a kept template keeps its text alive, so no other text can have its place.
    if let Some(found) = kept(|parsed| Arc::ptr_eq(&parsed.text, text)) {
        return Ok(found);
    }
    let digest = Digest::of_bytes(text.as_bytes()).as_str().to_owned();
    if let Some(found) = kept(|parsed| parsed.digest == digest) {
        return Ok(found);
    }
    let template = glidepath_template::read(text).map_err(|faults| refused(&faults))?;
    let faults = template.check();
    if !faults.is_empty() {
        return Err(refused(&faults));
    }
    let order = template.order().map_err(|fault| refused(&[fault]))?;
    let asked = Asked::of(template.value());
    let parsed = Arc::new(Parsed { digest, text: text.clone(), template, order, asked });
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    read.insert(0, parsed.clone());
    read.truncate(KEPT_READ);
    Ok(parsed)
}

/// A template's faults as CloudFormation answers them.
pub(super) fn refused(faults: &[Fault]) -> ServiceError {
    let each: Vec<String> = faults
        .iter()
        .take(FAULTS_NAMED)
        .map(|fault| match fault.path.as_str() {
            "" => fault.message.clone(),
            path => format!("{} (at {path})", fault.message),
        })
        .collect();
    let more = match faults.len().saturating_sub(FAULTS_NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    invalid(format!("{}{more}", each.join("; ")))
}

/// Keeps a template's text in the world.
pub(super) fn keep(world: &mut World, parsed: &Parsed) {
    if world.get::<TemplateText>(&parsed.digest).is_none() {
        world.put(TemplateText { digest: parsed.digest.clone(), text: parsed.text.clone() });
    }
}

/// The template of a digest that a stack or change set of the world names.
pub(super) fn load(world: &World, digest: &str) -> Result<Arc<Parsed>, ServiceError> {
    if let Some(found) = kept(|parsed| parsed.digest == digest) {
        return Ok(found);
    }
    let text = world.get::<TemplateText>(digest);
    let text = text.ok_or_else(|| ServiceError::internal(&format!("the template {digest} is gone")))?;
    read(&text.text)
}
