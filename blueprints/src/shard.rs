//! Dividing a template that is too large for one stack.
//!
//! Resources that refer to each other stay together; each such group goes by the digest of its name, so that a
//! group that is added or removed moves no other as long as the number of shards stays. A new shard takes its
//! share from all, and nothing moves between the others.
//!
//! Limits: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>.

use glidepath_model::Digest;
use glidepath_template::Template;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// Resources of one template.
const RESOURCES_AT_MOST: usize = 500;

/// Bytes of a template that is sent in a request.
const BYTES_AT_MOST: usize = 51_200;

/// The parts of a template that would pass CloudFormation's limits, each with its number from 1; none where it fits.
pub(crate) fn divide(template: &Template) -> Result<Vec<(usize, Json)>, String> {
    let whole = template.value();
    if fits(whole) {
        return Ok(Vec::new());
    }
    let groups = groups(whole);
    for count in 2..=groups.len() {
        let mut shares: Vec<Vec<&BTreeSet<String>>> = vec![Vec::new(); count];
        for group in &groups {
            if let Some(share) = shares.get_mut(place(group, count)) {
                share.push(group);
            }
        }
        let taken = shares.iter().enumerate().filter(|(_, share)| !share.is_empty());
        let parts: Vec<(usize, Json)> = taken.map(|(index, share)| (index + 1, part(whole, share))).collect();
        if parts.iter().all(|(_, part)| fits(part)) {
            return Ok(parts);
        }
    }
    let largest = groups.iter().map(BTreeSet::len).max().unwrap_or_default();
    Err(format!(
        "the template is too large for a stack and cannot be divided: {largest} of its resources refer to each \
         other, and a stack takes {RESOURCES_AT_MOST} resources and {BYTES_AT_MOST} bytes"
    ))
}

fn fits(template: &Json) -> bool {
    members(template, "Resources").count() <= RESOURCES_AT_MOST && template.to_string().len() <= BYTES_AT_MOST
}

/// The members of a section of the template.
fn members<'t>(template: &'t Json, section: &str) -> impl Iterator<Item = (&'t String, &'t Json)> {
    template.get(section).and_then(Json::as_object).into_iter().flatten()
}

/// Which of `count` shards a group goes to: the one whose number gives the highest digest with its name.
fn place(group: &BTreeSet<String>, count: usize) -> usize {
    let name = group.first().map_or("", String::as_str);
    let score = |shard: &usize| Digest::of_bytes(format!("{name}\n{shard}").as_bytes());
    (0..count).max_by_key(score).unwrap_or_default()
}

/// The resources, those together that refer to each other or that one output refers to.
fn groups(template: &Json) -> Vec<BTreeSet<String>> {
    let mut groups: Vec<BTreeSet<String>> =
        members(template, "Resources").map(|(id, _)| BTreeSet::from([id.clone()])).collect();
    let resources = members(template, "Resources").map(|(id, value)| (Some(id), value));
    let outputs = members(template, "Outputs").map(|(_, value)| (None, value));
    for (id, value) in resources.chain(outputs) {
        let mut together = named(value);
        together.extend(id.cloned());
        let (joined, mut rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| !group.is_disjoint(&together));
        rest.extend(joined.into_iter().reduce(|mut all, group| {
            all.extend(group);
            all
        }));
        groups = rest;
    }
    groups.sort();
    groups
}

/// One shard: its resources, and of everything else what they name.
fn part(template: &Json, share: &[&BTreeSet<String>]) -> Json {
    let Json::Object(whole) = template else { return template.clone() };
    let ours: BTreeSet<&String> = share.iter().copied().flatten().collect();
    let keep = |section: &str, wanted: &dyn Fn(&String, &Json) -> bool| -> Json {
        let kept = members(template, section).filter(|(id, value)| wanted(id, value));
        Json::Object(kept.map(|(id, value)| (id.clone(), value.clone())).collect())
    };
    let resources = keep("Resources", &|id, _| ours.contains(id));
    // An output goes where the resources are that it names; one that names none goes with the first group.
    let all: BTreeSet<&String> = members(template, "Resources").map(|(id, _)| id).collect();
    let first = members(template, "Resources").map(|(id, _)| id).min();
    let outputs = keep("Outputs", &|_, value| {
        let mut targets = named(value);
        targets.retain(|name| all.contains(name));
        match targets.first() {
            Some(target) => ours.contains(target),
            None => first.is_some_and(|id| ours.contains(id)),
        }
    });
    let mut names = named(&resources);
    names.extend(named(&outputs));
    // Conditions name each other, mappings and parameters.
    loop {
        let more: BTreeSet<String> = members(template, "Conditions")
            .filter(|(id, _)| names.contains(*id))
            .flat_map(|(_, value)| named(value))
            .filter(|name| !names.contains(name))
            .collect();
        if more.is_empty() {
            break;
        }
        names.extend(more);
    }
    let mut part = Map::new();
    for (section, value) in whole {
        let kept = match section.as_str() {
            "Resources" => resources.clone(),
            "Outputs" => outputs.clone(),
            "Parameters" | "Mappings" | "Conditions" => keep(section, &|id, _| names.contains(id)),
            _ => value.clone(),
        };
        if kept.as_object().is_none_or(|members| !members.is_empty()) {
            part.insert(section.clone(), kept);
        }
    }
    Json::Object(part)
}

/// Every name that a value may refer to: by `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn`, conditions, mappings.
/// Names that are none of the template's do no harm.
fn named(value: &Json) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    gather(value, &mut names);
    names
}

fn gather(value: &Json, names: &mut BTreeSet<String>) {
    match value {
        Json::Object(members) => {
            for (key, inner) in members {
                match (key.as_str(), inner) {
                    ("Ref" | "Condition" | "DependsOn", Json::String(name)) => {
                        names.insert(name.clone());
                    }
                    ("DependsOn", Json::Array(items)) => {
                        names.extend(items.iter().filter_map(Json::as_str).map(str::to_owned));
                    }
                    ("Fn::GetAtt", Json::String(text)) => {
                        names.extend(text.split('.').next().map(str::to_owned));
                    }
                    ("Fn::GetAtt" | "Fn::If" | "Fn::FindInMap", Json::Array(items)) => {
                        names.extend(items.first().and_then(Json::as_str).map(str::to_owned));
                    }
                    ("Fn::Sub", Json::String(text)) => names.extend(placeholders(text)),
                    ("Fn::Sub", Json::Array(items)) => {
                        names.extend(items.first().and_then(Json::as_str).into_iter().flat_map(placeholders));
                    }
                    _ => {}
                }
                gather(inner, names);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| gather(item, names)),
        _ => {}
    }
}

/// The names in a text of `Fn::Sub`.
fn placeholders(text: &str) -> Vec<String> {
    let inner = text.split("${").skip(1).filter_map(|rest| rest.split('}').next());
    inner.filter_map(|name| name.split('.').next()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    /// A template of so many pairs of a topic and its policy, with text that makes it large.
    fn template(pairs: usize) -> Template {
        let mut resources = Map::new();
        for number in 0..pairs {
            let topic = format!("Topic{number:03}");
            resources.insert(
                topic.clone(),
                json!({"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "x".repeat(60)}}),
            );
            resources.insert(
                format!("Policy{number:03}"),
                json!({"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": topic}], "PolicyDocument": {}}}),
            );
        }
        let whole = json!({
            "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
            "Resources": resources,
            "Outputs": {"First": {"Value": {"Fn::GetAtt": ["Topic000", "TopicArn"]}}},
        });
        glidepath_template::read(&whole.to_string()).unwrap()
    }

    fn ids(part: &Json) -> BTreeSet<String> {
        members(part, "Resources").map(|(id, _)| id.clone()).collect()
    }

    #[test]
    fn a_template_that_fits_is_not_divided() {
        assert!(divide(&template(10)).unwrap().is_empty());
    }

    #[test]
    fn a_large_template_is_divided_and_nothing_is_lost_or_torn_apart() {
        let whole = template(300);
        let parts = divide(&whole).unwrap();
        assert!(parts.len() > 1);
        let mut all = BTreeSet::new();
        let mut outputs = 0;
        for (_, part) in &parts {
            assert!(fits(part));
            let here = ids(part);
            for id in here.iter().filter(|id| id.starts_with("Policy")) {
                assert!(here.contains(&id.replace("Policy", "Topic")), "{id} is without its topic");
            }
            assert!(here.is_disjoint(&all));
            all.extend(here);
            outputs += members(part, "Outputs").count();
            assert_eq!(members(part, "Conditions").count(), 0, "nobody names it");
        }
        assert_eq!(all.len(), 600);
        assert_eq!(outputs, 1);
    }

    #[test]
    fn what_is_added_moves_nothing_else() {
        let shard_of = |pairs: usize| -> BTreeMap<String, usize> {
            let parts = divide(&template(pairs)).unwrap();
            parts
                .iter()
                .flat_map(|(number, part)| ids(part).into_iter().map(move |id| (id, *number)))
                .collect()
        };
        let (before, after) = (shard_of(300), shard_of(301));
        assert!(before.iter().all(|(id, shard)| after.get(id) == Some(shard)));
    }
}
