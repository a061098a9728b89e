//! The guardrails that a manifest can name: the catalogue and files of the user's own.

use super::OwnFile;
use glidepath_guardrails::{Catalogue, Fault, Guardrail, LookupError};
use glidepath_manifest::manifest::{GuardrailChoice, GuardrailName, Manifest, OwnGuardrail};
use glidepath_manifest::{Diagnostic, Span, code};
use std::collections::BTreeMap;

/// The catalogue, and the user's own guardrails by path. A file that is broken is not among them and has
/// been complained of.
pub(super) struct Library<'a> {
    pub(super) catalogue: &'a Catalogue,
    own: BTreeMap<&'a str, (Guardrail, &'a OwnGuardrail)>,
}

impl<'a> Library<'a> {
    /// Reads the user's own guardrails.
    pub(super) fn read(
        manifest: &'a Manifest,
        catalogue: &'a Catalogue,
        findings: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut library = Self { catalogue, own: BTreeMap::new() };
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for entry in &manifest.guardrails {
            let GuardrailChoice::One { guardrail: GuardrailName::Own(own), .. } = &entry.choice else {
                continue;
            };
            if seen.insert(&own.path, entry.span).is_some() {
                continue;
            }
            match Guardrail::read(&own.path, &own.text) {
                Err(faults) => {
                    let file = Some((own.file, own.text.as_str()));
                    findings.extend(faults.iter().map(|fault| broken(file, fault, entry.span)));
                }
                Ok(guardrail) => match library.taken(&guardrail.id) {
                    Some(by) => findings.push(
                        Diagnostic::new(
                            code::BROKEN_GUARDRAIL,
                            format!("the id `{}` is taken by {by}", guardrail.id),
                        )
                        .at(entry.span, "")
                        .help("give the guardrail another `id`, and its file that name"),
                    ),
                    None => {
                        library.own.insert(&own.path, (guardrail, own));
                    }
                },
            }
        }
        library
    }

    fn taken(&self, id: &str) -> Option<String> {
        if self.catalogue.ids().any(|known| known == id) {
            return Some("the catalogue".to_owned());
        }
        let other = self.own.iter().find(|(_, (guardrail, _))| guardrail.id == id);
        other.map(|(path, _)| format!("`{path}`"))
    }

    /// One of the user's own guardrails; none where its file is broken.
    pub(super) fn own(&self, own: &OwnGuardrail) -> Option<(&Guardrail, OwnFile<'_>)> {
        let (guardrail, own) = self.own.get(own.path.as_str())?;
        Some((guardrail, (own.file, &own.text)))
    }

    /// One of the catalogue; `span` is where it is named.
    pub(super) fn of_catalogue(
        &self,
        id: &str,
        span: Span,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<&'a Guardrail> {
        match self.catalogue.get(id) {
            Ok(guardrail) => Some(guardrail),
            Err(error) => {
                findings.extend(lookup_failed(&error, span));
                None
            }
        }
    }
}

/// The complaints about a guardrail that cannot be looked up.
pub(super) fn lookup_failed(error: &LookupError, span: Span) -> Vec<Diagnostic> {
    match error {
        LookupError::Unknown { id, nearest } => {
            let diagnostic =
                Diagnostic::new(code::UNKNOWN_GUARDRAIL, format!("there is no guardrail `{id}`"))
                    .at(span, "");
            vec![
                diagnostic
                    .help("`glidepath guardrails list` shows those of the catalogue; one of your own is named by its file")
                    .nearest(span, nearest.clone()),
            ]
        }
        LookupError::Broken { faults, .. } => faults.iter().map(|fault| broken(None, fault, span)).collect(),
    }
}

/// The complaint about a fault in a guardrail's file: shown there if it is the user's own, else where the
/// guardrail is named.
pub(super) fn broken(own: Option<OwnFile<'_>>, fault: &Fault, named: Span) -> Diagnostic {
    match own {
        Some((file, text)) => {
            let place = Span::of_place(file, text, fault.place.line, fault.place.column);
            Diagnostic::new(code::BROKEN_GUARDRAIL, &fault.message)
                .at(place, "")
                .at(named, "named here")
                .help("mend the file; `glidepath guardrails test` judges it alone")
        }
        None => Diagnostic::new(code::BROKEN_GUARDRAIL, fault.to_string())
            .at(named, "")
            .help("this is a fault of the catalogue or of the values given here"),
    }
}
