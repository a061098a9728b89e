//! How the parts of a manifest fit together: one small function a rule, all of them run, none stops
//! another.

mod account;
mod attachment;
mod blueprint;
mod guardrail;
mod identity;
mod key;
mod logging;
mod policy;
mod region;
mod selector;
mod service;
mod settings;
mod tags;
mod unit;

pub(crate) use selector::{unknown, unknown_account};

use crate::diagnostic::Report;
use crate::draft::Draft;
use crate::manifest::{Account, Manifest, Unit};
use crate::quota::Quotas;
use glidepath_model::{Selector, UnitPath};
use std::collections::{BTreeMap, HashMap};

/// What the rules look at.
pub(crate) struct Scene<'d> {
    draft: &'d Draft,
    places: Places<'d>,
}

/// Everything that a selector can name.
pub(crate) struct Places<'d> {
    units: &'d BTreeMap<UnitPath, Unit>,
    accounts: &'d BTreeMap<String, Account>,
    management: Option<&'d str>,
    /// Member accounts by the tags that the manifest gives them.
    tagged: HashMap<(&'d str, &'d str), Vec<&'d str>>,
    /// The selectors of all those tags, in order.
    tag_selectors: Vec<String>,
}

/// A rule.
type Check = fn(&Scene<'_>, &mut Report);

/// Every rule.
const CHECKS: &[Check] = &[
    account::named_like_the_management_account,
    account::email_used_twice,
    account::id_used_twice,
    account::former_name_still_in_use,
    attachment::too_many_attached,
    attachment::without_effect_on_the_management_account,
    blueprint::region_not_governed,
    guardrail::management_account_spared,
    guardrail::exception_without_effect,
    logging::no_member_account,
    logging::locked_longer_than_kept,
    logging::nobody_sends,
    logging::archive_closing,
    logging::key_unfit,
    logging::key_lets_nobody_in,
    identity::unknown_permission_set,
    identity::unknown_principal,
    identity::assigned_twice,
    identity::listed_twice,
    identity::too_large,
    identity::former_name_still_in_use,
    identity::administrator,
    identity::trusted_access_absent,
    key::account_unknown,
    key::account_closing,
    key::nowhere,
    key::region_not_governed,
    key::listed_twice,
    key::role_not_named,
    policy::document_too_large,
    policy::resource_policy_too_large,
    policy::unknown_aws_policy,
    policy::undetachable,
    policy::wanted_and_absent,
    region::home_not_governed,
    region::listed_twice,
    region::opt_in,
    region::had_anyway,
    region::trusted_access_absent,
    selector::names_nothing,
    service::unknown,
    service::not_turned_on_by_organizations,
    service::administrator_unknown,
    service::administrator_is_the_management_account,
    service::too_many_administrators,
    settings::alias_used_twice,
    settings::key_unknown,
    settings::neither_on_nor_absent,
    settings::trusted_access_absent,
    tags::too_many,
    unit::too_deep,
    unit::former_path_still_in_use,
    unit::former_path_elsewhere,
];

/// Runs every rule.
pub(crate) fn run(draft: &Draft, report: &mut Report) {
    let scene = Scene::new(draft);
    for check in CHECKS {
        check(&scene, report);
    }
}

impl<'d> Places<'d> {
    /// The places of a manifest.
    pub(crate) fn of(manifest: &'d Manifest) -> Self {
        let management = manifest.organization.management.name.value.as_str();
        Self::new(&manifest.units, &manifest.accounts, Some(management))
    }

    fn new(
        units: &'d BTreeMap<UnitPath, Unit>,
        accounts: &'d BTreeMap<String, Account>,
        management: Option<&'d str>,
    ) -> Self {
        let mut tagged: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
        for (name, account) in accounts {
            for (key, value) in account.tags.iter().flatten() {
                tagged.entry((key, value)).or_default().push(name);
            }
        }
        let selector = |(key, value): &(&str, &str)| {
            Selector::Tag { key: (*key).to_owned(), value: (*value).to_owned() }.to_string()
        };
        let mut tag_selectors: Vec<String> = tagged.keys().map(selector).collect();
        tag_selectors.sort_unstable();
        Self { units, accounts, management, tagged, tag_selectors }
    }
}

impl<'d> Scene<'d> {
    fn new(draft: &'d Draft) -> Self {
        let management = draft.organization.management_name.as_ref().map(|name| name.value.as_str());
        Self { draft, places: Places::new(&draft.tree.units, &draft.tree.accounts, management) }
    }

    fn quotas(&self) -> Quotas<'_> {
        Quotas::new(&self.draft.organization.limits)
    }

    fn management(&self) -> Option<&str> {
        self.places.management
    }

    /// What a selector attaches to, as far as it names something.
    fn targets<'s>(&'s self, selector: &'s Selector) -> Vec<Target<'s>> {
        match selector {
            Selector::Unit(path) => vec![Target::Unit(path)],
            Selector::Account(name) => vec![Target::Account(name)],
            Selector::Tag { key, value } => {
                let names = self.places.tagged.get(&(key.as_str(), value.as_str()));
                names.into_iter().flatten().copied().map(Target::Account).collect()
            }
        }
    }
}

/// What a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target<'s> {
    /// A unit, or the root.
    Unit(&'s UnitPath),
    /// An account.
    Account(&'s str),
}

impl std::fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unit(path) => path.fmt(f),
            Self::Account(name) => Selector::Account((*name).to_owned()).fmt(f),
        }
    }
}
