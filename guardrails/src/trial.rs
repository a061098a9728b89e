//! Running a guardrail's own cases: those of policies through the policy engine, those of Config rules and controls
//! against what is deployed. Templates of Guard rules are judged by `cfn-guard`, not here.

use crate::case::{Case, Expectation, RequestCase};
use crate::cast;
use crate::detection;
use crate::exempt::ExemptPrincipals;
use crate::guard::GuardVerdict;
use crate::guardrail::Guardrail;
use crate::resolve::{Resolved, ResolvedDocument, ResolvedStatements, Surroundings};
use glidepath_iam::decision::Outcome;
use glidepath_iam::document::{Document, Statement};
use glidepath_iam::evaluate::{Layers, Level};
use glidepath_iam::request::{Principal, Request, Resource};
use glidepath_iam::statement::Policy;
use glidepath_iam::{document, merge};
use glidepath_model::{AccountId, OrganizationId, PolicyType};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The partitions in which requests are asked: one text serves them all.
const PARTITIONS: &[&str] = &["aws", "aws-us-gov", "aws-cn"];

/// What everyone may do where no guardrail says otherwise.
const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
/// The same for the policy of a resource.
const EVERYONE: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#;

/// Under which circumstances cases are run.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// The account of the cast.
    pub(crate) account: AccountId,
    /// Accounts that are spared.
    pub(crate) exceptions: BTreeSet<AccountId>,
    pub(crate) surroundings: Surroundings,
}

/// How the cases of a guardrail went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseReport {
    /// The guardrail.
    pub guardrail: String,
    /// Each of its cases, in the order of the file.
    pub results: Vec<CaseResult>,
}

impl CaseReport {
    /// The cases that failed.
    pub fn failures(&self) -> impl Iterator<Item = &CaseResult> {
        self.results.iter().filter(|result| !result.faults.is_empty())
    }
}

/// How one case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// What the case shows.
    pub says: String,
    /// Its line in the file.
    pub line: usize,
    /// How many requests or documents were looked at.
    pub looked_at: usize,
    /// What was otherwise than expected.
    pub faults: Vec<String>,
}

impl Stage {
    /// The usual one; an error is a broken constant of this file, which its test finds.
    pub(crate) fn usual() -> Result<Self, String> {
        let exempt = ExemptPrincipals::new(cast::EXEMPT.iter().map(|text| (*text).to_owned()));
        Ok(Self {
            account: AccountId::parse("111122223333").map_err(|error| error.to_string())?,
            exceptions: BTreeSet::new(),
            surroundings: Surroundings {
                organization: Some(OrganizationId::parse(cast::ORGANIZATION).map_err(|e| e.to_string())?),
                regions: cast::REGIONS.iter().map(|text| (*text).to_owned()).collect(),
                management: Some(AccountId::parse(cast::MANAGEMENT).map_err(|error| error.to_string())?),
                exempt: exempt.map_err(|errors| {
                    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
                })?,
            },
        })
    }
}

impl Guardrail {
    /// Runs its own cases, requests in every partition.
    #[must_use]
    pub fn run_cases(&self) -> CaseReport {
        self.report(Stage::usual())
    }

    /// Runs its own cases in an account where others are spared, or the account itself is.
    #[must_use]
    pub fn run_cases_with(&self, account: &AccountId, exceptions: &BTreeSet<AccountId>) -> CaseReport {
        let (account, exceptions) = (account.clone(), exceptions.clone());
        self.report(Stage::usual().map(|stage| Stage { account, exceptions, ..stage }))
    }

    fn report(&self, stage: Result<Stage, String>) -> CaseReport {
        let results = self.cases.iter().map(|case| {
            let (looked_at, faults) = match &stage {
                Ok(stage) => self.run(case, stage),
                Err(error) => (0, vec![error.clone()]),
            };
            CaseResult { says: case.says.clone(), line: case.place.line, looked_at, faults }
        });
        CaseReport { guardrail: self.id.clone(), results: results.collect() }
    }

    fn run(&self, case: &Case, stage: &Stage) -> (usize, Vec<String>) {
        let resolved = self.resolve(&case.arguments, &stage.surroundings, &stage.exceptions);
        match (resolved, &case.expectation) {
            (Err(errors), _) => (0, errors.iter().map(ToString::to_string).collect()),
            (Ok(Resolved::Statements(resolved)), Expectation::Denied(request)) => {
                answers(&resolved, request, stage, Outcome::ExplicitlyDenied, PARTITIONS)
            }
            (Ok(Resolved::Statements(resolved)), Expectation::Allowed(request)) => {
                answers(&resolved, request, stage, Outcome::Allowed, PARTITIONS)
            }
            (Ok(Resolved::Document(resolved)), expected) => {
                (1, document_fault(&resolved, expected, stage).into_iter().collect())
            }
            (Ok(Resolved::Rules(rules)), Expectation::Inputs(wanted)) => {
                (rules.len(), detection::rule_faults(&rules, wanted))
            }
            (Ok(Resolved::Controls(controls)), Expectation::Inputs(wanted)) => {
                (controls.len(), detection::control_faults(&controls, wanted))
            }
            (Ok(Resolved::Guard(rules)), Expectation::Passes(template)) => {
                (1, detection::template_faults(&rules, template, GuardVerdict::Passes))
            }
            (Ok(Resolved::Guard(rules)), Expectation::Fails(template)) => {
                (1, detection::template_faults(&rules, template, GuardVerdict::Fails))
            }
            (Ok(Resolved::Rules(_) | Resolved::Controls(_)), _) => {
                (0, vec!["a case of rules or controls expects `inputs`".to_owned()])
            }
            (Ok(Resolved::Guard(_)), _) => {
                (0, vec!["a case of Guard rules expects `passes` or `fails`".to_owned()])
            }
            (Ok(Resolved::Statements(_)), _) => {
                (0, vec!["a case of statements expects `denied` or `allowed`".to_owned()])
            }
        }
    }
}

/// Asks every request of a case; those whose answer is another one are told.
pub(crate) fn answers(
    resolved: &ResolvedStatements,
    case: &RequestCase,
    stage: &Stage,
    wanted: Outcome,
    partitions: &[&str],
) -> (usize, Vec<String>) {
    let mut faults = Vec::new();
    let mut asked = 0;
    let layers = match layers(resolved.ty, &resolved.document()) {
        Ok(layers) => layers,
        Err(fault) => return (0, vec![fault]),
    };
    for partition in partitions {
        for action in &case.actions {
            for resource in &case.resources {
                asked += 1;
                let request = match request(case, action, resource, partition, stage) {
                    Ok(request) => request,
                    Err(fault) => {
                        faults.push(fault);
                        continue;
                    }
                };
                let decision = layers.decide(&request);
                if decision.outcome != wanted {
                    let by = decision.by.and_then(|source| source.sid).unwrap_or_default();
                    let found = decision.outcome.word();
                    faults.push(format!(
                        "{action} on {resource} in {partition} is {found}{}{by}, not {}",
                        if by.is_empty() { "" } else { " by " },
                        wanted.word()
                    ));
                }
            }
        }
    }
    (asked, faults)
}

fn layers(ty: PolicyType, guardrail: &Document) -> Result<Layers, String> {
    let parse = |text| document::parse(text).map_err(|_| "a constant of the engine is broken".to_owned());
    let (everything, everyone) = (parse(EVERYTHING)?, parse(EVERYONE)?);
    let mut policies = vec![Policy::new("full access", &everything)];
    if !guardrail.statements.is_empty() {
        policies.push(Policy::new("guardrail", guardrail));
    }
    let levels = Some(vec![Level { name: "root".to_owned(), policies }]);
    let (scps, rcps) = if ty == PolicyType::Rcp { (None, levels) } else { (levels, None) };
    Ok(Layers {
        scps,
        rcps,
        identity: vec![Policy::new("identity", &everything)],
        resource: Some(Policy::new("resource", &everyone)),
        ..Layers::default()
    })
}

fn request(
    case: &RequestCase,
    action: &str,
    resource: &str,
    partition: &str,
    stage: &Stage,
) -> Result<Request, String> {
    let fill =
        |text: &str| text.replace("{partition}", partition).replace("{account}", stage.account.as_str());
    let (arn, context) = cast::play(&case.principal, &case.context, &fill);
    let principal = Principal::parse(&arn).map_err(|error| {
        let names: Vec<&str> = cast::names().collect();
        format!("{error}, or one of {}", names.join(", "))
    })?;
    let owner = case.resource_account.as_deref().unwrap_or("{account}");
    Request::new(principal, action, Resource::Arn(fill(resource)), Some(fill(owner)), context)
        .map_err(|error| error.to_string())
}

/// Whether these statements answer a case as it expects, in one partition.
pub(crate) fn holds(ty: PolicyType, statements: &[Statement], case: &Case, stage: &Stage) -> bool {
    let resolved = ResolvedStatements { ty, statements: statements.to_vec() };
    let (request, wanted) = match &case.expectation {
        Expectation::Denied(request) => (request, Outcome::ExplicitlyDenied),
        Expectation::Allowed(request) => (request, Outcome::Allowed),
        Expectation::Effective { .. }
        | Expectation::Document(_)
        | Expectation::Inputs(_)
        | Expectation::Passes(_)
        | Expectation::Fails(_) => return true,
    };
    answers(&resolved, request, stage, wanted, &["aws"]).1.is_empty()
}

fn document_fault(resolved: &ResolvedDocument, expected: &Expectation, stage: &Stage) -> Option<String> {
    let (found, wanted) = match expected {
        Expectation::Document(wanted) => (resolved.document.clone(), wanted),
        Expectation::Effective { below, effective } => {
            let child = resolved.exceptions.get(&stage.account).cloned();
            let levels: Vec<Vec<Json>> = std::iter::once(resolved.document.clone())
                .chain(below.iter().cloned())
                .chain(child)
                .map(|document| vec![document])
                .collect();
            match merge::effective(resolved.ty, &levels) {
                Ok(found) => (found, effective),
                Err(error) => return Some(error.to_string()),
            }
        }
        Expectation::Denied(_)
        | Expectation::Allowed(_)
        | Expectation::Inputs(_)
        | Expectation::Passes(_)
        | Expectation::Fails(_) => {
            return Some("a case of a declarative policy expects `effective` or `document`".to_owned());
        }
    };
    (sorted(&found) != sorted(wanted)).then(|| format!("the document is {found}, not {wanted}"))
}

/// The value with the keys of its objects in order, for comparing.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort();
            keys.into_iter()
                .filter_map(|key| members.get(key).map(|inner| (key.clone(), sorted(inner))))
                .collect()
        }
        Json::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
