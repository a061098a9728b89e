//! Listings, and what is read from their members.

use crate::fake::{Answer, Log, options, run};
use glidepath_aws::Error;
use glidepath_aws::organizations::{AccountListing, Reader};
use glidepath_aws::tagging::{self, Bulk};
use glidepath_model::organization::AccountState;
use serde_json::{Value, json};

fn account(id: &str, members: Value) -> Value {
    let mut account = json!({
        "Id": id,
        "Arn": format!("arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/{id}"),
        "Name": format!("account {id}"),
        "Email": format!("{id}@example.com"),
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": 1_798_761_600.5,
    });
    account.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    account
}

#[test]
fn an_empty_page_with_a_token_is_not_the_end() {
    let log = Log::default();
    let unit = |name: &str| json!({"Id": format!("ou-ab12-{name}0000000"), "Arn": "arn:aws:x", "Name": name});
    let options = options(&log, move |_, body, _| {
        Answer::Json(match body["NextToken"].as_str() {
            None => json!({"OrganizationalUnits": [unit("a")], "NextToken": "1"}),
            Some("1") => json!({"OrganizationalUnits": [], "NextToken": "2"}),
            Some("2") => json!({"NextToken": "3"}),
            Some(_) => json!({"OrganizationalUnits": [unit("b")]}),
        })
    });
    let parent = "r-ab12".to_owned().try_into().unwrap();
    let units =
        run(options, async |aws| Reader::new(aws.session()).list_units_for_parent(&parent).await.unwrap());
    let names: Vec<String> = units.into_iter().map(|unit| unit.name).collect();
    assert_eq!(names, ["a", "b"]);
    let requests = log.all();
    assert_eq!(requests.len(), 4);
    assert_eq!(requests[0].body, json!({"ParentId": "r-ab12", "MaxResults": 20}));
}

#[test]
fn a_token_that_comes_twice_ends_the_listing_with_an_error() {
    let log = Log::default();
    let options = options(&log, |_, _, _| Answer::Json(json!({"Roots": [], "NextToken": "same"})));
    let error = run(options, async |aws| Reader::new(aws.session()).list_roots().await.unwrap_err());
    assert!(matches!(error, Error::Malformed { .. }), "{error}");
    assert_eq!(log.all().len(), 2);
}

#[test]
fn accounts_are_placed_by_their_paths_and_judged_by_their_state() {
    let log = Log::default();
    let options = options(&log, |_, _, _| {
        let below = |id: &str| json!([format!("o-a1b2c3d4e5/r-ab12/ou-ab12-11112222/{id}/")]);
        Answer::Json(json!({"Accounts": [
            account("111122223333", json!({"State": "ACTIVE", "Paths": ["o-a1b2c3d4e5/r-ab12/111122223333/"]})),
            account("444455556666", json!({"State": "CLOSED", "Status": "SUSPENDED", "Paths": below("444455556666")})),
            account("777788889999", json!({"Status": "PENDING_CLOSURE", "Paths": below("777788889999")})),
        ]}))
    });
    let listing = run(options, async |aws| Reader::new(aws.session()).list_accounts().await.unwrap());
    let AccountListing::Placed(accounts) = listing else { panic!("{listing:?}") };
    let told: Vec<_> = accounts.iter().map(|account| (account.parent.as_str(), account.state)).collect();
    assert_eq!(
        told,
        [
            ("r-ab12", AccountState::Active),
            ("ou-ab12-11112222", AccountState::Closed),
            ("ou-ab12-11112222", AccountState::PendingClosure),
        ]
    );
    assert_eq!(accounts[0].joined.unwrap().to_string(), "2027-01-01T00:00:00.5Z");
}

#[test]
fn accounts_without_paths_are_noticed_on_the_first_page() {
    let log = Log::default();
    let options = options(&log, |_, _, _| {
        Answer::Json(
            json!({"Accounts": [account("111122223333", json!({"Status": "ACTIVE"}))], "NextToken": "1"}),
        )
    });
    let listing = run(options, async |aws| Reader::new(aws.session()).list_accounts().await.unwrap());
    assert_eq!((listing, log.all().len()), (AccountListing::WithoutPaths, 1));
}

#[test]
fn no_organization_is_an_answer_and_not_an_error() {
    let options = options(&Log::default(), |_, _, _| {
        Answer::Error(400, "AWSOrganizationsNotInUseException", json!({}))
    });
    let found = run(options, async |aws| Reader::new(aws.session()).describe_organization().await);
    assert_eq!(found, Ok(None));
}

#[test]
fn a_missing_member_is_named() {
    let options = options(&Log::default(), |_, _, _| {
        Answer::Json(json!({"Roots": [{"Id": "r-ab12", "Name": "Root"}]}))
    });
    let error = run(options, async |aws| Reader::new(aws.session()).list_roots().await.unwrap_err());
    assert_eq!(error.to_string(), "the answer to `organizations:ListRoots` cannot be used: `Arn` is missing");
}

#[test]
fn a_policy_type_of_tomorrow_is_left_out_of_the_root() {
    let options = options(&Log::default(), |_, _, _| {
        let types = json!([{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}, {"Type": "TOMORROW_POLICY", "Status": "ENABLED"}]);
        Answer::Json(
            json!({"Roots": [{"Id": "r-ab12", "Arn": "arn:aws:x", "Name": "Root", "PolicyTypes": types}]}),
        )
    });
    let roots = run(options, async |aws| Reader::new(aws.session()).list_roots().await.unwrap());
    assert_eq!(roots[0].policy_types.len(), 1);
}

#[test]
fn tags_come_in_bulk_or_the_tagging_api_is_silent() {
    let bulk = |answer: fn(&Value) -> Answer| {
        let options = options(&Log::default(), move |_, body, _| answer(body));
        run(options, async |aws| {
            tagging::Reader::new(aws.session()).tags(&["organizations:account"]).await.unwrap()
        })
    };
    let told = bulk(|body| match body["PaginationToken"].as_str() {
        None => Answer::Json(json!({"ResourceTagMappingList": [], "PaginationToken": "1"})),
        Some(_) => Answer::Json(json!({"PaginationToken": "", "ResourceTagMappingList": [
            {"ResourceARN": "arn:aws:a", "Tags": [{"Key": "team", "Value": "shop"}]}
        ]})),
    });
    let Bulk::Tags(tags) = told else { panic!("{told:?}") };
    assert_eq!(tags["arn:aws:a"]["team"], "shop");
    assert_eq!(bulk(|_| Answer::Json(json!({"ResourceTagMappingList": []}))), Bulk::Silent);
    assert_eq!(bulk(|_| Answer::Error(400, "InvalidParameterException", json!({}))), Bulk::Silent);
}
