//! A blueprint: what its folder says.

use crate::example::Example;
use crate::expression::{Ask, Expressions};
use crate::needs::Needs;
use glidepath_guardrails::{Area, Argument, ArgumentError, Parameter, Supplied, form};
use glidepath_template::Capability;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A blueprint.
#[derive(Debug, Clone)]
pub struct Blueprint {
    /// The folder or file it was read from, as it was named to the reader.
    pub file: String,
    /// Its id, also the folder's name.
    pub id: String,
    /// What it brings about, in a few words.
    pub title: String,
    /// The area of the landing zone it belongs to.
    pub area: Area,
    /// What it is for.
    pub about: String,
    /// Its parameters, in the order of the file.
    pub parameters: Vec<Parameter>,
    /// Those of them that may be left out although they have no default.
    pub optional: BTreeSet<String>,
    /// Who gets it, and in which Regions.
    pub placement: Placement,
    /// What has to be there first.
    pub needs: Needs,
    /// What becomes of its stack in an account that leaves the targets.
    pub on_account_removal: OnAccountRemoval,
    /// What surprises people.
    pub gotchas: Vec<String>,
    /// What it costs a month, by what drives the cost.
    pub cost: Vec<String>,
    /// AWS's pages that it rests on.
    pub sources: Vec<String>,
    /// Its own examples.
    pub examples: Vec<Example>,
    pub(crate) body: Body,
}

/// What a blueprint's template is made from.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// A text with expressions.
    Expressions(Box<Expressions>),
    /// A CloudFormation file as it is; arguments become the defaults of its parameters.
    Plain(String),
}

impl Blueprint {
    /// The parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// What the template asks of the landing zone and cannot be rendered without, although the manifest may not
    /// know it before something is created.
    #[must_use]
    pub fn asks(&self) -> BTreeSet<Ask> {
        let mut asks = match &self.body {
            Body::Expressions(expressions) => expressions.asks(),
            Body::Plain(_) => BTreeSet::new(),
        };
        if self.parameters.iter().any(|parameter| parameter.supplied == Some(Supplied::OrganizationId)) {
            asks.insert(Ask::OrganizationId);
        }
        asks
    }

    /// What CloudFormation wants acknowledged for what its examples make; [`crate::Rendered::capabilities`] is exact
    /// for one set of arguments.
    #[must_use]
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        let rendered = self.examples.iter().filter_map(|example| example.render(self).ok());
        rendered.flat_map(|rendered| rendered.capabilities).collect()
    }

    /// Checks arguments as a manifest gives them.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn arguments(
        &self,
        given: &BTreeMap<String, Json>,
    ) -> Result<BTreeMap<String, Argument>, Vec<ArgumentError>> {
        form::arguments(&self.id, &self.parameters, given)
    }

    /// The file of its template, for complaints.
    pub(crate) fn template_file(&self) -> String {
        match &self.body {
            Body::Expressions(_) => format!("{}/template.yaml.hbs", self.file),
            Body::Plain(_) => self.file.clone(),
        }
    }

    /// The text of its template, before anything is filled in.
    #[must_use]
    pub fn template_text(&self) -> &str {
        match &self.body {
            Body::Expressions(expressions) => expressions.text(),
            Body::Plain(text) => text,
        }
    }
}

/// Who gets a blueprint, and in which Regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Who gets it.
    pub who: Who,
    /// In which Regions.
    pub regions: Regions,
}

/// Who gets a blueprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The member accounts that `on:` of the manifest reaches.
    Members,
    /// The management account.
    Management,
    /// The one account that plays this role, unless `on:` names another.
    Account(Role),
}

impl Who {
    /// Everyone.
    pub const ALL: &'static [Self] = &[
        Self::Members,
        Self::Management,
        Self::Account(Role::LogArchive),
        Self::Account(Role::Security),
        Self::Account(Role::Network),
    ];

    /// The word for it in a blueprint file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Management => "management",
            Self::Account(role) => role.word(),
        }
    }

    /// In words.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Members => "the member accounts that `on:` reaches".to_owned(),
            Self::Management => "the management account".to_owned(),
            Self::Account(role) => format!("the `{}` account", role.word()),
        }
    }
}

/// A role that one account of the landing zone plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It keeps the logs of all accounts.
    LogArchive,
    /// It administers the detection services.
    Security,
    /// It owns what connects the networks.
    Network,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[Self::LogArchive, Self::Security, Self::Network];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LogArchive => "log-archive",
            Self::Security => "security",
            Self::Network => "network",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.word() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The Regions of a blueprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regions {
    /// All governed Regions.
    Governed,
    /// The home Region.
    Home,
    /// The partition's control Region, where global services are configured.
    Control,
}

impl Regions {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Governed, Self::Home, Self::Control];

    /// The word for it in a blueprint file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Governed => "governed",
            Self::Home => "home",
            Self::Control => "control",
        }
    }

    /// In words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Governed => "every governed Region",
            Self::Home => "the home Region",
            Self::Control => "the partition's control Region",
        }
    }
}

/// What becomes of a blueprint's stack in an account that leaves the targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnAccountRemoval {
    /// It stays where it is.
    Retain,
    /// It is deleted; what its resources retain stays.
    Delete,
}

impl OnAccountRemoval {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Retain, Self::Delete];

    /// The word for it in a blueprint file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Retain => "retain",
            Self::Delete => "delete",
        }
    }
}
