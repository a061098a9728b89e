//! Kinds of values that a parameter takes, each with the form it must have.

use crate::exempt;
use glidepath_model::{AccountId, NodeId, OrganizationId};

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A text of the characters that the parameter names.
    Text,
    /// A whole number.
    Integer,
    /// True or false.
    Flag,
    /// A Region, `eu-west-1`.
    Region,
    /// An account id of twelve digits.
    Account,
    /// An organization id, `o-…`.
    Organization,
    /// An action pattern with its service, `s3:Get*`.
    Action,
    /// An ARN, wildcards allowed.
    Arn,
    /// A pattern of role ARNs that is narrow enough to spare principals by.
    Role,
    /// The id of a root, a unit or an account; a manifest names them by its own words too.
    Target,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Text,
        Self::Integer,
        Self::Flag,
        Self::Region,
        Self::Account,
        Self::Organization,
        Self::Action,
        Self::Arn,
        Self::Role,
        Self::Target,
    ];

    /// The word for it in a guardrail file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Flag => "flag",
            Self::Region => "region",
            Self::Account => "account",
            Self::Organization => "organization",
            Self::Action => "action",
            Self::Arn => "arn",
            Self::Role => "role",
            Self::Target => "target",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// Whether its values are texts.
    #[must_use]
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Integer | Self::Flag)
    }

    /// What is wanted instead, if a text is not of this kind.
    pub(crate) fn judge(self, text: &str) -> Result<(), &'static str> {
        let (holds, wanted) = match self {
            Self::Text => (!text.is_empty(), "a text that is not empty"),
            Self::Integer => (false, "a whole number"),
            Self::Flag => (false, "true or false"),
            Self::Region => (is_region(text), "a Region such as `eu-west-1`"),
            Self::Account => (AccountId::parse(text).is_ok(), "an account id of twelve digits, in quotes"),
            Self::Organization => {
                (OrganizationId::parse(text).is_ok(), "an organization id such as `o-a1b2c3d4e5`")
            }
            Self::Action => (is_action(text), "an action with its service, such as `s3:Get*`"),
            Self::Arn => (is_arn(text), "an ARN such as `arn:*:s3:::name/*`"),
            Self::Target => (
                NodeId::parse(text).is_ok(),
                "the id of a root, a unit or an account, such as `ou-ab12-cd34ef56`",
            ),
            Self::Role => {
                (exempt::judge(text).is_ok(), "a role ARN such as `arn:*:iam::*:role/network`, not wider")
            }
        };
        if holds { Ok(()) } else { Err(wanted) }
    }
}

fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lower = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.as_slice() {
        [words @ .., number] => {
            words.len() >= 2
                && words.iter().all(lower)
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        [] => false,
    }
}

fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !service.is_empty()
            && !name.is_empty()
            && service.bytes().all(plain)
            && name.bytes().all(|byte| plain(byte) || byte == b'*' || byte == b'?')
    })
}

fn is_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts.as_slice() else { return false };
    let wild = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-*?".contains(&byte));
    *arn == "arn"
        && !partition.is_empty()
        && wild(partition)
        && !service.is_empty()
        && service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && wild(region)
        && wild(account)
        && !resource.is_empty()
        && !resource.contains("${")
        && resource.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_knows_its_form() {
        let good = [
            (Kind::Region, "us-gov-west-1"),
            (Kind::Account, "111122223333"),
            (Kind::Organization, "o-a1b2c3d4e5"),
            (Kind::Action, "ec2:Describe*"),
            (Kind::Arn, "arn:*:s3:::logs-*/x"),
            (Kind::Role, "arn:*:iam::*:role/network"),
            (Kind::Target, "ou-ab12-cd34ef56"),
            (Kind::Target, "r-ab12"),
        ];
        for (kind, text) in good {
            assert_eq!(kind.judge(text), Ok(()), "{text}");
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        let bad = [
            (Kind::Text, ""),
            (Kind::Region, "eu"),
            (Kind::Region, "eu-west-*"),
            (Kind::Account, "12"),
            (Kind::Action, "*"),
            (Kind::Action, "*:Get"),
            (Kind::Arn, "arn:*:s3:::a ${x}"),
            (Kind::Arn, "*"),
            (Kind::Target, "Workloads"),
            (Kind::Role, "arn:*:iam::*:role/*"),
        ];
        for (kind, text) in bad {
            assert!(kind.judge(text).is_err(), "{text}");
        }
    }
}
