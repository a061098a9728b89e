//! The helpers that a template may use. Each writes one kind of value, in a form that YAML and CloudFormation read
//! as that very value, or refuses it; no text can leave its quotes or begin an expression of CloudFormation.

use crate::surroundings::ACCOUNTS;
use glidepath_model::text::printable;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson, no_escape,
};
use serde_json::Value as Json;
use std::sync::LazyLock;

/// Helpers that write.
pub(crate) const PRINTING: &[&str] = &["text", "part", "lower", "integer", "flag", "list", "map", "logical"];

/// Helpers that give a value to another, with the fewest and the most values they take.
pub(crate) const ASKING: &[(&str, usize, usize)] = &[
    ("account", 1, 1),
    ("and", 2, 8),
    ("eq", 2, 2),
    ("gt", 2, 2),
    ("gte", 2, 2),
    ("has", 2, 2),
    ("len", 1, 1),
    ("lt", 2, 2),
    ("lte", 2, 2),
    ("ne", 2, 2),
    ("not", 1, 1),
    ("or", 2, 8),
];

static REGISTRY: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(no_escape);
    let writers: [(&str, Writer); 8] = [
        ("text", text),
        ("part", part),
        ("lower", lower),
        ("integer", integer),
        ("flag", flag),
        ("list", list),
        ("map", map),
        ("logical", logical),
    ];
    for (name, write) in writers {
        registry.register_helper(name, Box::new(Printing { name, write }));
    }
    registry.register_helper("has", Box::new(Has));
    registry.register_helper("account", Box::new(Account));
    registry
});

/// The registry with all helpers.
pub(crate) fn registry() -> &'static Handlebars<'static> {
    &REGISTRY
}

/// Makes text of a value, or says what is wanted instead.
type Writer = fn(&Json) -> Result<String, &'static str>;

struct Printing {
    name: &'static str,
    write: Writer,
}

impl HelperDef for Printing {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let value = helper.param(0).ok_or_else(|| refuse(format!("`{}` wants a value", self.name)))?;
        let what = value.relative_path().map_or_else(|| "the value".to_owned(), |path| format!("`{path}`"));
        if value.is_value_missing() || value.value().is_null() {
            return Err(refuse(format!("{what} is not known or was left out: ask for it by `#if` first")));
        }
        let written = (self.write)(value.value()).map_err(|wanted| {
            let found = printable(&value.value().to_string()).into_owned();
            refuse(format!("{what} is `{found}`, and `{}` writes {wanted}", self.name))
        })?;
        out.write(&written)?;
        Ok(())
    }
}

/// Whether a list holds a text.
struct Has;

impl HelperDef for Has {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let wanted = helper.param(1).map(|value| value.value());
        match (helper.param(0).map(|value| value.value()), wanted) {
            (Some(Json::Array(items)), Some(wanted)) => {
                Ok(ScopedJson::Derived(Json::Bool(items.contains(wanted))))
            }
            _ => Err(refuse("`has` asks a list for a text".to_owned())),
        }
    }
}

/// The id of the account of a role.
struct Account;

impl HelperDef for Account {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let role = helper.param(0).and_then(|value| value.value().as_str()).unwrap_or_default();
        match context.data().get(ACCOUNTS).and_then(|accounts| accounts.get(role)) {
            Some(id) => Ok(ScopedJson::Derived(id.clone())),
            None => Err(refuse(format!("the id of the account `{}` is not known yet", printable(role)))),
        }
    }
}

fn refuse(message: String) -> RenderError {
    RenderErrorReason::Other(message).into()
}

fn text(value: &Json) -> Result<String, &'static str> {
    match value {
        // What stands for a value that is not known yet; the texts of manifests are never objects.
        Json::Object(members) if members.len() == 1 && members.get("Ref").is_some_and(Json::is_string) => {
            Ok(value.to_string())
        }
        Json::String(text) if is_inert(text) => Ok(value.to_string()),
        Json::String(_) => Err("a text without `${` and `{{`"),
        _ => Err("a text"),
    }
}

/// Whether CloudFormation reads the text as nothing but a text.
fn is_inert(text: &str) -> bool {
    !text.contains("${") && !text.contains("{{")
}

/// Text within a text: only characters that mean nothing to YAML and to `Fn::Sub`.
fn part(value: &Json) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/@+=,*-".contains(&byte);
    match value {
        Json::String(text) if !text.is_empty() && text.bytes().all(plain) => Ok(text.clone()),
        Json::Number(_) => integer(value),
        _ => Err("a text of the plain characters `A-Za-z0-9._:/@+=,*-`, or a whole number"),
    }
}

/// Text within a text, in lower case: names of buckets have no other.
fn lower(value: &Json) -> Result<String, &'static str> {
    part(value).map(|text| text.to_ascii_lowercase())
}

fn integer(value: &Json) -> Result<String, &'static str> {
    value.as_i64().map(|number| number.to_string()).ok_or("a whole number")
}

fn flag(value: &Json) -> Result<String, &'static str> {
    value.as_bool().map(|flag| flag.to_string()).ok_or("true or false")
}

fn list(value: &Json) -> Result<String, &'static str> {
    match value {
        Json::Array(items) if items.iter().all(|item| text(item).is_ok()) => Ok(value.to_string()),
        _ => Err("a list of texts without `${` and `{{`"),
    }
}

fn map(value: &Json) -> Result<String, &'static str> {
    match value {
        Json::Object(members) => {
            let keys = members.keys().all(|key| is_inert(key));
            if keys && members.values().all(|items| list(items).is_ok()) {
                return Ok(value.to_string());
            }
            Err("lists of texts by name, without `${` and `{{`")
        }
        _ => Err("lists of texts by name"),
    }
}

/// A text as a part of a logical id: `eu-west-1` is `EuWest1`.
fn logical(value: &Json) -> Result<String, &'static str> {
    let wanted = "a text with letters or digits";
    let Json::String(text) = value else { return Err(wanted) };
    let words =
        text.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut id = String::new();
    for word in words {
        let mut characters = word.chars();
        id.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        id.extend(characters);
    }
    if id.is_empty() { Err(wanted) } else { Ok(id) }
}
