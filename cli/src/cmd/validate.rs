//! `validate`: everything that is wrong with a manifest, without credentials.

use crate::args::{Form, ValidateArgs};
use crate::exit_code::ExitCode;
use crate::failure::Outcome;
use crate::view;
use crate::view::style::{GOOD, count, paint, quoted};
use crate::wanted::Wanted;
use glidepath_manifest::{Severity, render};
use glidepath_plan::lint;

pub(super) fn run(args: &ValidateArgs) -> Outcome {
    let mut loaded = Wanted::judge(&args.from.manifest, None);
    if let Some(Wanted { manifest, zone, .. }) = &loaded.wanted {
        loaded.diagnostics.extend(lint::findings(manifest, &zone.guardrails, &loaded.sources));
    }
    let refused = loaded.diagnostics.iter().any(|found| found.severity == Severity::Error);
    let form = if args.json { Form::Json } else { args.format };
    match form {
        Form::Human => {
            view::data(&render::human(&loaded.diagnostics, &loaded.sources, render::Colour::Always))
        }
        Form::Short => view::data(&render::short(&loaded.diagnostics, &loaded.sources)),
        Form::Json => view::json::print(&render::json(&loaded.diagnostics, &loaded.sources)),
    }
    let Some(Wanted { manifest, zone, .. }) = loaded.wanted.filter(|_| !refused) else {
        return Ok(ExitCode::Invalid);
    };
    if form == Form::Human {
        let mut found = vec![
            count(manifest.units.len(), "unit"),
            count(manifest.accounts.len(), "account"),
            count(manifest.policies.len(), "policy"),
        ];
        let rules: usize = zone.detection.packs.iter().map(|pack| pack.rules.len()).sum();
        if rules > 0 {
            let packs = count(zone.detection.packs.len(), "pack");
            found.push(format!("{} in {packs}", count(rules, "Config rule")));
        }
        if !zone.detection.templates.is_empty() {
            found.push(count(zone.detection.templates.len(), "Guard rule file"));
        }
        let path = args.from.manifest.display().to_string();
        view::talk(&format!("{} is {}: {}\n", quoted(&path), paint(GOOD, "valid"), found.join(", ")));
    }
    Ok(ExitCode::Done)
}
