//! Whether a landing zone is as its owners expect: each expectation asked in every account it reaches.

use crate::explain::{Asker, Question, decide, explain};
use glidepath_iam::decision::Outcome;
use glidepath_manifest::{Expectation, Expected};
use glidepath_model::text::printable;
use glidepath_model::{Selector, Target};
use std::collections::BTreeSet;

/// How an expectation fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Each account it was checked in; one without a name where only the principal says which.
    pub places: Vec<CheckedPlace>,
}

/// How an expectation fared in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPlace {
    /// The account's name.
    pub account: Option<String>,
    /// How many requests were asked about.
    pub asked: usize,
    /// What was otherwise than expected, a sentence each.
    pub faults: Vec<String>,
}

impl Checked {
    /// Whether everything was as expected.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.places.iter().all(|place| place.faults.is_empty())
    }
}

/// Checks an expectation. One that reaches no account does not hold: it would say nothing.
#[must_use]
pub fn check(asker: &Asker<'_>, expectation: &Expectation) -> Checked {
    let accounts: BTreeSet<String> =
        expectation.on.iter().flat_map(|selector| asker.accounts_of(&selector.value)).collect();
    if accounts.is_empty() && !expectation.on.is_empty() {
        let fault = "it reaches no account, so that it says nothing".to_owned();
        return Checked { places: vec![CheckedPlace { account: None, asked: 0, faults: vec![fault] }] };
    }
    let named = accounts.into_iter().map(Some);
    let whole: Vec<Option<String>> = if expectation.on.is_empty() { vec![None] } else { named.collect() };
    Checked { places: whole.into_iter().map(|account| place(asker, expectation, account)).collect() }
}

fn place(asker: &Asker<'_>, expectation: &Expectation, account: Option<String>) -> CheckedPlace {
    let mut found = CheckedPlace { account, asked: 0, faults: Vec::new() };
    for action in &expectation.actions {
        for resource in &expectation.resources {
            found.asked += 1;
            let question = Question {
                principal: expectation.principal.value.clone(),
                action: action.clone(),
                resource: Some(resource.clone()),
                account: found.account.clone(),
                resource_account: expectation.resource_account.as_ref().map(|name| name.value.clone()),
                context: expectation.context.clone(),
            };
            found.faults.extend(fault(asker, &question, expectation.wants));
        }
    }
    found
}

fn fault(asker: &Asker<'_>, question: &Question, wants: Expected) -> Option<String> {
    let asked = printable(&question.action).into_owned();
    let on = question.resource.as_deref().filter(|resource| *resource != "*");
    let on = on.map_or_else(String::new, |resource| format!(" on `{}`", printable(resource)));
    let fits = match (decide(asker, question), wants) {
        (Err(error), _) => return Some(format!("`{asked}`{on} cannot be asked: {error}")),
        (Ok(Outcome::Allowed), Expected::Allowed) => true,
        (Ok(Outcome::ExplicitlyDenied | Outcome::ImplicitlyDenied), Expected::Denied) => true,
        (Ok(_), _) => false,
    };
    if fits {
        return None;
    }
    let explanation = explain(asker, question).ok()?;
    let found = match explanation.outcome {
        Outcome::Allowed => "allowed".to_owned(),
        Outcome::ExplicitlyDenied | Outcome::ImplicitlyDenied => format!("denied {}", explanation.because()),
        Outcome::Maybe => {
            let keys: Vec<String> =
                explanation.undecided.iter().map(|key| format!("`{}`", printable(key))).collect();
            let keys = if keys.is_empty() { "what is not told".to_owned() } else { keys.join(", ") };
            format!("open: it depends on {keys} ({})", explanation.because())
        }
    };
    Some(format!("`{asked}`{on} is {found}"))
}

impl Asker<'_> {
    /// The accounts that a selector reaches; the management account only where it is named.
    #[must_use]
    pub fn accounts_of(&self, selector: &Selector) -> BTreeSet<String> {
        let management = &self.zone().management_name;
        match selector {
            Selector::Account(name) => {
                self.accounts().filter(|known| known == name).map(str::to_owned).collect()
            }
            Selector::Unit(path) => {
                let inside = |name: &str| self.line(name).contains(&Target::Unit(path.clone()));
                self.accounts().filter(|name| name != management && inside(name)).map(str::to_owned).collect()
            }
            Selector::Tag { key, value } => {
                let carries = |name: &str| {
                    let account = self.zone().accounts.get(name);
                    let tags = account.and_then(|account| account.tags.as_ref());
                    tags.and_then(|tags| tags.get(key)).is_some_and(|found| found == value)
                };
                self.accounts().filter(|name| carries(name)).map(str::to_owned).collect()
            }
        }
    }
}
