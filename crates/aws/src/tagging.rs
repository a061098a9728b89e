//! The tagging API: tags of many resources at once.
//!
//! Whether it answers for Organizations' resources is not documented, so what it tells must be looked at
//! before it is believed: see [`Bulk`].

use crate::error::Error;
use crate::pages::pages;
use crate::session::Session;
use aws_config::Region;
use aws_sdk_resourcegroupstagging::Client;
use aws_sdk_resourcegroupstagging::config::Builder;
use aws_sdk_resourcegroupstagging::types::{ResourceTagMapping, TagFilter};
use glidepath_model::Tags;
use std::collections::BTreeMap;

/// Resources on one page, the most that AWS gives.
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
const PAGE: i32 = 100;

/// What the tagging API knows of the resource types that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bulk {
    /// Tags by ARN. A resource that is missing here has no tags.
    Tags(BTreeMap<String, Tags>),
    /// Not one resource: either none has tags, or the API does not answer for these types. What is tagged
    /// must be asked resource by resource.
    Silent,
}

/// Reads tags in bulk.
#[derive(Debug, Clone)]
pub struct Reader {
    session: Session,
    client: Client,
}

impl Reader {
    /// A reader of global resources' tags: it asks in the control region.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        Self::at(session, session.control_region())
    }

    /// A reader of the tags of one region's resources, in the account of the session.
    #[must_use]
    pub fn in_region(session: &Session, region: &str) -> Self {
        Self::at(session, Region::new(region.to_owned()))
    }

    fn at(session: &Session, region: Region) -> Self {
        let config = Builder::from(session.config()).region(region).interceptor(session.watch());
        Self { session: session.clone(), client: Client::from_conf(config.build()) }
    }

    /// The tags of all resources of a type, such as `kms:key`, that have a tag of this key.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn tagged(&self, ty: &str, key: &str) -> Result<BTreeMap<String, Tags>, Error> {
        let filter = TagFilter::builder().key(key).build();
        let resources = self.resources(&[ty.to_owned()], Some(filter)).await?;
        Ok(by_arn(resources))
    }

    /// The tags of all resources of some types, such as `organizations:account`.
    ///
    /// An API that refuses the types is [`Bulk::Silent`], too.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn tags(&self, types: &[&str]) -> Result<Bulk, Error> {
        let types: Vec<String> = types.iter().map(|ty| (*ty).to_owned()).collect();
        let tags = match self.resources(&types, None).await {
            Ok(resources) => by_arn(resources),
            Err(error) => return error.settled("InvalidParameterException", Bulk::Silent),
        };
        Ok(if tags.is_empty() { Bulk::Silent } else { Bulk::Tags(tags) })
    }

    async fn resources(
        &self,
        types: &[String],
        filter: Option<TagFilter>,
    ) -> Result<Vec<ResourceTagMapping>, Error> {
        const OPERATION: &str = "tagging:GetResources";
        let filter = &filter;
        let read = pages(OPERATION, |token| async move {
            let ask = || {
                let ask = self.client.get_resources().resources_per_page(PAGE);
                let ask = ask.set_tag_filters(filter.clone().map(|filter| vec![filter]));
                ask.set_resource_type_filters(Some(types.to_vec())).set_pagination_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, ask).await?;
            Ok((page.resource_tag_mapping_list.unwrap_or_default(), page.pagination_token))
        });
        read.await
    }
}

fn by_arn(resources: Vec<ResourceTagMapping>) -> BTreeMap<String, Tags> {
    let mut tags = BTreeMap::new();
    for resource in resources {
        let Some(arn) = resource.resource_arn else { continue };
        let pairs = resource.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
        tags.entry(arn).or_insert_with(Tags::new).extend(pairs);
    }
    tags
}
