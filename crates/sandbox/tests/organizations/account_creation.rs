//! Creating accounts.

use super::{MANAGEMENT, World, text};
use serde_json::{Value, json};

fn request(name: &str) -> Value {
    json!({"AccountName": name, "Email": format!("{name}@example.com")})
}

#[test]
fn a_creation_is_in_progress_first_and_the_account_appears_under_the_root() {
    let world = World::new();
    let status = world.ok("CreateAccount", request("shop"))["CreateAccountStatus"].clone();
    assert_eq!(status["State"], "IN_PROGRESS");
    assert_eq!(status.get("AccountId"), None);
    assert_eq!(world.list("ListAccounts", json!({}), "Accounts").len(), 1);
    world.wait(60);
    let described = world.ok("DescribeCreateAccountStatus", json!({"CreateAccountRequestId": status["Id"]}));
    assert_eq!(described["CreateAccountStatus"]["State"], "SUCCEEDED");
    let account = text(&described["CreateAccountStatus"]["AccountId"]);
    let parents = world.list("ListParents", json!({"ChildId": account}), "Parents");
    assert_eq!(parents[0]["Id"], world.root());
}

#[test]
fn a_created_account_lets_the_management_account_into_its_role() {
    let world = World::new();
    let shop = world.account("shop");
    let enter = |role: &str| {
        world
            .sandbox
            .call_json(
                MANAGEMENT,
                "sts",
                "AssumeRole",
                json!({"RoleArn": format!("arn:aws:iam::{shop}:role/{role}"), "RoleSessionName": "test"}),
            )
            .is_ok()
    };
    assert!(enter("OrganizationAccountAccessRole"));
    assert!(!enter("Other"));
}

#[test]
fn an_email_that_is_taken_fails_later_whatever_its_case() {
    let world = World::new();
    world.account("shop");
    let status = world.ok("CreateAccount", json!({"AccountName": "other", "Email": "SHOP@example.com"}));
    world.wait(60);
    let id = &status["CreateAccountStatus"]["Id"];
    let described = world.ok("DescribeCreateAccountStatus", json!({"CreateAccountRequestId": id}));
    assert_eq!(described["CreateAccountStatus"]["State"], "FAILED");
    assert_eq!(described["CreateAccountStatus"]["FailureReason"], "EMAIL_ALREADY_EXISTS");
    assert_eq!(world.list("ListAccounts", json!({}), "Accounts").len(), 2);
}

#[test]
fn no_more_than_five_creations_are_in_progress() {
    let world = World::new();
    for number in 0..5 {
        world.ok("CreateAccount", request(&format!("account-{number}")));
    }
    let limit = "ConstraintViolationException ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED";
    assert_eq!(world.refused("CreateAccount", request("sixth")), limit);
    let running =
        world.list("ListCreateAccountStatus", json!({"States": ["IN_PROGRESS"]}), "CreateAccountStatuses");
    assert_eq!(running.len(), 5);
    world.wait(60);
    world.ok("CreateAccount", request("sixth"));
    let done =
        world.list("ListCreateAccountStatus", json!({"States": ["SUCCEEDED"]}), "CreateAccountStatuses");
    assert_eq!(done.len(), 5);
}

#[test]
fn tags_come_with_the_account() {
    let world = World::new();
    let mut asked = request("shop");
    asked["Tags"] = json!([{"Key": "cost-center", "Value": "42"}]);
    let status = world.ok("CreateAccount", asked)["CreateAccountStatus"]["Id"].clone();
    world.wait(60);
    let described = world.ok("DescribeCreateAccountStatus", json!({"CreateAccountRequestId": status}));
    let account = &described["CreateAccountStatus"]["AccountId"];
    let tags = world.list("ListTagsForResource", json!({"ResourceId": account}), "Tags");
    assert_eq!(tags, [json!({"Key": "cost-center", "Value": "42"})]);
}

#[test]
fn what_a_creation_cannot_have_is_refused_at_once() {
    let world = World::new();
    let refused = |change: fn(&mut Value)| {
        let mut asked = request("shop");
        change(&mut asked);
        world.refused("CreateAccount", asked)
    };
    let invalid = |reason: &str| format!("InvalidInputException {reason}");
    assert_eq!(
        refused(|asked| asked["RoleName"] = json!("AWSServiceRoleForX")),
        invalid("INVALID_ROLE_NAME")
    );
    assert_eq!(refused(|asked| asked["Email"] = json!("a@b")), invalid("MIN_LENGTH_EXCEEDED"));
    assert_eq!(refused(|asked| asked["AccountName"] = json!("n".repeat(51))), invalid("MAX_LENGTH_EXCEEDED"));
    assert_eq!(refused(|asked| asked["AccountName"] = json!("Zürich")), invalid("INVALID_PATTERN"));
    let unknown = json!({"CreateAccountRequestId": "car-12345678"});
    assert_eq!(world.refused("DescribeCreateAccountStatus", unknown), "CreateAccountStatusNotFoundException");
    assert_eq!(
        world.refused("CreateGovCloudAccount", request("gov")),
        "ConstraintViolationException MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED"
    );
}
