//! `sandbox serve`: AWS's calls answered on a local address.

use crate::args::{AwsArgs, SandboxSpeed, ServeArgs};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::wanted::Wanted;
use crate::wire;
use glidepath_aws::{Clock, Speed};
use glidepath_sandbox::{Founding, IdentityCenter, WorldSeed};
use std::sync::Arc;

pub(super) fn run(args: &ServeArgs, aws: &AwsArgs) -> Outcome {
    let world = wire::new_world(aws, seed(args)?)?;
    let speed = match aws.sandbox_speed {
        None => Speed::Times(1.0),
        Some(SandboxSpeed::Times(factor)) => Speed::Times(factor),
        Some(SandboxSpeed::Max) => {
            return Err(Failure::new(
                ExitCode::Invalid,
                "a served sandbox cannot know when everything waits",
            )
            .help("give a number, such as `--sandbox-speed 60`"));
        }
    };
    let clock = Clock::simulated(world.now(), speed);
    let ticking = clock.clone();
    let served = world.clone();
    let outcome = clock.run(async move {
        let doing = format!("listen on 127.0.0.1:{}", args.port);
        let failed = |error| Failure::doing(ExitCode::Failed, &doing, &error);
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", args.port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        view::data(&format!("http://{address}\n"));
        view::talk(&view::text::serving(&format!("http://{address}")));
        tokio::select! {
            served = glidepath_sandbox::serve::serve(listener, served, move || ticking.now()) => served.map_err(failed),
            () = asked_to_end() => Ok(()),
        }
    });
    outcome.map_err(|error| Failure::of(ExitCode::Failed, &error))??;
    if let Some(world) = Arc::into_inner(world) {
        wire::close(world)?;
    }
    Ok(ExitCode::Done)
}

/// What a new world begins with: the manifest's organization, or one of nobody.
fn seed(args: &ServeArgs) -> Result<WorldSeed, Failure> {
    let mut seed = match &args.manifest {
        Some(path) => wire::seed_for(&Wanted::read(path, None)?),
        None => wire::unnamed(Founding::Organization)?,
    };
    if args.stand_alone {
        seed.founding = Founding::StandAlone;
    }
    if args.without_identity_center {
        seed.identity_center = IdentityCenter::Absent;
    }
    Ok(seed)
}

/// Waits for Ctrl-C or a polite request to end.
async fn asked_to_end() {
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}
