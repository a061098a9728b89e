//! What a property looks like.

use regex::Regex;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The members of a map, or the properties of a type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapShape {
    pub(super) required: Vec<&'static str>,
    pub(super) takes_others: bool,
    pub(super) rules: Vec<Rule>,
    pub(super) properties: BTreeMap<&'static str, Property>,
}

impl MapShape {
    /// The members that it always has, sorted.
    #[must_use]
    pub fn required(&self) -> &[&'static str] {
        &self.required
    }

    /// Whether other members may stand in it.
    #[must_use]
    pub fn takes_others(&self) -> bool {
        self.takes_others
    }

    /// Which members stand together or apart.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A member by its name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.get(name)
    }

    /// All members, sorted by name.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        self.properties.values()
    }
}

/// A rule about several members of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Exactly one of the groups is there as a whole.
    One(Vec<Vec<&'static str>>),
    /// At least one of the groups is there as a whole.
    Some(Vec<Vec<&'static str>>),
    /// The first member bars the others.
    Not(&'static str, Vec<&'static str>),
    /// The first member asks for the others.
    With(&'static str, Vec<&'static str>),
}

/// A property of a type, or a member of a map in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
}

impl Property {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What its value looks like.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }
}

/// What a value looks like.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Nothing is known.
    Anything,
    /// A map, by the name under which [`super::ResourceType::map`] finds it.
    Map(&'static str),
    /// A map with any keys.
    Values {
        /// How many there may be.
        bounds: Bounds,
        /// What each value is.
        item: Box<Shape>,
    },
    /// A list.
    List {
        /// How many items there may be.
        bounds: Bounds,
        /// What each item is.
        item: Box<Shape>,
    },
    /// A text, number or flag; or a map or list of which nothing more is known.
    Scalar(Scalar),
}

/// From how many to how many; none for no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bounds {
    /// The least.
    pub least: Option<f64>,
    /// The most.
    pub most: Option<f64>,
}

/// A value without members that are known.
#[derive(Debug, Clone)]
pub struct Scalar {
    pub(super) letters: &'static str,
    pub(super) bounds: Bounds,
    pub(super) words: Words,
    pub(super) pattern: Option<&'static str>,
    pub(super) compiled: OnceLock<Option<Regex>>,
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        let facts = |scalar: &Self| (scalar.letters, scalar.bounds, scalar.pattern);
        facts(self) == facts(other) && self.words == other.words
    }
}

/// The words that a text may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// Any.
    Any,
    /// These, as they are written.
    Exact(Vec<&'static str>),
    /// These, in any case.
    AnyCase(Vec<&'static str>),
}

impl Scalar {
    /// Whether it may be a text.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        self.letters.contains('s')
    }

    /// Whether it may be a whole number or any number.
    #[must_use]
    pub fn takes_number(&self) -> bool {
        self.letters.contains(['i', 'n'])
    }

    /// Whether a number has to be whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.letters.contains('i') && !self.letters.contains('n')
    }

    /// Whether it may be a flag.
    #[must_use]
    pub fn takes_flag(&self) -> bool {
        self.letters.contains('b')
    }

    /// Whether it may be a map.
    #[must_use]
    pub fn takes_map(&self) -> bool {
        self.letters.contains('o')
    }

    /// Whether it may be a list.
    #[must_use]
    pub fn takes_list(&self) -> bool {
        self.letters.contains('a')
    }

    /// The length of a text in characters, or the size of a number.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The words that it may be.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The pattern that has to be found in a text.
    #[must_use]
    pub fn pattern(&self) -> Option<&'static str> {
        self.pattern
    }

    /// Whether a text has the pattern, if there is one.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let regex = self.compiled.get_or_init(|| self.pattern.and_then(|pattern| Regex::new(pattern).ok()));
        regex.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}
