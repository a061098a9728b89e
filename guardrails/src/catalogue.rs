//! The catalogue: finding guardrails by id and by what they are about.

use crate::fault::{Fault, nearest};
use crate::guardrail::{Area, Behaviour, Guardrail, Mechanism, Severity};
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// Id and text of every built-in file, by id.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
    let entries = FILES.iter().map(|(id, text)| {
        let entry = Entry { file: format!("{id}.yaml"), text: Text::BuiltIn(text), read: OnceLock::new() };
        ((*id).to_owned(), entry)
    });
    Catalogue { entries: entries.collect() }
});

/// Guardrails by id. A file is read when it is first asked for.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    file: String,
    text: Text,
    read: OnceLock<Result<Guardrail, Vec<Fault>>>,
}

#[derive(Debug)]
enum Text {
    BuiltIn(&'static str),
    Own(String),
}

/// Why there is no such guardrail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// The catalogue has none of that id.
    #[error("there is no guardrail `{id}`{}", .nearest.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?")))]
    Unknown {
        /// The id.
        id: String,
        /// The nearest one that there is.
        nearest: Option<String>,
    },
    /// Its file cannot be read.
    #[error("the file of guardrail `{id}` is broken")]
    Broken {
        /// The id.
        id: String,
        /// What is wrong with it.
        faults: Vec<Fault>,
    },
}

/// What to search for; whatever is left open does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Mapped to this framework.
    pub framework: Option<String>,
    /// Of this area.
    pub area: Option<Area>,
    /// About a service whose name holds this, whatever the case.
    pub service: Option<String>,
    /// At least this severe.
    pub severity: Option<Severity>,
    /// Of this behaviour.
    pub behaviour: Option<Behaviour>,
    /// By this mechanism.
    pub mechanism: Option<Mechanism>,
    /// With all of these words somewhere in id, title, service or rationale.
    pub text: Option<String>,
}

impl Query {
    /// Whether a guardrail is searched for.
    #[must_use]
    pub fn finds(&self, guardrail: &Guardrail) -> bool {
        let holds = |wanted: &Option<String>, text: &str| {
            wanted.as_ref().is_none_or(|wanted| text.to_lowercase().contains(&wanted.to_lowercase()))
        };
        self.framework.as_ref().is_none_or(|name| guardrail.frameworks.contains_key(name))
            && self.area.is_none_or(|area| guardrail.area == area)
            && holds(&self.service, &guardrail.service)
            && self.severity.is_none_or(|severity| guardrail.severity >= severity)
            && self.behaviour.is_none_or(|behaviour| guardrail.behaviour == behaviour)
            && self.mechanism.is_none_or(|mechanism| guardrail.mechanism == mechanism)
            && self.text.as_ref().is_none_or(|words| {
                let Guardrail { id, title, service, rationale, .. } = guardrail;
                let text = format!("{id} {title} {service} {rationale}").to_lowercase();
                words.to_lowercase().split_whitespace().all(|word| text.contains(word))
            })
    }
}

impl Catalogue {
    /// The guardrails that come with Glidepath.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// A user's own guardrails, each by its file's name and text. The id is the file's name without
    /// `.yaml`; one that is also the id of a built-in guardrail is refused.
    ///
    /// # Errors
    /// The files whose ids are taken.
    pub fn own(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, Vec<Fault>> {
        let mut own = Self::default();
        let mut faults = Vec::new();
        for (file, text) in files {
            let name = file.rsplit('/').next().unwrap_or_default();
            let id = name.strip_suffix(".yaml").unwrap_or(name).to_owned();
            if BUILT_IN.entries.contains_key(&id) || own.entries.contains_key(&id) {
                let message = format!("the id `{id}` is taken: give the file another name");
                faults.push(Fault::new(&file, crate::fault::Place { line: 1, column: 1 }, message));
                continue;
            }
            own.entries.insert(id, Entry { file, text: Text::Own(text), read: OnceLock::new() });
        }
        if faults.is_empty() { Ok(own) } else { Err(faults) }
    }

    /// The ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The guardrail of that id.
    ///
    /// # Errors
    /// [`LookupError`]: there is none, or its file is broken.
    pub fn get(&self, id: &str) -> Result<&Guardrail, LookupError> {
        let Some(entry) = self.entries.get(id) else {
            let nearest = nearest(id, self.ids()).map(str::to_owned);
            return Err(LookupError::Unknown {
                id: glidepath_model::text::printable(id).into_owned(),
                nearest,
            });
        };
        let text = match &entry.text {
            Text::BuiltIn(text) => text,
            Text::Own(text) => text.as_str(),
        };
        let read = entry.read.get_or_init(|| Guardrail::read(&entry.file, text));
        read.as_ref().map_err(|faults| LookupError::Broken { id: id.to_owned(), faults: faults.clone() })
    }

    /// Every guardrail that a query finds, by id. Broken files are told beside.
    pub fn search(&self, query: &Query) -> (Vec<&Guardrail>, Vec<LookupError>) {
        let mut found = Vec::new();
        let mut broken = Vec::new();
        for id in self.ids() {
            match self.get(id) {
                Ok(guardrail) if query.finds(guardrail) => found.push(guardrail),
                Ok(_) => {}
                Err(error) => broken.push(error),
            }
        }
        (found, broken)
    }
}
