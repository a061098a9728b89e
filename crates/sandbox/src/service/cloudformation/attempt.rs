//! What would become of a stack's resources: each one's properties resolved, its identity given, compared with what
//! stands. Nothing is written here; [`super::work`] carries an attempt out, a change set only tells it.

use super::identity::{Bearer, Identity};
use super::inputs::Inputs;
use super::resource::{self, Live, Resource};
use super::stack::{Output, Stack, partition};
use super::stack_policy::{Act, StackPolicy};
use super::surroundings::Around;
use super::template_text::Parsed;
use crate::faults::ResourceAct;
use crate::world::{Entity as _, Shared, Word, World};
use glidepath_template::resource_type;
use glidepath_template::{DeletionPolicy, Deployed, Place, Resolving};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an attempt is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose<'a> {
    /// To be carried out, under this stack policy: it fails where a resource would.
    Deploy(Option<&'a StackPolicy>),
    /// To be told: it fails only where the template cannot be resolved. CloudFormation looks at no resource before a
    /// change set is executed.
    Tell,
}

/// What an attempt does to one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Keep,
    Add,
    Modify,
    Replace,
}

/// One resource of the template.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) logical_id: String,
    pub(super) verb: Verb,
    /// As it will be.
    pub(super) resource: Resource,
    pub(super) generation: u32,
    /// As it is.
    pub(super) before: Option<Arc<Resource>>,
}

/// Where an attempt ends early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// The resource; none when it is the stack itself.
    pub(super) resource: Option<Box<Failed>>,
    pub(super) reason: String,
}

/// The resource that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) logical_id: String,
    pub(super) ty: String,
    pub(super) verb: Verb,
    pub(super) properties: Value,
}

/// What would become of a stack.
#[derive(Debug, Clone, Default)]
pub(super) struct Attempt {
    /// In order of dependency, up to the failure.
    pub(super) steps: Vec<Step>,
    pub(super) failure: Option<Failure>,
    pub(super) outputs: Vec<Output>,
    pub(super) imports: BTreeSet<String>,
    /// Logical ids that the template no longer wants.
    pub(super) removed: Vec<String>,
}

impl Attempt {
    /// Whether it would change nothing.
    pub(super) fn is_empty(&self, stack: &Stack) -> bool {
        self.failure.is_none()
            && self.removed.is_empty()
            && self.steps.iter().all(|step| step.verb == Verb::Keep)
            && self.outputs == stack.outputs
    }

    /// How many resources it touches.
    pub(super) fn size(&self) -> usize {
        let touched = self.steps.iter().filter(|step| step.verb != Verb::Keep).count();
        touched + self.removed.len() + usize::from(self.failure.is_some())
    }
}

/// Tries what inputs would make of a stack.
pub(super) fn attempt(
    world: &World,
    stack: &Stack,
    inputs: &Inputs,
    parsed: &Parsed,
    purpose: Purpose<'_>,
) -> Attempt {
    let around = Around::new(world, &stack.account, &stack.region);
    let mut trial = Trial {
        world,
        stack,
        inputs,
        parsed,
        purpose,
        taken: BTreeSet::new(),
        deployed: BTreeMap::new(),
        attempt: Attempt::default(),
    };
    if let Err(failure) = trial.run(&around) {
        trial.attempt.failure = Some(failure);
    }
    trial.attempt.imports = around.imported();
    trial.attempt
}

struct Trial<'a> {
    world: &'a World,
    stack: &'a Stack,
    inputs: &'a Inputs,
    parsed: &'a Parsed,
    purpose: Purpose<'a>,
    /// What this attempt itself takes up.
    taken: BTreeSet<String>,
    deployed: BTreeMap<String, Deployed>,
    attempt: Attempt,
}

impl Trial<'_> {
    fn run(&mut self, around: &Around<'_>) -> Result<(), Failure> {
        let of_stack = |reason: String| Failure { resource: None, reason };
        let place = Place {
            account: &self.stack.account,
            region: &self.stack.region,
            partition: partition(&self.stack.region),
            url_suffix: url_suffix(&self.stack.region),
            stack_name: &self.stack.name,
            stack_id: &self.stack.id,
            notification_arns: &self.inputs.notification_arns,
        };
        let resolving = Resolving::new(&self.parsed.template, place, &self.inputs.parameters, around)
            .map_err(|fault| of_stack(fault.message))?;
        for logical_id in &self.parsed.order {
            if resolving.is_wanted(logical_id) {
                self.resource(&resolving, around, logical_id)?;
            }
        }
        let standing = self.stack.members.iter().filter(|(_, member)| member.stands());
        let wanted: BTreeSet<&String> = self.attempt.steps.iter().map(|step| &step.logical_id).collect();
        let removed = standing.map(|(logical_id, _)| logical_id).filter(|id| !wanted.contains(id));
        self.attempt.removed = removed.cloned().collect();
        for logical_id in &self.attempt.removed {
            let Some(member) = self.stack.members.get(logical_id) else { continue };
            self.ask_policy(logical_id, &member.ty, Act::Delete).map_err(of_stack)?;
        }
        let outputs = resolving.outputs(&self.deployed).map_err(|fault| of_stack(fault.message))?;
        let outputs = outputs.into_iter().map(|output| Output {
            name: output.name,
            value: output.value,
            export: output.export,
            description: output.description,
        });
        self.attempt.outputs = outputs.collect();
        if self.deploys() { self.check_exports().map_err(of_stack) } else { Ok(()) }
    }

    fn resource(
        &mut self,
        resolving: &Resolving<'_>,
        around: &Around<'_>,
        logical_id: &str,
    ) -> Result<(), Failure> {
        let Some(wanted) = self.parsed.template.resources().get(logical_id) else { return Ok(()) };
        let member = self.stack.members.get(logical_id).filter(|member| member.stands());
        let before = member.and_then(|member| {
            let physical_id = member.physical_id.as_deref()?;
            let key = resource::key(&self.stack.account, &self.stack.region, &member.ty, physical_id);
            self.world.get::<Resource>(&key)
        });
        let verb_if_it_fails = if before.is_some() { Verb::Modify } else { Verb::Add };
        let failure = |properties: &Value, reason: String| Failure {
            resource: Some(Box::new(Failed {
                logical_id: logical_id.to_owned(),
                ty: wanted.ty.clone(),
                verb: verb_if_it_fails,
                properties: properties.clone(),
            })),
            reason,
        };
        let properties = resolving
            .properties(logical_id, &self.deployed)
            .map_err(|fault| failure(&Value::Null, fault.message))?;
        let generation = member.map(|member| member.generation);
        let generation = generation.or_else(|| self.stack.generations.get(logical_id).copied()).unwrap_or(0);
        let verb = match &before {
            None => Verb::Add,
            Some(before) if before.ty != wanted.ty => {
                return Err(failure(
                    &properties,
                    format!(
                        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{logical_id}]"
                    ),
                ));
            }
            Some(before) => self.verb(before, &properties),
        };
        let act = match verb {
            Verb::Keep | Verb::Add => None,
            Verb::Modify => Some(Act::Modify),
            Verb::Replace => Some(Act::Replace),
        };
        if let Some(act) = act {
            self.ask_policy(logical_id, &wanted.ty, act).map_err(|reason| failure(&properties, reason))?;
        }
        // An id that a deleted predecessor had is not made up again.
        let generation = match verb {
            Verb::Keep | Verb::Modify => generation,
            Verb::Add | Verb::Replace => generation + 1,
        };
        let made_for = match (&before, verb) {
            (Some(before), Verb::Keep | Verb::Modify) => before.made_for.clone(),
            _ => resource::made_for(&self.stack.id, logical_id, generation),
        };
        let bearer = Bearer {
            world: self.world,
            account: &self.stack.account,
            region: &self.stack.region,
            stack_name: &self.stack.name,
            logical_id,
            made_for: &made_for,
            ty: &wanted.ty,
            properties: &properties,
        };
        let resource = match (&before, verb) {
            (Some(before), Verb::Keep) => Resource::clone(before),
            (Some(before), Verb::Modify) => {
                if before.live == Live::Gone && self.deploys() {
                    let reason = bearer.handler_message(&before.physical_id, "was not found", "NotFound");
                    return Err(failure(&properties, reason));
                }
                let claims = bearer.identity().claims;
                Resource {
                    properties: Shared::of(properties.clone()),
                    live: Live::AsDeployed,
                    claims,
                    ..Resource::clone(before)
                }
            }
            _ => {
                let place = (self.stack.account.as_str(), self.stack.region.as_str());
                let names = [wanted.ty.as_str(), logical_id];
                if self.deploys() && self.world.fails(ResourceAct::Create, place, names) {
                    return Err(failure(&properties, bearer.told_to_fail()));
                }
                let identity = bearer.identity();
                if self.deploys() {
                    self.check_claims(before.as_deref(), &bearer, &identity)
                        .map_err(|reason| failure(&properties, reason))?;
                }
                self.taken.extend(identity.claims.iter().cloned());
                Resource {
                    account: Word::of(&self.stack.account),
                    region: Word::of(&self.stack.region),
                    ty: Word::of(&wanted.ty),
                    physical_id: identity.physical_id,
                    stack: Some(self.stack.id.clone()),
                    logical_id: Word::of(logical_id),
                    made_for: made_for.clone(),
                    made_up: identity.made_up,
                    properties: Shared::of(properties.clone()),
                    live: Live::AsDeployed,
                    claims: identity.claims,
                }
            }
        };
        let deployed =
            resource.bearer(self.world, &self.stack.name).deployed(&resource.physical_id, &self.parsed.asked);
        self.deployed.insert(logical_id.to_owned(), deployed);
        around.note(&resource);
        self.attempt.steps.push(Step {
            logical_id: logical_id.to_owned(),
            verb,
            resource,
            generation,
            before,
        });
        Ok(())
    }

    fn deploys(&self) -> bool {
        matches!(self.purpose, Purpose::Deploy(_))
    }

    /// What a resource that stands and should have these properties needs.
    fn verb(&self, before: &Resource, properties: &Value) -> Verb {
        let changed = changed_properties(&before.properties, properties);
        let ty = resource_type::find(&before.ty);
        if changed.iter().any(|name| ty.is_some_and(|ty| ty.is_create_only(name))) {
            return Verb::Replace;
        }
        let retagged =
            self.inputs.tags != self.stack.standing_inputs().tags && ty.is_some_and(|ty| ty.is_taggable());
        if changed.is_empty() && !retagged { Verb::Keep } else { Verb::Modify }
    }

    fn ask_policy(&self, logical_id: &str, ty: &str, act: Act) -> Result<(), String> {
        match self.purpose {
            Purpose::Deploy(Some(policy)) => policy.ask(logical_id, ty, act),
            Purpose::Deploy(None) | Purpose::Tell => Ok(()),
        }
    }

    /// Refuses what something else has: a name, or the one place there is.
    fn check_claims(
        &self,
        replaced: Option<&Resource>,
        bearer: &Bearer<'_>,
        identity: &Identity,
    ) -> Result<(), String> {
        for claim in &identity.claims {
            let holder = self.world.by::<Resource>("claim", claim).next();
            match (holder, replaced) {
                (Some(holder), Some(replaced))
                    if holder.key() == replaced.key() && !claim.ends_with(" once") =>
                {
                    return Err(format!(
                        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename \
                         {} and update the stack again.",
                        replaced.physical_id
                    ));
                }
                (Some(_), _) => return Err(bearer.taken(&identity.physical_id)),
                (None, _) if self.taken.contains(claim) => return Err(bearer.taken(&identity.physical_id)),
                (None, _) => {}
            }
        }
        Ok(())
    }

    fn check_exports(&self) -> Result<(), String> {
        let place = format!("{}/{}/", self.stack.account, self.stack.region);
        let exports =
            || self.attempt.outputs.iter().filter_map(|output| Some((output.export.as_deref()?, output)));
        for (name, _) in exports() {
            let holder = self.world.by::<Stack>("export", &format!("{place}{name}")).next();
            if let Some(holder) = holder.filter(|holder| holder.id != self.stack.id) {
                return Err(format!("Export with name {name} is already exported by stack {}", holder.name));
            }
        }
        for old in &self.stack.outputs {
            let Some(name) = &old.export else { continue };
            let verb = match exports().find(|(export, _)| export == name) {
                Some((_, new)) if new.value == old.value => continue,
                Some(_) => "updated",
                None => "deleted",
            };
            let importers = importers(self.world, self.stack, name);
            if !importers.is_empty() {
                return Err(format!(
                    "Export {name} cannot be {verb} as it is in use by {}",
                    importers.join(", ")
                ));
            }
        }
        Ok(())
    }
}

/// The names of the other stacks that import an export of this one.
pub(super) fn importers(world: &World, stack: &Stack, export: &str) -> Vec<String> {
    let at = format!("{}/{}/{export}", stack.account, stack.region);
    let importers = world.by::<Stack>("import", &at).filter(|importer| importer.id != stack.id);
    importers.map(|importer| importer.name.clone()).collect()
}

/// The names of the properties that differ.
pub(super) fn changed_properties(before: &Value, after: &Value) -> BTreeSet<String> {
    let empty = serde_json::Map::new();
    let before = before.as_object().unwrap_or(&empty);
    let after = after.as_object().unwrap_or(&empty);
    let names = before.keys().chain(after.keys());
    names.filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

/// What the names of a partition's services end with.
pub(super) fn url_suffix(region: &str) -> &'static str {
    if partition(region) == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// Whether a policy has a resource stay behind when its stack lets go of it.
pub(super) fn retains(policy: DeletionPolicy) -> bool {
    match policy {
        DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate => true,
        DeletionPolicy::Delete | DeletionPolicy::Snapshot => false,
    }
}
