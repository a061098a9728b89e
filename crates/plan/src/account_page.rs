//! Everything that applies to one account, on one page: where it is, what policies and guardrails hold, what is
//! deployed, who may sign in, which keys it owns, what it administers, and where AWS differs.

mod settings;

pub use settings::SettingHere;

use crate::drift::DriftReport;
use crate::guardrail::Members;
use crate::guardrail::exception::selects;
use crate::shape::{Shape, Transition, is_full_access};
use crate::sign_in::{SignIn, SignIns};
use crate::spec::{Desired, Spec};
use crate::world::World;
use crate::zone::LandingZone;
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::{GuardrailChoice, GuardrailName};
use glidepath_model::organization::Snapshot;
use glidepath_model::{AccountId, Address, Date, PolicyType, Tags, Target, UnitPath};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountPage {
    /// Its name in the manifest.
    pub name: String,
    /// Its id, once known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<AccountId>,
    /// Its e-mail address; none for the management account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The unit it is in.
    pub unit: UnitPath,
    /// The role by which it is entered; none for the management account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_role: Option<String>,
    /// Its tags, where the manifest manages them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: Tags,
    /// The opt-in Regions that it is to have.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub regions: BTreeSet<String>,
    /// What it may cost in a month: `500 USD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    /// Whether the manifest freezes it.
    pub quarantine: bool,
    /// Whether the manifest closes it.
    pub closing: bool,
    /// Policies that reach it, from the root down, AWS's own full access not among them.
    pub policies: Vec<PolicyHere>,
    /// Conformance packs of Config rules.
    pub packs: Vec<PackHere>,
    /// Guardrails that spare it.
    pub exceptions: Vec<ExceptionHere>,
    /// Stacks in it.
    pub stacks: Vec<StacksHere>,
    /// Who may sign in.
    pub sign_ins: Vec<SignIn>,
    /// Keys that it owns, with their Regions.
    pub keys: BTreeMap<String, Vec<String>>,
    /// What the manifest sets for it, one line a setting.
    pub settings: Vec<SettingHere>,
    /// Services that it administers for the organization.
    pub administers: Vec<String>,
    /// Where AWS is not as the manifest says; none where AWS was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftHere>,
}

/// A policy that reaches an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyHere {
    /// Its type.
    #[serde(rename = "type")]
    pub ty: PolicyType,
    /// Its name.
    pub name: String,
    /// Where it is attached.
    pub on: Target,
    /// The guardrails that it is made of.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub guardrails: BTreeSet<String>,
}

/// A conformance pack in an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackHere {
    /// Its name.
    pub name: String,
    /// How many rules it has.
    pub rules: usize,
    /// Its Regions.
    pub regions: BTreeSet<String>,
}

/// A guardrail that spares an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionHere {
    /// What is spared from: a guardrail, or a framework.
    pub from: String,
    /// The last day on which it is spared.
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// Stacks of one stack set, or a stack of its own, in an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StacksHere {
    /// The stack set or stack.
    pub name: String,
    /// Its Regions.
    pub regions: BTreeSet<String>,
    /// How those stand that are not as they should be, by Region.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub trouble: BTreeMap<String, String>,
}

/// Where AWS differs in what concerns an account by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftHere {
    /// What is there and differs.
    pub modified: Vec<Address>,
    /// What is not there.
    pub missing: Vec<Address>,
    /// What is there and should not be.
    pub unmanaged: Vec<Address>,
    /// Reads that failed, with the operation.
    pub not_checked: Vec<String>,
}

/// What the page is made from.
struct Ground<'a> {
    zone: &'a LandingZone,
    manifest: &'a Manifest,
    shape: Shape,
    specs: BTreeMap<Address, Spec>,
    sign_ins: SignIns,
    ids: BTreeMap<String, AccountId>,
    /// Whether AWS was asked.
    asked: bool,
}

impl AccountPage {
    /// As the manifest has it; none where it has no such account.
    #[must_use]
    pub fn of_manifest(zone: &LandingZone, manifest: &Manifest, name: &str) -> Option<Self> {
        let present = |(address, desired): (&Address, &Desired)| match desired {
            Desired::Present(spec) => Some((address.clone(), spec.clone())),
            Desired::Absent => None,
        };
        let ground = Ground {
            zone,
            manifest,
            shape: Shape::wanted(zone),
            specs: zone.desired.iter().filter_map(present).collect(),
            sign_ins: SignIns::of_manifest(zone),
            ids: BTreeMap::new(),
            asked: false,
        };
        ground.page(name)
    }

    /// As AWS has it, with where that differs from the manifest; none where neither has such an account.
    #[must_use]
    pub fn of_aws(
        zone: &LandingZone,
        manifest: &Manifest,
        snapshot: &Snapshot,
        report: &DriftReport,
        name: &str,
    ) -> Option<Self> {
        let world = World::new(zone, snapshot);
        let observed = world.observed();
        let shape = Transition::new(&world, &observed, &BTreeMap::new()).before;
        let named = |id: &AccountId| Some((world.identity.account_name(id)?.to_owned(), id.clone()));
        let ground = Ground {
            zone,
            manifest,
            shape,
            specs: observed.into_iter().map(|(address, seen)| (address, seen.spec)).collect(),
            sign_ins: SignIns::of_aws(zone, snapshot),
            ids: snapshot.accounts.keys().filter_map(named).collect(),
            asked: true,
        };
        let mut page = ground.page(name)?;
        page.drift = Some(DriftHere::of(report, name, &page));
        Some(page)
    }
}

impl Ground<'_> {
    fn page(&self, name: &str) -> Option<AccountPage> {
        let unit = self.shape.accounts.get(name)?.clone();
        let account = self.manifest.accounts.get(name);
        let is_management = name == self.zone.management_name;
        let id = self.ids.get(name).cloned();
        let id = id.or_else(|| account.and_then(|account| account.id.as_ref().map(|id| id.value.clone())));
        let access = account.and_then(|account| account.access.as_ref()).map(|role| role.value.clone());
        Some(AccountPage {
            name: name.to_owned(),
            id: id.or_else(|| is_management.then(|| self.zone.management_id.clone())),
            email: account.map(|account| account.email.value.clone()),
            access_role: access.or_else(|| (!is_management).then(|| self.zone.access_role.clone())),
            tags: account.and_then(|account| account.tags.clone()).unwrap_or_default(),
            regions: self.regions(name),
            budget: account
                .and_then(|account| account.budget.as_ref())
                .map(|budget| format!("{} {}", budget.monthly, budget.currency)),
            quarantine: account.is_some_and(|account| account.quarantine),
            closing: account.is_some_and(|account| account.close),
            policies: self.policies(name),
            packs: self.packs(name, &unit),
            exceptions: self.exceptions(name, &unit),
            stacks: self.stacks(name, &unit),
            sign_ins: self.sign_ins.to(name).cloned().collect(),
            keys: self.keys(name),
            settings: self.settings(name),
            administers: self.administers(name),
            drift: None,
            unit,
        })
    }

    fn regions(&self, name: &str) -> BTreeSet<String> {
        match self.zone.desired.get(&Address::Account(name.to_owned())) {
            Some(Desired::Present(Spec::Account(spec))) => spec.regions.clone(),
            Some(_) | None => BTreeSet::new(),
        }
    }

    fn policies(&self, account: &str) -> Vec<PolicyHere> {
        let is_management = account == self.zone.management_name;
        let mut all = Vec::new();
        for target in self.shape.line(account) {
            for (ty, names) in self.shape.attached.get(&target).into_iter().flatten() {
                if is_management && !ty.reaches_management_account() {
                    continue;
                }
                for name in names.iter().filter(|name| !is_full_access(*ty, name)) {
                    let address = Address::Policy { ty: *ty, name: name.clone() };
                    let origins = self.zone.origins.get(&address).into_iter().flatten();
                    all.push(PolicyHere {
                        ty: *ty,
                        name: name.clone(),
                        on: target.clone(),
                        guardrails: origins.map(|origin| origin.guardrail.clone()).collect(),
                    });
                }
            }
        }
        all
    }

    fn packs(&self, name: &str, unit: &UnitPath) -> Vec<PackHere> {
        let id = self.manifest.accounts.get(name).and_then(|account| account.id.as_ref());
        let spared = |excluded: &BTreeSet<AccountId>| id.is_some_and(|id| excluded.contains(&id.value));
        let reached = |members: &Members| match members {
            Members::Organization { excluded } => !spared(excluded),
            Members::Targets { targets, excluded } => {
                !spared(excluded) && targets.iter().any(|target| reaches(target, name, unit))
            }
        };
        let is_management = name == self.zone.management_name;
        let packs = self.zone.detection.packs.iter();
        packs
            .filter(
                |pack| {
                    if is_management { pack.placement.management } else { reached(&pack.placement.members) }
                },
            )
            .map(|pack| PackHere {
                name: pack.name.clone(),
                rules: pack.rules.len(),
                regions: pack.regions.clone(),
            })
            .collect()
    }

    fn exceptions(&self, name: &str, unit: &UnitPath) -> Vec<ExceptionHere> {
        let Some(account) = self.manifest.accounts.get(name) else { return Vec::new() };
        let mut all = BTreeSet::new();
        for entry in &self.manifest.guardrails {
            let here = |selector| selects(selector, name, unit, account.tags.as_ref());
            if !entry.on.iter().any(|on| here(&on.value)) {
                continue;
            }
            for exception in entry.except.iter().filter(|exception| here(&exception.target.value)) {
                all.insert(ExceptionHere {
                    from: what(&entry.choice),
                    until: exception.until.value,
                    reason: exception.reason.clone(),
                });
            }
        }
        all.into_iter().collect()
    }

    fn stacks(&self, name: &str, unit: &UnitPath) -> Vec<StacksHere> {
        let is_management = name == self.zone.management_name;
        let mut all: BTreeMap<String, StacksHere> = BTreeMap::new();
        let mut add = |stack: &str, region: &str, trouble: Option<&String>| {
            let here = all.entry(stack.to_owned()).or_insert_with(|| StacksHere {
                name: stack.to_owned(),
                regions: BTreeSet::new(),
                trouble: BTreeMap::new(),
            });
            here.regions.insert(region.to_owned());
            here.trouble.extend(trouble.map(|word| (region.to_owned(), word.clone())));
        };
        for (address, spec) in &self.specs {
            match (address, spec) {
                (Address::StackSetTargets(set), Spec::StackSetTargets(spec)) if !is_management => {
                    let members = spec.members.iter().filter(|member| reaches(&member.target, name, unit));
                    for member in members {
                        let own = Target::Account(name.to_owned());
                        let trouble = spec.trouble.get(&format!("{own}@{}", member.region));
                        add(set, &member.region, trouble);
                    }
                }
                (Address::Stack { name: stack, region }, Spec::Stack(spec)) if is_management => {
                    add(stack, region, spec.trouble.as_ref());
                }
                _ => {}
            }
        }
        all.into_values().collect()
    }

    fn keys(&self, name: &str) -> BTreeMap<String, Vec<String>> {
        let own = |(address, spec): (&Address, &Spec)| match (address, spec) {
            (Address::Key(key), Spec::Key(spec)) if spec.account == name => {
                Some((key.clone(), spec.regions.clone()))
            }
            _ => None,
        };
        self.specs.iter().filter_map(own).collect()
    }

    /// Every setting that the manifest gives it; where AWS was asked, with what it is.
    fn settings(&self, name: &str) -> Vec<SettingHere> {
        let address = Address::AccountSettings(name.to_owned());
        let Some(Desired::Present(Spec::AccountSettings(wanted))) = self.zone.desired.get(&address) else {
            return Vec::new();
        };
        let found = match self.specs.get(&address) {
            Some(Spec::AccountSettings(found)) if self.asked => Some(found),
            Some(_) | None => None,
        };
        settings::rows(wanted, found)
    }

    fn administers(&self, name: &str) -> Vec<String> {
        let own = |address: &Address| match address {
            Address::DelegatedAdministrator { service, account } if account == name => Some(service.clone()),
            _ => None,
        };
        self.specs.keys().filter_map(own).collect()
    }
}

/// What an entry of `guardrails:` chooses, by its name.
fn what(choice: &GuardrailChoice) -> String {
    match choice {
        GuardrailChoice::One { guardrail: GuardrailName::Catalogue(id), .. } => id.clone(),
        GuardrailChoice::One { guardrail: GuardrailName::Own(own), .. } => own.path.clone(),
        GuardrailChoice::Framework(choice) => choice.framework.clone(),
    }
}

/// Whether what goes to a target goes to an account.
fn reaches(target: &Target, name: &str, unit: &UnitPath) -> bool {
    match target {
        Target::Unit(path) => unit.is_within(path),
        Target::Account(other) => other == name,
    }
}

impl DriftHere {
    fn of(report: &DriftReport, name: &str, page: &AccountPage) -> Self {
        let concerns = |address: &&Address| match address {
            Address::Account(other)
            | Address::AccountSettings(other)
            | Address::DelegatedAdministrator { account: other, .. }
            | Address::Attachment { target: Target::Account(other), .. } => other == name,
            Address::Attachment { target: Target::Unit(unit), .. } | Address::Unit(unit) => {
                page.unit.is_within(unit)
            }
            Address::Policy { ty, name: policy } => {
                page.policies.iter().any(|here| here.ty == *ty && here.name == *policy)
            }
            Address::StackSet(set) | Address::StackSetTargets(set) | Address::Stack { name: set, .. } => {
                page.stacks.iter().any(|here| here.name == *set)
            }
            Address::Key(key) => page.keys.contains_key(key),
            Address::Assignments { permission_set, principal } => page
                .sign_ins
                .iter()
                .any(|one| one.permission_set == *permission_set && one.principal == *principal),
            Address::PermissionSet(set) => page.sign_ins.iter().any(|one| one.permission_set == *set),
            _ => false,
        };
        let unread = report.not_checked.iter().filter(|unread| {
            let prefix = unread.gap.prefix.as_str();
            unread.addresses.iter().any(|address| concerns(&address))
                || Address::Account(name.to_owned()).to_string().starts_with(prefix)
                || Address::AccountSettings(name.to_owned()).to_string() == prefix
        });
        Self {
            modified: report.modified.iter().map(|one| &one.address).filter(concerns).cloned().collect(),
            missing: report.missing.iter().filter(concerns).cloned().collect(),
            unmanaged: report.unmanaged.iter().map(|one| &one.address).filter(concerns).cloned().collect(),
            not_checked: unread.map(|unread| unread.gap.operation.clone()).collect(),
        }
    }

    /// Whether nothing differs and everything was read.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
