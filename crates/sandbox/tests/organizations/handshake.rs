//! Handshakes and responsibility transfers, of which there are none.

use super::{DENIED, World};
use serde_json::json;

#[test]
fn listings_are_empty() {
    let world = World::new();
    assert!(world.list("ListHandshakesForAccount", json!({}), "Handshakes").is_empty());
    assert!(world.list("ListHandshakesForOrganization", json!({}), "Handshakes").is_empty());
    for operation in ["ListInboundResponsibilityTransfers", "ListOutboundResponsibilityTransfers"] {
        assert!(world.list(operation, json!({"Type": "BILLING"}), "ResponsibilityTransfers").is_empty());
    }
}

#[test]
fn a_handshake_or_transfer_asked_for_is_not_found() {
    let world = World::new();
    for operation in ["AcceptHandshake", "CancelHandshake", "DeclineHandshake", "DescribeHandshake"] {
        let request = json!({"HandshakeId": "h-12345678"});
        assert_eq!(world.refused(operation, request), "HandshakeNotFoundException", "{operation}");
    }
    let missing = "ResponsibilityTransferNotFoundException";
    let transfer = json!({"Id": "rt-12345678"});
    for operation in ["DescribeResponsibilityTransfer", "TerminateResponsibilityTransfer"] {
        assert_eq!(world.refused(operation, transfer.clone()), missing, "{operation}");
    }
    let rename = json!({"Id": "rt-12345678", "Name": "other"});
    assert_eq!(world.refused("UpdateResponsibilityTransfer", rename), missing);
    let named = json!({"Type": "BILLING", "Id": "rt-12345678"});
    assert_eq!(world.refused("ListInboundResponsibilityTransfers", named), missing);
}

#[test]
fn invitations_are_refused_for_want_of_a_verified_email() {
    let world = World::new();
    let target = json!({"Id": "other@example.com", "Type": "EMAIL"});
    assert_eq!(
        world.refused("InviteAccountToOrganization", json!({"Target": target})),
        "AccountOwnerNotVerifiedException"
    );
    let transfer =
        json!({"Type": "BILLING", "Target": target, "StartTimestamp": 1_800_000_000, "SourceName": "acme"});
    assert_eq!(
        world.refused("InviteOrganizationToTransferResponsibility", transfer),
        "HandshakeConstraintViolationException MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED"
    );
}

#[test]
fn a_member_sees_its_own_handshakes_but_not_the_organizations() {
    let world = World::new();
    let shop = world.account("shop");
    assert!(world.try_as(&shop, "ListHandshakesForAccount", json!({})).is_ok());
    assert_eq!(world.refused_as(&shop, "ListHandshakesForOrganization", json!({})), DENIED);
}
