//! A guardrail: what a file of the catalogue says.

use crate::argument::Argument;
use crate::case::Case;
use crate::config_rule::RuleTemplate;
use crate::control::ControlTemplate;
use crate::fault::Place;
use crate::guard::GuardTemplate;
use crate::parameter::Parameter;
use crate::yaml::Node;
use glidepath_model::PolicyType;
use std::collections::BTreeMap;
use std::fmt;

/// The frameworks that guardrails are mapped to, with their titles.
pub const FRAMEWORKS: &[(&str, &str)] = &[
    ("cis-1.4", "CIS AWS Foundations Benchmark 1.4"),
    ("cis-3.0", "CIS AWS Foundations Benchmark 3.0"),
    ("cis-5.0", "CIS AWS Foundations Benchmark 5.0"),
    ("cis-6.0", "CIS AWS Foundations Benchmark 6.0"),
    ("cis-7.0", "CIS AWS Foundations Benchmark 7.0"),
    ("nist-800-53-r5", "NIST SP 800-53 revision 5"),
    ("owasp-2021", "OWASP Top 10:2021"),
    ("owasp-2025", "OWASP Top 10:2025"),
    ("pci-4.0", "PCI DSS 4.0"),
];

/// A guardrail.
#[derive(Debug, Clone)]
pub struct Guardrail {
    /// The file it was read from, as it was named to the reader.
    pub file: String,
    /// Its id, also the file's name.
    pub id: String,
    /// What it brings about, in a few words.
    pub title: String,
    /// The area of the landing zone it belongs to.
    pub area: Area,
    /// The AWS service it is about, as people name it.
    pub service: String,
    /// How bad it is to be without it.
    pub severity: Severity,
    /// How it works: by preventing, detecting or checking beforehand.
    pub behaviour: Behaviour,
    /// By what it works.
    pub mechanism: Mechanism,
    /// Why it exists.
    pub rationale: String,
    /// Its parameters, in the order of the file.
    pub parameters: Vec<Parameter>,
    /// Requirements it supports, by framework.
    pub frameworks: BTreeMap<String, Vec<String>>,
    /// Which public checks the mappings come from.
    pub evidence: Vec<String>,
    /// How an account is spared.
    pub exceptions: Exceptions,
    /// What surprises people.
    pub gotchas: Vec<String>,
    /// Where it differs from what is commonly published, and why.
    pub notes: Vec<String>,
    /// AWS's pages that it rests on.
    pub sources: Vec<String>,
    /// Its own cases.
    pub cases: Vec<Case>,
    pub(crate) body: Body,
}

impl Guardrail {
    /// Where what it works by stands in its file.
    #[must_use]
    pub fn body_place(&self) -> Place {
        match &self.body {
            Body::Policy { template, .. } => template.place,
            Body::Rules(rules) => rules.first().map(|rule| rule.node.place).unwrap_or_default(),
            Body::Controls(controls) => {
                controls.first().map(|control| control.node.place).unwrap_or_default()
            }
            Body::Guard(guard) => guard.node.place,
        }
    }

    /// The arguments it is tried with: none, unless a parameter has no value by itself, and those of each of
    /// its cases.
    #[must_use]
    pub fn argument_sets(&self) -> Vec<BTreeMap<String, Argument>> {
        let complete = |one: &Parameter| one.default.is_some() || one.supplied.is_some() || one.optional;
        let mut sets = Vec::new();
        if self.parameters.iter().all(complete) {
            sets.push(BTreeMap::new());
        }
        for case in &self.cases {
            if !sets.contains(&case.arguments) {
                sets.push(case.arguments.clone());
            }
        }
        sets
    }

    /// The parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

/// What a guardrail works by, as its file has it.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// An organization policy.
    Policy {
        /// Its type.
        ty: PolicyType,
        /// The policy with placeholders.
        template: Node,
    },
    /// Config rules.
    Rules(Vec<RuleTemplate>),
    /// Security Hub controls.
    Controls(Vec<ControlTemplate>),
    /// CloudFormation Guard rules.
    Guard(GuardTemplate),
}

/// How an account is spared from a guardrail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exceptions {
    /// By a condition in every statement: on the principal's account for an SCP, on the resource's for an RCP.
    Condition,
    /// By a policy attached to the account that undoes what it inherits.
    Child(Box<ChildPolicy>),
    /// By leaving it out of the accounts that the guardrail is deployed to.
    Excluded,
    /// Not at all, for this reason.
    Refused(String),
}

/// A policy that undoes what an account inherits, as a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildPolicy(pub(crate) Node);

/// One of the fifteen areas of the landing zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area(u8);

impl Area {
    /// The area of that number, 1 to 15.
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (1..=15).contains(&number).then_some(Self(number))
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one of that word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// How bad it is to be without a guardrail, mildest first.
    Severity {
        /// Untidy.
        Low "low",
        /// A weakness that needs others to matter.
        Medium "medium",
        /// A way in, or a way to lose something.
        High "high",
        /// The landing zone itself can be taken or blinded.
        Critical "critical",
    }
}

words! {
    /// When a guardrail acts.
    Behaviour {
        /// Before: it makes the act impossible.
        Preventive "preventive",
        /// After: it finds what was done.
        Detective "detective",
        /// On the way: it checks templates before they are deployed.
        Proactive "proactive",
    }
}

words! {
    /// By what a guardrail works.
    Mechanism {
        /// A service control policy.
        Scp "scp",
        /// A resource control policy.
        Rcp "rcp",
        /// A declarative policy for EC2.
        DeclarativeEc2 "declarative-ec2",
        /// A tag policy.
        Tag "tag-policy",
        /// A backup policy.
        Backup "backup-policy",
        /// An AI services opt-out policy.
        AiOptOut "ai-opt-out",
        /// An S3 policy.
        S3 "s3-policy",
        /// A GuardDuty policy.
        GuardDuty "guardduty-policy",
        /// An Inspector policy.
        Inspector "inspector-policy",
        /// A Security Hub policy.
        SecurityHub "securityhub-policy",
        /// AWS Config's managed rules.
        ConfigRule "config-rule",
        /// Security Hub controls, for what AWS checks by no Config rule.
        SecurityHubControl "securityhub-control",
        /// CloudFormation Guard rules.
        CfnGuard "cfn-guard",
    }
}

impl Mechanism {
    /// The behaviour that comes with it.
    #[must_use]
    pub fn behaviour(self) -> Behaviour {
        match self {
            Self::ConfigRule | Self::SecurityHubControl => Behaviour::Detective,
            Self::CfnGuard => Behaviour::Proactive,
            Self::Scp
            | Self::Rcp
            | Self::DeclarativeEc2
            | Self::Tag
            | Self::Backup
            | Self::AiOptOut
            | Self::S3
            | Self::GuardDuty
            | Self::Inspector
            | Self::SecurityHub => Behaviour::Preventive,
        }
    }

    /// The type of organization policy that carries it; none where it is no policy.
    #[must_use]
    pub fn policy_type(self) -> Option<PolicyType> {
        match self {
            Self::Scp => Some(PolicyType::Scp),
            Self::Rcp => Some(PolicyType::Rcp),
            Self::DeclarativeEc2 => Some(PolicyType::Ec2),
            Self::Tag => Some(PolicyType::Tag),
            Self::Backup => Some(PolicyType::Backup),
            Self::AiOptOut => Some(PolicyType::AiOptOut),
            Self::S3 => Some(PolicyType::S3),
            Self::GuardDuty => Some(PolicyType::GuardDuty),
            Self::Inspector => Some(PolicyType::Inspector),
            Self::SecurityHub => Some(PolicyType::SecurityHub),
            Self::ConfigRule | Self::SecurityHubControl | Self::CfnGuard => None,
        }
    }

    /// The key under which a file of this mechanism says what it works by.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ConfigRule => "rules",
            Self::SecurityHubControl => "controls",
            Self::CfnGuard => "guard",
            Self::Scp
            | Self::Rcp
            | Self::DeclarativeEc2
            | Self::Tag
            | Self::Backup
            | Self::AiOptOut
            | Self::S3
            | Self::GuardDuty
            | Self::Inspector
            | Self::SecurityHub => "policy",
        }
    }
}
