//! The stable names of findings, and what each means. `docs/reference/lint.md` is made from this table.

use std::fmt;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// AWS refuses the document.
    Error,
    /// AWS takes the document, and it probably does not do what is meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal $severity:ident $about:literal: $meaning:literal;)+) => {
        /// What is found. A name keeps its meaning for ever.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// Every code, in the order of the reference page.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its stable name: `unknown-action`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// How much its findings matter.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }

            /// The documents it is looked for in.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about),+ }
            }

            /// What it means, why it matters and what to do, as Markdown.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning),+ }
            }
        }
    };
}

codes! {
    /// A service prefix that is not known.
    UnknownService = "unknown-service" Warning "all":
        "No AWS service has this prefix, so the pattern matches no request. Check the spelling; a service that is newer than our data is meant as it stands.";
    /// An action that its service does not have.
    UnknownAction = "unknown-action" Warning "all":
        "The service has no action of this name, so nothing is allowed or denied by it. Often the API operation has another name than the action: `s3:ListObjects` is `s3:ListBucket`.";
    /// A pattern with wildcards that no known action matches.
    MatchesNoAction = "matches-no-action" Warning "all":
        "A pattern with wildcards that matches none of the actions its service has. It takes room and does nothing.";
    /// A condition key that nobody knows.
    UnknownKey = "unknown-key" Warning "all":
        "No service and no request has a condition key of this name. A key that is never there makes a plain condition never hold, and a negated one always.";
    /// A service's condition key that no action of the statement supports.
    UnsupportedKey = "unsupported-key" Warning "all":
        "The key exists, but none of the statement's actions carries it. The condition decides nothing: it never holds, or always, by its operator.";
    /// A key with several values under an operator for one.
    MultivaluedKey = "multivalued-key" Warning "all":
        "The key can hold several values at once, and AWS does not document what an operator without `ForAllValues:` or `ForAnyValue:` does then. Write which of the two is meant.";
    /// A value that its operator cannot compare.
    BadValue = "bad-value" Warning "all":
        "The operator reads its values as numbers, times, addresses, ARNs or `true` and `false`, and this one is none. It matches nothing, so that a negated condition always holds.";
    /// The ARN of a session where the role's is compared.
    SessionArn = "session-arn" Warning "all":
        "`aws:PrincipalArn` of a role session is the ARN of the *role*, `arn:aws:iam::…:role/…`. A pattern for `assumed-role` never matches.";
    /// Principals picked by a role name that is only a wildcard.
    AnyRole = "any-role" Warning "all":
        "The pattern names every role (or user) of the accounts it reaches: whoever may create a role passes. Name roles by a path or prefix, and guard that name.";
    /// A statement whose parts contradict each other.
    NeverMatches = "never-matches" Warning "all":
        "No request can satisfy the statement: its conditions contradict each other, or its exclusions leave nothing. It takes room and protects nothing.";
    /// A statement that another one makes superfluous.
    Shadowed = "shadowed" Warning "all":
        "Every request the statement matches is matched by another statement with the same effect. It can go, or one of the two does not say what is meant.";
    /// A statement that stands twice.
    Duplicate = "duplicate" Warning "all":
        "The same statement stands in the document before, its `Sid` aside.";
    /// An Allow that the same document takes back.
    AllowsNothing = "allows-nothing" Warning "all":
        "The document's own Deny statements deny everything that the statement allows. A Deny always wins, so the Allow has no effect.";
    /// Variables in a document whose version has none.
    PlainVariable = "plain-variable" Warning "all":
        "`${…}` is a variable only in a document with `\"Version\": \"2012-10-17\"`. Without it these very characters are compared, and nothing matches.";
    /// A condition that holds where its key is absent.
    AbsentKey = "absent-key" Note "all":
        "Not every request carries the key, and the condition also holds where it is absent. If that is meant, say so by `…IfExists`; if not, add `Null` with `\"false\"` for the key.";
    /// A version of the policy language that the kind of policy does not take.
    WrongVersion = "wrong-version" Error "scp, rcp":
        "Organizations takes only `\"Version\": \"2012-10-17\"`, and RCPs have to say it.";
    /// A `Sid` with characters that are not allowed.
    BadSid = "bad-sid" Error "scp, rcp, identity":
        "A `Sid` is made of ASCII letters and digits.";
    /// A `Sid` that stands twice.
    RepeatedSid = "repeated-sid" Error "all":
        "Two statements of one document have the same `Sid`.";
    /// A principal element where none is allowed.
    PrincipalElement = "principal-element" Error "scp, identity":
        "SCPs and identity policies are about whoever they are attached to; they have no `Principal` or `NotPrincipal`. Use a condition on `aws:PrincipalArn`.";
    /// No principal element where one is needed.
    MissingPrincipal = "missing-principal" Error "rcp, resource":
        "An RCP and a policy on a resource say whom they are about.";
    /// No resource element where one is needed.
    MissingResource = "missing-resource" Error "scp, rcp, identity":
        "A statement has `Resource` or `NotResource`; `\"*\"` is every resource.";
    /// An Allow in an RCP.
    RcpAllows = "rcp-allows" Error "rcp":
        "RCPs of one's own only deny. What is allowed comes from `RCPFullAWSAccess`, which is always attached.";
    /// Another principal than everyone in an RCP.
    RcpPrincipal = "rcp-principal" Error "rcp":
        "The principal of an RCP is `\"*\"` and nothing else. Spare principals by a condition.";
    /// `NotAction` in an RCP.
    RcpNotAction = "rcp-not-action" Error "rcp":
        "RCPs have no `NotAction`.";
    /// An action of a service that RCPs do not reach.
    RcpService = "rcp-service" Error "rcp":
        "RCPs reach only some services, and every action names its service: neither `*` alone nor a wildcard in the prefix is allowed.";
    /// An Allow in an SCP that names resources.
    ScpAllowResource = "scp-allow-resource" Warning "scp":
        "Since September 2025 an Allow of an SCP may name resources, but AWS's syntax page still says that only `\"*\"` may. Test it in a sandbox account first.";
    /// More characters than AWS takes.
    TooLarge = "too-large" Error "scp, rcp":
        "The document has more characters than AWS takes, also without white space.";
    /// More characters than AWS takes, as it stands.
    LargeAsWritten = "large-as-written" Note "scp, rcp":
        "White space counts when a document is sent by API. Glidepath sends documents without it, and then this one fits; other tools may not.";
    /// A level of SCPs without an Allow.
    MissingAllow = "missing-allow" Warning "a level's SCPs":
        "Where no attached SCP allows, everything is denied to all accounts below. Attach `FullAWSAccess`, or an SCP with an Allow.";
}

impl Code {
    /// The code of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The reference page of all findings, as Markdown.
#[must_use]
pub fn page() -> String {
    let date = crate::actions::collected();
    let mut text = format!(
        "<!-- Generated from the table in crates/iam/src/lint/code.rs; `UPDATE_DOCS=1 cargo test -p glidepath-iam` rewrites it. -->\n\n\
         # Findings of the linter\n\n\
         `glidepath lint` reads policy documents and says what AWS would refuse (*error*), what probably does not do what is \
         meant (*warning*), and what is worth knowing (*note*). `glidepath validate` does the same for the SCPs and RCPs of a \
         manifest. Only errors fail. A name keeps its meaning for ever.\n\n\
         A text that is no policy document at all is the error `not-a-policy`. Services, actions and condition keys are data of \
         {date}; AWS adds some every week, so that an unknown name is a warning and no error.\n\n\
         | finding | severity | looked for in |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let name = code.name();
        text.push_str(&format!("| [`{name}`](#{name}) | {} | {} |\n", code.severity().word(), code.about()));
    }
    for code in Code::ALL {
        text.push_str(&format!("\n## {}\n\n{}\n", code.name(), code.meaning()));
    }
    text
}
