//! The condition operators.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.

use std::fmt;

/// An operator with what stands before and behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`, if either.
    pub quantifier: Option<Quantifier>,
    /// The operator's name.
    pub comparison: Comparison,
    /// Whether `IfExists` stands behind it.
    pub if_exists: bool,
}

/// How the values of a multivalued key count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// Every value of the request must pass.
    ForAllValues,
    /// One value of the request must pass.
    ForAnyValue,
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// How two values are compared.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Comparison { $($(#[$doc])* $name),+ }

        impl Comparison {
            /// Every comparison.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name, as policies spell it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

comparisons! {
    /// The same text.
    StringEquals,
    /// Another text.
    StringNotEquals,
    /// The same text but for case.
    StringEqualsIgnoreCase,
    /// Another text, case aside.
    StringNotEqualsIgnoreCase,
    /// A text of this form; `*` and `?` are wildcards.
    StringLike,
    /// A text of another form.
    StringNotLike,
    /// The same number.
    NumericEquals,
    /// Another number.
    NumericNotEquals,
    /// A smaller number.
    NumericLessThan,
    /// A smaller number or the same.
    NumericLessThanEquals,
    /// A greater number.
    NumericGreaterThan,
    /// A greater number or the same.
    NumericGreaterThanEquals,
    /// The same time.
    DateEquals,
    /// Another time.
    DateNotEquals,
    /// An earlier time.
    DateLessThan,
    /// An earlier time or the same.
    DateLessThanEquals,
    /// A later time.
    DateGreaterThan,
    /// A later time or the same.
    DateGreaterThanEquals,
    /// `true` or `false`.
    Bool,
    /// The same bytes, in base64.
    BinaryEquals,
    /// An address within a range.
    IpAddress,
    /// An address outside a range.
    NotIpAddress,
    /// An ARN of this form, part by part.
    ArnEquals,
    /// The same as `ArnEquals`.
    ArnLike,
    /// An ARN of another form.
    ArnNotEquals,
    /// The same as `ArnNotEquals`.
    ArnNotLike,
    /// Whether the key is absent.
    Null,
}

impl Comparison {
    /// The comparison that this one is the contrary of, if it is one.
    #[must_use]
    pub fn negates(self) -> Option<Self> {
        match self {
            Self::StringNotEquals => Some(Self::StringEquals),
            Self::StringNotEqualsIgnoreCase => Some(Self::StringEqualsIgnoreCase),
            Self::StringNotLike => Some(Self::StringLike),
            Self::NumericNotEquals => Some(Self::NumericEquals),
            Self::DateNotEquals => Some(Self::DateEquals),
            Self::NotIpAddress => Some(Self::IpAddress),
            Self::ArnNotEquals => Some(Self::ArnEquals),
            Self::ArnNotLike => Some(Self::ArnLike),
            _ => None,
        }
    }

    /// Whether policy variables may stand in its values.
    #[must_use]
    pub fn takes_variables(self) -> bool {
        let positive = self.negates().unwrap_or(self);
        matches!(
            positive,
            Self::StringEquals
                | Self::StringEqualsIgnoreCase
                | Self::StringLike
                | Self::ArnEquals
                | Self::ArnLike
                | Self::Bool
        )
    }
}

impl Operator {
    /// Reads an operator as a policy spells it, case and all; none if there is no such operator.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (quantifier, rest) = if let Some(rest) = text.strip_prefix("ForAllValues:") {
            (Some(Quantifier::ForAllValues), rest)
        } else if let Some(rest) = text.strip_prefix("ForAnyValue:") {
            (Some(Quantifier::ForAnyValue), rest)
        } else {
            (None, text)
        };
        let (name, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |name| (name, true));
        let comparison = *Comparison::ALL.iter().find(|comparison| comparison.name() == name)?;
        if comparison == Comparison::Null && (if_exists || quantifier.is_some()) {
            return None;
        }
        Some(Self { quantifier, comparison, if_exists })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quantifier {
            Some(Quantifier::ForAllValues) => f.write_str("ForAllValues:")?,
            Some(Quantifier::ForAnyValue) => f.write_str("ForAnyValue:")?,
            None => {}
        }
        f.write_str(self.comparison.name())?;
        if self.if_exists { f.write_str("IfExists") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_comes_back_from_its_name() {
        for comparison in Comparison::ALL {
            for quantifier in [None, Some(Quantifier::ForAllValues), Some(Quantifier::ForAnyValue)] {
                for if_exists in [false, true] {
                    let operator = Operator { quantifier, comparison: *comparison, if_exists };
                    let legal = *comparison != Comparison::Null || (quantifier.is_none() && !if_exists);
                    assert_eq!(Operator::parse(&operator.to_string()), legal.then_some(operator));
                }
            }
        }
        assert_eq!(Operator::parse("StringMatches"), None);
    }
}
