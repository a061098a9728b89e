//! What a signed-in user reaches.

use super::{World, text};
use serde_json::json;

#[test]
fn a_user_reaches_what_it_and_its_groups_are_assigned_and_nothing_else() {
    let world = World::new();
    let (account, other) = (world.account("one"), world.account("two"));
    let (group, set, user) = (world.group("platform"), world.set("Reader"), world.user("alice"));
    world.user("bob");
    world.join(&group, &user);
    world.assign(&set, &account, &group);
    let token = world.sandbox.sign_in("alice").unwrap();
    let listed = world.call("sso", "ListAccounts", json!({"accessToken": token}));
    assert_eq!(listed["accountList"][0]["accountId"], json!(account));
    assert_eq!(listed["accountList"][0]["accountName"], "one");
    let nobodys = world.sandbox.sign_in("bob").unwrap();
    assert_eq!(world.call("sso", "ListAccounts", json!({"accessToken": nobodys}))["accountList"], json!([]));
    let wanted = |account: &str, token: &str| json!({"accessToken": token, "accountId": account, "roleName": "Reader"});
    assert_eq!(world.refused("sso", "GetRoleCredentials", wanted(&other, &token)), "ForbiddenException");
    assert_eq!(world.refused("sso", "GetRoleCredentials", wanted(&account, &nobodys)), "ForbiddenException");
    assert_eq!(world.refused("sso", "GetRoleCredentials", wanted(&account, "x")), "UnauthorizedException");
    let given = world.call("sso", "GetRoleCredentials", wanted(&account, &token));
    assert!(text(&given["roleCredentials"]["accessKeyId"]).starts_with("ASIA"), "{given}");
    let hour = world.now().as_millisecond() + 3_600_000;
    assert_eq!(given["roleCredentials"]["expiration"], json!(hour));
    world.unassign(&set, &account, &group);
    assert_eq!(world.refused("sso", "GetRoleCredentials", wanted(&account, &token)), "ForbiddenException");
}

#[test]
fn only_users_of_the_directory_sign_in() {
    let world = World::new();
    let error = world.sandbox.sign_in("nobody").unwrap_err();
    assert!(error.to_string().contains("no user `nobody`"), "{error}");
    world.sandbox.remove_identity_center().unwrap();
    assert_eq!(
        world.sandbox.sign_in("nobody").unwrap_err().to_string(),
        "Identity Center is not enabled in this world"
    );
}
