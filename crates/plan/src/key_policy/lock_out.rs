//! Whether a key's policy lets the role by which its account is entered change it again.
//!
//! A key whose policy nobody can change is lost: AWS itself has to be asked to get it back.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>

use glidepath_iam::context::Context;
use glidepath_iam::decision::Outcome;
use glidepath_iam::document::{self, Document, Effect, Scope, Statement};
use glidepath_iam::evaluate::Layers;
use glidepath_iam::request::{Principal, Request, Resource};
use glidepath_iam::statement::Policy;
use serde_json::Value;

/// What a repairer has to be able to do.
const REPAIR: [&str; 2] = ["kms:GetKeyPolicy", "kms:PutKeyPolicy"];

/// Whether a role of an account surely may read and change the policy of a key of that account, as far as this policy
/// decides. A document that is no policy lets nobody.
#[must_use]
pub fn can_be_repaired(policy: &Value, role_arn: &str, account: &str) -> bool {
    let Ok(document) = document::parse(&policy.to_string()) else { return false };
    let layers = Layers {
        identity: vec![everything()],
        resource: Some(Policy::new("key policy", &document)),
        ..Layers::default()
    };
    REPAIR.iter().all(|action| {
        let Ok(principal) = Principal::parse(role_arn) else { return false };
        let mut context = Context::new();
        context.set("kms:CallerAccount", account);
        for statement in layers.resource.iter().flat_map(Policy::statements) {
            for key in statement.keys().filter(|key| !SETTLED.contains(key)) {
                // Nobody knows what the request will carry, so a statement that hangs on it may deny.
                context.set_unknown(key);
            }
        }
        let resource = Resource::Unknown;
        Request::new(principal, action, resource, Some(account.to_owned()), context)
            .is_ok_and(|request| layers.outcome(&request) == Outcome::Allowed)
    })
}

/// Keys that follow from who asks and where.
const SETTLED: [&str; 6] = [
    "kms:calleraccount",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principaltype",
    "aws:principalisawsservice",
    "aws:resourceaccount",
];

fn everything() -> Policy {
    let all = || Scope::Only(vec!["*".to_owned()]);
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: all(),
        resources: Some(all()),
        conditions: Vec::new(),
    };
    Policy::new("everything", &Document { version: None, id: None, statements: vec![statement] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ROLE: &str = "arn:aws:iam::444455556666:role/OrganizationAccountAccessRole";

    fn repairable(statements: &Value) -> bool {
        can_be_repaired(&json!({"Version": "2012-10-17", "Statement": statements}), ROLE, "444455556666")
    }

    fn allow(principal: &str, action: &str) -> Value {
        json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"})
    }

    #[test]
    fn the_account_or_the_role_has_to_be_let_in() {
        assert!(repairable(&json!([allow("arn:aws:iam::444455556666:root", "kms:*")])));
        assert!(repairable(&json!([allow(ROLE, "kms:*")])));
        assert!(!repairable(&json!([allow("arn:aws:iam::111122223333:root", "kms:*")])));
        assert!(!repairable(&json!([allow(ROLE, "kms:Decrypt")])));
        assert!(!can_be_repaired(&json!("no policy"), ROLE, "444455556666"));
    }

    #[test]
    fn a_deny_that_may_hold_locks_out() {
        let root = allow("arn:aws:iam::444455556666:root", "kms:*");
        let mut deny = allow("*", "kms:PutKeyPolicy");
        deny["Effect"] = json!("Deny");
        deny["Condition"] = json!({"ArnNotEquals": {"aws:PrincipalArn": ROLE}});
        assert!(repairable(&json!([root, deny])), "all but this role");
        deny["Condition"] = json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}});
        assert!(!repairable(&json!([root, deny])), "nobody knows");
    }
}
