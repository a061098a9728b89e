//! Where AWS is: the only place that chooses between the real one, an address and a sandbox in process,
//! and that wires clock, trace and recording to it.

mod recording;
mod sandbox;

use crate::args::{AwsArgs, OnOff, SandboxSpeed};
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::view;
use crate::view::style::shown;
use crate::wanted::Wanted;
use glidepath_aws::{
    AccessMode, Aws, Clock, Connector, Credentials, Exchange, Options, Rates, Sink, TraceLine,
};
use glidepath_aws::{ConnectionReset, Speed};
use glidepath_sandbox::Sandbox;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use sandbox::{
    ADMINISTRATOR_KEY, close, directory, existing, new_world, reset, seed_for, unnamed,
};

/// One run's way to AWS.
pub(crate) struct Wire {
    clock: Clock,
    connector: Connector,
    credentials: Credentials,
    home: String,
    rates: Rates,
    trace: Option<Sink<TraceLine>>,
    record: Option<Sink<Exchange>>,
    sandbox: Option<(Arc<Sandbox>, PathBuf)>,
    /// How fast the clock runs; none for real time.
    speed: Option<Speed>,
}

impl Wire {
    /// Chooses by the command line. A sandbox that is not there is made for the landing zone.
    pub(crate) fn open(args: &AwsArgs, wanted: &Wanted) -> Result<Self, Failure> {
        let trace = args.trace_api.then(|| -> Sink<TraceLine> {
            Arc::new(|line: &TraceLine| view::talk(&format!("{}\n", shown(line))))
        });
        let record = args.record.as_deref().map(recording::open).transpose()?;
        let rates = match args.rates {
            OnOff::On => Rates::Published,
            OnOff::Off => Rates::Off,
        };
        let mut wire = Self {
            clock: Clock::system(),
            connector: Connector::Https,
            credentials: Credentials::Chain { profile: None },
            home: wanted.zone.home.clone(),
            rates,
            trace,
            record,
            sandbox: None,
            speed: None,
        };
        if let Some(directory) = &args.sandbox {
            let world = sandbox::open(directory, args, sandbox::seed_for(wanted))?;
            let speed = match args.sandbox_speed {
                None | Some(SandboxSpeed::Max) => Speed::Max,
                Some(SandboxSpeed::Times(factor)) => Speed::Times(factor),
            };
            wire.speed = Some(speed);
            wire.clock = Clock::simulated(world.now(), speed);
            let (answering, clock) = (world.clone(), wire.clock.clone());
            wire.connector = Connector::InProcess(Arc::new(move |request| {
                answering.call(clock.now(), request).map_err(|_| ConnectionReset)
            }));
            wire.credentials = sandbox::administrator(&wanted.zone.management_id);
            wire.sandbox = Some((world, directory.clone()));
            return Ok(wire);
        }
        if args.faults.is_some() || args.eventual || args.sandbox_speed.is_some() {
            let what = "`--faults`, `--eventual` and `--sandbox-speed` are for sandboxes, and none is named";
            return Err(Failure::new(ExitCode::Invalid, what).help("add `--sandbox DIR`"));
        }
        if let Some(url) = &args.endpoint {
            wire.connector = Connector::Endpoint(url.clone());
        }
        Ok(wire)
    }

    /// Runs the work of a verb to its end, on a runtime that fits the clock.
    pub(crate) fn run<F: Future>(&self, work: F) -> Result<F::Output, Failure> {
        self.clock.run(work).map_err(|error| Failure::of(ExitCode::Failed, &error))
    }

    /// Prepares a session; nothing is called yet.
    pub(crate) async fn connect(&self, access: AccessMode) -> Result<Aws, Failure> {
        let options = Options {
            credentials: self.credentials.clone(),
            rates: self.rates,
            access,
            trace: self.trace.clone(),
            record: self.record.clone(),
            ..Options::new(self.connector.clone(), self.clock.clone(), &self.home)
        };
        Aws::connect(options).await.map_err(|error| Failure::of(ExitCode::Failed, &error))
    }

    /// How long so much of the clock's time takes a person who waits; nothing where time jumps.
    pub(crate) fn real(&self, duration: Duration) -> Duration {
        match self.speed {
            None => duration,
            Some(Speed::Times(factor)) => duration.div_f64(factor),
            Some(Speed::Max) => Duration::ZERO,
        }
    }

    /// A token of the access portal for a user of a sandbox's directory; none where AWS is real.
    pub(crate) fn sign_in(&self, user: &str) -> Result<Option<String>, Failure> {
        let Some((world, _)) = &self.sandbox else { return Ok(None) };
        let token = world.sign_in(user);
        token.map(Some).map_err(|error| Failure::doing(ExitCode::Invalid, "sign in to the sandbox", &error))
    }

    /// Whether nothing that is done here is real.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// The folder for the journals of an organization; none where the machine has no place for state.
    pub(crate) fn journal_folder(&self, organization: &str) -> Option<PathBuf> {
        if let Some((_, directory)) = &self.sandbox {
            return Some(directory.join("journal"));
        }
        let place = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let state = place("XDG_STATE_HOME")
            .or_else(|| place("LOCALAPPDATA"))
            .or_else(|| place("HOME").map(|home| home.join(".local").join("state")))?;
        let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
        Some(state.join("glidepath").join(organization.chars().map(plain).collect::<String>()))
    }

    /// Lets go of what is held, such as a sandbox's folder.
    pub(crate) fn close(self) -> Result<(), Failure> {
        let Self { sandbox, connector, .. } = self;
        // The connector holds the world too.
        drop(connector);
        match sandbox.and_then(|(world, _)| Arc::into_inner(world)) {
            Some(world) => sandbox::close(world),
            None => Ok(()),
        }
    }
}
