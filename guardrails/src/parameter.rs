//! Parameters of a guardrail or blueprint: name, type, default and what values are possible.

use crate::argument::Argument;
use crate::fault::Place;
use crate::kind::Kind;

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What its values look like.
    pub shape: Shape,
    /// The value it has where none is given.
    pub default: Option<Argument>,
    /// What of the landing zone is taken before the default.
    pub supplied: Option<Supplied>,
    /// Whether it may be without a value; what it fills is then left out.
    pub optional: bool,
    /// The only values that there are, if they can be listed.
    pub allowed: Vec<String>,
    /// The characters of its texts.
    pub characters: Option<Characters>,
    /// The least number, or the fewest items.
    pub at_least: Option<i64>,
    /// The greatest number, or the most items.
    pub at_most: Option<i64>,
    /// What it is for.
    pub description: String,
    /// Where it stands.
    pub place: Place,
}

impl Parameter {
    /// What values are possible, beyond their type; none where the type says it all.
    #[must_use]
    pub fn limits(&self) -> Option<String> {
        let mut parts = Vec::new();
        if !self.allowed.is_empty() {
            parts.push(format!("one of `{}`", self.allowed.join("`, `")));
        }
        if let Some(characters) = &self.characters {
            parts.push(format!("characters `{}`", characters.text()));
        }
        let noun = if matches!(self.shape, Shape::One(_)) { "" } else { " items" };
        if let Some(least) = self.at_least {
            parts.push(format!("at least {least}{noun}"));
        }
        if let Some(most) = self.at_most {
            parts.push(format!("at most {most}{noun}"));
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// What of the landing zone a parameter takes its value from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Supplied {
    /// The organization's id.
    OrganizationId,
    /// The governed Regions.
    Regions,
    /// The management account's id.
    Management,
}

impl Supplied {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::OrganizationId, Self::Regions, Self::Management];

    /// The word for it: the place in the manifest.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OrganizationId => "organization.id",
            Self::Regions => "organization.regions",
            Self::Management => "organization.management.id",
        }
    }
}

/// What the values of a parameter look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One(Kind),
    /// A list of texts.
    List(Kind),
    /// Lists of texts by name.
    Map(Kind),
}

impl Shape {
    /// Reads `region`, `list<region>` or `map<region>`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let inner = |prefix: &str| text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
        let texts = |word: &str| Kind::from_word(word).filter(|kind| kind.is_text());
        match (inner("list<"), inner("map<")) {
            (Some(word), _) => texts(word).map(Self::List),
            (_, Some(word)) => texts(word).map(Self::Map),
            _ => Kind::from_word(text).map(Self::One),
        }
    }

    /// As it is written in a guardrail file.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::One(kind) => kind.word().to_owned(),
            Self::List(kind) => format!("list<{}>", kind.word()),
            Self::Map(kind) => format!("map<{}>", kind.word()),
        }
    }

    /// The kind of its single values.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::One(kind) | Self::List(kind) | Self::Map(kind) => kind,
        }
    }

    pub(crate) fn words(self) -> String {
        match self {
            Self::One(Kind::Integer) => "a whole number".to_owned(),
            Self::One(Kind::Flag) => "true or false".to_owned(),
            Self::One(kind) => format!("a text ({})", kind.word()),
            Self::List(kind) => format!("a list of texts ({})", kind.word()),
            Self::Map(kind) => format!("a map of lists of texts ({})", kind.word()),
        }
    }
}

/// A set of characters, written `a-z0-9*._-`: ranges, and a hyphen at the end for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Characters {
    text: String,
    ranges: Vec<(char, char)>,
}

impl Characters {
    /// Reads a set; a dollar sign or brace is refused, for they would begin a policy variable.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest: Vec<char> = text.chars().rev().collect();
        let mut ranges = Vec::new();
        while let Some(first) = rest.pop() {
            if rest.len() >= 2 && rest.last() == Some(&'-') {
                rest.pop();
                let last = rest.pop()?;
                ranges.push((first, last));
            } else {
                ranges.push((first, first));
            }
        }
        let set = Self { text: text.to_owned(), ranges };
        let legal = !set.ranges.is_empty() && set.ranges.iter().all(|(first, last)| first <= last);
        (legal && !"${}\"\\".chars().any(|character| set.holds(character))).then_some(set)
    }

    /// Whether a character is in it.
    #[must_use]
    pub fn holds(&self, character: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&character))
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_sets_are_ranges_and_single_characters() {
        let set = Characters::parse("a-c0-9*._-").unwrap();
        assert!("abc019*._-".chars().all(|character| set.holds(character)));
        assert!(!"dA+/".chars().any(|character| set.holds(character)));
        assert_eq!(Characters::parse("a-$"), None);
        assert_eq!(Characters::parse("!-~"), None, "a range over `$` lets variables in");
        assert_eq!(Characters::parse(""), None);
    }

    #[test]
    fn shapes_are_read_as_they_are_written() {
        for text in ["flag", "integer", "region", "list<role>", "map<text>"] {
            assert_eq!(Shape::parse(text).unwrap().text(), text);
        }
        assert_eq!(Shape::parse("list<flag>"), None);
        assert_eq!(Shape::parse("list<"), None);
    }
}
