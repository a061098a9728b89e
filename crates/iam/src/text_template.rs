//! Texts with policy variables: `arn:aws:s3:::home/${aws:username}/*`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>.
//!
//! AWS does not document whether a wildcard inside a substituted value is live; here it is literal, the
//! reading that lets a value widen nothing.

use crate::context::{Context, Lookup};
use crate::pattern::{Pattern, Piece};

/// A text that may hold variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// No variables: the pattern is fixed.
    Fixed {
        /// The text as written, escapes resolved, wildcards standing as they are.
        text: String,
        /// The same as a pattern.
        pattern: Pattern,
    },
    /// At least one variable.
    Parts(Vec<Part>),
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Plain text; wildcards are live.
    Text(String),
    /// `${*}`, `${?}`, `${$}`: the character itself.
    Literal(char),
    /// `${key}` or `${key, 'default'}`.
    Variable {
        /// The key in lower case.
        key: String,
        /// What stands in where the key is absent.
        default: Option<String>,
    },
}

/// A template with a request's values in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filled<'a> {
    /// The template had no variables.
    Fixed(&'a str, &'a Pattern),
    /// The text and pattern with values in place.
    Made(String, Pattern),
    /// A variable is absent or has several values: the text stands for nothing.
    Unresolved,
    /// A variable is not known.
    Unknown,
}

impl Template {
    /// Reads a text; without variables `${…}` is those very characters.
    #[must_use]
    pub fn new(text: &str, variables: bool) -> Self {
        let parts = if variables { parts(text) } else { vec![Part::Text(text.to_owned())] };
        let mut plain = String::new();
        let mut pieces = Vec::new();
        for part in &parts {
            match part {
                Part::Text(text) => {
                    plain.push_str(text);
                    pieces.extend(Pattern::new(text).pieces().iter().cloned());
                }
                Part::Literal(character) => {
                    plain.push(*character);
                    pieces.push(Piece::Plain(*character));
                }
                Part::Variable { .. } => return Self::Parts(parts),
            }
        }
        Self::Fixed { text: plain, pattern: Pattern::from_pieces(pieces) }
    }

    /// Whether it is a lone `*`.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::Fixed { pattern, .. } if pattern.is_everything())
    }

    /// The keys that its variables name, in lower case.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let parts = match self {
            Self::Fixed { .. } => [].as_slice(),
            Self::Parts(parts) => parts.as_slice(),
        };
        parts.iter().filter_map(|part| match part {
            Part::Variable { key, .. } => Some(key.as_str()),
            Part::Text(_) | Part::Literal(_) => None,
        })
    }

    /// Puts a request's values in.
    #[must_use]
    pub fn fill(&self, context: &Context) -> Filled<'_> {
        let parts = match self {
            Self::Fixed { text, pattern } => return Filled::Fixed(text, pattern),
            Self::Parts(parts) => parts,
        };
        let mut text = String::new();
        let mut pieces = Vec::new();
        let mut unknown = false;
        for part in parts {
            match part {
                Part::Text(plain) => {
                    text.push_str(plain);
                    pieces.extend(Pattern::new(plain).pieces().iter().cloned());
                }
                Part::Literal(character) => {
                    text.push(*character);
                    pieces.push(Piece::Plain(*character));
                }
                Part::Variable { key, default } => {
                    let value = match (context.get(key), default) {
                        (Lookup::Values([value]), _) => value,
                        (Lookup::Unknown, _) => {
                            unknown = true;
                            continue;
                        }
                        (Lookup::Absent, Some(default)) => default,
                        (Lookup::Absent, None) | (Lookup::Values(_), _) => return Filled::Unresolved,
                    };
                    text.push_str(value);
                    pieces.extend(value.chars().map(Piece::Plain));
                }
            }
        }
        if unknown { Filled::Unknown } else { Filled::Made(text, Pattern::from_pieces(pieces)) }
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inside, behind)) = after.split_once('}') else { break };
        push_text(&mut all, before);
        all.push(variable(inside));
        rest = behind;
    }
    push_text(&mut all, rest);
    all
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Text(text.to_owned()));
    }
}

fn variable(inside: &str) -> Part {
    let trimmed = inside.trim();
    match trimmed {
        "*" => return Part::Literal('*'),
        "?" => return Part::Literal('?'),
        "$" => return Part::Literal('$'),
        _ => {}
    }
    let (key, default) = match trimmed.split_once(',') {
        Some((key, default)) => (key, Some(unquoted(default.trim()))),
        None => (trimmed, None),
    };
    Part::Variable { key: key.trim().to_ascii_lowercase(), default }
}

fn unquoted(text: &str) -> String {
    text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, context: &Context) -> Option<String> {
        match Template::new(text, true).fill(context) {
            Filled::Fixed(text, _) => Some(text.to_owned()),
            Filled::Made(text, _) => Some(text),
            Filled::Unresolved | Filled::Unknown => None,
        }
    }

    #[test]
    fn rule_24_variables_defaults_and_escapes() {
        let mut context = Context::new();
        context.set("aws:username", "maria");
        context.set_all("aws:TagKeys", vec!["a".into(), "b".into()]);
        assert_eq!(filled("home/${AWS:UserName}/*", &context).as_deref(), Some("home/maria/*"));
        assert_eq!(
            filled("${aws:PrincipalTag/team, 'company-wide'}", &context).as_deref(),
            Some("company-wide")
        );
        assert_eq!(filled("a${*}b${$}{c}", &context).as_deref(), Some("a*b${c}"));
        assert_eq!(filled("${aws:PrincipalTag/team}", &context), None, "rule 25: absent is unresolved");
        assert_eq!(filled("${aws:TagKeys}", &context), None, "several values are unresolved");
        assert_eq!(filled("${unclosed", &context).as_deref(), Some("${unclosed"));
    }

    #[test]
    fn rule_23_without_the_2012_version_a_variable_is_plain_text() {
        let template = Template::new("${aws:username}", false);
        assert!(matches!(template.fill(&Context::new()), Filled::Fixed("${aws:username}", _)));
    }

    #[test]
    fn rule_26_a_wildcard_in_a_value_is_literal() {
        let mut context = Context::new();
        context.set("aws:username", "*");
        let Filled::Made(_, pattern) = Template::new("home/${aws:username}", true).fill(&context) else {
            panic!()
        };
        assert!(pattern.matches("home/*") && !pattern.matches("home/maria"));
    }
}
