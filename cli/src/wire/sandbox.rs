//! Sandboxes: their folder, the world that a new one begins with, and who calls.

use crate::args::{AwsArgs, OnOff};
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::wanted::Wanted;
use glidepath_aws::{Clock, Credentials};
use glidepath_model::AccountId;
use glidepath_sandbox::{
    Consistency, FaultPlan, Founding, IdentityCenter, ManagementAccount, OpenError, Rates, Sandbox,
    SandboxOptions, WorldSeed,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The number that ids follow from, so that two sandboxes of one manifest look the same.
const SEED: u64 = 7;

/// The folder of the sandbox, which verbs of `sandbox` cannot do without.
pub(crate) fn directory(args: &AwsArgs) -> Result<PathBuf, Failure> {
    args.sandbox.clone().ok_or_else(|| {
        Failure::new(ExitCode::Invalid, "no sandbox is named")
            .help("add `--sandbox DIR`, or set GLIDEPATH_SANDBOX")
    })
}

/// The world that a landing zone expects to find: its organization, or where it has no id yet, an account
/// that belongs to none.
pub(crate) fn seed_for(wanted: &Wanted) -> WorldSeed {
    let zone = &wanted.zone;
    let management = ManagementAccount {
        id: zone.management_id.clone(),
        name: zone.management_name.clone(),
        email: wanted.management_email(),
    };
    let founding = if zone.organization_id.is_some() { Founding::Organization } else { Founding::StandAlone };
    WorldSeed {
        organization_id: zone.organization_id.clone(),
        identity_center: IdentityCenter::In(zone.home.clone()),
        roles: wanted.roles(),
        ..seed(management, founding)
    }
}

/// A world for a management account.
pub(crate) fn seed(management: ManagementAccount, founding: Founding) -> WorldSeed {
    let start = Clock::system().now();
    WorldSeed {
        seed: SEED,
        management,
        founding,
        organization_id: None,
        roles: Vec::new(),
        start,
        identity_center: IdentityCenter::default(),
    }
}

/// Opens a world, or makes it.
pub(crate) fn open(directory: &Path, args: &AwsArgs, world: WorldSeed) -> Result<Arc<Sandbox>, Failure> {
    Sandbox::open(directory, options(args, world)?).map(Arc::new).map_err(|error| failure(&error))
}

/// Opens a world that is there already.
pub(crate) fn existing(args: &AwsArgs) -> Result<Arc<Sandbox>, Failure> {
    let directory = directory(args)?;
    if !directory.is_dir() {
        let shown = directory.display();
        return Err(Failure::new(ExitCode::Invalid, format!("there is no sandbox in `{shown}`"))
            .help(format!("`glidepath plan --sandbox {shown}` makes one for the manifest")));
    }
    open(&directory, args, unnamed(Founding::Organization)?)
}

/// A world for `sandbox serve`: in the folder, or kept nowhere without one.
pub(crate) fn new_world(args: &AwsArgs, world: WorldSeed) -> Result<Arc<Sandbox>, Failure> {
    match &args.sandbox {
        Some(directory) => open(directory, args, world),
        None => Ok(Arc::new(Sandbox::in_memory(options(args, world)?))),
    }
}

/// A world for nobody's manifest.
pub(crate) fn unnamed(founding: Founding) -> Result<WorldSeed, Failure> {
    let id = AccountId::parse("111122223333").map_err(|error| Failure::of(ExitCode::Failed, &error))?;
    let management =
        ManagementAccount { id, name: "management".to_owned(), email: "management@example.com".to_owned() };
    Ok(seed(management, founding))
}

fn options(args: &AwsArgs, world: WorldSeed) -> Result<SandboxOptions, Failure> {
    let faults = args.faults.as_deref().map(str::parse::<FaultPlan>).transpose();
    let faults = faults.map_err(|error| Failure::of(ExitCode::Invalid, &error))?;
    Ok(SandboxOptions {
        rates: match args.rates {
            OnOff::On => Rates::Published,
            OnOff::Off => Rates::Unlimited,
        },
        consistency: if args.eventual { Consistency::Eventual } else { Consistency::Strong },
        faults,
        command: command(),
        ..SandboxOptions::new(world)
    })
}

/// Throws a world away.
pub(crate) fn reset(directory: &Path) -> Result<(), Failure> {
    Sandbox::reset(directory, &command()).map_err(|error| failure(&error))
}

/// Folds a world up and lets go of its folder.
pub(crate) fn close(world: Sandbox) -> Result<(), Failure> {
    world.close().map_err(|error| Failure::of(ExitCode::Failed, &error))
}

/// The access key of the management account's administrator in every sandbox.
pub(crate) const ADMINISTRATOR_KEY: &str = "AKIASANDBOX";

/// The key of an account's administrator in every sandbox.
pub(crate) fn administrator(account: &AccountId) -> Credentials {
    Credentials::Key { id: format!("{ADMINISTRATOR_KEY}{account}"), secret: "sandbox".to_owned() }
}

/// What this process was started as, for whoever finds the folder held.
fn command() -> String {
    std::env::args().collect::<Vec<_>>().join(" ")
}

fn failure(error: &OpenError) -> Failure {
    let code = match error {
        OpenError::Held { .. } => ExitCode::Refused,
        OpenError::Broken { .. } => ExitCode::Invalid,
        OpenError::Store(_) => ExitCode::Failed,
    };
    Failure::of(code, error)
}
