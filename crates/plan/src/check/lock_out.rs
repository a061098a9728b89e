//! The lock-out proof: whoever must be able to repair the organization still can, in every account.
//!
//! Each request of `data/repair.yaml` is evaluated against the SCPs and RCPs of every account, before the
//! plan and after it. One that was possible and no longer is, or no longer surely is, closes a gate that
//! only its principal's name opens. One that was denied before is a notice: a plan that repairs must pass.
//! Trusted access and the delegation policy are looked at in `footing`, policies of keys in `key`.

mod footing;
mod key;
mod repairs;
mod told;

use super::{Finding, Scene, is_delete};
use crate::access::{Bearings, Lines, keys_read, leave_open};
use crate::plan::Refusal;
use crate::shape::Shape;
use glidepath_iam::context::Context;
use glidepath_iam::decision::Outcome;
use glidepath_iam::document::{self, Document, Effect, Scope};
use glidepath_iam::evaluate::Layers;
use glidepath_iam::request::{Principal, Request, Resource};
use glidepath_iam::statement::Policy;
use glidepath_model::text::printable;
use glidepath_model::{Address, PolicyType, Target};
use repairs::{REPAIRS, Repair, Who};
use std::collections::{BTreeMap, BTreeSet};
use told::{Denial, LockedOut};

pub(super) use told::reason;

/// Keys that only the session of a role delivered to a machine carries. Whoever repairs takes the role on with
/// `sts:AssumeRole`; one that a machine holds declares the key, and then it counts.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-iam-ec2-iam-policies.html>.
const DELIVERED: [&str; 2] = ["ec2:roledelivery", "ec2:sourceinstancearn"];

/// A principal of a repair with what it declares about itself.
#[derive(Debug, Clone)]
struct Repairer {
    /// The name that a gate is opened by: one for all accounts.
    name: String,
    arn: String,
    context: BTreeMap<String, String>,
    in_management_account: bool,
}

/// The gate on locking a repairer out, and a notice for whoever is locked out already.
#[must_use]
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let repairs = match &*REPAIRS {
        Ok(repairs) => repairs,
        Err(error) => return vec![Finding::Refusal(unreadable("the table of repairs", error))],
    };
    let proof = Proof::new(scene);
    let mut locked: BTreeMap<String, LockedOut> = BTreeMap::new();
    let mut already: BTreeMap<String, LockedOut> = BTreeMap::new();
    for account in scene.transition.after.accounts.keys() {
        if *account == scene.world.zone.management_name || !proof.changes(account) {
            continue;
        }
        match proof.account(account, repairs) {
            Ok(denials) => {
                for denial in denials {
                    let list = if denial.newly { &mut locked } else { &mut already };
                    list.entry(denial.principal.clone()).or_default().add(account, denial);
                }
            }
            Err(policy) => {
                let policy = format!("policy `{}`", printable(&policy));
                return vec![Finding::Refusal(unreadable(&policy, "it is no policy document"))];
            }
        }
    }
    let gates = locked.into_iter().map(|(principal, locked)| Finding::Gate(locked.gate(&principal)));
    let notices = already.into_iter().map(|(principal, locked)| Finding::Notice(locked.notice(&principal)));
    let others = footing::trusted_access(scene).into_iter().chain(footing::delegation(scene));
    let others = others.chain(key::policies(scene));
    gates.chain(notices).chain(others).collect()
}

fn unreadable(what: &str, why: &str) -> Refusal {
    Refusal {
        code: "lock-out-not-proved".into(),
        addresses: Vec::new(),
        summary: format!(
            "whether the plan locks anybody out cannot be proved: {what} cannot be read ({})",
            printable(why)
        ),
        help: "correct the policy, so that the proof can be made".into(),
    }
}

/// Both trees, made ready for asking.
struct Proof<'a> {
    scene: &'a Scene<'a>,
    sides: [Side<'a>; 2],
    bearings: Bearings<'a>,
    identity: Policy,
}

struct Side<'a> {
    shape: &'a Shape,
    scps: Lines<'a>,
    rcps: Lines<'a>,
}

impl<'a> Side<'a> {
    fn new(shape: &'a Shape) -> Self {
        Self { shape, scps: Lines::new(shape, PolicyType::Scp), rcps: Lines::new(shape, PolicyType::Rcp) }
    }

    fn holds(&self, target: &Target) -> bool {
        match target {
            Target::Unit(path) => path.is_root() || self.shape.units.contains(path),
            Target::Account(name) => self.shape.accounts.contains_key(name),
        }
    }
}

impl<'a> Proof<'a> {
    fn new(scene: &'a Scene<'a>) -> Self {
        let sides = [Side::new(&scene.transition.before), Side::new(&scene.transition.after)];
        Self { scene, sides, bearings: Bearings::of_world(scene.world), identity: everything() }
    }

    /// Whether anything that decides over the account changes.
    fn changes(&self, account: &str) -> bool {
        let [before, after] = &self.sides;
        before.scps.documents(account) != after.scps.documents(account)
            || before.rcps.documents(account) != after.rcps.documents(account)
            || before.scps.names(account) != after.scps.names(account)
    }

    /// Every repair that is not surely allowed in an account after the plan.
    fn account(&self, account: &str, repairs: &[Repair]) -> Result<Vec<Denial>, String> {
        let [before, after] = &self.sides;
        let line = after.shape.line(account);
        // An account that is new, or moves, is compared with what of its new line was there before.
        let line_before = match before.shape.accounts.contains_key(account) {
            true => before.shape.line(account),
            false => line.iter().filter(|target| before.holds(target)).cloned().collect(),
        };
        let (old_scps, unread_scps) = before.scps.ready(&line_before);
        let (old_rcps, unread_rcps) = before.rcps.ready(&line_before);
        let (new_scps, new_unread_scps) = after.scps.ready(&line);
        let (new_rcps, new_unread_rcps) = after.rcps.ready(&line);
        // What was there before and stays denies the same as before, whatever it says.
        let mut unread =
            new_unread_scps.difference(&unread_scps).chain(new_unread_rcps.difference(&unread_rcps));
        if let Some(policy) = unread.next() {
            return Err(policy.clone());
        }
        let (old, new) = ((old_scps, old_rcps), (new_scps, new_rcps));
        let layers =
            |(scps, rcps)| Layers { scps, rcps, identity: vec![self.identity.clone()], ..Layers::default() };
        let (mut old, mut new) = (layers(old), layers(new));
        let unknown: BTreeSet<String> = keys_read(&old).into_iter().chain(keys_read(&new)).collect();
        let mut denials = Vec::new();
        for repair in repairs.iter().filter(|repair| self.is_asked_of(repair, account)) {
            for repairer in self.repairers(repair.who, account) {
                old.principal_in_management_account = repairer.in_management_account;
                new.principal_in_management_account = repairer.in_management_account;
                for action in &repair.actions {
                    let Some(asked) = self.request(repair, &repairer, account, action, &unknown) else {
                        continue;
                    };
                    if new.outcome(&asked) == Outcome::Allowed {
                        continue;
                    }
                    let decision = new.decide(&asked);
                    let newly = old.outcome(&asked) == Outcome::Allowed;
                    denials.push(Denial {
                        principal: repairer.name.clone(),
                        newly,
                        action: action.clone(),
                        why: repair.why.clone(),
                        reason: reason(&decision),
                    });
                }
            }
        }
        Ok(denials)
    }

    /// Whether a repair is asked of an account: some are only of those that administer a service.
    fn is_asked_of(&self, repair: &Repair, account: &str) -> bool {
        let Some(service) = &repair.administers else { return true };
        let duty = Address::DelegatedAdministrator { service: service.clone(), account: account.to_owned() };
        match self.scene.changes.get(&duty) {
            Some(change) => !is_delete(change),
            None => self.scene.observed.contains_key(&duty),
        }
    }

    fn repairers(&self, who: Who, account: &str) -> Vec<Repairer> {
        let zone = self.scene.world.zone;
        let id = self.bearings.account_id(account);
        let everywhere = |role: &str| Repairer {
            name: format!("arn:{}:iam::*:role/{role}", self.bearings.partition()),
            arn: format!("arn:{}:iam::{id}:role/{role}", self.bearings.partition()),
            context: BTreeMap::new(),
            in_management_account: false,
        };
        let role = zone.accounts.get(account).and_then(|account| account.access.as_ref());
        let role = role.map_or(zone.access_role.as_str(), |role| role.value.as_str());
        match who {
            Who::Access => vec![everywhere(role)],
            Who::StackSets => vec![everywhere("stacksets-exec-0")],
            Who::Entering | Who::Deploy => {
                let home = zone.roles.apply.as_ref().map(|arn| arn.value.clone());
                let default =
                    format!("arn:{}:iam::{}:role/glidepath", self.bearings.partition(), zone.management_id);
                let arn = home.unwrap_or(default);
                let own_account = arn.split(':').nth(4).unwrap_or_default().to_owned();
                let in_management = own_account == zone.management_id.as_str();
                // What the role does to the organization is denied by the SCPs of its own account alone, and
                // not by these if that is the management account.
                let concerned = who == Who::Entering || (own_account == id && !in_management);
                if !concerned {
                    return Vec::new();
                }
                let name = arn.clone();
                vec![Repairer { name, arn, context: BTreeMap::new(), in_management_account: in_management }]
            }
            Who::BreakGlass => zone
                .roles
                .break_glass
                .iter()
                .filter_map(|declared| {
                    let mut parts: Vec<&str> = declared.arn.splitn(6, ':').collect();
                    let own = parts.get_mut(4)?;
                    if *own == "*" {
                        *own = id;
                    }
                    (*own == id).then(|| Repairer {
                        name: declared.arn.clone(),
                        arn: parts.join(":").replace('*', "0"),
                        context: declared.context.clone(),
                        in_management_account: false,
                    })
                })
                .collect(),
        }
    }

    /// The request, with every key that nobody told marked as unknown.
    fn request(
        &self,
        repair: &Repair,
        repairer: &Repairer,
        account: &str,
        action: &str,
        unknown: &BTreeSet<String>,
    ) -> Option<Request> {
        let zone = self.scene.world.zone;
        let id = self.bearings.account_id(account);
        let resource = repair
            .resource
            .replace("{partition}", self.bearings.partition())
            .replace("{account}", id)
            .replace("{region}", &zone.home)
            .replace("{role}", &zone.access_role);
        let mut context = Context::new();
        for (key, value) in repairer.context.iter().chain(&repair.context) {
            context.set(key, value.clone());
        }
        for (key, value) in self.bearings.assumptions(&repairer.arn, action) {
            context.set_default(key, value);
        }
        let open = unknown.iter().filter(|key| !DELIVERED.contains(&key.as_str()));
        leave_open(&mut context, &open.cloned().collect());
        let principal = Principal::parse(&repairer.arn).ok()?;
        // The other side of a request across accounts (the role's trust) is not what SCPs and RCPs decide: it
        // is asked as one inside the account, with the principal's own account in the context.
        if let Some(own) = &principal.account {
            context.set_default("aws:PrincipalAccount", own.clone());
        }
        let inside = Principal { account: Some(id.to_owned()), ..principal };
        Request::new(inside, action, Resource::Arn(resource), Some(id.to_owned()), context).ok()
    }
}

pub(super) fn everything() -> Policy {
    let statement = document::Statement {
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: Scope::Only(vec!["*".to_owned()]),
        resources: Some(Scope::Only(vec!["*".to_owned()])),
        conditions: Vec::new(),
    };
    Policy::new("everything", &Document { version: None, id: None, statements: vec![statement] })
}
