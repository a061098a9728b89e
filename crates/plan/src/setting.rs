//! Settings of accounts: what the manifest's entries come to for each account, and the steps that lead from what an
//! account has to what it shall have, the fewest there are.

mod owner;
mod step;

pub use step::{RegionSetting, Setting, deleted_default_vpcs, is_slow, steps};

pub(crate) use owner::{is_set, owners};

use crate::guardrail::exception::{selects, spared_accounts};
use crate::kind::account_settings::NAMED_KEY;
use crate::spec::{Desired, Spec};
use glidepath_manifest::manifest::{Account, AccountSettingsUse, Contact, EbsEncryption, EbsKey, Manifest};
use glidepath_manifest::{Diagnostic, Span, Spanned, code};
use glidepath_model::account_settings::{
    AccountSettings, AlternateContact, ContactKind, DefaultVpc, PublicAccessBlock, RegionSettings,
};
use glidepath_model::{AccountId, Address, Date, Selector};
use std::collections::{BTreeMap, BTreeSet};

/// What the manifest sets for accounts.
#[derive(Debug, Default)]
pub struct Wanted {
    /// By the address of each account's settings.
    pub desired: BTreeMap<Address, Desired>,
    /// What is wrong or worth knowing.
    pub findings: Vec<Diagnostic>,
}

/// An account of the manifest that can have settings.
struct Subject<'a> {
    name: &'a str,
    id: Option<&'a AccountId>,
    /// None of the management account.
    member: Option<&'a Account>,
}

/// What the manifest sets for each account today.
#[must_use]
pub fn wanted(manifest: &Manifest, today: Date) -> Wanted {
    let mut all = Wanted::default();
    let spared: Vec<BTreeSet<&str>> = manifest
        .account_settings
        .iter()
        .map(|entry| spared_accounts(manifest, &entry.except, today, &mut all.findings))
        .collect();
    for subject in subjects(manifest) {
        let reaching: Vec<&AccountSettingsUse> = manifest
            .account_settings
            .iter()
            .zip(&spared)
            .filter(|(entry, spared)| reaches(entry, &subject) && !spared.contains(subject.name))
            .map(|(entry, _)| entry)
            .collect();
        let settings = settings(manifest, &subject, &reaching, &mut all.findings);
        if settings != AccountSettings::default() {
            let address = Address::AccountSettings(subject.name.to_owned());
            all.desired.insert(address, Desired::Present(Spec::AccountSettings(settings)));
        }
    }
    // One entry reaches many accounts, and is wrong in the same way for all of them.
    let mut seen: Vec<Diagnostic> = Vec::new();
    all.findings.retain(|finding| {
        let new = !seen.contains(finding);
        if new {
            seen.push(finding.clone());
        }
        new
    });
    all
}

fn subjects(manifest: &Manifest) -> Vec<Subject<'_>> {
    let management = &manifest.organization.management;
    let members = manifest.accounts.iter().filter(|(_, account)| !account.close);
    let members = members.map(|(name, account)| Subject {
        name,
        id: account.id.as_ref().map(|id| &id.value),
        member: Some(account),
    });
    let management = Subject { name: &management.name.value, id: Some(&management.id.value), member: None };
    members.chain([management]).collect()
}

/// Whether an entry reaches an account: the management account only where it is named.
fn reaches(entry: &AccountSettingsUse, subject: &Subject<'_>) -> bool {
    entry.on.iter().any(|on| match subject.member {
        Some(account) => selects(&on.value, subject.name, &account.unit, account.tags.as_ref()),
        None => matches!(&on.value, Selector::Account(name) if name == subject.name),
    })
}

fn settings(
    manifest: &Manifest,
    subject: &Subject<'_>,
    entries: &[&AccountSettingsUse],
    findings: &mut Vec<Diagnostic>,
) -> AccountSettings {
    let mut choice = Choice { account: subject.name, findings };
    let password_policy = choice.one("passwordPolicy", entries, |entry| entry.password_policy.as_ref());
    let s3 = choice.one("s3PublicAccessBlock", entries, |entry| entry.s3_public_access_block.as_ref());
    let ebs = choice.one("ebsEncryption", entries, |entry| entry.ebs_encryption.as_ref());
    let metadata = choice.one("instanceMetadata", entries, |entry| entry.instance_metadata.as_ref());
    let console = choice.one("serialConsole", entries, |entry| entry.serial_console.as_ref());
    let snapshots = choice.one("snapshotBlock", entries, |entry| entry.snapshot_block.as_ref());
    let images = choice.one("imageBlock", entries, |entry| entry.image_block.as_ref());
    let no_default_vpc = entries.iter().any(|entry| entry.no_default_vpc.is_some());
    if let Some(Spanned { value: EbsEncryption::By(key), span }) = ebs {
        findings.extend(misplaced(manifest, subject, key, *span));
    }
    let in_region = RegionSettings {
        ebs_encryption: ebs.map(|ebs| ebs.value != EbsEncryption::Off),
        ebs_key: ebs.and_then(|ebs| match &ebs.value {
            EbsEncryption::By(EbsKey::Named(name)) => Some(format!("{NAMED_KEY}{name}")),
            EbsEncryption::By(EbsKey::Text(text)) => Some(text.clone()),
            EbsEncryption::On | EbsEncryption::Off => None,
        }),
        instance_metadata: metadata.map(|metadata| metadata.value.clone()),
        serial_console: console.map(|console| console.value),
        snapshot_block: snapshots.map(|snapshots| snapshots.value),
        image_block: images.map(|images| images.value),
        default_vpc: no_default_vpc.then_some(DefaultVpc::Absent),
    };
    let anything = in_region != RegionSettings::default();
    let governed = manifest.organization.regions.iter().filter(|_| anything);
    AccountSettings {
        contacts: contacts(manifest, subject),
        alias: subject.member.and_then(|account| account.alias.as_ref()).map(|alias| alias.value.clone()),
        password_policy: password_policy.map(|policy| policy.value.clone()),
        s3_public_access_block: s3.map(|block| PublicAccessBlock::all(block.value)),
        regions: governed.map(|region| (region.value.clone(), in_region.clone())).collect(),
    }
}

/// Those of all accounts, and in their place the account's own.
fn contacts(manifest: &Manifest, subject: &Subject<'_>) -> BTreeMap<ContactKind, AlternateContact> {
    let own = subject.member.into_iter().flat_map(|account| &account.contacts);
    let all = manifest.organization.contacts.iter().chain(own);
    all.map(|(kind, contact)| {
        let Contact { name, title, email, phone } = &contact.value;
        let contact = AlternateContact {
            name: name.clone(),
            title: title.clone(),
            email: email.clone(),
            phone: phone.clone(),
        };
        (*kind, contact)
    })
    .collect()
}

/// Settings of one account, each out of the entries that reach it.
struct Choice<'f, 'a> {
    account: &'a str,
    findings: &'f mut Vec<Diagnostic>,
}

impl Choice<'_, '_> {
    /// The value that the entries give; a complaint where they give two.
    fn one<'e, T: PartialEq>(
        &mut self,
        setting: &str,
        entries: &[&'e AccountSettingsUse],
        value: impl Fn(&'e AccountSettingsUse) -> Option<&'e Spanned<T>>,
    ) -> Option<&'e Spanned<T>> {
        let mut stated = entries.iter().filter_map(|entry| value(entry));
        let first = stated.next()?;
        if let Some(other) = stated.find(|other| other.value != first.value) {
            let account = self.account;
            self.findings.push(
                Diagnostic::new(
                    code::SETTING_TWICE,
                    format!("`{account}` gets two different values of `{setting}`"),
                )
                .at(other.span, "this one")
                .at(first.span, "and this one")
                .help("take the account out of one of the two entries, or give both the same value"),
            );
        }
        Some(first)
    }
}

/// The complaint about a key that is not where the account's volumes need it.
fn misplaced(manifest: &Manifest, subject: &Subject<'_>, key: &EbsKey, span: Span) -> Option<Diagnostic> {
    let governed: BTreeSet<&str> =
        manifest.organization.regions.iter().map(|region| region.value.as_str()).collect();
    let name = subject.name;
    let what = match key {
        EbsKey::Named(key) => {
            let known = manifest.keys.get(key)?;
            let there: BTreeSet<&str> = known.regions.iter().map(|region| region.value.as_str()).collect();
            if known.account.value != name {
                format!("the key `{key}` is in `{}`, and not in `{name}`", known.account.value)
            } else {
                let lacking = governed.difference(&there).next()?;
                format!("the key `{key}` is not in {lacking}")
            }
        }
        EbsKey::Text(text) => {
            let parts: Vec<&str> = text.splitn(6, ':').collect();
            let ["arn", _, "kms", region, account, _] = parts.as_slice() else { return None };
            if subject.id.is_some_and(|id| id.as_str() != *account) {
                format!("`{text}` is not in the account `{name}`")
            } else {
                let lacking = governed.iter().find(|governed| *governed != region)?;
                format!("`{text}` is not in {lacking}")
            }
        }
    };
    Some(Diagnostic::new(code::SETTING_KEY, what).at(span, "").help(
        "volumes are encrypted by a key of their own account and Region: name one that is in every governed Region, \
         or an alias that is",
    ))
}
