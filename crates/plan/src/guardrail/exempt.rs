//! Exempt principals: computed once from `roles`, and refused where anybody could become one.

use super::library::Library;
use super::{Application, Rule, room};
use glidepath_guardrails::{
    ExemptPrincipals, ROLE_CHANGES, ResolvedStatements, Unguarded, unguarded as open,
};
use glidepath_iam::difference::DocumentLevel;
use glidepath_iam::document::{self, Document, Effect, Scope, Statement, Version};
use glidepath_iam::pattern::Pattern;
use glidepath_manifest::manifest::PolicyBody;
use glidepath_manifest::{Diagnostic, Manifest, Span, code};
use glidepath_model::{PolicyType, Target};
use std::collections::{BTreeMap, BTreeSet};

/// A guardrail of the catalogue that protects the exempt roles; offered where it is missing.
const PROTECTS: &str = "iam-protect-platform-roles";

/// Places of one complaint that are shown.
const SHOWN: usize = 3;

/// The principals under `roles` as patterns of ARNs, with where they stand: the access roles, those that plan and apply, and
/// break-glass principals.
pub(crate) fn platform_roles(manifest: &Manifest) -> BTreeMap<String, Span> {
    let roles = &manifest.roles;
    let mut patterns: BTreeMap<String, Span> = BTreeMap::new();
    let in_account = |id: &str, name: &str| format!("arn:*:iam::{id}:role/{name}");
    patterns.insert(in_account("*", &roles.access.value), roles.access.span);
    for account in manifest.accounts.values() {
        if let Some(access) = &account.access {
            let id = account.id.as_ref().map_or("*", |id| id.value.as_str());
            patterns.insert(in_account(id, &access.value), access.span);
        }
    }
    for role in roles.plan.iter().chain(&roles.apply) {
        patterns.insert(role.value.clone(), role.span);
    }
    for principal in &roles.break_glass {
        patterns.insert(principal.value.arn.clone(), principal.span);
    }
    patterns
}

/// The roles that guardrails spare: the access roles, those that plan and apply, break-glass roles, and
/// always the roles of stack sets. A role that cannot be spared is complained of.
pub(super) fn principals(manifest: &Manifest, findings: &mut Vec<Diagnostic>) -> Option<ExemptPrincipals> {
    let mut patterns = platform_roles(manifest);
    patterns.retain(|arn, span| {
        if arn.contains(":role/") {
            return true;
        }
        findings.push(
            Diagnostic::new(code::NOT_EXEMPT, format!("guardrails do not spare `{arn}`"))
                .at(*span, "only roles are spared")
                .help("use a role, or see that no guardrail denies what it needs"),
        );
        false
    });
    patterns.retain(|pattern, span| {
        let Err(errors) = ExemptPrincipals::new([pattern.clone()]) else { return true };
        findings.extend(errors.iter().map(|error| {
            Diagnostic::new(code::BAD_EXEMPTION, error.to_string())
                .at(*span, "")
                .help("give the role another name or path")
        }));
        false
    });
    ExemptPrincipals::new(patterns.into_keys()).ok()
}

/// The complaints about places where a guardrail spares roles and somebody else can make or change such a
/// role.
///
/// An SCP spares principals below the targets it is attached to; an RCP spares principals of every account,
/// whatever it is attached to. Roles of the management account are left aside: no member can touch them.
pub(super) fn unguarded(
    manifest: &Manifest,
    library: &Library<'_>,
    applications: &[Application],
    exempt: &ExemptPrincipals,
) -> Vec<Diagnostic> {
    let denies = denies(manifest, applications);
    let mut answers: BTreeMap<(Vec<usize>, BTreeSet<String>), Vec<Unguarded>> = BTreeMap::new();
    let mut holes: BTreeMap<Vec<Unguarded>, Hole> = BTreeMap::new();
    for (place, (patterns, spans)) in sparing(manifest, applications) {
        let here: Vec<usize> = denies
            .iter()
            .enumerate()
            .filter(|(_, (target, _))| {
                *target == place || room::above(manifest, &place).any(|one| one == *target)
            })
            .map(|(at, _)| at)
            .collect();
        let found = answers.entry((here.clone(), patterns.clone())).or_insert_with(|| {
            let statements = here.iter().filter_map(|at| denies.get(*at)).map(|(_, one)| one.clone());
            open(&patterns, exempt, &[level(statements.collect())])
        });
        if !found.is_empty() {
            let hole = holes.entry(found.clone()).or_default();
            hole.places.push(place);
            hole.spans.extend(spans);
        }
    }
    holes.iter().map(|(open, hole)| complaint(library, open, hole)).collect()
}

/// The warnings about accounts in which somebody else can become one of those whom a quarantine spares, before it comes: of
/// the responders everywhere, and of the platform's roles where an account is frozen.
pub(crate) fn unguarded_responders(manifest: &Manifest, applications: &[Application]) -> Vec<Diagnostic> {
    let denies = denies(manifest, applications);
    let responders: BTreeMap<String, Span> =
        manifest.roles.responders.iter().map(|role| (role.value.clone(), role.span)).collect();
    let platform = platform_roles(manifest);
    let mut answers: BTreeMap<(Vec<usize>, BTreeSet<String>), Vec<Unguarded>> = BTreeMap::new();
    let mut holes: BTreeMap<Vec<Unguarded>, Hole> = BTreeMap::new();
    for (name, account) in &manifest.accounts {
        let spared = responders.iter().chain(platform.iter().filter(|_| account.quarantine));
        let id = account.id.as_ref().map(|id| id.value.as_str());
        let here: BTreeMap<&String, Span> =
            spared.filter(|(arn, _)| is_in(arn, id)).map(|(arn, span)| (arn, *span)).collect();
        let patterns: BTreeSet<String> = here.keys().map(|arn| (*arn).clone()).collect();
        let Ok(exempt) =
            ExemptPrincipals::new(patterns.iter().chain(platform.keys()).filter(|arn| is_role(arn)).cloned())
        else {
            continue;
        };
        let place = Target::Account(name.clone());
        let reaching: Vec<usize> = denies
            .iter()
            .enumerate()
            .filter(|(_, (target, _))| {
                *target == place || room::above(manifest, &place).any(|one| one == *target)
            })
            .map(|(at, _)| at)
            .collect();
        let found = answers.entry((reaching.clone(), patterns.clone())).or_insert_with(|| {
            let statements = reaching.iter().filter_map(|at| denies.get(*at)).map(|(_, one)| one.clone());
            open(&patterns, &exempt, &[level(statements.collect())])
        });
        if !found.is_empty() {
            let hole = holes.entry(found.clone()).or_default();
            hole.places.push(place);
            let named = found.iter().filter_map(|one| here.get(&one.pattern)).copied();
            hole.spans.extend(named);
        }
    }
    holes.iter().map(|(open, hole)| warning(open, hole)).collect()
}

fn is_role(arn: &str) -> bool {
    arn.contains(":role/")
}

/// Whether a pattern is of roles of an account; of one that is still to be created, only if it is of all accounts.
fn is_in(arn: &str, account: Option<&str>) -> bool {
    let owner = arn.split(':').nth(4);
    is_role(arn) && (owner == Some("*") || (owner.is_some() && owner == account))
}

fn warning(open: &[Unguarded], hole: &Hole) -> Diagnostic {
    let patterns: BTreeSet<&str> = open.iter().map(|one| one.pattern.as_str()).collect();
    let summary = format!(
        "a quarantine of {} spares `{}`, and others there can make or change such a role",
        places(hole),
        patterns.into_iter().collect::<Vec<_>>().join("`, `"),
    );
    let diagnostic = Diagnostic::new(code::RESPONDER_UNGUARDED, summary);
    let shown = hole.spans.iter().take(SHOWN).fold(diagnostic, |shown, span| shown.at(*span, "is spared"));
    shown.help(format!("put `{PROTECTS}` on the same targets, with these roles among its patterns"))
}

/// The first place, and how many more there are.
fn places(hole: &Hole) -> String {
    let place = hole.places.first().map(ToString::to_string).unwrap_or_default();
    match hole.places.len() {
        0 | 1 => format!("`{place}`"),
        count => format!("`{place}` and {} more", count - 1),
    }
}

/// Where a way to become an exempt principal is open.
#[derive(Default)]
struct Hole {
    places: Vec<Target>,
    spans: BTreeSet<Span>,
}

fn complaint(library: &Library<'_>, open: &[Unguarded], hole: &Hole) -> Diagnostic {
    let patterns: BTreeSet<&str> = open.iter().map(|one| one.pattern.as_str()).collect();
    let actions: BTreeSet<&str> = open.iter().map(|one| one.action).collect();
    let summary = format!(
        "on {} guardrails spare `{}`, and others can make or change such a role: {}",
        places(hole),
        patterns.into_iter().collect::<Vec<_>>().join("`, `"),
        actions.into_iter().collect::<Vec<_>>().join(", ")
    );
    let diagnostic = Diagnostic::new(code::UNGUARDED_EXEMPTION, summary);
    let spans = hole.spans.iter().take(SHOWN);
    let shown = spans.fold(diagnostic, |diagnostic, span| diagnostic.at(*span, "spares them"));
    let known = library.catalogue.ids().any(|id| id == PROTECTS);
    shown.help(if known {
        format!("put `{PROTECTS}` on the same targets")
    } else {
        "put a guardrail that denies this to everyone else on the same targets".to_owned()
    })
}

type Sparing = BTreeMap<Target, (BTreeSet<String>, BTreeSet<Span>)>;

/// The patterns that are spared, by the place where principals are spared by them.
fn sparing(manifest: &Manifest, applications: &[Application]) -> Sparing {
    let mut all = Sparing::new();
    let own = format!(":iam::{}:", manifest.organization.management.id.value);
    for application in applications {
        let Rule::Statements(statements) = &application.rule else { continue };
        let resolved = ResolvedStatements { ty: application.ty, statements: statements.clone() };
        let patterns: BTreeSet<String> =
            resolved.spared().into_iter().filter(|pattern| !pattern.contains(&own)).collect();
        if patterns.is_empty() {
            continue;
        }
        let everywhere = || manifest.accounts.values().map(|account| Target::Unit(account.unit.clone()));
        let places: BTreeSet<Target> = match application.ty {
            PolicyType::Rcp => application.targets.iter().cloned().chain(everywhere()).collect(),
            _ => application.targets.clone(),
        };
        for place in places {
            let (known, spans) = all.entry(place).or_default();
            known.extend(patterns.iter().cloned());
            spans.extend(application.spans.iter().copied());
        }
    }
    all
}

/// Every Deny of an SCP that is about changing roles, with its target: of guardrails and of the
/// manifest's own policies.
fn denies(manifest: &Manifest, applications: &[Application]) -> Vec<(Target, Statement)> {
    let mut all = Vec::new();
    let mut add = |targets: &BTreeSet<Target>, statements: &[Statement]| {
        for statement in statements.iter().filter(|statement| is_about_roles(statement)) {
            all.extend(targets.iter().map(|target| (target.clone(), statement.clone())));
        }
    };
    for application in applications.iter().filter(|one| one.ty == PolicyType::Scp) {
        if let Rule::Statements(statements) = &application.rule {
            add(&application.targets, statements);
        }
    }
    for policy in manifest.policies.values().filter(|policy| policy.ty == PolicyType::Scp) {
        let PolicyBody::Own { document, .. } = &policy.body else { continue };
        let Ok(document) = document::parse(&document.value.to_string()) else { continue };
        add(&room::attached(manifest, policy), &document.statements);
    }
    all
}

fn is_about_roles(statement: &Statement) -> bool {
    let named = |pattern: &String| {
        let pattern = Pattern::new(&pattern.to_ascii_lowercase());
        ROLE_CHANGES.iter().any(|action| pattern.matches(&action.to_ascii_lowercase()))
    };
    let actions = &statement.actions;
    statement.effect == Effect::Deny && (actions.is_negated() || actions.patterns().iter().any(named))
}

/// Everything allowed but what these deny: more than AWS lets through, so that no hole is overlooked.
fn level(statements: Vec<Statement>) -> DocumentLevel {
    let everything = Statement {
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: Scope::Only(vec!["*".to_owned()]),
        resources: Some(Scope::Only(vec!["*".to_owned()])),
        conditions: Vec::new(),
    };
    let statements = std::iter::once(everything).chain(statements).collect();
    let document = Document { version: Some(Version::V2012), id: None, statements };
    DocumentLevel { name: "account".to_owned(), documents: vec![("policies".to_owned(), document)] }
}
