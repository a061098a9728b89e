//! The expressions of a template: read once, and every name in them checked before anything is rendered.
//!
//! Handlebars takes an unknown name in `#if` and `#each` for false and as an argument of a helper for null, also
//! in strict mode. That would render something else than was meant and say nothing, so every path of the
//! syntax tree is held against the names that there are, and only helpers of [`crate::writer`] are let in.

use crate::blueprint::Role;
use crate::writer;
use glidepath_guardrails::{Fault, Place, form};
use handlebars::template::{BlockParam, HelperTemplate, Parameter, TemplateElement};
use handlebars::{Context, Path, PathSeg, RenderContext, Renderable as _, Template};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What a template asks of the landing zone that may not be known before something was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// The organization's id.
    OrganizationId,
    /// The id of the account of that role.
    Account(Role),
}

/// A text with expressions whose names are all known.
#[derive(Debug, Clone)]
pub(crate) struct Expressions {
    text: String,
    template: Template,
    asks: BTreeSet<Ask>,
    used: BTreeSet<String>,
    repeated: BTreeSet<String>,
}

impl Expressions {
    /// Reads a text; every name in it must be one of `names`.
    pub(crate) fn read(file: &str, text: &str, names: &BTreeSet<&str>) -> Result<Self, Vec<Fault>> {
        let template = Template::compile(text).map_err(|error| {
            let (place, message) = unbalanced(text).unwrap_or_else(|| {
                let (line, column) = error.pos().unwrap_or((1, 1));
                (Place { line, column }, "here, or just before, an expression is malformed".to_owned())
            });
            vec![Fault::new(file, place, message)]
        })?;
        let mut walk = Walk {
            file,
            names,
            bound: Vec::new(),
            place: Place { line: 1, column: 1 },
            faults: Vec::new(),
            asks: BTreeSet::new(),
            used: BTreeSet::new(),
            repeated: BTreeSet::new(),
        };
        walk.template(&template);
        if !walk.faults.is_empty() {
            return Err(walk.faults);
        }
        Ok(Self {
            text: text.to_owned(),
            asks: walk.asks,
            used: walk.used,
            repeated: walk.repeated,
            template,
        })
    }

    /// The text as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What it asks for.
    pub(crate) fn asks(&self) -> BTreeSet<Ask> {
        self.asks.clone()
    }

    /// Whether an expression uses this name.
    pub(crate) fn uses(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// Whether `#each` goes through this.
    pub(crate) fn repeats(&self, name: &str) -> bool {
        self.repeated.contains(name)
    }

    /// Fills the expressions in.
    pub(crate) fn render(&self, file: &str, names: Json) -> Result<String, Fault> {
        let context = Context::from(names);
        let mut state = RenderContext::new(None);
        // Names of parameters are found inside `#each` too.
        state.set_recursive_lookup(true);
        self.template.renders(writer::registry(), &context, &mut state).map_err(|error| {
            let place = Place { line: error.line_no.unwrap_or(1), column: error.column_no.unwrap_or(1) };
            Fault::new(file, place, error.reason().to_string())
        })
    }
}

/// Goes through the syntax tree.
struct Walk<'a> {
    file: &'a str,
    names: &'a BTreeSet<&'a str>,
    /// Names bound by the `#each` around.
    bound: Vec<String>,
    place: Place,
    faults: Vec<Fault>,
    asks: BTreeSet<Ask>,
    used: BTreeSet<String>,
    /// Names whose items `#each` goes through.
    repeated: BTreeSet<String>,
}

impl Walk<'_> {
    fn complain(&mut self, message: impl AsRef<str>) {
        self.faults.push(Fault::new(self.file, self.place, message));
    }

    fn template(&mut self, template: &Template) {
        for (index, element) in template.elements.iter().enumerate() {
            if let Some(mapping) = template.mapping.get(index) {
                self.place = Place { line: mapping.0, column: mapping.1 };
            }
            match element {
                TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
                TemplateElement::Expression(expression) => self.printed(expression),
                TemplateElement::HelperBlock(block) => self.block(block),
                TemplateElement::HtmlExpression(_) => {
                    self.complain("three braces or `&` print a value as it is: use a helper such as `text`");
                }
                _ => self.complain("partials and decorators are not read here"),
            }
        }
    }

    /// An expression that writes something.
    fn printed(&mut self, expression: &HelperTemplate) {
        let name = word(&expression.name);
        if !writer::PRINTING.contains(&name) {
            let known = writer::PRINTING.join("`, `");
            return self.complain(format!(
                "`{name}` is no helper that writes: say what the value is by one of `{known}`"
            ));
        }
        self.arguments(name, expression, 1, 1);
    }

    fn block(&mut self, block: &HelperTemplate) {
        let name = word(&block.name);
        let place = self.place;
        match name {
            "if" | "unless" => {
                self.arguments(name, block, 1, 1);
                block.template.iter().for_each(|inner| self.template(inner));
            }
            "each" => {
                self.arguments(name, block, 1, 1);
                match block.params.first() {
                    Some(Parameter::Path(path @ Path::Relative(_))) => {
                        self.repeated.insert(word(&Parameter::Path(path.clone())).to_owned());
                    }
                    _ => self.complain("`#each` goes through a list that has a name"),
                }
                let bound = match &block.block_param {
                    Some(BlockParam::Single(one)) => vec![word(one).to_owned()],
                    Some(BlockParam::Pair((one, other))) => {
                        vec![word(one).to_owned(), word(other).to_owned()]
                    }
                    _ => {
                        self.complain("`#each` names its items: `{{#each regions as |region|}}`");
                        Vec::new()
                    }
                };
                for name in &bound {
                    if self.names.contains(name.as_str()) || self.bound.contains(name) {
                        self.complain(format!("`{name}` is taken: give the items of `#each` another name"));
                    }
                }
                let outer = self.bound.len();
                self.bound.extend(bound);
                block.template.iter().for_each(|inner| self.template(inner));
                self.bound.truncate(outer);
            }
            other => self.complain(format!("`#{other}` is no block: `if`, `unless` and `each` are")),
        }
        self.place = place;
        block.inverse.iter().for_each(|inner| self.template(inner));
    }

    /// The arguments of a helper or block, as many as it takes.
    fn arguments(&mut self, name: &str, expression: &HelperTemplate, least: usize, most: usize) {
        let found = expression.params.len();
        if found < least || found > most {
            self.complain(format!("`{name}` takes {least} to {most} values, not {found}"));
        }
        if let Some(key) = expression.hash.keys().min() {
            self.complain(format!("`{name}` takes no `{key}=`"));
        }
        expression.params.iter().for_each(|parameter| self.value(parameter));
    }

    fn value(&mut self, parameter: &Parameter) {
        match parameter {
            Parameter::Literal(_) => {}
            Parameter::Name(name) => self.name(name),
            Parameter::Path(Path::Relative((segments, raw))) => match segments.as_slice() {
                [PathSeg::Named(name)] => self.name(name),
                _ => self.complain(format!("`{raw}` is a path: only plain names are read here")),
            },
            Parameter::Path(Path::Local((level, name, raw))) => {
                let known = ["index", "first", "last", "key"].contains(&name.as_str());
                if !known || *level > 0 || self.bound.is_empty() {
                    self.complain(format!("`{raw}` is not known here"));
                }
            }
            Parameter::Subexpression(inner) => match inner.as_element() {
                TemplateElement::Expression(expression) => self.asked(expression),
                _ => self.complain("what stands in parentheses is a helper with its values"),
            },
            _ => self.complain("a value of this kind is not read here"),
        }
    }

    fn name(&mut self, name: &str) {
        if self.bound.iter().any(|bound| bound == name) {
            return;
        }
        if !self.names.contains(name) {
            let nearest = form::nearest(name, self.names.iter().copied());
            let help = nearest.map_or_else(
                || "declare it under `parameters`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return self.complain(format!("there is no `{name}` here: {help}"));
        }
        if name == "organization_id" {
            self.asks.insert(Ask::OrganizationId);
        }
        self.used.insert(name.to_owned());
    }

    /// A helper in parentheses, which gives a value to another.
    fn asked(&mut self, expression: &HelperTemplate) {
        let name = word(&expression.name);
        let Some((_, least, most)) = writer::ASKING.iter().find(|(known, _, _)| *known == name) else {
            let known: Vec<&str> = writer::ASKING.iter().map(|(known, _, _)| *known).collect();
            return self.complain(format!("`({name} …)` is none of `{}`", known.join("`, `")));
        };
        self.arguments(name, expression, *least, *most);
        if name == "account" {
            let role = match expression.params.first() {
                Some(Parameter::Literal(Json::String(word))) => Role::from_word(word),
                _ => None,
            };
            match role {
                Some(role) => {
                    self.asks.insert(Ask::Account(role));
                }
                None => {
                    let known: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
                    self.complain(format!("`account` names a role in quotes: {}", known.join(", ")));
                }
            }
        }
    }
}

/// The name of a helper, a block or an item.
fn word(parameter: &Parameter) -> &str {
    match parameter {
        Parameter::Name(name) => name,
        Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => raw,
        _ => "",
    }
}

/// The block that is not closed, or closed without being open. The parser itself points at the end of the text.
fn unbalanced(text: &str) -> Option<(Place, String)> {
    let mut open: Vec<(Place, &str)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for (at, _) in line.match_indices("{{") {
            let place = Place { line: index + 1, column: at + 1 };
            let rest = line.get(at + 2..).unwrap_or_default().trim_start_matches('~');
            let name = |rest: &'_ str| -> usize {
                rest.find(|character: char| !character.is_alphanumeric()).unwrap_or(rest.len())
            };
            if let Some(rest) = rest.strip_prefix('#') {
                open.push((place, rest.get(..name(rest)).unwrap_or_default()));
            } else if let Some(rest) = rest.strip_prefix('/') {
                let closing = rest.get(..name(rest)).unwrap_or_default();
                match open.pop() {
                    Some((_, opened)) if opened == closing => {}
                    Some((opened_at, opened)) => {
                        let message =
                            format!("`#{opened}` of line {} is closed by `/{closing}`", opened_at.line);
                        return Some((place, message));
                    }
                    None => return Some((place, format!("`/{closing}` closes nothing"))),
                }
            } else if !line.get(at..).unwrap_or_default().contains("}}") {
                return Some((place, "this expression does not end on its line".to_owned()));
            }
        }
    }
    open.pop().map(|(place, name)| (place, format!("`#{name}` is not closed")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Expressions, Vec<Fault>> {
        Expressions::read(
            "t",
            text,
            &BTreeSet::from(["size", "regions", "kind", "organization_id", "sly", "slyer"]),
        )
    }

    fn complaint(text: &str) -> String {
        read(text).unwrap_err().first().unwrap().to_string()
    }

    fn render(text: &str) -> Result<String, Fault> {
        let names = json!({
            "size": 3, "regions": ["eu-west-1", "us-east-1"], "kind": "a\"b", "organization_id": null,
            "sly": "${AWS::Region}", "slyer": ["{{resolve:ssm:/secret}}"],
            "accounts": {"security": "123456789012"},
        });
        read(text).unwrap().render("t", names)
    }

    #[test]
    fn an_unknown_name_is_found_wherever_it_stands() {
        for text in [
            "{{text sise}}",
            "{{#if sise}}x{{/if}}",
            "{{#unless sise}}x{{/unless}}",
            "{{#each sise as |one|}}x{{/each}}",
            "{{#if (eq sise 3)}}x{{/if}}",
            "{{#if (not (has regions sise))}}x{{/if}}",
            "{{#if size}}{{else}}{{text sise}}{{/if}}",
            "{{#if kind}}{{else if sise}}x{{/if}}",
            "{{#each regions as |one|}}{{text sise}}{{/each}}",
        ] {
            assert!(complaint(text).contains("there is no `sise` here: did you mean `size`?"), "{text}");
        }
        assert!(complaint("a\n  {{text one}}").starts_with("t:2:"));
        assert!(complaint("{{#each regions as |one|}}{{/each}}{{text one}}").contains("`one`"));
    }

    #[test]
    fn nothing_is_written_but_through_a_typed_helper() {
        for text in
            ["{{kind}}", "{{{kind}}}", "{{&kind}}", "{{> part}}", "{{lookup regions 0}}", "{{log kind}}"]
        {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(complaint("{{#with kind}}x{{/with}}").contains("no block"));
        assert!(complaint("{{#each regions}}x{{/each}}").contains("names its items"));
        assert!(complaint("{{text ../kind}}").contains("is a path"));
        assert!(complaint("{{text kind.size}}").contains("is a path"));
        assert!(complaint("{{text (shout kind)}}").contains("none of"));
    }

    #[test]
    fn a_block_that_is_not_closed_is_found_where_it_opens() {
        assert_eq!(complaint("a\nb {{#if kind}}\nc\n"), "t:2:3: `#if` is not closed");
        assert!(complaint("{{#if kind}}{{/each}}").contains("closed by `/each`"));
    }

    #[test]
    fn values_are_written_as_what_they_are() {
        assert_eq!(
            render("{{text kind}} {{integer size}} {{list regions}}").unwrap(),
            r#""a\"b" 3 ["eu-west-1","us-east-1"]"#
        );
        let each = "{{#each regions as |one|}}{{logical one}}={{integer size}},{{/each}}";
        assert_eq!(render(each).unwrap(), "EuWest1=3,UsEast1=3,");
        assert_eq!(render("{{#if (has regions \"us-east-1\")}}y{{/if}}").unwrap(), "y");
        assert_eq!(render("{{part (account \"security\")}}").unwrap(), "123456789012");
        for (text, wanted) in [
            ("{{integer kind}}", "a whole number"),
            ("{{part kind}}", "plain characters"),
            ("{{text sly}}", "without `${`"),
            ("{{part sly}}", "plain characters"),
            ("{{list slyer}}", "without `${` and `{{`"),
            ("{{text organization_id}}", "not known"),
            ("{{part (account \"network\")}}", "not known"),
        ] {
            assert!(render(text).unwrap_err().to_string().contains(wanted), "{text}");
        }
    }

    #[test]
    fn what_may_not_be_known_yet_is_told_without_rendering() {
        let asks = read("{{#if organization_id}}{{part (account \"security\")}}{{/if}}").unwrap().asks();
        assert_eq!(asks, BTreeSet::from([Ask::OrganizationId, Ask::Account(Role::Security)]));
    }
}
