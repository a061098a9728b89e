//! Settings that the SCPs of the plan deny to the role that sets them: the account would refuse the calls.

use super::lock_out::{everything, reason};
use super::{Finding, Scene};
use crate::access::{Bearings, Lines, keys_read, leave_open};
use crate::change::Change;
use crate::plan::Notice;
use crate::setting::{Setting, steps};
use crate::spec::Spec;
use glidepath_iam::context::Context;
use glidepath_iam::decision::Outcome;
use glidepath_iam::evaluate::Layers;
use glidepath_iam::request::{Principal, Request, Resource};
use glidepath_model::account_settings::AccountSettings;
use glidepath_model::operations::{Access, OperationRow};
use glidepath_model::text::printable;
use glidepath_model::{Address, PolicyType};
use std::collections::{BTreeMap, BTreeSet};

/// A notice for each account whose SCPs deny any of the calls, with the policy that does.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let members = scene.changes.values().filter_map(|change| match &change.address {
        Address::AccountSettings(name) if *name != scene.world.zone.management_name => Some((name, change)),
        _ => None,
    });
    let members: Vec<(&String, &Change)> = members.collect();
    let scps = Lines::new(&scene.transition.after, PolicyType::Scp);
    if members.is_empty() || !scps.in_force() {
        return Vec::new();
    }
    let bearings = Bearings::of_world(scene.world);
    let one = |(name, change): (&String, &Change)| {
        let denied = denied(scene, &scps, &bearings, name, change);
        let (why, actions) = denied.into_iter().next()?;
        let first = actions.first().map(|action| printable(action).into_owned()).unwrap_or_default();
        let (others, verb) = match actions.len() {
            0 | 1 => (String::new(), "is"),
            count => (format!(" and {} more", count - 1), "are"),
        };
        let text = format!(
            "`{first}`{others} {verb} {why}, also for the role that enters `{}`: spare it there, or this will be refused",
            printable(name)
        );
        Some(Finding::Notice(Notice { address: Some(change.address.clone()), text }))
    };
    members.into_iter().filter_map(one).collect()
}

/// The actions that are not surely allowed, by the reason.
fn denied(
    scene: &Scene<'_>,
    scps: &Lines<'_>,
    bearings: &Bearings<'_>,
    name: &str,
    change: &Change,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut denied: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let Some(Spec::AccountSettings(after)) = change.action.after() else { return denied };
    let nothing = AccountSettings::default();
    let before = match change.action.before() {
        Some(Spec::AccountSettings(before)) => before,
        Some(_) | None => &nothing,
    };
    let (levels, _) = scps.ready(&scene.transition.after.line(name));
    let layers = Layers { scps: levels, identity: vec![everything()], ..Layers::default() };
    let unknown = keys_read(&layers);
    let zone = scene.world.zone;
    let role = zone.accounts.get(name).and_then(|account| account.access.as_ref());
    let role = role.map_or(zone.access_role.as_str(), |role| role.value.as_str());
    let id = bearings.account_id(name);
    let arn = format!("arn:{}:iam::{id}:role/{role}", bearings.partition());
    for step in steps(before, after) {
        let region = match &step {
            Setting::InRegion(region, _) => region.as_str(),
            // The management account writes contacts, and no SCP binds it.
            Setting::Contact(..) => continue,
            Setting::Alias(_) | Setting::PasswordPolicy(_) | Setting::PublicAccessBlock(_) => &zone.home,
        };
        for action in writes(&step) {
            let service = action.split(':').next().unwrap_or_default();
            let mut context = Context::new();
            if service == "ec2" {
                context.set("aws:RequestedRegion", region.to_owned());
            }
            for (key, value) in bearings.assumptions(&arn, action) {
                context.set_default(key, value);
            }
            leave_open(&mut context, &unknown);
            let Ok(principal) = Principal::parse(&arn) else { continue };
            let resource = format!("arn:{}:{service}:{region}:{id}:*", bearings.partition());
            let asked =
                Request::new(principal, action, Resource::Arn(resource), Some(id.to_owned()), context);
            let Ok(asked) = asked else { continue };
            // What hangs on a key that nobody told may be allowed: only what is surely denied is told.
            let outcome = layers.outcome(&asked);
            if matches!(outcome, Outcome::ExplicitlyDenied | Outcome::ImplicitlyDenied) {
                denied.entry(reason(&layers.decide(&asked))).or_default().insert(action.clone());
            }
        }
    }
    denied
}

/// The actions of a step's writes.
fn writes(step: &Setting) -> impl Iterator<Item = &'static String> {
    let rows = step.operations().into_iter().filter_map(|operation| OperationRow::find(operation).ok());
    rows.filter(|row| row.access == Access::Write).flat_map(|row| &row.actions)
}
