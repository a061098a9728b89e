//! The right organization, before anything else.

use crate::support::{FULL, Lab, UNITS, options, zone};
use glidepath_engine::{EngineError, check_organization};
use glidepath_sandbox::{ADMINISTRATOR_KEY, Founding, Sandbox};

fn refused(lab: &Lab, zone: &glidepath_plan::LandingZone) -> EngineError {
    let answer = lab.run(async |aws| check_organization(aws, zone).await);
    let error = answer.unwrap_err();
    assert!(error.is_refusal(), "{error}");
    assert!(error.help().is_some(), "{error}");
    error
}

#[test]
fn credentials_of_another_account_are_refused_after_one_call() {
    let mut lab = Lab::new();
    lab.caller = format!("{ADMINISTRATOR_KEY}999988887777");
    let error = refused(&lab, &zone(UNITS));
    assert!(error.to_string().contains("belong to account 999988887777"), "{error}");
    assert_eq!(lab.tape.calls().len(), 1);
}

#[test]
fn another_organization_is_refused_before_anything_is_read() {
    let mut zone = zone(UNITS);
    zone.organization_id = Some("o-zzzzzzzzzz".parse().unwrap());
    let lab = Lab::new();
    let error = refused(&lab, &zone);
    assert!(error.to_string().contains("`organization.id` is o-zzzzzzzzzz"), "{error}");
    assert_eq!(lab.tape.calls().len(), 2);
}

#[test]
fn a_member_account_is_told_which_account_manages_its_organization() {
    let lab = Lab::new();
    let full = lab.apply(&zone(FULL));
    let security = full.receipt.done.iter().find(|done| done.address.to_string() == "account/security");
    let id = security.unwrap().physical.clone().unwrap();
    let mut zone = zone(FULL);
    zone.management_id = id.parse().unwrap();
    let mut lab = lab;
    lab.caller = format!("{ADMINISTRATOR_KEY}{id}");
    let error = refused(&lab, &zone);
    assert!(error.help().unwrap().contains("111122223333"), "{error}");
}

#[test]
fn a_named_organization_that_is_not_there_is_refused_and_an_unnamed_one_is_made() {
    let mut options = options();
    options.world.founding = Founding::StandAlone;
    let lab = Lab::with(Sandbox::in_memory(options));
    let mut named = zone(UNITS);
    named.organization_id = Some("o-zzzzzzzzzz".parse().unwrap());
    refused(&lab, &named);

    let zone = zone(FULL);
    let standing = lab.run(async |aws| check_organization(aws, &zone).await).unwrap();
    assert_eq!(standing.organization, None);
    lab.apply(&zone).assert_complete();
    lab.assert_settled(&zone);
}
