//! Whose a thing is: read from two tags that are sent inside the create call.
//!
//! INVARIANT (the mark decides): nothing that does not carry our mark is deleted, and nothing that
//! carries another organization's mark is changed.

use glidepath_model::{Address, Digest, Tags};
use serde::{Deserialize, Serialize};

/// The tag that holds the name of the organization in whose manifest a thing stands.
pub const MANAGED_BY: &str = "glidepath:managed-by";
/// The tag that holds a thing's address.
pub const ADDRESS: &str = "glidepath:address";

/// Whose a thing is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Ownership {
    /// It carries our mark, or hangs on something that does.
    Ours,
    /// It can carry a mark and carries none.
    Unclaimed,
    /// It carries the mark of this other organization.
    OtherOrganization(String),
    /// It cannot carry a mark and hangs on nothing of ours, or is AWS's own.
    Foreign,
    /// Its tags were not read.
    Unknown,
}

impl Ownership {
    /// Whose a thing with these tags is; `None` for tags that were not read.
    #[must_use]
    pub fn of(tags: Option<&Tags>, organization: &str) -> Self {
        match tags.map(|tags| tags.get(MANAGED_BY)) {
            None => Self::Unknown,
            Some(None) => Self::Unclaimed,
            Some(Some(name)) if name == organization => Self::Ours,
            Some(Some(name)) => Self::OtherOrganization(name.clone()),
        }
    }
}

/// The tags that people set: AWS's own, whose keys begin with `aws:`, are neither compared nor changed.
///
/// Source: <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
#[must_use]
pub fn settable(tags: &Tags) -> Tags {
    tags.iter()
        .filter(|(key, _)| !key.to_ascii_lowercase().starts_with("aws:"))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The tags of a thing of ours: what the manifest says and the mark.
#[must_use]
pub fn marked(tags: &Tags, organization: &str, address: &Address) -> Tags {
    let mut all = tags.clone();
    all.insert(MANAGED_BY.to_owned(), organization.to_owned());
    all.insert(ADDRESS.to_owned(), address_value(address));
    all
}

/// An address as a tag value: itself, or its digest where AWS would refuse the text.
///
/// Tag values hold at most 256 letters, digits, spaces and `_.:/=+-@`; source:
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>.
#[must_use]
pub fn address_value(address: &Address) -> String {
    let text = address.to_string();
    let legal = |character: char| character.is_alphanumeric() || " _.:/=+-@".contains(character);
    if text.chars().count() <= 256 && text.chars().all(legal) {
        text
    } else {
        format!("sha256:{}", Digest::of_bytes(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_of_another_organization_is_neither_ours_nor_unclaimed() {
        let tags = Tags::from([(MANAGED_BY.to_owned(), "globex".to_owned())]);
        assert_eq!(Ownership::of(Some(&tags), "acme"), Ownership::OtherOrganization("globex".to_owned()));
        assert_eq!(Ownership::of(Some(&Tags::new()), "acme"), Ownership::Unclaimed);
        assert_eq!(Ownership::of(None, "acme"), Ownership::Unknown);
    }

    #[test]
    fn tags_of_aws_are_not_settable() {
        let tags = Tags::from([
            ("aws:cloudformation:stack-name".to_owned(), "x".to_owned()),
            ("awsome".to_owned(), "y".to_owned()),
        ]);
        assert_eq!(settable(&tags).into_keys().collect::<Vec<_>>(), ["awsome"]);
    }

    #[test]
    fn an_address_that_aws_would_refuse_as_a_tag_value_is_digested() {
        assert_eq!(address_value(&Address::Account("shop-prod".into())), "account/shop-prod");
        assert!(address_value(&Address::Account("a*b".into())).starts_with("sha256:"));
    }
}
