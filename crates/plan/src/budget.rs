//! The budgets of accounts as stacks of the management account: one budget each, over what that account alone costs.
//!
//! They live where the bill is: a budget of the management account sees the costs of members whatever these do, and
//! nobody in a member can change it. AWS makes whom it tells, and when, part of what a budget is: to change that is to
//! make the budget anew. A new one comes before the old one goes, so that each name ends in a digest of all that cannot
//! be changed, and of its stack: neither a replacement nor a move to another stack meets its own name.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html>

use crate::blueprint::{Deployment, Newcomers};
use crate::change::Change;
use crate::deployment::{ParameterValue, Parameters};
use crate::kind::stack::StackSpec;
use crate::ownership::marked;
use crate::spec::{Desired, Spec};
use glidepath_manifest::Manifest;
use glidepath_manifest::manifest::Budget;
use glidepath_model::regions::{partition, region};
use glidepath_model::{Address, Digest, Tags};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The name of the stack; where one is not enough its number follows.
pub const STACK: &str = "account-budgets";
/// Budgets in one stack, each of which takes a parameter: a template has at most 200.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const BUDGETS_AT_MOST: usize = 200;
/// Bytes of a template that is sent in a request.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const BYTES_AT_MOST: usize = 51_200;
/// Characters of a digest in a name: 40 bits, since two names of one account must not be the same.
const DIGEST: usize = 10;

/// What the budgets of a manifest come to.
#[derive(Debug, Default)]
pub(crate) struct Budgets {
    pub(crate) desired: BTreeMap<Address, Desired>,
    pub(crate) deployments: BTreeMap<Address, Deployment>,
}

/// An account with its budget.
type Budgeted<'a> = (&'a str, &'a Budget);

/// The budgets of every account that stays.
pub(crate) fn budgets(manifest: &Manifest) -> Budgets {
    let accounts: Vec<Budgeted<'_>> = manifest
        .accounts
        .iter()
        .filter(|(_, account)| !account.close)
        .filter_map(|(name, account)| Some((name.as_str(), account.budget.as_ref()?)))
        .collect();
    let mut all = Budgets::default();
    let home = region(&manifest.organization.home.value);
    let Some(control) = home.and_then(|home| partition(&home.partition)) else { return all };
    for (stack, share) in divided(&accounts) {
        let Some((_, first)) = share.first() else { continue };
        let address = Address::Stack { name: stack.clone(), region: control.control_region.clone() };
        let spec = StackSpec {
            template: template(&stack, &share),
            parameters: parameters(&share),
            capabilities: BTreeSet::new(),
            termination_protection: true,
            trouble: None,
            stuck: BTreeSet::new(),
            replaces: BTreeSet::new(),
            after: BTreeSet::new(),
            tags: marked(&Tags::new(), &manifest.organization.name.value, &address),
        };
        let deployment = Deployment {
            blueprint: "account budgets".to_owned(),
            span: first.span,
            cost: vec!["None: AWS charges for budgets that act, and these only tell.".to_owned()],
            newcomers: Newcomers::Nobody,
        };
        all.desired.insert(address.clone(), Desired::Present(Spec::Stack(spec)));
        all.deployments.insert(address, deployment);
    }
    all
}

/// The stacks, as few as hold all budgets. Each account goes by the digest of its name: one that comes or goes moves no
/// other while the number of stacks stays, and a new stack takes its share from all.
fn divided<'a>(accounts: &[Budgeted<'a>]) -> Vec<(String, Vec<Budgeted<'a>>)> {
    for count in 1..=accounts.len() {
        let mut shares: BTreeMap<usize, Vec<Budgeted<'a>>> = BTreeMap::new();
        for account in accounts {
            shares.entry(place(account.0, count)).or_default().push(*account);
        }
        let named =
            |number: usize| if count == 1 { STACK.to_owned() } else { format!("{STACK}-{}", number + 1) };
        let parts: Vec<_> = shares.into_iter().map(|(number, share)| (named(number), share)).collect();
        let fits = |(stack, share): &(String, Vec<Budgeted<'_>>)| {
            share.len() <= BUDGETS_AT_MOST && template(stack, share).to_string().len() <= BYTES_AT_MOST
        };
        if parts.iter().all(fits) || count == accounts.len() {
            return parts;
        }
    }
    Vec::new()
}

fn place(account: &str, count: usize) -> usize {
    let score = |stack: &usize| Digest::of_bytes(format!("{account}\n{stack}").as_bytes());
    (0..count).max_by_key(score).unwrap_or_default()
}

fn digest(text: &str) -> String {
    Digest::of_bytes(text.as_bytes()).as_str().chars().take(DIGEST).collect()
}

/// The logical id of an account's budget: letters and digits, and no two accounts have the same.
fn logical_id(account: &str) -> String {
    let letters: String = account.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("Budget{letters}{}", digest(account))
}

fn parameter(account: &str) -> String {
    format!("Account{}", logical_id(account))
}

/// The ids of the accounts, which may not be known yet.
fn parameters(share: &[Budgeted<'_>]) -> Parameters {
    share
        .iter()
        .map(|(account, _)| (parameter(account), ParameterValue::AccountId((*account).to_owned())))
        .collect()
}

fn template(stack: &str, share: &[Budgeted<'_>]) -> Value {
    let parameters: Map<String, Value> = share
        .iter()
        .map(|(account, _)| (parameter(account), json!({"Type": "String", "AllowedPattern": "^[0-9]{12}$"})))
        .collect();
    let resources: Map<String, Value> = share
        .iter()
        .map(|(account, budget)| (logical_id(account), resource(stack, account, budget)))
        .collect();
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "What accounts may cost in a month, and who is told when it comes near.",
        "Parameters": parameters,
        "Resources": resources,
    })
}

fn resource(stack: &str, account: &str, budget: &Budget) -> Value {
    let mails = budget.notify.iter().map(|address| json!({"SubscriptionType": "EMAIL", "Address": address}));
    let topic = budget.topic.iter().map(|topic| json!({"SubscriptionType": "SNS", "Address": topic}));
    let subscribers: Vec<Value> = mails.chain(topic).collect();
    let notifications: Vec<Value> = budget
        .at
        .iter()
        .map(|percent| {
            json!({
                "Notification": {
                    "NotificationType": "ACTUAL",
                    "ComparisonOperator": "GREATER_THAN",
                    "Threshold": percent,
                    "ThresholdType": "PERCENTAGE",
                },
                "Subscribers": subscribers,
            })
        })
        .collect();
    json!({
        "Type": "AWS::Budgets::Budget",
        "Properties": {
            "Budget": {
                "BudgetName": name(stack, account, &notifications),
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                "BudgetLimit": {"Amount": budget.monthly, "Unit": budget.currency},
                "CostFilters": {"LinkedAccount": [{"Ref": parameter(account)}]},
            },
            "NotificationsWithSubscribers": notifications,
        },
    })
}

/// What the budget is called: the account's name, without the two characters that AWS does not take, and a digest of
/// what cannot be changed.
///
/// Source: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html>, `BudgetName`
fn name(stack: &str, account: &str, notifications: &[Value]) -> String {
    let fixed = digest(&json!([stack, account, notifications]).to_string());
    // "/action/" must not come about either.
    let plain = account.replace([':', '\\', '/', '<', '>'], "-");
    format!("{plain} {fixed}")
}

/// A note on a stack of budgets: those that are made anew, since whom they tell, or when, differs.
#[must_use]
pub(crate) fn notes(change: &Change) -> Vec<String> {
    let Address::Stack { name, .. } = &change.address else { return Vec::new() };
    let (Some(Spec::Stack(before)), Some(Spec::Stack(after))) =
        (change.action.before(), change.action.after())
    else {
        return Vec::new();
    };
    if !name.starts_with(STACK) {
        return Vec::new();
    }
    let named = |template: &Value, id: &str| {
        let budget = template.pointer(&format!("/Resources/{id}/Properties/Budget/BudgetName"));
        budget.and_then(Value::as_str).map(str::to_owned)
    };
    let resources = after.template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    let anew: Vec<String> = resources
        .filter_map(|(id, _)| Some((named(&before.template, id)?, named(&after.template, id)?)))
        .filter(|(old, new)| old != new)
        .map(|(_, new)| format!("`{}`", new.rsplit_once(' ').map_or(new.as_str(), |(account, _)| account)))
        .collect();
    if anew.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "AWS changes whom a budget tells, and when, only by making it anew: those of {}; a month that is over its \
         amount is told of once more",
        anew.join(", ")
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use glidepath_manifest::{FileId, Span};

    fn budget(number: usize) -> Budget {
        let notify = (0..number).map(|at| format!("somebody-with-a-long-name-{at}@example.com")).collect();
        Budget {
            span: Span { file: FileId(0), start: 0, end: 0 },
            monthly: 500,
            currency: "USD".to_owned(),
            notify,
            at: vec![50, 80, 100],
            topic: None,
        }
    }

    #[test]
    fn every_stack_fits_and_every_account_is_in_one() {
        let names: Vec<String> = (0..450).map(|at| format!("account-{at:03}")).collect();
        let budget = budget(10);
        let all: Vec<Budgeted<'_>> = names.iter().map(|name| (name.as_str(), &budget)).collect();
        let parts = divided(&all);
        assert!(parts.len() > 3);
        let mut seen = BTreeSet::new();
        for (stack, share) in &parts {
            assert!(template(stack, share).to_string().len() <= BYTES_AT_MOST);
            assert!(share.iter().all(|(name, _)| seen.insert(*name)));
        }
        assert_eq!(seen.len(), 450);
    }

    #[test]
    fn an_account_that_comes_moves_no_other_while_the_number_of_stacks_stays() {
        let names: Vec<String> = (0..300).map(|at| format!("account-{at:03}")).collect();
        let budget = budget(1);
        let all: Vec<Budgeted<'_>> = names.iter().map(|name| (name.as_str(), &budget)).collect();
        let placed = |count: usize| -> BTreeMap<String, String> {
            let parts = divided(all.get(..count).unwrap_or_default());
            parts
                .into_iter()
                .flat_map(|(stack, share)| {
                    share.into_iter().map(move |(name, _)| (name.to_owned(), stack.clone()))
                })
                .collect()
        };
        let (before, after) = (placed(299), placed(300));
        assert!(before.iter().all(|(name, stack)| after.get(name) == Some(stack)));
    }

    #[test]
    fn the_template_is_one_that_cloudformation_takes() {
        let (one, other) =
            (budget(2), Budget { topic: Some("arn:aws:sns:us-east-1:111122223333:x".into()), ..budget(1) });
        let text = template(STACK, &[("shop: prod/a", &one), ("lab", &other)]).to_string();
        let faults: Vec<String> =
            glidepath_template::read(&text).unwrap().check().iter().map(ToString::to_string).collect();
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn a_name_changes_with_whom_is_told_and_not_with_the_amount() {
        let (few, many) = (budget(1), budget(2));
        let of = |budget: &Budget| {
            resource(STACK, "shop", budget).pointer("/Properties/Budget/BudgetName").cloned()
        };
        assert_ne!(of(&few), of(&many));
        assert_eq!(of(&few), of(&Budget { monthly: 900, ..few.clone() }));
    }
}
