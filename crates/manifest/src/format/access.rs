//! Roles, principals and the context they come with.

use crate::code::{BAD_PRINCIPAL, BAD_ROLE, BAD_TEXT};
use crate::shape::{Fault, Format};
use glidepath_model::{AccountId, regions};

/// The name of the role by which Glidepath enters a member account.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>, `RoleName`.
pub(crate) static ROLE_NAME: Format = Format {
    noun: "a role name",
    form: "1 to 64 letters, digits or `+ = , . @ _ -`, not an ARN",
    pattern: Some("^[A-Za-z0-9+=,.@_-]{1,64}$"),
    words: None,
    check: |text| {
        if !role_name(text) {
            let help = "write the name alone, such as `OrganizationAccountAccessRole`: the account is known";
            return Err(Fault::new(BAD_ROLE, format!("`{text}` is not a role name"), help));
        }
        if text.starts_with("AWSServiceRoleFor") {
            let summary = format!("`{text}` is a service-linked role, which nobody can assume");
            return Err(Fault::new(
                BAD_ROLE,
                summary,
                "name the role that the management account may assume",
            ));
        }
        Ok(())
    },
};

/// A role that Glidepath runs as.
pub(crate) static ROLE_ARN: Format = Format {
    noun: "a role ARN",
    form: "`arn:aws:iam::111122223333:role/path/name`",
    pattern: Some("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$"),
    words: None,
    check: |text| match iam_resource(text, Owner::OneAccount) {
        Some(resource) if resource.strip_prefix("role/").is_some_and(path_and_name) => Ok(()),
        _ => Err(Fault::new(
            BAD_ROLE,
            format!("`{text}` is not the ARN of a role"),
            "copy it from the role's page; wildcards are not allowed",
        )),
    },
};

/// A principal that must be able to repair the organization.
pub(crate) static BREAK_GLASS_ARN: Format = Format {
    noun: "a principal ARN",
    form: "the ARN of a role, a user or an account's `root`; the account part may be `*`",
    pattern: Some("^arn:[a-z-]+:iam::([0-9]{12}|\\*):(root|(role|user)/.+)$"),
    words: None,
    check: |text| {
        let fits = |resource: &str| {
            let named = resource.strip_prefix("role/").or_else(|| resource.strip_prefix("user/"));
            resource == "root" || named.is_some_and(path_and_name)
        };
        if iam_resource(text, Owner::AnyAccount).is_some_and(fits) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_ROLE,
            format!("`{text}` is not the ARN of a role, a user or an account's root user"),
            "only the account part may be `*`: a wildcard in the name would let anyone make such a role",
        ))
    },
};

/// A role of each account, or of one.
pub(crate) static ROLE_PATTERN: Format = Format {
    noun: "a role ARN",
    form: "the ARN of a role; the account part may be `*`",
    pattern: Some("^arn:[a-z-]+:iam::([0-9]{12}|\\*):role/.+$"),
    words: None,
    check: |text| {
        let fits = |resource: &str| resource.strip_prefix("role/").is_some_and(path_and_name);
        if iam_resource(text, Owner::AnyAccount).is_some_and(fits) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_ROLE,
            format!("`{text}` is not the ARN of a role"),
            "only the account part may be `*`: a wildcard in the name would let anyone make such a role",
        ))
    },
};

/// A condition key, as IAM policies write it.
pub(crate) static CONTEXT_KEY: Format = Format {
    noun: "a condition key",
    form: "`aws:MultiFactorAuthPresent` and the like",
    pattern: Some("^[A-Za-z0-9-]+:.+$"),
    words: None,
    check: |text| match text.split_once(':') {
        Some((service, key))
            if !service.is_empty()
                && !key.is_empty()
                && service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !key.chars().any(char::is_control) =>
        {
            Ok(())
        }
        _ => Err(Fault::new(
            BAD_TEXT,
            format!("`{text}` is not a condition key"),
            "write it as policies do, `aws:MultiFactorAuthPresent`",
        )),
    },
};

/// A service principal.
///
/// Source: the AWS Organizations API model, member `ServicePrincipal`.
pub(crate) static PRINCIPAL: Format = Format {
    noun: "a service principal",
    form: "`guardduty.amazonaws.com`",
    pattern: Some("^[A-Za-z0-9_+=,.@-]{1,128}$"),
    words: None,
    check: |text| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if (1..=128).contains(&text.len()) && text.contains('.') && text.bytes().all(fits) {
            return Ok(());
        }
        Err(Fault::new(
            BAD_PRINCIPAL,
            format!("`{text}` is not a service principal"),
            "write it as `guardduty.amazonaws.com`",
        ))
    },
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    OneAccount,
    AnyAccount,
}

/// The resource part of an IAM ARN of a partition that is known.
fn iam_resource(text: &str, owner: Owner) -> Option<&str> {
    let mut parts = text.splitn(6, ':');
    let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let owned = AccountId::parse(account).is_ok() || (owner == Owner::AnyAccount && account == "*");
    let fits =
        arn == "arn" && regions::partition(partition).is_some() && service == "iam" && region.is_empty();
    (fits && owned).then_some(resource)
}

fn role_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte))
}

/// Whether this is `name` or `path/name`, without wildcards.
fn path_and_name(text: &str) -> bool {
    let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
    role_name(name) && path.bytes().all(|byte| (b'!'..=b'~').contains(&byte) && byte != b'*' && byte != b'?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_glass_principal_may_stand_in_any_account_but_have_no_wildcard_in_its_name() {
        let fits = |text: &str| (BREAK_GLASS_ARN.check)(text).is_ok();
        assert!(fits("arn:aws:iam::*:role/break-glass"));
        assert!(fits("arn:aws:iam::111122223333:user/ops/anna"));
        assert!(fits("arn:aws:iam::111122223333:root"));
        assert!(!fits("arn:aws:iam::*:role/break-*"));
        assert!(!fits("arn:aws:iam::1111:role/break-glass"));
        assert!(!fits("arn:aws:sts::111122223333:assumed-role/a/b"));
    }
}
