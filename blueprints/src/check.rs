//! Judging a blueprint: its words, what it needs, and what comes of its examples.

use crate::blueprint::{Blueprint, Body};
use crate::catalogue::{Catalogue, last};
use glidepath_guardrails::{Fault, Place};
use glidepath_model::services::Services;

/// A complaint of the checker; it stands at a place of a file.
pub type Finding = Fault;

/// Words that tell what a blueprint is for; fewer do not.
const WORDS_AT_LEAST: usize = 20;

impl Blueprint {
    /// Everything that is wrong with it.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let mut checker = Checker { blueprint: self, findings: Vec::new() };
        match &self.body {
            Body::Plain(_) => checker.plain(),
            Body::Expressions(_) => {
                checker.words();
                checker.needs();
                checker.parameters();
                checker.examples();
            }
        }
        checker.findings
    }
}

struct Checker<'b> {
    blueprint: &'b Blueprint,
    findings: Vec<Finding>,
}

impl Checker<'_> {
    fn find(&mut self, message: impl AsRef<str>) {
        let file = format!("{}/blueprint.yaml", self.blueprint.file);
        self.findings.push(Fault::new(&file, Place { line: 1, column: 1 }, message));
    }

    fn words(&mut self) {
        let blueprint = self.blueprint;
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if blueprint.id.is_empty() || !blueprint.id.bytes().all(legal) {
            self.find(format!("the id `{}` is not lower case with hyphens", blueprint.id));
        }
        if last(&blueprint.file) != blueprint.id {
            let folder = last(&blueprint.file);
            self.find(format!("the folder is `{folder}`, its id `{}`: they are the same", blueprint.id));
        }
        if blueprint.about.split_whitespace().count() < WORDS_AT_LEAST {
            self.find("`about` is too short: two to four sentences on what it is for");
        }
        for (key, lines) in [("cost", &blueprint.cost), ("sources", &blueprint.sources)] {
            if lines.is_empty() {
                self.find(format!("`{key}` is empty"));
            }
        }
    }

    fn needs(&mut self) {
        let needs = &self.blueprint.needs;
        let services = match Services::published() {
            Ok(services) => services,
            Err(error) => return self.find(error.to_string()),
        };
        let administrators = needs.delegated_administrators.iter().map(|one| &one.principal);
        for principal in needs.trusted_access.iter().chain(administrators) {
            if services.get(principal).is_none() {
                self.find(format!("`{principal}` is no service that Organizations knows"));
            }
        }
        for id in &needs.blueprints {
            if id == &self.blueprint.id {
                self.find("it needs itself");
            } else if !Catalogue::built_in().ids().any(|known| known == id) {
                self.find(format!("it needs the blueprint `{id}`, which the catalogue does not have"));
            }
        }
    }

    /// A parameter that nothing uses promises what it does not keep.
    fn parameters(&mut self) {
        let Body::Expressions(expressions) = &self.blueprint.body else { return };
        for parameter in &self.blueprint.parameters {
            if !expressions.uses(&parameter.name) {
                self.find(format!("the template does not use the parameter `{}`", parameter.name));
            }
        }
    }

    fn examples(&mut self) {
        if self.blueprint.examples.is_empty() {
            self.find("it has no example: write one into `examples/`");
        }
        for example in &self.blueprint.examples {
            self.findings.extend(example.check(self.blueprint));
        }
    }

    /// A plain file is rendered with its own defaults, if every parameter has one.
    fn plain(&mut self) {
        let rendered = crate::surroundings::Surroundings::of_examples()
            .map(|around| self.blueprint.render(&std::collections::BTreeMap::new(), &around));
        if let Some(Err(faults)) = rendered {
            self.findings.extend(faults);
        }
    }
}
