//! What is wanted: the manifest read, its complaints told, the landing zone resolved.

use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::view;
use glidepath_manifest::{Loaded, Manifest, render};
use glidepath_plan::{LandingZone, resolve};
use std::path::Path;

/// A manifest that can be used, and what it comes to.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) manifest: Manifest,
    pub(crate) zone: LandingZone,
}

impl Wanted {
    /// Reads a manifest. Complaints go to stderr; with an error among them the run ends.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let loaded = glidepath_manifest::load(path);
        view::talk(&render::human(&loaded.diagnostics, &loaded.sources, render::Colour::Always));
        match loaded.manifest {
            Some(manifest) => Ok(Self { zone: resolve(&manifest), manifest }),
            None => Err(unusable(&loaded, path)),
        }
    }

    /// The management account's e-mail address in a sandbox: by the manifest's pattern, or one that no
    /// member account has.
    pub(crate) fn management_email(&self) -> String {
        match &self.manifest.organization.email {
            Some(pattern) => pattern.value.replace("{account}", &self.zone.management_name),
            None => "management@example.com".to_owned(),
        }
    }

    /// The roles of the management account that the manifest names.
    pub(crate) fn roles(&self) -> Vec<String> {
        let roles = &self.manifest.roles;
        roles.plan.iter().chain(&roles.apply).map(|role| role.value.clone()).collect()
    }
}

fn unusable(loaded: &Loaded, path: &Path) -> Failure {
    let shown = path.display();
    let failure = Failure::new(ExitCode::Invalid, format!("the manifest `{shown}` cannot be used"));
    match loaded.diagnostics.first() {
        Some(first) => {
            failure.help(format!("`glidepath explain-code {}` says more about a code", first.code))
        }
        None => failure,
    }
}
