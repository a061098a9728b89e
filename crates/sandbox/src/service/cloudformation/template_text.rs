//! Templates as stacks name them: by the digest of their text, each text kept once.

use crate::world::{Dumped, Entity, World};
use glidepath_model::Digest;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A template's text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TemplateText {
    pub(super) digest: String,
    pub(super) text: String,
}

impl Entity for TemplateText {
    const TABLE: &'static str = "cloudformation.template";
    // Stacks name their template; one that no stack names any more makes no difference.
    const DUMPED: Dumped = Dumped::Never;

    fn key(&self) -> String {
        self.digest.clone()
    }
}

/// Keeps a text; tells its digest.
pub(super) fn keep(world: &mut World, text: &Arc<str>) -> String {
    let digest = Digest::of_bytes(text.as_bytes()).as_str().to_owned();
    if world.get::<TemplateText>(&digest).is_none() {
        world.put(TemplateText { digest: digest.clone(), text: text.to_string() });
    }
    digest
}
