//! What a deployed resource is called: its physical id, the attributes `Fn::GetAtt` gives, and what it takes up so that
//! nothing else can have it.
//!
//! Most follows from the primary identifier of the type; `data/resource-identities.yaml` has the rest. Whatever AWS
//! would make up follows from the world's seed and the resource's place in its stack.

use super::reference::Asked;
use super::stack::{partition, uuid};
use crate::world::{Alphabet, World};
use glidepath_template::Deployed;
use glidepath_template::resource_type::{self, ResourceType};
use serde::Deserialize;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The most characters a made-up name has where the type says nothing else.
const LONGEST_NAME: usize = 255;
/// The characters at the end of a made-up name.
const SUFFIX: usize = 12;

/// Within what a name is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scope {
    #[default]
    Region,
    Account,
    Global,
}

/// The letters of made-up names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Case {
    #[default]
    Mixed,
    Lower,
}

/// Whether CloudFormation detects drift of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DriftDetection {
    #[default]
    Supported,
    Unsupported,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Option<String>,
    arn: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, Value>,
    longest: Option<usize>,
    #[serde(default)]
    case: Case,
    name: Option<String>,
    #[serde(default)]
    scope: Scope,
    once: Option<Scope>,
    #[serde(default)]
    when: BTreeMap<String, String>,
    taken: Option<String>,
    #[serde(default)]
    drift: DriftDetection,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    services: BTreeMap<String, String>,
    types: BTreeMap<String, Row>,
}

const FILE: &str = include_str!("../../../data/resource-identities.yaml");

/// The file is part of the program and read by a test.
static ROWS: LazyLock<File> = LazyLock::new(|| serde_yaml::from_str(FILE).unwrap_or_default());

/// Whether drift of a type is detected.
pub(super) fn detects_drift(ty: &str) -> bool {
    ROWS.types.get(ty).is_none_or(|row| row.drift == DriftDetection::Supported)
}

/// A resource that is to have an identity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearer<'a> {
    pub(super) world: &'a World,
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    pub(super) stack_name: &'a str,
    pub(super) logical_id: &'a str,
    /// What nothing else has: the stack's id, the logical id, and how often it was replaced.
    pub(super) made_for: &'a str,
    pub(super) ty: &'a str,
    pub(super) properties: &'a Value,
}

/// What a resource is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) physical_id: String,
    /// What nothing else can take up while the resource exists.
    pub(super) claims: Vec<String>,
    /// The made-up word in the physical id, if it has one.
    pub(super) made_up: Option<String>,
}

impl<'a> Bearer<'a> {
    fn row(&self) -> &'static Row {
        static NONE: LazyLock<Row> = LazyLock::new(Row::default);
        ROWS.types.get(self.ty).unwrap_or(&NONE)
    }

    /// Gives it its identity.
    pub(super) fn identity(&self) -> Identity {
        let row = self.row();
        let naming = Naming::of(self, row);
        let physical_id = naming.physical_id();
        let mut claims = vec![self.claim(row.scope, &physical_id)];
        if let Some(property) = &row.name
            && let Some(name) = self.property(property)
        {
            // Where AWS keeps apart what is global and what is regional, so does the name.
            let scope = self.property("Scope").unwrap_or_default();
            claims.push(self.claim(row.scope, &format!("{property}={name}/{scope}")));
        }
        if let Some(scope) = row.once
            && row.when.iter().all(|(property, value)| self.property(property).as_ref() == Some(value))
        {
            claims.push(self.claim(scope, "once"));
        }
        claims.sort();
        claims.dedup();
        let made_up = naming.made.into_inner().into_iter().find(|word| physical_id.contains(word.as_str()));
        Identity { physical_id, claims, made_up }
    }

    /// Why its creation fails when something else has what it would take up.
    pub(super) fn taken(&self, physical_id: &str) -> String {
        let row = self.row();
        let naming = Naming::of(self, row);
        match &row.taken {
            Some(form) => naming.fill(form, physical_id),
            None => naming.handler_message(physical_id, "already exists", "AlreadyExists"),
        }
    }

    /// What other resources see of it under this physical id: of its attributes those that are asked for.
    pub(super) fn deployed(&self, physical_id: &str, asked: &Asked) -> Deployed {
        let naming = Naming::of(self, self.row());
        let names = resource_type::find(self.ty).into_iter().flat_map(ResourceType::attributes);
        let names = names.filter(|name| asked.has(self.logical_id, name));
        let attributes = names.map(|name| (name.to_owned(), naming.attribute(name, physical_id))).collect();
        Deployed { reference: physical_id.to_owned(), attributes }
    }

    /// What a resource handler says of it.
    pub(super) fn handler_message(&self, physical_id: &str, what: &str, code: &str) -> String {
        Naming::of(self, self.row()).handler_message(physical_id, what, code)
    }

    /// What a resource handler says that fails because the sandbox was told so.
    pub(super) fn told_to_fail(&self) -> String {
        let token = Naming::of(self, self.row()).made_up("uuid");
        format!(
            "Resource handler returned message: \"The sandbox was told that this fails.\" (RequestToken: {token}, \
             HandlerErrorCode: GeneralServiceException)"
        )
    }

    fn claim(&self, scope: Scope, what: &str) -> String {
        match scope {
            Scope::Global => format!("{} {what}", self.ty),
            Scope::Account => format!("{} {} {what}", self.ty, self.account),
            Scope::Region => format!("{} {}/{} {what}", self.ty, self.account, self.region),
        }
    }

    /// A property's value where it is a text or number; `A.B` is the member of a member.
    fn property(&self, path: &str) -> Option<String> {
        let mut value = self.properties;
        for step in path.split(['.', '/']) {
            value = value.get(step)?;
        }
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// One naming: it notes the words it makes up.
struct Naming<'a> {
    bearer: &'a Bearer<'a>,
    row: &'static Row,
    made: RefCell<Vec<String>>,
}

impl<'a> Naming<'a> {
    fn of(bearer: &'a Bearer<'a>, row: &'static Row) -> Self {
        Self { bearer, row, made: RefCell::new(Vec::new()) }
    }

    fn physical_id(&self) -> String {
        if let Some(form) = &self.row.id {
            return self.fill(form, "");
        }
        let ty = resource_type::find(self.bearer.ty);
        let parts = ty.map(ResourceType::primary_identifier).unwrap_or_default();
        let parts: Vec<String> = parts
            .iter()
            .map(|part| {
                let read_only = ty.is_some_and(|ty| ty.is_read_only(part));
                if read_only { self.made_up_part(part) } else { self.given_part(part) }
            })
            .collect();
        if parts.is_empty() { self.made_up_name() } else { parts.join("|") }
    }

    fn given_part(&self, part: &str) -> String {
        self.bearer.property(part).unwrap_or_else(|| self.made_up_name())
    }

    fn made_up_part(&self, part: &str) -> String {
        if part.to_ascii_lowercase().ends_with("arn") {
            self.arn("")
        } else if part.ends_with("AccountId") {
            self.bearer.account.to_owned()
        } else {
            self.made_up("uuid")
        }
    }

    /// The ARN, by the type's form or the common one.
    fn arn(&self, id: &str) -> String {
        if let Some(form) = &self.row.arn {
            return self.fill(form, id);
        }
        let mut words = self.bearer.ty.split("::").skip(1);
        let (service, kind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let service = ROWS.services.get(service).cloned().unwrap_or_else(|| service.to_ascii_lowercase());
        let own = if id.is_empty() { self.made_up("uuid") } else { id.to_owned() };
        let Bearer { account, region, .. } = self.bearer;
        format!("arn:{}:{service}:{region}:{account}:{}/{own}", partition(region), hyphenated(kind))
    }

    /// What `Fn::GetAtt` gives for an attribute.
    fn attribute(&self, name: &str, id: &str) -> Value {
        if let Some(form) = self.row.attributes.get(name) {
            return match form {
                Value::String(form) => Value::from(self.fill(form, id)),
                Value::Array(forms) => {
                    forms.iter().filter_map(Value::as_str).map(|form| self.fill(form, id)).collect()
                }
                other => other.clone(),
            };
        }
        let mut given = Some(self.bearer.properties);
        for step in name.split('.') {
            given = given.and_then(|value| value.get(step));
        }
        if let Some(given) = given {
            return given.clone();
        }
        let identifies = resource_type::find(self.bearer.ty).is_some_and(|ty| {
            let parts = ty.primary_identifier();
            parts.len() == 1 && parts.contains(&name)
        });
        let kind = self.bearer.ty.rsplit("::").next().unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        if identifies && self.row.id.is_none() {
            Value::from(id)
        } else if lower == "arn" || lower == format!("{}arn", kind.to_ascii_lowercase()) {
            if id.starts_with("arn:") { Value::from(id) } else { Value::from(self.arn(id)) }
        } else if lower == "id" || lower == format!("{}id", kind.to_ascii_lowercase()) {
            Value::from(id)
        } else if lower.ends_with("accountid") || lower == "ownerid" {
            Value::from(self.bearer.account)
        } else {
            Value::from(format!("{}-{}", hyphenated(name), self.made_up("hex17")))
        }
    }

    /// The property that names it, or a made-up name.
    fn name(&self) -> String {
        let given = self.row.name.as_ref().and_then(|property| self.bearer.property(property));
        given.unwrap_or_else(|| self.made_up_name())
    }

    /// `STACK-LOGICAL-SUFFIX`, cut to the longest name the type can have.
    fn made_up_name(&self) -> String {
        let longest = self.row.longest.unwrap_or(LONGEST_NAME);
        let whole = format!("{}-{}", self.bearer.stack_name, self.bearer.logical_id);
        let start: String = whole.chars().take(longest.saturating_sub(SUFFIX + 1)).collect();
        let suffix = self.derived(Alphabet::UpperAlphanumeric, SUFFIX);
        let name = format!("{}-{suffix}", start.trim_end_matches('-'));
        let name = match self.row.case {
            Case::Mixed => name,
            Case::Lower => name.to_ascii_lowercase(),
        };
        self.made.borrow_mut().push(name.clone());
        name
    }

    fn derived(&self, alphabet: Alphabet, length: usize) -> String {
        self.bearer.world.derive(&format!("resource/{}", self.bearer.made_for), alphabet, length)
    }

    /// Made-up characters by their name in forms, `hex17`; none if it is no such name.
    fn made_up(&self, kind: &str) -> String {
        if kind == "uuid" {
            let word = uuid(&self.derived(Alphabet::LowerHexadecimal, 32));
            self.made.borrow_mut().push(word.clone());
            return word;
        }
        let digits = kind.trim_start_matches(|character: char| character.is_ascii_alphabetic());
        let length = digits.parse().unwrap_or(0);
        let alphabet = match kind.get(..kind.len() - digits.len()).unwrap_or_default() {
            "hex" => Alphabet::LowerHexadecimal,
            "lower" => Alphabet::LowerAlphanumeric,
            "upper" => Alphabet::UpperAlphanumeric,
            "digits" => Alphabet::Digits,
            _ => return String::new(),
        };
        let word = self.derived(alphabet, length);
        self.made.borrow_mut().push(word.clone());
        word
    }

    /// A form with its fields filled in.
    fn fill(&self, form: &str, id: &str) -> String {
        let mut text = String::with_capacity(form.len() + 32);
        let mut rest = form;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (field, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(&self.field(field, id));
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn field(&self, field: &str, id: &str) -> String {
        let bearer = self.bearer;
        if let Some(path) = field.strip_prefix("p.") {
            return bearer.property(path).unwrap_or_default();
        }
        match field {
            "account" => bearer.account.to_owned(),
            "region" => bearer.region.to_owned(),
            "partition" => partition(bearer.region).to_owned(),
            "stack" => bearer.stack_name.to_owned(),
            "logical" => bearer.logical_id.to_owned(),
            "type" => bearer.ty.to_owned(),
            "id" => id.to_owned(),
            "name" => self.name(),
            // IAM's paths begin and end with a slash.
            "path" => bearer.property("Path").unwrap_or_else(|| "/".to_owned()),
            "host" => {
                let url = bearer.property("Url").unwrap_or_default();
                url.trim_start_matches("https://").to_owned()
            }
            "octet" => {
                let byte = self.derived(Alphabet::LowerHexadecimal, 2);
                u8::from_str_radix(&byte, 16).unwrap_or(0).to_string()
            }
            made_up => self.made_up(made_up),
        }
    }

    fn handler_message(&self, id: &str, what: &str, code: &str) -> String {
        let (ty, token) = (self.bearer.ty, self.made_up("uuid"));
        format!(
            "Resource handler returned message: \"Resource of type '{ty}' with identifier '{id}' {what}.\" \
             (RequestToken: {token}, HandlerErrorCode: {code})"
        )
    }
}

/// `ResourceShare` as `resource-share`.
fn hyphenated(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut before_was_lower = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && before_was_lower {
            text.push('-');
        }
        before_was_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
        text.push(character.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_its_forms_have_only_known_fields() {
        let file: File = serde_yaml::from_str(FILE).unwrap();
        let known = [
            "account",
            "region",
            "partition",
            "stack",
            "logical",
            "type",
            "id",
            "name",
            "path",
            "host",
            "octet",
            "uuid",
        ];
        let made_up = |field: &str| {
            ["hex", "lower", "upper", "digits"]
                .iter()
                .any(|kind| field.strip_prefix(kind).is_some_and(|digits| digits.parse::<usize>().is_ok()))
        };
        for (ty, row) in &file.types {
            let attributes = row.attributes.values().flat_map(|form| match form {
                Value::Array(forms) => forms.clone(),
                one => vec![one.clone()],
            });
            let attributes: Vec<String> = attributes.map(|form| form.as_str().unwrap().to_owned()).collect();
            for form in [&row.id, &row.arn, &row.taken].into_iter().flatten().chain(&attributes) {
                for field in form.split('{').skip(1) {
                    let field = field.split('}').next().unwrap();
                    let fine = known.contains(&field) || field.starts_with("p.") || made_up(field);
                    assert!(fine, "{ty}: {field}");
                }
            }
            assert!(resource_type::find(ty).is_some(), "{ty} is no type");
        }
    }
}
