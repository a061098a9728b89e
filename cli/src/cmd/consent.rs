//! Consent to a plan: what was given on the command line, and what is typed.
//!
//! INVARIANT (removals are consented to by name): neither `--yes` nor a typed name ever opens a gate for
//! something that is removed, closed, moved or turned off.

use crate::args::ConsentArgs;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::view;
use crate::view::text::obstacles::flag;
use crate::wire::Wire;
use glidepath_engine::{Approved, Consent, approve};
use glidepath_plan::plan::GateName;
use glidepath_plan::{LandingZone, Plan};
use std::collections::BTreeSet;
use std::io::BufRead as _;

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// A person at a terminal is asked.
    Person,
    /// `--yes` answers.
    Yes,
    /// `--yes` answers, and nothing real can be created.
    YesInSandbox,
    /// Nobody.
    Nobody,
}

impl Whom {
    /// Who answers in this run.
    pub(super) fn of(wire: &Wire, args: &ConsentArgs) -> Self {
        match (args.yes, wire.is_sandbox()) {
            (true, true) => Self::YesInSandbox,
            (true, false) => Self::Yes,
            (false, _) if view::is_interactive() => Self::Person,
            (false, _) => Self::Nobody,
        }
    }
}

/// Obtains consent, or says what is missing.
pub(super) fn obtain(
    plan: Plan,
    zone: &LandingZone,
    args: &ConsentArgs,
    whom: Whom,
) -> Result<Approved, Failure> {
    let creates_organization = plan.gates.iter().any(|gate| gate.name == GateName::CreateOrganization);
    let mut consent = given(args);
    if matches!(whom, Whom::YesInSandbox | Whom::Person) {
        consent.gates.insert(GateName::NewAccounts);
    }
    if creates_organization && new_organization(zone, args, whom)? {
        consent.gates.insert(GateName::CreateOrganization);
    }
    let approved = approve(plan, &consent).map_err(|refused| {
        let flags: Vec<String> = refused.gates.iter().map(flag).collect();
        let failure = Failure::new(ExitCode::Refused, refused.to_string());
        match (refused.refusals.is_empty(), flags.is_empty()) {
            (true, false) => failure.help(format!("to consent, add `{}`", flags.join(" "))),
            (false, _) => failure.help("nothing opens a refusal; see what to do about each above"),
            (true, true) => failure,
        }
    })?;
    match whom {
        Whom::Yes | Whom::YesInSandbox => Ok(approved),
        Whom::Person => typed_name(&zone.organization).map(|()| approved),
        Whom::Nobody => Err(Failure::new(ExitCode::Refused, "nobody can be asked for consent here")
            .help("add `--yes` to apply without being asked")),
    }
}

/// What the options say.
fn given(args: &ConsentArgs) -> Consent {
    let mut gates: BTreeSet<GateName> = args.allow.iter().copied().collect();
    if args.allow_close {
        gates.insert(GateName::Close);
    }
    let new_accounts = args.allow_new_accounts.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    Consent { gates, new_accounts }
}

/// Whether a new organization is consented to: by the account's id, given or typed.
fn new_organization(zone: &LandingZone, args: &ConsentArgs, whom: Whom) -> Result<bool, Failure> {
    let typed = match (&args.create_organization, whom) {
        (Some(Some(id)), _) => id.to_string(),
        (_, Whom::YesInSandbox) => return Ok(true),
        (None, _) => return Ok(false),
        (Some(None), Whom::Person) => ask(&format!(
            "A new organization makes this account its management account for good.\nType the account's id ({}) to create it: ",
            zone.management_id
        ))?,
        (Some(None), Whom::Yes | Whom::Nobody) => {
            return Err(Failure::new(ExitCode::Refused, "a new organization needs the account's id")
                .help(format!("give it: `--create-organization={}`", zone.management_id)));
        }
    };
    if typed == zone.management_id.as_str() {
        return Ok(true);
    }
    let wanted = &zone.management_id;
    Err(Failure::new(ExitCode::Refused, format!("that is not {wanted}, so no organization is created")))
}

fn typed_name(name: &str) -> Result<(), Failure> {
    let typed = ask(&format!("\nType the organization's name ({}) to apply: ", view::style::shown(&name)))?;
    if typed == name {
        return Ok(());
    }
    Err(Failure::new(ExitCode::Refused, "not confirmed, so nothing was changed"))
}

/// Asks a person for a line.
fn ask(question: &str) -> Result<String, Failure> {
    view::talk(question);
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(0) => Err(Failure::new(ExitCode::Refused, "not confirmed, so nothing was changed")),
        Ok(_) => Ok(line.trim().to_owned()),
        Err(error) => Err(Failure::doing(ExitCode::Failed, "read the answer", &error)),
    }
}
