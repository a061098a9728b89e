//! Deep drift: CloudFormation compares every stack of ours with what is there, and what it found is read, by account,
//! Region, resource and property.
//!
//! It changes nothing. What could not be compared is a gap, never in order.

use crate::error::EngineError;
use crate::event::{Event, Events, Subject};
use crate::kind::stack_set::preferences;
use crate::observe::is_fatal;
use futures::stream::{self, StreamExt as _};
use glidepath_aws::cloudformation::{Detection, Reader};
use glidepath_aws::{Aws, Clock, Error};
use glidepath_model::deployment::{OperationStatus, StackDrift, StackSetAction, StackSetOperation};
use glidepath_model::organization::{Gap, Snapshot};
use glidepath_model::text::printable;
use glidepath_model::{Address, Digest};
use glidepath_plan::LandingZone;
use glidepath_plan::drift::Detected;
use glidepath_plan::ownership::Ownership;
use std::time::Duration;

/// How many stack sets and stacks are compared at a time. AWS takes one comparison of a set at a time, and names no
/// limit for different ones; more than this would only queue for the two calls a second.
const WIDTH: usize = 10;
/// How many stacks are asked about at a time.
const DRIFTS: usize = 20;
/// The first and the longest wait between two looks at a comparison.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long a comparison is waited for. It goes on in AWS.
const PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);

/// Has every stack of ours compared, and tells what differs.
///
/// # Errors
/// [`EngineError`] where no other call would succeed either; what else cannot be compared is a gap.
pub async fn detect(
    aws: &Aws,
    zone: &LandingZone,
    snapshot: &Snapshot,
    events: &Events,
) -> Result<Detected, EngineError> {
    let hand = &Hand { aws, zone, clock: aws.clock() };
    let ours = |tags| Ownership::of(Some(tags), &zone.organization) == Ownership::Ours;
    let sets = snapshot.deployments.stack_sets.values().filter(|seen| ours(&seen.set.tags));
    let sets = sets.map(|seen| Asked::Set(&seen.set.name));
    let stacks = snapshot.deployments.stacks.iter().filter(|(_, seen)| ours(&seen.stack.tags));
    let stacks = stacks.map(|((region, name), _)| Asked::Stack { region, name });
    let all: Vec<Asked<'_>> = sets.chain(stacks).collect();
    events.send(Event::ReadStarted { what: Subject::Drift });
    let mut told = stream::iter(all.into_iter().map(|asked| async move {
        let address = asked.address();
        let found = match asked {
            Asked::Set(name) => hand.set(name).await,
            Asked::Stack { region, name } => hand.stack(region, name).await,
        };
        (address, found)
    }))
    .buffer_unordered(WIDTH);
    let mut detected = Detected::default();
    while let Some((address, found)) = told.next().await {
        match found {
            Ok(found) => {
                detected.stacks.extend(found.drifts.into_iter().map(|drift| (address.clone(), drift)));
                detected.gaps.extend(found.gap.map(|(operation, error)| Gap {
                    prefix: address.to_string(),
                    operation: operation.to_owned(),
                    error,
                }));
            }
            Err(source) if is_fatal(&source) => {
                return Err(EngineError::Aws { doing: "compare stacks with what is there", source });
            }
            Err(error) => detected.gaps.push(Gap {
                prefix: address.to_string(),
                operation: error.operation().map(|name| printable(name).into_owned()).unwrap_or_default(),
                error: error.to_string().replace('\n', " "),
            }),
        }
    }
    detected.stacks.sort();
    detected.gaps.sort();
    for gap in &detected.gaps {
        events.send(Event::GapFound { gap: gap.clone() });
    }
    events.send(Event::ReadFinished { what: Subject::Drift, count: detected.stacks.len() });
    Ok(detected)
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
enum Asked<'a> {
    Set(&'a str),
    Stack { region: &'a str, name: &'a str },
}

impl Asked<'_> {
    fn address(self) -> Address {
        match self {
            Self::Set(name) => Address::StackSetTargets(name.to_owned()),
            Self::Stack { region, name } => {
                Address::Stack { name: name.to_owned(), region: region.to_owned() }
            }
        }
    }
}

/// What a comparison found, and what it could not do: the operation and why.
#[derive(Default)]
struct Found {
    drifts: Vec<StackDrift>,
    gap: Option<(&'static str, String)>,
}

struct Hand<'a> {
    aws: &'a Aws,
    zone: &'a LandingZone,
    clock: &'a Clock,
}

impl Hand<'_> {
    async fn set(&self, name: &str) -> Result<Found, Error> {
        let reader = &Reader::new(self.aws.session(), &self.zone.home);
        let running = |operation: &StackSetOperation| {
            operation.action == StackSetAction::DetectDrift && !operation.status.is_settled()
        };
        let operations = reader.list_stack_set_operations(name).await?;
        let id = match operations.into_iter().find(running) {
            // Another run has asked already, and AWS compares a set only once at a time.
            Some(operation) => operation.id,
            None => {
                let asked = format!("{name}/{}", self.clock.now());
                let digest = Digest::of_bytes(asked.as_bytes());
                let id = format!("gp{}", digest.as_str().chars().take(36).collect::<String>());
                reader.detect_stack_set_drift(name, &preferences(), &id).await?
            }
        };
        let Some(ended) = self.ended(reader, name, &id).await? else {
            return Ok(Found { drifts: Vec::new(), gap: Some((DETECT_SET, unsettled())) });
        };
        let mut found = Found { gap: self.left_out(reader, name, &ended).await?, ..Found::default() };
        let drifted = reader.list_drifted_stack_instances(name).await?;
        let id = &id;
        let mut told = stream::iter(drifted.into_iter().map(|instance| async move {
            let (account, region) = (instance.account, instance.region);
            let resources =
                reader.list_stack_instance_resource_drifts((name, id), (&account, &region)).await?;
            Ok::<_, Error>(StackDrift { account, region, resources })
        }))
        .buffer_unordered(DRIFTS);
        while let Some(drift) = told.next().await {
            found.drifts.push(drift?);
        }
        Ok(found)
    }

    /// The comparison once it has come to its end; none when it does not within what is waited for.
    async fn ended(&self, reader: &Reader, name: &str, id: &str) -> Result<Option<StackSetOperation>, Error> {
        let (begun, mut wait) = (self.clock.now(), FIRST_WAIT);
        loop {
            if let Some(found) = reader.describe_stack_set_operation(name, id).await?
                && found.status.is_settled()
            {
                return Ok(Some(found));
            }
            if self.clock.since(begun) + wait > PATIENCE {
                return Ok(None);
            }
            self.clock.sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// The stacks that were not compared, if any.
    async fn left_out(
        &self,
        reader: &Reader,
        name: &str,
        ended: &StackSetOperation,
    ) -> Result<Option<(&'static str, String)>, Error> {
        if ended.status == OperationStatus::Succeeded && ended.failed.unwrap_or_default() == 0 {
            return Ok(None);
        }
        let mut left = reader.list_stack_set_operation_results(name, &ended.id).await?;
        left.retain(|result| result.status != "SUCCEEDED");
        left.sort();
        let Some(first) = left.first() else {
            let why = "AWS did not compare all stacks, and names none that it left out";
            return Ok(Some((DETECT_SET, why.to_owned())));
        };
        let why = format!(
            "{} not compared, first account {} in {}: {}",
            if left.len() == 1 { "1 stack was".to_owned() } else { format!("{} stacks were", left.len()) },
            first.account,
            printable(&first.region),
            printable(&first.reason)
        );
        Ok(Some((DETECT_SET, why)))
    }

    async fn stack(&self, region: &str, name: &str) -> Result<Found, Error> {
        let reader = Reader::new(self.aws.session(), region);
        let id = reader.detect_stack_drift(name).await?;
        let (begun, mut wait) = (self.clock.now(), FIRST_WAIT);
        let gap = loop {
            match reader.describe_stack_drift_detection_status(&id).await? {
                Detection::Complete => break None,
                Detection::Failed(why) => break Some((DETECT, printable(&why).into_owned())),
                Detection::Running if self.clock.since(begun) + wait > PATIENCE => {
                    break Some((DETECT, unsettled()));
                }
                Detection::Running => {}
            }
            self.clock.sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        };
        let resources = reader.describe_stack_resource_drifts(name).await?;
        let account = self.zone.management_id.clone();
        let drift = StackDrift { account, region: region.to_owned(), resources };
        let drifts = if drift.resources.is_empty() { Vec::new() } else { vec![drift] };
        Ok(Found { drifts, gap })
    }
}

const DETECT_SET: &str = "cloudformation:DetectStackSetDrift";
const DETECT: &str = "cloudformation:DetectStackDrift";

fn unsettled() -> String {
    format!("AWS had not ended the comparison after {} hours", PATIENCE.as_secs() / 3600)
}
