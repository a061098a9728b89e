//! Filters of listings: every filter has to pass, by any of its values, in which `*` and `?` are wildcards.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html>

use super::super::ServiceError;
use super::super::listing::{self, Page, Wanted};
use super::refusal::invalid;
use crate::world::World;
use glidepath_iam::pattern::Pattern;
use glidepath_model::text::printable;
use serde::Deserialize;

/// A filter of a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Filter {
    name: Option<String>,
    #[serde(default)]
    values: Vec<String>,
}

/// What every listing takes besides ids.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) filters: Vec<Filter>,
    next_token: Option<String>,
    max_results: Option<u64>,
    pub(super) dry_run: Option<bool>,
}

/// The most items on a page.
const PAGE: u64 = 1_000;

impl Asked {
    /// Whether a thing passes all filters; `value` tells what the thing has under a filter's name, none for a name that
    /// is no filter here.
    pub(super) fn passes(&self, value: impl Fn(&str) -> Option<String>) -> Result<bool, ServiceError> {
        for filter in &self.filters {
            let name = filter.name.as_deref().unwrap_or_default();
            let has =
                value(name).ok_or_else(|| invalid(format!("The filter '{}' is invalid", printable(name))))?;
            if !filter.values.iter().any(|wanted| Pattern::new(wanted).matches(&has)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One page of what passed.
    pub(super) fn page<T>(
        &self,
        world: &World,
        listing: &str,
        items: Vec<(String, T)>,
    ) -> Result<Page<T>, ServiceError> {
        let wanted = Wanted {
            listing: format!("{listing}/{:?}", self.filters),
            token: self.next_token.as_deref(),
            size: self.max_results.unwrap_or(PAGE),
        };
        listing::page(world, &wanted, items.into_iter())
            .map_err(|_| ServiceError::new("InvalidNextToken", "The token is not valid."))
    }
}
