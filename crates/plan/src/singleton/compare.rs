//! Whether what is there does what the stack would: each kind by those of its properties that matter.
//!
//! What the template says only once it is deployed, such as the ARN of a key that the same stack makes, fits nothing.

use crate::change::KNOWN_AFTER_APPLY;
use crate::deployment::{ParameterValue, Parameters};
use crate::world::World;
use glidepath_model::regions;
use glidepath_model::singleton::Singleton;
use glidepath_template::{Deployed, Place, Resolving, Surroundings, Template};
use serde_json::Value;
use std::collections::BTreeMap;

/// A template as it would be in one account and Region.
pub(super) struct Wanted<'a> {
    template: &'a Template,
    arguments: BTreeMap<String, String>,
    account: &'a str,
    region: &'a str,
    partition: &'static regions::Partition,
}

/// Nothing around is known before the stack is made.
struct Nothing;

impl Surroundings for Nothing {
    fn export(&self, _: &str) -> Option<String> {
        None
    }

    fn dynamic(&self, _: &str, _: &str) -> Option<String> {
        None
    }

    fn zones(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn parameter(&self, _: &str) -> Option<String> {
        None
    }
}

impl<'a> Wanted<'a> {
    /// The template there; none where a value that it needs is not known yet.
    pub(super) fn new(
        world: &World<'_>,
        template: &'a Template,
        parameters: &Parameters,
        (account, region): (&'a str, &'a str),
    ) -> Option<Self> {
        let known = |(name, value): (&String, &ParameterValue)| match value.known(world) {
            ParameterValue::Text(text) => Some((name.clone(), text)),
            ParameterValue::AccountId(_) | ParameterValue::KeyArn(_) | ParameterValue::TargetId(_) => None,
        };
        let partition = regions::region(region).and_then(|row| regions::partition(&row.partition))?;
        let given = parameters.iter().map(known).collect::<Option<BTreeMap<String, String>>>()?;
        let arguments = template.arguments(&given).ok()?;
        Some(Self { template, arguments, account, region, partition })
    }

    /// The properties of a resource, as far as they can be told before the stack is made.
    fn properties(&self, logical: &str) -> Option<Value> {
        let place = Place {
            account: self.account,
            region: self.region,
            partition: &self.partition.id,
            url_suffix: &self.partition.dns_suffix,
            stack_name: "",
            stack_id: "",
            notification_arns: &[],
        };
        let resolving = Resolving::new(self.template, place, &self.arguments, &Nothing).ok()?;
        // What other resources of the stack will be called is like nothing that is there.
        let later = || Deployed {
            reference: KNOWN_AFTER_APPLY.to_owned(),
            attributes: BTreeMap::from([("Arn".to_owned(), Value::from(KNOWN_AFTER_APPLY))]),
        };
        let others = self.template.resources().keys().map(|name| (name.clone(), later())).collect();
        resolving.properties(logical, &others).ok()
    }

    /// Whether what is there does what this resource would.
    pub(super) fn fits(&self, singleton: Singleton, logical: &str, there: &Value) -> bool {
        if singleton == Singleton::Analyzer {
            // Two that look for the same from the same account find the same.
            return there.get("Status").and_then(Value::as_str).is_none_or(|status| status == "ACTIVE");
        }
        let Some(wanted) = self.properties(logical) else { return false };
        let at = |path: &str| (wanted.pointer(path), there.pointer(path));
        let same = |path: &str| {
            let (wanted, there) = at(path);
            wanted.is_none_or(|wanted| there.is_some_and(|there| covers(wanted, there)))
        };
        let on = |value: Option<&Value>| value.is_some_and(|value| text(value) == Some("true".to_owned()));
        match singleton {
            // One that records everything records what any other would.
            Singleton::ConfigRecorder => {
                let everything = on(there.pointer("/RecordingGroup/AllSupported"));
                let global = "/RecordingGroup/IncludeGlobalResourceTypes";
                let (wants_global, has_global) = at(global);
                on(there.pointer("/StartedOnCreate"))
                    && (everything || same("/RecordingGroup"))
                    && (!on(wants_global) || on(has_global))
                    && same("/RecordingMode/RecordingFrequency")
            }
            Singleton::DeliveryChannel => {
                same("/S3BucketName") && same("/S3KeyPrefix") && same("/S3KmsKeyArn")
            }
            Singleton::Detector => same("/Enable") && features(&wanted, there),
            Singleton::Hub => same("/AutoEnableControls") && same("/ControlFindingGenerator"),
            Singleton::SessionPreferences => same("/Content"),
            Singleton::Analyzer => true,
        }
    }
}

/// Whether a detector has every feature that is wanted.
fn features(wanted: &Value, there: &Value) -> bool {
    let enabled = |detector: &Value| -> Vec<String> {
        let features = detector.get("Features").and_then(Value::as_array).into_iter().flatten();
        let on = features.filter(|feature| feature.get("Status").and_then(Value::as_str) == Some("ENABLED"));
        on.filter_map(|feature| feature.get("Name").and_then(Value::as_str).map(str::to_owned)).collect()
    };
    let has = enabled(there);
    enabled(wanted).iter().all(|feature| has.contains(feature))
}

/// Whether every member that is wanted is there with the same value; others may be there too.
fn covers(wanted: &Value, there: &Value) -> bool {
    match (wanted, there) {
        (Value::Object(wanted), Value::Object(there)) => {
            wanted.iter().all(|(name, wanted)| there.get(name).is_some_and(|there| covers(wanted, there)))
        }
        (Value::Array(wanted), Value::Array(there)) => {
            wanted.iter().all(|wanted| there.iter().any(|there| covers(wanted, there)))
        }
        _ => text(wanted).is_some() && text(wanted) == text(there),
    }
}

/// A plain value as text: templates write `"true"` where answers say `true`.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
