//! Evaluating a request against every layer of policies.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>.

use crate::decision::{Decision, Layer, Outcome, Source, Verdict};
use crate::document::Effect;
use crate::principal_match::Grant;
use crate::request::{PrincipalKind, Request};
use crate::statement::{Policy, Statement};
use crate::truth::Truth;
use std::collections::BTreeSet;

/// A node on the way from the root to an account, with the policies attached to it.
#[derive(Debug, Clone)]
pub struct Level {
    /// Its name in decisions.
    pub name: String,
    /// The policies attached directly to it.
    pub policies: Vec<Policy>,
}

/// Everything a request is evaluated against.
///
/// A layer that is `None` is not in force: the policy type is disabled, or there is no such policy.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// SCPs from the root to the principal's account.
    pub scps: Option<Vec<Level>>,
    /// RCPs from the root to the resource's account.
    pub rcps: Option<Vec<Level>>,
    /// Policies of the principal.
    pub identity: Vec<Policy>,
    /// The permissions boundary.
    pub boundary: Option<Policy>,
    /// The policy on the resource.
    pub resource: Option<Policy>,
    /// Policies given when the session was made.
    pub session: Option<Vec<Policy>>,
    /// Whether the principal belongs to the management account, which no SCP reaches.
    pub principal_in_management_account: bool,
    /// Whether the resource belongs to the management account, which no RCP reaches.
    pub resource_in_management_account: bool,
}

/// What a set of policies says to a request: the strongest Deny and the strongest Allow.
struct Said<'a> {
    deny: Truth,
    deny_by: Option<(&'a Policy, usize)>,
    allow: Truth,
    allow_by: Option<(&'a Policy, usize)>,
    grant: Option<Grant>,
}

impl Layers {
    /// Decides a request.
    #[must_use]
    pub fn decide(&self, request: &Request) -> Decision {
        let verdicts = self.verdicts(request);
        let first = |outcome: Outcome| verdicts.iter().find(|verdict| verdict.outcome == outcome);
        let layers = |outcome: Outcome| {
            let found: BTreeSet<Layer> = verdicts
                .iter()
                .filter(|verdict| verdict.outcome == outcome)
                .map(|verdict| verdict.source.layer)
                .collect();
            found.into_iter().collect::<Vec<_>>()
        };
        let decided = [Outcome::ExplicitlyDenied, Outcome::ImplicitlyDenied, Outcome::Maybe]
            .into_iter()
            .find_map(|outcome| first(outcome).map(|verdict| (outcome, verdict)));
        let (outcome, by) = match decided {
            Some((outcome, verdict)) => (outcome, Some(verdict.source.clone())),
            None => (Outcome::Allowed, verdicts.last().map(|verdict| verdict.source.clone())),
        };
        let denied_by = match outcome {
            Outcome::ExplicitlyDenied | Outcome::ImplicitlyDenied => layers(outcome),
            Outcome::Allowed | Outcome::Maybe => Vec::new(),
        };
        let undecided_keys =
            if outcome == Outcome::Maybe { self.undecided_keys(request) } else { BTreeSet::new() };
        Decision { outcome, denied_by, by, undecided_keys, verdicts }
    }

    /// Decides a request without saying who decided: the fast form for many requests. The outcome is the
    /// same as [`Layers::decide`]'s.
    #[must_use]
    pub fn outcome(&self, request: &Request) -> Outcome {
        let mut worst = Outcome::Allowed;
        let mut note = |said: &Said<'_>, allow: Truth| {
            let outcome = outcome(said.deny, allow);
            if severity(outcome) > severity(worst) {
                worst = outcome;
            }
        };
        for levels in [self.rcps_in_force(request), self.scps_in_force(request)] {
            for level in levels.unwrap_or_default() {
                let said = ask(&level.policies, request, Asked::Everyone);
                note(&said, said.allow);
            }
        }
        if worst == Outcome::ExplicitlyDenied {
            return worst;
        }
        let mut inside = Vec::with_capacity(4);
        self.account_verdicts(request, &mut inside);
        inside
            .iter()
            .map(|verdict| verdict.outcome)
            .chain([worst])
            .max_by_key(|outcome| severity(*outcome))
            .unwrap_or(worst)
    }

    /// Whether an SCP reaches this principal: not the management account's, not a service-linked role, not
    /// a service, not a stranger to the organization.
    fn scps_in_force(&self, request: &Request) -> Option<&[Level]> {
        let reached = match request.principal().kind {
            PrincipalKind::Root
            | PrincipalKind::User
            | PrincipalKind::Role
            | PrincipalKind::FederatedUser => true,
            PrincipalKind::ServiceLinkedRole | PrincipalKind::Service | PrincipalKind::Anonymous => false,
        };
        self.scps.as_deref().filter(|_| reached && !self.principal_in_management_account)
    }

    /// Whether an RCP reaches this request: not on resources of the management account, not from a
    /// service-linked role, and never `kms:RetireGrant`.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>.
    fn rcps_in_force(&self, request: &Request) -> Option<&[Level]> {
        let reached = request.principal().kind != PrincipalKind::ServiceLinkedRole
            && request.action_lower() != "kms:retiregrant";
        self.rcps.as_deref().filter(|_| reached && !self.resource_in_management_account)
    }

    fn verdicts(&self, request: &Request) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for (layer, levels) in
            [(Layer::Rcp, self.rcps_in_force(request)), (Layer::Scp, self.scps_in_force(request))]
        {
            for level in levels.unwrap_or_default() {
                let said = ask(&level.policies, request, Asked::Everyone);
                verdicts.push(verdict(layer, Some(&level.name), &said, said.allow));
            }
        }
        self.account_verdicts(request, &mut verdicts);
        verdicts
    }

    /// What the layers inside the accounts say. Who needs which Allow depends on how the resource's policy
    /// names the principal; source:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-rdp.html>.
    fn account_verdicts(&self, request: &Request, verdicts: &mut Vec<Verdict>) {
        let resource = self
            .resource
            .as_ref()
            .map(|policy| ask(std::slice::from_ref(policy), request, Asked::OfResource));
        let kind = request.principal().kind;
        let outsider = matches!(kind, PrincipalKind::Service | PrincipalKind::Anonymous);
        let cross_account = request.is_cross_account();
        let granted = resource.as_ref().map_or(Truth::False, |said| said.allow);
        let grant = resource.as_ref().and_then(|said| said.grant);
        let resource_must_allow =
            cross_account || outsider || (resource.is_some() && resource_policy_is_needed(request));
        if let Some(said) = &resource {
            let allow = if resource_must_allow { said.allow } else { Truth::True };
            verdicts.push(verdict(Layer::Resource, None, said, allow));
        } else if resource_must_allow {
            verdicts.push(missing(Layer::Resource));
        }
        if outsider {
            return;
        }
        let direct = |least: Grant| {
            if cross_account || grant.is_none_or(|grant| grant < least) { Truth::False } else { granted }
        };
        let user = matches!(kind, PrincipalKind::User | PrincipalKind::FederatedUser | PrincipalKind::Root);
        let unlimited = direct(if user { Grant::Identity } else { Grant::Exact });
        let identity = ask(&self.identity, request, Asked::Everyone);
        let identity_allow = if kind == PrincipalKind::Root { Truth::True } else { identity.allow };
        verdicts.push(verdict(Layer::Identity, None, &identity, identity_allow.or(direct(Grant::Identity))));
        if let Some(policy) = &self.boundary {
            let said = ask(std::slice::from_ref(policy), request, Asked::Everyone);
            verdicts.push(verdict(Layer::Boundary, None, &said, said.allow.or(unlimited)));
        }
        if let Some(policies) = &self.session {
            let said = ask(policies, request, Asked::Everyone);
            verdicts.push(verdict(Layer::Session, None, &said, said.allow.or(direct(Grant::Exact))));
        }
    }

    /// The unknown keys that matching statements hang on.
    fn undecided_keys(&self, request: &Request) -> BTreeSet<String> {
        let levels = [self.rcps_in_force(request), self.scps_in_force(request)];
        let above = levels.into_iter().flatten().flatten().flat_map(|level| &level.policies);
        let inside = self
            .identity
            .iter()
            .chain(&self.boundary)
            .chain(&self.resource)
            .chain(self.session.iter().flatten());
        let undecided = above
            .chain(inside)
            .flat_map(Policy::statements)
            .filter(|statement| statement.matches(request) == Truth::Unknown);
        undecided
            .flat_map(Statement::keys)
            .filter(|key| request.context().get(key) == crate::context::Lookup::Unknown)
            .map(str::to_owned)
            .collect()
    }
}

/// Actions that the resource's own policy must allow, whoever the principal is: keys and role trust.
///
/// Sources: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html>.
fn resource_policy_is_needed(request: &Request) -> bool {
    let action = request.action_lower();
    action.starts_with("kms:") || action.starts_with("sts:assumerole")
}

/// Whose policies are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Policies that are about whoever they are attached to (an RCP's principal is always everyone).
    Everyone,
    /// A resource's own policy: a statement that names somebody else does not count.
    OfResource,
}

fn ask<'a>(policies: &'a [Policy], request: &Request, asked: Asked) -> Said<'a> {
    let mut said =
        Said { deny: Truth::False, deny_by: None, allow: Truth::False, allow_by: None, grant: None };
    for policy in policies {
        for (at, statement) in policy.statements().iter().enumerate() {
            let grant = match asked {
                Asked::Everyone => None,
                Asked::OfResource => match statement.grants(request) {
                    None => continue,
                    named => named,
                },
            };
            let matched = statement.matches(request);
            if matched == Truth::False {
                continue;
            }
            match statement.effect() {
                Effect::Deny if matched > said.deny => {
                    said.deny = matched;
                    said.deny_by = Some((policy, at));
                }
                Effect::Allow => {
                    if matched > said.allow {
                        said.allow = matched;
                        said.allow_by = Some((policy, at));
                    }
                    said.grant = said.grant.max(grant);
                }
                Effect::Deny => {}
            }
        }
    }
    said
}

/// What one level says: a sure Deny, else a sure lack of an Allow, else a doubt about either.
fn outcome(deny: Truth, allow: Truth) -> Outcome {
    match (deny, allow) {
        (Truth::True, _) => Outcome::ExplicitlyDenied,
        (_, Truth::False) => Outcome::ImplicitlyDenied,
        (Truth::Unknown, _) | (_, Truth::Unknown) => Outcome::Maybe,
        (Truth::False, Truth::True) => Outcome::Allowed,
    }
}

/// Which of several outcomes stands: a sure denial beats a doubt, and an explicit one names itself first.
fn severity(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Allowed => 0,
        Outcome::Maybe => 1,
        Outcome::ImplicitlyDenied => 2,
        Outcome::ExplicitlyDenied => 3,
    }
}

fn verdict(layer: Layer, level: Option<&str>, said: &Said<'_>, allow: Truth) -> Verdict {
    let outcome = outcome(said.deny, allow);
    let (by, effect) = match outcome {
        Outcome::ExplicitlyDenied => (said.deny_by, Some(Effect::Deny)),
        Outcome::ImplicitlyDenied => (None, None),
        Outcome::Maybe if said.deny == Truth::Unknown => (said.deny_by, Some(Effect::Deny)),
        Outcome::Maybe | Outcome::Allowed => (said.allow_by, said.allow_by.map(|_| Effect::Allow)),
    };
    let statement = by.and_then(|(policy, at)| policy.statements().get(at));
    Verdict {
        outcome,
        effect,
        source: Source {
            layer,
            level: level.map(str::to_owned),
            policy: by.map(|(policy, _)| policy.name().to_owned()),
            sid: statement.and_then(Statement::sid).map(str::to_owned),
            statement: by.map(|(_, at)| at),
        },
    }
}

fn missing(layer: Layer) -> Verdict {
    let source = Source { layer, level: None, policy: None, sid: None, statement: None };
    Verdict { outcome: Outcome::ImplicitlyDenied, source, effect: None }
}
