//! A template as it was read, and what it says of itself.

use crate::capability::{Capability, inner_macros};
use crate::expression::{Condition, LANGUAGE_EXTENSIONS, Language, Parsing, expand, parse_condition};
use crate::fault::{Fault, Path};
use crate::section::{self, Mappings, Output, Parameter, Resource};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A template in long form: every short tag (`!Sub`) is `{"Fn::Sub": …}`, key order kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    value: Value,
    transforms: Vec<String>,
    parameters: BTreeMap<String, Parameter>,
    mappings: Mappings,
    conditions: BTreeMap<String, Condition>,
    resources: BTreeMap<String, Resource>,
    outputs: BTreeMap<String, Output>,
}

/// The sections of a template, without those that are refused by name.
const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Transform",
];

/// The only format there is.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/format-version-structure.html>.
const FORMAT: &str = "2010-09-09";

impl Template {
    /// Reads every section of the long form.
    pub(crate) fn parse(value: Value) -> Result<Self, Vec<Fault>> {
        let Some(root) = value.as_object() else {
            return Err(vec![Fault::new(Path::Root, "Template format error: unsupported structure.")]);
        };
        let mut parsing = Parsing { language: Language::Plain, faults: Vec::new() };
        let transforms = transforms(root, &mut parsing);
        if transforms.iter().any(|name| name == LANGUAGE_EXTENSIONS) {
            parsing.language = Language::Extended;
        }
        check_head(root, &mut parsing);
        let parsing = &mut parsing;
        let expanded = (parsing.language == Language::Extended).then(|| expand(&value, parsing));
        let root = expanded.as_ref().and_then(Value::as_object).unwrap_or(root);
        let parameters = section::entries(root, "Parameters", parsing, section::parameter);
        let mappings = section::mappings(root, parsing);
        let conditions = conditions(root, parsing);
        let resources = section::entries(root, "Resources", parsing, section::resource);
        let outputs = section::entries(root, "Outputs", parsing, section::output);
        let has_resources =
            root.get("Resources").is_some_and(|all| all.as_object().is_none_or(|all| !all.is_empty()));
        if !has_resources {
            let message = "Template format error: At least one Resources member must be defined.";
            parsing.fault(&Path::Root, message);
        }
        if !parsing.faults.is_empty() {
            return Err(std::mem::take(&mut parsing.faults));
        }
        Ok(Self { transforms, parameters, mappings, conditions, resources, outputs, value })
    }

    /// The long form.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The long form as JSON without white space, keys in the order written. Reading it gives the same template.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.value.to_string()
    }

    /// What the template says it is for.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.value.get("Description").and_then(Value::as_str)
    }

    /// The parameters by name.
    #[must_use]
    pub fn parameters(&self) -> &BTreeMap<String, Parameter> {
        &self.parameters
    }

    /// The resources by logical id.
    #[must_use]
    pub fn resources(&self) -> &BTreeMap<String, Resource> {
        &self.resources
    }

    /// The outputs by name.
    #[must_use]
    pub fn outputs(&self) -> &BTreeMap<String, Output> {
        &self.outputs
    }

    /// What the template's author attached to it.
    #[must_use]
    pub fn metadata(&self) -> Option<&Value> {
        self.value.get("Metadata")
    }

    /// The macros that rewrite it, those that stand inside it after those of the `Transform` section.
    #[must_use]
    pub fn transforms(&self) -> Vec<String> {
        let mut all = self.transforms.clone();
        inner_macros(&self.value, &mut all);
        all
    }

    /// What a caller has to acknowledge. As CloudFormation tells it, resources with names of their own ask for
    /// [`Capability::NamedIam`] alone, which covers [`Capability::Iam`].
    #[must_use]
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        let mut all: BTreeSet<Capability> = self.resources.values().filter_map(Capability::of).collect();
        if all.contains(&Capability::NamedIam) {
            all.remove(&Capability::Iam);
        }
        if !self.transforms().is_empty() {
            all.insert(Capability::AutoExpand);
        }
        all
    }

    pub(crate) fn mappings(&self) -> &Mappings {
        &self.mappings
    }

    pub(crate) fn conditions(&self) -> &BTreeMap<String, Condition> {
        &self.conditions
    }
}

fn check_head(root: &Map<String, Value>, parsing: &mut Parsing) {
    for (section, why) in [
        ("Rules", "rules are not evaluated here; say it with AllowedValues or a condition"),
        ("Hooks", "hooks of deployments are not run here"),
    ] {
        if root.contains_key(section) {
            parsing.fault(&Path::Root.key(section), format!("Template format error: {why}"));
        }
    }
    let refused =
        |key: &&String| !SECTIONS.contains(&key.as_str()) && !["Rules", "Hooks"].contains(&key.as_str());
    let unknown: Vec<&str> = root.keys().filter(refused).map(String::as_str).collect();
    if !unknown.is_empty() {
        let message = format!("Invalid template property or properties [{}]", unknown.join(", "));
        parsing.fault(&Path::Root, message);
    }
    if root.get("AWSTemplateFormatVersion").is_some_and(|version| version.as_str() != Some(FORMAT)) {
        let message = format!(
            "Template format error: unsupported value for AWSTemplateFormatVersion; the only one is {FORMAT}"
        );
        parsing.fault(&Path::Root.key("AWSTemplateFormatVersion"), message);
    }
    if root.get("Description").is_some_and(|text| !text.is_string()) {
        let message = "Template format error: Description must be a string.";
        parsing.fault(&Path::Root.key("Description"), message);
    }
    if root.get("Metadata").is_some_and(|value| !value.is_object()) {
        parsing.fault(&Path::Root.key("Metadata"), "Template format error: Metadata must be a map");
    }
}

fn transforms(root: &Map<String, Value>, parsing: &mut Parsing) -> Vec<String> {
    let name = |value: &Value| {
        let name = value.as_str().or_else(|| value.get("Name").and_then(Value::as_str));
        name.filter(|name| !name.is_empty()).map(str::to_owned)
    };
    let names: Option<Vec<String>> = match root.get("Transform") {
        None => return Vec::new(),
        Some(Value::Array(items)) => items.iter().map(name).collect(),
        Some(one) => name(one).map(|name| vec![name]),
    };
    names.unwrap_or_else(|| {
        let message = "Template format error: Transform must be the name of a macro or a list of them";
        parsing.fault(&Path::Root.key("Transform"), message);
        Vec::new()
    })
}

fn conditions(root: &Map<String, Value>, parsing: &mut Parsing) -> BTreeMap<String, Condition> {
    let Some(Value::Object(members)) = root.get("Conditions") else {
        // A section that is no map is complained about where all sections are.
        return section::entries(root, "Conditions", parsing, |_, _, _, _| None);
    };
    let path = &Path::Root.key("Conditions");
    let parsed = members
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), parse_condition(value, &path.key(name), parsing)?)));
    parsed.collect()
}
