//! What a change of an account's settings means: what goes with a default VPC, what weakens, what waits.

use crate::change::Change;
use crate::setting::{RegionSetting, Setting, deleted_default_vpcs, steps};
use crate::spec::Spec;
use glidepath_model::account_settings::AccountSettings;
use glidepath_model::text::printable;

pub(super) fn notes(change: &Change) -> Vec<String> {
    let Some(Spec::AccountSettings(after)) = change.action.after() else { return Vec::new() };
    let before = match change.action.before() {
        Some(Spec::AccountSettings(before)) => before.clone(),
        Some(_) | None => AccountSettings::default(),
    };
    let steps = steps(&before, after);
    let mut notes = Vec::new();
    for (region, vpc) in &deleted_default_vpcs(change) {
        let subnets = vpc.subnets.len();
        let gateway = match &vpc.gateway {
            Some(gateway) if vpc.detached => {
                format!(", and the internet gateway `{}` that hangs on nothing", printable(gateway))
            }
            Some(gateway) => format!(", and its internet gateway `{}`", printable(gateway)),
            None => String::new(),
        };
        notes.push(format!(
            "the default VPC `{}` of {} goes with {subnets} subnet{}{gateway}",
            printable(&vpc.vpc),
            printable(region),
            if subnets == 1 { "" } else { "s" }
        ));
    }
    let images = |step: &Setting| matches!(step, Setting::InRegion(_, RegionSetting::ImageBlock(_)));
    if steps.iter().any(images) {
        notes.push("AWS may take ten minutes until a block of images shows".to_owned());
    }
    notes
}
