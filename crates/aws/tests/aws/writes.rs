//! Who may write, and what a write takes for done.

use crate::fake::{Answer, Log, options, permit, run};
use glidepath_aws::organizations::Writer;
use glidepath_aws::{AccessMode, Error, Options};
use glidepath_model::ids::RootId;
use glidepath_model::{NodeId, PolicyId, PolicyType, Tags};
use serde_json::json;

#[test]
fn a_run_that_only_reads_has_no_writer() {
    let log = Log::default();
    let options =
        Options { access: AccessMode::ReadOnly, ..options(&log, |_, _, _| Answer::Json(json!({}))) };
    let error = run(options, async |aws| Writer::new(aws.session(), permit()).unwrap_err());
    assert!(matches!(error, Error::WriteRefused { .. }), "{error}");
    assert_eq!(log.all(), []);
}

#[test]
fn what_is_so_already_counts_as_done() {
    let codes = |operation: &str| match operation {
        "AttachPolicy" => "DuplicatePolicyAttachmentException",
        "DetachPolicy" => "PolicyNotAttachedException",
        "DeletePolicy" => "PolicyNotFoundException",
        "MoveAccount" => "DuplicateAccountException",
        "CloseAccount" => "AccountAlreadyClosedException",
        "EnablePolicyType" => "PolicyTypeAlreadyEnabledException",
        "DisablePolicyType" => "PolicyTypeNotEnabledException",
        "DeleteOrganizationalUnit" => "OrganizationalUnitNotFoundException",
        "RegisterDelegatedAdministrator" => "AccountAlreadyRegisteredException",
        "DeregisterDelegatedAdministrator" => "AccountNotRegisteredException",
        "DeleteResourcePolicy" => "ResourcePolicyNotFoundException",
        other => panic!("{other}"),
    };
    let log = Log::default();
    let options = options(&log, move |operation, _, _| Answer::Error(400, codes(operation), json!({})));
    run(options, async |aws| {
        let writer = Writer::new(aws.session(), permit()).unwrap();
        let (policy, root) = (PolicyId::parse("p-11112222").unwrap(), RootId::parse("r-ab12").unwrap());
        let (account, at) = ("444455556666".parse().unwrap(), NodeId::Root(root.clone()));
        writer.attach_policy(&policy, &at).await.unwrap();
        writer.detach_policy(&policy, &at).await.unwrap();
        writer.delete_policy(&policy).await.unwrap();
        writer.move_account(&account, &at, &at).await.unwrap();
        let slot = writer.closing_slot().await.unwrap();
        writer.close_account(&slot, &account).await.unwrap();
        writer.enable_policy_type(&root, PolicyType::Scp).await.unwrap();
        writer.disable_policy_type(&root, PolicyType::Scp).await.unwrap();
        writer.delete_unit(&"ou-ab12-11112222".parse().unwrap()).await.unwrap();
        writer.register_delegated_administrator(&account, "guardduty.amazonaws.com").await.unwrap();
        writer.deregister_delegated_administrator(&account, "guardduty.amazonaws.com").await.unwrap();
        writer.delete_resource_policy().await.unwrap();
    });
    assert_eq!(log.all().len(), 11);
}

#[test]
fn a_creation_says_that_something_of_that_name_is_there() {
    let options = options(&Log::default(), |_, _, _| {
        Answer::Error(400, "DuplicateOrganizationalUnitException", json!({}))
    });
    let error = run(options, async |aws| {
        let writer = Writer::new(aws.session(), permit()).unwrap();
        writer.create_unit(&NodeId::parse("r-ab12").unwrap(), "Prod", &Tags::new()).await.unwrap_err()
    });
    assert!(error.is_already_there() && !error.is_not_found(), "{error}");
}

#[test]
fn tags_are_sent_inside_the_create_call() {
    let log = Log::default();
    let unit = json!({"OrganizationalUnit": {"Id": "ou-ab12-11112222", "Arn": "arn:aws:x", "Name": "Prod"}});
    let options = options(&log, move |_, _, _| Answer::Json(unit.clone()));
    run(options, async |aws| {
        let writer = Writer::new(aws.session(), permit()).unwrap();
        let tags = Tags::from([("glidepath:managed-by".into(), "acme".into())]);
        writer.create_unit(&NodeId::parse("r-ab12").unwrap(), "Prod", &tags).await.unwrap();
    });
    let tags = json!([{"Key": "glidepath:managed-by", "Value": "acme"}]);
    assert_eq!(log.all()[0].body, json!({"ParentId": "r-ab12", "Name": "Prod", "Tags": tags}));
}

#[test]
fn no_tags_are_no_call() {
    let log = Log::default();
    run(options(&log, |_, _, _| Answer::Reset), async |aws| {
        let writer = Writer::new(aws.session(), permit()).unwrap();
        writer.tag("r-ab12", &Tags::new()).await.unwrap();
        writer.untag("r-ab12", &[]).await.unwrap();
    });
    assert_eq!(log.all(), []);
}
