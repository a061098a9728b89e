//! Bodies for fuzzers: any bytes in, a law that was broken out. They are plain functions, so that
//! `cargo test` runs them over the saved inputs in `corpus/`, and cargo-fuzz (`fuzz/`) drives them further.
//!
//! None of them may panic, whatever the bytes are. Bytes that are not UTF-8 are read as if they were.

use crate::context::Context;
use crate::decision::Outcome;
use crate::difference::{self, DocumentLevel, Reach};
use crate::document::{self, Complaint, Document, Places};
use crate::evaluate::{Layers, Level};
use crate::lint::{self, Code, Finding, Kind};
use crate::question::Answerer;
use crate::request::{Principal, Request, Resource};
use crate::statement::Policy;

/// A law that does not hold for some bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{law}: {witness}")]
pub struct Broken {
    /// The law.
    pub law: &'static str,
    /// What breaks it.
    pub witness: String,
}

fn hold(law: &'static str, holds: bool, witness: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken { law, witness: witness() }) }
}

/// Reads a document, prints it both ways and reads it again.
///
/// # Errors
/// [`Broken`] where the three are not the same document, or something stands outside the text.
pub fn parse(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let (document, places) = match document::parse_located(&text) {
        Ok(read) => read,
        Err(complaints) => return complained(&text, &complaints),
    };
    for printed in [document::minified(&document), document::pretty(&document)] {
        let read = document::parse(&printed);
        hold("what is printed is read as the same document", read.as_ref() == Ok(&document), || {
            format!("{printed} is {read:?}")
        })?;
    }
    hold("every part has a place", is_placed(&document, &places), || format!("{places:?}"))
}

fn complained(text: &str, complaints: &[Complaint]) -> Result<(), Broken> {
    hold("what is no document has a complaint", !complaints.is_empty(), String::new)?;
    let inside = complaints.iter().all(|complaint| complaint.place.offset <= text.len());
    hold("every complaint is about a place of the text", inside, || format!("{complaints:?}"))
}

fn is_placed(document: &Document, places: &Places) -> bool {
    let mut both = document.statements.iter().zip(&places.statements);
    document.statements.len() == places.statements.len()
        && both.all(|(statement, places)| {
            let mut conditions = statement.conditions.iter().zip(&places.conditions);
            let resources = statement.resources.as_ref().map_or(0, |scope| scope.patterns().len());
            statement.actions.patterns().len() == places.actions.len()
                && resources == places.resources.len()
                && statement.conditions.len() == places.conditions.len()
                && conditions.all(|(condition, places)| condition.values.len() == places.values.len())
        })
}

/// Answers the bytes as a question, and evaluates some requests against them as a policy of every layer.
///
/// # Errors
/// [`Broken`] where the fast answer is not the explained one.
pub fn evaluate(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let answer = Answerer::default().answer(&text);
    hold("an answer is an object", answer.line.is_object(), || answer.line.to_string())?;
    let Ok(document) = document::parse(&text) else { return Ok(()) };
    let policy = Policy::new("fuzz", &document);
    let level = Level { name: "root".to_owned(), policies: vec![policy.clone()] };
    let layers = [
        Layers { scps: Some(vec![level.clone()]), ..Layers::default() },
        Layers { rcps: Some(vec![level]), identity: vec![policy.clone()], ..Layers::default() },
        Layers { resource: Some(policy.clone()), boundary: Some(policy.clone()), ..Layers::default() },
        Layers { session: Some(vec![policy.clone()]), identity: vec![policy], ..Layers::default() },
    ];
    for request in requests() {
        for layers in &layers {
            let (explained, fast) = (layers.decide(&request), layers.outcome(&request));
            hold("the fast answer is the explained one", explained.outcome == fast, || {
                format!("{} of {request:?}", format_args!("{explained:?} and {fast:?}"))
            })?;
        }
    }
    Ok(())
}

/// Compares two documents, which an empty line divides.
///
/// # Errors
/// [`Broken`] where a document differs from itself, or a request is decided in two ways that no region covers.
pub fn compare(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let (before, after) = text.split_once("\n\n").unwrap_or((&text, &text));
    let (Ok(before), Ok(after)) = (document::parse(before), document::parse(after)) else { return Ok(()) };
    let level = |document: &Document| {
        vec![DocumentLevel {
            name: "root".to_owned(),
            documents: vec![("fuzz".to_owned(), document.clone())],
        }]
    };
    let (old, new) = (level(&before), level(&after));
    for reach in [Reach::Principals, Reach::Everyone] {
        let itself = difference::compare(&old, &old, reach);
        hold("a document is equivalent to itself", itself.is_equivalence(), || format!("{itself:?}"))?;
        let comparison = difference::compare(&old, &new, reach);
        for request in requests() {
            let regions = match (allowed(&before, &request), allowed(&after, &request)) {
                (Some(true), Some(false)) => &comparison.newly_denied,
                (Some(false), Some(true)) => &comparison.newly_allowed,
                _ => continue,
            };
            let covered = regions.iter().any(|region| region.cell.covers(&request));
            hold("every change is covered by a region", covered, || format!("{request:?}"))?;
        }
        for region in comparison.newly_denied.iter().chain(&comparison.newly_allowed) {
            // Words are made of whatever is found.
            let _ = region.cell.words();
        }
    }
    Ok(())
}

/// Lints a document as every kind.
///
/// # Errors
/// [`Broken`] where a finding stands outside the text, or white space changes what is found.
pub fn lint(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let Ok(document) = document::parse(&text) else { return Ok(()) };
    let printed = document::pretty(&document);
    for kind in Kind::ALL {
        let Ok(written) = lint::lint(&text, *kind) else {
            return hold("what is read can be linted", false, || printed.clone());
        };
        let inside = written.iter().all(|found| found.place.offset <= text.len());
        hold("every finding is about a place of the text", inside, || format!("{written:?}"))?;
        if *kind != Kind::Scp {
            continue;
        }
        let Ok(again) = lint::lint(&printed, *kind) else {
            return hold("what is printed can be linted", false, || printed.clone());
        };
        hold("white space changes nothing that is found", told(&written) == told(&again), || {
            format!("{written:?} and {again:?}")
        })?;
    }
    Ok(())
}

/// What is found, size aside, in an order that does not depend on places.
fn told(findings: &[Finding]) -> Vec<(Code, Option<usize>, &str)> {
    let sized = [Code::TooLarge, Code::LargeAsWritten];
    let mut all: Vec<_> = findings
        .iter()
        .filter(|found| !sized.contains(&found.code))
        .map(|found| (found.code, found.statement, found.message.as_str()))
        .collect();
    all.sort_unstable();
    all
}

/// Whether a document as the only SCP lets a request pass; none where that hangs on what is not known.
fn allowed(document: &Document, request: &Request) -> Option<bool> {
    let everything = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let everything = document::parse(everything).ok()?;
    let level = Level { name: "root".to_owned(), policies: vec![Policy::new("fuzz", document)] };
    let identity = vec![Policy::new("everything", &everything)];
    let layers = Layers { scps: Some(vec![level]), identity, ..Layers::default() };
    match layers.outcome(request) {
        Outcome::Allowed => Some(true),
        Outcome::ExplicitlyDenied | Outcome::ImplicitlyDenied => Some(false),
        Outcome::Maybe => None,
    }
}

/// A few requests that differ in everything that policies look at.
fn requests() -> Vec<Request> {
    let asked = [
        (
            "arn:aws:iam::111122223333:role/platform/deploy",
            "s3:GetObject",
            "arn:aws:s3:::data/a:b",
            "eu-west-1",
        ),
        (
            "arn:aws:iam::444455556666:root",
            "iam:CreateAccessKey",
            "arn:aws:iam::444455556666:user/maria",
            "us-east-1",
        ),
        ("arn:aws:sts::111122223333:assumed-role/app/session", "ec2:RunInstances", "*", "us-west-2"),
        ("arn:aws:iam::111122223333:user/maria", "organizations:LeaveOrganization", "*", "us-east-1"),
    ];
    let request = |(principal, action, resource, region): (&str, &str, &str, &str)| {
        let mut context = Context::new();
        context.set("aws:RequestedRegion", region);
        context.set("aws:SourceIp", "203.0.113.7");
        context.set("aws:PrincipalTag/team", "platform");
        let resource = Resource::Arn(resource.to_owned());
        Request::new(Principal::parse(principal).ok()?, action, resource, None, context).ok()
    };
    asked.into_iter().filter_map(request).collect()
}
