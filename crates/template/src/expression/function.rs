//! The functions of CloudFormation, with their arguments.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>.

use super::Expression;
use super::sub::{Piece, Variable};
use crate::fault::Path;

/// A function and what it is given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Function {
    Ref(String),
    GetAtt {
        resource: String,
        attribute: Expression,
    },
    Sub {
        pieces: Vec<Piece>,
        /// The second argument, in the order written.
        variables: Vec<(String, Expression)>,
    },
    Join {
        delimiter: String,
        items: Expression,
    },
    Select {
        index: Expression,
        items: Expression,
    },
    Split {
        delimiter: String,
        text: Expression,
    },
    If {
        condition: String,
        then: Expression,
        otherwise: Expression,
    },
    FindInMap {
        map: Expression,
        first: Expression,
        second: Expression,
        /// `DefaultValue`, of the language extensions.
        default: Option<Expression>,
    },
    Base64(Expression),
    Cidr {
        block: Expression,
        count: Expression,
        bits: Expression,
    },
    GetAzs(Expression),
    ImportValue(Expression),
    /// A macro by its name; only CloudFormation can run it.
    Transform(String),
    Length(Expression),
    ToJsonString(Expression),
}

/// Something that a function names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Referred<'e> {
    /// A parameter, pseudo parameter or resource.
    Name(&'e str),
    /// An attribute of a resource; `None` where a function gives its name.
    Attribute(&'e str, Option<&'e str>),
    /// A condition.
    Condition(&'e str),
    /// A place in a mapping; `None` where a function gives a key.
    Mapping(&'e str, Option<&'e str>, Option<&'e str>),
    /// A function that may not stand where others may: its name.
    Limited(&'static str),
}

impl Function {
    /// Its key in the long form.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Ref(_) => "Ref",
            Self::GetAtt { .. } => "Fn::GetAtt",
            Self::Sub { .. } => "Fn::Sub",
            Self::Join { .. } => "Fn::Join",
            Self::Select { .. } => "Fn::Select",
            Self::Split { .. } => "Fn::Split",
            Self::If { .. } => "Fn::If",
            Self::FindInMap { .. } => "Fn::FindInMap",
            Self::Base64(_) => "Fn::Base64",
            Self::Cidr { .. } => "Fn::Cidr",
            Self::GetAzs(_) => "Fn::GetAZs",
            Self::ImportValue(_) => "Fn::ImportValue",
            Self::Transform(_) => "Fn::Transform",
            Self::Length(_) => "Fn::Length",
            Self::ToJsonString(_) => "Fn::ToJsonString",
        }
    }

    /// The expressions that it is given.
    pub(crate) fn arguments(&self) -> Vec<&Expression> {
        match self {
            Self::Ref(_) | Self::Transform(_) => Vec::new(),
            Self::Sub { variables, .. } => variables.iter().map(|(_, expression)| expression).collect(),
            Self::Select { index, items } => vec![index, items],
            Self::If { then, otherwise, .. } => vec![then, otherwise],
            Self::FindInMap { map, first, second, default } => {
                [map, first, second].into_iter().chain(default).collect()
            }
            Self::Cidr { block, count, bits } => vec![block, count, bits],
            Self::GetAtt { attribute: one, .. }
            | Self::Join { items: one, .. }
            | Self::Split { text: one, .. }
            | Self::Base64(one)
            | Self::GetAzs(one)
            | Self::ImportValue(one)
            | Self::Length(one)
            | Self::ToJsonString(one) => vec![one],
        }
    }

    pub(super) fn visit<'e>(&'e self, path: &Path<'_>, see: &mut dyn FnMut(&Path<'_>, Referred<'e>)) {
        let path = &path.key(self.key());
        match self {
            Self::Ref(name) => see(path, Referred::Name(name)),
            Self::GetAtt { resource, attribute } => {
                see(path, Referred::Attribute(resource, attribute.as_text()));
                attribute.visit(&path.item(1), see);
            }
            Self::Sub { pieces, variables } => visit_sub(pieces, variables, path, see),
            Self::Join { items, .. } => items.visit(&path.item(1), see),
            Self::Select { index, items } => {
                index.visit(&path.item(0), see);
                items.visit(&path.item(1), see);
            }
            Self::Split { text, .. } => text.visit(&path.item(1), see),
            Self::If { condition, then, otherwise } => {
                see(path, Referred::Condition(condition));
                then.visit(&path.item(1), see);
                otherwise.visit(&path.item(2), see);
            }
            Self::FindInMap { map, first, second, default } => {
                if let Some(name) = map.as_text() {
                    see(path, Referred::Mapping(name, first.as_text(), second.as_text()));
                }
                let parts = [Some(map), Some(first), Some(second), default.as_ref()];
                for (at, part) in parts.into_iter().enumerate() {
                    if let Some(part) = part {
                        part.visit(&path.item(at), see);
                    }
                }
            }
            Self::Cidr { block, count, bits } => {
                for (at, part) in [block, count, bits].into_iter().enumerate() {
                    part.visit(&path.item(at), see);
                }
            }
            Self::GetAzs(inner) | Self::ImportValue(inner) => {
                see(path, Referred::Limited(self.key()));
                inner.visit(path, see);
            }
            Self::Base64(inner) | Self::Length(inner) | Self::ToJsonString(inner) => inner.visit(path, see),
            Self::Transform(_) => see(path, Referred::Limited(self.key())),
        }
    }
}

fn visit_sub<'e>(
    pieces: &'e [Piece],
    variables: &'e [(String, Expression)],
    path: &Path<'_>,
    see: &mut dyn FnMut(&Path<'_>, Referred<'e>),
) {
    for piece in pieces {
        match piece {
            Piece::Text(_) | Piece::Variable(Variable::Given(_)) => {}
            Piece::Variable(Variable::Name(name)) => see(path, Referred::Name(name)),
            Piece::Variable(Variable::Attribute { resource, attribute }) => {
                see(path, Referred::Attribute(resource, Some(attribute)));
            }
        }
    }
    for (name, expression) in variables {
        expression.visit(&path.item(1).key(name), see);
    }
}
