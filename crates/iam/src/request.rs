//! A request: who asks for which action on what, and the context it comes with.

use crate::context::Context;
use std::fmt;

/// A request to AWS.
#[derive(Debug, Clone)]
pub struct Request {
    principal: Principal,
    /// The action, `service:Name`, as given.
    action: String,
    action_lower: String,
    resource: Resource,
    resource_account: Option<String>,
    context: Context,
}

/// What a request acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// This resource; `*` for actions that have none.
    Arn(String),
    /// Something, nobody knows what.
    Unknown,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Its ARN, or the service principal, or `*` for nobody in particular.
    pub arn: String,
    /// Its account, if it belongs to one.
    pub account: Option<String>,
    /// What it is.
    pub kind: PrincipalKind,
}

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// The root user of an account.
    Root,
    /// An IAM user.
    User,
    /// A role, or a session of one.
    Role,
    /// A role that belongs to an AWS service: no SCP or RCP reaches it.
    ServiceLinkedRole,
    /// A federated user session.
    FederatedUser,
    /// An AWS service, acting for itself.
    Service,
    /// Nobody: no credentials.
    Anonymous,
}

/// A request that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The action is not `service:Name`.
    #[error("`{0}` is no action: `service:Name` is wanted")]
    Action(String),
    /// The principal is neither an ARN of IAM or STS, nor a service, nor `*`.
    #[error("`{0}` is no principal: an ARN such as `arn:aws:iam::111122223333:role/deploy` is wanted")]
    Principal(String),
}

impl Principal {
    /// Reads a principal: an ARN of a user, role, role session, root user or federated user, a service
    /// principal (`cloudtrail.amazonaws.com`), or `*` for an anonymous caller.
    ///
    /// # Errors
    /// [`RequestError::Principal`] for anything else.
    pub fn parse(text: &str) -> Result<Self, RequestError> {
        let error = || RequestError::Principal(glidepath_model::text::printable(text).into_owned());
        if text == "*" || text == "anonymous" {
            return Ok(Self { arn: "*".to_owned(), account: None, kind: PrincipalKind::Anonymous });
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        if let ["arn", _, "iam" | "sts", _, account, name] = parts.as_slice() {
            if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(error());
            }
            let kind = match name.split_once('/') {
                None if *name == "root" => PrincipalKind::Root,
                Some(("user", _)) => PrincipalKind::User,
                Some(("role", rest)) if rest.starts_with("aws-service-role/") => {
                    PrincipalKind::ServiceLinkedRole
                }
                Some(("assumed-role", rest)) if rest.starts_with("AWSServiceRoleFor") => {
                    PrincipalKind::ServiceLinkedRole
                }
                Some(("role" | "assumed-role", _)) => PrincipalKind::Role,
                Some(("federated-user", _)) => PrincipalKind::FederatedUser,
                _ => return Err(error()),
            };
            return Ok(Self { arn: text.to_owned(), account: Some((*account).to_owned()), kind });
        }
        if text.contains('.') && (text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn")) {
            return Ok(Self { arn: text.to_owned(), account: None, kind: PrincipalKind::Service });
        }
        Err(error())
    }

    /// The role behind a role session: `aws:PrincipalArn` of its requests. The path of the role is not in
    /// the session's ARN, so a role with a path has to be told by the context.
    #[must_use]
    pub fn identity_arn(&self) -> String {
        let parts: Vec<&str> = self.arn.splitn(6, ':').collect();
        if let ["arn", partition, "sts", _, account, name] = parts.as_slice()
            && let Some(rest) = name.strip_prefix("assumed-role/")
        {
            let role = rest.rsplit_once('/').map_or(rest, |(role, _)| role);
            return format!("arn:{partition}:iam::{account}:role/{role}");
        }
        self.arn.clone()
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.arn)
    }
}

impl Request {
    /// A request. Keys that follow from the principal and the resource (`aws:PrincipalArn`,
    /// `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:PrincipalIsAWSService`, `aws:username`,
    /// `aws:ResourceAccount`) are filled in where the context does not say them.
    ///
    /// # Errors
    /// [`RequestError::Action`] where the action has no service.
    pub fn new(
        principal: Principal,
        action: &str,
        resource: Resource,
        resource_account: Option<String>,
        mut context: Context,
    ) -> Result<Self, RequestError> {
        let named =
            action.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
        if !named || action.contains(['*', '?']) {
            return Err(RequestError::Action(glidepath_model::text::printable(action).into_owned()));
        }
        describe(&principal, &mut context);
        if let Some(account) = &resource_account {
            context.set_default("aws:ResourceAccount", account.clone());
        }
        let action_lower = action.to_ascii_lowercase();
        Ok(Self { principal, action: action.to_owned(), action_lower, resource, resource_account, context })
    }

    /// Who asks.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The action as given.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The action in lower case.
    #[must_use]
    pub fn action_lower(&self) -> &str {
        &self.action_lower
    }

    /// What it acts on.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The account that owns the resource: as told, else the principal's own.
    #[must_use]
    pub fn resource_account(&self) -> Option<&str> {
        self.resource_account.as_deref().or(self.principal.account.as_deref())
    }

    /// Its context.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Whether the resource belongs to another account than the principal.
    #[must_use]
    pub fn is_cross_account(&self) -> bool {
        self.principal.account.as_deref() != self.resource_account()
    }
}

fn describe(principal: &Principal, context: &mut Context) {
    let kind = match principal.kind {
        PrincipalKind::Root => "Account",
        PrincipalKind::User => "User",
        PrincipalKind::Role | PrincipalKind::ServiceLinkedRole => "AssumedRole",
        PrincipalKind::FederatedUser => "FederatedUser",
        PrincipalKind::Service => {
            context.set_default("aws:PrincipalIsAWSService", "true");
            context.set_default("aws:PrincipalServiceName", principal.arn.clone());
            return;
        }
        PrincipalKind::Anonymous => {
            context.set_default("aws:PrincipalType", "Anonymous");
            return;
        }
    };
    context.set_default("aws:PrincipalType", kind);
    context.set_default("aws:PrincipalIsAWSService", "false");
    context.set_default("aws:PrincipalArn", principal.identity_arn());
    if let Some(account) = &principal.account {
        context.set_default("aws:PrincipalAccount", account.clone());
    }
    if principal.kind == PrincipalKind::User
        && let Some((_, name)) = principal.arn.rsplit_once('/')
    {
        context.set_default("aws:username", name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Lookup;

    #[test]
    fn principals_of_every_kind_are_read() {
        let kind = |text: &str| Principal::parse(text).map(|principal| principal.kind);
        assert_eq!(kind("arn:aws:iam::111122223333:root"), Ok(PrincipalKind::Root));
        assert_eq!(kind("arn:aws:iam::111122223333:user/eng/maria"), Ok(PrincipalKind::User));
        assert_eq!(kind("arn:aws:sts::111122223333:assumed-role/deploy/run-1"), Ok(PrincipalKind::Role));
        assert_eq!(
            kind(
                "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
            ),
            Ok(PrincipalKind::ServiceLinkedRole)
        );
        assert_eq!(kind("cloudtrail.amazonaws.com"), Ok(PrincipalKind::Service));
        assert!(kind("arn:aws:s3:::bucket").is_err() && kind("arn:aws:iam::1:root").is_err());
    }

    #[test]
    fn a_session_is_described_by_its_role() {
        let principal = Principal::parse("arn:aws:sts::111122223333:assumed-role/deploy/run-1").unwrap();
        let request =
            Request::new(principal, "s3:GetObject", Resource::Unknown, None, Context::new()).unwrap();
        let arn = ["arn:aws:iam::111122223333:role/deploy".to_owned()];
        assert_eq!(request.context().get("aws:principalarn"), Lookup::Values(&arn));
        assert!(!request.is_cross_account());
    }

    #[test]
    fn an_action_without_a_service_is_refused() {
        let principal = Principal::parse("*").unwrap();
        assert!(Request::new(principal, "GetObject", Resource::Unknown, None, Context::new()).is_err());
    }
}
