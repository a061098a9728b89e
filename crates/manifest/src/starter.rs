//! The manifest that `glidepath init` writes: small, commented, and right as it stands.

use crate::format::{EMAIL_PATTERN, ORGANIZATION_NAME, REGION};
use crate::shape::Format;
use glidepath_model::AccountId;

/// What `glidepath init` asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The organization's name in lower case, `acme`.
    pub organization: String,
    /// The management account's id.
    pub management: AccountId,
    /// The home region.
    pub home: String,
    /// The pattern for e-mail addresses, `aws+{account}@example.com`.
    pub email: String,
}

impl Answers {
    /// What is wrong with an organization name, if anything: for asking again.
    #[must_use]
    pub fn organization_fault(text: &str) -> Option<String> {
        fault(text, &ORGANIZATION_NAME)
    }

    /// What is wrong with a home region, if anything.
    #[must_use]
    pub fn home_fault(text: &str) -> Option<String> {
        fault(text, &REGION)
    }

    /// What is wrong with an e-mail pattern, if anything.
    #[must_use]
    pub fn email_fault(text: &str) -> Option<String> {
        fault(text, &EMAIL_PATTERN)
    }
}

fn fault(text: &str, format: &Format) -> Option<String> {
    (format.check)(text).err().map(|fault| format!("{}; {}", fault.summary, fault.help))
}

/// The starter manifest.
#[must_use]
pub fn starter(answers: &Answers) -> String {
    let Answers { organization, management, home, email } = answers;
    format!(
        r#"# The landing zone of {organization}. `glidepath validate` checks this file, `glidepath plan` shows what it would change.
# Every key is explained in docs/reference/manifest.md.
glidepath: 1

organization:
  name: {organization}          # marks what is Glidepath's; do not change it later
  # id: o-…                     # write it here once the organization exists: it keeps runs out of the wrong one
  management: {{name: {organization}-root, id: "{management}"}}
  home: {home}
  regions: [{home}]             # the governed regions
  email: {email}                # for accounts that give no address of their own

# Who must be able to repair the organization whatever its policies say:
# roles:
#   breakGlass: [{{arn: "arn:aws:iam::*:role/break-glass"}}]

units:
  Security:
    accounts:
      log-archive:              # an account that does not exist yet is created, after you allowed it
      security:
  Infrastructure:
    accounts:
      network:
  Workloads:
    units:
      Prod:
      Dev:
  Sandbox:

policies:
  stay-in-organization:
    type: scp
    description: Member accounts cannot leave the organization
    document:
      Version: "2012-10-17"
      Statement:
        - Sid: StayInOrganization
          Effect: Deny
          Action: organizations:LeaveOrganization
          Resource: "*"
    on: [Security, Infrastructure, Workloads, Sandbox]

# Services that may work in every account, and the accounts that run them:
# trustedAccess:
#   guardduty.amazonaws.com:
# delegatedAdministrators:
#   guardduty.amazonaws.com: security
"#
    )
}
