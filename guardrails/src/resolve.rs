//! Making statements or a document of a guardrail: arguments in, policy out.

use crate::argument::{self, Argument, ArgumentError};
use crate::config_rule::ConfigRule;
use crate::control::SecurityControl;
use crate::exempt::ExemptPrincipals;
use crate::fault::Fault;
use crate::guard::GuardRules;
use crate::guardrail::{Body, ChildPolicy, Exceptions, Guardrail};
use crate::parameter::Supplied;
use crate::statements;
use crate::template::{Bindings, Empty};
use glidepath_iam::document::{Comparison, Document, Statement, Version};
use glidepath_model::{AccountId, OrganizationId, PolicyType};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What a guardrail takes from the landing zone around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The organization's id; none before the organization exists.
    pub organization: Option<OrganizationId>,
    /// The governed Regions.
    pub regions: Vec<String>,
    /// The management account's id.
    pub management: Option<AccountId>,
    /// The principals that exempting statements spare.
    pub exempt: ExemptPrincipals,
}

/// A guardrail with everything filled in.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    /// Statements of an SCP or RCP, to be packed with those of other guardrails.
    Statements(ResolvedStatements),
    /// A declarative document.
    Document(ResolvedDocument),
    /// Config rules, to be put into conformance packs with those of other guardrails.
    Rules(Vec<ConfigRule>),
    /// Security Hub controls.
    Controls(Vec<SecurityControl>),
    /// CloudFormation Guard rules.
    Guard(GuardRules),
}

/// Statements of an SCP or RCP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedStatements {
    /// The policy type.
    pub ty: PolicyType,
    /// The statements, in the order of the file.
    pub statements: Vec<Statement>,
}

/// A declarative document, with the documents that undo it for single accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedDocument {
    /// The policy type.
    pub ty: PolicyType,
    /// The document.
    pub document: Json,
    /// What is to be attached to each spared account.
    pub exceptions: BTreeMap<AccountId, Json>,
}

/// Why a guardrail cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// An argument does not fit, or is missing.
    #[error(transparent)]
    Argument(#[from] ArgumentError),
    /// The file's template does not become a policy with these arguments.
    #[error(transparent)]
    Policy(#[from] Fault),
    /// The guardrail spares no account.
    #[error("`{guardrail}` takes no exception: {reason}")]
    NoException {
        /// The guardrail.
        guardrail: String,
        /// Why.
        reason: String,
    },
}

impl ResolvedStatements {
    /// The statements as a document of their own.
    #[must_use]
    pub fn document(&self) -> Document {
        Document { version: Some(Version::V2012), id: None, statements: self.statements.clone() }
    }

    /// The patterns of principals that some statement spares. Each of them must be guarded: see
    /// [`crate::unguarded`].
    #[must_use]
    pub fn spared(&self) -> BTreeSet<String> {
        let conditions = self.statements.iter().flat_map(|statement| &statement.conditions);
        let sparing = conditions.filter(|condition| {
            condition.key.eq_ignore_ascii_case("aws:PrincipalArn")
                && matches!(
                    condition.operator.comparison,
                    Comparison::ArnNotLike
                        | Comparison::ArnNotEquals
                        | Comparison::StringNotLike
                        | Comparison::StringNotEquals
                )
        });
        sparing.flat_map(|condition| condition.values.iter().cloned()).collect()
    }
}

impl Guardrail {
    /// Checks arguments as a manifest gives them.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn arguments(
        &self,
        given: &BTreeMap<String, Json>,
    ) -> Result<BTreeMap<String, Argument>, Vec<ArgumentError>> {
        argument::arguments(&self.id, &self.parameters, given)
    }

    /// Fills everything in: arguments before what the landing zone supplies before defaults.
    ///
    /// # Errors
    /// Everything that is in the way.
    pub fn resolve(
        &self,
        arguments: &BTreeMap<String, Argument>,
        surroundings: &Surroundings,
        exceptions: &BTreeSet<AccountId>,
    ) -> Result<Resolved, Vec<ResolveError>> {
        let arguments = self.complete(arguments, surroundings)?;
        if !exceptions.is_empty()
            && let Exceptions::Refused(reason) = &self.exceptions
        {
            let (guardrail, reason) = (self.id.clone(), reason.clone());
            return Err(vec![ResolveError::NoException { guardrail, reason }]);
        }
        let (ty, template) = match &self.body {
            Body::Policy { ty, template } => (*ty, template),
            Body::Rules(rules) => {
                let filled: Result<Vec<_>, _> =
                    rules.iter().map(|rule| rule.fill(self, &arguments)).collect();
                return filled.map(|rules| Resolved::Rules(rules.concat())).map_err(policy);
            }
            Body::Controls(controls) => {
                let filled: Result<Vec<_>, _> =
                    controls.iter().map(|control| control.fill(self, &arguments)).collect();
                return filled.map(Resolved::Controls).map_err(policy);
            }
            Body::Guard(guard) => {
                return guard.fill(self, &arguments).map(Resolved::Guard).map_err(policy);
            }
        };
        let fill = |template| {
            let bindings = Bindings {
                file: &self.file,
                arguments: &arguments,
                exempt: surroundings.exempt.patterns(),
                empty: if ty.is_declarative() { Empty::Keep } else { Empty::Refuse },
            };
            bindings.fill(template).map_err(policy)
        };
        let filled = fill(template)?;
        if !ty.is_declarative() {
            let statements = statements::statements(self, ty, filled, &surroundings.exempt, exceptions)
                .map_err(|faults| faults.into_iter().map(ResolveError::Policy).collect::<Vec<_>>())?;
            return Ok(Resolved::Statements(ResolvedStatements { ty, statements }));
        }
        let mut children = BTreeMap::new();
        if let Exceptions::Child(child) = &self.exceptions {
            let ChildPolicy(template) = child.as_ref();
            for account in exceptions {
                children.insert(account.clone(), fill(template)?);
            }
        }
        Ok(Resolved::Document(ResolvedDocument { ty, document: filled, exceptions: children }))
    }

    /// A value for every parameter.
    pub(crate) fn complete(
        &self,
        given: &BTreeMap<String, Argument>,
        surroundings: &Surroundings,
    ) -> Result<BTreeMap<String, Argument>, Vec<ResolveError>> {
        let mut all = BTreeMap::new();
        let mut errors = Vec::new();
        for parameter in &self.parameters {
            let supplied = parameter.supplied.and_then(|supplied| match supplied {
                Supplied::OrganizationId => {
                    surroundings.organization.as_ref().map(|id| Argument::Text(id.as_str().to_owned()))
                }
                Supplied::Regions => Some(Argument::List(surroundings.regions.clone())),
                Supplied::Management => {
                    surroundings.management.as_ref().map(|id| Argument::Text(id.as_str().to_owned()))
                }
            });
            let found =
                given.get(&parameter.name).cloned().or(supplied).or_else(|| parameter.default.clone());
            match found {
                Some(argument) => match parameter.judge(&argument) {
                    Ok(()) => {
                        all.insert(parameter.name.clone(), argument);
                    }
                    Err(error) => errors.push(error.into()),
                },
                None if parameter.optional => {}
                None => errors.push(
                    ArgumentError::Missing { guardrail: self.id.clone(), name: parameter.name.clone() }
                        .into(),
                ),
            }
        }
        if errors.is_empty() { Ok(all) } else { Err(errors) }
    }
}

fn policy(fault: Fault) -> Vec<ResolveError> {
    vec![ResolveError::Policy(fault)]
}
