//! A resource that has or had tags.

use crate::world::{Entity, World};
use glidepath_model::Tags;
use serde::{Deserialize, Serialize};

/// A resource that has or had tags. One that never had any is not in the table, and the tagging API does not list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaggedResource {
    /// Its ARN.
    pub arn: String,
    /// Its tags now.
    pub tags: Tags,
}

impl Entity for TaggedResource {
    const TABLE: &'static str = "resourcegroupstaggingapi.resource";

    fn key(&self) -> String {
        self.arn.clone()
    }
}

/// The tags of a resource; none if it never had any.
#[must_use]
pub fn tags_of(world: &World, arn: &str) -> Tags {
    world.get::<TaggedResource>(arn).map(|resource| resource.tags.clone()).unwrap_or_default()
}

/// Replaces the tags of a resource. An empty set leaves a resource that *was* tagged.
pub fn put_tags(world: &mut World, arn: &str, tags: Tags) {
    if tags.is_empty() && world.get::<TaggedResource>(arn).is_none() {
        return;
    }
    world.put(TaggedResource { arn: arn.to_owned(), tags });
}

/// Forgets a resource that is gone.
pub fn forget(world: &mut World, arn: &str) {
    world.delete::<TaggedResource>(arn);
}
