//! AWS Config's managed rules as data: what fires them, which resources they look at, which inputs they take and
//! in which Regions there are any.
//!
//! Read on first use from `data/config-rules.txt`, which `cargo xtask config-rules` writes; its head tells source,
//! licence and date. Source of the facts:
//! <https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html>.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static TEXT: &str = include_str!("../data/config-rules.txt");

static RULES: LazyLock<BTreeMap<&'static str, ManagedRule>> = LazyLock::new(read);

/// A managed rule of AWS Config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedRule {
    /// Its identifier, which a rule names as its source: `ACCESS_KEYS_ROTATED`.
    pub identifier: &'static str,
    /// What fires it.
    pub trigger: Trigger,
    /// The resource types it looks at; none for some that look at the account.
    pub types: Vec<&'static str>,
    /// The inputs it takes.
    pub inputs: Vec<Input>,
    availability: Availability,
}

/// What fires a managed rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    /// A change of a resource that the recorder writes down.
    Change,
    /// The clock.
    Periodic,
    /// Either.
    Both,
}

impl Trigger {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Change => "on change",
            Self::Periodic => "periodically",
            Self::Both => "on change and periodically",
        }
    }
}

/// An input of a managed rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: &'static str,
    /// What its text must look like.
    pub ty: InputType,
    /// Whether the rule runs without it.
    pub optional: bool,
    /// The value that AWS takes where none is given.
    pub default: Option<&'static str>,
}

/// What an input looks like; Config sends all of them as texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputType {
    /// Texts with commas between them.
    Csv,
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// Keys with values: `key:value,key:value`.
    Map,
}

impl InputType {
    /// Whether a text can be a value.
    #[must_use]
    pub fn takes(self, text: &str) -> bool {
        match self {
            Self::Csv | Self::Text | Self::Map => !text.is_empty(),
            Self::Integer => text.parse::<i64>().is_ok(),
            Self::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
            Self::Flag => ["true", "false"].contains(&text),
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Csv => "texts with commas between them",
            Self::Text => "a text",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::Map => "keys with values",
        }
    }
}

/// In which Regions a rule can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Availability {
    All,
    Except(Vec<&'static str>),
    Only(Vec<&'static str>),
}

impl ManagedRule {
    /// The managed rule of that identifier.
    #[must_use]
    pub fn find(identifier: &str) -> Option<&'static Self> {
        RULES.get(identifier)
    }

    /// The identifier of a managed rule that is nearest to a mistyped one.
    pub(crate) fn nearest(identifier: &str) -> Option<&'static str> {
        crate::fault::nearest(identifier, RULES.keys().copied())
    }

    /// Whether it can be used in a Region.
    #[must_use]
    pub fn is_in(&self, region: &str) -> bool {
        match &self.availability {
            Availability::All => true,
            Availability::Except(regions) => !regions.contains(&region),
            Availability::Only(regions) => regions.contains(&region),
        }
    }

    /// The input of that name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name == name)
    }
}

/// Reads the embedded list. A line that is not of its form is left out; a test counts them.
fn read() -> BTreeMap<&'static str, ManagedRule> {
    let mut sets: BTreeMap<&str, Availability> = BTreeMap::new();
    let mut rules = BTreeMap::new();
    for line in lines() {
        let mut words = line.split(' ');
        let Some(first) = words.next() else { continue };
        if first.starts_with('@') {
            let availability = match words.next() {
                Some("except") => Availability::Except(words.collect()),
                Some("only") => Availability::Only(words.collect()),
                _ => Availability::All,
            };
            sets.insert(first, availability);
        } else if let Some(rule) = rule(first, words, &sets) {
            rules.insert(first, rule);
        }
    }
    rules
}

fn lines() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

fn rule(
    identifier: &'static str,
    mut words: std::str::Split<'static, char>,
    sets: &BTreeMap<&str, Availability>,
) -> Option<ManagedRule> {
    let trigger = match words.next()? {
        "change" => Trigger::Change,
        "periodic" => Trigger::Periodic,
        "both" => Trigger::Both,
        _ => return None,
    };
    let availability = sets.get(words.next()?)?.clone();
    let types = match words.next()? {
        "-" => Vec::new(),
        listed => listed.split(',').collect(),
    };
    let inputs = words.map(input).collect::<Option<_>>()?;
    Some(ManagedRule { identifier, trigger, types, inputs, availability })
}

fn input(word: &'static str) -> Option<Input> {
    let (form, default) = match word.split_once('=') {
        Some((form, default)) => (form, Some(default)),
        None => (word, None),
    };
    let (name, ty) = form.split_once(':')?;
    let (ty, optional) = match ty.strip_suffix('?') {
        Some(ty) => (ty, true),
        None => (ty, false),
    };
    let ty = match ty {
        "csv" => InputType::Csv,
        "text" => InputType::Text,
        "integer" => InputType::Integer,
        "number" => InputType::Number,
        "flag" => InputType::Flag,
        "map" => InputType::Map,
        _ => return None,
    };
    Some(Input { name, ty, optional, default })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_read() {
        let rules = lines().filter(|line| !line.starts_with('@')).count();
        assert_eq!(RULES.len(), rules);
        assert!(rules > 800, "{rules} rules");
    }

    #[test]
    fn a_rule_is_told_with_its_inputs_types_and_regions() {
        let keys = ManagedRule::find("ACCESS_KEYS_ROTATED").unwrap();
        assert_eq!((keys.trigger, keys.types.as_slice()), (Trigger::Periodic, &["AWS::IAM::User"][..]));
        let age = keys.input("maxAccessKeyAge").unwrap();
        assert_eq!((age.ty, age.optional, age.default), (InputType::Integer, false, Some("90")));
        assert!(keys.is_in("eu-west-1") && !keys.is_in("eu-central-2"));
        let edge = ManagedRule::find("CLOUDFRONT_ACCESSLOGS_ENABLED").unwrap();
        assert!(edge.is_in("us-east-1") && !edge.is_in("eu-west-1"));
        assert_eq!(ManagedRule::nearest("ACCESS_KEY_ROTATED"), Some("ACCESS_KEYS_ROTATED"));
    }

    #[test]
    fn inputs_are_judged_by_their_type() {
        assert!(InputType::Integer.takes("90") && !InputType::Integer.takes("ninety"));
        assert!(InputType::Flag.takes("true") && !InputType::Flag.takes("True"));
        assert!(InputType::Number.takes("0.5") && !InputType::Number.takes("NaN"));
        assert!(!InputType::Csv.takes(""));
    }
}
