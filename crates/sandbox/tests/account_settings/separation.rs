//! What one account sets, no other has.

use super::{HERE, MANAGEMENT, World};
use serde_json::json;

#[test]
fn settings_belong_to_their_account() {
    let world = World::new();
    let member = world.member("one");
    world.call(&member, "iam", "CreateAccountAlias", json!({"AccountAlias": "acme-one"}));
    world.call(&member, "iam", "UpdateAccountPasswordPolicy", json!({"MinimumPasswordLength": 14}));
    let block = json!({"BlockPublicAcls": true});
    let request = json!({"AccountId": member, "PublicAccessBlockConfiguration": block});
    assert_eq!(
        world.refused(MANAGEMENT, "s3control", "PutPublicAccessBlock", request.clone()),
        "AccessDenied"
    );
    world.call(&member, "s3control", "PutPublicAccessBlock", request);
    world.call(&member, "ec2", "EnableEbsEncryptionByDefault", json!({}));

    let aliases = world.call(MANAGEMENT, "iam", "ListAccountAliases", json!({}));
    assert_eq!(aliases["AccountAliases"], json!([]));
    assert_eq!(
        world.refused(MANAGEMENT, "iam", "GetAccountPasswordPolicy", json!({})),
        "NoSuchEntityException"
    );
    let asked = json!({"AccountId": MANAGEMENT});
    assert_eq!(
        world.refused(MANAGEMENT, "s3control", "GetPublicAccessBlock", asked),
        "NoSuchPublicAccessBlockConfiguration"
    );
    for (region, caller, encrypted) in
        [(HERE, member.as_str(), true), ("us-east-1", &member, false), (HERE, MANAGEMENT, false)]
    {
        let told = world.attempt_in(region, caller, ("ec2", "GetEbsEncryptionByDefault"), json!({})).unwrap();
        assert_eq!(told["EbsEncryptionByDefault"], json!(encrypted), "{caller} in {region}");
    }
}

#[test]
fn an_account_has_one_alias_and_no_two_accounts_the_same() {
    let world = World::new();
    let member = world.member("one");
    let alias = |name: &str| json!({"AccountAlias": name});
    world.call(&member, "iam", "CreateAccountAlias", alias("acme"));
    assert_eq!(
        world.refused(MANAGEMENT, "iam", "CreateAccountAlias", alias("acme")),
        "EntityAlreadyExistsException"
    );
    world.call(&member, "iam", "CreateAccountAlias", alias("acme-one"));
    world.call(MANAGEMENT, "iam", "CreateAccountAlias", alias("acme"));
    assert_eq!(world.refused(&member, "iam", "DeleteAccountAlias", alias("acme")), "NoSuchEntityException");
    assert_eq!(world.refused(&member, "iam", "CreateAccountAlias", alias("a--b")), "ValidationError");
}
