//! Drift: where AWS is not as the manifest says, told from a plan that nobody applies.
//!
//! What could not be read is told as *not checked*, never as in order.

use crate::change::{Action, FieldChange, KNOWN_AFTER_APPLY};
use crate::plan::{Converging, Notice, Plan, Refusal};
use crate::spec::Desired;
use crate::standing::NOT_ASKED;
use crate::zone::LandingZone;
use glidepath_model::deployment::{ResourceDrift, StackDrift};
use glidepath_model::organization::Gap;
use glidepath_model::{AccountId, Address, Date, OrganizationId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The version of the report's form.
pub const FORMAT_VERSION: u32 = 1;

/// Codes of refusals that tell of AWS, not of the plan: something is there that is not what it should be.
const CONFLICTS: [&str; 12] = [
    "other-owner",
    "unknown-account",
    "account-candidates",
    "account-claimed-twice",
    "consolidated-billing",
    "key-elsewhere",
    "key-single-region",
    "key-primary-region",
    "key-lock-out",
    "identity-center-missing",
    "unknown-principal",
    "singleton-there",
];

/// Where AWS is not as the manifest says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DriftReport {
    /// The form's version.
    #[serde(rename = "format_version")]
    pub format_version: u32,
    /// The organization's name in the manifest.
    pub organization: String,
    /// The organization's id, if there is one.
    pub organization_id: Option<OrganizationId>,
    /// The day the report is for.
    pub today: Date,
    /// What is there and differs, our mark included.
    pub modified: Vec<Modified>,
    /// What is not there.
    pub missing: Vec<Address>,
    /// What is there and should not be.
    pub unmanaged: Vec<Stray>,
    /// Things that are not what the manifest takes them for.
    pub conflicts: Vec<Refusal>,
    /// Stacks whose resources were changed behind CloudFormation's back; looked for in a deep report only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stacks: Vec<DriftedStack>,
    /// What was not read.
    pub not_checked: Vec<NotChecked>,
    /// The targets of which not every stack was looked at, since nobody asked for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unlisted: BTreeSet<Address>,
    /// What AWS is still carrying out: no drift.
    pub converging: Vec<Converging>,
    /// What was not asked for, and how it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_asked: Vec<Notice>,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Modified {
    /// The thing.
    pub address: Address,
    /// Where it differs; `before` is what AWS has.
    pub fields: Vec<FieldChange>,
}

/// Something that is there and should not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Stray {
    /// The thing.
    pub address: Address,
    /// Why it should not.
    pub why: Why,
}

/// Why something should not be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Why {
    /// It carries our mark, and the manifest does not name it.
    NotInManifest,
    /// The manifest states that it is absent.
    StatedAbsent,
    /// It was given until this day, and is still there.
    Overdue(Date),
    /// It is another's, inside this thing of ours.
    Inside(Address),
}

/// A stack whose resources were changed behind CloudFormation's back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DriftedStack {
    /// The targets of its stack set, or the stack.
    pub address: Address,
    /// The account's name; its id where the manifest does not name it.
    pub name: String,
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: String,
    /// What differs in it.
    pub resources: Vec<ResourceDrift>,
}

/// What CloudFormation found when it compared stacks with what is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detected {
    /// Stacks that differ, each under the address of its stack set's targets or its own.
    pub stacks: Vec<(Address, StackDrift)>,
    /// What could not be compared.
    pub gaps: Vec<Gap>,
}

/// Something that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NotChecked {
    /// What is unknown by it, and the read that failed.
    pub gap: Gap,
    /// The things of the manifest that would differ as far as can be told.
    pub addresses: Vec<Address>,
}

impl DriftReport {
    /// Reads the drift off a plan of this landing zone.
    #[must_use]
    pub fn of(plan: &Plan, zone: &LandingZone) -> Self {
        let converging: BTreeSet<&Address> = plan.converging.iter().map(|one| &one.address).collect();
        let mut report = Self {
            format_version: FORMAT_VERSION,
            organization: plan.organization.clone(),
            organization_id: plan.organization_id.clone(),
            today: plan.today,
            modified: Vec::new(),
            missing: Vec::new(),
            unmanaged: Vec::new(),
            conflicts: plan
                .refusals
                .iter()
                .filter(|refusal| CONFLICTS.contains(&refusal.code.as_str()))
                .cloned()
                .collect(),
            stacks: Vec::new(),
            not_checked: not_checked(plan),
            unlisted: plan.unlisted.clone(),
            converging: plan.converging.clone(),
            not_asked: plan
                .notices
                .iter()
                .filter(|notice| notice.text.starts_with(NOT_ASKED))
                .cloned()
                .collect(),
        };
        for change in plan.changes.iter().filter(|change| !converging.contains(&change.address)) {
            let address = change.address.clone();
            match &change.action {
                Action::Update { fields, .. } | Action::Adopt { fields, .. } => {
                    report.unmanaged.extend(overdue_members(change, zone));
                    report.modified.push(Modified { address, fields: fields.clone() });
                }
                Action::Create { .. } => report.missing.push(address),
                // It will come with a target that is missing, and is not there yet.
                Action::Delete { physical, .. } if physical == KNOWN_AFTER_APPLY => {}
                Action::Delete { .. } | Action::Forget { .. } => {
                    let why = match (zone.desired.get(&address), overdue(&address, zone)) {
                        (Some(Desired::Absent), Some(until)) => Why::Overdue(until),
                        (Some(Desired::Absent), None) => Why::StatedAbsent,
                        (Some(Desired::Present(_)) | None, _) => Why::NotInManifest,
                    };
                    report.unmanaged.push(Stray { address, why });
                }
            }
        }
        let inside = plan.unmanaged.iter();
        report.unmanaged.extend(
            inside.map(|one| Stray { address: one.address.clone(), why: Why::Inside(one.inside.clone()) }),
        );
        report.modified.sort_by(|one, two| one.address.cmp(&two.address));
        report.missing.sort();
        report.unmanaged.sort_by(|one, two| one.address.cmp(&two.address));
        report
    }

    /// Whether anything is not as the manifest says.
    #[must_use]
    pub fn is_drift(&self) -> bool {
        !(self.modified.is_empty()
            && self.missing.is_empty()
            && self.unmanaged.is_empty()
            && self.conflicts.is_empty()
            && self.stacks.is_empty())
    }

    /// Adds what CloudFormation found when it compared stacks with what is there.
    pub fn add(&mut self, detected: Detected, plan: &Plan) {
        let name = |id: &AccountId| {
            let found = plan.physical_ids.iter().find_map(|(address, physical)| match address {
                Address::Account(name) if physical == id.as_str() => Some(name.clone()),
                _ => None,
            });
            found.unwrap_or_else(|| id.to_string())
        };
        let one = |(address, drift): (Address, StackDrift)| DriftedStack {
            address,
            name: name(&drift.account),
            account: drift.account,
            region: drift.region,
            resources: drift.resources,
        };
        self.stacks.extend(detected.stacks.into_iter().map(one));
        let gaps = detected.gaps.into_iter();
        self.not_checked.extend(gaps.map(|gap| NotChecked { gap, addresses: Vec::new() }));
        self.not_checked.sort_by(|one, two| one.gap.cmp(&two.gap));
    }

    /// Whether everything was checked.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.not_checked.is_empty()
    }

    /// The report as JSON text, ending in a line break.
    #[must_use]
    pub fn to_json(&self) -> String {
        // A report holds nothing that JSON cannot: every map key is a string.
        let value = serde_json::to_value(self).unwrap_or_default();
        format!("{value:#}\n")
    }
}

/// The last day of assignments all of which are over.
fn overdue(address: &Address, zone: &LandingZone) -> Option<Date> {
    let Address::Assignments { permission_set, principal } = address else { return None };
    let ended = &zone.identity_center.as_ref()?.ended;
    let of_these =
        ended.iter().filter(|one| one.permission_set == *permission_set && one.principal == *principal);
    of_these.map(|one| one.until).max()
}

/// The accounts of a change whose day has passed, one by one: the others stay.
fn overdue_members(change: &crate::change::Change, zone: &LandingZone) -> Vec<Stray> {
    let (Address::Assignments { permission_set, principal }, Some(center)) =
        (&change.address, &zone.identity_center)
    else {
        return Vec::new();
    };
    let (_, taken) = crate::kind::assignments::turned(&change.action);
    let over = center.ended.iter().filter(|one| {
        one.permission_set == *permission_set && one.principal == *principal && taken.contains(&one.account)
    });
    let stray = |one: &crate::kind::assignments::Ended| Stray {
        address: Address::Assignment {
            permission_set: permission_set.clone(),
            principal: principal.clone(),
            account: one.account.clone(),
        },
        why: Why::Overdue(one.until),
    };
    over.map(stray).collect()
}

/// Every gap with what it hides; what was held back for another reason has a gap of its own.
fn not_checked(plan: &Plan) -> Vec<NotChecked> {
    let held = plan.withheld.iter().map(|withheld| &withheld.gap);
    let gaps: BTreeSet<&Gap> = plan.gaps.iter().chain(held).collect();
    gaps.into_iter()
        .map(|gap| NotChecked {
            gap: gap.clone(),
            addresses: plan
                .withheld
                .iter()
                .filter(|withheld| withheld.gap == *gap)
                .map(|withheld| withheld.address.clone())
                .collect(),
        })
        .collect()
}
