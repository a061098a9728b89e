//! Conformance packs of Config rules: which rules go together, where they are deployed, and the template of each.
//!
//! Rules are put together by the Regions they run in. Those of one such set are divided by the digests of their
//! guardrails' ids, bit by bit, until each share fits into a pack. Which share a guardrail falls in does not depend
//! on the others, so that adding or removing one touches its own pack and at most splits or joins it.
//!
//! Source: <https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html>,
//! <https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html>.

use crate::config_rule::{ConfigRule, RulePlace, Scope};
use crate::managed::Trigger;
use glidepath_model::Digest;
use glidepath_model::canonical::canonical_json;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Digits of a digest that stand for a set of Regions in a pack's name.
const DIGITS: usize = 8;

/// Bits of a digest by which rules are divided at the most: 65,536 shares.
const BITS: usize = 16;

/// Where rules can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The governed Regions.
    pub governed: BTreeSet<String>,
    /// The home Region.
    pub home: String,
    /// The Region in which global services are looked at, governed or not.
    pub control: String,
}

/// What one pack may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackRoom {
    /// Config rules.
    pub rules: usize,
    /// Bytes of the template.
    pub bytes: usize,
}

/// Config rules that are deployed together.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// Its name: letters, digits and hyphens.
    pub name: String,
    /// The Regions it is deployed in.
    pub regions: BTreeSet<String>,
    /// Its rules, by name.
    pub rules: Vec<ConfigRule>,
}

/// What a set of rules comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Packs {
    /// The packs, by name.
    pub packs: Vec<Pack>,
    /// Rules that do not run in some governed Region, since AWS does not offer them there, with those Regions.
    pub unavailable: BTreeMap<String, BTreeSet<String>>,
}

/// Why rules cannot be put into packs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The rules of one guardrail are more than a pack holds.
    #[error("the Config rules of `{guardrail}` do not fit into one conformance pack")]
    TooLarge {
        /// The guardrail.
        guardrail: String,
    },
}

impl ConfigRule {
    /// The Regions it runs in, and the governed ones where it should and cannot.
    #[must_use]
    pub fn regions(&self, reach: &Reach) -> (BTreeSet<String>, BTreeSet<String>) {
        let wanted = match self.place {
            RulePlace::EveryRegion => reach.governed.clone(),
            RulePlace::Home => BTreeSet::from([reach.home.clone()]),
        };
        let (found, missing): (BTreeSet<String>, BTreeSet<String>) =
            wanted.into_iter().partition(|region| self.managed.is_in(region));
        // What AWS looks at from one Region alone is looked at from there, and misses nothing elsewhere.
        if found.is_empty() && self.managed.is_in(&reach.control) {
            return (BTreeSet::from([reach.control.clone()]), BTreeSet::new());
        }
        (found, missing)
    }

    /// Its resource in a template.
    #[must_use]
    pub fn resource(&self) -> Json {
        let mut properties = Map::new();
        properties.insert("ConfigRuleName".to_owned(), self.name.as_str().into());
        properties.insert("Description".to_owned(), self.description.as_str().into());
        if !self.inputs.is_empty() {
            let inputs: Map<String, Json> = self.inputs.clone().into_iter().collect();
            properties.insert("InputParameters".to_owned(), inputs.into());
        }
        let scope = match &self.scope {
            Scope::Account => None,
            Scope::Types(types) if types.is_empty() => None,
            Scope::Types(types) => Some(json!({ "ComplianceResourceTypes": types })),
            Scope::Tag { key, value: None } => Some(json!({ "TagKey": key })),
            Scope::Tag { key, value: Some(value) } => Some(json!({ "TagKey": key, "TagValue": value })),
        };
        if let Some(scope) = scope.filter(|_| self.managed.trigger != Trigger::Periodic) {
            properties.insert("Scope".to_owned(), scope);
        }
        let source = json!({ "Owner": "AWS", "SourceIdentifier": self.managed.identifier });
        properties.insert("Source".to_owned(), source);
        json!({ "Type": "AWS::Config::ConfigRule", "Properties": properties })
    }

    /// The name of its resource: letters and digits.
    fn logical_id(&self) -> String {
        let words = self.name.split(|character: char| !character.is_ascii_alphanumeric());
        words
            .filter_map(|word| {
                let mut characters = word.chars();
                let first = characters.next()?.to_ascii_uppercase();
                Some(std::iter::once(first).chain(characters).collect::<String>())
            })
            .collect()
    }
}

impl Pack {
    /// Its template.
    #[must_use]
    pub fn template(&self) -> Json {
        template(self.rules.iter())
    }

    /// The text of its template: canonical, so that equal packs are equal texts. JSON is also YAML.
    #[must_use]
    pub fn body(&self) -> String {
        canonical_json(&self.template())
    }
}

/// Makes packs of rules. `name` begins the name of each: letters, digits and hyphens, a letter first.
///
/// # Errors
/// [`PackError`] when the rules of a single guardrail do not fit.
pub fn conformance_packs(
    name: &str,
    rules: &[ConfigRule],
    reach: &Reach,
    room: PackRoom,
) -> Result<Packs, PackError> {
    let mut all = Packs::default();
    let mut by_regions: BTreeMap<BTreeSet<String>, Vec<ConfigRule>> = BTreeMap::new();
    for rule in rules {
        let (regions, missing) = rule.regions(reach);
        if !missing.is_empty() {
            all.unavailable.insert(rule.name.clone(), missing);
        }
        if !regions.is_empty() {
            by_regions.entry(regions).or_default().push(rule.clone());
        }
    }
    for (regions, mut rules) in by_regions {
        rules.sort_by(|one, other| one.name.cmp(&other.name));
        rules.dedup();
        let end = if regions == reach.governed {
            String::new()
        } else if regions == BTreeSet::from([reach.home.clone()]) {
            "-home".to_owned()
        } else if regions == BTreeSet::from([reach.control.clone()]) {
            "-control".to_owned()
        } else {
            let listed: Vec<&str> = regions.iter().map(String::as_str).collect();
            let digest = Digest::of_bytes(listed.join(" ").as_bytes());
            format!("-{}", digest.as_str().chars().take(DIGITS).collect::<String>())
        };
        for (bits, rules) in divided(rules, room)? {
            let label = if bits.is_empty() { String::new() } else { format!("-{bits}") };
            let name = format!("{name}{end}{label}");
            all.packs.push(Pack { name, regions: regions.clone(), rules });
        }
    }
    all.packs.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// Rules in shares that fit, each with the bits that its guardrails have in common.
fn divided(rules: Vec<ConfigRule>, room: PackRoom) -> Result<Vec<(String, Vec<ConfigRule>)>, PackError> {
    let mut open = vec![(String::new(), rules)];
    let mut done = Vec::new();
    while let Some((bits, rules)) = open.pop() {
        if rules.is_empty() {
            continue;
        }
        if fits(&rules, room) {
            done.push((bits, rules));
            continue;
        }
        let guardrails: BTreeSet<&str> = rules.iter().map(|rule| rule.guardrail.as_str()).collect();
        if guardrails.len() == 1 || bits.len() >= BITS {
            let guardrail = rules.first().map(|rule| rule.guardrail.clone()).unwrap_or_default();
            return Err(PackError::TooLarge { guardrail });
        }
        let (ones, zeros): (Vec<_>, Vec<_>) =
            rules.into_iter().partition(|rule| has_bit(&rule.guardrail, bits.len()));
        open.push((format!("{bits}0"), zeros));
        open.push((format!("{bits}1"), ones));
    }
    Ok(done)
}

fn fits(rules: &[ConfigRule], room: PackRoom) -> bool {
    rules.len() <= room.rules && canonical_json(&template(rules.iter())).len() <= room.bytes
}

/// Whether a bit of the digest of a guardrail's id is set, the first one being 0.
fn has_bit(guardrail: &str, at: usize) -> bool {
    let digest = Digest::of_bytes(guardrail.as_bytes());
    let digit = digest.as_str().chars().nth(at / 4).and_then(|digit| digit.to_digit(16)).unwrap_or(0);
    digit & (8 >> (at % 4)) != 0
}

fn template<'r>(rules: impl Iterator<Item = &'r ConfigRule>) -> Json {
    let mut resources: Map<String, Json> = Map::new();
    for rule in rules {
        let mut id = rule.logical_id();
        if resources.contains_key(&id) {
            let digest = Digest::of_bytes(rule.name.as_bytes());
            id.extend(digest.as_str().chars().take(DIGITS));
        }
        resources.insert(id, rule.resource());
    }
    json!({ "Resources": resources })
}
