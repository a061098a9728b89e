//! From the tree of a file to a [`Guardrail`]. What only some guardrails may say is the checker's business.

use crate::argument::{self, Argument};
use crate::body;
use crate::case::{Case, Expectation, RequestCase};
use crate::fault::Fault;
use crate::guardrail::{
    Area, Behaviour, Body, ChildPolicy, Exceptions, FRAMEWORKS, Guardrail, Mechanism, Severity,
};
use crate::parameter::{Characters, Parameter, Shape, Supplied};
use crate::reader::{Faults, Section, text, texts};
use crate::yaml::{self, Node, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;

const KEYS: &[&str] = &[
    "id",
    "title",
    "area",
    "service",
    "severity",
    "behaviour",
    "mechanism",
    "rationale",
    "parameters",
    "policy",
    "rules",
    "controls",
    "guard",
    "exceptions",
    "frameworks",
    "evidence",
    "gotchas",
    "notes",
    "sources",
    "cases",
];

impl Guardrail {
    /// Reads a guardrail file.
    ///
    /// # Errors
    /// Every complaint about it, in the order of their places.
    pub fn read(file: &str, contents: &str) -> Result<Self, Vec<Fault>> {
        let root = yaml::read(file, contents)?;
        let mut faults = Faults::new(file);
        let guardrail = read(&mut faults, file, &root);
        faults.end(guardrail)
    }
}

fn read(faults: &mut Faults<'_>, file: &str, root: &Node) -> Option<Guardrail> {
    let section = Section::open(faults, root, "a guardrail", KEYS)?;
    let id = section.text(faults, "id");
    let title = section.text(faults, "title");
    let service = section.text(faults, "service");
    let rationale = section.text(faults, "rationale");
    let area = area(faults, &section);
    let severity = section.word(faults, "severity", Severity::ALL, Severity::word);
    let behaviour = section.word(faults, "behaviour", Behaviour::ALL, Behaviour::word);
    let mechanism = section.word(faults, "mechanism", Mechanism::ALL, Mechanism::word);
    let parameters = parameters(faults, section.get("parameters"));
    let body = mechanism.and_then(|mechanism| body::body(faults, &section, mechanism));
    let exceptions = match (section.get("exceptions"), body::usual_exceptions(mechanism)) {
        (None, Some(usual)) => Some(usual),
        _ => section.want(faults, "exceptions").and_then(|node| exceptions(faults, node)),
    };
    let frameworks = frameworks(faults, section.get("frameworks"));
    let cases = match section.get("cases") {
        // A Config rule without parameters has nothing that a case could show.
        None if matches!(body, Some(Body::Rules(_) | Body::Controls(_))) => Some(Vec::new()),
        _ => section.want(faults, "cases").map(|node| cases(faults, node, &parameters)),
    };
    Some(Guardrail {
        file: file.to_owned(),
        evidence: section.texts(faults, "evidence"),
        gotchas: section.texts(faults, "gotchas"),
        notes: section.texts(faults, "notes"),
        sources: section.texts(faults, "sources"),
        id: id?,
        title: title?,
        area: area?,
        service: service?,
        severity: severity?,
        behaviour: behaviour?,
        mechanism: mechanism?,
        rationale: rationale?,
        parameters,
        frameworks,
        exceptions: exceptions?,
        cases: cases?,
        body: body?,
    })
}

fn area(faults: &mut Faults<'_>, section: &Section<'_>) -> Option<Area> {
    let place = section.want(faults, "area")?.place;
    let number = section.integer(faults, "area")?;
    let area = u8::try_from(number).ok().and_then(Area::new);
    area.or_else(|| faults.add(place, format!("there is no area {number}: 1 to 15 are")))
}

/// Parameters by name, in the order of the file.
pub fn parameters(faults: &mut Faults<'_>, node: Option<&Node>) -> Vec<Parameter> {
    let Some(node) = node else { return Vec::new() };
    let Value::Map(members) = &node.value else {
        faults.add::<()>(node.place, format!("`parameters` is a map by name, not {}", node.kind()));
        return Vec::new();
    };
    let read = members.iter().filter_map(|member| {
        let parameter = parameter(faults, &member.key, &member.value)?;
        if ["key", "value"].contains(&member.key.as_str()) {
            faults.add::<()>(member.place, format!("`{}` is taken: `$each` binds it", member.key));
        }
        Some(parameter)
    });
    read.collect()
}

fn parameter(faults: &mut Faults<'_>, name: &str, node: &Node) -> Option<Parameter> {
    let keys =
        &["type", "default", "from", "allowed", "characters", "atLeast", "atMost", "optional", "description"];
    let section = Section::open(faults, node, "a parameter", keys)?;
    let place = section.place();
    let written = section.text(faults, "type")?;
    let Some(shape) = Shape::parse(&written) else {
        return faults
            .add(place, format!("`{written}` is no type: `region`, `list<region>` and the like are"));
    };
    let characters = section.get("characters").and_then(|node| {
        let written = text(faults, node, "characters")?;
        Characters::parse(&written).or_else(|| {
            faults.add(node.place, format!("`{written}` is no set of characters without `$`, braces, quotes"))
        })
    });
    let supplied = match section.get("from") {
        Some(_) => section.word(faults, "from", Supplied::ALL, Supplied::word),
        None => None,
    };
    let optional = match section.get("optional").map(|node| (&node.value, node.place)) {
        None => false,
        Some((Value::Flag(flag), _)) => *flag,
        Some((_, place)) => faults.add(place, "`optional` is true or false")?,
    };
    let parameter = Parameter {
        name: name.to_owned(),
        shape,
        default: section.get("default").and_then(|node| value(faults, node, name)),
        supplied,
        optional,
        allowed: section.texts(faults, "allowed"),
        characters,
        at_least: section.integer(faults, "atLeast"),
        at_most: section.integer(faults, "atMost"),
        description: section.text(faults, "description")?,
        place,
    };
    if shape.kind() == crate::kind::Kind::Text
        && parameter.characters.is_none()
        && parameter.allowed.is_empty()
    {
        faults.add::<()>(
            place,
            format!("`{name}` takes texts: say of which `characters` or list the `allowed`"),
        );
    }
    if let Some(default) = &parameter.default
        && let Err(error) = parameter.judge(default)
    {
        faults.add::<()>(place, format!("the default does not fit: {error}"));
    }
    Some(parameter)
}

fn value(faults: &mut Faults<'_>, node: &Node, name: &str) -> Option<Argument> {
    match argument::from_node(node) {
        Ok(argument) => Some(argument),
        Err(found) => faults.add(node.place, format!("`{name}` cannot be {found}")),
    }
}

fn exceptions(faults: &mut Faults<'_>, node: &Node) -> Option<Exceptions> {
    match &node.value {
        Value::Text(text) if text == "condition" => Some(Exceptions::Condition),
        Value::Map(members) => match members.as_slice() {
            [only] if only.key == "child" => {
                Some(Exceptions::Child(Box::new(ChildPolicy(only.value.clone()))))
            }
            [only] if only.key == "refused" => text(faults, &only.value, "refused").map(Exceptions::Refused),
            _ => faults.add(node.place, "`exceptions` is `{child: …}` or `{refused: …}`"),
        },
        _ => faults.add(node.place, "`exceptions` is `condition`, `{child: …}` or `{refused: …}`"),
    }
}

fn frameworks(faults: &mut Faults<'_>, node: Option<&Node>) -> BTreeMap<String, Vec<String>> {
    let Some(node) = node else { return BTreeMap::new() };
    let mut all = BTreeMap::new();
    for member in node.members() {
        if FRAMEWORKS.iter().any(|(name, _)| *name == member.key) {
            all.insert(member.key.clone(), texts(faults, &member.value, &member.key));
        } else {
            let known: Vec<&str> = FRAMEWORKS.iter().map(|(name, _)| *name).collect();
            let message = format!("`{}` is no framework: {} are", member.key, known.join(", "));
            faults.add::<()>(member.place, message);
        }
    }
    all
}

fn cases(faults: &mut Faults<'_>, node: &Node, parameters: &[Parameter]) -> Vec<Case> {
    let Value::List(items) = &node.value else {
        faults.add::<()>(node.place, format!("`cases` is a list, not {}", node.kind()));
        return Vec::new();
    };
    items.iter().filter_map(|item| case(faults, item, parameters)).collect()
}

fn case(faults: &mut Faults<'_>, node: &Node, parameters: &[Parameter]) -> Option<Case> {
    let keys = &[
        "says",
        "expect",
        "with",
        "as",
        "action",
        "resource",
        "resourceAccount",
        "context",
        "below",
        "effective",
        "document",
        "inputs",
        "template",
    ];
    let section = Section::open(faults, node, "a case", keys)?;
    let arguments = section.get("with").map(|node| with(faults, node, parameters)).unwrap_or_default();
    let expectation = match section.text(faults, "expect")?.as_str() {
        "denied" => Expectation::Denied(request(faults, &section)?),
        "allowed" => Expectation::Allowed(request(faults, &section)?),
        "effective" => Expectation::Effective {
            below: match section.get("below").map(|node| &node.value) {
                Some(Value::List(items)) => items.iter().map(json).collect(),
                _ => Vec::new(),
            },
            effective: json(section.want(faults, "effective")?),
        },
        "document" => Expectation::Document(json(section.want(faults, "document")?)),
        "inputs" => {
            let node = section.want(faults, "inputs")?;
            Expectation::Inputs(inputs(faults, node))
        }
        "passes" => Expectation::Passes(json(section.want(faults, "template")?)),
        "fails" => Expectation::Fails(json(section.want(faults, "template")?)),
        other => {
            let words = "denied, allowed, effective, document, inputs, passes, fails";
            return faults.add(section.place(), format!("`{other}` for `expect` is none of {words}"));
        }
    };
    Some(Case { says: section.text(faults, "says")?, place: section.place(), arguments, expectation })
}

fn inputs(faults: &mut Faults<'_>, node: &Node) -> BTreeMap<String, BTreeMap<String, Json>> {
    let mut all = BTreeMap::new();
    for member in node.members() {
        if !matches!(member.value.value, Value::Map(_)) {
            faults.add::<()>(member.place, "the inputs of a rule are a map by AWS's names");
        }
        let inputs = member.value.members().iter();
        all.insert(member.key.clone(), inputs.map(|input| (input.key.clone(), json(&input.value))).collect());
    }
    all
}

/// Arguments for parameters, each checked.
pub fn with(faults: &mut Faults<'_>, node: &Node, parameters: &[Parameter]) -> BTreeMap<String, Argument> {
    let mut all = BTreeMap::new();
    for member in node.members() {
        let Some(parameter) = parameters.iter().find(|parameter| parameter.name == member.key) else {
            faults.add::<()>(member.place, format!("there is no parameter `{}`", member.key));
            continue;
        };
        let Some(argument) = value(faults, &member.value, &member.key) else { continue };
        if let Err(error) = parameter.judge(&argument) {
            faults.add::<()>(member.place, error.to_string());
        }
        all.insert(member.key.clone(), argument);
    }
    all
}

fn request(faults: &mut Faults<'_>, section: &Section<'_>) -> Option<RequestCase> {
    let mut context = BTreeMap::new();
    for member in section.get("context").map(Node::members).unwrap_or_default() {
        let values = match &member.value.value {
            Value::Empty => None,
            Value::List(items) => Some(items.iter().filter_map(|item| scalar(faults, item)).collect()),
            _ => Some(scalar(faults, &member.value).into_iter().collect()),
        };
        context.insert(member.key.clone(), values);
    }
    let resources = section.texts(faults, "resource");
    Some(RequestCase {
        principal: section.text(faults, "as")?,
        actions: section.want(faults, "action").map(|node| texts(faults, node, "action"))?,
        resources: if resources.is_empty() { vec!["*".to_owned()] } else { resources },
        resource_account: section
            .get("resourceAccount")
            .and_then(|node| text(faults, node, "resourceAccount")),
        context,
    })
}

fn scalar(faults: &mut Faults<'_>, node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Flag(flag) => Some(flag.to_string()),
        _ => faults.add(node.place, format!("a context value is a text, not {}", node.kind())),
    }
}

/// The tree as JSON, placeholders and all.
#[must_use]
pub fn json(node: &Node) -> Json {
    match &node.value {
        Value::Empty => Json::Null,
        Value::Text(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Flag(flag) => (*flag).into(),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(members) => {
            members.iter().map(|member| (member.key.clone(), json(&member.value))).collect()
        }
    }
}
