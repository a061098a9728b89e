//! From applications to policies: statements packed by set of targets, declarative documents one by one.

use super::room::Room;
use super::{Application, Origin, Rule, name};
use crate::kind::attachment::AttachmentSpec;
use crate::kind::policy::PolicySpec;
use crate::kind::policy_type::PolicyTypeSpec;
use crate::ownership::marked;
use crate::spec::{Desired, Spec};
use glidepath_iam::document::minified;
use glidepath_iam::pack::{Capacity, PackError, Packed, Portion, pack};
use glidepath_manifest::manifest::{Manifest, Switch};
use glidepath_manifest::{Diagnostic, Span, code};
use glidepath_model::{Address, PolicyType, Tags, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Places of one complaint that are shown.
const SHOWN: usize = 6;

/// The policies that guardrails become.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub(super) desired: BTreeMap<Address, Desired>,
    pub(super) origins: BTreeMap<Address, Vec<Origin>>,
    pub(super) findings: Vec<Diagnostic>,
}

/// Makes the policies, their attachments and the policy types they need.
pub(super) fn documents(manifest: &Manifest, applications: &[Application]) -> Documents {
    let mut draft = Draft { manifest, room: Room::of(manifest), documents: Documents::default() };
    for ty in PolicyType::ALL.iter().copied() {
        let of_type: Vec<&Application> = applications.iter().filter(|one| one.ty == ty).collect();
        if of_type.is_empty() {
            continue;
        }
        draft.enable(ty, &of_type);
        if ty.is_declarative() {
            draft.declare(ty, &of_type);
        } else {
            draft.pack(ty, &of_type);
        }
    }
    draft.documents
}

/// A set of targets.
type Targets = BTreeSet<Target>;

struct Draft<'m> {
    manifest: &'m Manifest,
    room: Room<'m>,
    documents: Documents,
}

impl Draft<'_> {
    fn enable(&mut self, ty: PolicyType, applications: &[&Application]) {
        let spec = Spec::PolicyType(PolicyTypeSpec { api_name: ty.api_name().to_owned() });
        self.documents.desired.insert(Address::PolicyType(ty), Desired::Present(spec));
        let stated = self.manifest.organization.policy_types.get(&ty);
        if let Some(absent) = stated.filter(|switch| switch.value == Switch::Absent)
            && let Some(first) = applications.iter().find_map(|one| Some((one, one.spans.first()?)))
        {
            let summary = format!("policies of type `{ty}` shall be off, and `{}` is one", first.0.guardrail);
            self.documents.findings.push(
                Diagnostic::new(code::CONTRADICTION, summary)
                    .at(absent.span, "absent here")
                    .at(*first.1, "wanted here")
                    .help("keep one of the two"),
            );
        }
    }

    fn pack(&mut self, ty: PolicyType, applications: &[&Application]) {
        let sets = match packed_sets(ty, applications, &self.room) {
            Ok(sets) => sets,
            Err(no_room) => {
                self.documents.findings.push(no_room.complaint(ty, applications));
                return;
            }
        };
        for (targets, packed) in sets {
            for document in packed {
                let name = name::packed(&targets, &document.label);
                let sources: Vec<&Application> = applications
                    .iter()
                    .copied()
                    .filter(|one| {
                        document.sources.contains(&one.guardrail) && one.targets.is_superset(&targets)
                    })
                    .collect();
                let text = minified(&document.document);
                let value = serde_json::from_str(&text).unwrap_or(Value::Null);
                self.policy(ty, &name, value, &targets, &sources);
            }
        }
    }

    fn declare(&mut self, ty: PolicyType, applications: &[&Application]) {
        self.two_values(applications);
        for application in applications {
            let Rule::Document { document, spared } = &application.rule else { continue };
            let undone: Targets = application.spared.iter().cloned().map(Target::Account).collect();
            // What is attached to a spared account itself is simply left off.
            let targets: Targets = application.targets.difference(&undone).cloned().collect();
            let name = name::declarative(&application.guardrail, &application.targets);
            self.policy(ty, &name, document.clone(), &targets, &[application]);
            let inheriting: Targets =
                undone.into_iter().filter(|account| !application.targets.contains(account)).collect();
            if let Some(spared) = spared.as_ref().filter(|_| !inheriting.is_empty()) {
                let name = name::undoing(&application.guardrail, &application.targets);
                self.policy(ty, &name, spared.clone(), &inheriting, &[application]);
            }
        }
        self.full(ty, applications);
    }

    /// A guardrail with two values on one target.
    fn two_values(&mut self, applications: &[&Application]) {
        for (at, one) in applications.iter().enumerate() {
            for other in applications.iter().skip(at + 1).filter(|other| other.guardrail == one.guardrail) {
                let Some(target) = one.targets.intersection(&other.targets).next() else { continue };
                let summary =
                    format!("`{}` is used twice on `{target}`, and not in the same way", one.guardrail);
                let mut finding = Diagnostic::new(code::TWO_VALUES, summary);
                for span in other.spans.first().into_iter().chain(one.spans.first()) {
                    finding = finding.at(*span, "");
                }
                self.documents.findings.push(finding.help("keep one of the two, or name targets apart"));
            }
        }
    }

    /// Targets that have more declarative policies than AWS takes.
    fn full(&mut self, ty: PolicyType, applications: &[&Application]) {
        let mut attached: BTreeMap<Target, usize> = BTreeMap::new();
        for address in self.documents.desired.keys() {
            if let Address::Attachment { ty: its_type, target, .. } = address
                && *its_type == ty
            {
                *attached.entry(target.clone()).or_default() += 1;
            }
        }
        let mut crowded = attached.into_iter().filter(|(target, count)| *count > self.room.left(ty, target));
        if let Some((target, needed)) = crowded.next() {
            let capacity = self.room.left(ty, &target);
            let no_room =
                NoRoom { targets: Targets::from([target]), cause: PackError::Documents { needed, capacity } };
            self.documents.findings.push(no_room.complaint(ty, applications));
        }
    }

    fn policy(
        &mut self,
        ty: PolicyType,
        name: &str,
        document: Value,
        targets: &Targets,
        sources: &[&Application],
    ) {
        if targets.is_empty() {
            return;
        }
        let address = Address::Policy { ty, name: name.to_owned() };
        if let Some(policy) = self.manifest.policies.get(name).filter(|policy| policy.ty == ty) {
            self.documents.findings.push(
                Diagnostic::new(
                    code::RESERVED_NAME,
                    format!("the policy name `{name}` is taken by guardrails"),
                )
                .at(policy.span, "")
                .help("give the policy another name"),
            );
        }
        let length = document.to_string().chars().count();
        if length > self.room.characters(ty) {
            let source_name = sources.first().map(|one| one.guardrail.clone()).unwrap_or_default();
            let cause =
                PackError::Statement { source_name, characters: length, capacity: self.room.characters(ty) };
            self.documents.findings.push(NoRoom { targets: targets.clone(), cause }.complaint(ty, sources));
        }
        let ids: BTreeSet<&str> = sources.iter().map(|one| one.guardrail.as_str()).collect();
        let spec = PolicySpec {
            description: name::description(ids),
            document,
            tags: marked(&Tags::new(), &self.manifest.organization.name.value, &address),
        };
        for target in targets {
            let attachment = Address::Attachment { ty, policy: name.to_owned(), target: target.clone() };
            let spec = Spec::Attachment(AttachmentSpec { aws_managed: false });
            self.documents.desired.insert(attachment, Desired::Present(spec));
        }
        let mut origins: Vec<Origin> = sources
            .iter()
            .flat_map(|one| {
                one.spans.iter().map(|span| Origin { guardrail: one.guardrail.clone(), span: *span })
            })
            .collect();
        origins.sort();
        origins.dedup();
        self.documents.origins.insert(address.clone(), origins);
        self.documents.desired.insert(address, Desired::Present(Spec::Policy(spec)));
    }
}

/// Why something does not fit, and where.
struct NoRoom {
    targets: Targets,
    cause: PackError,
}

impl NoRoom {
    fn complaint(&self, ty: PolicyType, applications: &[&Application]) -> Diagnostic {
        let place = self.targets.first().map(ToString::to_string).unwrap_or_default();
        let what = match &self.cause {
            PackError::Statement { source_name, characters, capacity } => {
                format!("`{source_name}` takes {characters} characters, and a policy holds {capacity}")
            }
            PackError::Documents { needed, capacity } => {
                format!("they take {needed} policies, and there is room for {capacity}")
            }
        };
        let summary = format!("guardrails of type `{ty}` do not fit on `{place}`: {what}");
        let here = applications.iter().filter(|one| !one.targets.is_disjoint(&self.targets));
        let spans: BTreeSet<Span> = here.flat_map(|one| one.spans.iter().copied()).collect();
        let diagnostic = Diagnostic::new(code::NO_ROOM, summary);
        let shown = spans.into_iter().take(SHOWN).fold(diagnostic, |found, span| found.at(span, ""));
        shown.help("put some one level higher or lower, or state a raised quota under `organization.limits`")
    }
}

/// The documents of one type, by the set of targets that they are attached to.
///
/// Guardrails on the same targets share documents. A target in several sets has the documents of all of
/// them; where these are too many, the sets are packed more densely, the largest first, and where that does
/// not help the target gets documents of its own.
fn packed_sets(
    ty: PolicyType,
    applications: &[&Application],
    room: &Room<'_>,
) -> Result<BTreeMap<Targets, Vec<Packed>>, NoRoom> {
    let mut alone = Targets::new();
    loop {
        let sets = portions(applications, &alone);
        match settle(ty, &sets, room)? {
            Settled::Fits(packed) => return Ok(packed),
            Settled::Crowded(target) => {
                alone.insert(target);
            }
        }
    }
}

type Portions = BTreeMap<Targets, Vec<Portion>>;

/// The statements by set of targets, and by guardrail within it. Targets that stand alone are in no other set.
fn portions(applications: &[&Application], alone: &Targets) -> Portions {
    let mut sets: BTreeMap<Targets, BTreeMap<&str, Portion>> = BTreeMap::new();
    for application in applications {
        let Rule::Statements(statements) = &application.rule else { continue };
        let together: Targets = application.targets.difference(alone).cloned().collect();
        let single = application.targets.intersection(alone).map(|target| Targets::from([target.clone()]));
        for targets in single.chain([together]).filter(|targets| !targets.is_empty()) {
            let source = application.guardrail.as_str();
            let portion = sets
                .entry(targets)
                .or_default()
                .entry(source)
                .or_insert_with(|| Portion { source: source.to_owned(), statements: Vec::new() });
            for statement in statements {
                if !portion.statements.contains(statement) {
                    portion.statements.push(statement.clone());
                }
            }
        }
    }
    sets.into_iter().map(|(targets, by_source)| (targets, by_source.into_values().collect())).collect()
}

/// What came of packing every set.
enum Settled {
    /// Everything has room.
    Fits(BTreeMap<Targets, Vec<Packed>>),
    /// Several sets meet on this target and cannot be packed more densely.
    Crowded(Target),
}

fn settle(ty: PolicyType, sets: &Portions, room: &Room<'_>) -> Result<Settled, NoRoom> {
    let characters = room.characters(ty);
    let mut packed: BTreeMap<Targets, Vec<Packed>> = BTreeMap::new();
    for (targets, portions) in sets {
        let documents = targets.iter().map(|target| room.left(ty, target)).min().unwrap_or(0);
        let found = pack(portions, Capacity { characters, documents });
        packed.insert(targets.clone(), found.map_err(|cause| NoRoom { targets: targets.clone(), cause })?);
    }
    let mut dense: BTreeSet<Targets> = BTreeSet::new();
    while let Some((target, needed)) = crowded(ty, &packed, room) {
        let here = packed.iter().filter(|(targets, documents)| {
            targets.contains(&target) && documents.len() > 1 && !dense.contains(*targets)
        });
        let largest = here.max_by_key(|(_, documents)| documents.len());
        if let Some((targets, documents)) = largest.map(|(targets, found)| (targets.clone(), found.len() - 1))
        {
            let portions = sets.get(&targets).map_or(&[][..], Vec::as_slice);
            match pack(portions, Capacity { characters, documents }) {
                Ok(fewer) => {
                    packed.insert(targets, fewer);
                }
                Err(_) => {
                    dense.insert(targets);
                }
            }
            continue;
        }
        if packed.keys().filter(|targets| targets.contains(&target)).count() > 1 {
            return Ok(Settled::Crowded(target));
        }
        let capacity = room.left(ty, &target);
        let cause = PackError::Documents { needed, capacity };
        return Err(NoRoom { targets: Targets::from([target]), cause });
    }
    Ok(Settled::Fits(packed))
}

/// The first target that has more documents than it takes, and how many.
fn crowded(
    ty: PolicyType,
    packed: &BTreeMap<Targets, Vec<Packed>>,
    room: &Room<'_>,
) -> Option<(Target, usize)> {
    let mut counts: BTreeMap<&Target, usize> = BTreeMap::new();
    for (targets, documents) in packed {
        for target in targets {
            *counts.entry(target).or_default() += documents.len();
        }
    }
    let mut over = counts.into_iter().filter(|(target, count)| *count > room.left(ty, target));
    over.next().map(|(target, count)| (target.clone(), count))
}
