//! What is wanted: the manifest read, its complaints told, the landing zone resolved.

use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::view;
use glidepath_aws::Clock;
use glidepath_guardrails::Catalogue;
use glidepath_manifest::{Diagnostic, Manifest, Severity, Sources, render};
use glidepath_model::Date;
use glidepath_plan::{LandingZone, resolve};
use std::path::Path;

/// A manifest that can be used, and what it comes to.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) manifest: Manifest,
    pub(crate) zone: LandingZone,
    /// The texts that its places point into.
    pub(crate) sources: Sources,
    /// The day it is wanted for.
    pub(crate) today: Date,
}

/// A manifest with everything that is to say about it.
pub(crate) struct Judged {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
    /// What it comes to; none where something is wrong.
    pub(crate) wanted: Option<Wanted>,
}

impl Wanted {
    /// Reads a manifest, for this day or for today. Complaints go to stderr, notes only as their number:
    /// `validate` tells them. With an error among the complaints the run ends.
    pub(crate) fn read(path: &Path, today: Option<Date>) -> Result<Self, Failure> {
        let judged = Self::judge(path, today);
        let (notes, told): (Vec<Diagnostic>, Vec<Diagnostic>) =
            judged.diagnostics.iter().cloned().partition(|one| one.severity == Severity::Note);
        view::talk(&render::human(&told, &judged.sources, render::Colour::Always));
        if !notes.is_empty() {
            let notes = view::style::count(notes.len(), "note");
            view::talk(&format!("{notes} on the manifest: `glidepath validate` tells them\n"));
        }
        judged.wanted.ok_or_else(|| unusable(&judged.diagnostics))
    }

    /// Reads a manifest and says everything that is to say about it.
    pub(crate) fn judge(path: &Path, today: Option<Date>) -> Judged {
        let loaded = glidepath_manifest::load(path);
        let mut diagnostics = loaded.diagnostics;
        let today =
            today.unwrap_or_else(|| jiff::tz::TimeZone::UTC.to_datetime(Clock::system().now()).date());
        let wanted =
            loaded.manifest.and_then(|manifest| match resolve(&manifest, Catalogue::built_in(), today) {
                Ok(zone) => {
                    diagnostics.extend(zone.findings.iter().cloned());
                    Some(Self { zone, manifest, today, sources: loaded.sources.clone() })
                }
                Err(found) => {
                    diagnostics.extend(found);
                    None
                }
            });
        Judged { diagnostics, sources: loaded.sources, wanted }
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

/// The complaints are told; only where to read on is left to say.
fn unusable(diagnostics: &[Diagnostic]) -> Failure {
    let failure = Failure::told(ExitCode::Invalid);
    match diagnostics.first() {
        Some(first) => {
            failure.help(format!("`glidepath explain-code {}` says more about a code", first.code))
        }
        None => failure,
    }
}
