//! The manifest's detective and proactive guardrails: Config rules in packs, Security Hub controls, Guard rules, each
//! with the accounts that get it. Values only; nothing here becomes a desired resource.
//!
//! A pack for the whole organization is one organization conformance pack, which knows excluded accounts and no
//! units; any other goes to its targets as a stack set. The management account is in neither: it is always excluded
//! from the first, stack sets skip it, and where it is named it takes a stack of its own.
//!
//! Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConformancePack.html>.

use super::{name, room};
use glidepath_guardrails::{
    ConfigRule, GuardRules, PackError, PackRoom, Reach, SecurityControl, conformance_packs,
};
use glidepath_manifest::{Diagnostic, Manifest, Quotas, Span, code};
use glidepath_model::limits::Limits;
use glidepath_model::regions::partition;
use glidepath_model::{AccountId, Target};
use std::collections::{BTreeMap, BTreeSet};

/// Places or names of one complaint that are shown.
const SHOWN: usize = 4;

/// What detects, and what judges templates.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detection {
    /// Config rules, in packs, by name.
    pub packs: Vec<DetectionPack>,
    /// Security Hub controls that shall be on.
    pub controls: Vec<DetectionControls>,
    /// Guard rules that templates have to pass.
    pub templates: Vec<TemplateRules>,
    /// Config rules that are left out, since these controls of Security Hub run the same check, by the rule's name.
    pub left_to_security_hub: BTreeMap<String, BTreeSet<String>>,
}

/// A conformance pack and where it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionPack {
    /// Its name: letters, digits and hyphens, the same while its placement is the same.
    pub name: String,
    /// Its template as it is sent: canonical JSON.
    pub template: String,
    /// The Regions it is deployed in. The recorder has to run in each of them.
    pub regions: BTreeSet<String>,
    /// The accounts that get it.
    pub placement: Placement,
    /// Its rules, by name.
    pub rules: Vec<DetectionRule>,
    /// The lines of the manifest that want it.
    pub spans: Vec<Span>,
}

/// A Config rule of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DetectionRule {
    /// The guardrail it is of.
    pub guardrail: String,
    /// Its name in Config.
    pub name: String,
    /// The managed rule.
    pub identifier: String,
}

/// Security Hub controls that shall be on, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionControls {
    /// The controls, by id.
    pub controls: Vec<SecurityControl>,
    /// The accounts in which they shall be on.
    pub placement: Placement,
    /// The lines of the manifest that want them.
    pub spans: Vec<Span>,
}

/// Guard rules and the accounts whose templates have to pass them.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateRules {
    /// The rules.
    pub rules: GuardRules,
    /// The accounts.
    pub placement: Placement,
    /// The lines of the manifest that want them.
    pub spans: Vec<Span>,
}

/// The accounts that get something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placement {
    /// The member accounts.
    pub members: Members,
    /// Whether the management account is named. It is never among the members.
    pub management: bool,
}

/// Member accounts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Members {
    /// All of the organization but these; the management account is one of them.
    Organization {
        /// The accounts that are left out.
        excluded: BTreeSet<AccountId>,
    },
    /// Those of units and single accounts, but these.
    Targets {
        /// Units and accounts; none where only the management account is named.
        targets: BTreeSet<Target>,
        /// The accounts that are left out.
        excluded: BTreeSet<AccountId>,
    },
}

/// A guardrail that detects or judges templates, where the manifest puts it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Watch {
    pub(super) guardrail: String,
    pub(super) means: Means,
    pub(super) targets: BTreeSet<Target>,
    /// The spared accounts, by name.
    pub(super) spared: BTreeMap<String, AccountId>,
    pub(super) spans: Vec<Span>,
}

/// What a guardrail works by.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Means {
    Rules(Vec<ConfigRule>),
    Controls(Vec<SecurityControl>),
    Guard(GuardRules),
}

/// Puts guardrails together. `running` are the controls that Security Hub runs anyway: a Config rule that looks at
/// the same thing is left out, so that nobody pays twice.
pub(super) fn detection(
    manifest: &Manifest,
    watches: Vec<Watch>,
    running: &BTreeSet<String>,
    findings: &mut Vec<Diagnostic>,
) -> Detection {
    let mut all = Detection::default();
    let watches = joined(watches, manifest);
    let mut groups: BTreeMap<Placement, Group> = BTreeMap::new();
    for watch in &watches {
        let group = groups.entry(placement(manifest, watch)).or_default();
        group.add(watch, running, &mut all.left_to_security_hub, findings);
    }
    for (placement, group) in groups {
        group.into_detection(manifest, placement, &mut all, findings);
    }
    all.packs.sort_by(|one, other| one.name.cmp(&other.name));
    too_many(manifest, &all.packs, findings);
    findings.extend(summary(&all, &watches));
    findings.extend(left(&all, &watches));
    all
}

/// The same guardrail with the same content as one; a target below another one that has it is left out.
fn joined(watches: Vec<Watch>, manifest: &Manifest) -> Vec<Watch> {
    let mut all: Vec<Watch> = Vec::new();
    for watch in watches {
        let same = all.iter_mut().find(|known| {
            known.guardrail == watch.guardrail && known.means == watch.means && known.spared == watch.spared
        });
        match same {
            Some(known) => {
                known.targets.extend(watch.targets);
                known.spans.extend(watch.spans);
            }
            None => all.push(watch),
        }
    }
    let management = management(manifest);
    for watch in &mut all {
        let targets = watch.targets.clone();
        watch.targets.retain(|target| {
            *target == management || room::above(manifest, target).all(|upper| !targets.contains(&upper))
        });
    }
    all
}

fn management(manifest: &Manifest) -> Target {
    Target::Account(manifest.organization.management.name.value.clone())
}

fn placement(manifest: &Manifest, watch: &Watch) -> Placement {
    let named = management(manifest);
    let mut targets = watch.targets.clone();
    let management = targets.remove(&named);
    let mut excluded: BTreeSet<AccountId> = watch.spared.values().cloned().collect();
    let is_root = |target: &Target| matches!(target, Target::Unit(path) if path.is_root());
    let members = if targets.iter().any(is_root) {
        excluded.insert(manifest.organization.management.id.value.clone());
        Members::Organization { excluded }
    } else {
        Members::Targets { targets, excluded }
    };
    Placement { members, management }
}

/// What goes to the same accounts.
#[derive(Debug, Default)]
struct Group {
    rules: BTreeMap<String, (ConfigRule, Vec<Span>)>,
    controls: BTreeMap<String, SecurityControl>,
    control_spans: Vec<Span>,
    templates: Vec<(GuardRules, Vec<Span>)>,
}

impl Group {
    fn add(
        &mut self,
        watch: &Watch,
        running: &BTreeSet<String>,
        left: &mut BTreeMap<String, BTreeSet<String>>,
        findings: &mut Vec<Diagnostic>,
    ) {
        match &watch.means {
            Means::Rules(rules) => {
                for rule in rules {
                    if rule.is_covered_by(running) {
                        left.insert(rule.name.clone(), rule.controls.clone());
                        continue;
                    }
                    let known = self.rules.get(&rule.name);
                    if let Some((_, spans)) = known.filter(|(known, _)| known != rule) {
                        findings.push(two_values(&watch.guardrail, spans, &watch.spans));
                        return;
                    }
                    self.rules.insert(rule.name.clone(), (rule.clone(), watch.spans.clone()));
                }
            }
            Means::Controls(controls) => {
                for control in controls {
                    if control.parameters.is_empty() && running.contains(&control.id) {
                        left.insert(control.id.clone(), BTreeSet::from([control.id.clone()]));
                        continue;
                    }
                    if self.controls.get(&control.id).is_some_and(|known| known != control) {
                        findings.push(two_values(&watch.guardrail, &self.control_spans, &watch.spans));
                        return;
                    }
                    self.controls.insert(control.id.clone(), control.clone());
                }
                self.control_spans.extend(&watch.spans);
            }
            Means::Guard(rules) => self.templates.push((rules.clone(), watch.spans.clone())),
        }
    }

    fn into_detection(
        self,
        manifest: &Manifest,
        placement: Placement,
        all: &mut Detection,
        findings: &mut Vec<Diagnostic>,
    ) {
        if !self.controls.is_empty() {
            all.controls.push(DetectionControls {
                controls: self.controls.into_values().collect(),
                placement: placement.clone(),
                spans: self.control_spans,
            });
        }
        for (rules, spans) in self.templates {
            all.templates.push(TemplateRules { rules, placement: placement.clone(), spans });
        }
        if self.rules.is_empty() {
            return;
        }
        let spans: BTreeMap<&String, &Vec<Span>> =
            self.rules.iter().map(|(name, (_, spans))| (name, spans)).collect();
        let rules: Vec<ConfigRule> = self.rules.values().map(|(rule, _)| rule.clone()).collect();
        let spans_of = |rules: &[ConfigRule]| -> Vec<Span> {
            let found = rules.iter().filter_map(|rule| spans.get(&rule.name)).flat_map(|spans| spans.iter());
            found.copied().collect::<BTreeSet<Span>>().into_iter().collect()
        };
        let name = name::pack(&placement);
        match conformance_packs(&name, &rules, &reach(manifest), pack_room()) {
            Err(error) => findings.push(no_room(&error, &spans_of(&rules))),
            Ok(packs) => {
                findings.extend(not_offered(&packs.unavailable, &spans));
                all.packs.extend(packs.packs.into_iter().map(|pack| DetectionPack {
                    template: pack.body(),
                    placement: placement.clone(),
                    spans: spans_of(&pack.rules),
                    rules: pack.rules.iter().map(described).collect(),
                    name: pack.name,
                    regions: pack.regions,
                }));
            }
        }
    }
}

fn described(rule: &ConfigRule) -> DetectionRule {
    DetectionRule {
        guardrail: rule.guardrail.clone(),
        name: rule.name.clone(),
        identifier: rule.managed.identifier.to_owned(),
    }
}

fn reach(manifest: &Manifest) -> Reach {
    let organization = &manifest.organization;
    let home = organization.home.value.clone();
    let of_home = glidepath_model::regions::region(&home).and_then(|region| partition(&region.partition));
    Reach {
        governed: organization.regions.iter().map(|region| region.value.clone()).collect(),
        control: of_home.map_or_else(|| home.clone(), |partition| partition.control_region.clone()),
        home,
    }
}

/// A pack is sent inside a CloudFormation template, as a text in which each quotation mark takes two bytes; both
/// have the same limit.
const SHARE_OF_TEMPLATE: usize = 2;

fn pack_room() -> PackRoom {
    let Ok(limits) = Limits::published() else { return PackRoom { rules: 0, bytes: 0 } };
    let size = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    PackRoom {
        rules: size(limits.limits.rules_per_conformance_pack.value),
        bytes: size(limits.limits.conformance_pack_size.value) / SHARE_OF_TEMPLATE,
    }
}

fn two_values(guardrail: &str, one: &[Span], other: &[Span]) -> Diagnostic {
    let summary = format!("`{guardrail}` holds on the same accounts with two values");
    let places = one.iter().take(1).chain(other.iter().take(1));
    places
        .fold(Diagnostic::new(code::TWO_VALUES, summary), |diagnostic, span| diagnostic.at(*span, ""))
        .help("keep one of the two entries")
}

fn no_room(error: &PackError, spans: &[Span]) -> Diagnostic {
    let diagnostic = Diagnostic::new(code::NO_ROOM, error.to_string());
    spans
        .iter()
        .take(SHOWN)
        .fold(diagnostic, |diagnostic, span| diagnostic.at(*span, ""))
        .help("give it fewer values: each item of such a list is a rule of its own")
}

/// Notes on Regions that AWS does not offer rules in, one a Region.
fn not_offered(
    unavailable: &BTreeMap<String, BTreeSet<String>>,
    spans: &BTreeMap<&String, &Vec<Span>>,
) -> Vec<Diagnostic> {
    let mut by_region: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (rule, regions) in unavailable {
        for region in regions {
            by_region.entry(region).or_default().push(rule);
        }
    }
    let note = |(region, rules): (&String, Vec<&String>)| {
        let shown: Vec<String> = rules.iter().take(SHOWN).map(|rule| format!("`{rule}`")).collect();
        let more = match rules.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let summary = format!("AWS does not offer {}{more} in `{region}`", shown.join(", "));
        let first = rules.first().and_then(|rule| spans.get(rule)).and_then(|spans| spans.first());
        let diagnostic = Diagnostic::new(code::RULE_NOT_OFFERED, summary);
        let diagnostic = first.into_iter().fold(diagnostic, |one, span| one.at(*span, ""));
        diagnostic.help("they run in the other governed Regions; look there by other means")
    };
    by_region.into_iter().map(note).collect()
}

/// Whether some account gets more rules or packs than AWS lets it have.
fn too_many(manifest: &Manifest, packs: &[DetectionPack], findings: &mut Vec<Diagnostic>) {
    let rules_at_most = Quotas::new(&manifest.organization.limits).config_rules();
    let packs_at_most = Limits::published().map_or(u64::MAX, |limits| limits.limits.conformance_packs.value);
    let mut told = BTreeSet::new();
    for account in manifest.accounts.keys().chain([&manifest.organization.management.name.value]) {
        let mut counts: BTreeMap<&String, (u64, u64, BTreeSet<Span>)> = BTreeMap::new();
        for pack in packs.iter().filter(|pack| gets(manifest, &pack.placement, account)) {
            for region in &pack.regions {
                let (rules, packs, spans) = counts.entry(region).or_default();
                *rules += u64::try_from(pack.rules.len()).unwrap_or(u64::MAX);
                *packs += 1;
                spans.extend(&pack.spans);
            }
        }
        for (region, (rules, packs, spans)) in counts {
            let (what, count, most) = if rules > rules_at_most {
                ("Config rules", rules, rules_at_most)
            } else if packs > packs_at_most {
                ("conformance packs", packs, packs_at_most)
            } else {
                continue;
            };
            // Accounts of one unit have the same complaint; the first of them stands for all.
            if !told.insert((region, what, spans.clone())) {
                continue;
            }
            let summary = format!("`{account}` gets {count} {what} in `{region}`, and {most} are the most");
            let diagnostic = Diagnostic::new(code::TOO_MANY_RULES, summary);
            let places = spans.iter().take(SHOWN);
            findings.push(places.fold(diagnostic, |diagnostic, span| diagnostic.at(*span, "")).help(
                "put fewer guardrails there, or state a raised quota: `organization.limits.configRules`",
            ));
        }
    }
}

/// Whether an account is among those that get something.
pub(super) fn gets(manifest: &Manifest, placement: &Placement, account: &str) -> bool {
    let Some(member) = manifest.accounts.get(account) else { return placement.management };
    let id = member.id.as_ref().map(|id| &id.value);
    let is_excluded = |excluded: &BTreeSet<AccountId>| id.is_some_and(|id| excluded.contains(id));
    match &placement.members {
        Members::Organization { excluded } => !is_excluded(excluded),
        Members::Targets { targets, excluded } => {
            let own = Target::Account(account.to_owned());
            let reached =
                targets.contains(&own) || room::above(manifest, &own).any(|upper| targets.contains(&upper));
            reached && !is_excluded(excluded)
        }
    }
}

/// The note on what is resolved and deployed by nobody here, with its counts.
fn summary(all: &Detection, watches: &[Watch]) -> Option<Diagnostic> {
    let left = watches.iter().filter(|watch| matches!(watch.means, Means::Controls(_)));
    let first = left.clone().flat_map(|watch| &watch.spans).min()?;
    let guardrails: BTreeSet<&str> = left.map(|watch| watch.guardrail.as_str()).collect();
    let controls: usize = all.controls.iter().map(|one| one.controls.len()).sum();
    let summary = format!(
        "{} resolved and not deployed: {}",
        counted(guardrails.len(), "guardrail"),
        counted(controls, "Security Hub control")
    );
    Some(
        Diagnostic::new(code::DETECTION_RESOLVED, summary)
            .at(*first, "the first of them")
            .help("controls are set in Security Hub by hand"),
    )
}

/// The note on what Security Hub does anyway.
fn left(all: &Detection, watches: &[Watch]) -> Option<Diagnostic> {
    let count = all.left_to_security_hub.len();
    let first = watches.iter().flat_map(|watch| &watch.spans).min().filter(|_| count > 0)?;
    let shown: Vec<String> =
        all.left_to_security_hub.keys().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = match count.saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let summary = format!(
        "{} left to Security Hub, which runs the same: {}{more}",
        if count == 1 { "1 check is".to_owned() } else { format!("{count} checks are") },
        shown.join(", ")
    );
    Some(
        Diagnostic::new(code::LEFT_TO_SECURITY_HUB, summary)
            .at(*first, "the first guardrail that detects")
            .help("nobody pays twice; with another value than AWS's own, a guardrail has a rule of its own"),
    )
}

/// A number with its noun, whose head word comes first where it has an `of` or `left` behind it.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        return format!("1 {noun}");
    }
    let end = [" of ", " left "].iter().find_map(|word| noun.find(word)).unwrap_or(noun.len());
    let (head, rest) = noun.split_at(end);
    format!("{count} {head}s{rest}")
}
