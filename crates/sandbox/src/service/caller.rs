//! Who makes a call.

use glidepath_model::AccountId;

/// Who makes a call: an account and a principal in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The principal.
    pub principal: Principal,
}

/// A principal of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// The administrator that every account has here; its long-lived key has a fixed form.
    Administrator,
    /// Nobody: the request is not signed, and says by a token of its own who makes it.
    Anonymous,
    /// A session of an IAM role.
    Session {
        /// The role's name, without its path.
        role: String,
        /// The session's name.
        session: String,
    },
}

impl Caller {
    /// The administrator of an account.
    #[must_use]
    pub fn administrator(account: AccountId) -> Self {
        Self { account, principal: Principal::Administrator }
    }

    /// Nobody that a signature names, in the account that owns what is asked.
    #[must_use]
    pub fn anonymous(account: AccountId) -> Self {
        Self { account, principal: Principal::Anonymous }
    }

    /// The ARN that `GetCallerIdentity` and AWS's error messages show.
    #[must_use]
    pub fn arn(&self) -> String {
        match &self.principal {
            Principal::Administrator => format!("arn:aws:iam::{}:user/sandbox-administrator", self.account),
            Principal::Anonymous => "anonymous".to_owned(),
            Principal::Session { role, session } => {
                format!("arn:aws:sts::{}:assumed-role/{role}/{session}", self.account)
            }
        }
    }
}
