//! The catalogue: finding blueprints by id and by what they are about.

use crate::blueprint::{Blueprint, Who};
use crate::folder::Source;
use crate::read::Texts;
use glidepath_guardrails::{Area, Fault, Place, form};
use glidepath_model::text::printable;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// The texts of a built-in blueprint.
struct BuiltIn {
    id: &'static str,
    blueprint: &'static str,
    template: &'static str,
    examples: &'static [(&'static str, &'static str)],
}

/// Every built-in blueprint, by id.
static FILES: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
    let entries = FILES.iter().map(|one| {
        let entry = Entry { text: Text::BuiltIn(one), read: OnceLock::new() };
        (one.id.to_owned(), entry)
    });
    Catalogue { entries: entries.collect() }
});

/// Blueprints by id. A folder is read when it is first asked for.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    text: Text,
    read: OnceLock<Result<Blueprint, Vec<Fault>>>,
}

enum Text {
    BuiltIn(&'static BuiltIn),
    Own(Source),
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BuiltIn(one) => write!(f, "BuiltIn({})", one.id),
            Self::Own(Source::Folder { folder: file, .. } | Source::Plain { file, .. }) => {
                write!(f, "Own({file})")
            }
        }
    }
}

/// Why there is no such blueprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// The catalogue has none of that id.
    #[error("there is no blueprint `{id}`{}", .nearest.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?")))]
    Unknown {
        /// The id.
        id: String,
        /// The nearest one that there is.
        nearest: Option<String>,
    },
    /// Its files cannot be read.
    #[error("the files of blueprint `{id}` are broken")]
    Broken {
        /// The id.
        id: String,
        /// What is wrong with them.
        faults: Vec<Fault>,
    },
}

/// What to search for; whatever is left open does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Of this area.
    pub area: Option<Area>,
    /// For these.
    pub who: Option<Who>,
    /// With all of these words somewhere in id, title or what it is for.
    pub text: Option<String>,
}

impl Query {
    /// Whether a blueprint is searched for.
    #[must_use]
    pub fn finds(&self, blueprint: &Blueprint) -> bool {
        self.area.is_none_or(|area| blueprint.area == area)
            && self.who.is_none_or(|who| blueprint.placement.who == who)
            && self.text.as_ref().is_none_or(|words| {
                let Blueprint { id, title, about, .. } = blueprint;
                let text = format!("{id} {title} {about}").to_lowercase();
                words.to_lowercase().split_whitespace().all(|word| text.contains(word))
            })
    }
}

impl Catalogue {
    /// The blueprints that come with Glidepath.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// A user's own blueprints. The id is the name of the folder, or of the file without its ending; one that is
    /// also the id of a built-in blueprint is refused.
    ///
    /// # Errors
    /// The sources whose ids are taken.
    pub fn own(sources: impl IntoIterator<Item = Source>) -> Result<Self, Vec<Fault>> {
        let mut own = Self::default();
        let mut faults = Vec::new();
        for source in sources {
            let (file, id) = match &source {
                Source::Folder { folder, .. } => (folder.clone(), last(folder).to_owned()),
                Source::Plain { file, .. } => (file.clone(), stem(file).to_owned()),
            };
            if BUILT_IN.entries.contains_key(&id) || own.entries.contains_key(&id) {
                let message = format!("the id `{id}` is taken: give it another name");
                faults.push(Fault::new(&file, Place { line: 1, column: 1 }, message));
                continue;
            }
            own.entries.insert(id, Entry { text: Text::Own(source), read: OnceLock::new() });
        }
        if faults.is_empty() { Ok(own) } else { Err(faults) }
    }

    /// The ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The blueprint of that id.
    ///
    /// # Errors
    /// [`LookupError`]: there is none, or its files are broken.
    pub fn get(&self, id: &str) -> Result<&Blueprint, LookupError> {
        let Some(entry) = self.entries.get(id) else {
            let nearest = form::nearest(id, self.ids()).map(str::to_owned);
            return Err(LookupError::Unknown { id: printable(id).into_owned(), nearest });
        };
        let read = entry.read.get_or_init(|| entry.text.read());
        read.as_ref().map_err(|faults| LookupError::Broken { id: id.to_owned(), faults: faults.clone() })
    }

    /// Every blueprint that a query finds, by id. Broken ones are told beside.
    pub fn search(&self, query: &Query) -> (Vec<&Blueprint>, Vec<LookupError>) {
        let mut found = Vec::new();
        let mut broken = Vec::new();
        for id in self.ids() {
            match self.get(id) {
                Ok(blueprint) if query.finds(blueprint) => found.push(blueprint),
                Ok(_) => {}
                Err(error) => broken.push(error),
            }
        }
        (found, broken)
    }
}

impl Text {
    fn read(&self) -> Result<Blueprint, Vec<Fault>> {
        match self {
            Self::BuiltIn(one) => Blueprint::read(&Texts {
                folder: one.id,
                blueprint: one.blueprint,
                template: one.template,
                examples: one.examples.to_vec(),
            }),
            Self::Own(Source::Folder { folder, blueprint, template, examples }) => Blueprint::read(&Texts {
                folder,
                blueprint,
                template,
                examples: examples.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect(),
            }),
            Self::Own(Source::Plain { file, text }) => Blueprint::read_plain(file, text, None),
        }
    }
}

/// The last part of a path.
pub(crate) fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The name of a file without its ending.
pub(crate) fn stem(path: &str) -> &str {
    let name = last(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
