//! Judging a guardrail beyond its form: whether its policy is one that AWS takes, and one that is safe.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>.

use crate::case::Expectation;
use crate::fault::Fault;
use crate::guardrail::{Exceptions, Guardrail};
use crate::resolve::{Resolved, ResolvedDocument, ResolvedStatements};
use crate::trial::Stage;
use crate::yaml::{Node, Value};
use glidepath_iam::actions::is_reached_by_rcps;
use glidepath_iam::document::{self, Effect, Principal, Scope, Statement};
use glidepath_iam::merge;
use glidepath_model::PolicyType;
use glidepath_model::limits::Limits;
use std::collections::BTreeSet;

/// A complaint of the checker; it stands at a place of the file.
pub type Finding = Fault;

impl Guardrail {
    /// Everything that is wrong with it, its cases aside: [`Guardrail::run_cases`] runs those.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let mut checker = Checker { guardrail: self, findings: Vec::new() };
        checker.words();
        checker.body();
        checker.cases();
        match Stage::usual() {
            Ok(stage) => checker.resolutions(&stage),
            Err(error) => checker.find(error),
        }
        checker.findings.sort_by_key(|finding| finding.place);
        checker.findings.dedup();
        checker.findings
    }
}

/// Gathers what is wrong with one guardrail.
pub(crate) struct Checker<'g> {
    guardrail: &'g Guardrail,
    findings: Vec<Finding>,
}

impl<'g> Checker<'g> {
    pub(crate) fn guardrail(&self) -> &'g Guardrail {
        self.guardrail
    }

    pub(crate) fn find(&mut self, message: impl AsRef<str>) {
        let place = self.guardrail.body_place();
        self.findings.push(Fault::new(&self.guardrail.file, place, message));
    }

    pub(crate) fn find_at(&mut self, node: &Node, message: impl AsRef<str>) {
        self.findings.push(Fault::new(&self.guardrail.file, node.place, message));
    }

    fn words(&mut self) {
        let guardrail = self.guardrail;
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if guardrail.id.is_empty() || !guardrail.id.bytes().all(legal) {
            self.find(format!("the id `{}` is not lower case with hyphens", guardrail.id));
        }
        let name = guardrail.file.rsplit('/').next().unwrap_or_default();
        if name != format!("{}.yaml", guardrail.id) {
            self.find(format!("the file is `{name}`, its id `{}`: they are the same", guardrail.id));
        }
        if guardrail.rationale.split_whitespace().count() < 20 {
            self.find("the rationale is too short: two to four sentences on why");
        }
        if guardrail.behaviour != guardrail.mechanism.behaviour() {
            self.find(format!("a guardrail by {} is not {}", guardrail.mechanism, guardrail.behaviour));
        }
        let declarative = guardrail.mechanism.policy_type().map(PolicyType::is_declarative);
        let fits = match guardrail.exceptions {
            Exceptions::Condition => declarative == Some(false),
            Exceptions::Child(_) => declarative == Some(true),
            Exceptions::Excluded => declarative.is_none(),
            Exceptions::Refused(_) => true,
        };
        if !fits {
            self.find("exceptions of an SCP or RCP are made by `condition`, of other policies by `child`");
        }
    }

    /// What can be told from the template alone.
    pub(crate) fn template(&mut self, node: &Node) {
        match &node.value {
            Value::Text(text) if text.starts_with("arn:aws") => {
                self.find_at(node, format!("`{text}` names a partition: write `arn:*:`"));
            }
            Value::List(items) => items.iter().for_each(|item| self.template(item)),
            Value::Map(members) => {
                for member in members {
                    let optional =
                        member.value.members().iter().any(|inner| inner.value.get("$optional").is_some());
                    if optional && !member.key.contains("Not") {
                        let message =
                            format!("leaving a key out of `{}` widens the statement: use `$if`", member.key);
                        self.find_at(&member.value, message);
                    }
                    self.template(&member.value);
                }
            }
            _ => {}
        }
    }

    fn cases(&mut self) {
        let mut said = BTreeSet::new();
        for case in &self.guardrail.cases {
            if !said.insert(&case.says) {
                self.find(format!("two cases say `{}`", case.says));
            }
        }
        let Some(ty) = self.guardrail.mechanism.policy_type() else { return self.detective_cases() };
        let declarative = ty.is_declarative();
        let has = |word: &str| self.guardrail.cases.iter().any(|case| case.expectation.word() == word);
        if !(declarative || has("denied") && has("allowed")) {
            self.find("cases of both kinds are wanted: something denied and something still allowed");
        }
        if declarative && self.guardrail.cases.len() < 2 {
            self.find("at least two cases are wanted");
        }
        for case in &self.guardrail.cases {
            let mixed = matches!(case.expectation, Expectation::Denied(_) | Expectation::Allowed(_));
            if mixed == declarative {
                self.find(format!("`{}` expects what its mechanism does not give", case.says));
            }
        }
    }

    /// What shows only with values: with the defaults, and with the arguments of each case.
    fn resolutions(&mut self, stage: &Stage) {
        for arguments in self.guardrail.argument_sets() {
            match self.guardrail.resolve(&arguments, &stage.surroundings, &BTreeSet::new()) {
                Ok(Resolved::Statements(resolved)) => self.statements(&resolved),
                Ok(Resolved::Document(resolved)) => self.document(&resolved),
                Ok(other) => self.filled(&other),
                Err(errors) => {
                    for error in errors {
                        match error {
                            crate::ResolveError::Policy(fault) => self.findings.push(fault),
                            other => self.find(other.to_string()),
                        }
                    }
                }
            }
        }
    }

    fn statements(&mut self, resolved: &ResolvedStatements) {
        let mut sids = BTreeSet::new();
        for statement in &resolved.statements {
            let sid = statement.sid.clone().unwrap_or_default();
            if sid.is_empty() || !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                self.find(format!("the `Sid` `{sid}` is not made of letters and digits"));
            }
            if !sids.insert(sid.clone()) {
                self.find(format!("two statements are named `{sid}`"));
            }
            if statement.effect != Effect::Deny {
                self.find(format!("`{sid}` allows: a guardrail only denies"));
            }
            if statement.resources.is_none() {
                self.find(format!("`{sid}` has neither `Resource` nor `NotResource`"));
            }
            if resolved.ty == PolicyType::Rcp {
                self.rcp(&sid, statement);
            } else if statement.principals.is_some() {
                self.find(format!("`{sid}` names a principal, which an SCP cannot"));
            }
        }
        let size = document::minified(&resolved.document()).chars().count();
        self.size(resolved.ty, size);
    }

    fn rcp(&mut self, sid: &str, statement: &Statement) {
        if statement.principals != Some(Scope::Only(vec![Principal::Anyone])) {
            self.find(format!("`{sid}` is of an RCP: its principal is `\"*\"`"));
        }
        if statement.actions.is_negated() {
            self.find(format!("`{sid}` is of an RCP, which knows no `NotAction`"));
        }
        for action in statement.actions.patterns() {
            let service = action.split_once(':').map_or("", |(service, _)| service);
            if !is_reached_by_rcps(service) {
                self.find(format!("`{action}` of `{sid}` is of no service that RCPs reach"));
            }
        }
        if statement.conditions.iter().any(|condition| {
            condition.key.eq_ignore_ascii_case("aws:PrincipalArn")
                && condition.operator.comparison.negates().is_some()
        }) {
            let why = "a role of the same name in any other account would pass";
            self.find(format!("`{sid}` spares principals by name in an RCP: {why}"));
        }
    }

    fn document(&mut self, resolved: &ResolvedDocument) {
        if let Err(error) = merge::check(resolved.ty, &resolved.document) {
            self.find(error.to_string());
        }
        self.size(resolved.ty, resolved.document.to_string().chars().count());
    }

    fn size(&mut self, ty: PolicyType, size: usize) {
        match Limits::published() {
            Ok(limits) => {
                let most = limits.policy(ty).size;
                if u64::try_from(size).is_ok_and(|size| size > most) {
                    self.find(format!("the document takes {size} characters, and {most} are the most"));
                }
            }
            Err(error) => self.find(error.to_string()),
        }
    }
}
