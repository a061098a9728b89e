//! A manifest as far as it is right. Checks look at this, so that one mistake hides no other.
//!
//! INVARIANT (placeholders): an empty e-mail address and a `null` document stand only where an error has
//! been reported, so that none reaches a finished [`Manifest`].

use crate::diagnostic::Report;
use crate::document::Documents;
use crate::manifest::{
    AccountSettingsUse, BlueprintUse, ForeignPattern, GuardrailUse, Identity, Key, Logging, Manifest, Policy,
    ResourcePolicy, Roles, Safety, Switch,
};
use crate::record::Record;
use crate::section::organization::OrganizationDraft;
use crate::section::{
    self, blueprint, guardrail, identity, key, logging, organization, policy, roles, safety, settings,
    switch, unit,
};
use crate::span::{Span, Spanned};
use crate::yaml::{Entry, Node};
use glidepath_model::Selector;
use std::collections::BTreeMap;

/// The parts of a manifest.
pub(crate) struct Draft {
    pub(crate) organization: OrganizationDraft,
    pub(crate) roles: Roles,
    pub(crate) tree: unit::TreeDraft,
    pub(crate) policies: BTreeMap<String, Policy>,
    pub(crate) guardrails: Vec<GuardrailUse>,
    pub(crate) logging: Option<Logging>,
    pub(crate) blueprints: Vec<BlueprintUse>,
    pub(crate) account_settings: Vec<AccountSettingsUse>,
    /// The selectors of policies, guardrails and blueprints that are missing what makes them whole.
    pub(crate) untyped: Vec<Spanned<Selector>>,
    pub(crate) trusted_access: BTreeMap<String, Spanned<Switch>>,
    pub(crate) delegated_administrators: BTreeMap<String, BTreeMap<String, Spanned<Switch>>>,
    /// Where each service of `delegatedAdministrators` is named.
    pub(crate) delegating: BTreeMap<String, Span>,
    pub(crate) resource_policy: Option<Spanned<ResourcePolicy>>,
    pub(crate) keys: BTreeMap<String, Key>,
    pub(crate) identity: Option<Identity>,
    pub(crate) foreign: Vec<Spanned<ForeignPattern>>,
    pub(crate) safety: Safety,
}

impl Draft {
    /// Reads a tree that [`crate::conform`] has seen.
    pub(crate) fn read(root: &Node, documents: &mut Documents<'_>, report: &mut Report) -> Self {
        let record = Record::of(root);
        let organization = organization::read(record.map(&section::ORGANIZATION), report);
        let policies = policy::read(record.entries(&section::POLICIES), documents, report);
        let guardrails = guardrail::read(record.items(&section::GUARDRAILS), documents, report);
        let blueprints = blueprint::read(record.items(&section::BLUEPRINTS), documents, report);
        let (account_settings, loose) = settings::read(record.items(&section::ACCOUNT_SETTINGS), report);
        let nowhere = Span { end: root.span.start, ..root.span };
        let entries = record.entries(&section::DELEGATED_ADMINISTRATORS);
        Self {
            roles: roles::read(record.map(&section::ROLES), nowhere),
            tree: unit::read(record.entries(&section::UNITS), &organization, report),
            organization,
            policies: policies.by_name,
            guardrails: guardrails.uses,
            logging: record.entry(&section::LOGGING).and_then(|entry| logging::read(entry, report)),
            blueprints: blueprints.uses,
            account_settings,
            untyped: policies
                .untyped
                .into_iter()
                .chain(guardrails.loose)
                .chain(blueprints.loose)
                .chain(loose)
                .collect(),
            trusted_access: record
                .entries(&section::TRUSTED_ACCESS)
                .iter()
                .map(|entry| (name(entry), switch::read(entry)))
                .collect(),
            delegated_administrators: entries
                .iter()
                .map(|entry| (name(entry), switch::read_delegates(entry, report)))
                .collect(),
            delegating: entries.iter().map(|entry| (name(entry), entry.key.span)).collect(),
            resource_policy: record
                .entry(&section::RESOURCE_POLICY)
                .map(|entry| policy::read_resource_policy(entry, documents, report)),
            keys: key::read(record.entries(&section::KEYS)),
            identity: record.entry(&section::IDENTITY).map(|entry| identity::read(entry, documents, report)),
            foreign: record
                .texts(&section::FOREIGN_PATTERNS)
                .into_iter()
                .map(|text| Spanned::new(ForeignPattern(text.value.to_owned()), text.span))
                .collect(),
            safety: safety::read(record.map(&section::SAFETY)),
        }
    }

    /// The manifest, if nothing that it needs is missing.
    pub(crate) fn finish(self) -> Option<Manifest> {
        Some(Manifest {
            organization: self.organization.finish()?,
            roles: self.roles,
            units: self.tree.units,
            accounts: self.tree.accounts,
            policies: self.policies,
            guardrails: self.guardrails,
            logging: self.logging,
            blueprints: self.blueprints,
            account_settings: self.account_settings,
            trusted_access: self.trusted_access,
            delegated_administrators: self.delegated_administrators,
            resource_policy: self.resource_policy,
            keys: self.keys,
            identity: self.identity,
            foreign: self.foreign,
            safety: self.safety,
        })
    }
}

fn name(entry: &Entry) -> String {
    entry.key.value.to_string()
}
