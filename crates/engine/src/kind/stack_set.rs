//! Stack sets: read with what of their stacks is not as it should be, created with their tags, updated by an
//! operation that reaches every stack.

use super::{Step, Task};
use crate::error::EngineError;
use crate::event::Subject;
use crate::gap::Unknown;
use crate::observe::{Look, Scope};
use crate::operation::{self, Called};
use crate::work::{LAG, Outcome, Problem, Work};
use glidepath_aws::cloudformation::{Page, Preferences, Reader, StackSetText, Writer};
use glidepath_model::deployment::{
    AutoDeployment, DeployedStackSet, Instance, InstanceStatus, Listing, OperationStatus, StackSet,
    StackSetAction, StackSetOperation,
};
use glidepath_model::organization::Snapshot;
use glidepath_model::{AccountId, Address};
use glidepath_plan::deployment::{ParameterValue, Parameters};
use glidepath_plan::kind::stack_set::{StackSetSpec, TRUSTED_SERVICE};
use glidepath_plan::kind::stack_set_targets::{reachable, trace};
use glidepath_plan::ownership::Ownership;
use glidepath_plan::world::World;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How stacks stand that an apply can do something about, or that a reader has to know of.
const TROUBLE: [InstanceStatus; 3] =
    [InstanceStatus::Failed, InstanceStatus::Cancelled, InstanceStatus::Inoperable];

/// Every stack set, by name. Without CloudFormation's access to the organization there can be none.
pub(crate) async fn read(
    look: &Look<'_>,
    snapshot: &Snapshot,
) -> Result<BTreeMap<String, DeployedStackSet>, EngineError> {
    let concerned = |address: &Address| matches!(address, Address::StackSet(_) | Address::StackSetTargets(_));
    let expected =
        snapshot.trusted_access.contains(TRUSTED_SERVICE) || look.zone.desired.keys().any(concerned);
    if !look.scope.wants(concerned) || !expected {
        return Ok(BTreeMap::new());
    }
    look.begin(Subject::StackSets);
    let reader = Reader::new(look.session, &look.zone.home);
    let names = match look.scope {
        Scope::Everything(_) | Scope::People => {
            let listed = reader.list_stack_sets().await;
            look.read(Unknown::StackSets, listed)?.unwrap_or_default().into_iter().collect()
        }
        Scope::Only(addresses) => named(addresses),
    };
    let reader = &reader;
    let world = &World::new(look.zone, snapshot);
    let read = look.each(names, |name| async move {
        let seen = read_one(look, reader, &name, traced(world, &name)).await;
        Ok(look.read(Unknown::StackSet(name), seen)?.flatten())
    });
    let all: BTreeMap<String, DeployedStackSet> =
        read.await?.into_iter().map(|seen| (seen.set.name.clone(), seen)).collect();
    look.end(Subject::StackSets, all.len());
    Ok(all)
}

fn named(addresses: &BTreeSet<Address>) -> BTreeSet<String> {
    let name = |address: &Address| match address {
        Address::StackSet(name) | Address::StackSetTargets(name) => Some(name.clone()),
        _ => None,
    };
    addresses.iter().filter_map(name).collect()
}

/// What the last operation on a set is called after if it left the set with the targets that the manifest wants.
fn traced(world: &World<'_>, name: &str) -> Option<String> {
    let members = reachable(world, &Address::StackSetTargets(name.to_owned()));
    trace(&members, |account| world.identity.account_id(account).cloned())
}

/// A stack set, and of its stacks what a plan needs. Of sets that are neither ours nor wanted nothing more is
/// asked.
async fn read_one(
    look: &Look<'_>,
    reader: &Reader,
    name: &str,
    traced: Option<String>,
) -> Result<Option<DeployedStackSet>, glidepath_aws::Error> {
    let Some(set) = reader.describe_stack_set(name).await? else { return Ok(None) };
    let ours = Ownership::of(Some(&set.tags), &look.zone.organization) == Ownership::Ours;
    let wanted = look.zone.desired.contains_key(&Address::StackSet(name.to_owned()));
    let mut seen = DeployedStackSet {
        set,
        targets: BTreeSet::new(),
        instances: BTreeSet::new(),
        listing: Listing::Every,
        running: Vec::new(),
    };
    if !ours && !wanted {
        return Ok(Some(seen));
    }
    let operations = reader.list_stack_set_operations(name).await?;
    let (targets, (listing, instances)) = futures::try_join!(
        targets(reader, &seen.set),
        instances(look, reader, &seen.set, || traced.is_some_and(|traced| bears(&operations, &traced))),
    )?;
    seen.targets = targets.into_iter().collect();
    (seen.listing, seen.instances) = (listing, instances.into_iter().collect());
    seen.running = operations.into_iter().filter(|operation| !operation.status.is_settled()).collect();
    Ok(Some(seen))
}

async fn targets(
    reader: &Reader,
    set: &StackSet,
) -> Result<Vec<glidepath_model::deployment::AutoDeploymentTarget>, glidepath_aws::Error> {
    match set.auto_deployment {
        Some(_) => reader.list_auto_deployment_targets(&set.name).await,
        None => Ok(Vec::new()),
    }
}

/// Whether the last operation that made or deleted stacks reached all of them and bears this trace.
fn bears(operations: &[StackSetOperation], traced: &str) -> bool {
    let moves = |operation: &&StackSetOperation| match operation.action {
        StackSetAction::Create | StackSetAction::Delete => true,
        StackSetAction::Update | StackSetAction::DetectDrift => false,
    };
    let last = operations.iter().find(moves);
    last.is_some_and(|last| {
        last.status == OperationStatus::Succeeded && operation::trace_of(&last.id) == Some(traced)
    })
}

/// The stacks that have to be listed: all that there are where the look goes deep, and where only they tell what
/// the targets are and neither one page nor the trace of the last operation does; else those in trouble.
async fn instances(
    look: &Look<'_>,
    reader: &Reader,
    set: &StackSet,
    traced: impl FnOnce() -> bool,
) -> Result<(Listing, Vec<Instance>), glidepath_aws::Error> {
    let every = async || Ok((Listing::Every, reader.list_stack_instances(&set.name).await?));
    if look.scope.is_deep() {
        return every().await;
    }
    let mut listing = Listing::Troubled;
    if set.auto_deployment.is_none() {
        let (first, page) = reader.list_first_stack_instances(&set.name).await?;
        match (page, traced()) {
            (Page::Only, _) => return Ok((Listing::Every, first)),
            (Page::First, false) => return every().await,
            (Page::First, true) => listing = Listing::Traced,
        }
    }
    let mut all = Vec::new();
    for status in TROUBLE {
        all.extend(reader.list_stack_instances_in(&set.name, status).await?);
    }
    Ok((listing, all))
}

pub(crate) async fn perform(task: Task<'_, StackSetSpec>) -> Result<Outcome, Problem> {
    let Task { work, address, step } = task;
    let Address::StackSet(name) = address else { return Err(Problem::NoId(address.clone())) };
    let (reader, writer) = work.cloudformation(&work.zone.home)?;
    match step {
        Step::Create { after } => create(work, address, (&reader, &writer), name, after).await,
        Step::Update { physical, after, .. } => {
            update(work, address, (&reader, &writer), name, after).await?;
            Ok(Outcome::of(physical))
        }
        Step::Adopt { physical, after, .. } => {
            let there = reader.describe_stack_set(name).await?;
            let there = there.ok_or_else(|| Problem::Vanished { address: address.clone() })?;
            match Ownership::of(Some(&there.tags), &work.zone.organization) {
                Ownership::Unclaimed | Ownership::Ours => {
                    update(work, address, (&reader, &writer), name, after).await?;
                    Ok(Outcome::of(physical))
                }
                _ => Err(Problem::Appeared { address: address.clone(), id: physical.to_owned() }),
            }
        }
        Step::Delete { physical, .. } => {
            if let Some(there) = reader.describe_stack_set(name).await? {
                if Ownership::of(Some(&there.tags), &work.zone.organization) != Ownership::Ours {
                    return Err(Problem::MarkGone { address: address.clone(), id: physical.to_owned() });
                }
                operation::joined(work, address, &reader, name).await?;
                writer.delete_stack_set(name).await?;
            }
            Ok(Outcome::of(physical))
        }
        Step::Forget { physical } => Ok(Outcome::of(physical)),
    }
}

async fn create(
    work: &Work<'_>,
    address: &Address,
    (reader, writer): (&Reader, &Writer),
    name: &str,
    after: &StackSetSpec,
) -> Result<Outcome, Problem> {
    if let Some(there) = reader.describe_stack_set(name).await? {
        return go_on(work, address, (reader, writer), there, after).await;
    }
    let texts = Texts::of(work, reader, after).await?;
    match writer.create_stack_set(texts.text(name, after), &work.token_of_run(address, "create")).await {
        Ok(id) => Ok(Outcome::of(id)),
        Err(error) if error.is_already_there() => {
            let shown = work.until(LAG, || async { Ok(reader.describe_stack_set(name).await?) }).await?;
            let there = shown.ok_or_else(|| Problem::Hidden { address: address.clone() })?;
            go_on(work, address, (reader, writer), there, after).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Goes on with a stack set that is there although it was to be created: only one that carries our mark.
async fn go_on(
    work: &Work<'_>,
    address: &Address,
    means: (&Reader, &Writer),
    there: StackSet,
    after: &StackSetSpec,
) -> Result<Outcome, Problem> {
    if Ownership::of(Some(&there.tags), &work.zone.organization) != Ownership::Ours {
        return Err(Problem::Appeared { address: address.clone(), id: there.id });
    }
    let texts = Texts::of(work, means.0, after).await?;
    let same = glidepath_template::read(&there.template).is_ok_and(|found| *found.value() == after.template)
        && there.parameters == texts.parameters
        && there.capabilities == after.capabilities
        && there.description == after.description
        && there.auto_deployment == texts.auto_deployment;
    if !same {
        update(work, address, means, &there.name, after).await?;
    }
    Ok(Outcome::of(there.id).noting("it was there already and carries our mark"))
}

async fn update(
    work: &Work<'_>,
    address: &Address,
    (reader, writer): (&Reader, &Writer),
    name: &str,
    after: &StackSetSpec,
) -> Result<(), Problem> {
    let texts = Texts::of(work, reader, after).await?;
    let preferences = preferences();
    let called = Called { set: name, step: "update", trace: None };
    operation::carried_out(work, address, reader, called, async |id| {
        Ok(writer.update_stack_set(texts.text(name, after), &preferences, &id).await?)
    })
    .await
}

/// How operations go about their stacks: all at once, and each to its end. One broken account must not hold back
/// a thousand others, and what failed is told by the results, whatever was tolerated.
pub(crate) fn preferences() -> Preferences {
    Preferences { concurrent_percent: 100, tolerated_percent: 100, region_order: Vec::new() }
}

/// What is sent, with every id that is known by now.
pub(super) struct Texts {
    template: String,
    parameters: BTreeMap<String, String>,
    auto_deployment: Option<AutoDeployment>,
}

impl Texts {
    async fn of(work: &Work<'_>, reader: &Reader, after: &StackSetSpec) -> Result<Self, Problem> {
        let auto_deployment = match &after.auto_deployment {
            None => None,
            Some(auto) => {
                let mut depends_on = BTreeSet::new();
                for name in &auto.depends_on {
                    let set = reader.describe_stack_set(name).await?;
                    let missing = || Problem::NoId(Address::StackSet(name.clone()));
                    depends_on.insert(set.ok_or_else(missing)?.arn);
                }
                Some(AutoDeployment { retain: auto.retain, depends_on })
            }
        };
        Ok(Self {
            template: text_of(&after.template),
            parameters: resolved(work, &after.parameters)?,
            auto_deployment,
        })
    }

    fn text<'a>(&'a self, name: &'a str, after: &'a StackSetSpec) -> StackSetText<'a> {
        StackSetText {
            name,
            description: &after.description,
            template: &self.template,
            parameters: &self.parameters,
            capabilities: &after.capabilities,
            auto_deployment: self.auto_deployment.as_ref(),
            tags: &after.tags,
        }
    }
}

/// A template as it is sent: without white space, which counts.
pub(super) fn text_of(template: &Value) -> String {
    template.to_string()
}

/// Values for parameters; accounts and keys that the plan created are known by now.
pub(super) fn resolved(
    work: &Work<'_>,
    parameters: &Parameters,
) -> Result<BTreeMap<String, String>, Problem> {
    let one = |(name, value): (&String, &ParameterValue)| {
        let text = match value {
            ParameterValue::Text(text) => text.clone(),
            ParameterValue::AccountId(account) => {
                work.account(account).map(|id: AccountId| id.to_string())?
            }
            ParameterValue::TargetId(target) => work.node(target)?.to_string(),
            ParameterValue::KeyArn(place) => {
                let address = Address::Key(place.key.clone());
                let arn = work.id(&address).ok_or_else(|| Problem::NoId(address.clone()))?;
                place.arn(&arn)
            }
        };
        Ok((name.clone(), text))
    };
    parameters.iter().map(one).collect()
}
