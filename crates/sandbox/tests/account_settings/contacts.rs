//! Contacts, and who may write them.

use super::{MANAGEMENT, World};
use serde_json::{Value, json};

fn contact(account: Option<&str>) -> Value {
    let mut request = json!({"AlternateContactType": "SECURITY", "Name": "Security Team", "Title": "CISO",
        "EmailAddress": "security@example.com", "PhoneNumber": "+1 555 0100"});
    if let Some(account) = account {
        request["AccountId"] = json!(account);
    }
    request
}

#[test]
fn the_management_account_writes_for_members_with_trusted_access_and_for_itself_without_naming_itself() {
    let world = World::new();
    let member = world.member("one");
    let denied = "AccessDeniedException";
    let put = |caller: &str, request| world.attempt(caller, "account", "PutAlternateContact", request);
    put(MANAGEMENT, contact(None)).unwrap();
    assert_eq!(put(MANAGEMENT, contact(Some(&member))).unwrap_err(), denied);
    world.trust("account.amazonaws.com");
    put(MANAGEMENT, contact(Some(&member))).unwrap();
    assert_eq!(put(MANAGEMENT, contact(Some(MANAGEMENT))).unwrap_err(), denied);
    assert_eq!(put(MANAGEMENT, contact(Some("999999999999"))).unwrap_err(), denied);
    assert_eq!(put(&member, contact(Some(&member))).unwrap_err(), denied);
    let told =
        world.call(&member, "account", "GetAlternateContact", json!({"AlternateContactType": "SECURITY"}));
    assert_eq!(told["AlternateContact"]["EmailAddress"], "security@example.com");
}

#[test]
fn every_account_has_contact_information_and_contacts_are_apart() {
    let world = World::new();
    let member = world.member("one");
    let told = world.call(&member, "account", "GetContactInformation", json!({}));
    assert_eq!(told["ContactInformation"]["FullName"], "one");
    world.call(MANAGEMENT, "account", "PutAlternateContact", contact(None));
    let asked = json!({"AlternateContactType": "SECURITY"});
    assert_eq!(world.refused(&member, "account", "GetAlternateContact", asked), "ResourceNotFoundException");
}
