//! Why a request is allowed or denied: what every SCP and RCP on its way says, which statements stop it and
//! what would have to change.
//!
//! Only SCPs and RCPs are asked. Policies of the principal and of the resource are taken to allow the
//! request: nothing that is said here grants anything.

mod ground;
mod stop;

pub use ground::{Asker, Ground};
pub use stop::{Clause, Held, Remedy, Stop, StopKind};

use crate::access::{NO_ACCOUNT, keys_read, leave_open};
use glidepath_iam::actions;
use glidepath_iam::context::Context;
use glidepath_iam::decision::{Layer, Outcome};
use glidepath_iam::evaluate::Layers;
use glidepath_iam::request::{Principal, PrincipalKind, Request, RequestError, Resource};
use glidepath_model::text::printable;
use std::collections::{BTreeMap, BTreeSet};

/// A question about one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Who asks: an ARN, a service principal, or, together with an account, `role/deploy`, `user/maria` or
    /// `root`.
    pub principal: String,
    /// For what: `service:Action`.
    pub action: String,
    /// On what: an ARN, `*` for an action that has none, or nothing told. `{partition}`, `{account}` and
    /// `{region}` stand for those of the request.
    pub resource: Option<String>,
    /// The account of the resource, and of a principal that names none.
    pub account: Option<String>,
    /// The account of the resource, where it is another one.
    pub resource_account: Option<String>,
    /// Context keys with their values; one without values is absent.
    pub context: BTreeMap<String, Vec<String>>,
}

/// Why a question cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// There is no such account.
    #[error("there is no account `{}`{}", printable(name), hint(nearest.as_ref()))]
    Account {
        /// The account that was named.
        name: String,
        /// The account that may be meant.
        nearest: Option<String>,
    },
    /// The principal names no account.
    #[error("`{}` is in no account: name one, or write the whole ARN", printable(.0))]
    NoAccount(String),
    /// Principal or action are none.
    #[error(transparent)]
    Request(#[from] RequestError),
}

fn hint(nearest: Option<&String>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{}`?", printable(name)))
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Who asks, as an ARN.
    pub principal: String,
    /// For what.
    pub action: String,
    /// On what; none where nobody told.
    pub resource: Option<String>,
    /// The account of the principal, if it is one of the organization.
    pub principal_account: Option<String>,
    /// The account of the resource, if it is one of the organization.
    pub resource_account: Option<String>,
    /// What SCPs and RCPs together say.
    pub outcome: Outcome,
    /// What each level says, from the root down, RCPs after SCPs.
    pub path: Vec<Step>,
    /// Everything that stops the request, or may.
    pub stops: Vec<Stop>,
    /// Keys whose values nobody told and that decide, in lower case.
    pub undecided: BTreeSet<String>,
    /// Keys that were taken for granted and that some statement reads.
    pub assumed: BTreeMap<String, String>,
    /// What else a reader should know.
    pub notes: Vec<String>,
    /// Policies that could not be read, so that the answer may be another one.
    pub unread: BTreeSet<String>,
}

/// What one level says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// SCPs or RCPs.
    pub layer: Layer,
    /// The root, a unit or the account.
    pub level: String,
    /// What it says.
    pub outcome: Outcome,
    /// The policy that says it; none where nothing allows.
    pub policy: Option<String>,
    /// The statement's name.
    pub sid: Option<String>,
}

/// A question that can be evaluated.
struct Asked {
    request: Request,
    principal_account: Option<String>,
    resource_account: Option<String>,
    layers: Layers,
    unread: BTreeSet<String>,
    assumed: BTreeMap<String, String>,
}

impl Explanation {
    /// What stops the request, in a few words; empty where nothing does.
    #[must_use]
    pub fn because(&self) -> String {
        let certain = self.stops.iter().filter(|stop| stop.certain || self.outcome == Outcome::Maybe);
        certain.take(2).map(Stop::words).collect::<Vec<_>>().join(", and ")
    }
}

/// Answers a question and says why.
///
/// # Errors
/// What is wrong with the question.
pub fn explain(asker: &Asker<'_>, question: &Question) -> Result<Explanation, QuestionError> {
    let asked = ask(asker, question)?;
    let decision = asked.layers.decide(&asked.request);
    let of_organization = |layer: Layer| matches!(layer, Layer::Scp | Layer::Rcp);
    let mut path: Vec<Step> = decision
        .verdicts
        .iter()
        .filter(|verdict| of_organization(verdict.source.layer))
        .map(|verdict| Step {
            layer: verdict.source.layer,
            level: verdict.source.level.clone().unwrap_or_default(),
            outcome: verdict.outcome,
            policy: verdict.source.policy.clone(),
            sid: verdict.source.sid.clone(),
        })
        .collect();
    path.sort_by_key(|step| step.layer);
    let stops = stop::stops(asker, &asked, &path);
    let notes = notes(&asked, &path);
    Ok(Explanation {
        principal: asked.request.principal().arn.clone(),
        action: asked.request.action().to_owned(),
        resource: match asked.request.resource() {
            Resource::Arn(arn) => Some(arn.clone()),
            Resource::Unknown => None,
        },
        outcome: decision.outcome,
        path,
        stops,
        undecided: decision.undecided_keys,
        assumed: asked.assumed,
        notes,
        unread: asked.unread,
        principal_account: asked.principal_account,
        resource_account: asked.resource_account,
    })
}

/// What SCPs and RCPs say to a question, without the reasons.
///
/// # Errors
/// What is wrong with the question.
pub fn decide(asker: &Asker<'_>, question: &Question) -> Result<Outcome, QuestionError> {
    let asked = ask(asker, question)?;
    Ok(asked.layers.outcome(&asked.request))
}

fn ask(asker: &Asker<'_>, question: &Question) -> Result<Asked, QuestionError> {
    let bearings = asker.bearings;
    let told_id = match &question.account {
        Some(name) => Some(account_id(asker, name)?),
        None => None,
    };
    let arn = principal_arn(&question.principal, bearings.partition(), told_id.as_deref())?;
    let principal = Principal::parse(&arn)?;
    let own_id = told_id.clone().or_else(|| principal.account.clone());
    let fill = |text: &String| {
        let own = own_id.as_deref().unwrap_or("{account}");
        let text = text.replace("{partition}", bearings.partition()).replace("{account}", own);
        text.replace("{region}", &bearings.zone.home)
    };
    let resource = question.resource.as_ref().map(fill);
    let told_owner = match &question.resource_account {
        Some(name) => Some(account_id(asker, name)?),
        None => None,
    };
    let owner = told_owner.clone().or_else(|| resource.as_deref().and_then(owner).map(str::to_owned));
    let owner = owner.or(own_id);
    // Accounts that are still to be created share an id that is none, so that only what was told counts.
    let name_of = |id: Option<&String>, told: Option<&String>, name: Option<&String>| match (id, told, name) {
        (Some(id), Some(told), Some(name)) if id == told => Some(asker.name_of(name)),
        (Some(id), _, _) => bearings.account_name(id).map(str::to_owned),
        (None, _, _) => None,
    };
    let told_name = question.account.as_ref();
    let principal_account = name_of(principal.account.as_ref(), told_id.as_ref(), told_name);
    let resource_account = match &question.resource_account {
        Some(name) => name_of(owner.as_ref(), told_owner.as_ref(), Some(name)),
        None => name_of(owner.as_ref(), told_id.as_ref(), told_name),
    };

    let (layers, unread) = asker.layers(principal_account.as_deref(), resource_account.as_deref());
    let keys = keys_read(&layers);
    let mut context = Context::new();
    for (key, values) in &question.context {
        context.set_all(key, values.clone());
    }
    let told = |key: &str| question.context.keys().any(|known| known.eq_ignore_ascii_case(key));
    let inside = principal.kind != PrincipalKind::Service && principal.kind != PrincipalKind::Anonymous;
    let mut assumed = BTreeMap::new();
    for (key, value) in bearings.assumptions(&principal.identity_arn(), &question.action) {
        let of_principal = key.starts_with("aws:Principal");
        // Who is not of the organization carries none of its marks.
        let holds = match (of_principal, key) {
            (true, "aws:PrincipalOrgID") => principal_account.is_some(),
            (true, _) => inside,
            (false, "aws:ResourceOrgID") => resource_account.is_some(),
            (false, _) => true,
        };
        if told(key) || !holds {
            continue;
        }
        let value = match (key, resource.as_deref().and_then(region_of)) {
            ("aws:RequestedRegion", Some(region)) => region.to_owned(),
            _ => value,
        };
        if keys.contains(&key.to_lowercase()) && !of_principal && key != "aws:ResourceOrgID" {
            assumed.insert(key.to_owned(), value.clone());
        }
        context.set_default(key, value);
    }
    let open = keys.iter().filter(|key| {
        let stranger_mark =
            (*key == "aws:principalorgid" || *key == "aws:principalorgpaths") && principal_account.is_none();
        !told(key) && !stranger_mark
    });
    leave_open(&mut context, &open.cloned().collect());
    let resource = resource.map_or(Resource::Unknown, Resource::Arn);
    let request = Request::new(principal, &question.action, resource, owner, context)?;
    Ok(Asked { request, principal_account, resource_account, layers, unread, assumed })
}

fn account_id(asker: &Asker<'_>, name: &str) -> Result<String, QuestionError> {
    if asker.shape.accounts.contains_key(name) {
        return Ok(asker.bearings.account_id(name).to_owned());
    }
    if let Some(known) = asker.bearings.account_name(name)
        && asker.shape.accounts.contains_key(known)
    {
        return Ok(name.to_owned());
    }
    let scored = asker.accounts().map(|known| (strsim::jaro_winkler(name, known), known));
    let best = scored.filter(|(score, _)| *score > 0.8).max_by(|one, other| one.0.total_cmp(&other.0));
    let nearest = best.map(|(_, known)| known.to_owned());
    Err(QuestionError::Account { name: name.to_owned(), nearest })
}

/// The principal as an ARN: a short name, and `*` in the place of the account, take the told account.
fn principal_arn(text: &str, partition: &str, account: Option<&str>) -> Result<String, QuestionError> {
    let short = text == "root" || text.starts_with("role/") || text.starts_with("user/");
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match (short, parts.as_slice(), account) {
        (true, _, Some(id)) => Ok(format!("arn:{partition}:iam::{id}:{text}")),
        (false, ["arn", own_partition, service, region, "*" | "{account}", name], Some(id)) => {
            Ok(format!("arn:{own_partition}:{service}:{region}:{id}:{name}")
                .replace("{partition}", partition))
        }
        (true, _, None) | (false, ["arn", _, _, _, "*" | "{account}", _], None) => {
            Err(QuestionError::NoAccount(text.to_owned()))
        }
        _ => Ok(text.to_owned()),
    }
}

/// The account in an ARN.
fn owner(resource: &str) -> Option<&str> {
    let account = resource.split(':').nth(4)?;
    (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

/// The Region in an ARN.
fn region_of(resource: &str) -> Option<&str> {
    resource.split(':').nth(3).filter(|region| !region.is_empty() && !region.contains(['*', '?']))
}

/// Why a layer was not asked, and what else stands behind the answer.
fn notes(asked: &Asked, path: &[Step]) -> Vec<String> {
    let mut notes = Vec::new();
    let principal = asked.request.principal();
    let silent = |layer: Layer| !path.iter().any(|step| step.layer == layer);
    if silent(Layer::Scp) {
        notes.push(
            match principal.kind {
                PrincipalKind::ServiceLinkedRole => "SCPs do not reach service-linked roles",
                PrincipalKind::Service => "SCPs do not reach AWS services",
                PrincipalKind::Anonymous => "SCPs do not reach anonymous callers",
                _ if asked.layers.principal_in_management_account => {
                    "SCPs do not reach the management account"
                }
                _ if asked.principal_account.is_none() => {
                    "the principal is of no account of this organization: its SCPs do not reach it"
                }
                _ => "policies of type `scp` are not enabled",
            }
            .to_owned(),
        );
    }
    if silent(Layer::Rcp) {
        notes.push(
            match principal.kind {
                PrincipalKind::ServiceLinkedRole => "RCPs do not reach service-linked roles",
                _ if asked.layers.resource_in_management_account => {
                    "RCPs do not reach resources of the management account"
                }
                _ if asked.resource_account.is_none() => {
                    "the resource is of no account of this organization: its RCPs do not reach it"
                }
                _ if asked.layers.rcps.is_some() => "RCPs do not reach this action",
                _ => "policies of type `rcp` are not enabled",
            }
            .to_owned(),
        );
    }
    notes.extend(unknown_action(asked.request.action()));
    if *asked.request.resource() == Resource::Unknown
        && asked.layers.outcome(&asked.request) == Outcome::Maybe
    {
        notes.push("no resource was named, and it may be what decides".to_owned());
    }
    if principal.account.as_deref() == Some(NO_ACCOUNT) {
        notes.push(format!("the account has no id yet: `{NO_ACCOUNT}` stands in its place"));
    }
    notes
}

/// A word on an action that AWS does not list: the answer holds for it, and it may be a typing mistake.
fn unknown_action(action: &str) -> Option<String> {
    let (prefix, name) = action.split_once(':')?;
    let near =
        |found: Option<&str>| found.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let Some(service) = actions::service(prefix) else {
        let nearest = actions::nearest(prefix, actions::prefixes());
        return Some(format!("`{}` is no service that is known here{}", printable(prefix), near(nearest)));
    };
    if service.action(name).is_some() {
        return None;
    }
    let nearest = actions::nearest(name, service.actions().map(actions::Action::name));
    Some(format!("`{}` is no action that is known here{}", printable(action), near(nearest)))
}
