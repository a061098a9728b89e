//! The text of `Fn::Sub`: what stands in it as it is, and what is filled in.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>.

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// It stands as it is; `${!x}` is the text `${x}`.
    Text(String),
    /// It is filled in.
    Variable(Variable),
}

/// What fills a part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Variable {
    /// An entry of the function's own map.
    Given(String),
    /// A parameter, pseudo parameter or resource, as `Ref` gives it.
    Name(String),
    /// An attribute, as `Fn::GetAtt` gives it.
    Attribute {
        /// The resource.
        resource: String,
        /// All that follows its first dot.
        attribute: String,
    },
}

/// Cuts a text into pieces; `None` where a variable's name is none.
///
/// `is_given` says which names the function's own map has.
pub(super) fn pieces(text: &str, is_given: impl Fn(&str) -> bool) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        plain.push_str(before);
        let (name, after) = behind.split_once('}')?;
        rest = after;
        if let Some(literal) = name.strip_prefix('!') {
            plain.push_str("${");
            plain.push_str(literal);
            plain.push('}');
            continue;
        }
        let variable = variable(name, &is_given)?;
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Variable(variable));
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Some(pieces)
}

fn variable(name: &str, is_given: impl Fn(&str) -> bool) -> Option<Variable> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ':');
    if name.is_empty() || !name.chars().all(is_part) {
        return None;
    }
    if is_given(name) {
        return Some(Variable::Given(name.to_owned()));
    }
    match name.split_once('.') {
        None => Some(Variable::Name(name.to_owned())),
        Some((resource, attribute)) if !resource.is_empty() && !attribute.is_empty() => {
            Some(Variable::Attribute { resource: resource.to_owned(), attribute: attribute.to_owned() })
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_variables() {
        let shown = format!("{:?}", pieces("a${B}$${C.D.E}${!F}$G${AWS::Region}${H}", |name| name == "H"));
        assert_eq!(
            shown,
            "Some([Text(\"a\"), Variable(Name(\"B\")), Text(\"$\"), \
             Variable(Attribute { resource: \"C\", attribute: \"D.E\" }), Text(\"${F}$G\"), \
             Variable(Name(\"AWS::Region\")), Variable(Given(\"H\"))])"
        );
        for text in ["${}", "${A", "${A B}", "${A-B}", "${.A}", "${A.}"] {
            assert_eq!(pieces(text, |_| false), None, "{text}");
        }
    }
}
