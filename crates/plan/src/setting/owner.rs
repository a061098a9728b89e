//! Whether anything else sets for an account what `accountSettings` sets: two owners of one setting refuse each other or
//! change it back and forth. And where one policy would do what is set account by account.

use super::{Subject, reaches, subjects};
use crate::guardrail::{Application, Rule};
use crate::spec::{Desired, Spec};
use crate::zone::attachment_targets;
use glidepath_blueprints::Switch;
use glidepath_manifest::manifest::{
    AccountSettingsUse, EbsEncryption, Manifest, Policy, PolicyBody, Switch as ManifestSwitch,
};
use glidepath_manifest::{Diagnostic, Span, code};
use glidepath_model::account_settings::{HttpTokens, RootFeature, SnapshotBlock};
use glidepath_model::{Address, PolicyType, Selector, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A setting of an account that something else can set too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    S3PublicAccessBlock,
    InstanceMetadata,
    SerialConsole,
    SnapshotBlock,
    ImageBlock,
}

impl Shared {
    const ALL: [Self; 5] = [
        Self::S3PublicAccessBlock,
        Self::InstanceMetadata,
        Self::SerialConsole,
        Self::SnapshotBlock,
        Self::ImageBlock,
    ];

    /// Its key in the manifest.
    fn key(self) -> &'static str {
        match self {
            Self::S3PublicAccessBlock => "s3PublicAccessBlock",
            Self::InstanceMetadata => "instanceMetadata",
            Self::SerialConsole => "serialConsole",
            Self::SnapshotBlock => "snapshotBlock",
            Self::ImageBlock => "imageBlock",
        }
    }

    /// The type of policy that sets it, and where in a document.
    ///
    /// Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ec2_syntax.html>,
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3_syntax.html>
    fn attribute(self) -> (PolicyType, &'static str) {
        match self {
            Self::S3PublicAccessBlock => (PolicyType::S3, "/s3_attributes/public_access_block_configuration"),
            Self::InstanceMetadata => (PolicyType::Ec2, "/ec2_attributes/instance_metadata_defaults"),
            Self::SerialConsole => (PolicyType::Ec2, "/ec2_attributes/serial_console_access"),
            Self::SnapshotBlock => (PolicyType::Ec2, "/ec2_attributes/snapshot_block_public_access"),
            Self::ImageBlock => (PolicyType::Ec2, "/ec2_attributes/image_block_public_access"),
        }
    }

    /// The type of resource by which a stack sets it.
    fn resource(self) -> Option<&'static str> {
        match self {
            Self::SnapshotBlock => Some("AWS::EC2::SnapshotBlockPublicAccess"),
            Self::S3PublicAccessBlock | Self::InstanceMetadata | Self::SerialConsole | Self::ImageBlock => {
                None
            }
        }
    }

    /// Where an entry states it, and the guardrail of the catalogue that does the same by one policy, if one does.
    fn stated(self, entry: &AccountSettingsUse) -> Option<(Span, Option<&'static str>)> {
        match self {
            Self::S3PublicAccessBlock => entry
                .s3_public_access_block
                .as_ref()
                .map(|block| (block.span, block.value.then_some("org-s3-public-block"))),
            Self::InstanceMetadata => entry.instance_metadata.as_ref().map(|metadata| {
                let required = metadata.value.http_tokens == Some(HttpTokens::Required);
                (metadata.span, required.then_some("ec2-imdsv2-account-default"))
            }),
            Self::SerialConsole => entry
                .serial_console
                .as_ref()
                .map(|console| (console.span, (!console.value).then_some("ec2-serial-console-off"))),
            Self::SnapshotBlock => entry.snapshot_block.as_ref().map(|block| {
                let blocked = block.value != SnapshotBlock::Unblocked;
                (block.span, blocked.then_some("ebs-block-public-snapshots"))
            }),
            Self::ImageBlock => entry
                .image_block
                .as_ref()
                .map(|block| (block.span, block.value.then_some("ami-block-public-sharing"))),
        }
    }
}

/// Complaints about settings with two owners, and notes on those that one policy would set for all. `desired` is what is
/// deployed, by the addresses of stack sets and stacks among others.
pub(crate) fn owners(
    manifest: &Manifest,
    settings: &BTreeMap<Address, Desired>,
    (applications, desired): (&[Application], &BTreeMap<Address, Desired>),
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if manifest.account_settings.is_empty() {
        return findings;
    }
    let subjects = subjects(manifest);
    for entry in &manifest.account_settings {
        for shared in Shared::ALL {
            let Some((span, guardrail)) = shared.stated(entry) else { continue };
            let set = |subject: &&Subject<'_>| {
                let address = Address::AccountSettings(subject.name.to_owned());
                reaches(entry, subject) && settings.contains_key(&address)
            };
            let mut owned = subjects.iter().filter(set).filter_map(|subject| {
                Some((subject, owner(manifest, subject, shared, (applications, desired))?))
            });
            if let Some((subject, owner)) = owned.next() {
                findings.push(two_owners(subject.name, shared, span, &owner));
            } else if let Some(guardrail) = guardrail
                && entry.on.iter().any(|on| matches!(on.value, Selector::Unit(_)))
            {
                findings.push(one_policy(shared, span, guardrail));
            }
        }
    }
    findings
}

/// Whether the manifest sets what a blueprint needs, for every member account that these targets reach: itself, or by a
/// policy of its own.
pub(crate) fn is_set(manifest: &Manifest, targets: &BTreeSet<&Target>, switch: Switch) -> bool {
    let root = RootFeature::CredentialsManagement;
    if switch == Switch::RootCredentials {
        let stated = manifest.organization.root_access.get(&root);
        return stated.is_some_and(|stated| stated.value == ManifestSwitch::On);
    }
    let by_entry = |subject: &Subject<'_>| {
        let mut entries = manifest.account_settings.iter().filter(|entry| reaches(entry, subject));
        entries.any(|entry| match switch {
            Switch::AccountPasswordPolicy => entry.password_policy.is_some(),
            Switch::AccountPublicAccessBlock => {
                entry.s3_public_access_block.as_ref().is_some_and(|block| block.value)
            }
            Switch::EbsEncryptionByDefault => {
                entry.ebs_encryption.as_ref().is_some_and(|ebs| ebs.value != EbsEncryption::Off)
            }
            _ => false,
        })
    };
    let by_policy = |subject: &Subject<'_>| {
        switch == Switch::AccountPublicAccessBlock
            && policy_of(manifest, subject, Shared::S3PublicAccessBlock).is_some()
    };
    let members = subjects(manifest).into_iter().filter(|subject| subject.member.is_some());
    let mut reached = members.filter(|subject| targets.iter().any(|target| holds(target, subject)));
    reached.all(|subject| by_entry(&subject) || by_policy(&subject))
}

/// A policy of the manifest that sets a setting for an account.
fn policy_of<'a>(
    manifest: &'a Manifest,
    subject: &Subject<'_>,
    shared: Shared,
) -> Option<(&'a String, &'a Policy)> {
    let (ty, attribute) = shared.attribute();
    manifest.policies.iter().find(|(_, policy)| {
        let PolicyBody::Own { document, .. } = &policy.body else { return false };
        let targets = policy.on.iter().flat_map(|on| attachment_targets(manifest, &on.value));
        policy.ty == ty
            && document.value.pointer(attribute).is_some()
            && targets.into_iter().any(|target| holds(&target, subject))
    })
}

/// What else sets a setting: in words, and where the manifest says so.
struct Owner {
    what: String,
    span: Option<Span>,
}

fn owner(
    manifest: &Manifest,
    subject: &Subject<'_>,
    shared: Shared,
    (applications, desired): (&[Application], &BTreeMap<Address, Desired>),
) -> Option<Owner> {
    let (ty, attribute) = shared.attribute();
    let here = |target: &Target| holds(target, subject);
    let by_guardrail = applications.iter().find(|application| {
        let Rule::Document { document, spared } = &application.rule else { return false };
        // A spared account gets a policy of its own that sets the attribute to something else.
        let free = spared.is_none() && application.spared.contains(subject.name);
        application.ty == ty
            && document.pointer(attribute).is_some()
            && !free
            && application.targets.iter().any(here)
    });
    if let Some(found) = by_guardrail {
        let what = format!("the guardrail `{}`", found.guardrail);
        return Some(Owner { what, span: found.spans.first().copied() });
    }
    if let Some((name, policy)) = policy_of(manifest, subject, shared) {
        return Some(Owner { what: format!("the policy `{name}`"), span: Some(policy.span) });
    }
    let resource = shared.resource()?;
    let name = desired.iter().find_map(|(address, there)| {
        let Desired::Present(there) = there else { return None };
        match (address, there) {
            (Address::StackSetTargets(name), Spec::StackSetTargets(targets)) => {
                let set = desired.get(&Address::StackSet(name.clone()));
                let Some(Desired::Present(Spec::StackSet(set))) = set else { return None };
                let reached = targets.members.iter().any(|member| here(&member.target));
                (subject.member.is_some() && reached && makes(&set.template, resource)).then_some(name)
            }
            (Address::Stack { name, .. }, Spec::Stack(stack)) => {
                (subject.member.is_none() && makes(&stack.template, resource)).then_some(name)
            }
            _ => None,
        }
    })?;
    let span = manifest.blueprints.iter().find(|entry| entry.name.value == *name).map(|entry| entry.span);
    Some(Owner { what: format!("the blueprint `{name}`"), span })
}

/// Whether what is attached to a target reaches an account. Types that reach members reach the management account too.
fn holds(target: &Target, subject: &Subject<'_>) -> bool {
    match (target, subject.member) {
        (Target::Account(name), _) => name == subject.name,
        (Target::Unit(path), Some(account)) => account.unit.is_within(path),
        (Target::Unit(path), None) => path.is_root(),
    }
}

fn makes(template: &Value, resource: &str) -> bool {
    let resources = template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    resources.into_iter().any(|(_, one)| one.get("Type").and_then(Value::as_str) == Some(resource))
}

fn two_owners(account: &str, shared: Shared, span: Span, owner: &Owner) -> Diagnostic {
    let summary = format!("{} sets for `{account}` what `{}` sets too", owner.what, shared.key());
    let found = Diagnostic::new(code::SETTING_OWNERS, summary).at(span, "set here");
    let found = match owner.span {
        Some(other) => found.at(other, "and by this"),
        None => found,
    };
    found.help("keep one of the two: a policy holds for accounts that come later, and nobody in an account undoes it")
}

fn one_policy(shared: Shared, span: Span, guardrail: &str) -> Diagnostic {
    let summary =
        format!("one policy would do for the whole unit what `{}` does account by account", shared.key());
    Diagnostic::new(code::SETTING_BY_POLICY, summary).at(span, "").help(format!(
        "use the guardrail `{guardrail}` instead: it holds for accounts that come later, and takes no call in an account"
    ))
}
