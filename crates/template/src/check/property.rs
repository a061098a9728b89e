//! Properties against the shapes of their resource type, in the words of CloudFormation's own validation.
//!
//! Where a function stands, only what kind of value it gives is looked at: `Fn::If` by each of its branches.

use super::value::{Given, Kind, given};
use crate::fault::{Fault, Path};
use crate::resource_type::{Bounds, MapShape, ResourceType, Rule, Scalar, Shape, Words, most_like};
use crate::section::{Resource, scalar_text};
use crate::template::Template;
use serde_json::{Map, Value};

pub(super) fn check(
    template: &Template,
    ty: &ResourceType,
    name: &str,
    resource: &Resource,
    faults: &mut Vec<Fault>,
) {
    let resources = Path::Root.key("Resources");
    let path = &resources.key(name);
    let path = &path.key("Properties");
    let mut checking = Checking { template, ty, resource: name, faults };
    for (key, _) in resource.properties.as_object().into_iter().flatten() {
        if ty.is_read_only(key) {
            checking.fault(&path.key(key), format!("Encountered read only properties: {key}"));
        }
    }
    checking.value(&resource.properties, &Want::Map(ty.shape()), path);
}

/// What a value has to be.
#[derive(Clone, Copy)]
enum Want<'s> {
    Map(&'s MapShape),
    Shape(&'s Shape),
}

struct Checking<'c> {
    template: &'c Template,
    ty: &'c ResourceType,
    resource: &'c str,
    faults: &'c mut Vec<Fault>,
}

impl Checking<'_> {
    fn fault(&mut self, path: &Path<'_>, what: impl AsRef<str>) {
        let whole = path.to_string();
        let inner = whole.split_once("/Properties").map_or("", |(_, inner)| inner);
        let message = format!(
            "Properties validation failed for resource {} with message: #{inner}: {}",
            self.resource,
            what.as_ref()
        );
        self.faults.push(Fault { path: whole, message });
    }

    fn value(&mut self, value: &Value, want: &Want<'_>, path: &Path<'_>) {
        match given(value, self.template) {
            Given::Nothing | Given::Unknown => {}
            Given::Either(then, otherwise) => {
                let inner = path.key("Fn::If");
                self.value(then, want, &inner.item(1));
                self.value(otherwise, want, &inner.item(2));
            }
            Given::Kind(kind) => {
                if let Some(wanted) = wanted(want).filter(|_| !takes(want, kind)) {
                    self.fault(path, format!("expected type: {wanted}, found: {}", kind.name()));
                }
            }
            Given::Written => self.written(value, want, path),
        }
    }

    fn written(&mut self, value: &Value, want: &Want<'_>, path: &Path<'_>) {
        let map = match want {
            Want::Map(map) => Some(*map),
            Want::Shape(Shape::Map(name)) => self.ty.map(name),
            Want::Shape(_) => None,
        };
        match (value, want) {
            (_, Want::Shape(Shape::Anything)) => {}
            (Value::Object(members), _) if map.is_some() => {
                if let Some(map) = map {
                    self.map(members, map, path);
                }
            }
            (Value::Object(members), Want::Shape(Shape::Values { bounds, item })) => {
                self.count("property", members.len(), *bounds, path);
                for (key, member) in members {
                    self.value(member, &Want::Shape(item), &path.key(key));
                }
            }
            (Value::Array(items), Want::Shape(Shape::List { bounds, item })) => {
                let is_counted =
                    items.iter().all(|item| matches!(given(item, self.template), Given::Written));
                if is_counted {
                    self.count("item", items.len(), *bounds, path);
                }
                for (at, value) in items.iter().enumerate() {
                    self.value(value, &Want::Shape(item), &path.item(at));
                }
            }
            (_, Want::Shape(Shape::Scalar(scalar))) => self.scalar(value, scalar, path),
            _ => {
                let wanted = wanted(want).unwrap_or_default();
                self.fault(path, format!("expected type: {wanted}, found: {}", Kind::of(value).name()));
            }
        }
    }

    fn map(&mut self, members: &Map<String, Value>, map: &MapShape, path: &Path<'_>) {
        for (key, member) in members {
            match map.property(key) {
                Some(property) => self.value(member, &Want::Shape(property.shape()), &path.key(key)),
                None if map.takes_others() => {}
                None => {
                    let near = most_like(key, map.properties().map(|property| property.name()));
                    let near = near.map(|near| format!("; is it [{near}]?")).unwrap_or_default();
                    self.fault(path, format!("extraneous key [{key}] is not permitted{near}"));
                }
            }
        }
        let is_there = |key: &str| {
            members.get(key).is_some_and(|member| !matches!(given(member, self.template), Given::Nothing))
        };
        let missing: Vec<&str> = map.required().iter().copied().filter(|key| !is_there(key)).collect();
        let broken: Vec<String> = map.rules().iter().filter_map(|rule| broken(rule, is_there)).collect();
        for key in missing {
            self.fault(path, format!("required key [{key}] not found"));
        }
        // Members that stand under a condition may each be there when the other is not.
        let is_certain =
            members.values().all(|member| !matches!(given(member, self.template), Given::Either(..)));
        for message in broken.into_iter().filter(|_| is_certain) {
            self.fault(path, message);
        }
    }

    fn count(&mut self, what: &str, count: usize, bounds: Bounds, path: &Path<'_>) {
        let size = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        if let Some(least) = bounds.least.filter(|least| size < *least) {
            self.fault(path, format!("expected minimum {what} count: {least}, found: {count}"));
        }
        if let Some(most) = bounds.most.filter(|most| size > *most) {
            self.fault(path, format!("expected maximum {what} count: {most}, found: {count}"));
        }
    }

    fn scalar(&mut self, value: &Value, scalar: &Scalar, path: &Path<'_>) {
        let text = match value {
            Value::Object(_) if scalar.takes_map() => return,
            Value::Array(_) if scalar.takes_list() => return,
            Value::Object(_) | Value::Array(_) | Value::Null => None,
            Value::String(_) | Value::Number(_) | Value::Bool(_) => scalar_text(value),
        };
        let fits = text.as_deref().filter(|text| fits(text, scalar));
        let Some(text) = fits else {
            let wanted = wanted(&Want::Shape(&Shape::Scalar(scalar.clone()))).unwrap_or_default();
            return self.fault(path, format!("expected type: {wanted}, found: {}", Kind::of(value).name()));
        };
        // What is filled in later cannot be measured.
        if text.contains("{{resolve:") {
            return;
        }
        let is_word = match scalar.words() {
            Words::Any => true,
            Words::Exact(words) => words.contains(&text),
            Words::AnyCase(words) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
        };
        if !is_word {
            self.fault(path, format!("{text} is not a valid enum value"));
        }
        self.size(text, scalar, path);
        if scalar.takes_text() && !scalar.matches(text) {
            let pattern = scalar.pattern().unwrap_or_default();
            self.fault(path, format!("string [{text}] does not match pattern {pattern}"));
        }
    }

    fn size(&mut self, text: &str, scalar: &Scalar, path: &Path<'_>) {
        let bounds = scalar.bounds();
        if scalar.takes_text() {
            let length = text.chars().count();
            let size = f64::from(u32::try_from(length).unwrap_or(u32::MAX));
            if let Some(least) = bounds.least.filter(|least| size < *least) {
                self.fault(path, format!("expected minLength: {least}, actual: {length}"));
            }
            if let Some(most) = bounds.most.filter(|most| size > *most) {
                self.fault(path, format!("expected maxLength: {most}, actual: {length}"));
            }
            return;
        }
        let Ok(number) = text.parse::<f64>() else { return };
        if let Some(least) = bounds.least.filter(|least| number < *least) {
            self.fault(path, format!("{text} is not greater or equal to {least}"));
        }
        if let Some(most) = bounds.most.filter(|most| number > *most) {
            self.fault(path, format!("{text} is not less or equal to {most}"));
        }
    }
}

/// Whether a text can be what a scalar is. CloudFormation makes numbers and flags of texts, and texts of both.
fn fits(text: &str, scalar: &Scalar) -> bool {
    let is_number = || {
        if scalar.is_whole() {
            text.parse::<i64>().is_ok()
        } else {
            text.parse::<f64>().is_ok_and(f64::is_finite)
        }
    };
    let is_flag = || text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    scalar.takes_text()
        || text.contains("{{resolve:")
        || (scalar.takes_number() && is_number())
        || (scalar.takes_flag() && is_flag())
}

/// What is said of a rule that does not hold.
fn broken(rule: &Rule, is_there: impl Fn(&str) -> bool) -> Option<String> {
    let whole = |groups: &[Vec<&'static str>]| {
        groups.iter().filter(|group| group.iter().all(|member| is_there(member))).count()
    };
    let shown = |groups: &[Vec<&'static str>]| {
        groups.iter().map(|group| group.join("+")).collect::<Vec<_>>().join(", ")
    };
    match rule {
        Rule::One(groups) => {
            let count = whole(groups);
            (count != 1)
                .then(|| format!("exactly one of [{}] has to be there, found: {count}", shown(groups)))
        }
        Rule::Some(groups) => {
            (whole(groups) == 0).then(|| format!("one of [{}] has to be there", shown(groups)))
        }
        Rule::Not(first, others) => {
            let barred = others.iter().find(|other| is_there(first) && is_there(other))?;
            Some(format!("[{barred}] must not stand beside [{first}]"))
        }
        Rule::With(first, others) => {
            let missing = others.iter().find(|other| is_there(first) && !is_there(other))?;
            Some(format!("property [{missing}] is required beside [{first}]"))
        }
    }
}

/// The type that is wanted, in the words of the validation; `None` where anything will do.
fn wanted(want: &Want<'_>) -> Option<&'static str> {
    match want {
        Want::Map(_) | Want::Shape(Shape::Map(_) | Shape::Values { .. }) => Some("JSONObject"),
        Want::Shape(Shape::List { .. }) => Some("JSONArray"),
        Want::Shape(Shape::Anything) => None,
        Want::Shape(Shape::Scalar(scalar)) => Some(if scalar.takes_text() {
            "String"
        } else if scalar.is_whole() {
            "Integer"
        } else if scalar.takes_number() {
            "Number"
        } else if scalar.takes_flag() {
            "Boolean"
        } else if scalar.takes_map() {
            "JSONObject"
        } else {
            "JSONArray"
        }),
    }
}

/// Whether a function that gives a kind of value may stand there.
fn takes(want: &Want<'_>, kind: Kind) -> bool {
    match want {
        Want::Map(_) | Want::Shape(Shape::Map(_) | Shape::Values { .. }) => false,
        Want::Shape(Shape::Anything) => true,
        Want::Shape(Shape::List { .. }) => kind == Kind::List,
        Want::Shape(Shape::Scalar(scalar)) => match kind {
            Kind::List => scalar.takes_list(),
            // A text can become a number or a flag.
            Kind::Text => scalar.takes_text() || scalar.takes_number() || scalar.takes_flag(),
            Kind::Map => scalar.takes_map(),
            Kind::Number => scalar.takes_text() || scalar.takes_number(),
            Kind::Flag => scalar.takes_text() || scalar.takes_flag(),
            Kind::Empty => false,
        },
    }
}
