//! AWS's limits as one manifest sees them: the published ones, raised by `organization.limits`.

use crate::span::Spanned;
use glidepath_model::PolicyType;
use glidepath_model::limits::{Limit, Limits, OrganizationLimits};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A limit by its name in `organization.limits`.
struct Row {
    name: String,
    published: u64,
}

/// A name, and where its limit stands in the published table.
type OrganizationRow = (&'static str, fn(&OrganizationLimits) -> &Limit);

/// The limits of the organization that a manifest may raise; those of policy types are named by the type.
const ORGANIZATION: &[OrganizationRow] = &[
    ("accounts", |limits| &limits.accounts),
    ("units", |limits| &limits.units),
    ("unitDepth", |limits| &limits.unit_depth),
    ("tagsPerResource", |limits| &limits.tags_per_resource),
    ("resourcePolicySize", |limits| &limits.resource_policy_size),
    ("configRules", |limits| &limits.config_rules),
];

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let Ok(limits) = Limits::published() else { return Vec::new() };
    let organization = ORGANIZATION
        .iter()
        .map(|(name, limit)| Row { name: (*name).to_owned(), published: limit(&limits.limits).value });
    let policies = PolicyType::ALL.iter().flat_map(|ty| {
        let policy = limits.policy(*ty);
        [
            ("size", policy.size),
            ("attachedAtMost", policy.attached_at_most),
            ("perOrganization", policy.per_organization),
        ]
        .map(|(limit, published)| Row { name: format!("{ty}.{limit}"), published })
    });
    organization.chain(policies).collect()
});

/// Every name that `organization.limits` takes, with the published value.
pub fn limit_names() -> impl Iterator<Item = (&'static str, u64)> {
    ROWS.iter().map(|row| (row.name.as_str(), row.published))
}

/// The limits that hold for one organization.
#[derive(Debug, Clone, Copy)]
pub struct Quotas<'m> {
    raised: &'m BTreeMap<String, Spanned<u64>>,
}

impl<'m> Quotas<'m> {
    /// The published limits, raised by a manifest's `organization.limits`.
    #[must_use]
    pub fn new(raised: &'m BTreeMap<String, Spanned<u64>>) -> Self {
        Self { raised }
    }

    /// Characters that a policy document of this type may have, as sent.
    #[must_use]
    pub fn policy_size(self, ty: PolicyType) -> u64 {
        self.named(&format!("{ty}.size"))
    }

    /// Policies of this type that may be attached directly to one root, unit or account.
    #[must_use]
    pub fn attached_at_most(self, ty: PolicyType) -> u64 {
        self.named(&format!("{ty}.attachedAtMost"))
    }

    /// Levels of units below the root.
    #[must_use]
    pub fn unit_depth(self) -> u64 {
        self.named("unitDepth")
    }

    /// Tags on one resource.
    #[must_use]
    pub fn tags_per_resource(self) -> u64 {
        self.named("tagsPerResource")
    }

    /// Characters of the organization's resource policy.
    #[must_use]
    pub fn resource_policy_size(self) -> u64 {
        self.named("resourcePolicySize")
    }

    /// Config rules in one account and Region.
    #[must_use]
    pub fn config_rules(self) -> u64 {
        self.named("configRules")
    }

    fn named(self, name: &str) -> u64 {
        let published = || ROWS.iter().find(|row| row.name == name).map_or(u64::MAX, |row| row.published);
        self.raised.get(name).map_or_else(published, |raised| raised.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{FileId, Span};

    #[test]
    fn a_raised_limit_holds_instead_of_the_published_one() {
        let place = Span { file: FileId(0), start: 0, end: 0 };
        let raised = BTreeMap::from([("scp.attachedAtMost".to_owned(), Spanned::new(15, place))]);
        let quotas = Quotas::new(&raised);
        assert_eq!(quotas.attached_at_most(PolicyType::Scp), 15);
        assert_eq!(quotas.attached_at_most(PolicyType::Rcp), 5);
        assert_eq!(quotas.unit_depth(), 5);
    }
}
