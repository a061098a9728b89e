//! Consent to a plan: what was given on the command line, and what is typed.
//!
//! INVARIANT (removals are consented to by name): neither `--yes` nor a typed name ever opens a gate for
//! something that is removed, closed, moved or turned off.

use crate::args::ConsentArgs;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::view;
use crate::view::text::obstacles::{Answer, flag};
use crate::wire::Wire;
use glidepath_engine::{Approved, approve};
use glidepath_plan::plan::{Allowances, Gate, GateName, NewAccounts};
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
        consent.new_accounts = NewAccounts::Any;
    }
    if creates_organization && new_organization(zone, args, whom)? {
        consent.gates.insert(GateName::CreateOrganization);
    }
    let approved = approve(plan, &consent).map_err(|refused| {
        let flags = flags(&refused.gates, zone, whom);
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

/// What to add to the command line so that nobody need be asked.
fn flags(closed: &[Gate], zone: &LandingZone, whom: Whom) -> Vec<String> {
    let mut flags: Vec<String> = closed
        .iter()
        .map(|gate| match (gate.name, whom) {
            (GateName::CreateOrganization, Whom::Yes | Whom::Nobody) => {
                format!("{}={}", flag(gate), zone.management_id)
            }
            _ => flag(gate),
        })
        .collect();
    if whom == Whom::Nobody && !flags.is_empty() {
        flags.push("--yes".to_owned());
    }
    flags
}

/// What has become of a gate before anybody is asked.
pub(super) fn answer(gate: &Gate, args: &ConsentArgs, whom: Whom) -> Answer {
    match gate.name {
        GateName::NewAccounts if given(args).open(gate) => Answer::Open,
        GateName::NewAccounts => match whom {
            Whom::YesInSandbox => Answer::Open,
            Whom::Person => Answer::Typing,
            Whom::Yes | Whom::Nobody => Answer::Closed,
        },
        GateName::CreateOrganization if whom == Whom::YesInSandbox => Answer::Open,
        // Its account id is asked for, or compared, only afterwards.
        GateName::CreateOrganization if args.create_organization.is_some() => Answer::Open,
        _ if given(args).open(gate) => Answer::Open,
        name if name.holds_back() => Answer::Waits,
        _ => Answer::Closed,
    }
}

/// What the options say.
fn given(args: &ConsentArgs) -> Allowances {
    let mut gates: BTreeSet<GateName> = args.allow.iter().copied().collect();
    if args.allow_close {
        gates.insert(GateName::Close);
    }
    let new_accounts = NewAccounts::AtMost(args.allow_new_accounts.unwrap_or(0));
    Allowances { new_accounts, gates, locked_out: args.allow_lock_out.iter().cloned().collect() }
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
